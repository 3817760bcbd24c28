"""The university's certificate and key: made here where none is brought along, kept so that old seals can be checked.

In the folder `certificates` of `home`: `own-1.json`, `own-2.json`, …: a certificate made here with its key, encrypted
as other secrets are (`service.vault`); and `<sha256>.der`: every certificate that ever sealed, without a key.
"""

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final
from warnings import catch_warnings, simplefilter

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
    pkcs12,
)
from cryptography.x509.oid import NameOID

from service.settings import Settings
from service.vault import Vault

FOLDER: Final = "certificates"
YEARS: Final = 10
# Readers of PDF know RSA everywhere, curves not.
BITS: Final = 3072
RENEWED: Final = timedelta(days=30)
_OWNER: Final = "certificate"

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


class CertificateError(Exception):
    """The certificate of SAPAT_CERTIFICATE cannot be used: whoever runs Sapat has to look at it."""


@dataclass(frozen=True, slots=True)
class Identity:
    """By whom is sealed: a certificate, its key, and the certificates above it."""

    certificate: x509.Certificate
    key: Key
    above: tuple[x509.Certificate, ...] = ()

    @property
    def fingerprint(self) -> str:
        """The SHA-256 (hex) of the certificate."""
        return fingerprint(self.certificate)


def fingerprint(certificate: x509.Certificate) -> str:
    """The SHA-256 (hex) of the certificate."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def identity(settings: Settings, university: str, now: datetime) -> Identity:
    """The one to seal with: what SAPAT_CERTIFICATE names, else the newest made here, made now where there is none.

    Of several processes that find none at once, all get the same. One made here is followed by a new one a month before
    it ends. Raises CertificateError.
    """
    found = _brought(settings, now) if settings.certificate else _own(settings.home, university, now)
    _keep(settings.home, found.certificate)
    return found


def known(home: Path) -> dict[str, x509.Certificate]:
    """Every certificate that ever sealed here, by its fingerprint."""
    kept = (home / FOLDER).glob("*.der")
    found = (x509.load_der_x509_certificate(path.read_bytes()) for path in kept)
    return {fingerprint(one): one for one in found}


def _own(home: Path, university: str, now: datetime) -> Identity:
    while True:
        numbers = sorted(int(path.stem.removeprefix("own-")) for path in (home / FOLDER).glob("own-*.json"))
        last = numbers[-1] if numbers else 0
        if last:
            found = _read(home, last)
            if now + RENEWED < found.certificate.not_valid_after_utc:
                return found
        # Whoever comes second finds the first one's in the next round.
        _write(home, last + 1, _made(university, now))


def _made(university: str, now: datetime) -> Identity:
    key = rsa.generate_private_key(65537, BITS)
    # X.520 lets a name have 64 letters; the check that is left out would count bytes, and cut a Kyrgyz name in half.
    named = (NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME)
    with catch_warnings():
        simplefilter("ignore")
        name = x509.Name([x509.NameAttribute(one, university[:64], _validate=False) for one in named])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=round(365.25 * YEARS)))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_USE, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return Identity(certificate, key)


_USE: Final = x509.KeyUsage(
    digital_signature=True,
    content_commitment=True,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=False,
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)


def _read(home: Path, number: int) -> Identity:
    told = json.loads((home / FOLDER / f"own-{number}.json").read_text("utf-8"))
    key = load_der_private_key(bytes.fromhex(Vault.at(home).open(told["key"], _OWNER)), None)
    assert isinstance(key, rsa.RSAPrivateKey)  # noqa: S101 - as it was made
    return Identity(x509.load_der_x509_certificate(bytes.fromhex(told["certificate"])), key)


def _write(home: Path, number: int, made: Identity) -> None:
    key = made.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    told = {
        "certificate": made.certificate.public_bytes(Encoding.DER).hex(),
        "key": Vault.at(home).seal(key.hex(), _OWNER),
    }
    _place(home / FOLDER / f"own-{number}.json", json.dumps(told).encode())


def _keep(home: Path, certificate: x509.Certificate) -> None:
    path = home / FOLDER / f"{fingerprint(certificate)}.der"
    if not path.exists():
        _place(path, certificate.public_bytes(Encoding.DER))


def _place(path: Path, content: bytes) -> None:
    """Write a file whole, safe on the disk, for its owner only; one that is there already stays."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=".") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
        with suppress(FileExistsError):
            path.hardlink_to(file.name)
    handle = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _brought(settings: Settings, now: datetime) -> Identity:
    """What SAPAT_CERTIFICATE (PKCS#12) holds. Raises CertificateError."""
    assert settings.certificate  # noqa: S101 - asked before
    password = settings.certificate_password.get_secret_value().encode() if settings.certificate_password else None
    try:
        key, certificate, above = pkcs12.load_key_and_certificates(settings.certificate.read_bytes(), password)
    except (OSError, ValueError) as error:
        raise CertificateError(f"SAPAT_CERTIFICATE cannot be read: {error}") from error
    if certificate is None or not isinstance(key, Key):
        raise CertificateError("SAPAT_CERTIFICATE holds no certificate with an RSA or EC key")
    if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
        raise CertificateError(f"SAPAT_CERTIFICATE is valid until {certificate.not_valid_after_utc:%d.%m.%Y} only")
    return Identity(certificate, key, tuple(above))


def digest(content: bytes) -> str:
    """The SHA-256 (hex) of a file."""
    return sha256(content).hexdigest()
