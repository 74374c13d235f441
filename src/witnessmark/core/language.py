"""Which language a text is in, by its script and by the words of each language.

Laws:
1. No language is better than a wrong one: ``und`` where none is clear.
2. The answer follows from the text and the rule file alone, wherever it is asked.
3. A short text is told by fewer words than a long one, never by none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

LANGUAGES = "language/languages.yaml"
LANGUAGES_SCHEMA = "witnessmark/languages/1"

UNKNOWN = "und"
"""BCP 47 for a language that is not clear."""

LATIN = "latin"
"""The script whose languages are told apart by their words."""

_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Script:
    """A script: its letters, and what one of them weighs."""

    letters: re.Pattern[str]
    weight: float


@dataclass(frozen=True, slots=True)
class ByScript:
    """A language that its script gives away.

    Attributes:
        lang: code of the language.
        scripts: the scripts it is written in.
        least: their least share in the weight of all letters.
        of_which: a script that must be among them, empty for none.
        part: its least share among them.
        sign: a letter that must stand in the text, None for none.
    """

    lang: str
    scripts: tuple[str, ...]
    least: float
    of_which: str
    part: float
    sign: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class LanguageBook:
    """What tells languages apart. The fields are those of the rule file."""

    sample: int
    scripts: Mapping[str, Script]
    by_script: tuple[ByScript, ...]
    least_latin: float
    least_share: float
    least_lead: float
    short: int
    words: Mapping[str, frozenset[str]]
    usual: Mapping[str, frozenset[str]]


def language_book(content: Mapping[str, Any]) -> LanguageBook:
    """Return the rule file *content*, typed (pure)."""
    words = {lang: frozenset(map(str, listed)) for lang, listed in content["words"].items()}
    usual = {
        lang: listed | frozenset(map(str, content["usual"].get(lang, ())))
        for lang, listed in words.items()
    }
    return LanguageBook(
        int(content["sample"]),
        {
            name: Script(re.compile(f"[{row['letters']}]"), float(row["weight"]))
            for name, row in content["scripts"].items()
        },
        tuple(
            ByScript(
                row["lang"],
                tuple(row["scripts"]),
                float(row["least"]),
                row.get("of_which", ""),
                float(row.get("part", 0)),
                re.compile(f"[{row['sign']}]") if "sign" in row else None,
            )
            for row in content["by_script"]
        ),
        float(content["least_latin"]),
        float(content["least_share"]),
        float(content["least_lead"]),
        int(content["short"]),
        words,
        usual,
    )


def language_of(text: str, book: LanguageBook) -> str:
    """Return the BCP 47 code of the main language of *text*, ``und`` if it is not clear."""
    sample = text[: book.sample]
    counts = {name: len(script.letters.findall(sample)) for name, script in book.scripts.items()}
    weights = {name: counts[name] * script.weight for name, script in book.scripts.items()}
    others = max(0, len(_LETTER.findall(sample)) - sum(counts.values()))
    total = sum(weights.values()) + others
    if not total:
        return UNKNOWN
    for row in book.by_script:
        own = sum(weights[name] for name in row.scripts)
        if own < row.least * total:
            continue
        if row.of_which and weights[row.of_which] < row.part * own:
            continue
        if row.sign is None or row.sign.search(sample):
            return row.lang
    return _by_words(sample, book) if weights[LATIN] >= book.least_latin * total else UNKNOWN


def _by_words(sample: str, book: LanguageBook) -> str:
    found = [word.lower() for word in _WORD.findall(sample)]
    if len(found) < book.short:
        lang, best, second = _leading(found, book.usual)
        return lang if best > second else UNKNOWN
    lang, best, second = _leading(found, book.words)
    clear = best >= book.least_share * len(found) and best >= book.least_lead * second
    return lang if clear else UNKNOWN


def _leading(found: list[str], words: Mapping[str, frozenset[str]]) -> tuple[str, int, int]:
    """Return the language with most of the words *found*, how many, and how many the next has."""
    counts = sorted(
        ((sum(word in listed for word in found), lang) for lang, listed in words.items()),
        reverse=True,
    )
    (best, lang), (second, _) = counts[0], counts[1]
    return lang, best, second
