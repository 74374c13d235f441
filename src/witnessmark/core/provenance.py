"""Where a statement comes from: codes, rule files, versions, handling marks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

INTERNAL_HANDLING = "INTERNAL: not redacted, do not share"
INVENTED = "INVENTED EXAMPLE, NOT EVIDENCE"
PARAPHRASE = "PARAPHRASE in the project's own words, not the report itself"


class Code(StrEnum):
    """How far a fact was checked when it was written down."""

    STORED = "S"
    """From a stored page that was read."""
    KNOWLEDGE = "K"
    """From memory, not checked against the text."""
    DERIVED = "D"
    """Derived here, by arithmetic or argument."""


CODE_PRINTS: dict[Code, str] = {
    Code.STORED: "from a stored page",
    Code.KNOWLEDGE: "from memory, not checked against the text",
    Code.DERIVED: "derived here",
}


class Audience(StrEnum):
    """For whom an output is made; decides what must be redacted."""

    INTERNAL = "internal"
    PARTNER = "partner"
    FILING = "filing"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class RuleFile:
    """A data file under ``rules/`` that a result rests on.

    Attributes:
        name: path below ``rules/``.
        schema: name and version of its layout.
        version: its own version.
        sha256: digest of its bytes.
    """

    name: str
    schema: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Versions:
    """Everything that an output must name so that a stranger can repeat it."""

    witnessmark: str
    rules: tuple[RuleFile, ...]
    as_of: str
