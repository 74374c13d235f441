"""How the acceptance tests make a dossier and read it: as a stranger's program would."""

from __future__ import annotations

import json
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from witnessmark.doors.cli.app import run

if TYPE_CHECKING:
    from pathlib import Path

AS_OF = "2026-11-25"


@dataclass(frozen=True, slots=True)
class Fact:
    """One factual stretch of a dossier: its text, the claims it names, whether it is prose."""

    text: str
    claims: tuple[str, ...]
    prose: bool


@dataclass(frozen=True, slots=True)
class Dossier:
    """A dossier as it was read back from its file."""

    case: Path
    out: Path
    html: str
    facts: tuple[Fact, ...]
    visible: str
    data: dict[str, Any]

    def claim(self, key: str) -> dict[str, Any]:
        """Return the claim with id *key* from the page's own data."""
        found: dict[str, Any] = next(row for row in self.data["claims"] if row["id"] == key)
        return found


class _Reader(HTMLParser):
    """Collects the text inside and outside ``class="fact"``, and the data island."""

    void = frozenset({"meta", "link", "br", "hr", "img", "input", "wbr", "path", "rect", "circle"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.facts: list[Fact] = []
        self.visible: list[str] = []
        self.island = ""
        self._open: list[str] = []
        self._fact: tuple[int, list[str], tuple[str, ...], bool] | None = None
        self._in_island = False
        self._hidden = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in {"script", "style"}:
            self._hidden = True
            self._in_island = given.get("id") == "witnessmark"
        if tag in self.void:
            return
        self._open.append(tag)
        if "fact" in (given.get("class") or "").split() and self._fact is None:
            named = tuple((given.get("data-claims") or "").split())
            self._fact = (len(self._open), [], named, "p" in self._open and tag == "span")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style"}:
            self._hidden = self._in_island = False
        if tag in self.void or tag not in self._open:
            return
        while self._open:
            closed = self._open.pop()
            if self._fact is not None and len(self._open) < self._fact[0]:
                text = " ".join("".join(self._fact[1]).split())
                self.facts.append(Fact(text, self._fact[2], self._fact[3]))
                self._fact = None
            if closed == tag:
                return

    def handle_data(self, data: str) -> None:
        if self._in_island:
            self.island += data
        elif not self._hidden:
            self.visible.append(data)
            if self._fact is not None:
                self._fact[1].append(data)


def read_dossier(case: Path, out: Path) -> Dossier:
    """Return the dossier that stands in folder *out*."""
    html = (out / "dossier.html").read_text(encoding="utf-8")
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return Dossier(
        case, out, html, tuple(reader.facts), " ".join(reader.visible), json.loads(reader.island)
    )


def investigate(folder: Path, *inputs: Path, options: tuple[str, ...] = ()) -> Dossier:
    """Run ``witnessmark investigate`` on *inputs* with a plain case in *folder*."""
    case, out = folder / "case", folder / "out"
    call = ["investigate", *map(str, inputs), "--case", str(case), "--plain", "--out", str(out)]
    assert run([*call, "--as-of", AS_OF, *options]) == 0
    return read_dossier(case, out)
