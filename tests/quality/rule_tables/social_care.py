"""Children's services: the dataset, their referrals, our form, and their answers."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import dataframely as dy
import polars as pl

from quality.suites import social_care, social_care_received
from rule_tables import TODAY, RuleTable, breaks, keeps
from schemas.child_details import ChildDetails
from schemas.circumstance import Circumstance
from schemas.referral import Referral
from schemas.status_update import StatusUpdate

LATER = TODAY + timedelta(days=2)


def _types(kind: type[dy.Schema]) -> dict[str, Any]:
    return {name: column.dtype for name, column in (kind.columns() | ChildDetails.columns()).items()}


def _texts(*names: str) -> dict[str, Any]:
    return dict.fromkeys(names, pl.String)


circumstances_received = RuleTable(
    rules=social_care_received.CIRCUMSTANCES,
    types=_texts("pers_dob", "confidential", "clap_cla_placement_id", "struck_out"),
    good={
        "pers_dob": "2011-02-14",
        "confidential": "N",
        "clap_cla_placement_id": "PM-1",
        "struck_out": "false",
    },
    cases=(
        keeps("SOC-R04", "born on 1 January, as some are", pers_dob="2011-01-01"),
        breaks("SOC-R04", "it is nothing", pers_dob=None),
        breaks("SOC-R04", "a stand-in for no date", pers_dob="1900-01-01"),
        keeps("SOC-R05", "confidential", confidential="Y"),
        keeps("SOC-R05", "no placement at all", confidential=None, clap_cla_placement_id=None),
        keeps("SOC-R05", "struck out", confidential=None, struck_out="true"),
        breaks("SOC-R05", "a placement that does not say", confidential=None),
        breaks("SOC-R05", "another word", confidential="perhaps"),
    ),
)

referred_received = RuleTable(
    rules=social_care_received.REFERRED,
    types=_texts("pers_dob"),
    good={"pers_dob": "2011-02-14"},
    cases=(
        keeps("SOC-R06", "a day", pers_dob="2012-03-04"),
        breaks("SOC-R06", "blank", pers_dob=" "),
    ),
)

outcomes_received = RuleTable(
    rules=social_care_received.OUTCOMES,
    types=_texts("reason"),
    good={"reason": "below_threshold"},
    cases=(
        keeps("SOC-R07", "nothing", reason=None),
        breaks("SOC-R07", "a word of their own", reason="not for us"),
    ),
)

CHILD = {
    "is_deleted": False,
    "person_reference": "SC-1",
    "family_name": "Thornbury",
    "given_names": "Ada May",
    "born_on": date(2011, 2, 14),
}

circumstances = RuleTable(
    rules=social_care.TRANSLATED,
    types=_types(Circumstance),
    good={**CHILD, "reference": "ssd_legal_status/1", "holds_from": date(2026, 3, 1)},
    cases=(
        keeps("SOC-T01", "a surname that reads like nothing", family_name="Null"),
        breaks("SOC-T01", "a stand-in", family_name="Unknown"),
        keeps("SOC-T02", "a short name", given_names="Bo"),
        breaks("SOC-T02", "a stand-in", given_names="N/K"),
        keeps("SOC-T03", "born today", born_on=TODAY),
        breaks("SOC-T03", "born tomorrow", born_on=TODAY + timedelta(days=1)),
        keeps("SOC-T04", "one number, one person", nhs_number="9990000018"),
        breaks("SOC-T04", "a number of two people, the first", nhs_number="9990000026"),
        breaks(
            "SOC-T04", "a number of two people, the second", nhs_number="9990000026", person_reference="SC-2"
        ),
        keeps("SOC-T05", "on remand at fifteen", legal_status="J1"),
        keeps(
            "SOC-T05",
            "in care at five",
            legal_status="C2",
            born_on=date(2020, 2, 14),
        ),
        breaks("SOC-T05", "on remand at nine", legal_status="J1", born_on=date(2016, 4, 1)),
        keeps("SOC-T06", "ends the day it began", holds_until=date(2026, 3, 1)),
        breaks("SOC-T06", "ends the day before", holds_until=date(2026, 2, 28)),
        keeps("SOC-T07", "began today", holds_from=TODAY),
        breaks("SOC-T07", "begins in two days", holds_from=LATER),
    ),
)

REFERRED = {
    **CHILD,
    "reference": "SCR-1",
    "referred_on": date(2026, 11, 20),
    "consent_given_by": "parent",
    "parents_told": "told",
}
NOBODY = dict.fromkeys(("person_reference", "family_name", "given_names"))

referred = RuleTable(
    rules=social_care.REFERRED_TRANSLATED,
    types=_types(Referral),
    good=REFERRED,
    cases=(
        keeps("SOC-T11", "a key alone", family_name=None, given_names=None),
        breaks("SOC-T11", "nobody", **NOBODY),
        keeps("SOC-T12", "a name", family_name="Na"),
        breaks("SOC-T12", "a stand-in", family_name="TBC"),
        keeps("SOC-T13", "born today", born_on=TODAY),
        breaks("SOC-T13", "not born yet", born_on=LATER),
        keeps("SOC-T14", "referred today", referred_on=TODAY),
        breaks("SOC-T14", "referred in two days", referred_on=LATER),
        keeps("SOC-T15", "nobody consented, and why", consent_given_by=None, no_consent_because="at risk"),
        keeps("SOC-T15", "withdrawn", consent_given_by=None, is_deleted=True),
        breaks("SOC-T15", "nobody consented", consent_given_by=None),
        breaks("SOC-T15", "the parents were not told, and no reason", parents_told="not_told"),
    ),
)

outcomes = RuleTable(
    rules=social_care.OUTCOMES_TRANSLATED,
    types=_types(StatusUpdate),
    good={"reference": "OC-1", "state": "accepted", "state_on": date(2026, 11, 20), "is_deleted": False},
    cases=(
        keeps("SOC-T21", "decided today", state_on=TODAY),
        breaks("SOC-T21", "decided in two days", state_on=LATER),
    ),
)

FORM = {
    "Change": "new",
    "Consent": "parent",
    "NoConsentReason": None,
    "ParentsTold": "told",
    "ParentsNotToldReason": None,
    "Risks": None,
    "Urgency": "routine",
    "PhonedAt": None,
    "Need": "early_help",
    "Concern": None,
}

outgoing = RuleTable(
    rules=social_care.OUTGOING,
    types=_texts(*FORM),
    good=FORM,
    cases=(
        keeps("SOC-O01", "no consent, and why", Consent=None, NoConsentReason="at risk"),
        keeps(
            "SOC-O01", "the parents are not told, and why", ParentsTold="not_told", ParentsNotToldReason="-"
        ),
        keeps("SOC-O01", "withdrawn", Consent=None, Change="deleted"),
        breaks("SOC-O01", "no consent", Consent=None),
        breaks("SOC-O01", "whether the parents know is open", ParentsTold=None),
        breaks("SOC-O01", "the parents are not told", ParentsTold="not_told"),
        keeps("SOC-O02", "a child at risk, and answered", Risks="safeguarding"),
        breaks("SOC-O02", "a child at risk, and no consent", Risks="safeguarding", Consent=None),
        keeps("SOC-O03", "urgent, and told", Urgency="urgent", PhonedAt="23/11/2026 09:05"),
        breaks("SOC-O03", "an emergency that nobody rang about", Urgency="emergency"),
        keeps("SOC-O04", "protection, and from what", Need="safeguarding", Concern="neglect"),
        breaks("SOC-O04", "protection from nobody knows what", Need="safeguarding"),
    ),
)

acknowledged = RuleTable(
    rules=social_care.ACKNOWLEDGED,
    types={
        "message_key": pl.String,
        "answer": pl.String,
        "reason": pl.String,
        "their_reference": pl.String,
        "at": pl.Datetime("us", "UTC"),
    },
    good={
        "message_key": "social_care:yjs:REF-1:0a",
        "answer": "accepted",
        "reason": None,
        "their_reference": "CT-1",
        "at": datetime(2026, 11, 23, tzinfo=UTC),
    },
    cases=(
        keeps("SOC-A01", "refused, without a contact", answer="refused", their_reference=None),
        breaks("SOC-A01", "accepted, without a contact", their_reference=None),
    ),
)
