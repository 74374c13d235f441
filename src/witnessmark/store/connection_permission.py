"""A person's permission to open a connection, and what the connection gives away.

Laws:
1. There is no permission without an option that a person gave: nothing here has a default
   that connects.
2. A permission is for one purpose. It names the local hosts that it covers, if any.
3. Before the first connection it is said who learns what.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from witnessmark.core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from witnessmark.store.connection_address import Target

USER_AGENT = "Mozilla/5.0"
"""How the program calls itself. It does not give its name: a server's log that says who
collects evidence can endanger the one who does."""

_PROXY = re.compile(r"(socks5h?|http)://([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):([0-9]{1,5})/?")


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much a server may give, and how long it may take.

    Attributes:
        seconds: for one address in total, redirects included.
        most_bytes: of the answers of one address, head and body.
        most_head: bytes of the head of an answer.
        redirects: that are followed.
    """

    seconds: float = 60
    most_bytes: int = 100 * 1024 * 1024
    most_head: int = 128 * 1024
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy that the person named.

    Attributes:
        kind: ``socks5h`` (names go to the proxy), ``socks5`` (names are looked up here)
            or ``http`` (CONNECT; names go to the proxy).
        host: of the proxy.
        port: of the proxy.
    """

    kind: str
    host: str
    port: int

    @property
    def names_go_to_it(self) -> bool:
        """Return whether the proxy looks up names, so that this machine does not."""
        return self.kind != "socks5"

    @property
    def text(self) -> str:
        """Return how it was given."""
        return f"{self.kind}://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"


def parse_proxy(text: str) -> Proxy:
    """Return the proxy that ``--proxy`` names.

    Raises:
        InputError: it is none.
    """
    match = _PROXY.fullmatch(text)
    if match is None or not 0 < int(match[3]) < 65_536:  # noqa: PLR2004 - ports have sixteen bits
        raise InputError(
            "this is no proxy",
            where="--proxy",
            to_do="write socks5h://127.0.0.1:9050 (Tor), socks5://HOST:PORT or http://HOST:PORT, "
            "without user and password",
        )
    return Proxy(match[1], match[2].strip("[]"), int(match[3]))


@dataclass(frozen=True, slots=True)
class Permission:
    """What a person allowed, by which option; made by :func:`permit`.

    Attributes:
        flag: the option as it was given.
        purpose: what for: ``fetch``, ``stamp`` or ``read`` (by a language model).
        allow_http: whether an unprotected connection is allowed.
        named: hosts outside the public network that may be reached, by name or address.
        roots: PEM file of the certificates to trust, None for the system's.
        proxy: what every connection goes through, None for none.
        user_agent: how the program calls itself.
        bounds: how much and how long.
    """

    flag: str
    purpose: str
    allow_http: bool = False
    named: frozenset[str] = frozenset()
    roots: Path | None = None
    proxy: Proxy | None = None
    user_agent: str = USER_AGENT
    bounds: Bounds = field(default_factory=Bounds)


def permit(
    *,
    given: bool,
    flag: str,
    purpose: str,
    allow_http: bool = False,
    named: Sequence[str] = (),
    roots: Path | None = None,
    proxy: str | None = None,
    user_agent: str = USER_AGENT,
    bounds: Bounds | None = None,
) -> Permission:
    """Return the permission that the option *flag* gives.

    Args:
        given: whether the person gave the option.
        flag: its name.
        purpose: what for.
        allow_http: whether ``--allow-http`` was given.
        named: what ``--allow-host`` named.
        roots: what ``--roots`` named.
        proxy: what ``--proxy`` named.
        user_agent: what ``--user-agent`` named.
        bounds: how much and how long.

    Raises:
        InputError: the option was not given, or a value of another one is wrong.
    """
    if not given:
        raise InputError(
            "nothing was sent: a connection is opened only when you ask for it",
            where=purpose,
            to_do=f"read what it would give away, then give {flag}",
        )
    if not user_agent.isascii() or not user_agent.isprintable() or not user_agent.strip():
        raise InputError("this cannot be sent", where="--user-agent", to_do="use ASCII letters")
    hosts = frozenset(host.strip("[]").rstrip(".").lower() for host in named)
    return Permission(
        flag,
        purpose,
        allow_http,
        hosts,
        roots,
        None if proxy is None else parse_proxy(proxy),
        user_agent,
        bounds or Bounds(),
    )


def gives_away(
    targets: Sequence[Target], purpose: str, proxy: Proxy | None, user_agent: str = USER_AGENT
) -> tuple[str, ...]:
    """Return who learns what by a connection to each of *targets*, a line each.

    Args:
        targets: what is asked for.
        purpose: ``fetch``, ``stamp`` or ``read``.
        proxy: what it goes through.
        user_agent: how the program calls itself.
    """
    hosts = ", ".join(dict.fromkeys(target.authority for target in targets))
    what = {
        "fetch": "which page was read",
        "stamp": "a hash of the checkpoint, not the case",
        "read": "every word of the sources named above, paragraph by paragraph",
    }.get(purpose, "the request")
    who = (
        "the address of this machine"
        if proxy is None
        else f"the address of the last machine behind the proxy {proxy.text}"
    )
    first = f"{hosts} learns: {who}, the time, {what}, and the words “{user_agent}”"
    lines = [f"{first}; no cookie and no earlier page is sent"]
    named = not all(target.literal for target in targets)
    if proxy is None:
        lines.append(
            "your network and your provider learn: that this machine asks "
            f"{hosts}, when, and how much comes back"
            + ("; a name server learns the name" if named else "")
        )
    else:
        lines.append(
            f"the proxy {proxy.host}:{proxy.port} learns: the address of this machine, {hosts}, "
            "when, and how much comes back"
        )
        if named and not proxy.names_go_to_it:
            lines.append("a name server of this machine learns the name: socks5h avoids that")
    if any(target.scheme == "http" for target in targets):
        lines.append("http: everybody on the way can read and change what is sent and answered")
    if purpose == "fetch":
        lines.append(
            "the answer may redirect to other hosts, which then learn the same; each is named "
            "before it is asked"
        )
    lines.append("a server can tell this program from a browser by how it speaks")
    return tuple(lines)
