"""What the health services' connector promises."""

from hub.conformance import conforms

test_promises = conforms("health")
