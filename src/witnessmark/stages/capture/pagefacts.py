"""What a web page states about itself: meta elements, JSON-LD, title.

Law: the page's own word only. JSON-LD is read where it is one simple object (or a list
of them); what does not parse is left alone.
"""

from __future__ import annotations

import json
import re
from typing import Any

from witnessmark.stages.capture.headline import shortened
from witnessmark.stages.capture.reading import Facts

ARTICLES = frozenset({"Article", "NewsArticle", "ReportageNewsArticle", "BlogPosting", "Report"})
"""JSON-LD types whose fields speak of the page."""

LONGEST_SCRIPT = 200_000
"""Code points of a JSON-LD script that is still read."""

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


class PageFacts:
    """Gathers facts while a page is walked."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._meta: dict[str, str] = {}
        self._title = ""
        self._canonical = ""
        self._linked = ""
        self._in_linked = False

    def element(self, tag: str, values: dict[str, str]) -> None:
        """Take note of an element that opens."""
        if tag == "meta":
            name = (values.get("property") or values.get("name") or "").lower()
            content = values.get("content", "").strip()
            if name and content:
                self._meta.setdefault(name, content)
        elif tag == "link" and values.get("rel", "").lower() == "canonical":
            self._canonical = self._canonical or values.get("href", "").strip()
        elif tag == "script":
            self._in_linked = values.get("type", "").lower() == "application/ld+json"

    def content(self, tag: str, text: str) -> None:
        """Take the text of a title or script."""
        if tag == "title":
            self._title += text
        elif self._in_linked and not self._linked:
            self._linked = text[:LONGEST_SCRIPT]

    def facts(self) -> Facts:
        """Return what was stated; meta elements before JSON-LD before the title."""
        linked = _article(self._linked)
        publisher = linked.get("publisher")
        outlet = publisher.get("name", "") if isinstance(publisher, dict) else ""
        date = _DATE.match(
            self._first("article:published_time", "date", "dc.date", "pubdate")
            or _text(linked.get("datePublished"))
        )
        address = self._canonical or self._first("og:url") or _text(linked.get("url"))
        return Facts(
            shortened(self._first("og:title") or _text(linked.get("headline")) or self._title),
            shortened(self._first("og:site_name") or _text(outlet)),
            date[0] if date else "",
            address if address.startswith(("https://", "http://")) else "",
        )

    def _first(self, *names: str) -> str:
        return next((self._meta[name] for name in names if name in self._meta), "")


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _article(script: str) -> dict[str, Any]:
    try:
        value = json.loads(script) if script else {}
    except (ValueError, RecursionError):
        return {}
    found: list[Any] = value if isinstance(value, list) else [value]
    for entry in found:
        if isinstance(entry, dict) and entry.get("@type") in ARTICLES:
            return entry
    return {}
