"""The lines of a pyproject.toml by which the hub finds a connector, added as text.

Nothing else of the file changes, and taking the lines out again leaves it as it was.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import takewhile


def heading(group: str) -> str:
    return f'[project.entry-points."referral_hub.{group}"]'


def with_lines(project: str, name: str, points: Mapping[str, str]) -> str:
    for group, point in points.items():
        project = _with_line(project, heading(group), f'{name} = "{point}"')
    return project


def _with_line(project: str, title: str, line: str) -> str:
    """In its group, by name; a group that is not there yet comes last."""
    if title not in project:
        return f"{project.rstrip()}\n\n{title}\n{line}\n"
    before, after = project.split(f"{title}\n", 1)
    there = list(takewhile(lambda one: re.match(r"[\w-]+ *=", one), after.split("\n")))
    rest = after.split("\n")[len(there) :]
    return f"{before}{title}\n" + "\n".join([*sorted([*there, line]), *rest])
