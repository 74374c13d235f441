"""Kinds of sites: what each is called, and whether people are detained there.

Laws:
1. There is one list of kinds. Who is held, and how a site is called, follow from it.
2. ``held`` is what the word means; what a source tells of one site is a claim.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from witnessmark.core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

SITE_KINDS = "sites/kinds.yaml"
SITE_KINDS_SCHEMA = "witnessmark/site-kinds/1"


@dataclass(frozen=True, slots=True)
class SiteKind:
    """One kind of site.

    Attributes:
        kind: value of a ``site_kind`` claim (``labour_camp``).
        label: what one is called, with its article.
        label_plural: what several are called.
        held: whether people are detained there by definition.
        penal: whether it is part of a public authority's penal system by definition.
    """

    kind: str
    label: str
    label_plural: str
    held: bool
    penal: bool = False


def site_kinds(content: Mapping[str, Any]) -> dict[str, SiteKind]:
    """Return the kinds of the rule file *content*, by name (pure).

    Raises:
        InputError: a row has an unknown key or lacks one, or a kind stands twice.
    """
    found: dict[str, SiteKind] = {}
    for row in content["kinds"]:
        try:
            kind = SiteKind(**row)
        except TypeError as error:
            raise InputError(
                "keys missing or unknown in a kind of site",
                where=f"{SITE_KINDS}, {row.get('kind', '?')}",
                to_do="correct the row",
            ) from error
        if kind.kind in found:
            raise InputError(
                "a kind of site stands twice",
                where=f"{SITE_KINDS}, {kind.kind}",
                to_do="keep one of the rows",
            )
        found[kind.kind] = kind
    return found


def held_kinds(kinds: Mapping[str, SiteKind]) -> frozenset[str]:
    """Return the names of the kinds where people are detained by definition."""
    return frozenset(name for name, kind in kinds.items() if kind.held)
