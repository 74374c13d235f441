"""Page images: how a page of a source looks, drawn once and frozen.

Laws:
1. A page image is drawn at capture, hashed, logged and never drawn again in its place.
2. Only a page of text has one; a photograph of a place never does.
3. It carries pixels alone: no EXIF, no metadata, nothing of who made it.
"""

from __future__ import annotations

from dataclasses import dataclass

from witnessmark.core.span import Region

POINTS = "points"
"""Unit of a PDF page: heights are counted from the lower side."""

PIXELS = "pixels"
"""Unit of an image: heights are counted from the upper side."""


@dataclass(frozen=True, slots=True)
class PageImage:
    """One page of a source as a picture.

    Attributes:
        id: ``s3p2`` for page 2 of source s3.
        source: id of the source.
        page: page number, from 1; 1 for an image.
        unit: ``points`` (of a PDF page as it is shown: cropped, turned) or ``pixels`` (of
            the original image).
        width: width of the page in that unit.
        height: height of the page in that unit.
        pixels_wide: width of the picture.
        pixels_high: height of the picture.
        sha256: digest of the picture's bytes (PNG, 16 greys).
        vault_object: name of the object that holds them.
        renderer: program and version that drew it.
        withheld: left, low, right, high of pictures on the page: covered in every output,
            so that no photograph is copied along with a quote.
    """

    id: str
    source: str
    page: int
    unit: str
    width: float
    height: float
    pixels_wide: int
    pixels_high: int
    sha256: str
    vault_object: str
    renderer: str
    withheld: tuple[tuple[float, ...], ...] = ()

    def placed(self, region: Region) -> tuple[float, float, float, float]:
        """Return left, upper, right, lower side of *region* in pixels of the picture."""
        across, down = self.pixels_wide / self.width, self.pixels_high / self.height
        if self.unit == POINTS:
            upper, lower = self.height - region.high, self.height - region.low
        else:
            upper, lower = region.low, region.high
        return (region.left * across, upper * down, region.right * across, lower * down)
