"""The partners, played on a laptop and in tests from their own specification.

Nothing here knows the hub: each partner writes what it would write and answers as it would answer.
All people, places and numbers are invented.
"""

from simulators.partner import Running, Simulator

__all__ = ["Running", "Simulator"]
