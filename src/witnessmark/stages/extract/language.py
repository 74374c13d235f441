"""What a language is to the extract stage, and how a text's language is found.

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

import regex

if TYPE_CHECKING:
    from witnessmark.core.claim import Value
    from witnessmark.core.span import Span

NumberHook: TypeAlias = Callable[[Mapping[str, str], str], "Value | None"]
"""Reads the named groups of a match and its sentence; None where no number is stated."""


@dataclass(frozen=True, slots=True)
class Language:
    """One language that can be read.

    Attributes:
        code: ``en``, ``ko``.
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


_HANGUL = regex.compile(r"\p{Script=Hangul}")
_HAN = regex.compile(r"\p{Script=Han}")
_KANA = regex.compile(r"[\p{Script=Hiragana}\p{Script=Katakana}]")
_LATIN = regex.compile(r"\p{Script=Latin}")
_LETTER = regex.compile(r"\p{L}")
_ENGLISH = regex.compile(
    r"\b(?:the|a|an|at|of|and|to|in|is|are|was|were|that|for|with|from|by|they|have|has|been)\b",
    regex.IGNORECASE,
)
_WORD = regex.compile(r"\p{Latin}+")

SAMPLE_LENGTH = 20_000
"""Code points looked at: the language of a report shows in its first pages."""

ENGLISH_SHARE = 0.12
"""Least share of English function words among Latin words. English prose has 0.2-0.35
(measured on the corpus); French, Spanish and German have under 0.05."""


def detect(text: str) -> str:
    """Return ``en``, ``ko``, ``zh``, ``other``, or ``und`` where there is no letter."""
    sample = text[:SAMPLE_LENGTH]
    letters = len(_LETTER.findall(sample))
    if not letters:
        return "und"
    if len(_HANGUL.findall(sample)) / letters > 0.3:  # noqa: PLR2004 - Korean carries Latin names
        return "ko"
    if len(_KANA.findall(sample)) / letters > 0.05:  # noqa: PLR2004 - kana: Japanese
        return "other"
    if len(_HAN.findall(sample)) / letters > 0.3:  # noqa: PLR2004 - Chinese carries Latin names
        return "zh"
    if len(_LATIN.findall(sample)) / letters < 0.5:  # noqa: PLR2004 - another script
        return "other"
    words = _WORD.findall(sample)
    english = len(_ENGLISH.findall(sample))
    return "en" if english >= max(1, ENGLISH_SHARE * len(words)) or len(words) < 4 else "other"  # noqa: PLR2004 - too short to tell
