"""What the tagger knows of single words and names before it reads: classes, lists, tokens.

Laws:
1. A token is a stretch of the sentence; a possessive ending is a token of its own.
2. A list is a hint. That a name stands in one decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

import regex

from witnessmark.stages.extract.rulefile import language_data
from witnessmark.store.rulebook import load_rules, rule_bytes

TAGGER_SCHEMA = "witnessmark/extract-tagger/1"
NAMES_SCHEMA = "witnessmark/extract-names/1"
PRODUCTS_SCHEMA = "witnessmark/products/1"
