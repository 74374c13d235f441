"""Places on a PDF page, as a reader sees it.

A PDF states places in the space of its drawing; the reader sees a page that was cropped and
turned. Everything here is in points of what he sees, from its lower left.

Laws:
1. The map is PDFium's own, the one with which it draws: image and boxes cannot disagree.
2. Lines are found in the direction in which the page's words run, whatever it is; the boxes
   that come out are those of the page as it is shown.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import pypdfium2.raw as pdfium

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pypdfium2

Box = tuple[float, float, float, float]

FINE = 1000
"""Steps a point is divided into when PDFium is asked for a place; it answers in whole steps."""

LARGEST_SIDE = 200_000.0
"""Points of a page's side up to which those steps fit a 32-bit number."""

SIGNS_ASKED = 500
"""Signs of a page from which the direction of its words is told."""

BASE = 1000.0
"""Points between the places from which the map is computed."""


@dataclass(frozen=True, slots=True)
class View:
    """The map from the space of a page's drawing to the page as it is shown.

    Attributes:
        width: points across.
        height: points up.
        across: what x, y and 1 add to the place across.
        up: what x, y and 1 add to the place up.
    """

    width: float
    height: float
    across: tuple[float, float, float]
    up: tuple[float, float, float]

    @classmethod
    def of(cls, page: pypdfium2.PdfPage) -> View:
        """Return the view of *page*."""
        width, height = page.get_size()
        fine = min(float(FINE), FINE * LARGEST_SIDE / max(width, height, 1.0))

        def shown(x: float, y: float) -> tuple[float, float]:
            right, down = ctypes.c_int(), ctypes.c_int()
            wide, high = round(width * fine), round(height * fine)
            pdfium.FPDF_PageToDevice(page, 0, 0, wide, high, 0, x, y, right, down)
            return right.value / fine, height - down.value / fine

        zero, one, two = shown(0.0, 0.0), shown(BASE, 0.0), shown(0.0, BASE)
        across, up = (
            ((one[at] - zero[at]) / BASE, (two[at] - zero[at]) / BASE, zero[at]) for at in (0, 1)
        )
        return cls(width, height, across, up)

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point of the drawing is shown."""
        return (
            self.across[0] * x + self.across[1] * y + self.across[2],
            self.up[0] * x + self.up[1] * y + self.up[2],
        )

    def box(self, given: tuple[float, ...]) -> Box:
        """Return where the box *given* of the drawing is shown."""
        left, low, right, high = given
        if not self.across[1] and not self.up[0] and self.across[0] > 0 and self.up[1] > 0:
            (wide, _, aside), (_, tall, above) = self.across, self.up
            return (
                wide * left + aside, tall * low + above, wide * right + aside, tall * high + above,
            )  # fmt: skip
        corners = [self.place(x, y) for x in (left, right) for y in (low, high)]
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        return (min(xs), min(ys), max(xs), max(ys))


@dataclass(frozen=True, slots=True)
class Turn:
    """The direction in which the words of a page run.

    Attributes:
        quarters: 0 to the right, 1 upwards, 2 upside down, 3 downwards.
        width: points across of the page.
        height: points up of the page.
    """

    quarters: int
    width: float
    height: float

    def laid(self, box: Box) -> Box:
        """Return *box* on the page turned so that its words run to the right."""
        left, low, right, high = box
        match self.quarters:
            case 1:
                return (low, self.width - right, high, self.width - left)
            case 2:
                return (
                    self.width - right,
                    self.height - high,
                    self.width - left,
                    self.height - low,
                )
            case 3:
                return (self.height - high, left, self.height - low, right)
            case _:
                return box

    def shown(self, box: Box) -> Box:
        """Return the box on the page as it is shown: the inverse of :meth:`laid`."""
        left, low, right, high = box
        match self.quarters:
            case 1:
                return (self.width - high, left, self.width - low, right)
            case 2:
                return (
                    self.width - right,
                    self.height - high,
                    self.width - left,
                    self.height - low,
                )
            case 3:
                return (low, self.height - right, high, self.height - left)
            case _:
                return box


def turn_of(boxes: Sequence[Box], view: View) -> Turn:
    """Return in which direction most signs follow each other."""
    some = boxes[:SIGNS_ASKED]
    turns = [Turn(quarters, view.width, view.height) for quarters in range(4)]

    def follows(turn: Turn) -> int:
        return sum(
            one[1] < other[3] and other[1] < one[3] and one[0] < other[0]
            for one, other in pairwise([turn.laid(box) for box in some])
        )

    return max(turns, key=lambda turn: (follows(turn), -turn.quarters))
