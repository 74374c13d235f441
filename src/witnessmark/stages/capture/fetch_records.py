"""Web archives written: one connection's bytes as records of WARC 1.1.

Laws:
1. A block is the bytes that went over the wire, unchanged: chunks and codings stay.
2. Digests are SHA-256. A payload digest is over the body as it was sent.
3. The same bytes at the same time give the same archive: ids are made from content.

Source: ISO 28500:2017 (WARC 1.1).
"""

from __future__ import annotations

import base64
import hashlib
import uuid
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from witnessmark.store.connection_request import Exchange

CONFORMS = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"


def archive(exchanges: Sequence[Exchange], *, software: str) -> bytes:
    """Return a web archive of *exchanges*: what wrote it, then request and answer of each.

    Args:
        exchanges: at least one.
        software: name and version of the program that fetched them.
    """
    about = f"software: {software}\r\nformat: WARC File Format 1.1\r\nconformsTo: {CONFORMS}\r\n"
    first = exchanges[0].row.at
    info, head = _record("warcinfo", about.encode(), "application/warc-fields", first, {})
    records = [head]
    for one in exchanges:
        records += _pair(one, info)
    return b"".join(records)


def _pair(one: Exchange, info: str) -> list[bytes]:
    row = one.row
    common = {"WARC-Target-URI": row.address, "WARC-Warcinfo-ID": info}
    if row.peer and not row.via:
        common["WARC-IP-Address"] = row.peer
    more = {**common, "WARC-Payload-Digest": _digest(_body(one.answer))}
    if one.truncated:
        more["WARC-Truncated"] = one.truncated
    answer, answered = _record(
        "response", one.answer, "application/http; msgtype=response", row.at, more
    )
    _, asked = _record(
        "request",
        one.request,
        "application/http; msgtype=request",
        row.at,
        {**common, "WARC-Concurrent-To": answer, "WARC-Payload-Digest": _digest(b"")},
    )
    return [answered, asked]


def _record(
    sort: str, block: bytes, media_type: str, at: str, more: dict[str, str]
) -> tuple[str, bytes]:
    """Return the id of a record, and the record."""
    seed = "\n".join((sort, at, *more.values())).encode() + b"\n" + block
    key = f"<urn:uuid:{_uuid(hashlib.sha256(seed).digest())}>"
    fields = {
        "WARC-Type": sort,
        "WARC-Record-ID": key,
        "WARC-Date": at,
        **more,
        "WARC-Block-Digest": _digest(block),
        "Content-Type": media_type,
        "Content-Length": str(len(block)),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return key, b"WARC/1.1\r\n" + head.encode() + b"\r\n" + block + b"\r\n\r\n"


def _uuid(digest: bytes) -> uuid.UUID:
    """Return a UUID of version 8 (RFC 9562: made as its maker sees fit) from *digest*."""
    number = int.from_bytes(digest[:16], "big")
    number = number & ~(0xF << 76) | 0x8 << 76
    return uuid.UUID(int=number & ~(0x3 << 62) | 0x2 << 62)


def _digest(data: bytes) -> str:
    return f"sha256:{base64.b32encode(hashlib.sha256(data).digest()).decode()}"


def _body(answer: bytes) -> bytes:
    """Return what stands behind the head of *answer*."""
    ends = [at + len(end) for end in (b"\r\n\r\n", b"\n\n") if (at := answer.find(end)) >= 0]
    return answer[min(ends) :] if ends else b""
