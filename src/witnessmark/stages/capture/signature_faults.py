"""The one way in which a signature of a web archive is refused."""

from __future__ import annotations

from witnessmark.core.errors import UnreadableInput


def wrong(what: str, where: str) -> UnreadableInput:
    """Return the error that a signature is not right."""
    return UnreadableInput(
        what,
        where=where,
        to_do="ask who gave you the web archive for one that verifies; as it is, it proves nothing",
    )
