"""The languages that are read, by code.

Law: a language is added here and in its rule folder, nowhere else.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from witnessmark.stages.extract.english import ENGLISH
from witnessmark.stages.extract.korean import KOREAN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from witnessmark.stages.extract.language import Language

LANGUAGES: Mapping[str, Language] = MappingProxyType(
    {spoken.code: spoken for spoken in (ENGLISH, KOREAN)}
)
"""Every language that is read."""


def language(code: str) -> Language | None:
    """Return the language *code*, or None where it is not read."""
    return LANGUAGES.get(code)
