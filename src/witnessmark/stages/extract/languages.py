"""The languages that are read, by code, and which one a text is in.

Laws:
1. A language is added here and in its rule folder, nowhere else.
2. Which language a text is in is asked of the detector that capture asks.
"""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from witnessmark.core.language import (
    LANGUAGES,
    LANGUAGES_SCHEMA,
    LanguageBook,
    language_book,
    language_of,
)
from witnessmark.stages.extract.chinese import CHINESE
from witnessmark.stages.extract.english import ENGLISH
from witnessmark.stages.extract.korean import KOREAN
from witnessmark.store.rulebook import load_rules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from witnessmark.stages.extract.language import Language

READ: Mapping[str, Language] = MappingProxyType(
    {spoken.code: spoken for spoken in (ENGLISH, KOREAN, CHINESE)}
)
"""Every language that is read."""


def language(code: str) -> Language | None:
    """Return the language *code*, or None where it is not read."""
    return READ.get(code)


@cache
def _book() -> LanguageBook:
    return language_book(load_rules(LANGUAGES, LANGUAGES_SCHEMA))


def detect(text: str) -> str:
    """Return the code of the language of *text*, read or not; ``und`` where none is clear."""
    return language_of(text, _book())
