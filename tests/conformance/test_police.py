"""What the police connector promises."""

from hub.conformance import conforms

test_promises = conforms("police")
