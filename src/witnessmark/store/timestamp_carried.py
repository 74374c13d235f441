"""Stamps whose certificates came beside them: checked without a file of roots on the disk.

Laws:
1. A stamp that is right under the certificates that came with it shows that it was not
   altered since, not who made it: anyone can make such certificates.
2. Only under roots that the reader gives does it show a time.
3. Certificates need to have been valid when the stamp was made, not today.
"""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.serialization import Encoding
from rfc3161_client import VerificationError, VerifierBuilder, decode_timestamp_response

from witnessmark.store.timestamp import (
    LIBRARY,
    Checked,
    Token,
    last_reason,
    read_response,
    run_openssl,
    stamps,
    verify_arguments,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cryptography import x509


def read_any(raw: bytes) -> bytes:
    """Return *raw* as a response: a bare token is put into one that says "granted"."""
    if read_response(raw).token is not None:
        return raw
    wrapped = _sequence(_sequence(b"\x02\x01\x00") + raw)
    return raw if read_response(wrapped).token is None else wrapped


def _sequence(content: bytes) -> bytes:
    """Return *content* as a DER sequence."""
    size = len(content)
    if size < 128:  # noqa: PLR2004 - DER's short form of a length
        return b"\x30" + bytes([size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return b"\x30" + bytes([0x80 | len(length)]) + length + content


def check_carried(
    raw: bytes,
    data: bytes,
    *,
    roots: Sequence[x509.Certificate],
    carried: Sequence[x509.Certificate],
) -> Checked:
    """Return what the engines say of the response *raw* over *data*.

    Args:
        raw: the response.
        data: what it must stamp.
        roots: certificates that count as trusted.
        carried: certificates that came with it, trusted or not.
    """
    held: list[str] = []
    refused: dict[str, str] = {}
    reading = read_response(raw)
    silent = dict(reading.reasons)
    for engine, token in reading.tokens.items():
        try:
            if engine == LIBRARY:
                wrong = _library(raw, data, roots, carried)
            else:
                wrong = _program(raw, token, data, roots, carried)
        except ValueError as error:  # the program did not answer: it says nothing
            silent[engine] = str(error)
            continue
        if wrong:
            refused[engine] = wrong
        else:
            held.append(engine)
    return Checked(tuple(held), refused, silent)


def _library(
    raw: bytes,
    data: bytes,
    roots: Sequence[x509.Certificate],
    carried: Sequence[x509.Certificate],
) -> str:
    try:
        response = decode_timestamp_response(raw)
        signers = {(one.issuer, one.serial_number) for one in response.signed_data.signer_infos}
        authority = [one for one in carried if (one.issuer, one.serial_number) in signers]
        builder = VerifierBuilder(
            roots=list(roots),
            intermediates=[one for one in carried if one not in roots and one not in authority],
        )
        if authority:
            builder = builder.tsa_certificate(authority[0])
        builder.build().verify_message(response, data)
    except (VerificationError, ValueError) as error:
        return " ".join(str(error).split()) or type(error).__name__
    return ""


def _program(
    raw: bytes,
    token: Token,
    data: bytes,
    roots: Sequence[x509.Certificate],
    carried: Sequence[x509.Certificate],
) -> str:
    if not stamps(token, data):
        return "it is over something else"
    with ExitStack() as stack:
        trusted = _in_memory(stack, roots)
        arguments = [*verify_arguments(token, "/dev/stdin", f"/dev/fd/{trusted}")]
        passing = [trusted]
        if carried:
            beside = _in_memory(stack, carried)
            arguments += ["-untrusted", f"/dev/fd/{beside}"]
            passing.append(beside)
        arguments.append("-partial_chain")  # a root that the reader gave need not sign itself
        done = run_openssl(
            "ts", "-verify", "-digest", token.imprint.hex(), *arguments, given=raw, passing=passing
        )
    if done.returncode == 0 and b"Verification: OK" in done.stdout + done.stderr:
        return ""
    return last_reason(done.stderr) or "it does not hold"


def _in_memory(stack: ExitStack, certificates: Sequence[x509.Certificate]) -> int:
    """Return a descriptor from which the *certificates* can be read; none is on a disk."""
    content = b"".join(one.public_bytes(Encoding.PEM) for one in certificates)
    if hasattr(os, "memfd_create"):
        handle = os.memfd_create("certificates")
        stack.callback(os.close, handle)
        os.write(handle, content)
        os.lseek(handle, 0, os.SEEK_SET)
        return handle
    reading, writing = os.pipe()
    stack.callback(os.close, reading)
    with os.fdopen(writing, "wb") as file:
        file.write(content[:MOST_IN_A_PIPE])
    return reading


MOST_IN_A_PIPE = 65_536
"""Bytes that a pipe holds before somebody reads; more certificates than that are left out."""
