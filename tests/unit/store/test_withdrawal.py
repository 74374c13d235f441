"""Withdrawal: what goes is gone from every byte, what stays holds, and the log shows it."""

from __future__ import annotations

import hashlib
import os
import shutil
from base64 import b64encode
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from spoken import DETAINEE, INTERVIEW, INTERVIEWER, REPORT, SPEAKER, write_record
from sqlalchemy import event

from witnessmark.core.errors import EvidenceFault, InputError, StorageFault
from witnessmark.core.judgement import Decision, Judgement
from witnessmark.stages import capture, extract, identify, measure, weigh
from witnessmark.stages.capture.testimony import take
from witnessmark.store import casebook as casebooks
from witnessmark.store import engine as engines
from witnessmark.store.backup import backup, restore
from witnessmark.store.bag import export_bag
from witnessmark.store.bag_check import read_bag
from witnessmark.store.bag_import import import_bag
from witnessmark.store.case import Case, open_case
from witnessmark.store.connection_row import Connection
from witnessmark.store.custody import commitment, withdrawal_digest
from witnessmark.store.proof import prove
from witnessmark.store.seal import derived_key
from witnessmark.store.tables import (
    ACTORS,
    CLAIMS,
    CONNECTIONS,
    CUSTODY,
    INDICATORS,
    JUDGEMENTS,
    MENTIONS,
    RENDITIONS,
    SHELVES,
    SOURCES,
    TESTIMONIES,
)
from witnessmark.store.verify import verify_case, verify_path
from witnessmark.store.withdrawal import covered_by, withdraw

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from tests.unit.store.conftest import Made

    from witnessmark.core.claim import Claim, Mention

PAGE = 4096
RESERVED = 80
"""Bytes at the end of a SQLCipher page: 16 of IV, 64 of HMAC-SHA-512."""

AT = "2026-11-26T12:00:00Z"
STAYS = REPORT.replace(", a person called Hong Gil-dong told us", "")
"""A report that names nobody: nothing of the testimony is in it."""

KEY = hashlib.sha256(b"a case key").digest()


def clock() -> str:
    """A fixed time."""
    return "2026-11-25T12:00:00Z"


@pytest.fixture
def today() -> date:
    from datetime import date

    return date(2026, 11, 25)


def _withdraw(case: Case, target: str, why: str = "asked for") -> None:
    withdraw(case, target, by="an officer", why=why, at=AT)


