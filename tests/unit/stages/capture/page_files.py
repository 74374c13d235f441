"""PDF files of known words at known places, made in the test: turned, cropped, in columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDE, HIGH = 595, 842


@dataclass(frozen=True)
class Drawn:
    """One page of a PDF file.

    Attributes:
        stream: what is drawn.
        extra: further entries of the page (``/Rotate 90``).
        media: its media box.
        picture: whether the resources hold a grey picture ``/Im1``, plain and in a form ``/Fm1``.
    """

    stream: str
    extra: str = ""
    media: str = f"0 0 {WIDE} {HIGH}"
    picture: bool = False


def words(
    lines: Sequence[tuple[float, float, str]], *, size: int = 12, matrix: str = "1 0 0 1"
) -> str:
    """Return the operators that show *lines* (x, y, words) with the text matrix given."""
    shown = " ".join(f"{matrix} {x} {y} Tm ({text}) Tj" for x, y, text in lines)
    return f"BT /F1 {size} Tf {shown} ET"


def pdf_of(pages: list[Drawn]) -> bytes:
    """Return the file."""
    objects: list[bytes] = [b"", b""]
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    grey = bytes(range(0, 256, 4))
    picture = (
        b"<< /Type /XObject /Subtype /Image /Width 8 /Height 8 /ColorSpace /DeviceGray "
        b"/BitsPerComponent 8 /Length 64 >>\nstream\n" + grey + b"\nendstream"
    )
    kids: list[str] = []
    for page in pages:
        resources = "/Font << /F1 3 0 R >>"
        if page.picture:
            resources += " /XObject << /Im1 4 0 R /Fm1 5 0 R >>"
        stream = page.stream.encode("latin-1")
        if len(objects) == 2:
            form = b"100 0 0 100 0 0 cm /Im1 Do"
            objects += [
                font,
                picture,
                b"<< /Type /XObject /Subtype /Form /BBox [0 0 100 100] /Matrix [1 0 0 1 50 60] "
                b"/Resources << /XObject << /Im1 4 0 R >> >> /Length %d >>\nstream\n%s\nendstream"
                % (len(form), form),
            ]
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        content = len(objects)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [{page.media}] {page.extra} /Contents "
            f"{content} 0 R /Resources << {resources} >> >>".encode()
        )
        kids.append(f"{len(objects)} 0 R")
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
    objects[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(kids)}] >>".encode()
    out = bytearray(b"%PDF-1.4\n")
    places: list[int] = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for place in places:
        out += b"%010d 00000 n \n" % place
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        table,
    )
    return bytes(out)
