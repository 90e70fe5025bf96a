"""What the hub promises the case system."""

from quality.rules import Suite

suite = Suite("yjs")
