"""What the education connector promises."""

from hub.conformance import conforms

test_promises = conforms("education")
