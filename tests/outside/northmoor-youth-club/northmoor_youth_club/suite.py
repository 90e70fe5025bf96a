"""What Northmoor Youth Club promise."""

from __future__ import annotations

from quality.rules import Dimension, MessageConsequence, RuleWords, Suite

# A rule of your own stands in `feeds`, with a record that keeps it and one that breaks it among the tests.
suite = Suite(
    "northmoor_youth_club",
    found_in_messages=(
        RuleWords(
            "NOR-R01",
            MessageConsequence.REJECT_MESSAGE,
            "A listing holds as many requests as it says.",
            why="Children may be missing, and nobody would know which.",
            fix="List the missing requests; they are asked for again with the next run.",
            owner="their data lead",
            dimension=Dimension.COMPLETENESS,
        ),
    ),
)
