"""Reads a dossier as an independent checker would: facts, data, text outside facts."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

VOID = {"meta", "br", "img", "input", "link", "hr", "path", "rect", "circle"}


@dataclass
class Fact:
    """One element of class ``fact``."""

    claims: list[str]
    text: str = ""


@dataclass
class Page(HTMLParser):
    """What a dossier holds."""

    facts: list[Fact] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)
    addresses: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        HTMLParser.__init__(self, convert_charrefs=True)
        self._stack: list[tuple[str, Fact | None, bool]] = []
        self._script = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        self.addresses += [found[name] for name in ("src", "href", "action") if name in found]
        if tag in VOID:
            return
        fact = None
        if "fact" in found.get("class", "").split():
            fact = Fact(found["data-claims"].split())
            self.facts.append(fact)
        self._stack.append(
            (tag, fact, "data-rendition" in found or "record" in found.get("class", "").split())
        )
        if tag == "script":
            self._script = found.get("id", "code")

    def handle_endtag(self, tag: str) -> None:
        for place in range(len(self._stack) - 1, -1, -1):
            if self._stack[place][0] == tag:
                del self._stack[place:]
                break
        if tag == "script":
            self._script = ""

    def handle_data(self, data: str) -> None:
        if self._script:
            if self._script == "witnessmark":
                self.data = json.loads(data)
            return
        if any(tag == "style" for tag, _, _ in self._stack):
            return
        facts = [fact for _, fact, _ in self._stack if fact is not None]
        for fact in facts:
            fact.text += data
        if not facts and not any(verbatim for _, _, verbatim in self._stack):
            self.outside.append(data)


def read(html: str) -> Page:
    """Return what *html* holds."""
    page = Page()
    page.feed(html)
    return page
