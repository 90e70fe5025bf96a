"""What the connector to children's services promises."""

from hub.conformance import conforms

test_promises = conforms("social_care")
