"""Independent origins: an echo counts once.

Two outlets that repeat one source are one origin; so are a report, its
translation and its paraphrase. What is invented is no origin.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Origin:
    """One independent origin of what the case says.

    Attributes:
        id: ``o`` and ten hex digits.
        label: ``A``, ``B`` … as the dossier prints it.
        sources: ids of the sources that carry it.
        claims: ids of the claims that go back to it.
        why: why these count as one, one phrase each.
    """

    id: str
    label: str
    sources: tuple[str, ...]
    claims: tuple[str, ...]
    why: tuple[str, ...]
