"""The list of moods, and its page: `python -m simulators.moods_page` writes it anew."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from simulators.moods import MOODS
from simulators.partner import Simulator
from simulators.together import installed

PLACE = Path(__file__).parents[1] / "docs" / "reference" / "moods.md"
OPENING = """# Moods

For whoever wants to see what the hub does on a bad night: `hub simulate --mood police=dribbling`. How, is in
[try a bad night](../how-to/try-a-bad-night.md).

- A mood of the **line** spoils what a partner answers on its way, whatever protocol is spoken. Every partner
  who is reached by a port plays all of them. The case system does when it stands on PostgreSQL; the courts'
  folder has no line.
- A mood of **http** answers in the place of a partner who speaks HTTP.
- A mood of the **content** changes what a partner writes. Each says which it plays.
- Without a mood a partner is `calm`. Started again `calm`, it puts right what it had spoiled.

This page is drawn from the code: `python -m simulators.moods_page` writes it anew.

| Mood | Kind | What happens | Played by |
|---|---|---|---|
"""


def listing(simulators: Mapping[str, Simulator]) -> list[dict[str, str]]:
    return [
        {
            "mood": mood.name,
            "kind": mood.kind.value,
            "what_happens": mood.words,
            "played_by": ", ".join(name for name, one in simulators.items() if mood.name in one.plays),
        }
        for mood in MOODS.values()
    ]


def moods_page() -> str:
    rows = (
        f"| `{row['mood']}` | {row['kind']} | {row['what_happens']} | {row['played_by'] or 'nobody yet'} |\n"
        for row in listing(installed())
    )
    return OPENING + "".join(rows)


if __name__ == "__main__":
    PLACE.write_text(moods_page(), encoding="utf-8")
