"""Time stamps in the signatures of web archives (RFC 3161).

Laws:
1. A stamp is over the signature as it is written (base64). One that is over something else,
   or was altered, refuses the archive.
2. A stamp that is right shows a time only under a root that the reader gave. Under the
   certificates that came with it, it shows that it was not altered since: that is said.
3. A stamp that no engine reads is told with each engine's reason, never passed over.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from cryptography import x509

from witnessmark.stages.capture.signature_chain import name_of
from witnessmark.stages.capture.signature_faults import wrong
from witnessmark.store.timestamp import may_stamp, read_response, stamps
from witnessmark.store.timestamp_carried import check_carried, read_any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from witnessmark.store.timestamp import Token

NEAR = timedelta(minutes=10)
"""How far a stamp may lie from the date of the signature before it is told: what the signing
servers themselves keep to. Source: from memory, code K."""

MOST_CERTIFICATES = 8
"""Certificates that may come with a stamp."""


def stamp_notes(
    raw: bytes,
    forms: Sequence[bytes],
    *,
    created: datetime,
    carried: str,
    given: Sequence[x509.Certificate],
    where: str,
) -> tuple[str, ...]:
    """Check the stamp *raw*; return what it shows and what it does not.

    Args:
        raw: the stamp, as it came.
        forms: what it may be over: the signature as written, and as bytes.
        created: when the signature says that it was made.
        carried: the certificates that came with it, PEM, or empty.
        given: certificates that the reader trusts.
        where: how errors name it.

    Raises:
        UnreadableInput: it is over something else, or was altered.
    """
    raw = read_any(raw)
    reading = read_response(raw)
    token = reading.token
    if token is None:
        return (f"the time stamp of the signature cannot be read: {reading.why_not()[:300]}",)
    data = next((form for form in forms if stamps(token, form)), None)
    if data is None:
        raise wrong("the time stamp is over something else than the signature", where)
    beside = _certificates(carried, where)
    at = f"{token.time:%Y-%m-%dT%H:%M:%SZ}"
    name = _name(token, beside)
    notes = [*_trust(raw, data, f"time stamp of {at} by {name}", beside, given, where)]
    if abs(token.time - created) > NEAR:
        notes.append(
            f"the time stamp differs from the date of the signature by {_span(token, created)}"
        )
    return tuple(notes)


def _trust(
    raw: bytes,
    data: bytes,
    stamp: str,
    beside: Sequence[x509.Certificate],
    given: Sequence[x509.Certificate],
    where: str,
) -> list[str]:
    if given:
        checked = check_carried(raw, data, roots=given, carried=beside)
        if checked.holds:
            engines = " and ".join(checked.held)
            return [f"{stamp}: holds under a root that you gave ({engines})"]
    if not beside:
        return [f"{stamp}: came without certificates, so it is not checked"]
    checked = check_carried(raw, data, roots=beside, carried=beside)
    if not checked.holds:
        reasons = "; ".join(f"{who}: {why[:100]}" for who, why in checked.refused.items())
        raise wrong(f"the time stamp does not hold under its own certificates ({reasons})", where)
    rest = (
        "its authority is under none of the roots that you gave"
        if given
        else "whether its authority is to be trusted is not shown: give its root with --trust"
    )
    engines = " and ".join(checked.held)
    return [f"{stamp}: not altered since, by {engines}, under the certificates beside it; {rest}"]


def _certificates(text: str, where: str) -> list[x509.Certificate]:
    if not text:
        return []
    try:
        found = x509.load_pem_x509_certificates(text.encode())
    except ValueError as error:
        raise wrong("the certificate of the time stamp cannot be read", where) from error
    if len(found) > MOST_CERTIFICATES:
        raise wrong("the time stamp comes with too many certificates", where)
    return found


def _name(token: Token, beside: Sequence[x509.Certificate]) -> str:
    """Return how the authority calls itself, in the stamp or beside it."""
    names = sorted({name_of(one.subject) for one in beside if may_stamp(one)})
    return f"“{' or '.join(names)}”" if names else token.authority


def _span(token: Token, created: datetime) -> str:
    gap = abs(token.time - created)
    if gap >= timedelta(days=1):
        return f"{gap.days} days"
    return f"{int(gap.total_seconds() // 60)} minutes"
