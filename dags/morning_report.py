"""The morning report: at the cut-off, with what is there. A partner that did not come is named on it.

Red means that the night is: the page says which partner, which record, and what to do.
"""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import Param, dag, task
from airflow.timetables.trigger import CronTriggerTimetable

from hub import morning
from hub.settings import HubSettings

SETTINGS = HubSettings()
AT = SETTINGS.cut_off


@dag(
    schedule=CronTriggerTimetable(
        f"{AT.minute} {AT.hour} * * *", timezone=SETTINGS.timezone, run_immediately=timedelta(0)
    ),
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=False,
    default_args={"owner": "data desk"},
    tags=["hub", "report"],
    params={
        "night": Param(
            None, type=["null", "string"], description="Which night, as 2026-11-24; else the last."
        )
    },
    doc_md=__doc__,
)
def morning_report() -> None:
    night = task(task_id="write_page")(morning.write_page)("{{ params.night or '' }}")
    task(task_id="judge")(morning.judge)(night)


morning_report()
