"""The named places: each stands in the code once, and a night passes all of them."""

from __future__ import annotations

import re
from pathlib import Path

from hub.failpoint import FAILPOINTS
from tests.crash.every_point import EveryPoint
from tests.crash.runs import ROOT, Zygote
from tests.crash.scenarios import POLICE_TO_YJS
from tests.crash.stage import stage


def test_every_failpoint_stands_in_the_code_once() -> None:
    called = [
        name
        for file in (ROOT / "hub").rglob("*.py")
        for name in re.findall(r'failpoint\("([a-z._]+)"\)', file.read_text())
    ]
    assert sorted(called) == sorted(FAILPOINTS)


def test_a_night_passes_all_of_them(root: Path, zygote: Zygote) -> None:
    passed: set[str] = set()
    with stage(root) as staged:
        EveryPoint(staged, zygote, POLICE_TO_YJS, POLICE_TO_YJS.night[0])
        world = staged.world
        for run in POLICE_TO_YJS.night:
            ended = zygote.run(world.hub.settings, run.ticket, run.hops, now=world.now[0])
            assert ended.status == 0, ended.trace
            passed |= {place.removeprefix("failpoint ") for place in ended.places}
    assert set(FAILPOINTS) - passed == set()
