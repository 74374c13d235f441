"""What is not known from this case, and what would settle it.

Laws:
1. It stands as high on the page as what is known.
2. An open point names its remedy where the stage that found it gave one.
3. The same open point of several laws is told once, with the laws that it decides.
4. Words that name a site or repeat a claim carry the claims; a gap of a site that no
   standing claim names is not told.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from witnessmark.core.finding import ElementState
from witnessmark.stages.write.clauses import joined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from witnessmark.core.actor import Actor, ProductReading
    from witnessmark.core.finding import LawCell
    from witnessmark.core.interval import Interval
    from witnessmark.core.route import Gap


NOT_KNOWN = "not known from this case"
"""Prefix that the heading says already."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """One thing that the case doesn't show.

    Attributes:
        what: the question.
        why: why it is open.
        settles: what would settle it.
        decides: what hangs on it (laws).
        claims: claims that the words rest on, if any.
    """

    what: str
    why: str = ""
    settles: tuple[str, ...] = ()
    decides: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnknownGroup:
    """Open points of one kind."""

    title: str
    rows: tuple[Unknown, ...]


@dataclass(frozen=True, slots=True)
class NamedGap:
    """A missing hop and the claims that name the site before it."""

    gap: Gap
    claims: tuple[str, ...]


Named = dict[str, tuple[str, ...]]
"""Labels of sites and goods, each with the standing claims that speak of it."""


def named_things(
    actors: Sequence[Actor], products: Sequence[ProductReading], standing: frozenset[str]
) -> Named:
    """Return the labels of sites and goods with their standing claims."""
    rows = [(row.label, row.claims) for row in actors]
    rows += [(row.label, row.claims) for row in products]
    return {
        label: tuple(key for key in claims if key in standing)
        for label, claims in rows
        if label and claims
    }


def named_gaps(gaps: Sequence[Gap], named: Named) -> tuple[NamedGap, ...]:
    """Return the gaps with the standing claims about what they name.

    A gap that names a site or goods of which no claim stands any more is left out.
    """
    found: list[NamedGap] = []
    for gap in gaps:
        claims = _claims_for(f"{gap.before} {gap.after} {gap.what} {gap.settles}", named)
        if claims is not None:
            found.append(NamedGap(_with_and(gap, named), claims))
    return tuple(found)


def _with_and(gap: Gap, named: Named) -> Gap:
    """Return *gap* with the sites before it joined as in a sentence, if it names several."""
    labels = gap.before.split(", ")
    if len(labels) == 1 or not all(label in named for label in labels):
        return gap
    words = joined(labels)
    return replace(gap, before=words, what=gap.what.replace(gap.before, words))


def _claims_for(text: str, named: Named) -> tuple[str, ...] | None:
    """Return the claims of all that *text* names; None where one of them has none left."""
    found = [claims for label, claims in named.items() if label in text]
    if any(not claims for claims in found):
        return None
    return tuple(dict.fromkeys(key for claims in found for key in claims))


def unknowns_of(
    intervals: Sequence[Interval],
    gaps: Sequence[NamedGap],
    law: Sequence[LawCell],
    named: Named,
    rejected: frozenset[str],
) -> tuple[UnknownGroup, ...]:
    """Return the open points, by kind, empty kinds left out."""
    scale: list[Unknown] = []
    for row in intervals:
        if row.known or rejected.intersection(row.claims):
            continue
        claims = _claims_for(f"{row.quantity} {row.population} {row.why}", named)
        if claims is not None:
            keys = tuple(dict.fromkeys((*row.claims, *claims)))
            scale.append(Unknown(_figure(row), _why(row.why), row.settles, (), keys))
    goods = tuple(
        Unknown(
            _sentence(row.gap.what),
            "",
            (row.gap.settles,) if row.gap.settles else (),
            (),
            row.claims,
        )
        for row in gaps
    )
    groups = (
        UnknownGroup("The goods' way", _once(goods)),
        UnknownGroup("Scale", _once(scale)),
        UnknownGroup("Law", _open_points(law)),
    )
    return tuple(group for group in groups if group.rows)


def _figure(row: Interval) -> str:
    whom = f" ({row.population})" if row.population else ""
    return f"{_sentence(row.quantity)}{whom}"


def _why(text: str) -> str:
    return _sentence(text.removeprefix(NOT_KNOWN).lstrip(": "))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _once(rows: Sequence[Unknown]) -> tuple[Unknown, ...]:
    return tuple(dict.fromkeys(rows))


def _open_points(law: Sequence[LawCell]) -> tuple[Unknown, ...]:
    decides: dict[tuple[str, str], dict[str, None]] = {}
    for cell in law:
        if cell.state is not ElementState.UNKNOWN:
            continue
        element = next(
            (e for e in cell.elements if e.state is ElementState.UNKNOWN and e.missing), None
        )
        key = (cell.headline, element.missing if element else "")
        decides.setdefault(key, {})[cell.title] = None
    return tuple(
        Unknown(_question(headline), "", (missing,) if missing else (), tuple(titles))
        for (headline, missing), titles in decides.items()
    )


def _question(headline: str) -> str:
    return _sentence(headline.removeprefix("open:").strip())
