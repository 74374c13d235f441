"""Following an address to its page: one connection after another, each with its row.

Laws:
1. Every redirect is checked as a new address is: scheme, host, network address.
2. What was answered before a chain was stopped is kept; why it was stopped is told.
3. Nothing of a page is run, and nothing that it points to is fetched.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from witnessmark.core.errors import UnreadableInput, visible
from witnessmark.store.connection_address import parse_target, refused
from witnessmark.store.connection_reading import Countdown
from witnessmark.store.connection_request import Exchange, Request
from witnessmark.store.connection_row import Connection
from witnessmark.store.connections import exchange, note_refusal, system_resolver

if TYPE_CHECKING:
    from collections.abc import Callable

    from witnessmark.store.case import Case
    from witnessmark.store.connection_permission import Permission
    from witnessmark.store.connections import Resolver

REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of one address.

    Attributes:
        exchanges: requests and answers, in order; each but the last is a redirect.
        fault: why there is no whole page at the end, None if there is one.
    """

    exchanges: tuple[Exchange, ...]
    fault: UnreadableInput | None


def follow(
    case: Case,
    address: str,
    permission: Permission,
    *,
    clock: Callable[[], str],
    tell: Callable[[str], None],
    resolve: Resolver = system_resolver,
) -> Fetched:
    """Ask for *address* and follow its redirects.

    Args:
        case: the case that it is fetched for.
        address: as the person gave it.
        permission: a person's.
        clock: gives the time of each connection, RFC 3339 UTC.
        tell: hears what is about to be connected to.
        resolve: looks up names.

    Raises:
        StorageFault: the case cannot be written.
    """
    countdown = Countdown(permission.bounds.seconds)
    done: list[Exchange] = []
    try:
        while True:
            last = done[-1] if done else None
            if len(done) > permission.bounds.redirects:
                raise _stopped(
                    case, permission, clock, address, last, "it redirects again and again"
                )
            try:
                target = parse_target(address, allow_http=permission.allow_http)
            except UnreadableInput as error:
                _stopped(case, permission, clock, address, last, error.what)
                raise
            now = exchange(
                case,
                Request(target),
                permission,
                clock=clock,
                countdown=countdown,
                tell=tell,
                follows=last.row.number if last else 0,
                resolve=resolve,
            )
            done.append(now)
            permission = _with_less(permission, len(now.answer))
            onward = now.fields.get("location", "") if now.row.status in REDIRECTS else ""
            if not onward or now.truncated:
                return Fetched(tuple(done), _fault(now))
            address = _joined(target.address, onward)
    except UnreadableInput as error:
        return Fetched(tuple(done), error.with_traceback(None))


def _with_less(permission: Permission, used: int) -> Permission:
    """Return *permission* less the bytes that an answer used: the bound is for one address."""
    bounds = permission.bounds
    left = replace(bounds, most_bytes=max(1, bounds.most_bytes - used))
    return replace(permission, bounds=left)


def _joined(base: str, onward: str) -> str:
    try:
        # header fields are Latin-1; an address beyond ASCII is UTF-8 in them
        return urljoin(base, onward.encode("latin-1", "replace").decode("utf-8", "replace"))
    except ValueError:
        return onward


def _stopped(
    case: Case,
    permission: Permission,
    clock: Callable[[], str],
    address: str,
    last: Exchange | None,
    why: str,
) -> UnreadableInput:
    """Write a row for an address that is not asked for, and return the error."""
    row = Connection(
        0,
        clock(),
        permission.purpose,
        permission.flag,
        "GET",
        visible(address)[:2048],
        follows=last.row.number if last else 0,
    )
    note_refusal(case, row, why)
    return refused(why, address)


def _fault(last: Exchange) -> UnreadableInput | None:
    address, status = last.row.address, last.row.status
    if last.truncated:
        why = {
            "length": "it is larger than it may be",
            "time": "it took too long",
        }.get(last.truncated, "the connection ended before it was whole")
        return UnreadableInput(
            f"the answer is cut off: {why}; what came is kept",
            where=address,
            to_do="fetch it again with --seconds or --max-size raised, or save it in a browser",
        )
    if not 200 <= status < 300:  # noqa: PLR2004 - the range of success in HTTP
        return UnreadableInput(
            f"the server answered {status}; the answer is kept, there is no page in it",
            where=address,
            to_do="open it in a browser and save it, or look for it in a web archive",
        )
    return None
