"""The conformance kit: every promise that a connector makes, tried against its partner's rehearsal.

    from hub.conformance import conforms

    test_promises = conforms("police")

Nothing at run time imports this room; the shell does, for `hub conform`.
"""

from __future__ import annotations

from hub.conformance.plugin import conforms

__all__ = ["conforms"]
