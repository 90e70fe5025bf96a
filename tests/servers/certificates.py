"""Certificates for servers and clients on loopback, made anew for each run."""

from __future__ import annotations

import ipaddress
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.servers.lines import HOST

IS_AUTHORITY = x509.BasicConstraints(ca=True, path_length=0)


@dataclass(frozen=True)
class Certificate:
    file: Path
    key: Path

    def as_server(self, *, clients: Path | None = None) -> ssl.SSLContext:
        """Where `clients` is a file, only who is in it is let in."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.file, self.key)
        if clients:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(clients)
        return context


def certificate(folder: Path, name: str) -> Certificate:
    """One that is its own authority."""
    key, who = ec.generate_private_key(ec.SECP256R1()), _name(name)
    own = _builder(who, who, key).add_extension(_ADDRESS, critical=False)
    return _written(folder, name, key, own.add_extension(IS_AUTHORITY, critical=True).sign(key, _HASH))


class Authority:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name(f"Authority of {folder.name}")
        own = _builder(self._name, self._name, self._key).add_extension(IS_AUTHORITY, critical=True)
        self.file = folder / "authority.pem"
        self.file.write_bytes(own.sign(self._key, _HASH).public_bytes(_PEM))

    def issue(self, name: str) -> Certificate:
        """For a server on loopback, or for a client of one."""
        key = ec.generate_private_key(ec.SECP256R1())
        theirs = _builder(_name(name), self._name, key).add_extension(_ADDRESS, critical=False)
        return _written(self._folder, name, key, theirs.sign(self._key, _HASH))


_HASH, _PEM = hashes.SHA256(), serialization.Encoding.PEM
_ADDRESS = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HOST))])


def _name(words: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, words)])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=1))
    )


def _written(
    folder: Path, name: str, key: ec.EllipticCurvePrivateKey, signed: x509.Certificate
) -> Certificate:
    at = Certificate(folder / f"{name}.pem", folder / f"{name}.key")
    at.file.write_bytes(signed.public_bytes(_PEM))
    plain = serialization.NoEncryption()
    at.key.write_bytes(key.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, plain))
    return at
