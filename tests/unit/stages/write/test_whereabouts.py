"""Where quotes stand in the original, and which pictures a page may hold."""

# ruff: noqa: E501 - rows of tables, one a line

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import dossier_reader as reader  # type: ignore[import-not-found]  # beside this file
import pytest
import seed_case  # type: ignore[import-not-found]  # beside this file

from witnessmark.core.provenance import INVENTED, Audience
from witnessmark.core.source import Rendering, Rendition, SourceKind, Standing
from witnessmark.core.span import Anchor, OffsetMap, Span
from witnessmark.stages import write
from witnessmark.stages.write.pictures import LARGEST_PICTURE_BYTES, WITHHELD
from witnessmark.stages.write.whereabouts import place_in_original
from witnessmark.store import tables

if TYPE_CHECKING:
    from pathlib import Path

    from witnessmark.store.case import Case

AS_OF = date(2026, 11, 25)
TEXT = "가나 first line\nsecond line\n"
PIXELS = b"\x89PNG\r\n\x1a\n not a real drawing"


def rendition(*anchors: Anchor) -> Rendition:
    return Rendition("0" * 64, "s1", Rendering.IDENTITY, "x", len(TEXT), "v", OffsetMap(anchors))


def test_bytes_are_exact_where_the_text_reads_byte_for_byte() -> None:
    """In UTF-8 the range is that of the quote itself, counted in bytes, not in signs."""
    cut = TEXT.index("second")
    split = len(TEXT[:cut].encode())
    whole = rendition(
        Anchor(0, cut, "bytes", 0, split),
        Anchor(cut, len(TEXT), "bytes", split, len(TEXT.encode())),
    )
    for words in ("first", "second", "line\nsecond", "가나"):
        start = TEXT.index(words)
        place = place_in_original(whole, TEXT, Span(start, start + len(words)))
        low, high = (int(number) for number in place.removeprefix("bytes ").split("–"))
        assert TEXT.encode()[low:high].decode() == words


def test_a_stretch_that_was_decoded_is_named_whole() -> None:
    """Where one sign of the text took more bytes (an entity), the whole stretch is given."""
    decoded = rendition(Anchor(0, len(TEXT), "bytes", 100, 400))
    assert place_in_original(decoded, TEXT, Span(3, 8)) == "bytes 100–400"


@pytest.mark.parametrize(
    ("anchors", "expected"),
    [
        ((Anchor(0, 27, "page", 2, 2),), "page 2"),
        ((Anchor(0, 5, "page", 2, 2), Anchor(5, 27, "page", 3, 3)), "pages 2–3"),
        ((Anchor(0, 27, "part", 7, 7, "word/document.xml"),), "paragraph 7"),
        ((Anchor(0, 27, "part", 7, 7, "word/footnotes.xml"),), "paragraph 7 of word/footnotes.xml"),
        ((Anchor(0, 27, "region", 1, 1, "", (333.0, 778.0, 351.0, 761.0)),), "image, pixels 333–351 across, 761–778 down"),
        ((Anchor(0, 27, "made", 0, 0),), ""),
    ],
)  # fmt: skip
def test_pages_paragraphs_and_regions_are_named(anchors: tuple[Anchor, ...], expected: str) -> None:
    """The map says the place; what the reader made itself has none."""
    assert place_in_original(rendition(*anchors), TEXT, Span(3, 8)) == expected


def with_picture(case: Case, **changes: object) -> None:
    first = case.casebook.rows(tables.SOURCES)[0]
    picture = replace(
        first,
        id="s9",
        name="drawing.png",
        kind=SourceKind.IMAGE,
        media_type="image/png",
        size=len(PIXELS),
        sha256=seed_case.sha256_hex(PIXELS),
        vault_object=case.vault.put(PIXELS),
        outlet="",
        published="",
        standing=Standing.INVENTED,
    )
    case.casebook.append(tables.SOURCES, [replace(picture, **changes)])  # type: ignore[arg-type]  # the tests name the fields


