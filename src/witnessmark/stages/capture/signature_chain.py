"""Chains of certificates behind a signature: how far they lead, and to whom.

Laws:
1. A chain counts when it leads to a root that is known here or that the reader gave; any
   other root can be made by anyone.
2. A chain that stops at an intermediate is checked one step further, with the root's own
   key. What was checked with what is said.
3. A chain that leads elsewhere is refused, and it is said how far it was right.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)

from witnessmark.core.canonical import sha256_hex
from witnessmark.stages.capture.signature_faults import wrong
from witnessmark.store.rulebook import load_rules

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

LONGEST_CHAIN = 8
"""Certificates of a chain."""


@dataclass(frozen=True, slots=True)
class Root:
    """A root that counts.

    Attributes:
        name: for a person.
        key: its public key.
        given: whether the reader gave it.
    """

    name: str
    key: PublicKeyTypes
    given: bool

    @property
    def digest(self) -> str:
        """Return SHA-256 of the key (SubjectPublicKeyInfo, DER)."""
        return sha256_hex(key_bytes(self.key))


def key_bytes(key: PublicKeyTypes) -> bytes:
    """Return *key* as SubjectPublicKeyInfo, DER."""
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def known_roots() -> tuple[Root, ...]:
    """Return the roots whose keys stand in the rule file."""
    content = load_rules("capture/roots.yaml", "witnessmark/roots/1")
    return tuple(
        Root(
            str(row["name"]),
            load_der_public_key(base64.b64decode("".join(str(row["key"]).split()))),
            given=False,
        )
        for row in content["roots"]
    )


def given_roots(certificates: Sequence[x509.Certificate]) -> tuple[Root, ...]:
    """Return the roots that the reader gave."""
    return tuple(Root(name_of(one.subject), one.public_key(), given=True) for one in certificates)


def name_of(name: x509.Name) -> str:
    """Return *name* for a person: its common name, else all of it; visible signs only."""
    common = name.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    text = str(common[0].value) if common else name.rfc4514_string()
    return "".join(sign if sign.isprintable() else "?" for sign in text)[:120]


def root_notes(
    chain: Sequence[x509.Certificate],
    created: datetime,
    given: Sequence[x509.Certificate],
    where: str,
) -> tuple[str, ...]:
    """Check *chain*; return the name of the root that it leads to, and what shows it.

    Args:
        chain: the certificate that signed first, each signed by the one after it.
        created: when the signature says that it was made.
        given: certificates that the reader trusts.
        where: how errors name it.

    Raises:
        UnreadableInput: a link is not right, or the chain leads to no root that counts.
    """
    if len(chain) > LONGEST_CHAIN:
        raise wrong("the chain of certificates is too long", where)
    roots = (*known_roots(), *given_roots(given))
    by_key = {root.digest: root for root in reversed(roots)}
    for place, certificate in enumerate(chain):
        root = by_key.get(sha256_hex(key_bytes(certificate.public_key())))
        if root and place:
            return (_named(root),)
        _refuse_unfit(certificate, place, created, where)
        if place + 1 == len(chain):
            break
        try:
            certificate.verify_directly_issued_by(chain[place + 1])
        except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm) as error:
            raise wrong(
                f"certificate {place + 1} is not signed by the one after it", where
            ) from error
    last = chain[-1]
    root = next((one for one in roots if _signed_by(last, one.key)), None)
    if root is not None:
        kept = "that you gave" if root.given else "that is kept here"
        how = f"that {root.name} signed it was checked with the root's key {kept}"
        return (_named(root), f"the chain stops at {name_of(last.subject)}; {how}")
    raise wrong(
        "the certificate does not come from a root that is known here: the chain is right up to "
        f"“{name_of(last.subject)}”, which “{name_of(last.issuer)}” is said to have signed; give "
        "that root with --trust if you trust it",
        where,
    )


def _named(root: Root) -> str:
    return f"{root.name} (a root that you gave)" if root.given else root.name


def _refuse_unfit(certificate: x509.Certificate, place: int, at: datetime, where: str) -> None:
    """Refuse a certificate that was not in force, or signed without being allowed to."""
    if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
        raise wrong(f"certificate {place + 1} was not in force when it was signed", where)
    if not place:
        return
    try:
        constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
    except (x509.ExtensionNotFound, ValueError):
        constraints = None
    if constraints is None or not constraints.ca:
        raise wrong(f"certificate {place + 1} may not sign others", where)
    if constraints.path_length is not None and constraints.path_length < place - 1:
        raise wrong(f"certificate {place + 1} may not stand so high in a chain", where)


def _signed_by(certificate: x509.Certificate, key: PublicKeyTypes) -> bool:
    """Return whether *key* signed *certificate*."""
    algorithm = certificate.signature_hash_algorithm
    if algorithm is None:
        return False
    signature, content = certificate.signature, certificate.tbs_certificate_bytes
    try:
        if isinstance(key, rsa.RSAPublicKey):
            way = certificate.signature_algorithm_parameters
            if not isinstance(way, padding.PKCS1v15 | padding.PSS):
                return False
            key.verify(signature, content, way, algorithm)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, content, ec.ECDSA(algorithm))
        else:
            return False
    except (InvalidSignature, ValueError, UnsupportedAlgorithm):
        return False
    return True
