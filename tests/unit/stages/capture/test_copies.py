"""Copies: linked to the first original, worth no more, never a second source."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.stages.capture.conftest import clock

from witnessmark.core.errors import InputError
from witnessmark.core.source import CopyKind, Rendering, Standing
from witnessmark.stages import capture, extract
from witnessmark.stages.capture.copies import add_copy
from witnessmark.stages.capture.lookalikes import find_lookalikes
from witnessmark.store.case import Case
from witnessmark.store.tables import CLAIMS, RENDITIONS, SOURCES
from witnessmark.store.verify import verify_case

TEXT = (
    "Prisoners in the labour camp in Ryongchon county make wigs and false eyelashes.\n"
    "The prisoners work for more than 12 hours a day, a source in the province said.\n"
    "Those who do not finish the quota must work through the night.\n"
)


@pytest.fixture
def held(case: Case, inputs: Path) -> Case:
    """A case with one text."""
    (inputs / "a.txt").write_text(TEXT)
    assert capture.run(case, [inputs / "a.txt"], clock=clock).failures == ()
    return case


def _file(inputs: Path, name: str, text: str) -> Path:
    path = inputs / name
    path.write_text(text)
    return path


def test_linked_to_the_first_original(held: Case, inputs: Path) -> None:
    """A copy of a copy names the original; the original's row and text are untouched."""
    before = (held.casebook.rows(SOURCES), held.casebook.rows(RENDITIONS))
    one = _file(inputs, "b.txt", TEXT.replace("Ryongchon", "[withheld]"))
    two = _file(inputs, "c.txt", TEXT.replace("Ryongchon county", "[withheld]"))
    first = add_copy(held, one, of="s1", kind=CopyKind.REDACTED, clock=clock)
    second = add_copy(held, two, of=first.id, kind=CopyKind.WORKING, clock=clock)
    assert (first.copy_of, first.copy_kind) == ("s1", CopyKind.REDACTED)
    assert (second.copy_of, second.copy_kind) == ("s1", CopyKind.WORKING)
    assert held.casebook.rows(SOURCES)[:1] == before[0]
    assert held.casebook.rows(RENDITIONS)[:1] == before[1]
    assert verify_case(held).faults == ()


def test_read_in_the_original(held: Case, inputs: Path) -> None:
    """A redacted copy adds no claim and is told; look-alikes don't propose it as a duplicate."""
    extract.run(held)
    claims = held.casebook.rows(CLAIMS)
    assert claims
    path = _file(inputs, "b.txt", TEXT.replace("Ryongchon", "[withheld]"))
    add_copy(held, path, of="s1", kind=CopyKind.REDACTED, clock=clock)
    done = extract.run(held)
    assert held.casebook.rows(CLAIMS) == claims
    assert ("s2", "a redacted copy of s1: read there") in done.not_read
    assert find_lookalikes(held).pairs == ()
    other = _file(inputs, "d.txt", TEXT.replace("Ryongchon", "Yomju"))
    capture.run(held, [other], clock=clock)
    assert find_lookalikes(held).pairs, "the same text given as no copy is still shown"


def test_a_translation_is_named_one(case: Case, inputs: Path) -> None:
    """The text of a translated copy is a translation, and is read beside its original."""
    capture.run(
        case,
        [_file(inputs, "zh.txt", "囚犯每天工作超过十二小时,制作假发和假睫毛。" * 5)],
        clock=clock,
    )
    path = _file(inputs, "en.txt", TEXT)
    copy = add_copy(case, path, of="s1", kind=CopyKind.TRANSLATED, clock=clock)
    rendition = next(row for row in case.casebook.rows(RENDITIONS) if row.source == copy.id)
    assert rendition.rendering is Rendering.TRANSLATION
    extract.run(case)
    own = [claim for claim in case.casebook.rows(CLAIMS) if claim.source == copy.id]
    assert own
    assert {claim.rendering for claim in own} == {Rendering.TRANSLATION}


def test_worth_no_more_than_its_original(case: Case, inputs: Path) -> None:
    """A copy of an invented example is invented, whatever it says of itself."""
    (inputs / "a.txt").write_text(TEXT)
    capture.run(case, [inputs / "a.txt"], clock=clock, standing=Standing.INVENTED)
    path = _file(inputs, "b.txt", TEXT + "More.\n")
    copy = add_copy(case, path, of="s1", kind=CopyKind.CLEANED, clock=clock)
    assert copy.standing is Standing.INVENTED


def test_refusals(held: Case, inputs: Path) -> None:
    """No original, the same bytes, a folder, a container: refused, and nothing is written."""
    before = held.casebook.digest()
    same = _file(inputs, "same.txt", TEXT)
    new = _file(inputs, "b.txt", TEXT + "x")
    packed = inputs / "p.zip"
    import zipfile

    with zipfile.ZipFile(packed, "w") as container:
        container.writestr("a.txt", TEXT)
    for path, of, told in (
        (new, "s7", "there is no source s7"),
        (same, "s1", "holds these bytes already, as s1"),
        (packed, "s1", "a container is no copy"),
    ):
        with pytest.raises(InputError, match=told):
            add_copy(held, path, of=of, kind=CopyKind.WORKING, clock=clock)
    with pytest.raises(InputError):
        add_copy(held, inputs, of="s1", kind=CopyKind.WORKING, clock=clock)
    assert held.casebook.digest() == before
