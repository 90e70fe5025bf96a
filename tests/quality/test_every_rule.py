"""The specification of every rule: records that keep it, records that break it and nothing else."""

import pytest
from rule_tables import (
    Case,
    RuleTable,
    courts,
    education,
    health,
    health_liaison,
    matching,
    police,
    police_decisions,
    social_care,
    yjs,
    yjs_views,
)

from quality.suites import suites
from quality.suites.matching import MATCHING

TABLES = {
    "police received": police.received,
    "police translated": police.translated,
    "police updates received": police_decisions.received,
    "police updates translated": police_decisions.translated,
    "police outgoing": police_decisions.outgoing,
    "police acknowledged": police_decisions.acknowledged,
    "courts received": courts.received,
    "courts translated": courts.translated,
    "social care dataset received": social_care.circumstances_received,
    "social care referrals received": social_care.referred_received,
    "social care outcomes received": social_care.outcomes_received,
    "social care dataset translated": social_care.circumstances,
    "social care referrals translated": social_care.referred,
    "social care outcomes translated": social_care.outcomes,
    "social care outgoing": social_care.outgoing,
    "social care acknowledged": social_care.acknowledged,
    "health progress": health.progress,
    "health liaison received": health_liaison.received,
    "health liaison translated": health_liaison.translated,
    "health outgoing": health.outgoing,
    "health acknowledged": health.acknowledged,
    "yjs outgoing": yjs.outgoing,
    "yjs acknowledged": yjs.acknowledged,
    "yjs views received": yjs_views.received,
    "yjs progress": yjs_views.progress,
    "yjs referrals": yjs_views.referrals,
    "yjs assessments": yjs_views.assessments,
    "yjs orders": yjs_views.orders,
    "education enrolments": education.enrolments,
    "education attendance": education.attendance,
    "education suspensions": education.suspensions,
    "education needs": education.needs,
    "education prevention": education.prevention,
    "education updates": education.updates,
    "education outgoing": education.outgoing,
    "education acknowledged": education.acknowledged,
    "matched": matching.matched,
}
EVERY_CASE = [pytest.param(table, case, id=str(case)) for table in TABLES.values() for case in table.cases]


@pytest.mark.parametrize(("table", "case"), EVERY_CASE)
def test_a_record_breaks_exactly_the_rule_that_its_row_names(table: RuleTable, case: Case):
    assert table.broken_by(case) == ({case.rule} if case.breaks else set())


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_every_rule_of_a_table_has_a_record_that_keeps_it_and_one_that_breaks_it(table: RuleTable):
    codes = {rule.code for rule in table.rules}

    assert {case.rule for case in table.cases if case.breaks} == codes
    assert {case.rule for case in table.cases if not case.breaks} == codes


def test_every_rule_that_is_checked_stands_in_a_table():
    checked = {rule.code for suite in suites() for rule in suite.all_rules()} | {
        rule.code for rule in MATCHING
    }

    assert {rule.code for table in TABLES.values() for rule in table.rules} == checked
