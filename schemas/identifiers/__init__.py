"""The identifiers partners send. Each module gives `canonical`, for a column, and `parse`, for one text."""

from schemas.identifiers.errors import InvalidIdentifierError

__all__ = ["InvalidIdentifierError"]
