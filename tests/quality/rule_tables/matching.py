"""The hub's own rules of matching."""

import polars as pl

from quality.suites.matching import MATCHING
from rule_tables import RuleTable, breaks, keeps

matched = RuleTable(
    rules=MATCHING,
    types=dict.fromkeys(("one_child", "birth_date_agrees", "referral_agrees", "is_ours"), pl.Boolean),
    good={"one_child": True, "birth_date_agrees": True, "referral_agrees": True, "is_ours": True},
    cases=(
        keeps("HUB-M01", "one child"),
        breaks("HUB-M01", "two children behind one record", one_child=False),
        keeps("HUB-M02", "no identifier to compare by", birth_date_agrees=None),
        breaks("HUB-M02", "another birth date", birth_date_agrees=False),
        keeps("HUB-M03", "it answers no referral that we hold", referral_agrees=None),
        breaks("HUB-M03", "the child who was referred was born on another day", referral_agrees=False),
        keeps("HUB-M04", "a child we know"),
        breaks("HUB-M04", "our number, and another birth date", is_ours=False),
    ),
)
