"""Time stamps of RFC 3161: made into requests, read and verified, by two engines.

Both engines are asked, the library ``rfc3161-client`` and the program ``openssl`` where it
is installed, and each answer is kept apart. Nothing here opens a connection or writes a
file: a request is carried to the authority, and the response back, by the user.

Laws:
1. A response that no engine reads is reported with each engine's reason, never dropped.
2. A stamp counts only under roots that the reader gives; no roots, no authority checked.
3. One engine that reads a stamp and refuses it refuses it; silence of one is no consent.
4. Certificates need to have been valid when the stamp was made, not today.

Source: RFC 3161, RFC 5816; ``openssl-ts(1)``.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from witnessmark.core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rfc3161_client import TimeStampResponse

LONGEST_RESPONSE = 1_000_000
"""Bytes; the largest of the real responses at hand has 6012."""

PATIENCE_S = 20
"""Seconds that openssl may take; it takes some 10 ms."""

IMPRINTS = {
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}
"""Object identifiers of the hashes that an authority may stamp (RFC 5754)."""


@dataclass(frozen=True, slots=True)
class Token:
    """What a stamp says, as one engine read it.

    Attributes:
        time: when it was made, as the authority says.
        algorithm: hash of what it stamps: ``sha256``, ``sha384``, ``sha512`` or another name.
        imprint: that hash.
        nonce: the request's number, sent back; None if there is none.
        authority: name of the certificate that signed, as the token carries it.
    """

    time: datetime
    algorithm: str
    imprint: bytes
    nonce: int | None
    authority: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What each engine says of one response.

    Attributes:
        tokens: by engine: what it read.
        reasons: by engine: why it could not.
    """

    tokens: dict[str, Token]
    reasons: dict[str, str]

    @property
    def token(self) -> Token | None:
        """Return what was read, the library's reading first; None if nobody could."""
        return next(iter(self.tokens.values()), None)

    def why_not(self) -> str:
        """Return each engine's reason, in one line."""
        return "; ".join(f"{engine}: {reason}" for engine, reason in self.reasons.items())


@dataclass(frozen=True, slots=True)
class Checked:
    """What the engines say of a stamp under given roots.

    Attributes:
        held: engines under which it holds.
        refused: by engine: why it does not.
        silent: by engine: why it says nothing.
    """

    held: tuple[str, ...]
    refused: dict[str, str]
    silent: dict[str, str]

    @property
    def holds(self) -> bool:
        """Return whether one engine holds it and none refuses it."""
        return bool(self.held) and not self.refused


LIBRARY, PROGRAM = "rfc3161-client", "openssl"


def make_request(data: bytes) -> bytes:
    """Return a request (``.tsq``) for a stamp over SHA-256 of *data*, with a random nonce."""
    builder = TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256)
    return builder.nonce(nonce=True).cert_request(cert_request=True).build().as_bytes()


def read_response(raw: bytes) -> Reading:
    """Return what *raw* says, by each engine; bytes from outside never raise."""
    tokens: dict[str, Token] = {}
    reasons: dict[str, str] = {}
    if len(raw) > LONGEST_RESPONSE:
        return Reading({}, {"size": f"{len(raw)} bytes are no time stamp"})
    for engine, read in ((LIBRARY, _library_token), (PROGRAM, _program_token)):
        try:
            tokens[engine] = read(raw)
        except (ValueError, VerificationError, LookupError, TypeError) as error:
            reasons[engine] = " ".join(str(error).split()) or type(error).__name__
    return Reading(tokens, reasons)


def stamps(token: Token, data: bytes) -> bool:
    """Return whether *token* is over *data*."""
    if token.algorithm not in IMPRINTS.values():
        return False
    return hashlib.new(token.algorithm, data).digest() == token.imprint


def check(raw: bytes, data: bytes, roots: Path) -> Checked:
    """Return what the engines say of the response *raw* over *data* under *roots*.

    Args:
        raw: the response.
        data: what it must stamp.
        roots: PEM file of the certificates that the reader trusts.

    Raises:
        InputError: *roots* holds no certificate.
    """
    certificates = load_roots(roots)
    held: list[str] = []
    refused: dict[str, str] = {}
    reading = read_response(raw)
    silent = dict(reading.reasons)
    for engine, token in reading.tokens.items():
        if engine == LIBRARY:
            wrong = _library_refusal(raw, data, certificates)
        else:
            wrong = _program_refusal(raw, token, data, roots)
        if wrong:
            refused[engine] = wrong
        else:
            held.append(engine)
    return Checked(tuple(held), refused, silent)


