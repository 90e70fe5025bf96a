"""All partners at once."""

from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from importlib.metadata import entry_points
from pathlib import Path

from simulators.moods import CALM, MoodError, check_plays
from simulators.partner import Running, Simulator

GROUP = "referral_hub.simulators"


def installed() -> dict[str, Simulator]:
    """Every simulated partner, those of other packages included."""
    return {point.name: point.load() for point in sorted(entry_points(group=GROUP))}


def start_all(
    home: Path, night: int, simulators: Mapping[str, Simulator], moods: Mapping[str, str] | None = None
) -> Running:
    """Start every partner, each in its mood; if one will not start, stop those that did."""
    wanted = moods or {}
    _check(wanted, simulators)
    with ExitStack() as started:
        running = [
            started.enter_context(each.start(home, night, wanted.get(name, CALM)))
            for name, each in simulators.items()
        ]
        settings = _merged([each.settings for each in running])
        everybody = started.pop_all()
    return Running(settings, everybody.close)


def _check(moods: Mapping[str, str], simulators: Mapping[str, Simulator]) -> None:
    """Before anybody is started."""
    for partner, mood in moods.items():
        if partner not in simulators:
            raise MoodError(
                f"There is no simulated partner {partner}. What to do: choose one of {', '.join(simulators)}."
            )
        check_plays(partner, simulators[partner].plays, mood)


def _merged(all_settings: list[Mapping[str, str]]) -> dict[str, str]:
    told_twice = [
        name for name, times in Counter(name for each in all_settings for name in each).items() if times > 1
    ]
    if told_twice:
        raise ValueError(f"two simulators set {', '.join(told_twice)}; give each partner its own variables")
    return {name: value for settings in all_settings for name, value in settings.items()}
