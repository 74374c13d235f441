"""A judged claim on an older reading: looked for in the new one, proposed, never inherited."""

from __future__ import annotations

from dataclasses import replace

import pytest

from witnessmark.core.canonical import sha256_hex
from witnessmark.core.claim import Attribution, Claim, Modality, Predicate, Status, Tier
from witnessmark.core.rereading import Found
from witnessmark.core.source import Rendering, Rendition
from witnessmark.core.span import Anchor, OffsetMap
from witnessmark.stages.extract.reanchor import Reading, reanchor


def _paged(text: str, *, boxes: dict[str, float] | None = None, source: str = "s1") -> Reading:
    """Return a reading whose words stand on a page, ten points a sign, a line per 60 signs."""
    anchors: list[Anchor] = []
    at = 0
    for number, word in enumerate(text.split(" ")):
        if number:
            anchors.append(Anchor(at, at + 1, "made", 0, 0))
            at += 1
        line = (boxes or {}).get(f"{number}", float(number))
        box = (10.0 * line, 700.0, 10.0 * line + 9, 712.0)
        anchors.append(Anchor(at, at + len(word), "page", 1, 1, "", box))
        at += len(word)
    digest = sha256_hex(text.encode())
    row = Rendition(
        digest, source, Rendering.OCR, "test 1", len(text), "o", OffsetMap(tuple(anchors))
    )
    return Reading(row, text)


def _claim(reading: Reading, quote: str, value: object = "wig", *, nth: int = 0) -> Claim:
    start = -1
    for _ in range(nth + 1):
        start = reading.text.index(quote, start + 1)
    return Claim(
        "", "s1", reading.row.id, Rendering.OCR, Predicate.MAKES, value, "prisoners",  # type: ignore[arg-type]
        quote, start, start + len(quote), Attribution.AUTHOR, "x", Modality.ASSERTED, Tier.CLAIM,
        1.0, Status.PROPOSED, "test 1",
    ).identified()  # fmt: skip


OLD = _paged("the prisoners make w1gs and knit all day long in the camp")


@pytest.mark.parametrize(
    ("now", "quote", "how"),
    [
        ("there the prisoners make w1gs and more", "prisoners make w1gs", Found.WORDS),
        (
            "the prisoners make wigs and knit all day long in the camp",
            "prisoners make w1gs",
            Found.PLACE,
        ),
        (
            "a whole new line comes before all and the prisoners make wigs and knit ali day long",
            "prisoners make w1gs and knit all day",
            Found.NEARLY,
        ),
    ],
)
def test_found(now: str, quote: str, how: Found) -> None:
    """The same words, then the same place, then nearly the same words; each says which."""
    new = _paged(now)
    old = _claim(OLD, quote)
    claim, row = reanchor(replace(old, status=Status.ACCEPTED), OLD, [new], ())
    assert claim is not None
    assert claim.status is Status.PROPOSED, "a decision is never inherited"
    assert claim.quote == new.text[claim.start : claim.end]
    assert claim.rendition == new.row.id
    assert (row.id, row.claim, row.how) == (old.id, claim.id, how)
    assert old.id in claim.reason
    assert claim.id != old.id
    assert row.likeness == 1 if how is Found.WORDS else 0.8 < row.likeness < 1


def test_line_breaks_do_not_matter() -> None:
    """The same words with other blanks and line breaks are the same words."""
    new = _paged("the\nprisoners\nmake  w1gs there".replace("  ", " "))
    claim, row = reanchor(_claim(OLD, "prisoners make w1gs"), OLD, [new], ())
    assert claim is not None
    assert row.how is Found.WORDS
    assert claim.quote == "prisoners\nmake w1gs"


def test_several_places() -> None:
    """Words that stand several times: the one of the same number, or none at all."""
    old = _paged("they make wigs and they make wigs and rest")
    same = _paged("here they make wigs and they make wigs and rest", boxes={"0": 90.0})
    claim, _ = reanchor(_claim(old, "make wigs", nth=1), old, [_bare(same)], ())
    assert claim is not None
    assert claim.start == same.text.rindex("make wigs")
    more = _bare(_paged("make wigs make wigs make wigs"))
    lost, row = reanchor(_claim(old, "make wigs"), old, [more], ())
    assert lost is None
    assert row.how is Found.NOT_FOUND


def _bare(reading: Reading) -> Reading:
    """Return *reading* without places."""
    whole = OffsetMap((Anchor(0, len(reading.text), "made", 0, 0),))
    return Reading(replace(reading.row, offsets=whole), reading.text)


def test_not_found_is_said() -> None:
    """What stands nowhere is not found, and the row keeps the old claim."""
    old = _claim(OLD, "prisoners make w1gs")
    claim, row = reanchor(old, OLD, [_bare(_paged("quite another text about fishing boats"))], ())
    assert claim is None
    assert (row.claim, row.how, row.old) == ("", Found.NOT_FOUND, old)
    assert "nowhere" in row.reason
    other = _paged("entirely other words stand here now on this very page")
    assert reanchor(old, OLD, [other], ())[0] is None, "the same place with other words is none"


def test_the_reading_of_the_new_text_counts() -> None:
    """A claim that the new text gave there itself is taken up, with its own value."""
    new = _paged("the prisoners make wigs and knit all day long in the camp")
    fresh = _claim(new, "make wigs", "false eyelash")
    claim, row = reanchor(_claim(OLD, "prisoners make w1gs"), OLD, [new], [fresh])
    assert claim == fresh
    assert "another value" in row.reason


def test_a_changed_figure_is_said() -> None:
    """Where a figure reads differently now the reason says so."""
    old = _paged("they work 12 hours each day in the camp")
    new = _paged("they work 13 hours each day in the camp")
    claim, row = reanchor(_claim(old, "work 12 hours each day", "x"), old, [new], ())
    assert claim is not None
    assert "13 hours" in claim.quote
    assert "a figure reads differently now" in row.reason
