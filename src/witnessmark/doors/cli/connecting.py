"""Options and words that every command shares which can open a connection."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from witnessmark.store.connection_permission import gives_away, parse_proxy
from witnessmark.store.timestamp import load_roots

if TYPE_CHECKING:
    from collections.abc import Sequence

    from witnessmark.store.connection_address import Target

Send = Annotated[
    bool,
    typer.Option(
        "--send",
        help="Open the connection. Without it the command says what it would give away, and stops.",
    ),
]
AllowHttp = Annotated[
    bool,
    typer.Option(
        "--allow-http",
        help="Also without protection: everybody on the way can read and change it.",
    ),
]
AllowHost = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-host",
        help="A host in this machine's own network that may be asked.",
        metavar="HOST",
    ),
]
ThroughProxy = Annotated[
    str | None,
    typer.Option(
        "--proxy",
        help="Connect through this proxy only: socks5h://127.0.0.1:9050 is Tor, which then also "
        "looks up the names.",
        metavar="URL",
    ),
]
Roots = Annotated[
    Path | None,
    typer.Option(
        "--roots",
        help="PEM file with the root certificates to trust for https instead of the system's.",
        metavar="CA.pem",
    ),
]
TrustSigners = Annotated[
    Path | None,
    typer.Option(
        "--trust",
        help="PEM file with root certificates that you trust for signatures and time stamps in "
        "web archives, beside those that are known.",
        metavar="CA.pem",
    ),
]
Seconds = Annotated[
    int,
    typer.Option(
        "--seconds",
        min=1,
        max=3600,
        help="Time for one address in all, redirects included.",
        metavar="S",
    ),
]


def announce(
    targets: Sequence[Target], purpose: str, proxy: str | None, user_agent: str | None = None
) -> None:
    """Say on standard error who would learn what, before anything is sent."""
    named = None if proxy is None else parse_proxy(proxy)
    lines = (
        gives_away(targets, purpose, named)
        if user_agent is None
        else gives_away(targets, purpose, named, user_agent)
    )
    for line in lines:
        typer.echo(line, err=True)


def read_roots(path: Path | None) -> str:
    """Return the certificates in the PEM file *path*, empty for none.

    Raises:
        InputError: it cannot be read or holds none.
    """
    if path is None:
        return ""
    load_roots(path)
    return path.read_text(encoding="ascii", errors="replace")


def tell(line: str) -> None:
    """Say on standard error what is about to be connected to."""
    typer.echo(line, err=True)
