"""What the courts' connector promises."""

from hub.conformance import conforms

test_promises = conforms("courts")
