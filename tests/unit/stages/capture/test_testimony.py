"""Taking testimony in: whole, sealed, under its consent, and out of every comparison."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from spoken import INTERVIEW, NAMES, REPORT, write_record

from witnessmark.core.errors import InputError
from witnessmark.core.source import CopyKind, SourceKind
from witnessmark.stages import capture, extract
from witnessmark.stages.capture.copies import add_copy
from witnessmark.stages.capture.lookalikes import find_lookalikes
from witnessmark.stages.capture.testimony import take
from witnessmark.store.case import Case, open_case
from witnessmark.store.tables import CLAIMS, CUSTODY, MENTIONS, SOURCES, TESTIMONIES
from witnessmark.store.verify import verify_case
from witnessmark.store.withdrawal import covered_by

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEY = bytes(range(32))

MAIL = """From: hong@example.org
To: ada@example.org
Subject: what Hong Gil-dong said
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="zz"

--zz
Content-Type: text/plain

{body}
--zz
Content-Type: text/plain
Content-Disposition: attachment; filename="Hong Gil-dong.txt"

{attached}
--zz--
"""


def clock() -> str:
    """A fixed time."""
    return "2026-11-25T12:00:00Z"


@pytest.fixture
def sealed(tmp_path: Path) -> Iterator[Case]:
    """An empty sealed case."""
    opened = open_case(tmp_path / "sealed", KEY, create=True)
    yield opened
    opened.close()


@pytest.fixture
def record(tmp_path: Path) -> Path:
    """A whole record."""
    return write_record(tmp_path / "record.yaml")


def _interview(inputs: Path, name: str = "Hong Gil-dong.txt", text: str = INTERVIEW) -> Path:
    path = inputs / name
    path.write_text(text, encoding="utf-8")
    return path


def test_its_sources_bear_its_number_and_nobodys_name(
    sealed: Case, inputs: Path, record: Path
) -> None:
    """File name and first line hold names: the rows hold neither; the record keeps the former."""
    done = take(sealed, [_interview(inputs)], record, clock=clock)
    (source,) = done.sources
    assert (source.testimony, source.name, source.title) == ("t1", "t1-s1.txt", "t1-s1.txt")
    assert sealed.casebook.rows(SOURCES) == (source,)
    assert sealed.casebook.rows(TESTIMONIES) == (done.testimony,)
    assert done.testimony.files == ("Hong Gil-dong.txt",)
    assert [row.event for row in sealed.custody.rows()] == ["captured", "rendered"]
    assert sealed.original(source) == INTERVIEW.encode()
    assert verify_case(sealed).faults == ()


def test_no_path_of_a_member_and_no_name_of_a_bad_file_is_told(
    sealed: Case, inputs: Path, record: Path
) -> None:
    """A member's row says in which source it lay, not its path; errors mask protected names."""
    with zipfile.ZipFile(inputs / "HongGildong1.zip", "w") as box:
        box.writestr("홍길동/Hong Gil-dong.txt", INTERVIEW)
        box.writestr("Hong Gil-dong.pdf", b"%PDF-1.4 broken")
    done = take(sealed, [inputs / "HongGildong1.zip"], record, clock=clock)
    assert [row.origin for row in sealed.casebook.rows(SOURCES)] == ["file", "member of s1"]
    (failure,) = done.failures
    assert "member ████" in failure.where
    assert [name for name in (*NAMES, "HongGildong") if name in str(failure)] == []
    assert set(covered_by(sealed, "s1").sources) == {"s1", "s2"}
    empty = inputs / "Jang Bo-go.txt"
    empty.touch()
    with pytest.raises(InputError, match="no file of the testimony") as told:
        take(sealed, [empty], record, clock=clock)
    assert "Jang" not in str(told.value)


