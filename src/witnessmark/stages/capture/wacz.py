"""Web archives in a zip (WACZ): files against the list, the list against digest and signature.

Laws:
1. Every file in the container stands in the list (``datapackage.json``) with its digest, and
   every file of the list is there; anything else refuses it and is named.
2. The list has a digest of its own (``datapackage-digest.json``). Without it nothing shows
   that the list was not edited, so the container is refused. Format 1.0 never had that
   file: such a container is taken in, and its source says that the list is not verifiable.
3. A signature that is there must be right, else the container is refused. What a right one
   shows, and what could not be checked without a network, is said.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from witnessmark.core.errors import UnreadableInput
from witnessmark.core.source import SourceKind
from witnessmark.stages.capture.digests import fits
from witnessmark.stages.capture.headline import shortened
from witnessmark.stages.capture.names import label
from witnessmark.stages.capture.reading import Attachment, Facts, Read
from witnessmark.stages.capture.signatures import signature_notes
from witnessmark.stages.capture.zipbox import ZipBox, name_fault, shown_name

if TYPE_CHECKING:
    from witnessmark.stages.capture.contents import Content, Data
    from witnessmark.stages.capture.limits import Limits

MEDIA_TYPE = "application/wacz"

LIST = "datapackage.json"
DIGEST = "datapackage-digest.json"

LONGEST_LIST = 4 * 1024 * 1024
"""Bytes of the list; one names some thousand files in a megabyte."""

STRONG = frozenset({"sha256", "sha384", "sha512"})
"""Digests that the WACZ format allows and that cannot be forged."""


def read_wacz(content: Data, *, where: str, limits: Limits) -> Read:
    """Read a WACZ container.

    Raises:
        UnreadableInput: a file, the list, its digest or its signature is missing or wrong.
    """
    most = limits.unpacked_of(len(content))
    box = ZipBox(content, where=where, most=limits.max_files, unpacked=most)
    faulty = next(((name, box.fault(name)) for name in box.names if box.fault(name)), None)
    if faulty:
        raise _wrong(where, faulty[0], faulty[1])
    if LIST not in box.names:
        raise _wrong(where, LIST, "the web archive has no list of its files")
    raw = box.read(LIST)
    listed = _object(raw, where, LIST)
    notes = _check_list(box, raw, listed, where, limits.trusted)
    archives = _check_files(box, listed, where)
    members = tuple(
        Attachment(label(name), data, place=f"member {shown_name(name)}")
        for name, data in archives.items()
    )
    if not members:
        raise _wrong(where, "archive/", "the web archive holds no WARC file")
    metadata = listed.get("metadata")
    title = listed.get("title") or (metadata.get("title") if isinstance(metadata, dict) else "")
    return Read(
        SourceKind.WACZ,
        MEDIA_TYPE,
        facts=Facts(title=shortened(title) if isinstance(title, str) else ""),
        notes=notes,
        attachments=members,
    )


def _check_list(
    box: ZipBox, raw: bytes, listed: dict[str, Any], where: str, trusted: str
) -> tuple[str, ...]:
    """Check the list against its digest and signature; return what a reader must know."""
    if DIGEST not in box.names:
        if _is_first_format(listed):
            return ("format 1.0 has no digest of its list: the list is not verifiable", _UNSIGNED)
        raise _wrong(
            where,
            DIGEST,
            "the digest of the list is missing: nothing shows that the list was not edited",
        )
    stated = _object(box.read(DIGEST), where, DIGEST)
    value = stated.get("hash")
    if stated.get("path", LIST) != LIST or not isinstance(value, str):
        raise _wrong(where, DIGEST, "the digest file does not speak of the list")
    if value.partition(":")[0] not in STRONG or fits(value, raw) is not True:
        raise _wrong(where, LIST, "the list does not have the digest stated for it: it was edited")
    signed = stated.get("signedData")
    if signed is None:
        return (_UNSIGNED,)
    if not isinstance(signed, dict) or signed.get("hash") != value:
        raise _wrong(where, DIGEST, "the signature is not of this list")
    return signature_notes(
        cast("dict[str, object]", signed), value, where=f"{where}, {DIGEST}", trusted=trusted
    )


_UNSIGNED = "not signed: who can edit the files can also edit their digests"


def _is_first_format(listed: dict[str, Any]) -> bool:
    """Return whether the list is of format 1.0, whose digests stand under ``stats``."""
    version = listed.get("wacz_version")
    entries = listed.get("resources")
    return (
        isinstance(version, str)
        and version.startswith("1.0.")
        and isinstance(entries, list)
        and all(isinstance(entry, dict) and "hash" not in entry for entry in entries)
    )


def _check_files(box: ZipBox, listed: dict[str, Any], where: str) -> dict[str, bytes | Content]:
    """Check each file against the list; return the WARC files by name."""
    entries = listed.get("resources")
    if not isinstance(entries, list) or not entries:
        raise _wrong(where, LIST, "the list names no files")
    archives: dict[str, bytes | Content] = {}
    seen: set[str] = set()
    for number, entry in enumerate(entries, start=1):
        path, digest, size = _entry(entry)
        place = path or f"{LIST}, entry {number}"
        if not path or name_fault(path) or path in seen:
            raise _wrong(where, place, "the list has an entry without a usable name")
        seen.add(path)
        if path not in box.names:
            raise _wrong(where, path, "a file of the list is missing")
        if digest.partition(":")[0] not in STRONG:
            raise _wrong(where, path, "the list gives no digest that can be relied on")
        data = box.member(path)
        if fits(digest, data) is not True:
            raise _wrong(where, path, "the file does not have the digest of the list: altered")
        if size is not None and size != len(data):
            raise _wrong(where, path, "the file does not have the size of the list")
        if path.startswith("archive/") and path.endswith((".warc", ".warc.gz")):
            archives[path] = data
    loose = [
        name
        for name in box.names
        if name not in seen and name not in {LIST, DIGEST} and not name.endswith("/")
    ]
    if loose:
        raise _wrong(where, loose[0], "a file does not stand in the list")
    return archives


def _entry(entry: object) -> tuple[str, str, int | None]:
    """Return path, digest and size of an entry of the list, in either format."""
    if not isinstance(entry, dict):
        return "", "", None
    row = cast("dict[str, object]", entry)
    stats = row.get("stats")
    old = cast("dict[str, object]", stats) if isinstance(stats, dict) else {}
    path, digest = row.get("path"), row.get("hash")
    if digest is None and isinstance(old.get("hash"), str):
        digest = f"{row.get('hashing', '')}:{old['hash']}"
    size = row.get("bytes", old.get("bytes"))
    return (
        path if isinstance(path, str) else "",
        digest if isinstance(digest, str) else "",
        size if isinstance(size, int) else None,
    )


def _object(raw: bytes, where: str, name: str) -> dict[str, Any]:
    if len(raw) > LONGEST_LIST:
        raise _wrong(where, name, f"it is longer than {LONGEST_LIST} bytes")
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise _wrong(where, name, "it cannot be parsed (JSON)") from error
    if not isinstance(value, dict):
        raise _wrong(where, name, "it is no JSON object")
    return value


def _wrong(where: str, place: str, what: str) -> UnreadableInput:
    return UnreadableInput(
        what,
        where=f"{where}, {shown_name(place)}",
        to_do="copy the web archive again from who made it; as it is, it proves nothing",
    )
