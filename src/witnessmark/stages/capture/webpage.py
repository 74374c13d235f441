"""Web pages: the words that a reader sees, each mapped to its bytes.

Laws:
1. A run of text maps to the very bytes it stands in; an entity to the bytes of its name.
2. White space is shown as one sign, as browsers do; a line break for a block is made.
3. Scripts, styles, navigation, footers, asides and hidden elements are left out, and the
   rendition's note counts what was left out.
4. The work grows with the page, not with its square: what was opened is counted, and a
   page of marks that never end is refused.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from witnessmark.core.errors import UnreadableInput
from witnessmark.core.source import Rendering, SourceKind
from witnessmark.stages.capture.encodings import ByteCursor, Decoded, decode
from witnessmark.stages.capture.pagefacts import PageFacts
from witnessmark.stages.capture.reading import Read, TextBuilder

if TYPE_CHECKING:
    from collections.abc import Callable

    from witnessmark.stages.capture.limits import Limits

RENDERER = "witnessmark html/1"

LEFT_OUT = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "nav",
        "footer",
        "aside",
        "svg",
        "math",
        "iframe",
        "object",
        "canvas",
        "audio",
        "video",
        "select",
        "button",
        "textarea",
        "datalist",
        "dialog",
    ]
)
"""Elements whose content is not the document's own text."""

VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    ]
)
"""Elements without content (HTML standard, 13.1.2)."""

PARAGRAPHS = frozenset(
    [
        "p",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "article",
        "section",
        "main",
        "header",
        "ul",
        "ol",
        "dl",
        "table",
        "pre",
        "figure",
        "figcaption",
        "hr",
        "address",
        "body",
        "details",
        "summary",
        "fieldset",
        "form",
    ]
)
LINES = frozenset(["div", "li", "tr", "dt", "dd", "caption", "br", "option", "legend"])
CELLS = frozenset({"td", "th"})

CLOSED_BY = {
    "p": PARAGRAPHS | {"div"},
    "li": frozenset({"li"}),
    "dt": frozenset({"dt", "dd"}),
    "dd": frozenset({"dt", "dd"}),
    "tr": frozenset({"tr"}),
    "td": frozenset({"td", "th", "tr"}),
    "th": frozenset({"td", "th", "tr"}),
    "option": frozenset({"option"}),
}
"""Elements whose end tag may be missing, and the tags that end them."""

MOST_READ_AGAIN = 10_000_000
"""Characters that may be looked through for the end of marks that have none."""

LONGEST_REFERENCE = 40
"""Characters of the longest ``&name;`` (33 in the HTML standard); longer ones are no sign."""

SPACE = re.compile(r"[ \t\n\r\f]+")
_REFERENCE = re.compile(r"&(?:#[xX][0-9a-fA-F]+|#[0-9]+|[a-zA-Z][a-zA-Z0-9]*);?")
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]+)", re.IGNORECASE)
_XML = re.compile(rb"^\s*<\?xml[^>]{0,100}encoding\s*=\s*[\"']([A-Za-z0-9_.:-]+)", re.IGNORECASE)
_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)


def declared_encoding(content: bytes) -> str:
    """Return the encoding that a page declares in its first kilobytes, else empty."""
    head = content[:4096]
    match = _CHARSET.search(head) or _XML.search(head)
    return match[1].decode() if match else ""


def read_page(content: bytes, *, where: str, limits: Limits, charset: str = "") -> Read:
    """Read a web page; *charset* is what the server stated, which comes before the page.

    Raises:
        UnreadableInput: its encoding is not certain, or it is too long.
    """
    decoded = decode(content, where=where, declared=charset or declared_encoding(content))
    builder = TextBuilder(most=limits.max_text, where=where)
    cursor = ByteCursor(decoded)
    walker = PageWalker(decoded, builder, cursor.at, where=where)
    walker.walk()
    renditions = builder.rendered(Rendering.HTML, f"{RENDERER}, {decoded.codec}")
    return Read(
        SourceKind.HTML,
        "text/html",
        renditions,
        walker.facts.facts(),
        walker.notes(),
    )


