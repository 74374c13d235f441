"""The nouns of Witnessmark: frozen, typed, without input or output."""
