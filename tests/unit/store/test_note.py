"""Signed notes against notes that the Go module signed, and against forgers."""

from __future__ import annotations

from base64 import b64decode, b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from witnessmark.store.note import (
    LONGEST_NOTE,
    MOST_SIGNATURES,
    VerifierKey,
    open_note,
    sign,
    split,
    verifier_key,
)

# golang.org/x/mod/sumdb/note, note_test.go (from memory, code K: that the signatures hold
# under the keys is itself the proof that they were remembered right)
NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NEUMANN_SEED = b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
ENOCH = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
NEUMANN_LINE = (
    "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdn"
    "gotpRZb6KE6RyyBwJnAM=\n"
)
ENOCH_LINE = (
    "\u2014 EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWL"
    "ox33WWd1RvMc+QQ=\n"
)
SEED = bytes(range(32))


def test_notes_of_the_go_module() -> None:
    """A note that the Go module signed opens under its key, and is signed here byte for byte."""
    note = f"{TEXT}\n{NEUMANN_LINE}"
    assert open_note(note.encode(), VerifierKey.parse(NEUMANN)) == TEXT
    assert sign(TEXT, "PeterNeumann", NEUMANN_SEED) == note
    assert str(verifier_key("PeterNeumann", NEUMANN_SEED)) == NEUMANN


def test_two_signers() -> None:
    """A note with two signatures opens under either key; each leaves the other's alone."""
    note = f"{TEXT}\n{NEUMANN_LINE}{ENOCH_LINE}".encode()
    assert open_note(note, VerifierKey.parse(NEUMANN)) == TEXT
    assert open_note(note, VerifierKey.parse(ENOCH)) == TEXT


def test_unknown_key() -> None:
    """Attack: a note that somebody else signed, under his own name or under ours."""
    with pytest.raises(ValueError, match="another key"):
        open_note(f"{TEXT}\n{ENOCH_LINE}".encode(), VerifierKey.parse(NEUMANN))
    forged = sign(TEXT, "PeterNeumann", SEED).encode()
    with pytest.raises(ValueError, match="another key"):
        open_note(forged, VerifierKey.parse(NEUMANN))


@pytest.mark.parametrize("place", range(0, 200, 7))
def test_every_byte_counts(place: int) -> None:
    """Attack: one bit of text, name or signature. The note does not open."""
    note = bytearray(sign(TEXT, "name", SEED).encode())
    note[place % len(note)] ^= 1
    with pytest.raises(ValueError, match=r"."):
        open_note(bytes(note), verifier_key("name", SEED))


def test_a_bad_signature_beside_a_good_one() -> None:
    """Attack: a second line in our name that does not hold. The note is refused whole."""
    good = sign(TEXT, "name", SEED)
    key = verifier_key("name", SEED)
    bad = f"\u2014 name {b64encode(key.hash + bytes(64)).decode()}\n"
    assert open_note(good.encode(), key) == TEXT
    with pytest.raises(ValueError, match="does not hold"):
        open_note((good + bad).encode(), key)


@pytest.mark.parametrize(
    "note",
    [
        b"",
        b"\n\n",
        b"text\n",
        b"text\n\n",
        b"text\n\nno mark\n",
        "text\n\n\u2014 name AAAA\n".encode(),
        "text\n\n\u2014 name !!!!\n".encode(),
        "text\n\n\u2014 na+me AAAAAAAAAAAA\n".encode(),
        "text\n\n\u2014 name AAAAAAAAAAAA".encode(),
        "te\x01xt\n\n\u2014 name AAAAAAAAAAAA\n".encode(),
        b"\xff\n\n\xe2\x80\x94 name AAAAAAAAAAAA\n",
        b"x" * (LONGEST_NOTE + 1),
        ("text\n\n" + "\u2014 name AAAAAAAAAAAA\n" * (MOST_SIGNATURES + 1)).encode(),
    ],
)
def test_malformed(note: bytes) -> None:
    """Bytes that are no signed note are refused with a reason, in bounded time."""
    with pytest.raises(ValueError, match=r"."):
        split(note)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb", "a\u2003b"])
def test_names(name: str) -> None:
    """A name that would be read as something else is refused when signing."""
    with pytest.raises(ValueError, match="name of a key"):
        sign(TEXT, name, SEED)


@pytest.mark.parametrize(
    "text", ["", "PeterNeumann", NEUMANN.replace("c74f20a3", "c74f20a4"), NEUMANN + "A"]
)
def test_verifier_keys(text: str) -> None:
    """A verifier key whose hash, length or type is wrong is refused."""
    with pytest.raises(ValueError, match=r"."):
        VerifierKey.parse(text)


@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs"]), min_size=1))
def test_round_trip(line: str) -> None:
    """What is signed is what opens, whatever signs it holds."""
    text = f"{line}\n{line}\n"
    assert open_note(sign(text, "name", SEED).encode(), verifier_key("name", SEED)) == text