def load_roots(path: Path) -> list[x509.Certificate]:
    """Return the certificates in the PEM file *path*.

    Raises:
        InputError: it cannot be read or holds none.
    """
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError) as error:
        raise InputError(
            "the roots to trust cannot be read",
            where=str(path),
            to_do="give a PEM file with the authority's root certificate",
        ) from error


def _library_token(raw: bytes) -> Token:
    response = decode_timestamp_response(raw)
    if response.status not in {0, 1}:
        message = f"the authority refused, status {response.status}: {response.status_string}"
        raise ValueError(message)
    info = response.tst_info
    oid = info.message_imprint.hash_algorithm.dotted_string
    return Token(
        info.gen_time,
        IMPRINTS.get(oid, oid),
        info.message_imprint.message,
        info.nonce,
        _signer(response),
    )


def _signer(response: TimeStampResponse) -> str:
    certificates = [
        x509.load_der_x509_certificate(one) for one in response.signed_data.certificates
    ]
    signers = {(one.issuer, one.serial_number) for one in response.signed_data.signer_infos}
    return _names([one for one in certificates if (one.issuer, one.serial_number) in signers])


def _names(certificates: Sequence[x509.Certificate]) -> str:
    """Return the names of those that may have signed: a token can carry a stranger's too."""
    names = sorted({_name(one) for one in certificates})
    return " or ".join(names) or "an authority that sent no certificate"


def _name(certificate: x509.Certificate) -> str:
    names = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    name = str(names[0].value) if names else certificate.subject.rfc4514_string()
    return "".join(sign if sign.isprintable() else "?" for sign in name)[:200]


def _library_refusal(raw: bytes, data: bytes, certificates: Sequence[x509.Certificate]) -> str:
    roots = [one for one in certificates if one.issuer == one.subject] or list(certificates)
    others = [one for one in certificates if one not in roots]
    try:
        verifier = VerifierBuilder(roots=roots, intermediates=others).build()
        verifier.verify_message(decode_timestamp_response(raw), data)
    except (VerificationError, ValueError) as error:
        return " ".join(str(error).split()) or type(error).__name__
    return ""


