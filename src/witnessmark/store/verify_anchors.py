"""Steps 9 and 10 of ``verify``: what the log is held against from outside.

9. Every stamp that the case keeps is over a checkpoint that the case signed and that the
   log extends; under given roots, both engines are asked whether it holds.
10. The checkpoint that the reader brings is signed by this case, is no longer than the
    log, and the log extends it.

Laws:
1. Only what a reader brings (a checkpoint, roots) can show a rebuilt log or an older copy;
   without it the possibility is stated, every time.
2. The last line is one of: anchored outside up to leaf N; N..M rest on the keeper's word;
   never anchored.
"""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass
from typing import TYPE_CHECKING

from witnessmark.store.checkpoint import differences, key_for, leaves_of, parse_checkpoint
from witnessmark.store.note import open_note
from witnessmark.store.tables import STAMPS
from witnessmark.store.timestamp import (
    Token,
    check,
    nonce_of_request,
    read_response,
    stamps,
    verify_command,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from witnessmark.store.case import Case
    from witnessmark.store.note import VerifierKey
    from witnessmark.store.timestamp_row import Stamp

POSSIBLE = (
    "not shown without a checkpoint from outside: that the log was not rebuilt with the same "
    "key, and that no older copy of the folder was put back (verify --against CHECKPOINT)"
)


@dataclass(frozen=True, slots=True)
class Anchor:
    """One stamp, as far as it could be checked.

    Attributes:
        number: of the stamp in the case.
        leaf: the last leaf that it covers.
        token: what it says, None if no engine read it.
        held: engines under which it holds with the reader's roots.
        told: what is to be said of it.
        wrong: what does not hold; empty if nothing.
    """

    number: int
    leaf: int
    token: Token | None
    held: tuple[str, ...]
    told: str
    wrong: tuple[str, ...]

    def who_and_when(self) -> str:
        """Return ``AUTHORITY, TIME``."""
        if self.token is None:
            return "unreadable"
        return f"{self.token.authority}, {self.token.time:%Y-%m-%dT%H:%M:%SZ}"


def anchors_of(case: Case, roots: Path | None) -> tuple[Anchor, ...]:
    """Return every answered stamp of *case*, checked as far as *roots* allow.

    Raises:
        EvidenceFault: log or signing key cannot be read.
        InputError: *roots* holds no certificate.
    """
    answered = [stamp for stamp in case.casebook.rows(STAMPS) if stamp.response]
    if not answered:
        return ()
    leaves = leaves_of(case)
    return tuple(
        _anchor(stamp, key_for(case, stamp.note.encode(), leaves), leaves, roots)
        for stamp in answered
    )


def _anchor(
    stamp: Stamp, key: VerifierKey | None, leaves: Sequence[bytes], roots: Path | None
) -> Anchor:
    note, response = stamp.note.encode(), b64decode(stamp.response)
    wrong = list(_note_faults(stamp, key, leaves))
    reading = read_response(response)
    token = reading.token
    leaf = stamp.size - 1
    if token is None:
        told = f"present up to leaf {leaf}, unreadable ({reading.why_not()})"
        return Anchor(stamp.number, leaf, None, (), told, tuple(wrong))
    if not stamps(token, note):
        wrong.append("the stamp is over something else than its checkpoint")
    nonce = nonce_of_request(b64decode(stamp.request))
    if nonce is not None and token.nonce != nonce:
        wrong.append("the stamp answers another request: its nonce differs")
    if roots is None:
        told = f"present up to leaf {leaf}, authority not checked"
        return Anchor(stamp.number, leaf, token, (), told, tuple(wrong))
    checked = check(response, note, roots)
    wrong += [f"{engine} refuses the stamp: {why}" for engine, why in checked.refused.items()]
    held = checked.held if checked.holds and not wrong else ()
    told = f"holds up to leaf {leaf} by {' and '.join(held)}" if held else "does not hold"
    if held and checked.silent:
        told += "; " + "; ".join(
            f"{who} says nothing: {why}" for who, why in checked.silent.items()
        )
    return Anchor(stamp.number, leaf, token, held, told, tuple(wrong))


def _note_faults(stamp: Stamp, key: VerifierKey | None, leaves: Sequence[bytes]) -> list[str]:
    try:
        _, found = differences(stamp.note.encode(), key, leaves)
        if key is not None and not found:
            size = parse_checkpoint(open_note(stamp.note.encode(), key)).size
            if size != stamp.size:
                return ["the row names another number of leaves than its checkpoint"]
    except ValueError as error:
        return [f"the checkpoint that was stamped cannot be read: {error}"]
    return list(found)


def anchoring(leaves: int, anchors: Sequence[Anchor], *, trusted: bool, against: int | None) -> str:
    """Return the last line: how far the log is anchored outside.

    Args:
        leaves: leaves of the log.
        anchors: the stamps of the case.
        trusted: whether the reader gave roots.
        against: leaves of the reader's own checkpoint, if it holds.
    """
    held = [anchor for anchor in anchors if anchor.held]
    if held:
        # of the stamps that reach furthest the earliest says most
        best = min(held, key=lambda one: (-one.leaf, one.token.time if one.token else 0))
        first = f"anchored outside up to leaf {best.leaf} ({best.who_and_when()})"
    elif against:
        first = f"as the checkpoint given up to leaf {against - 1}; never anchored by a stamp"
    else:
        first = "never anchored outside"
    if not leaves:
        return f"{first}: the log is empty"
    known = max([best.leaf + 1 for best in held] + [against or 0])
    if held and against and against > max(one.leaf for one in held) + 1:
        first += f"; as the checkpoint given up to leaf {against - 1}"
    if known < leaves:
        joint = "; " if known else ": "
        first += f"{joint}leaves {known}..{leaves - 1} rest on the keeper's word"
    unchecked = [one for one in anchors if not one.held and not one.wrong]
    if unchecked and not trusted:
        last = max(one.leaf for one in unchecked)
        first += f" (stamp present up to leaf {last}, authority not checked: give --trust CA.pem)"
    return first


def commands(lines: Sequence[str], anchors: Sequence[Anchor], *, against: bool) -> tuple[str, ...]:
    """Return the commands with which a stranger repeats the check of the log.

    Args:
        lines: the lines of the log file.
        anchors: the stamps of the case.
        against: whether the reader brought a checkpoint.
    """
    if not lines:
        return ()
    told = ["a stranger repeats it so:"]
    if against:
        told.append("  sha256sum CHECKPOINT   # is it the file that was told to you?")
        told.append("  head -n 3 CHECKPOINT | sha256sum   # begins with the line that is read out")
    if anchors:
        told.append(
            "  witnessmark stamp CASE --copy-out stamp   # the bytes of all stamps, as kept"
        )
    for one in anchors:
        name = f"stamp{one.number}"
        told += [
            f"  sha256sum {name}.checkpoint   # what was stamped",
            f"  {verify_command(one.token, name)}",
        ]
    told.append("  witnessmark prove CASE SOURCE   # prints every hash from a source to the head")
    return tuple(told)
