"""Signatures of web archives, as the WACZ signing scheme makes them.

Laws:
1. What is signed is the digest of the list, as text (``sha256:…``).
2. A signature by a key of its own shows only that the keeper of that key signed.
3. A signature in the name of a domain must be valid under its certificate, the certificate
   must have been in force when the signature says it was made, and its chain must lead to a
   root that is known here or that the reader gave: any other root can be made by anyone.
4. A time stamp that is there must be right; what it shows, and under whose root, is said.
5. What could not be checked offline (revocation) is said.
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
from cryptography.hazmat.primitives.serialization import load_der_public_key

from witnessmark.core.canonical import sha256_hex
from witnessmark.core.errors import InputError
from witnessmark.stages.capture.signature_chain import root_notes
from witnessmark.stages.capture.signature_faults import wrong
from witnessmark.stages.capture.signature_stamp import stamp_notes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

LONGEST_TEXT = 65_536
"""Characters of one value of the signature."""


def signature_notes(
    signed: dict[str, object], value: str, *, where: str, trusted: str = ""
) -> tuple[str, ...]:
    """Check a signature over *value*; return what it shows.

    Args:
        signed: the ``signedData`` of the container.
        value: the digest that must be signed, as text.
        where: how errors name it.
        trusted: PEM of root certificates that the reader trusts beside the known ones.

    Raises:
        UnreadableInput: it is incomplete, or not right.
        InputError: *trusted* holds no certificate.
    """
    given = _given(trusted)
    signature = _decoded(_text(signed, "signature", where), where)
    if signed.get("domainCert"):
        return _by_domain(signed, value.encode(), signature, given, where)
    if not signed.get("publicKey"):
        raise wrong("the signature comes without key and without certificate", where)
    encoded = _decoded(_text(signed, "publicKey", where), where)
    try:
        key = (
            ed25519.Ed25519PublicKey.from_public_bytes(encoded)
            if len(encoded) == RAW_KEY
            else load_der_public_key(encoded)
        )
    except (ValueError, UnsupportedAlgorithm) as error:
        raise wrong("the key of the signature cannot be read", where) from error
    if not _is_signed(key, signature, value.encode()):
        raise wrong("the signature is not valid", where)
    return (
        f"signed by a key that names nobody (SHA-256 {sha256_hex(encoded)[:16]}…): valid",
        "the signature shows that a keeper of that key signed, not who or when",
    )


RAW_KEY = 32
"""Bytes of an Ed25519 key without wrapping."""


def _by_domain(
    signed: dict[str, object],
    value: bytes,
    signature: bytes,
    given: Sequence[x509.Certificate],
    where: str,
) -> tuple[str, ...]:
    domain = _text(signed, "domain", where)
    try:
        chain = x509.load_pem_x509_certificates(_text(signed, "domainCert", where).encode())
    except ValueError as error:
        raise wrong("the certificate of the signature cannot be read", where) from error
    leaf = chain[0]
    if not _is_signed(leaf.public_key(), signature, value):
        raise wrong("the signature is not valid", where)
    if domain not in _domains(leaf):
        raise wrong("the certificate is not of the domain that is said to have signed", where)
    created = _time(_text(signed, "created", where), where)
    root, *how = root_notes(chain, created, given, where)
    return (
        f"signed for {domain} on {created:%Y-%m-%d}, certificate under {root}: valid",
        *how,
        "not checked offline: whether the certificate was revoked",
        *_stamped(signed, signature, created, given, where),
    )


def _stamped(
    signed: dict[str, object],
    signature: bytes,
    created: datetime,
    given: Sequence[x509.Certificate],
    where: str,
) -> tuple[str, ...]:
    """Return what the time stamp of the signature shows."""
    if not signed.get("timeSignature"):
        return ("no time stamp: the date is the signer's own word",)
    return stamp_notes(
        _decoded(_text(signed, "timeSignature", where), where),
        (_text(signed, "signature", where).encode(), signature),
        created=created,
        carried=_text(signed, "timestampCert", where) if signed.get("timestampCert") else "",
        given=given,
        where=where,
    )


def _given(trusted: str) -> list[x509.Certificate]:
    if not trusted:
        return []
    try:
        return x509.load_pem_x509_certificates(trusted.encode())
    except ValueError as error:
        raise InputError(
            "the roots to trust cannot be read",
            where="--trust",
            to_do="give a PEM file with root certificates",
        ) from error


def _domains(certificate: x509.Certificate) -> list[str]:
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except (x509.ExtensionNotFound, ValueError):
        return []
    return found.value.get_values_for_type(x509.DNSName)


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
        raise wrong("the signature states no time", where) from error
    if moment.tzinfo is None:
        raise wrong("the time of the signature has no zone", where)
    return moment


def _text(signed: dict[str, object], name: str, where: str) -> str:
    value = signed.get(name)
    if not isinstance(value, str) or not value or len(value) > LONGEST_TEXT:
        raise wrong(f"the signature has no usable value {name}", where)
    return value


def _decoded(text: str, where: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error) as error:
        raise wrong("the signature is not written in base64", where) from error
