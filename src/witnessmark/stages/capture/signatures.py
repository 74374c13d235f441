"""Signatures of web archives, as the WACZ signing scheme makes them.

Laws:
1. What is signed is the digest of the list, as text (``sha256:…``).
2. A signature by a key of its own shows only that the keeper of that key signed.
3. A signature in the name of a domain must be valid under its certificate, the certificate
   must have been in force when the signature says it was made, and its chain must end at a
   root that is known here: any other root can be made by anyone.
4. What could not be checked offline (revocation, the time stamp) is said.
"""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)

from witnessmark.core.canonical import sha256_hex
from witnessmark.core.errors import UnreadableInput

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

ROOTS = {
    "0b9fa5a59eed715c26c1020c711b4f6ec42d58b0015e14337a39dad301c5afc3": "ISRG Root X1",
    "762195c225586ee6c0237456e2107dc54f1efc21f61a792ebd515913cce68332": "ISRG Root X2",
}
"""SHA-256 of the public keys (SubjectPublicKeyInfo, DER) of the roots under which the signing
servers of web archives get their certificates (Let's Encrypt), and their names."""

LONGEST_CHAIN = 8
"""Certificates of a chain."""

LONGEST_TEXT = 65_536
"""Characters of one value of the signature."""


def signature_notes(signed: dict[str, object], value: str, *, where: str) -> tuple[str, ...]:
    """Check a signature over *value*; return what it shows.

    Args:
        signed: the ``signedData`` of the container.
        value: the digest that must be signed, as text.
        where: how errors name it.

    Raises:
        UnreadableInput: it is incomplete, or not right.
    """
    signature = _decoded(_text(signed, "signature", where), where)
    if signed.get("domainCert"):
        return _by_domain(signed, value.encode(), signature, where)
    if not signed.get("publicKey"):
        raise _wrong("the signature comes without key and without certificate", where)
    encoded = _decoded(_text(signed, "publicKey", where), where)
    try:
        key = (
            ed25519.Ed25519PublicKey.from_public_bytes(encoded)
            if len(encoded) == RAW_KEY
            else load_der_public_key(encoded)
        )
    except (ValueError, UnsupportedAlgorithm) as error:
        raise _wrong("the key of the signature cannot be read", where) from error
    if not _is_signed(key, signature, value.encode()):
        raise _wrong("the signature is not valid", where)
    return (
        f"signed by a key that names nobody (SHA-256 {sha256_hex(encoded)[:16]}…): valid",
        "the signature shows that a keeper of that key signed, not who or when",
    )


RAW_KEY = 32
"""Bytes of an Ed25519 key without wrapping."""


def _by_domain(
    signed: dict[str, object], value: bytes, signature: bytes, where: str
) -> tuple[str, ...]:
    domain = _text(signed, "domain", where)
    try:
        chain = x509.load_pem_x509_certificates(_text(signed, "domainCert", where).encode())
    except ValueError as error:
        raise _wrong("the certificate of the signature cannot be read", where) from error
    if len(chain) > LONGEST_CHAIN:
        raise _wrong("the chain of certificates is too long", where)
    leaf = chain[0]
    if not _is_signed(leaf.public_key(), signature, value):
        raise _wrong("the signature is not valid", where)
    if domain not in _domains(leaf):
        raise _wrong("the certificate is not of the domain that is said to have signed", where)
    created = _time(_text(signed, "created", where), where)
    root = _root(chain, created, where)
    notes = [
        f"signed for {domain} on {created:%Y-%m-%d}, certificate under {root}: valid",
        "not checked offline: whether the certificate was revoked",
    ]
    if signed.get("timeSignature"):
        notes.append("the time stamp of the signature is not checked here")
    else:
        notes.append("no time stamp: the date is the signer's own word")
    return tuple(notes)


def _root(chain: Sequence[x509.Certificate], created: datetime, where: str) -> str:
    """Return the name of the known root that *chain* ends at."""
    for place, certificate in enumerate(chain):
        name = ROOTS.get(sha256_hex(_key_bytes(certificate)))
        if name and place:
            return name
        if not certificate.not_valid_before_utc <= created <= certificate.not_valid_after_utc:
            raise _wrong(f"certificate {place + 1} was not in force when it was signed", where)
        if place and not _is_authority(certificate):
            raise _wrong(f"certificate {place + 1} may not sign others", where)
        if place + 1 < len(chain):
            try:
                certificate.verify_directly_issued_by(chain[place + 1])
            except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm) as error:
                raise _wrong(
                    f"certificate {place + 1} is not signed by the one after it", where
                ) from error
    raise _wrong("the certificate does not come from a root that is known here", where)


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        found = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
    except (x509.ExtensionNotFound, ValueError):
        return False
    return found.value.ca


def _domains(certificate: x509.Certificate) -> list[str]:
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except (x509.ExtensionNotFound, ValueError):
        return []
    return found.value.get_values_for_type(x509.DNSName)


def _key_bytes(certificate: x509.Certificate) -> bytes:
    return certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _is_signed(key: PublicKeyTypes, signature: bytes, value: bytes) -> bool:
    try:
        if isinstance(key, ed25519.Ed25519PublicKey):
            key.verify(signature, value)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(_wrapped(signature, key), value, ec.ECDSA(hashes.SHA256()))
        elif isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, value, padding.PKCS1v15(), hashes.SHA256())
        else:
            return False
    except (InvalidSignature, ValueError, UnsupportedAlgorithm):
        return False
    return True


def _wrapped(signature: bytes, key: ec.EllipticCurvePublicKey) -> bytes:
    """Return an ECDSA signature in DER; browsers write its two numbers side by side."""
    half = (key.key_size + 7) // 8
    if len(signature) != 2 * half:
        return signature
    return encode_dss_signature(
        int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big")
    )


def _time(text: str, where: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise _wrong("the signature states no time", where) from error
    if moment.tzinfo is None:
        raise _wrong("the time of the signature has no zone", where)
    return moment


def _text(signed: dict[str, object], name: str, where: str) -> str:
    value = signed.get(name)
    if not isinstance(value, str) or not value or len(value) > LONGEST_TEXT:
        raise _wrong(f"the signature has no usable value {name}", where)
    return value


def _decoded(text: str, where: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error) as error:
        raise _wrong("the signature is not written in base64", where) from error


def _wrong(what: str, where: str) -> UnreadableInput:
    return UnreadableInput(
        what,
        where=where,
        to_do="ask who gave you the web archive for one that verifies; as it is, it proves nothing",
    )
