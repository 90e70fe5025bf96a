"""The night of every connected partner: one DAG for what they send us, one for what we send them.

Red means that a hop failed or its ledger does not balance: read the task's last line, it says what to do.
Nothing is lost by running a DAG again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from airflow.sdk import DAG, ExceptionRetryPolicy, RetryAction, RetryRule, dag, task
from airflow.timetables.trigger import CronTriggerTimetable

from hub import registry
from hub.exchange import tasks
from hub.settings import HubSettings

SETTINGS = HubSettings()

# False would still run what was missed within a tenth of the interval: a night by hand would run twice.
NEVER_AT_ONCE = timedelta(0)

# Airflow fills it in: a task tried again takes up its own run.
THIS_RUN = "{{ run_id }}"

# A wrong password tried again locks the account; a line that is down comes back.
RETRY_WHAT_MAY_PASS = ExceptionRetryPolicy(
    [
        RetryRule("connectors.errors.PartnerRefusedError", action=RetryAction.FAIL),
        RetryRule("connectors.errors.MisconfiguredError", action=RetryAction.FAIL),
        RetryRule("connectors.errors.NotAgreedError", action=RetryAction.FAIL),
        RetryRule("hub.ledger.balance.UnbalancedError", action=RetryAction.FAIL),
        RetryRule("hub.store.leases.LeaseBusyError", action=RetryAction.FAIL),
        RetryRule("hub.store.leases.LeaseLostError", action=RetryAction.FAIL),
    ]
)


def step(name: str, work: Callable[..., dict[str, Any]]) -> Any:
    """One hop as a task. Only a run's number and ids go in and out, and they are not logged either."""
    return task(
        task_id=name,
        retries=2,
        retry_delay=timedelta(seconds=SETTINGS.retry_seconds),
        retry_policy=RETRY_WHAT_MAY_PASS,
        show_return_value_in_logs=False,
    )(work)


def nightly(direction: str, partner: str) -> Any:
    at = SETTINGS.hour_of(partner, pushes=direction == "push")
    return dag(
        dag_id=f"{direction}_{partner}",
        schedule=CronTriggerTimetable(
            f"{at.minute} {at.hour} * * *", timezone=SETTINGS.timezone, run_immediately=NEVER_AT_ONCE
        ),
        catchup=False,
        max_active_runs=1,
        is_paused_upon_creation=False,
        default_args={"owner": "data desk"},
        tags=["hub", direction, partner],
        doc_md=__doc__,
    )


def pull(partner: str) -> DAG:
    @nightly("pull", partner)
    def partner_pull() -> None:
        landed = step("land", tasks.land_partner)(partner, THIS_RUN)
        translated = step("translate", tasks.translate_batches)(landed)
        matched = step("match", tasks.match_batches)(translated)
        step("record", tasks.record_batches)(matched)

    return partner_pull()


def push(partner: str) -> DAG:
    @nightly("push", partner)
    def partner_push() -> None:
        ready = step("outgoing", tasks.prepare_outgoing)(partner, THIS_RUN)
        sent = step("deliver", tasks.deliver_messages)(ready)
        step("acknowledge", tasks.collect_answers)(sent)

    return partner_push()


for name, connector in registry.connectors().items():
    if connector.pulls:
        globals()[f"pull_{name}"] = pull(name)
    if connector.pushes:
        globals()[f"push_{name}"] = push(name)