class PageWalker(HTMLParser):
    """Walks a page once and lays its visible text into a builder."""

    def __init__(
        self,
        decoded: Decoded,
        builder: TextBuilder,
        byte_at: Callable[[int], int],
        *,
        where: str,
    ) -> None:
        """Walk *decoded*; *byte_at* gives the byte of a code point, forward only."""
        super().__init__(convert_charrefs=False)
        self._source = decoded.text
        self._builder = builder
        self._byte_at = byte_at
        self._where = where
        self._line_starts = [0]
        self._line_starts += [match.end() for match in re.finditer("\n", self._source)]
        self._open: list[tuple[str, bool]] = []
        self._opened: Counter[str] = Counter()
        self._read_again = 0
        self._pending = ""
        self._blank: tuple[int, int, bool] | None = None
        self._dropped = 0
        self.facts = PageFacts()

    def walk(self) -> None:
        """Read the whole page."""
        self.feed(self._source)
        self.close()

    def notes(self) -> tuple[str, ...]:
        """Return how much was left out."""
        if not self._dropped:
            return ()
        return (f"left out: {self._dropped} characters of navigation, footers or hidden text",)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element, ending those whose end tag was left out."""
        while self._open and tag in CLOSED_BY.get(self._open[-1][0], ()):
            self._opened[self._open.pop()[0]] -= 1
        values = {name: value or "" for name, value in attrs}
        self.facts.element(tag, values)
        self._break(tag)
        if tag not in VOID:
            self._open.append((tag, self._hidden or _is_hidden(tag, values)))
            self._opened[tag] += 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Treat ``<br/>`` as ``<br>``; HTML gives the slash no other meaning."""
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """Close the element, and what was left open inside it."""
        while self._opened[tag]:
            closed, _ = self._open.pop()
            self._opened[closed] -= 1
            if closed == tag:
                break
        self._break(tag)

    def parse_starttag(self, i: int) -> int:
        """Read a start tag; count the search for an end that is not there."""
        return self._bounded(super().parse_starttag(i), i)

    def parse_endtag(self, i: int) -> int:
        """Read an end tag, likewise."""
        return self._bounded(super().parse_endtag(i), i)

    def parse_comment(self, i: int, report: bool = True) -> int:  # noqa: FBT001, FBT002 - the parser's signature
        """Read a comment, likewise."""
        return self._bounded(super().parse_comment(i, report), i)

    def parse_pi(self, i: int) -> int:
        """Read a processing instruction, likewise."""
        return self._bounded(super().parse_pi(i), i)

    def parse_html_declaration(self, i: int) -> int:
        """Read a declaration, likewise; one that the parser does not know is a comment."""
        try:
            end = super().parse_html_declaration(i)
        except AssertionError:  # ``<![`` with what no browser knows
            end = self.parse_bogus_comment(i, report=False)
        return self._bounded(end, i)

    def _bounded(self, end: int, begin: int) -> int:
        """Return *end*, unless the page made the parser search too often in vain.

        Raises:
            UnreadableInput: it did.
        """
        if end < 0:
            self._read_again += len(self.rawdata) - begin
        if self._read_again > MOST_READ_AGAIN:
            raise UnreadableInput(
                "the page is full of tags or comments that never end",
                where=f"{self._where}, line {self.getpos()[0]}",
                to_do="save the page as PDF or text and give that",
            )
        return end

    def handle_data(self, data: str) -> None:
        """Take a run of text."""
        place = self._place()
        if self._source[place : place + len(data)] != data:
            raise UnreadableInput(
                "a stretch of the page cannot be mapped to its bytes",
                where=f"{self._where}, line {self.getpos()[0]}",
                to_do="save the page as PDF or text and give that",
            )
        inside = self._inside()
        if inside in {"title", "script"}:
            self.facts.content(inside, data)
        if self._hidden or inside == "title":
            if inside not in {"script", "style", "title"}:
                self._dropped += len(data.strip())
            return
        if self._opened["pre"]:
            self._emit(data, place)
            return
        self._flow(data, place)

    def handle_entityref(self, name: str) -> None:  # noqa: ARG002 - the parser's signature
        """Take ``&name;``."""
        self._reference()

    def handle_charref(self, name: str) -> None:  # noqa: ARG002 - the parser's signature
        """Take ``&#number;``."""
        self._reference()

    @property
    def _hidden(self) -> bool:
        return bool(self._open) and self._open[-1][1]

    def _inside(self) -> str:
        return self._open[-1][0] if self._open else ""

    def _place(self) -> int:
        line, column = self.getpos()
        return self._line_starts[line - 1] + column

    def _reference(self) -> None:
        place = self._place()
        match = _REFERENCE.match(self._source, place)
        raw = match[0] if match else self._source[place : place + 1]
        shown = html.unescape(raw) if len(raw) <= LONGEST_REFERENCE else raw
        if self._inside() == "title":
            self.facts.content("title", shown)
        elif self._hidden:
            self._dropped += 1
        elif shown == raw:
            self._flow(raw, place)
        elif SPACE.fullmatch(shown):
            self._space(place, place + len(raw), exact=shown == " ")
        else:
            self._emit(shown, place, len(raw))

    def _flow(self, data: str, place: int) -> None:
        """Lay out *data* with its white space shown as one sign."""
        done = 0
        for match in SPACE.finditer(data):
            self._emit(data[done : match.start()], place + done)
            blank = match[0].find(" ")
            at = place + match.start() + max(blank, 0)
            self._space(at, at + 1, exact=blank >= 0)
            done = match.end()
        self._emit(data[done:], place + done)

    def _space(self, first: int, last: int, *, exact: bool) -> None:
        """Take note of white space; it appears only between two words of a line."""
        if self._blank is None:
            self._blank = (first, last, exact)

    def _emit(self, shown: str, place: int, length: int | None = None) -> None:
        if not shown:
            return
        if self._pending and self._builder.length:
            self._builder.add_made(self._pending)
        elif self._blank is not None and self._builder.length and self._builder.last != "\n":
            first, last, exact = self._blank
            if exact:
                begin, end = self._byte_at(first), self._byte_at(last)
                self._builder.add(" ", "bytes", begin, end, joins=last - first == 1)
            else:
                self._builder.add_made(" ")
        self._pending, self._blank = "", None
        begin = self._byte_at(place)
        end = self._byte_at(place + (len(shown) if length is None else length))
        self._builder.add(shown, "bytes", begin, end, joins=length is None)

    def _break(self, tag: str) -> None:
        if self._hidden:
            return
        wanted = (
            "\n\n" if tag in PARAGRAPHS else "\n" if tag in LINES else "\t" if tag in CELLS else ""
        )
        if len(wanted) > len(self._pending) or (wanted == "\n" and self._pending == "\t"):
            self._pending = wanted


def _is_hidden(tag: str, values: dict[str, str]) -> bool:
    return (
        tag in LEFT_OUT
        or tag == "head"
        or "hidden" in values
        or values.get("aria-hidden", "").lower() == "true"
        or values.get("role", "").lower() in {"navigation", "contentinfo"}
        or bool(_HIDDEN.search(values.get("style", "")))
    )
