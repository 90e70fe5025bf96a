"""Held rows of one partner, put to a person: release, discard, or leave it held. Started by hand.

A row whose question nobody answers stays held, and the run ends by itself. Any other reason is given with
`hub held`: what is typed here would be kept by Airflow.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import Param, dag, task, task_group

from hub import questions, registry
from hub.settings import HubSettings

SETTINGS = HubSettings()
SENDERS = [name for name, connector in registry.connectors().items() if connector.pulls]
AT_MOST = 20
# A working day; the row can be asked about again at any time.
WAITS_FOR = timedelta(hours=10)
# An answer within a fifth of a second of its question is lost by Airflow 3.3.2, and the task with it.
ASKED_AGAIN: dict[str, Any] = {"retries": 2, "retry_delay": timedelta(seconds=SETTINGS.retry_seconds)}


@task_group
def each_row(key: str, subject: str, body: str) -> None:
    answer = HITLOperator(
        task_id="decide",
        subject=subject,
        body=body,
        options=list(questions.ANSWERS),
        defaults=questions.LEAVE_IT_HELD,
        response_timeout=WAITS_FOR,
        **ASKED_AGAIN,
    )
    task(task_id="carry_out", **ASKED_AGAIN)(questions.carry_out)(key, answer.output)


@dag(
    schedule=None,
    catchup=False,
    is_paused_upon_creation=False,
    default_args={"owner": "data desk"},
    tags=["hub", "held rows"],
    params={
        "partner": Param(SENDERS[0], type="string", enum=SENDERS, description="Whose rows."),
        "at_most": Param(
            AT_MOST, type="integer", minimum=1, maximum=100, description="How many: a child at risk first."
        ),
    },
    doc_md=__doc__,
)
def held_rows() -> None:
    chosen = task(task_id="choose", show_return_value_in_logs=False)(questions.choose)
    each_row.expand_kwargs(chosen("{{ params.partner }}", "{{ params.at_most }}"))


held_rows()
