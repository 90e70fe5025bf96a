import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from schemas import codes
from schemas.codes import CodeListError

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
LISTS = ROOT / "schemas" / "codes" / "lists"

PROMISED = {
    "sex": {"male", "female", "other", "not_known"},
    "safety_flag": {"safeguarding", "risk_to_wellbeing", "risk_of_harm", "remand"},
    "view_standing": {"given", "declined", "not_asked"},
    "urgency": {"routine", "soon", "urgent", "emergency"},
    "admission": {"admitted", "denied", "not_known"},
    "consent_giver": {"child", "parent", "carer", "local_authority"},
    "police_outcome": {str(number) for number in range(1, 24)},
    "referral_reason": {
        "out_of_court_decision",
        "released_under_investigation",
        "charged",
        "sentenced",
        "remanded",
        "report_requested",
        "breach",
        "missing",
        "appropriate_adult_wanted",
        "prevention",
        "support_need",
    },
}
KPI_LISTS = {
    "kpi1AccommodationType": "kpi1_accommodation_type",
    "suitability": "kpi_suitability",
    "provisionType (partial)": "kpi2_provision_type",
    "kpi4MHInterventionType": "kpi4_mental_health_intervention",
    "kpi5SMInterventionType": "kpi5_substance_misuse_intervention",
    "kpi type_of_order": "kpi_type_of_order",
    "kpi7 status group": "kpi7_status",
}
# What the standards file has and 18+1 has not, with the reason.
NOT_SELF_DEFINED = {
    "MERGE": "a note about a record, not about a child",
    "W4": "the same as W3",
    "W5": "newer than 18+1: a partner that sends it needs a mapping, and a person to agree it",
    "W8": "an older W3",
    "O1": "an older A4",
    "UN": "not known is a blank",
    "Z1": "missing is a blank",
    "ETH03": "historic",
    "ETH04": "a dummy",
    "ETH05": "a dummy",
}


def vectors(name: str) -> list[dict[str, str]]:
    with (HERE / "vectors" / name).open(newline="") as file:
        return list(csv.DictReader(file))


def codes_of(name: str) -> set[str]:
    return {code.code for code in codes.load(name).codes}


@pytest.mark.parametrize("name", codes.names())
def test_every_list_says_what_it_means_and_where_it_is_from(name):
    loaded = codes.load(name)
    assert loaded.name == name
    assert loaded.meaning
    assert loaded.source
    assert loaded.codes


def test_the_index_names_every_list_and_no_other():
    assert sorted(codes.names()) == sorted(file.stem for file in LISTS.glob("*.csv"))


@pytest.mark.parametrize("name", PROMISED)
def test_a_list_of_ours_holds_the_words_everyone_agreed(name):
    assert codes_of(name) == PROMISED[name]


@pytest.mark.parametrize("name", ["referral_reason", "referral_need", "disposal", "outcome_stage", "plea"])
def test_an_unknown_code_has_no_other_to_hide_in(name):
    assert [code for code in codes_of(name) if code == "other" or code.startswith("other_")] == []


@pytest.mark.parametrize(("published", "ours"), KPI_LISTS.items())
def test_a_kpi_list_is_the_published_one(published, ours):
    values = [row["value"] for row in vectors("yjb_kpi_enums.csv") if row["set"] == published]
    assert [code.code for code in codes.load(ours).codes] == values


def test_every_published_kpi_set_has_a_list():
    assert {row["set"] for row in vectors("yjb_kpi_enums.csv")} == set(KPI_LISTS)


@pytest.mark.parametrize(("published", "ours"), KPI_LISTS.items())
def test_a_partial_kpi_list_says_so(published, ours):
    assert ("Partial" in codes.load(ours).meaning) is ("partial" in published)


def test_self_defined_ethnicity_is_the_police_file_less_what_is_no_ethnicity():
    published = {row["code"] for row in vectors("hmpps_ethnicity_codes.csv")}
    assert codes_of("ethnicity_self_defined") == published - set(NOT_SELF_DEFINED)
    assert len(codes_of("ethnicity_self_defined")) == 18 + 1


def test_bail_statuses_are_the_courts_own():
    published = json.loads((HERE / "vectors" / "referencedata.bail-statuses.json").read_text())[
        "bailStatuses"
    ]
    words = {code.code: code.label.lower() for code in codes.load("bail_status").codes}
    assert words == {row["statusCode"]: row["statusDescription"].lower() for row in published}


def test_gravity_is_scored_one_to_five_as_published():
    published = {row["score"] for row in vectors("gravity_npcc.csv")}
    assert codes_of("gravity") == published == {"1", "2", "3", "4", "5"}


def test_a_list_nobody_made_is_refused_with_the_names_there_are():
    with pytest.raises(CodeListError, match=r"no code list is called colour.*Use one of: .*sex"):
        codes.load("colour")


def test_reading_codes_starts_no_polars():
    # A process that imports the words everyone shares may still fork.
    script = "import sys; from schemas import codes; codes.load('sex'); sys.exit('polars' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == 0
