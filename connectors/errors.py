"""What can go wrong at a partner, grouped by what happens next.

    ConnectorError
      PartnerUnavailableError   the line is down or the server is busy: try again later
      PartnerRefusedError       they answered, and the answer is no: tell a person
        CredentialsRefusedError   it is our sign-in that they refuse: asked again, the account may lock
      MisconfiguredError        our settings cannot work: found before any call
      NotAgreedError            no agreement lets it be shared: tell who can renew it
      UnreadableMessageError    what came cannot be opened: park that message, go on with the others

Every message says where, what, and what to do; never a value from a record.
"""

from __future__ import annotations

from datetime import timedelta


class ConnectorError(Exception):
    def __init__(self, what: str, *, fix: str) -> None:
        super().__init__(f"{what} What to do: {fix}")
        self.what = what
        self.fix = fix


class PartnerUnavailableError(ConnectorError):
    def __init__(self, what: str, *, fix: str, retry_after: timedelta | None = None) -> None:
        """`retry_after`: how long they ask to be left alone, where they say so."""
        super().__init__(what, fix=fix)
        self.retry_after = retry_after


class PartnerRefusedError(ConnectorError):
    pass


class CredentialsRefusedError(PartnerRefusedError):
    """Two of these in a row are enough: a third sign-in may lock the account."""


class MisconfiguredError(ConnectorError):
    pass


class NotAgreedError(ConnectorError):
    pass


class UnreadableMessageError(ConnectorError):
    def __init__(self, what: str, *, fix: str, code: str) -> None:
        super().__init__(what, fix=fix)
        self.code = code
