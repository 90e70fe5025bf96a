"""The education service: an API over the schools' own systems, a region's address at a time.

What it lists is all that there is, every night; what was deleted stands in a list of its own.
"""

from pathlib import Path

from simulators.education_moods import CONTENT
from simulators.moods import CALM, Door
from simulators.partner import Running, Simulator, start_child


def begin(home: Path, night: int, mood: str = CALM) -> Running:
    return start_child("simulators.education_service", home / "education", night, mood)


simulator = Simulator(
    "education",
    begin,
    content_moods=CONTENT.keys(),
    door=Door("HUB_EDUCATION_BASE_URL", speaks_http=True),
)
