"""What a language is to the extract stage.

Laws:
1. A language is data (its rule folder) and a few pure functions; nothing else in
   the stage knows which language it reads.
2. A text in a language without rules is not read, and the reading says so.
3. Folding for a match never changes a text's length: offsets stay the text's own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from witnessmark.core.claim import Value
    from witnessmark.core.span import Span

NumberHook: TypeAlias = Callable[[Mapping[str, str], str], "Value | None"]
"""Reads the named groups of a match and its sentence; None where no number is stated."""


@dataclass(frozen=True, slots=True)
class Language:
    """One language that can be read.

    Attributes:
        code: ``en``, ``ko``, ``zh``.
        folder: its rule folder (``extract/en``).
        split: cuts one folded block of text into sentences, offsets inside the block.
        fold: maps a text to the form in which rules are matched, code point by code point.
        numbers: number hooks by name, for the ``number`` key of a rule.
        spaced: whether words stand between spaces and are quoted whole.
    """

    code: str
    folder: str
    split: Callable[[str], list[Span]]
    fold: Callable[[str], str]
    numbers: Mapping[str, NumberHook]
    spaced: bool = True
