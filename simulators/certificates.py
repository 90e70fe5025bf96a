"""A certificate that is its own authority, for a partner on loopback or for whoever calls on one."""

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from simulators.drop import write_once
from simulators.line import HOST

VALID = timedelta(days=3650)


@dataclass(frozen=True)
class Certificate:
    file: Path
    key: Path


def own_certificate(folder: Path, name: str) -> Certificate:
    """Made once and kept: a partner whose certificate changes is one nobody should talk to."""
    made = Certificate(folder / f"{name}.pem", folder / f"{name}.key")
    if not made.file.exists():
        key = ec.generate_private_key(ec.SECP256R1())
        pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
        write_once(made.key, key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
        made.key.chmod(0o600)
        write_once(made.file, _signed(key, name).public_bytes(pem))
    return made


def _signed(key: ec.EllipticCurvePrivateKey, name: str) -> x509.Certificate:
    who, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]), datetime.now(UTC)
    place = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HOST))])
    return (
        x509.CertificateBuilder(who, who, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + VALID)
        .add_extension(place, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
