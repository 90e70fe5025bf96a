"""What the force promises of its referral file."""

from quality.rules import Suite

suite = Suite("police")