def _decrypted(path: Path, key: bytes) -> bytes:
    """Return every page of the casebook and every frame of its log, decrypted, slack and all."""
    cipher_key = derived_key(key, "casebook")
    plain = b""
    content = path.read_bytes()
    for number in range(len(content) // PAGE):
        page = content[number * PAGE : (number + 1) * PAGE]
        plain += _page(page[16:] if number == 0 else page, cipher_key)
    log = path.with_name(f"{path.name}-wal")
    frames = log.read_bytes()[32:] if log.exists() else b""
    for start in range(0, len(frames) - PAGE - 23, PAGE + 24):
        page = frames[start + 24 : start + 24 + PAGE]
        first = int.from_bytes(frames[start : start + 4]) == 1
        plain += _page(page[16:] if first else page, cipher_key)
    return plain


def _page(page: bytes, key: bytes) -> bytes:
    vector = page[-RESERVED : -RESERVED + 16]
    with suppress(ValueError):
        decryptor = Cipher(algorithms.AES(key), modes.CBC(vector)).decryptor()
        return decryptor.update(page[:-RESERVED])
    return b""


@pytest.fixture
def spoken(tmp_path: Path, today: date) -> Path:
    """A sealed case: a report, a testimony, a second report; all stages ran, one decision."""
    path = tmp_path / "case"
    inputs = tmp_path / "inputs"
    inputs.mkdir()
    (inputs / "a.txt").write_text(STAYS)
    (inputs / "b.txt").write_text(STAYS.replace("wigs", "knitwear").replace("12", "14"))
    (tmp_path / "interview-of-Hong.txt").write_text(INTERVIEW, encoding="utf-8-sig")
    case = open_case(path, KEY, create=True)
    capture.run(case, [inputs / "a.txt"], clock=clock)
    record = write_record(tmp_path / "record.yaml")
    take(case, [tmp_path / "interview-of-Hong.txt"], record, clock=clock, by="T. Aker")
    capture.run(case, [inputs / "b.txt"], clock=clock)
    extract.run(case)
    identify.run(case)
    measure.run(case)
    weigh.run(case, as_of=today)
    ours = [row for row in case.casebook.rows(CLAIMS) if row.source == "s2"]
    other = next(row for row in case.casebook.rows(CLAIMS) if row.source == "s1")
    found = next(
        row for row in case.casebook.rows(INDICATORS) if any(claim.id in str(row) for claim in ours)
    )
    decisions = [
        Judgement(1, ours[0].id, Decision.ACCEPT, "R. Eader", AT, "the tape says it so"),
        Judgement(2, other.id, Decision.ACCEPT, "R. Eader", AT, "read in the original"),
        Judgement(3, found.id, Decision.ACCEPT, "R. Eader", AT, "by the rule"),
        Judgement(4, "c0000000000", Decision.REJECT, "R. Eader", AT, f"it says {ours[0].quote}"),
    ]
    case.casebook.append(JUDGEMENTS, decisions)
    case.close()
    return path


def _secrets(case: Case) -> dict[str, bytes]:
    """Return what must be gone: words, names, nonces, digests, keys, by what they are."""
    source = next(row for row in case.casebook.rows(SOURCES) if row.id == "s2")
    rendition = next(row for row in case.casebook.rows(RENDITIONS) if row.source == "s2")
    entries = [row for row in case.custody.rows() if row.subject in (source.id, rendition.id)]
    assert len(entries) == 2
    found: dict[str, bytes] = {
        "the speaker": SPEAKER.encode(),
        "the speaker in Korean": "홍길동".encode(),
        "the detainee": DETAINEE.encode(),
        "the interviewer": INTERVIEWER.encode(),
        "the file": b"interview-of-Hong",
        "who took it in": b"T. Aker",
        "digest of the source": source.sha256.encode(),
        "digest of the text": rendition.id.encode(),
        "the decision": b"the tape says it so",
    }
    found |= {f"nonce {entry.leaf}": entry.nonce.encode() for entry in entries}
    said: list[Claim | Mention] = [*case.casebook.rows(CLAIMS), *case.casebook.rows(MENTIONS)]
    for row in said:
        if row.source == "s2" and len(row.quote) >= 12 and row.quote not in STAYS:
            found[f"quote of {row.id}"] = row.quote.encode()
    for stored in (source.vault_object, rendition.vault_object):
        catalogued = case.catalogue.by_name(stored)
        assert catalogued is not None
        found[f"key of {stored}"] = catalogued.wrapped_key.encode()
        found[f"hash of {stored}"] = catalogued.keyed_hash.encode()
        found[f"name {stored}"] = stored.encode()
    return found


def _forms(secret: bytes) -> Iterator[bytes]:
    yield secret
    with suppress(ValueError):
        raw = bytes.fromhex(secret.decode())
        yield raw
        yield b64encode(raw)


def _everything(path: Path, key: bytes) -> bytes:
    plain = _decrypted(path / "casebook.db", key)
    for file in sorted(path.rglob("*")):
        plain += file.name.encode()
        if file.is_file():
            plain += file.read_bytes()
    return plain


def _left(path: Path, secrets: dict[str, bytes], key: bytes = KEY) -> list[str]:
    """Return what of *secrets* stands in any byte or name of the case, decrypted or raw."""
    everything = _everything(path, key)
    assert b"read in the original" in everything  # the search is not blind
    return [
        name
        for name, secret in secrets.items()
        if any(form in everything for form in _forms(secret))
    ]


def test_no_byte_of_it_stays(spoken: Path) -> None:
    """Words, names, nonces, digests, wrapped keys: in no page, slack, log, file or name."""
    case = open_case(spoken, KEY)
    secrets = _secrets(case)
    assert len(secrets) > 20
    before = set(_left(spoken, secrets))
    assert before == set(secrets)
    objects = len(list((spoken / "vault").rglob("*/*")))
    _withdraw(case, "t1")
    assert _left(spoken, secrets) == []
    assert len(list((spoken / "vault").rglob("*/*"))) == objects - 2
    case.close()
    assert _left(spoken, secrets) == []


def test_what_stays_is_untouched_and_what_rested_on_it_is_gone(spoken: Path) -> None:
    """Other sources keep ids, bytes and claims; later tables are empty, to be made anew."""
    case = open_case(spoken, KEY)
    kept = [row for row in case.casebook.rows(SOURCES) if row.id != "s2"]
    claims = [row for row in case.casebook.rows(CLAIMS) if row.source != "s2"]
    leaves = [row.commitment for row in case.custody.rows()]
    covered = covered_by(case, "t1")
    assert covered.sources == ("s2",)
    assert covered.claims > 3
    assert covered.judgements == (1, 3, 4)
    _withdraw(case, "t1")
    assert [row.id for row in kept] == ["s1", "s3"]
    assert list(case.casebook.rows(SOURCES)) == kept
    assert list(case.casebook.rows(CLAIMS)) == claims
    assert case.casebook.rows(TESTIMONIES) == ()
    for shelf in SHELVES:
        if shelf.stage in {"identify", "measure", "trace", "weigh"}:
            assert case.casebook.rows(shelf) == ()
    assert [row.commitment for row in case.custody.rows()][:-1] == leaves
    assert "".join(case.custody.lines()).split() == [
        *leaves,
        case.custody.rows()[-1].commitment,
    ]
    case.close()


def test_decisions_keep_who_and_when_but_no_word_of_it(spoken: Path) -> None:
    """A decision about something withdrawn, or that repeats its words, says no more what it was."""
    case = open_case(spoken, KEY)
    _withdraw(case, "t1", "the speaker asked")
    rows = case.casebook.rows(JUDGEMENTS)
    assert [row.number for row in rows] == [1, 2, 3, 4, 5]
    for row in (rows[0], rows[2], rows[3]):
        assert (row.target, row.why, row.by) == ("withdrawn", "", "R. Eader")
    assert rows[1].why == "read in the original"
    assert rows[4].why == "the speaker asked"
    assert rows[4].target == f"leaf {case.custody.rows()[-1].leaf}"
    case.close()


def test_verify_holds_and_says_what_was_withdrawn(spoken: Path) -> None:
    """Every step holds; the number of withdrawn entries is said, and that none can be opened."""
    case = open_case(spoken, KEY)
    assert not any("withdrawn" in note for note in verify_case(case).notes)
    _withdraw(case, "t1")
    report = verify_case(case)
    assert report.faults == ()
    said = [note for note in report.notes if "withdrawn" in note]
    assert len(said) == 1
    assert said[0].startswith("2 entries were withdrawn (leaves 2 to 3; leaf 6 says so")
    assert "cannot be opened any more" in said[0]
    with pytest.raises(InputError, match="withdrawn"):
        prove(case, "s2")
    assert prove(case, "s3")["size"] == 7
    case.close()


def test_the_new_leaf_commits_to_the_list_of_leaves_alone(spoken: Path) -> None:
    """It opens to the numbers of the leaves that it closes: the same whatever stood there."""
    case = open_case(spoken, KEY)
    _withdraw(case, "t1")
    entry = case.custody.rows()[-1]
    assert (entry.event, entry.subject) == ("withdrawn", "t1 2 3")
    digest = withdrawal_digest("t1 2 3")
    assert commitment(bytes.fromhex(entry.nonce), digest).hex() == entry.commitment
    for row in case.custody.rows()[2:4]:
        assert (row.nonce, row.by) == ("", "")
    assert [row.subject for row in case.custody.rows()[2:4]] == ["s2", ""]
    case.close()


def _blank(case: Case, leaf: int) -> None:
    rows = [
        replace(row, nonce="", subject="") if row.leaf == leaf else row
        for row in case.custody.rows()
    ]
    case.casebook.replace(CUSTODY, rows)


def test_an_entry_that_was_blanked_without_a_leaf_is_a_fault(spoken: Path) -> None:
    """Attack: destroy a nonce and say it was withdrawn. Only a leaf of the log can say so."""
    case = open_case(spoken, KEY)
    _withdraw(case, "t1")
    _blank(case, 0)
    assert {fault.step for fault in verify_case(case).faults} == {5}
    case.close()


def test_a_longer_list_of_leaves_is_a_fault(spoken: Path) -> None:
    """Attack: write another leaf into the list of a withdrawal. The leaf doesn't open to it."""
    case = open_case(spoken, KEY)
    _withdraw(case, "t1")
    _blank(case, 0)
    rows = list(case.custody.rows())
    rows[-1] = replace(rows[-1], subject="t1 0 2 3")
    case.casebook.replace(CUSTODY, rows)
    faults = verify_case(case).faults
    assert any("does not open to the list" in fault.what for fault in faults)
    case.close()


def test_a_number_is_never_given_twice(spoken: Path, tmp_path: Path) -> None:
    """The same bytes taken in again are a new source of a new testimony, also for the last one."""
    case = open_case(spoken, KEY)
    _withdraw(case, "t1")
    interview, record = tmp_path / "interview-of-Hong.txt", tmp_path / "record.yaml"
    again = take(case, [interview], record, clock=clock)
    assert again.testimony.id == "t2"
    assert [row.id for row in again.sources] == ["s4"]
    _withdraw(case, "s4")
    assert case.casebook.rows(TESTIMONIES) == ()
    once_more = take(case, [interview], record, clock=clock)
    assert once_more.testimony.id == "t3"
    assert [row.id for row in once_more.sources] == ["s5"]
    assert verify_case(case).faults == ()
    with pytest.raises(InputError, match="withdrawn already"):
        covered_by(case, "t2")
    case.close()


def test_nobody_withdraws_without_a_name_and_a_reason(spoken: Path) -> None:
    """Empty words, and words that name a protected person, are refused; nothing changes."""
    case = open_case(spoken, KEY)
    before = case.casebook.digest()
    for by, why in (("", "x"), ("x", " "), (SPEAKER, "x"), ("x", "hong gildong asked")):
        with pytest.raises(InputError):
            withdraw(case, "t1", by=by, why=why, at=AT)
    with pytest.raises(InputError, match="there is no t9"):
        _withdraw(case, "t9")
    assert case.casebook.digest() == before
    assert verify_case(case).faults == ()
    case.close()


def test_the_stages_make_the_rest_anew(spoken: Path, today: date) -> None:
    """Afterwards the case is the one that never held it, but for log, ids and decisions."""
    case = open_case(spoken, KEY)
    _withdraw(case, "t1")
    identify.run(case)
    measure.run(case)
    weigh.run(case, as_of=today)
    lines = "\n".join(case.casebook.digest_lines())
    assert "knitwear" in lines
    assert not [name for name in ("Gil-dong Trading", DETAINEE, "s2-") if name in lines]
    assert case.casebook.rows(ACTORS) != ()
    case.close()


def test_a_plain_source_can_be_withdrawn_too(filled: Made) -> None:
    """Any source, in a plain case as well: bytes, text, claim and digest are gone."""
    case = filled.open()
    source = case.casebook.rows(SOURCES)[0]
    secrets = {
        "digest": source.sha256.encode(),
        "words": b"wigs are made",
        "object": source.vault_object.encode(),
    }
    _withdraw(case, "s1")
    assert case.casebook.rows(CLAIMS) == ()
    assert [row.id for row in case.casebook.rows(SOURCES)] == ["s2", "s3"]
    assert verify_case(case).faults == ()
    case.close()
    for file in filled.path.rglob("*"):
        content = file.name.encode() + (file.read_bytes() if file.is_file() else b"")
        assert not [name for name, secret in secrets.items() if secret in content]


def test_an_attachment_goes_with_its_source_and_a_shared_object_stays(made: Made) -> None:
    """What lies in a withdrawn source goes; an object that another row needs is kept."""
    mail = (
        "From: a@example.org\nTo: b@example.org\nSubject: x\nMIME-Version: 1.0\n"
        'Content-Type: multipart/mixed; boundary="zz"\n\n--zz\nContent-Type: text/plain\n\n'
        "The letter says enough.\n--zz\nContent-Type: text/plain\n"
        'Content-Disposition: attachment; filename="note.txt"\n\nThe note says more.\n--zz--\n'
    )
    (made.inputs / "1.eml").write_text(mail)
    (made.inputs / "2.txt").write_text("A report that stays.\n", encoding="utf-8-sig")
    case = made.open()
    capture.run(case, [made.inputs], clock=clock)
    rows = case.casebook.rows(SOURCES)
    assert [row.id for row in rows] == ["s1", "s2", "s3"]
    assert rows[1].origin.endswith("of s1")
    assert covered_by(case, "s1").sources == ("s1", "s2")
    _withdraw(case, "s1")
    assert [row.id for row in case.casebook.rows(SOURCES)] == ["s3"]
    assert verify_case(case).faults == ()
    assert case.original(case.casebook.rows(SOURCES)[0]).endswith(b"stays.\n")
    case.close()


def test_the_log_of_connections_keeps_no_digest_of_it(made: Made) -> None:
    """What was fetched and withdrawn: which address was asked stays, the digest of the answer
    goes; other connections are untouched."""
    (made.inputs / "1.txt").write_text("A page that was fetched.\n", encoding="utf-8-sig")
    case = made.open()
    (source,) = capture.run(case, [made.inputs], clock=clock).sources
    address = "https://example.org/page"
    case.casebook.replace(SOURCES, [replace(source, url=address)])
    asked = Connection(1, AT, "fetch", "--send", "GET", address, sha256="ab" * 32)
    other = replace(asked, number=2, address="https://example.org/", sha256="cd" * 32)
    case.casebook.append(CONNECTIONS, [asked, other])
    _withdraw(case, "s1")
    assert case.casebook.rows(CONNECTIONS) == (replace(asked, sha256=""), other)
    case.close()


def test_the_case_is_handed_over_and_kept_as_before(spoken: Path, tmp_path: Path) -> None:
    """A bag is refused while there is testimony; afterwards bag, import and backup all hold."""
    case = open_case(spoken, KEY)
    with pytest.raises(InputError, match="testimony"):
        export_bag(case, tmp_path / "bag")
    assert not (tmp_path / "bag").exists()
    _withdraw(case, "t1")
    digest = case.casebook.digest()
    export_bag(case, tmp_path / "bag")
    backup(case, tmp_path / "case.backup")
    case.close()
    packed = b"".join(p.read_bytes() for p in (tmp_path / "bag").rglob("*") if p.is_file())
    assert INTERVIEWER.encode() not in packed
    done = import_bag(read_bag(tmp_path / "bag"), tmp_path / "again", lambda _: KEY)
    assert done.digest == digest
    restore(tmp_path / "case.backup", tmp_path / "restored")
    for path in (tmp_path / "again", tmp_path / "restored"):
        report = verify_path(path, KEY)
        assert report.faults == ()
        assert any("2 entries were withdrawn" in note for note in report.notes)
    with pytest.raises(InputError):
        import_bag(read_bag(tmp_path / "bag"), tmp_path / "plain", lambda _: None)


def test_a_reader_who_holds_the_old_rows_is_waited_for_then_told(
    spoken: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a program reads, the log cannot be emptied: said, and done at the next opening."""
    monkeypatch.setattr(engines, "BUSY_TIMEOUT_MS", 100)
    case, reader = open_case(spoken, KEY), open_case(spoken, KEY)
    secrets = _secrets(case)
    with reader.casebook.reading() as connection:
        connection.exec_driver_sql("select count(*) from capture_sources").all()
        with pytest.raises(StorageFault, match="still reads"):
            _withdraw(case, "t1")
        assert (spoken / "custody" / "intent").exists()
    reader.close()
    case.close()
    open_case(spoken, KEY).close()
    assert not (spoken / "custody" / "intent").exists()
    assert _left(spoken, secrets) == []
    assert verify_path(spoken, KEY).faults == ()


class _Stop:
    """Kills the process at a step: before it, as kill -9 would."""

    def __init__(self, at: int) -> None:
        self.left = at

    def step(self, *_: object, **__: object) -> None:
        if self.left == 0:
            os._exit(137)
        self.left -= 1

    def around(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*given: Any, **named: Any) -> Any:
            self.step()
            result = call(*given, **named)
            self.step()
            return result

        return watched


def _killed(path: Path, key: bytes | None, target: str, at: int) -> bool:
    """Withdraw in a child that dies at step *at*; return whether it died."""
    child = os.fork()
    if child == 0:
        code = 1
        with suppress(BaseException):
            case = open_case(path, key)
            stop = _Stop(at)
            engine = case.casebook._engine
            for moment in ("before_cursor_execute", "commit"):
                event.listen(engine, moment, stop.step)
            setattr(casebooks, "rewritten", stop.around(engines.rewritten))  # noqa: B010 - patched
            for place, name in (
                (os, "fsync"),
                (os, "truncate"),
                (Path, "unlink"),
                (type(case.custody), "flush"),
                (type(case.vault), "take_back"),
                (type(case.journal), "clear"),
                (type(case.journal), "_add"),
            ):
                setattr(place, name, stop.around(getattr(place, name)))
            withdraw(case, target, by="an officer", why="asked for", at=AT)
            code = 0
        os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 137


def test_killed_at_every_step(spoken: Path, tmp_path: Path) -> None:
    """Attack: kill -9 before and after statements and writes to the disk, at every second of the
    137 such moments. It is whole, and nothing of it is left, or not begun, and nothing changed."""
    _kill_everywhere(spoken, KEY, "t1", tmp_path, every=2)


def test_a_plain_case_killed_at_every_step(filled: Made, tmp_path: Path) -> None:
    """Attack: the same in a plain case, with an ordinary source."""
    if filled.key is None:
        _kill_everywhere(filled.path, None, "s1", tmp_path, every=4)


def _kill_everywhere(
    path: Path, key: bytes | None, target: str, tmp_path: Path, *, every: int = 1
) -> None:
    sealed = key is not None
    case = open_case(path, key)
    before = case.casebook.digest_lines()
    secrets = _secrets(case) if sealed else {}
    case.close()
    outcomes: list[bool] = []
    for at in range(0, 1000, every):
        copy = tmp_path / "copy"
        shutil.copytree(path, copy)
        died = _killed(copy, key, target, at)
        reopened = open_case(copy, key)
        assert not (copy / "custody" / "intent").exists()
        assert verify_case(reopened).faults == ()
        gone = target not in {
            name for row in reopened.casebook.rows(SOURCES) for name in (row.id, row.testimony)
        }
        outcomes.append(gone)
        if gone:
            assert reopened.custody.rows()[-1].event == "withdrawn"
            assert reopened.casebook.rows(TESTIMONIES) == ()
        else:
            assert reopened.casebook.digest_lines() == before
        reopened.close()
        if gone and sealed:
            assert _left(copy, secrets) == []
        shutil.rmtree(copy)
        if not died:
            break
    assert outcomes == sorted(outcomes)  # up to the commit not begun, from it on whole
    assert outcomes.count(False) > 20 / every
    assert outcomes.count(True) > 8 / every


def test_a_full_disk_leaves_it_not_begun(spoken: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The journal cannot be written: the withdrawal is refused, nothing changed."""
    case = open_case(spoken, KEY)
    before = case.casebook.digest()

    def full(*_: object) -> None:
        raise StorageFault("no space left", where="x", to_do="free some")

    monkeypatch.setattr(type(case.journal), "_add", full)
    with pytest.raises(StorageFault):
        _withdraw(case, "t1")
    monkeypatch.undo()
    assert case.casebook.digest() == before
    assert verify_case(case).faults == ()
    _withdraw(case, "t1")
    with pytest.raises(EvidenceFault):
        case.vault.get("0" * 32)
    case.close()
