"""What an enclosure is, by its bytes and never by its name; and whether it can be opened without harm."""

from __future__ import annotations

import io
import zipfile
import zlib
from enum import StrEnum

from connectors.errors import UnreadableMessageError
from connectors.transports.mail.account import MailLimits

MOST_MEMBERS = 300
PIECE_BYTES = 1 << 16
WORKBOOK = "xl/workbook.xml"
# In a workbook: programs, other files, and what is fetched from elsewhere.
NOT_TAKEN = ("vbaproject.bin", "xl/embeddings/", "xl/activex/", "xl/externallinks/", "xl/macrosheets/")
MACROS = b"macroEnabled"
# Never in a workbook; in XML they can make much of little.
DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY")
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Kind(StrEnum):
    XLSX = "xlsx"
    CSV = "csv"
    PDF = "pdf"
    # A logo under a signature, say. It is not opened.
    OTHER = "other"


def kind_of(content: bytes, limits: MailLimits) -> Kind:
    """Raises `UnreadableMessageError` where it is a workbook that we do not open."""
    if content.startswith(b"PK"):
        return _workbook(content, limits)
    if content.startswith(OLD_OFFICE):
        raise _refused("a workbook is locked with a password, or of before 2007")
    if content.startswith(b"%PDF-"):
        return Kind.PDF
    return Kind.CSV if _is_table(content) else Kind.OTHER


def _is_table(content: bytes) -> bool:
    first = content[:PIECE_BYTES].splitlines()[:1]
    return (
        bool(first)
        and b"," in first[0]
        and not _is_binary(content)
        and not first[0].lstrip().startswith(b"<")
    )


def _is_binary(content: bytes) -> bool:
    return any(sign in content for sign in (b"\0", b"\x1b", b"\x08")) or content.startswith(
        (b"\xff\xd8", b"\x89")
    )


def _workbook(content: bytes, limits: MailLimits) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = [member.filename for member in packed.infolist()]
            if WORKBOOK not in names:
                return Kind.OTHER
            _check_members(packed, names)
            left = limits.unpacked_bytes
            for member in packed.infolist():
                left = _unpack(packed, member, left)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError):
        raise _refused("a workbook is broken, or locked with a password") from None
    return Kind.XLSX


def _check_members(packed: zipfile.ZipFile, names: list[str]) -> None:
    if len(names) > MOST_MEMBERS or len({name.lower() for name in names}) < len(names):
        raise _refused("a workbook has too many parts, or one of them twice")
    if any(bad in name.lower() for name in names for bad in NOT_TAKEN):
        raise _refused("a workbook holds macros, other files, or links to others")
    if any(member.flag_bits & 0x1 for member in packed.infolist()):
        raise _refused("a workbook is locked with a password")


def _unpack(packed: zipfile.ZipFile, member: zipfile.ZipInfo, left: int) -> int:
    """How many bytes are still allowed. Counted as they come: what the file says of itself is no promise."""
    tail, is_xml = b"", member.filename.lower().endswith((".xml", ".rels"))
    with packed.open(member) as stream:
        while piece := stream.read(PIECE_BYTES):
            left -= len(piece)
            if left < 0:
                raise _refused("a workbook unpacks to more than any answer")
            if is_xml:
                # A piece may end in the middle of a word.
                _check_xml(tail + piece)
                tail = piece[-16:]
    return left


def _check_xml(piece: bytes) -> None:
    if b"\0" in piece or any(word in piece for word in DECLARATIONS):
        raise _refused("a workbook declares what no workbook needs")
    if MACROS in piece:
        raise _refused("a workbook holds macros")


def _refused(why: str) -> UnreadableMessageError:
    return UnreadableMessageError(
        f"An enclosure is not opened: {why}.",
        fix="do not open it; ask the sender for the answer sheet as it was sent to them, saved as .xlsx.",
        code="HUB-L02",
    )
