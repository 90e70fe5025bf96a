"""Every promise, in its order."""

from __future__ import annotations

from hub.conformance.pulling import PAGES
from hub.conformance.pulling_records import RECORDS
from hub.conformance.pushing import HANDING_OVER
from hub.conformance.pushing_trouble import TROUBLE

PROMISES = (*PAGES, *RECORDS, *HANDING_OVER, *TROUBLE)
