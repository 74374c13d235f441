"""The verbs, in the order in which evidence passes."""
