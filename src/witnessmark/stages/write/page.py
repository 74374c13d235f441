"""The dossier's page: material to one self-contained HTML text.

Laws:
1. Pure: the same material, wording, rules and date give the same text.
2. Every text of a source is escaped; nothing in it can become markup.
3. The page asks for nothing from outside, and its one script is named by its hash.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from witnessmark.core.finding import IndicatorState
from witnessmark.core.provenance import INTERNAL_HANDLING, INVENTED
from witnessmark.stages.write.embed import data_block
from witnessmark.stages.write.exhibits import evidence_by_source
from witnessmark.stages.write.goods import goods_of
from witnessmark.stages.write.lookups import STANDING_MARKS, Lookups
from witnessmark.stages.write.outline import Outline, outline_of

if TYPE_CHECKING:
    from datetime import date

    from witnessmark.core.provenance import Versions
    from witnessmark.stages.write.material import Material
    from witnessmark.stages.write.phrasebook import Phrasebook

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
SECTIONS = (
    ("summary", "Summary"),
    ("reported", "Reported"),
    ("where", "Where"),
    ("time", "Timeline"),
    ("works", "How it works"),
    ("scale", "How big"),
    ("goods", "Goods"),
    ("indicators", "Indicators"),
    ("law", "Law"),
    ("against", "For and against"),
    ("languages", "Two languages"),
    ("evidence", "Evidence"),
    ("sources", "Sources"),
    ("method", "Method"),
)
FIRST_PRINTING_SIGN = 0x20
PICTURES = 0x2400
"""Where Unicode's pictures of the control signs begin."""
TURNING_SIGNS = dict.fromkeys(
    (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
)
"""Controls of the direction of writing (Unicode, UAX 9)."""
REGIMES_SHOWN = 6
"""Regimes whose row is open; the others fold open, by name."""
NOTES_BESIDE_LEAD = 5
"""Notes beside the summary; more would run past it."""


def date_words(day: date) -> str:
    """Return a date in words, the same in every locale (``25 November 2026``)."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def verbatim(text: str) -> Markup:
    """Return a quote as markup, every sign of it as it stands.

    Control signs that no page can hold are shown by their pictures (U+2400 and on);
    the data block keeps the text itself. Signs that turn the direction of writing
    stay: the page isolates each quote, so that they turn nothing else.
    """
    return escape(_printing(text))


def shown(value: object) -> object:
    """Return what the page prints of *value*: plain text loses the signs that turn it.

    Every expression of the template passes here; a quote is markup already.
    """
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return _printing(value).translate(TURNING_SIGNS)


def _printing(text: str) -> str:
    return "".join(
        chr(PICTURES + ord(sign))
        if ord(sign) < FIRST_PRINTING_SIGN and sign not in "\t\n\r"
        else sign
        for sign in text
    )


def with_stop(text: str) -> str:
    """Return *text* as a sentence that ends."""
    text = text.strip()
    return text if not text or text[-1] in ".!?…" else f"{text}."


@cache
def _asset(name: str) -> str:
    return files("witnessmark.stages.write").joinpath("templates", name).read_text("utf-8")


def page_text(
    material: Material, book: Phrasebook, versions: Versions, as_of: date, title: str | None
) -> str:
    """Return the dossier as HTML text."""
    outline = outline_of(material, book)
    script = _asset("dossier.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    style = _asset("dossier.css").replace("HANDLING", INTERNAL_HANDLING)
    marks = [STANDING_MARKS[standing] for standing in material.standings]
    pages = Environment(
        loader=PackageLoader("witnessmark.stages.write"),
        autoescape=True,
        finalize=shown,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    pages.filters["verbatim"] = verbatim
    pages.filters["stop"] = with_stop
    pages.globals.update(Lookups(outline, material, book).functions())
    return pages.get_template("dossier.html.j2").render(
        **_plain(outline),
        material=material,
        title=title,
        as_of_words=date_words(as_of),
        window_title=f"Witnessmark dossier, internal, as of {date_words(as_of)}",
        handling=INTERNAL_HANDLING,
        invented_mark=INVENTED,
        standing_marks=marks,
        versions=versions,
        rule_label=", ".join(sorted({rule.version for rule in versions.rules})) or "none",
        sections=[row for row in SECTIONS if row[0] != "languages" or outline.pairs],
        evidence=evidence_by_source(outline.exhibits, material.sources),
        goods=goods_of(
            material.runs,
            material.routes,
            [row.gap for row in outline.gaps],
            material.companies,
        ),
        silent=[s for s in outline.indicators if s.row.state is IndicatorState.SOURCE_SILENT],
        told_signs=[
            s for s in outline.indicators if s.row.state is not IndicatorState.SOURCE_SILENT
        ],
        regimes_shown=REGIMES_SHOWN,
        lead_notes=outline.lead_notes[:NOTES_BESIDE_LEAD],
        style=Markup(style),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        script_hash=f"sha256-{digest}",
        data=Markup(data_block(material, book, outline.origins, as_of)),  # noqa: S704 - escaped there
    )


def _plain(outline: Outline) -> dict[str, Any]:
    return {name: getattr(outline, name) for name in Outline.__slots__ if name != "lead_notes"}
