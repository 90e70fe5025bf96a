"""Where in the vault a record's sealed half stands: what its seal is bound to."""

from __future__ import annotations


def vault_place(partner: str, feed: str, reference: str) -> bytes:
    return f"vault.sealed {partner} {feed} {reference}".encode()
