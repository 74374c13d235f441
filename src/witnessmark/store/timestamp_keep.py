"""The stamps of a case: asked for, answered, kept byte for byte.

Laws:
1. A request is over a checkpoint as it was signed then; the log may grow before the answer.
2. An answer is filed with the request whose bytes it stamps; one that stamps nothing of
   this case is described and refused, and the file that it came in is left alone.
3. An answer to a request of this case is kept even where no engine can read it.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import replace
from typing import TYPE_CHECKING

from witnessmark.core.canonical import sha256_hex
from witnessmark.core.errors import InputError
from witnessmark.store.checkpoint import checkpoint_of
from witnessmark.store.tables import STAMPS
from witnessmark.store.timestamp import (
    LONGEST_RESPONSE,
    describe,
    make_request,
    nonce_of_request,
    read_response,
    stamps,
)
from witnessmark.store.timestamp_row import Stamp

if TYPE_CHECKING:
    from witnessmark.store.case import Case
    from witnessmark.store.timestamp import Token


def ask(case: Case) -> Stamp:
    """Return a new stamp of *case* without its answer, written to the casebook.

    Raises:
        InputError: the log is empty.
        EvidenceFault: log and casebook do not agree.
        StorageFault: the case cannot be written.
    """
    with case.casebook.writing():
        checkpoint, note = checkpoint_of(case)
        number = len(case.casebook.rows(STAMPS)) + 1
        request = b64encode(make_request(note.encode())).decode()
        stamp = Stamp(number, checkpoint.size, note, request, "")
        case.casebook.append(STAMPS, [stamp])
    return stamp


def file_response(case: Case, raw: bytes, where: str) -> Stamp:
    """Keep the answer *raw* with the request that it answers, and return the stamp.

    Args:
        case: the open case.
        raw: the response, as the authority sent it.
        where: the file that it came from, for the error.

    Raises:
        InputError: it answers no request of this case, or one that has its answer.
        StorageFault: the case cannot be written.
    """
    reading = read_response(raw)
    with case.casebook.writing():
        held = case.casebook.rows(STAMPS)
        encoded = b64encode(raw).decode()
        if encoded and any(stamp.response == encoded for stamp in held):
            raise InputError(
                "this answer is kept already", where=where, to_do="witnessmark verify shows it"
            )
        found = [one for one in held if not one.response and _answers(one, raw, reading.token)]
        if len(raw) > LONGEST_RESPONSE or not found:
            raise InputError(
                f"it answers no open request of this case: {describe(reading)}",
                where=where,
                to_do="give the answer to a request that witnessmark stamp --request-out made",
            )
        answered = replace(found[0], response=encoded)
        rows = [answered if one.number == answered.number else one for one in held]
        case.casebook.replace(STAMPS, rows)
    return answered


def _answers(stamp: Stamp, raw: bytes, token: Token | None) -> bool:
    note = stamp.note.encode()
    if token is None:  # nobody reads it: the hash among its bytes is all there is to go by
        return bytes.fromhex(sha256_hex(note)) in raw
    nonce = nonce_of_request(b64decode(stamp.request))
    return stamps(token, note) and token.nonce == nonce


def kept_files(stamp: Stamp) -> dict[str, bytes]:
    """Return the bytes of *stamp* by file ending: checkpoint, request, response."""
    files = {"checkpoint": stamp.note.encode(), "tsq": b64decode(stamp.request)}
    if stamp.response:
        files["tsr"] = b64decode(stamp.response)
    return files
