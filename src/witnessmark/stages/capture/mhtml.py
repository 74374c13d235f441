"""Saved pages (MHTML): the page that was saved, mapped to the bytes of the file.

Laws:
1. The page is the part that the header names as root, else the first page in it.
2. Each stretch maps to the bytes it was written in, also through quoted-printable and base64.
3. Frames, images and styles saved with the page are counted, not read: mostly they are
   another's (advertisements, players).
4. The header's date is when the page was saved, not when it was published.
"""

from __future__ import annotations

from dataclasses import replace
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from witnessmark.core.errors import UnreadableInput
from witnessmark.core.source import Rendering, SourceKind
from witnessmark.stages.capture.mail import lay_page
from witnessmark.stages.capture.mime import body_of, header_of, parts_of
from witnessmark.stages.capture.reading import Read, TextBuilder

if TYPE_CHECKING:
    from email.message import EmailMessage

    from witnessmark.stages.capture.limits import Limits
    from witnessmark.stages.capture.mime import Part

RENDERER = "witnessmark mhtml/1"

MEDIA_TYPE = "multipart/related"

PAGES = frozenset({"text/html", "application/xhtml+xml"})


def read_mhtml(content: bytes, *, where: str, limits: Limits) -> Read:
    """Read a saved page.

    Raises:
        UnreadableInput: it holds no page, or a part is damaged.
    """
    head, _ = header_of(content, where=where)
    # a page of a newspaper brings some hundred images: more parts than an e-mail has
    parts = tuple(parts_of(content, where=where, most=max(limits.max_parts, MOST_PARTS)))
    page = _root(head, parts)
    if page is None:
        raise UnreadableInput(
            "the saved page holds no page",
            where=where,
            to_do="save it again from the browser, as MHTML or as PDF",
        )
    builder = TextBuilder(most=limits.max_text, where=where)
    body = body_of(content, page, where=where)
    facts, notes = lay_page(builder, body, page, where=where)
    address = _field(head, "Snapshot-Content-Location") or _field(page.head, "Content-Location")
    if address.startswith(("http://", "https://")):
        facts = replace(facts, url=address)
    told = [f"saved {date}: the header's own word"] if (date := _date(head)) else []
    others = len(parts) - 1
    if others:
        frames = sum(part.media_type in PAGES for part in parts) - 1
        told.append(f"saved with the page, not read: {others} parts, {frames} of them frames")
    return Read(
        SourceKind.MHTML,
        MEDIA_TYPE,
        builder.rendered(Rendering.HTML, RENDERER),
        facts,
        (*told, *notes),
    )


MOST_PARTS = 5_000
"""Parts of a saved page."""


def _root(head: EmailMessage, parts: tuple[Part, ...]) -> Part | None:
    """Return the part that is the page."""
    pages = [part for part in parts if part.media_type in PAGES]
    try:
        start = str(head.get_param("start", "") or "")
    except (ValueError, TypeError, LookupError):
        start = ""
    named = [part for part in pages if start and _field(part.head, "Content-ID") == start]
    return next(iter((*named, *pages)), None)


def _field(head: EmailMessage, name: str) -> str:
    try:
        return "".join(str(head.get(name, "")).split())
    except (ValueError, TypeError, LookupError, OverflowError):
        return ""


def _date(head: EmailMessage) -> str:
    try:
        return parsedate_to_datetime(str(head.get("Date", ""))).date().isoformat()
    except (ValueError, TypeError, IndexError, LookupError, OverflowError):
        return ""
