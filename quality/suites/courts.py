"""What the courts promise of their results."""

from quality.rules import Suite

suite = Suite("courts")
