"""What a run of the hub came to, as a person would be told of it. No value of any record is in it."""

from __future__ import annotations

from dataclasses import dataclass

from connectors.errors import ConnectorError, CredentialsRefusedError, PartnerUnavailableError
from hub.faults import OUR_WORDS, StepFailedError


@dataclass(frozen=True)
class Night:
    fault: Exception | None
    # How often the partner was asked.
    asked: int
    # Codes of the findings, and of the messages that were refused.
    rules: tuple[str, ...]
    rejected: tuple[str, ...]

    @property
    def was_told(self) -> bool:
        """Whether anybody would know in the morning that something was wrong."""
        return bool(self.fault or self.rules or self.rejected)

    @property
    def failed(self) -> bool:
        """Whether the run itself, or a message of it, did not come through."""
        return bool(self.fault or self.rejected)

    @property
    def may_pass(self) -> bool:
        return isinstance(self.fault, PartnerUnavailableError)

    @property
    def sign_in_refused(self) -> bool:
        return isinstance(self.fault, CredentialsRefusedError)

    @property
    def stumbled(self) -> str | None:
        """A fault that is none of the partner's: its name and place, without its words."""
        if self.fault is None or isinstance(self.fault, OUR_WORDS):
            return None
        return str(StepFailedError(self.fault)).partition(" What to do")[0]

    @property
    def words(self) -> str:
        if self.fault is None:
            return "the run ended well"
        kind = type(self.fault).__name__
        return f"the run ended with {kind}" + (
            "" if isinstance(self.fault, ConnectorError) else " of the hub"
        )