def run_openssl(
    *arguments: str, given: bytes, passing: Sequence[int] = ()
) -> subprocess.CompletedProcess[bytes]:
    """Run ``openssl`` with *given* on standard input; no file is written.

    Args:
        arguments: what it is told.
        given: its standard input.
        passing: file descriptors that it may read, as ``/dev/fd/N``.

    Raises:
        ValueError: it is not installed, or takes too long.
    """
    program = shutil.which("openssl")
    if program is None:
        message = "the program is not installed"
        raise ValueError(message)
    try:
        return subprocess.run(  # noqa: S603 - fixed arguments, no shell
            [program, *arguments],
            input=given,
            capture_output=True,
            timeout=PATIENCE_S,
            check=False,
            pass_fds=tuple(passing),
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        message = f"the program did not answer: {error}"
        raise ValueError(message) from error


def _program_token(raw: bytes) -> Token:
    done = run_openssl("ts", "-reply", "-in", "/dev/stdin", "-text", given=raw)
    text = done.stdout.decode(errors="replace")
    made = re.search(r"^Time stamp: (\w{3} +\d+ [\d:]+)(?:\.\d+)? (\d{4}) GMT", text, re.MULTILINE)
    algorithm = re.search(r"^Hash Algorithm: (\S+)", text, re.MULTILINE)
    dump = re.search(r"^Message data:\n((?: +[0-9a-f]+ - .*\n)+)", text, re.MULTILINE)
    if done.returncode or made is None or algorithm is None or dump is None:
        raise ValueError(last_reason(done.stderr) or _status(text))
    nonce = re.search(r"^Nonce: 0x([0-9A-F]+)", text, re.MULTILINE)
    rows = [
        re.match(r" +[0-9a-f]+ - ((?:[0-9a-f]{2}[ -]?){1,16})", line)
        for line in dump[1].splitlines()
    ]
    imprint = "".join(re.sub(r"[^0-9a-f]", "", row[1]) for row in rows if row)
    time = datetime.strptime(f"{made[1]} {made[2]}", "%b %d %H:%M:%S %Y").replace(tzinfo=UTC)
    return Token(
        time,
        algorithm[1],
        bytes.fromhex(imprint),
        int(nonce[1], 16) if nonce else None,
        _program_signer(raw),
    )


def _program_signer(raw: bytes) -> str:
    token = run_openssl("ts", "-reply", "-in", "/dev/stdin", "-token_out", given=raw).stdout
    listed = run_openssl("pkcs7", "-inform", "DER", "-print_certs", given=token).stdout
    try:
        certificates = x509.load_pem_x509_certificates(listed)
    except ValueError:
        certificates = []
    return _names([one for one in certificates if may_stamp(one)])


def may_stamp(certificate: x509.Certificate) -> bool:
    """Return whether *certificate* is for time stamps and signs no other certificates."""
    try:
        extensions = certificate.extensions
        uses = extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except (x509.ExtensionNotFound, ValueError):
        return False
    constraints = [one.value for one in extensions if isinstance(one.value, x509.BasicConstraints)]
    return ExtendedKeyUsageOID.TIME_STAMPING in uses and not any(one.ca for one in constraints)


def _program_refusal(raw: bytes, token: Token, data: bytes, roots: Path) -> str:
    if not stamps(token, data):
        return "it is over something else"
    arguments = verify_arguments(token, "/dev/stdin", roots)
    done = run_openssl("ts", "-verify", "-digest", token.imprint.hex(), *arguments, given=raw)
    if done.returncode == 0 and b"Verification: OK" in done.stdout + done.stderr:
        return ""
    return last_reason(done.stderr) or "it does not hold"


def verify_arguments(token: Token, response: str, roots: Path | str) -> tuple[str, ...]:
    """Return what ``openssl ts -verify`` is told beside what was stamped."""
    at = str(int(token.time.timestamp()))
    return ("-in", response, "-CAfile", str(roots), "-attime", at)


def verify_command(token: Token | None, name: str) -> str:
    """Return the command with which a stranger checks the stamp kept as *name*."""
    at = f" -attime {int(token.time.timestamp())}" if token else ""
    return f"openssl ts -verify -data {name}.checkpoint -in {name}.tsr -CAfile CA.pem{at}"


def last_reason(errors: bytes) -> str:
    """Return the reason in openssl's last error line: ``…:error:CODE:LIB:FUNC:REASON:FILE:…``."""
    lines = [line for line in errors.decode(errors="replace").splitlines() if ":error:" in line]
    if not lines:
        return ""
    parts = lines[-1].split(":error:", 1)[1].split(":")
    more = [part for part in parts[6:] if part.strip()]
    return ", ".join([parts[3], *more]) if len(parts) > 3 else lines[-1]  # noqa: PLR2004 - openssl's


def _status(text: str) -> str:
    found = re.search(r"^Status: (.+?)\.?$", text, re.MULTILINE)
    told = re.search(r"^Status description: (.+?)\.?$", text, re.MULTILINE)
    if found is None:
        return "this is no time stamp response"
    return f"the authority answered {found[1]}" + (f": {told[1]}" if told else "")


def nonce_of_request(raw: bytes) -> int | None:
    """Return the nonce in a request that :func:`make_request` made.

    Version, imprint, nonce, flag: the nonce is the integer after the imprint of 32 bytes.
    None where it is cut off.
    """
    place = raw.find(b"\x04\x20")
    if place < 0 or raw[place + 34 : place + 35] != b"\x02":
        return None
    length = int.from_bytes(raw[place + 35 : place + 36], "big")
    nonce = raw[place + 36 : place + 36 + length]
    return int.from_bytes(nonce, "big") if length and len(nonce) == length else None


def describe(reading: Reading) -> str:
    """Return one line that says what a response is, for a person."""
    token = reading.token
    if token is None:
        return f"unreadable ({reading.why_not()})"
    at = f"{token.time:%Y-%m-%dT%H:%M:%SZ}"
    also = f"; not read by {reading.why_not()}" if reading.reasons else ""
    imprint = token.imprint.hex()[:16]
    return f"stamped {at} by {token.authority} over {token.algorithm} {imprint}…{also}"
