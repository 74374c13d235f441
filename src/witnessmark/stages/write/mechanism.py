"""How it works: a chain of boxes, drawn only where a claim stands for a box.

Laws:
1. A box without a claim is not drawn; a hop that must exist and that no source
   names is drawn dashed and says so.
2. What a box says are the values of its claims, few and each once, with the numbers
   of their quotes.
3. Claims about a photographed facility, denials and candidates are not in it.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from witnessmark.core.claim import PHOTOGRAPHED, Modality, Predicate, Tier
from witnessmark.stages.write.clauses import joined, subject_of
from witnessmark.stages.write.wording import value_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from witnessmark.core.claim import Claim
    from witnessmark.stages.write.phrasebook import Box
    from witnessmark.stages.write.sentences import Desk

WIDTH = 1124
GAP = 34
WIDEST_BOX = 214
PIXELS_PER_SIGN = 6.0
"""Width of an average sign at 11.5 px in the interface face, with some to spare."""
LINE = 15
HEAD = 25
FOOT = 10
LINES_IN_BOX = 7
RISE = 34
"""Height of the arrow between the chain and a side box."""


@dataclass(frozen=True, slots=True)
class Node:
    """A box as drawn.

    Attributes:
        id: name of the box.
        label: its heading.
        lines: what it says, wrapped.
        words: what it says, for the list on a phone.
        claims: ids of its claims; empty for a missing hop.
        exhibits: numbers of their quotes.
        x: left edge.
        y: upper edge.
        width: in pixels.
        height: in pixels.
        missing: whether it is the missing hop.
        side: ``above``, ``below`` or empty for the chain.
    """

    id: str
    label: str
    lines: tuple[str, ...]
    words: tuple[str, ...]
    claims: tuple[str, ...]
    exhibits: tuple[int, ...]
    x: float
    y: float
    width: float
    height: float
    missing: bool
    side: str

    @property
    def middle(self) -> float:
        """Return the x of the middle."""
        return self.x + self.width / 2


@dataclass(frozen=True, slots=True)
class Arrow:
    """An arrow between two boxes."""

    path: str
    dashed: bool


@dataclass(frozen=True, slots=True)
class Mechanism:
    """The whole drawing; ``chain`` pairs each box with its side boxes."""

    width: int
    height: float
    nodes: tuple[Node, ...]
    arrows: tuple[Arrow, ...]
    chain: tuple[tuple[Node, tuple[Node, ...]], ...]


def mechanism_of(desk: Desk) -> Mechanism | None:
    """Return the drawing that the claims allow, or None if fewer than two boxes stand."""
    claims = [
        c
        for e in desk.exhibits
        for c in e.claims
        if c.tier is Tier.CLAIM and c.modality is not Modality.DENIED and c.subject != PHOTOGRAPHED
    ]
    taken: set[str] = set()
    side: list[tuple[Box, list[Claim]]] = []
    for box in desk.book.side:
        rows = [c for c in claims if c.id not in taken and _fits(c, box)]
        taken.update(c.id for c in rows)
        if rows:
            side.append((box, rows))
    chain = [(box, [c for c in claims if _fits(c, box)]) for box in desk.book.chain]
    filled = [bool(rows) for _, rows in chain]
    kept = [
        (box, rows)
        for place, (box, rows) in enumerate(chain)
        if rows or (box.missing and any(filled[:place]))
    ]
    if sum(filled) + len(side) < 2:  # noqa: PLR2004 - one box is no mechanism
        return None
    return _laid_out(kept, side, desk)


def _fits(claim: Claim, box: Box) -> bool:
    if claim.predicate.value not in box.predicates:
        return False
    return box.match is None or bool(box.match.search(str(claim.value)))


def _words(rows: Sequence[Claim], desk: Desk) -> tuple[str, ...]:
    """Return the distinct labels of a box, and how many more there are."""
    found: dict[str, str] = {}
    located = [claim for claim in rows if claim.predicate is Predicate.LOCATED_IN]
    read = [claim for claim in located if claim.id in desk.names.places]
    places = [_place(claim, desk) for claim in read or located]
    for claim in rows:
        if claim.predicate is Predicate.LOCATED_IN:
            label = f"in {joined(places)}"
        else:
            label = _label(claim, desk)
        found.setdefault(label.casefold(), label)
    labels = [
        label
        for key, label in found.items()
        if not any(other.startswith(f"{key} ") for other in found)
    ]
    most = desk.book.labels_shown
    rest = len(labels) - most
    return (*labels[:most], f"+{rest} more") if rest > 0 else tuple(labels)


def _label(claim: Claim, desk: Desk) -> str:
    """Return the value of *claim* as a box prints it: short, one spelling per fact."""
    many = subject_of(claim.subject, desk.book).many
    words = value_words(claim, desk.book, desk.labels, many=many) or str(claim.value)
    same = desk.book.same_labels
    short = desk.book.label_ends.split(same.get(words, words), maxsplit=1)[0].strip()
    return same.get(short, short)


def _place(claim: Claim, desk: Desk) -> str:
    """Return the place of *claim* as it is read, else as it is printed."""
    reading = desk.names.places.get(claim.id, "").removeprefix("read as ")
    words = reading or str(claim.value)
    return " ".join(word for word in words.split(",")[0].split() if not reading or word.isascii())


def _lines(words: Sequence[str], width: float) -> tuple[str, ...]:
    signs = int((width - 16) / PIXELS_PER_SIGN)
    lines: list[str] = []
    for word in words:
        lines += textwrap.wrap(word, signs, break_long_words=True)
    if len(lines) > LINES_IN_BOX:
        more = lines[LINES_IN_BOX - 1]
        lines = [
            *lines[: LINES_IN_BOX - 1],
            textwrap.shorten(more, signs - 2, placeholder="") + " …",
        ]
    return tuple(lines)


def _node(box: Box, rows: Sequence[Claim], desk: Desk, x: float, y: float, width: float) -> Node:
    ordered = sorted(rows, key=lambda c: box.predicates.index(c.predicate.value))
    words = _words(ordered, desk) if rows else (box.missing,)
    lines = _lines(words, width)
    numbers = tuple(sorted({desk.number(claim) for claim in rows}))
    height = HEAD + LINE * len(lines) + (LINE + 5 if numbers else 0) + FOOT
    return Node(
        box.id,
        box.label,
        lines,
        words,
        tuple(claim.id for claim in rows),
        numbers,
        round(x, 1),
        round(y, 1),
        round(width, 1),
        height,
        missing=not rows,
        side=box.place,
    )


def _laid_out(
    chain: Sequence[tuple[Box, list[Claim]]], side: Sequence[tuple[Box, list[Claim]]], desk: Desk
) -> Mechanism:
    count = max(len(chain), 1)
    width = min((WIDTH - GAP * (count - 1)) / count, WIDEST_BOX)
    left = (WIDTH - width * count - GAP * (count - 1)) / 2
    columns = {box.id: number for number, (box, _) in enumerate(chain)}
    place_of = {box.id: columns.get(box.at, min(1, count - 1)) for box, _ in side}
    above = [
        _node(box, rows, desk, left + place_of[box.id] * (width + GAP), 0, width)
        for box, rows in side
        if box.place == "above"
    ]
    top = max((node.height for node in above), default=0.0)
    first = top + RISE if above else 2.0
    nodes = [
        _node(box, rows, desk, left + number * (width + GAP), first, width)
        for number, (box, rows) in enumerate(chain)
    ]
    tall = max((node.height for node in nodes), default=0.0)
    nodes = [_sized(node, node.y, tall) for node in nodes]
    above = [_sized(node, top - node.height, node.height) for node in above]
    below_y = first + tall + RISE
    below = [
        _node(box, rows, desk, left + place_of[box.id] * (width + GAP), below_y, width)
        for box, rows in side
        if box.place == "below"
    ]
    bottom = max((node.y + node.height for node in below), default=first + tall)
    middle = first + tall / 2
    arrows = [
        Arrow(f"M{one.x + one.width:g} {middle:g}H{two.x - 3:g}", dashed=one.missing or two.missing)
        for one, two in pairwise(nodes)
    ]
    arrows += [
        Arrow(f"M{n.middle:g} {first:g}V{n.y + n.height + 3:g}", dashed=False) for n in above
    ]
    arrows += [Arrow(f"M{n.middle:g} {first + tall:g}V{n.y - 3:g}", dashed=False) for n in below]
    sides = [*above, *below]
    grouped = tuple(
        (node, tuple(s for s in sides if place_of[s.id] == number))
        for number, node in enumerate(nodes)
    )
    return Mechanism(WIDTH, bottom + 4, (*above, *nodes, *below), tuple(arrows), grouped)


def _sized(node: Node, y: float, height: float) -> Node:
    return Node(
        node.id,
        node.label,
        node.lines,
        node.words,
        node.claims,
        node.exhibits,
        node.x,
        round(y, 1),
        node.width,
        height,
        missing=node.missing,
        side=node.side,
    )