def test_a_reports_name_and_a_copys_name_are_masked_too(
    sealed: Case, inputs: Path, record: Path
) -> None:
    """A copy comes back as it is kept; what couldn't be compared is told without the name."""
    take(sealed, [_interview(inputs)], record, clock=clock)
    copy = _interview(inputs, "copy of Hong Gil-dong.txt", "Said, in English: more.")
    made = add_copy(sealed, copy, of="s1", kind=CopyKind.TRANSLATED, clock=clock)
    assert (made.name, made.title) == ("t1-s2.txt", "t1-s2.txt")
    capture.run(sealed, [_interview(inputs, "Jang Bogo.txt", "Short.")], clock=clock)
    told = find_lookalikes(sealed).not_compared
    assert len(told) == 3
    assert [line for line in told for name in NAMES if name in line] == []


def test_a_plain_case_takes_none(case: Case, inputs: Path, record: Path) -> None:
    """Neither through the front door nor as the testimony of a captured file."""
    interview = _interview(inputs)
    with pytest.raises(InputError, match="plain case takes no testimony"):
        take(case, [interview], record, clock=clock)
    with pytest.raises(InputError, match="plain case takes no testimony"):
        capture.run(case, [interview], clock=clock, testimony="t1")
    assert not case.casebook.rows(SOURCES)
    assert not case.casebook.rows(CUSTODY)
    assert verify_case(case).faults == ()


def test_what_is_attached_or_copied_is_under_the_same_consent(
    sealed: Case, inputs: Path, record: Path
) -> None:
    """An attachment and a later copy belong to the testimony, whoever captures them."""
    mail = MAIL.format(body=INTERVIEW, attached="He said more on the next day.")
    done = take(sealed, [_interview(inputs, "a.eml", mail)], record, clock=clock)
    assert [row.kind for row in done.sources] == [SourceKind.EMAIL, SourceKind.TEXT]
    assert {row.testimony for row in done.sources} == {"t1"}
    copy = _interview(inputs, "copy of Hong Gil-dong.txt", "Said, in English: more.")
    capture.run(sealed, [copy], clock=clock, copy_of="s1", copy_kind=CopyKind.TRANSLATED)
    row = sealed.casebook.rows(SOURCES)[-1]
    assert (row.testimony, row.name, row.copy_of) == ("t1", "t1-s3.txt", "s1")


def test_it_is_compared_with_nothing(sealed: Case, inputs: Path, record: Path) -> None:
    """The same words in a report: two reports are shown as alike, text, mail and picture of a
    testimony never."""
    pictures = pytest.importorskip("PIL.Image")
    image = pictures.effect_mandelbrot((200, 150), (-2, -1, 1, 1), 50)
    for number, size in enumerate(((200, 150), (180, 135), (160, 120)), start=1):
        kept = io.BytesIO()
        image.resize(size).save(kept, "PNG")
        (inputs / f"{number}.png").write_bytes(kept.getvalue())
    body = "\n".join(f"Sentence {number} of the testimony says a thing." for number in range(30))
    mail = MAIL.format(body=body, attached=f"{body}\nAnd one more thing.")
    given = [_interview(inputs, "a.eml", mail), _interview(inputs, "b.txt", f"{body}\nYes.")]
    take(sealed, [*given, inputs / "1.png"], record, clock=clock)
    for name, text in (("c.txt", f"{body}\nOne."), ("d.txt", f"{body}\nTwo.")):
        capture.run(sealed, [_interview(inputs, name, text)], clock=clock)
    capture.run(sealed, [inputs / "2.png", inputs / "3.png"], clock=clock)
    spoken = {row.id for row in sealed.casebook.rows(SOURCES) if row.testimony}
    assert len(spoken) == 4
    found = find_lookalikes(sealed)
    assert {pair.what for pair in found.pairs} == {"text", "image"}
    assert not [pair for pair in found.pairs if {pair.left, pair.right} & spoken]
    assert sum("never compared" in line for line in found.not_compared) == 4
    assert not [line for line in found.not_compared for name in NAMES if name in line]


