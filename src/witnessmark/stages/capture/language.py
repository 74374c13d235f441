"""Which language a text is in, by the rule file that all stages share.

Law: capture and extract never name two languages for one text.
"""

from __future__ import annotations

from functools import cache

from witnessmark.core import language
from witnessmark.core.language import LANGUAGES, LANGUAGES_SCHEMA, UNKNOWN, language_book
from witnessmark.store.rulebook import load_rules

__all__ = ["UNKNOWN", "language_of"]


@cache
def _book() -> language.LanguageBook:
    return language_book(load_rules(LANGUAGES, LANGUAGES_SCHEMA))


def language_of(text: str) -> str:
    """Return the BCP 47 code of the main language of *text*, ``und`` if it is not clear."""
    return language.language_of(text, _book())
