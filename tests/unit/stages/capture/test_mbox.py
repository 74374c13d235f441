"""Mailboxes: each message is a source, byte for byte."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from tests.unit.stages.capture.conftest import clock

from witnessmark.core.errors import UnreadableInput
from witnessmark.stages import capture
from witnessmark.stages.capture.limits import Limits
from witnessmark.stages.capture.readers import read
from witnessmark.store.case import Case


def _message(number: int, body: str) -> bytes:
    return (
        f"From: a{number}@example.org\nDate: Tue, 03 Feb 2026 10:00:00 +0000\n"
        f"Subject: Message {number}\n\n{body}\n"
    ).encode()


ONE, TWO = _message(1, "Prisoners make wigs.\n>From there on."), _message(2, "가발.")
BOX = b"From a Tue Feb  3 10:00:00 2026\n" + ONE + b"\nFrom b Tue Feb  3 10:00:00 2026\n" + TWO


@pytest.mark.parametrize("name", ["a.mbox", "Inbox"])
def test_messages_become_sources(case: Case, inputs: Path, name: str) -> None:
    """Each message is a source that names its place; a From in a text begins none."""
    (inputs / name).write_bytes(BOX)
    result = capture.run(case, [inputs / name], clock=clock)
    assert result.failures == ()
    assert [(source.origin, source.title) for source in result.sources] == [
        ("file", name),
        ("message 1 of s1", "Message 1"),
        ("message 2 of s1", "Message 2"),
    ]
    kept = [case.vault.get(source.vault_object) for source in result.sources]
    assert kept == [BOX, ONE + b"\n", TWO]


def test_bytes_are_kept_and_said() -> None:
    """A message's note gives the bytes that it stands in, and they are its content."""
    found = read("a.mbox", BOX, where="a", limits=Limits())
    for message in found.attachments:
        first, last = (int(word) for word in message.notes[0].split() if word.isdigit())
        assert BOX[first:last] == message.content


@pytest.mark.parametrize("content", [b"no message", b"\n" + BOX, b"From me\n\nwords"])
def test_no_mailbox(content: bytes) -> None:
    """What does not begin with a message is refused."""
    with pytest.raises(UnreadableInput, match="does not begin"):
        read("a.mbox", content, where="a", limits=Limits())


def test_bounds() -> None:
    """Attack: too many messages, and a megabyte of almost-messages, end fast."""
    with pytest.raises(UnreadableInput, match="more than 3 messages"):
        read("a.mbox", (BOX + b"\n") * 4, where="a", limits=Limits(max_files=3))
    begin = time.monotonic()
    almost = BOX + b"\n\nFrom " + b"x 10:0" * 200_000 + b"\n\nFrom 10:00" * 100_000
    assert len(read("a.mbox", almost, where="a", limits=Limits()).attachments) == 2
    assert time.monotonic() - begin < 5
