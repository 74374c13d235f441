"""age encryption (age-encryption.org/v1) of one object, by pyrage.

Laws:
1. Each object has an identity of its own; what it encrypts, ``age -d -i`` decrypts too.
2. Altered bytes never decrypt: age authenticates every chunk (64 KiB).
3. Streams pass through in pieces: memory does not grow with the file.
4. An error of the reader or the writer leaves as it came, never as a fault of the evidence,
   and never unheard.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

_PYRAGE: Any = import_module("pyrage")  # a binary module without types: named once, here


class Reader(Protocol):
    """What bytes are read from."""

    def read(self, size: int = -1, /) -> bytes:
        """Return up to *size* bytes, none at the end."""
        ...


class Writer(Protocol):
    """What bytes are written to."""

    def write(self, piece: bytes, /) -> object:
        """Take *piece*."""
        ...


class _Kept:
    """A reader or writer that keeps its own error, which pyrage would turn into another."""

    def __init__(self, end: Any) -> None:  # noqa: ANN401 - a Reader or a Writer
        self._end = end
        self.error: BaseException | None = None

    def read(self, size: int = -1) -> bytes:
        piece: bytes = self._guarded(lambda: self._end.read(size))
        return piece

    def write(self, piece: bytes) -> int:
        self._guarded(lambda: self._end.write(piece))
        return len(piece)

    def flush(self) -> None:
        """Pass: who made the file flushes it."""

    def _guarded(self, act: Callable[[], Any]) -> Any:  # noqa: ANN401 - what *act* returns
        try:
            return act()
        except BaseException as error:
            self.error = error
            raise


def new_identity() -> str:
    """Return a new identity, ``AGE-SECRET-KEY-1...``."""
    return str(_PYRAGE.x25519.Identity.generate())


def encrypt_stream(reader: Reader, writer: Writer, identity: str) -> None:
    """Write what *reader* holds to *writer* as an age file that *identity* opens."""
    recipient = _PYRAGE.x25519.Identity.from_str(identity).to_public()
    source, target = _Kept(reader), _Kept(writer)
    try:
        _PYRAGE.encrypt_io(source, target, [recipient])
    except (_PYRAGE.EncryptError, OSError):
        _tell(source, target)
        raise
    _tell(source, target)


def decrypt_stream(reader: Reader, writer: Writer, identity: str) -> None:
    """Write the content of the age file in *reader* to *writer*.

    Raises:
        ValueError: another identity, or altered bytes; what was written before them is
            authentic, but not the whole.
    """
    source, target = _Kept(reader), _Kept(writer)
    try:
        _PYRAGE.decrypt_io(source, target, [_PYRAGE.x25519.Identity.from_str(identity)])
    except (_PYRAGE.DecryptError, _PYRAGE.IdentityError, OSError) as error:
        _tell(source, target)
        message = "the age file does not open"
        raise ValueError(message) from error
    _tell(source, target)


def _tell(source: _Kept, target: _Kept) -> None:
    """Raise what an end of a stream raised, also where pyrage passed over it.

    It drops the error of the last write: without this a full disk at the last chunk left an
    object that was accepted and could not be opened (tests/unit/store/test_faults.py).
    """
    for end in (source, target):
        if end.error is not None:
            raise end.error from None


def encrypted(content: bytes) -> tuple[bytes, str]:
    """Return *content* as an age file and the identity that opens it."""
    identity = _PYRAGE.x25519.Identity.generate()
    return bytes(_PYRAGE.encrypt(content, [identity.to_public()])), str(identity)


def decrypted(body: bytes, identity: str) -> bytes:
    """Return the content of an age file.

    Raises:
        ValueError: another identity, or altered bytes.
    """
    try:
        return bytes(_PYRAGE.decrypt(body, [_PYRAGE.x25519.Identity.from_str(identity)]))
    except (_PYRAGE.DecryptError, _PYRAGE.IdentityError) as error:
        message = "the age file does not open"
        raise ValueError(message) from error
