"""Keys: never a silent plain case, never a key without its passphrase."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING

import pytest

from witnessmark.core.errors import EvidenceFault, InputError
from witnessmark.store.case import open_case
from witnessmark.store.seal import MOST_MEMORY_KIB, STRONG, Cost, open_slot, resolve_key

if TYPE_CHECKING:
    from pathlib import Path

CHEAP = Cost(memory_kib=8 * 1024, iterations=1, lanes=1)


def test_neither_passphrase_nor_plain(tmp_path: Path) -> None:
    """No passphrase and no --plain is exit 2, and no folder is made."""
    with pytest.raises(InputError) as caught:
        resolve_key(tmp_path / "c", None, create=True)
    assert caught.value.exit_code == 2
    assert not (tmp_path / "c").exists()


def test_both_are_refused(tmp_path: Path) -> None:
    """A passphrase together with --plain is refused: nobody knows which was meant."""
    with pytest.raises(InputError, match="both"):
        resolve_key(tmp_path / "c", "words", plain=True, create=True)
    assert not (tmp_path / "c").exists()


def test_empty_passphrase(tmp_path: Path) -> None:
    """An empty passphrase protects nothing and is refused."""
    with pytest.raises(InputError, match="empty"):
        resolve_key(tmp_path / "c", "", create=True)


def test_round_trip_and_wrong_passphrase(tmp_path: Path) -> None:
    """The passphrase gives the same key again; another one, or none, gives an error."""
    key = resolve_key(tmp_path / "c", "right words", create=True, cost=CHEAP)
    assert key is not None
    assert len(key) == 32
    header = (tmp_path / "c" / "case.json").read_bytes()
    assert resolve_key(tmp_path / "c", "right words") == key
    for wrong, what in (("wrong words", "does not open"), (None, "no passphrase")):
        with pytest.raises(InputError, match=what):
            resolve_key(tmp_path / "c", wrong)
    with pytest.raises(InputError, match="sealed"):
        resolve_key(tmp_path / "c", None, plain=True)
    assert (tmp_path / "c" / "case.json").read_bytes() == header
    assert key.hex().encode() not in header
    assert b"right words" not in header


def test_default_cost_is_the_designs(tmp_path: Path) -> None:
    """A case made without further word costs 256 MiB and three passes a guess."""
    resolve_key(tmp_path / "c", "words", create=True)
    slot = json.loads((tmp_path / "c" / "case.json").read_text())["slots"][0]
    assert (slot["memory_kib"], slot["iterations"]) == (262_144, 3)
    assert STRONG.memory_kib == 262_144


def test_weakened_parameters_do_not_open(tmp_path: Path) -> None:
    """Attack: the header's parameters are lowered. The slot no longer opens."""
    resolve_key(tmp_path / "c", "words", create=True, cost=CHEAP)
    slot = json.loads((tmp_path / "c" / "case.json").read_text())["slots"][0]
    assert open_slot(slot, "words")
    with pytest.raises(ValueError, match="does not open"):
        open_slot({**slot, "memory_kib": 4096}, "words")
    with pytest.raises(ValueError, match="does not do"):
        open_slot({**slot, "memory_kib": MOST_MEMORY_KIB + 1}, "words")


def test_altered_header_is_named(tmp_path: Path) -> None:
    """Attack: a digit of the salt is changed. It reads as damage, not as a wrong passphrase."""
    resolve_key(tmp_path / "c", "words", create=True, cost=CHEAP)
    header = tmp_path / "c" / "case.json"
    head = json.loads(header.read_text())
    head["slots"][0]["salt"] = "A" * 22 + "=="
    header.write_text(json.dumps(head))
    with pytest.raises(EvidenceFault, match="header was altered"):
        resolve_key(tmp_path / "c", "words")


def test_header_says_plain_of_a_sealed_case(tmp_path: Path) -> None:
    """Attack: the header is replaced by a plain one. Nothing opens and nothing is written."""
    key = resolve_key(tmp_path / "c", "words", create=True, cost=CHEAP)
    open_case(tmp_path / "c", key, create=True).close()
    resolve_key(tmp_path / "other", None, plain=True, create=True)
    before = (tmp_path / "c" / "casebook.db").read_bytes()
    (tmp_path / "c" / "case.json").write_bytes((tmp_path / "other" / "case.json").read_bytes())
    with pytest.raises(EvidenceFault):
        open_case(tmp_path / "c", resolve_key(tmp_path / "c", None))
    assert (tmp_path / "c" / "casebook.db").read_bytes() == before


def test_wrong_key(tmp_path: Path) -> None:
    """Another key does not open the casebook, and leaves it as it was."""
    key = resolve_key(tmp_path / "c", "words", create=True, cost=CHEAP)
    open_case(tmp_path / "c", key, create=True).close()
    before = (tmp_path / "c" / "casebook.db").read_bytes()
    with pytest.raises(EvidenceFault, match="another key"):
        open_case(tmp_path / "c", secrets.token_bytes(32))
    assert (tmp_path / "c" / "casebook.db").read_bytes() == before


def test_passphrase_on_a_plain_case(tmp_path: Path) -> None:
    """Who gives a passphrase for a plain case is told that it protects nothing."""
    resolve_key(tmp_path / "c", None, plain=True, create=True)
    with pytest.raises(InputError, match="does not protect"):
        resolve_key(tmp_path / "c", "words")
    assert resolve_key(tmp_path / "c", None) is None


def test_foreign_folder_is_left_alone(tmp_path: Path) -> None:
    """A folder that holds something else never becomes a case."""
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "thesis.txt").write_text("mine")
    with pytest.raises(InputError, match="not empty"):
        resolve_key(tmp_path / "c", None, plain=True, create=True)
    assert [path.name for path in (tmp_path / "c").iterdir()] == ["thesis.txt"]
