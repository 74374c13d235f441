"""Where a model answers: this machine, or a host that a person named for exactly this.

Laws:
1. This machine is a loopback address, or ``localhost``, which is never looked up.
2. Any other host needs ``--send-text-to`` with that very host, and https. There is no other way.
3. An address with a user, a password or a query is refused: secrets stand there.
4. Testimony, what belongs to it and every source in which a protected name stands go to no
   other machine. No option changes that.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from witnessmark.core.errors import InputError
from witnessmark.store.connection_address import parse_target
from witnessmark.store.connections import system_resolver

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from witnessmark.core.source import Source
    from witnessmark.store.connection_address import Target
    from witnessmark.store.connections import Resolver
    from witnessmark.store.protected import ProtectedNames

PATH = "/chat/completions"
LOCALHOST = "localhost"
LOOPBACK = ("127.0.0.1", "::1")
OPTION = "--llm"
SEND = "--send-text-to"

_MODEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,99}")
_LIES_IN = re.compile(r" of (s\d+)$")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a model answers.

    Attributes:
        target: what is asked, the path of the chat among it.
        model: the model that is asked for.
        here: whether it is this machine.
    """

    target: Target
    model: str
    here: bool

    @property
    def resolve(self) -> Resolver:
        """Return what looks up its name; ``localhost`` leads to this machine and nowhere else."""
        return _this_machine if self.target.host == LOCALHOST else system_resolver


def _this_machine(host: str, port: int) -> Sequence[str]:  # noqa: ARG001 - as a Resolver is called
    return LOOPBACK


def endpoint(address: str, model: str, *, send_to: str | None) -> Endpoint:
    """Return where *model* answers.

    Args:
        address: base address, such as ``http://127.0.0.1:11434/v1``.
        model: name of the model.
        send_to: what ``--send-text-to`` named.

    Raises:
        InputError: the address may not be asked, or the options don't fit together.
    """
    if not _MODEL.fullmatch(model):
        raise InputError(
            "this is no name of a model", where="--llm-model", to_do="give the server's name for it"
        )
    if "?" in address or "#" in address:
        raise InputError(
            "the address carries a query, and secrets stand there",
            where=OPTION,
            to_do="give http://127.0.0.1:PORT/v1 and nothing behind it",
        )
    try:
        base = parse_target(address, allow_http=True)
    except InputError as error:
        raise InputError(error.what, where=f"{OPTION} {error.where}", to_do=error.to_do) from error
    target = replace(base, path=base.path.rstrip("/").removesuffix(PATH) + PATH)
    here = _is_this_machine(target.host)
    if here and send_to is not None:
        raise InputError(
            "the model runs on this machine: no text is sent elsewhere",
            where=SEND,
            to_do=f"leave {SEND} out",
        )
    if not here and target.scheme != "https":
        raise InputError(
            "text would go over the network for everybody to read",
            where=f"{OPTION} {target.address}",
            to_do="give an https address, or bring the server to this machine, for example by "
            "ssh -L 11434:127.0.0.1:11434 HOST",
        )
    if send_to is not None and send_to.strip("[]").rstrip(".").lower() != target.host:
        raise InputError(
            f"the model answers at {target.host}, not there",
            where=f"{SEND} {send_to}",
            to_do="name the host of the address, and only if its keeper may read the sources",
        )
    return Endpoint(target, model, here)


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == LOCALHOST


def stay_here(
    sources: Mapping[str, Source], texts: Iterable[tuple[str, str]], names: ProtectedNames
) -> dict[str, str]:
    """Return the sources that go to no other machine, each with the reason.

    Args:
        sources: every source of the case, by id.
        texts: id of a source and its text, for each text that would go.
        names: names that the case protects.
    """
    kept: dict[str, str] = {}
    for key, text in texts:
        of = _testimony_of(key, sources)
        if of:
            kept[key] = f"it belongs to testimony {of}"
        elif names.within(text) or names.in_row(sources[key]):
            kept[key] = "the name of a protected person stands in it"
    return kept


def _testimony_of(key: str, sources: Mapping[str, Source]) -> str:
    """Return the testimony of the source *key*, or of what it was copied or taken out of."""
    seen: set[str] = set()
    pending = [key]
    while pending:
        source = sources.get(pending.pop())
        if source is None or source.id in seen:
            continue
        if source.testimony:
            return source.testimony
        seen.add(source.id)
        pending += [source.copy_of, *_LIES_IN.findall(source.origin)]
    return ""
