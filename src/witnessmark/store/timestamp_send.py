"""Asking a time authority over the network, when a person says so.

Laws:
1. What is sent is the request and nothing else: a hash with a random number.
2. A redirect is not followed: the request would reach a party that nobody named.
3. The answer goes the way of one that was carried by hand: read, compared with the request
   by nonce and hash, kept byte for byte.
4. The list of authorities is data; none of them is asked unless it is named.
"""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass
from typing import TYPE_CHECKING

from witnessmark.core.errors import InputError, UnreadableInput
from witnessmark.store.checkpoint import checkpoint_of
from witnessmark.store.connection_address import parse_target
from witnessmark.store.connection_reading import Countdown
from witnessmark.store.connection_request import Request
from witnessmark.store.connections import exchange, payload_of, system_resolver
from witnessmark.store.rulebook import load_rules
from witnessmark.store.tables import STAMPS
from witnessmark.store.timestamp import LONGEST_RESPONSE
from witnessmark.store.timestamp_keep import ask

if TYPE_CHECKING:
    from collections.abc import Callable

    from witnessmark.store.case import Case
    from witnessmark.store.connection_address import Target
    from witnessmark.store.connection_permission import Permission
    from witnessmark.store.connections import Resolver
    from witnessmark.store.timestamp_row import Stamp

QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"
"""Media types of request and answer (RFC 3161, section 3.4)."""

SUCCESS = 200
"""The one status with which an authority answers."""


@dataclass(frozen=True, slots=True)
class Authority:
    """A time authority of the list.

    Attributes:
        name: what ``--authority`` takes.
        title: how it calls itself.
        url: where it answers.
        code: S, K or D: what the entry rests on.
    """

    name: str
    title: str
    url: str
    code: str


def authorities() -> tuple[Authority, ...]:
    """Return the list of authorities, in its order."""
    content = load_rules("custody/authorities.yaml", "witnessmark/authorities/1")
    return tuple(Authority(**entry) for entry in content["authorities"])


def authority_target(given: str, *, allow_http: bool) -> Target:
    """Return where the authority that *given* names answers.

    Args:
        given: a name of the list, or an address.
        allow_http: whether an unprotected connection is allowed.

    Raises:
        InputError: it is neither.
        UnreadableInput: the address may not be asked.
    """
    known = {one.name: one.url for one in authorities()}
    if given in known:
        return parse_target(known[given], allow_http=allow_http)
    if "://" not in given:
        raise InputError(
            "no authority of that name is on the list",
            where=f"--authority {given}",
            to_do=f"give its address, or one of {', '.join(known)}",
        )
    return parse_target(given, allow_http=allow_http)


def open_request(case: Case) -> Stamp:
    """Return the request over the log as it is now: one that waits for its answer, or a new one.

    Raises:
        InputError: the log is empty.
        EvidenceFault: log and casebook do not agree.
        StorageFault: the case cannot be written.
    """
    _, note = checkpoint_of(case)
    waiting = [one for one in case.casebook.rows(STAMPS) if not one.response and one.note == note]
    return waiting[-1] if waiting else ask(case)


def send(
    case: Case,
    stamp: Stamp,
    target: Target,
    permission: Permission,
    *,
    clock: Callable[[], str],
    tell: Callable[[str], None],
    resolve: Resolver = system_resolver,
) -> bytes:
    """Send the request of *stamp* to *target* and return the answer, unread.

    Args:
        case: the open case.
        stamp: a request that waits for its answer.
        target: the authority.
        permission: a person's, for this purpose.
        clock: gives the time of the connection, RFC 3339 UTC.
        tell: hears what is about to be connected to.
        resolve: looks up names.

    Raises:
        UnreadableInput: the authority cannot be reached or does not answer; the request waits on.
        StorageFault: the case cannot be written.
    """
    request = Request(target, "POST", b64decode(stamp.request), QUERY, REPLY)
    done = exchange(
        case,
        request,
        permission,
        clock=clock,
        countdown=Countdown(permission.bounds.seconds),
        tell=tell,
        resolve=resolve,
    )
    onward = done.fields.get("location", "")
    if done.row.status != SUCCESS or done.truncated:
        why = f"it redirects to {onward[:200]}" if onward else f"it answered {done.row.status}"
        raise UnreadableInput(
            f"the authority gave no stamp: {'its answer is cut off' if done.truncated else why}",
            where=target.address,
            to_do="name another authority or its new address; the request waits for an answer",
        )
    answer = payload_of(done)
    if not answer or len(answer) > LONGEST_RESPONSE:
        raise UnreadableInput(
            f"the authority answered {len(answer)} bytes, which are no time stamp",
            where=target.address,
            to_do="name another authority; the request waits for an answer",
        )
    return answer
