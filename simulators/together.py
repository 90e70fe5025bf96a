"""All partners at once."""

from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from simulators.partner import Running, Simulator


def start_all(home: Path, night: int, simulators: Mapping[str, Simulator]) -> Running:
    """Start every partner; if one will not start, stop those that did."""
    with ExitStack() as started:
        running = [started.enter_context(each.start(home, night)) for each in simulators.values()]
        settings = _merged([each.settings for each in running])
        everybody = started.pop_all()
    return Running(settings, everybody.close)


def _merged(all_settings: list[Mapping[str, str]]) -> dict[str, str]:
    told_twice = [
        name for name, times in Counter(name for each in all_settings for name in each).items() if times > 1
    ]
    if told_twice:
        raise ValueError(f"two simulators set {', '.join(told_twice)}; give each partner its own variables")
    return {name: value for settings in all_settings for name, value in settings.items()}
