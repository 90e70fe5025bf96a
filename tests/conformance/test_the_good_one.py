"""A small good partner keeps every promise. Two lines, as in any connector's own test file."""

from hub.conformance import conforms
from tests.conformance.zoo.mentors import good

test_promises = conforms(good)
