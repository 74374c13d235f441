"""Addresses that may be connected to: read strictly, judged by what they lead to.

Pure values: nothing here asks a name server or opens anything.

Laws:
1. ``https`` only, or ``http`` where that was allowed; no user or password in an address.
2. A host is a name or a plain IP address. Numbers that only some programs read as an
   address (``127.1``, ``0x7f000001``) are refused: two readers must not see two hosts.
3. A network address counts as public only if its registry says so. Loopback, private,
   link-local, shared, metadata and reserved ones are named, also where they stand inside
   an IPv6 address.

Source: RFC 3986, RFC 6890 (by way of :mod:`ipaddress`), RFC 6052, RFC 7686.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import quote

from witnessmark.core.errors import UnreadableInput, visible

LONGEST_ADDRESS = 2_048
"""Signs of an address; longer ones do not work in many servers either."""

PORTS = {"https": 443, "http": 80}

METADATA = {"168.63.129.16": "the metadata service of a cloud"}
"""Addresses that look public and serve a cloud's own machines (others are link-local or
private anyway). Source: from memory, code K."""

LOCAL_NAMES = ("localhost", "local", "internal", "home.arpa", "lan")
"""Last labels of names that lead into one's own machine or network (RFC 6761, 6762, 8375)."""

_ADDRESS = re.compile(r"(?i)(https?)://([^/?#]*)([^?#]*)(\?[^#]*)?(?:#.*)?")
_AUTHORITY = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^:\[\]%]+)(?::([0-9]{1,5}))?")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)")
_PLAIN = "%/:=&?~+!$,;'@()*[]-._"
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

_GATEWAYS = ipaddress.ip_network("192.0.0.0/24")
"""Addresses between a machine and its own provider (RFC 6890), which Python 3.11 lets through."""


@dataclass(frozen=True, slots=True)
class Target:
    """What is asked for, in the one spelling that is sent.

    Attributes:
        scheme: ``https`` or ``http``.
        host: name in ASCII, or IP address without brackets.
        port: number of the port.
        path: path and query, beginning with ``/``.
    """

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """Return host and port as the field ``Host`` names them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def address(self) -> str:
        """Return the whole address."""
        return f"{self.scheme}://{self.authority}{self.path}"

    @property
    def literal(self) -> bool:
        """Return whether the host is an IP address."""
        return _ip(self.host) is not None


def parse_target(text: str, *, allow_http: bool) -> Target:
    """Return what *text* asks for.

    Raises:
        UnreadableInput: it is no address that may be asked for; the reason is named.
    """
    if len(text) > LONGEST_ADDRESS:
        raise refused("the address is too long", text)
    if any(sign <= " " or sign in '\\"<>^`{|}\x7f' or not sign.isprintable() for sign in text):
        raise refused("the address has a sign that does not belong into one", text)
    match = _ADDRESS.fullmatch(text)
    if match is None:
        raise refused("only https addresses are asked for", text, "give https://HOST/…")
    scheme = match[1].lower()
    if scheme == "http" and not allow_http:
        raise refused(
            "http shows everybody on the way what is read, and lets them change it",
            text,
            "give the https address, or --allow-http if there is none",
        )
    if "@" in match[2]:
        raise refused("the address names a user or a password", text, "leave them out")
    parts = _AUTHORITY.fullmatch(match[2])
    port = int(parts[2]) if parts and parts[2] else PORTS[scheme]
    if parts is None or not 0 < port < 65_536:  # noqa: PLR2004 - ports have sixteen bits
        raise refused("the address names no host", text)
    path = quote(match[3] or "/", safe=_PLAIN) + quote(match[4] or "", safe=_PLAIN)
    return Target(scheme, _host(parts[1], text), port, path)


def _host(given: str, text: str) -> str:
    if given.startswith("["):
        address = _ip(given[1:-1])
        if address is None:
            raise refused("the address names no host", text)
        return str(address)
    try:
        host = given.rstrip(".").encode("idna").decode().lower()
    except UnicodeError as error:
        raise refused("the name of the host cannot be written in ASCII", text) from error
    labels = host.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        if _ip(host) is None:
            raise refused("the host is a number that programs read differently", text)
        return host
    if not all(_LABEL.fullmatch(label) for label in labels):
        raise refused("the name of the host is none", text)
    return host


def _ip(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def local_name(host: str) -> str:
    """Return why the name *host* leads into one's own network, or an empty text."""
    last = host.rpartition(".")[2]
    if last in LOCAL_NAMES or host.endswith(".home.arpa"):
        return "the name leads into this machine or its own network"
    return ""


def not_public(text: str) -> str:
    """Return why the network address *text* is not a public one, or an empty text.

    Example:
        >>> not_public("169.254.169.254")
        'a link-local address, where clouds keep their metadata'
        >>> not_public("::ffff:10.0.0.1")
        'a private or reserved address'
        >>> not_public("9.9.9.9")
        ''
    """
    address = _ip(text.partition("%")[0])
    if address is None:
        return "no network address"
    if str(address) in METADATA:
        return METADATA[str(address)]
    if isinstance(address, ipaddress.IPv6Address):
        for inner in _inside(address):
            why = not_public(str(inner))
            if why:
                return why
    reasons = (
        (address.is_unspecified, "the address of no machine"),
        (address.is_loopback, "this machine itself"),
        (address.is_link_local, "a link-local address, where clouds keep their metadata"),
        (address.is_multicast, "an address of many machines"),
        (
            not address.is_global
            or address.is_reserved
            or address in _GATEWAYS
            # fec0::/10, the older private networks of IPv6 (RFC 3879)
            or (isinstance(address, ipaddress.IPv6Address) and address.is_site_local),
            "a private or reserved address",
        ),
    )
    wrapped = isinstance(address, ipaddress.IPv6Address) and bool(_inside(address))
    return "" if wrapped else next((why for holds, why in reasons if holds), "")


def _inside(address: ipaddress.IPv6Address) -> list[ipaddress.IPv4Address]:
    """Return the IPv4 addresses that *address* carries."""
    found = [address.ipv4_mapped, address.sixtofour]
    found += list(address.teredo or ())
    if address in _NAT64:
        found.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return [one for one in found if one is not None]


def refused(what: str, address: str, to_do: str = "check the address") -> UnreadableInput:
    """Return the error that *address* is not connected to."""
    return UnreadableInput(what, where=visible(address)[:200], to_do=to_do)
