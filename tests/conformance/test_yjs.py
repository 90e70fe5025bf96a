"""What the case system's connector promises."""

from hub.conformance import conforms

test_promises = conforms("yjs")