def test_a_file_that_is_held_elsewhere_is_refused(sealed: Case, inputs: Path, record: Path) -> None:
    """Withdrawing the testimony would leave its bytes or words there: it isn't taken in."""
    interview = _interview(inputs)
    capture.run(sealed, [interview], clock=clock)
    before = sealed.casebook.digest()
    with pytest.raises(InputError, match="holds these bytes or words already, as s1"):
        take(sealed, [interview], record, clock=clock)
    marked = inputs / "marked.txt"
    marked.write_text(INTERVIEW, encoding="utf-8-sig")
    with pytest.raises(InputError, match="holds these bytes or words already, as s1"):
        take(sealed, [marked], record, clock=clock)
    assert sealed.casebook.digest() == before
    assert verify_case(sealed).faults == ()


def test_nothing_readable_means_nothing_taken_in(sealed: Case, inputs: Path, record: Path) -> None:
    """No record without a source; a bad file beside a good one is told."""
    empty = inputs / "empty.txt"
    empty.touch()
    with pytest.raises(InputError, match="no file of the testimony"):
        take(sealed, [empty], record, clock=clock)
    assert not sealed.casebook.rows(TESTIMONIES)
    assert not sealed.casebook.rows(SOURCES)
    done = take(sealed, [empty, _interview(inputs)], record, clock=clock)
    assert len(done.failures) == len(done.sources) == 1
    assert done.testimony.id == "t1"


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"code": "Ada Exampleson 1", "interviewer": "Ada Exampleson"}, "bears a name"),
        ({"code": "Jang Bogo 2"}, "bears a name"),
        ({"place": {"country": "KP", "province": "Sinuiju"}}, "finer than a province"),
    ],
)
def test_the_record_is_held_against_names_and_gazetteer(
    sealed: Case, inputs: Path, tmp_path: Path, changes: dict[str, object], what: str
) -> None:
    """A name where outputs will print it, or a town that passes for a province: refused."""
    wrong = write_record(tmp_path / "wrong.yaml", **changes)
    with pytest.raises(InputError, match=what):
        take(sealed, [_interview(inputs)], wrong, clock=clock)
    assert sealed.casebook.rows(TESTIMONIES) == ()


def test_a_province_of_the_gazetteer_is_taken(sealed: Case, inputs: Path, tmp_path: Path) -> None:
    """Country and province are as fine as a record may be without more consent."""
    fine = write_record(tmp_path / "r.yaml", place={"country": "KP", "province": "North Pyongan"})
    assert take(sealed, [_interview(inputs)], fine, clock=clock).testimony.where == (
        "North Pyongan, KP"
    )


@pytest.mark.parametrize("text", ["{", "a: &a [*a]", "- x", "!!python/object:os.system x", "\x00"])
def test_a_record_that_is_none_is_refused(
    sealed: Case, inputs: Path, tmp_path: Path, text: str
) -> None:
    """No YAML, no mapping, YAML that would run code: an error, nothing taken in."""
    path = tmp_path / "r.yaml"
    path.write_text(text)
    with pytest.raises(InputError):
        take(sealed, [_interview(inputs)], path, clock=clock)
    assert sealed.casebook.rows(SOURCES) == ()


def test_without_consent_to_internal_use_it_is_kept_and_not_read(
    sealed: Case, inputs: Path, tmp_path: Path
) -> None:
    """Bytes and log are held; no claim and no mention is made of it, and extract says why."""
    consent = {"purposes": ["filing"], "how": "oral", "date": "2026"}
    closed = write_record(tmp_path / "r.yaml", consent=consent)
    (inputs / "report.txt").write_text(REPORT)
    capture.run(sealed, [inputs / "report.txt"], clock=clock)
    take(sealed, [_interview(inputs)], closed, clock=clock)
    done = extract.run(sealed)
    assert [source for source, _ in done.not_read] == ["s2"]
    assert "does not include internal use" in done.not_read[0][1]
    assert {row.source for row in sealed.casebook.rows(CLAIMS)} == {"s1"}
    assert {row.source for row in sealed.casebook.rows(MENTIONS)} <= {"s1"}
    assert done.claims == len(sealed.casebook.rows(CLAIMS)) > 0
    row = sealed.casebook.rows(CLAIMS)[0]
    sealed.casebook.append(CLAIMS, [replace(row, id="c1", source="s2")])
    assert {row.source for row in sealed.casebook.rows(CLAIMS)} == {"s1"}