def written(case: Case, out: Path) -> str:
    made = write.run(case, out=out, audience=Audience.INTERNAL, as_of=AS_OF)
    return made.dossier.read_text()


def test_an_invented_drawing_is_shown_with_its_standing(case: Case, tmp_path: Path) -> None:
    """The picture lies inside the page, the words that it is invented beside it."""
    with_picture(case)
    html = written(case, tmp_path)
    page = reader.read(html)
    shown = [one for one in page.addresses if one.startswith("data:image/png;base64,")]
    assert len(shown) == 1
    assert INVENTED in html.split('class="thumb"')[1].split("</figure>")[0]
    assert all(one.startswith(("#", "data:")) for one in page.addresses)


def test_a_photograph_that_is_evidence_is_never_copied(case: Case, tmp_path: Path) -> None:
    """Evidence is withheld and says so; a large drawing is not shown either."""
    with_picture(case, standing=Standing.EVIDENCE)
    html = written(case, tmp_path / "evidence")
    assert WITHHELD in html
    assert "img" not in reader.read(html).tags
    assert "base64" not in html


def test_a_large_drawing_is_not_shown(case: Case, tmp_path: Path) -> None:
    """A page stays small: what is larger than the limit is named, not copied."""
    with_picture(case, size=LARGEST_PICTURE_BYTES)
    html = written(case, tmp_path)
    assert "img" not in reader.read(html).tags
    assert "not shown here: too large" in html


def test_no_date_is_one_line(case: Case, tmp_path: Path) -> None:
    """Where no source states a date, the timeline is one sentence; a date is told with its source."""
    dated = written(case, tmp_path / "dated").split('id="time"')[1].split("</section>")[0]
    assert "2025-05-23" in dated
    assert "No source states a date." not in dated
    rows = [replace(row, published="") for row in case.casebook.rows(tables.SOURCES)]
    case.casebook.replace(tables.SOURCES, rows)
    times = [c.id for c in case.casebook.rows(tables.CLAIMS) if c.predicate.value == "time_period"]
    seed_case.judge(case, *times)
    undated = written(case, tmp_path / "undated").split('id="time"')[1].split("</section>")[0]
    assert "No source states a date." in undated
    assert "<li>" not in undated


def test_origins_are_printed_with_their_reasons(case: Case, tmp_path: Path) -> None:
    """The count and the reasons are weigh's; before it has run, nothing is counted."""
    html = written(case, tmp_path / "weighed")
    assert "1 independent origin<" in html
    assert "Counted as one, because s1 and s2: the same outlet (rule 1)." in html
    case.casebook.replace(tables.ORIGINS, [])
    html = written(case, tmp_path / "unweighed")
    assert "independent origins: not weighed" in html
    assert "Counted as one" not in html


def test_a_box_holds_few_labels_each_once(case: Case, tmp_path: Path) -> None:
    """Three labels and how many more; the penalties have names of their own."""
    html = written(case, tmp_path)
    boxes = html.split('<ol class="flowlist narrow">')[1].split("</ol>")[0]
    labels = [part.split("<")[0] for part in boxes.split("<b>")[1:]]
    assert len(labels) == len(set(labels))
    assert not any(label == "Penalty" for label in labels)
    told = [part.split("</b>")[1].split("<")[0].split("; ") for part in boxes.split("<b>")[1:]]
    assert told
    for words in told:
        assert len(words) <= 4
        assert len(words) < 4 or words[-1].startswith("+")
        assert len(words) == len({word.casefold() for word in words})


def test_a_sentence_does_not_repeat_its_quote_beside_it(case: Case, tmp_path: Path) -> None:
    """In what is reported each quote stands in its sentence; there is no margin note."""
    html = written(case, tmp_path).split('id="reported"')[1].split("</section>")[0]
    assert 'class="fact"' in html
    assert "<aside" not in html
