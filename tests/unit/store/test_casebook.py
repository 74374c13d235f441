"""The casebook: rows in, the same rows out; readers and writers beside each other."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from witnessmark.core.errors import EvidenceFault, InputError, StorageFault
from witnessmark.core.judgement import Decision, Judgement
from witnessmark.store.engine import SHAPE
from witnessmark.store.judged import standing_claims
from witnessmark.store.tables import CLAIMS, FACTS, JUDGEMENTS, SOURCES

if TYPE_CHECKING:
    from tests.unit.store.conftest import Made


def test_rows_come_back_as_written(filled: Made) -> None:
    """A row written, read in another process's way, is the same row, in the same order."""
    case = filled.open()
    claims = case.casebook.rows(CLAIMS)
    more = [
        replace(claims[0], start=n, end=n + 1, value={"amount": n}).identified() for n in (5, 3)
    ]
    case.casebook.append(CLAIMS, more)
    case.close()
    case = filled.open()
    assert case.casebook.rows(CLAIMS) == (*claims, *more)
    case.casebook.replace(CLAIMS, more)
    assert case.casebook.rows(CLAIMS) == tuple(more)
    assert len(case.casebook.rows(SOURCES)) == 3, "another stage's rows stay"
    case.close()


def test_one_id_twice_changes_nothing(filled: Made) -> None:
    """Two rows with one id are refused, and the rows that stood before still stand."""
    case = filled.open()
    claims = case.casebook.rows(CLAIMS)
    with pytest.raises(StorageFault, match="one id"):
        case.casebook.replace(CLAIMS, [claims[0], claims[0]])
    assert case.casebook.rows(CLAIMS) == claims
    case.close()


def test_reading_goes_on_while_another_writes(filled: Made) -> None:
    """A reader sees the last accepted state while a writer works, and does not wait for it."""
    writer, reader = filled.open(), filled.open()
    before = reader.casebook.rows(CLAIMS)
    with writer.casebook.writing():
        writer.casebook.replace(CLAIMS, [])
        assert writer.casebook.rows(CLAIMS) == ()
        assert reader.casebook.rows(CLAIMS) == before
    assert reader.casebook.rows(CLAIMS) == ()
    writer.close()
    reader.close()


def test_threads_write_one_after_the_other(filled: Made) -> None:
    """Threads of one program wait for each other; no row is lost."""
    case = filled.open()
    claim = case.casebook.rows(CLAIMS)[0]

    def add(number: int) -> None:
        row = replace(claim, start=number, end=number + 1).identified()
        case.casebook.append(CLAIMS, [row])

    threads = [threading.Thread(target=add, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(case.casebook.rows(CLAIMS)) == 9
    assert case.casebook.damage() == ()
    case.close()


def test_digest_leaves_times_and_keys_out(filled: Made) -> None:
    """Time, object name and nonce are not in the digest; the words are."""
    case = filled.open()
    lines = "\n".join(case.casebook.digest_lines())
    source = case.casebook.rows(SOURCES)[0]
    assert source.captured_at not in lines
    assert source.vault_object not in lines
    assert source.sha256 in lines
    case.close()


def test_another_version_is_refused(filled: Made) -> None:
    """A casebook whose tables have another shape is refused by name, never migrated in silence."""
    case = filled.open()
    with case.casebook.writing() as connection:
        connection.execute(update(FACTS).where(FACTS.c.name == SHAPE).values(value="older"))
    case.close()
    with pytest.raises(InputError, match="another version"):
        filled.open()


def test_not_a_casebook(filled: Made) -> None:
    """Attack: the casebook is overwritten. It is an evidence fault, and the file stays as it is."""
    (filled.path / "casebook.db").write_bytes(b"nonsense " * 1000)
    with pytest.raises(EvidenceFault, match="not a casebook"):
        filled.open()
    assert (filled.path / "casebook.db").read_bytes() == b"nonsense " * 1000


def test_judgements_are_rows(filled: Made) -> None:
    """The last judgement counts, and withdrawing it makes the claim proposed again."""
    case = filled.open()
    (claim,) = case.casebook.rows(CLAIMS)
    states: list[int] = []
    for number, decision in enumerate((Decision.REJECT, Decision.WITHDRAW), start=1):
        row = Judgement(number, claim.id, decision, "R. Keeper", "2026-11-25T12:00:00Z", "why")
        case.casebook.append(JUDGEMENTS, [row])
        states.append(len(standing_claims(case)))
    assert states == [0, 1]
    case.close()


def test_opening_turns_no_writer_away(filled: Made) -> None:
    """Other programs that open and close the case do not keep a writer from beginning."""
    case = filled.open()
    stop = threading.Event()

    def knock() -> None:
        while not stop.is_set():
            filled.open().close()

    thread = threading.Thread(target=knock)
    thread.start()
    try:
        for _ in range(20):
            with case.writer("work"):
                case.casebook.replace(CLAIMS, case.casebook.rows(CLAIMS))
    finally:
        stop.set()
        thread.join()
    case.close()
