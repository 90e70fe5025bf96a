"""What is read of the Standard Safeguarding Dataset: its tables and columns by their own names.

Three views are ours, because the dataset says nothing of it: which placement is confidential, which row was
struck out, and whom children's services refer to the YJS.
"""

from __future__ import annotations

from dataclasses import dataclass

# Written before each row: which table it stands in.
TABLE = "ssd_table"
# The last column has no cells: its name says when the table was read.
READ_AT = "read_at "
CONFIDENTIAL = "confidential"
NOT_CONFIDENTIAL = ("N", "n", "No", "no")


@dataclass(frozen=True)
class Item:
    """One table: the fact that its rows say, its key, and the column that holds the person's key."""

    table: str
    fact: str
    key: str
    person: str
    began: str
    ended: str | None = None
    more: tuple[str, ...] = ()
    # Not taken in of a row that is confidential, or does not say that it is not.
    restricted: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        ended = (self.ended,) if self.ended else ()
        return (self.key, self.person, self.began, *ended, *self.more)


ITEMS = (
    Item(
        "ssd_legal_status",
        "care_status",
        key="lega_legal_status_id",
        person="lega_person_id",
        began="lega_legal_status_start_date",
        ended="lega_legal_status_end_date",
        more=("lega_legal_status",),
    ),
    Item(
        "ssd_cin_episodes",
        "child_in_need",
        key="cine_referral_id",
        person="cine_person_id",
        began="cine_referral_date",
        ended="cine_close_date",
        more=(
            "cine_cin_primary_need_code",
            "cine_referral_nfa",
            "cine_referral_team",
            "cine_referral_worker_id",
        ),
    ),
    Item(
        "ssd_cp_plans",
        "protection_plan",
        key="cppl_cp_plan_id",
        person="cppl_person_id",
        began="cppl_cp_plan_start_date",
        ended="cppl_cp_plan_end_date",
        more=("cppl_cp_plan_latest_category",),
    ),
    Item(
        "ssd_early_help_episodes",
        "early_help",
        key="earl_episode_id",
        person="earl_person_id",
        began="earl_episode_start_date",
        ended="earl_episode_end_date",
        more=("earl_episode_reason", "earl_episode_organisation", "earl_episode_worker_id"),
    ),
    Item(
        "ssd_missing",
        "missing",
        key="miss_table_id",
        person="miss_person_id",
        began="miss_missing_episode_start_date",
        ended="miss_missing_episode_end_date",
        more=("miss_missing_episode_type",),
    ),
    Item(
        "ssd_involvements",
        "involvement",
        key="invo_involvements_id",
        person="invo_person_id",
        began="invo_involvement_start_date",
        ended="invo_involvement_end_date",
        more=("invo_professional_role_id", "invo_professional_team", "invo_professional_id"),
    ),
    Item(
        "ssd_contacts",
        "contact",
        key="cont_contact_id",
        person="cont_person_id",
        began="cont_contact_date",
        more=("cont_contact_source_code",),
    ),
    Item(
        "hub_placements",
        "accommodation",
        key="clap_cla_placement_id",
        person="clap_person_id",
        began="clap_cla_placement_start_date",
        ended="clap_cla_placement_end_date",
        more=(
            "clap_cla_placement_type",
            "clap_cla_placement_provider",
            "clap_cla_placement_postcode",
            CONFIDENTIAL,
        ),
        restricted=("clap_cla_placement_provider", "clap_cla_placement_postcode"),
    ),
)
FACTS = {item.table: item.fact for item in ITEMS}

PERSON = "ssd_person"
PERSON_KEY = "pers_person_id"
PERSON_COLUMNS = (
    "pers_forename",
    "pers_surname",
    "pers_dob",
    "pers_sex",
    "pers_common_child_id",
)

# The dataset forgets a row without a word, so a view of ours names those that were struck out.
REMOVED = "hub_removed"
REMOVED_FROM, REMOVED_KEY, REMOVED_PERSON = "removed_from", "removed_id", "removed_person_id"
REMOVED_COLUMNS = (REMOVED_FROM, REMOVED_KEY, REMOVED_PERSON)
STRUCK_OUT = "struck_out"

REFERRALS = "hub_referrals"
REFERRAL_COLUMNS = (
    "referral_id",
    "updated_at",
    "withdrawn",
    "person_id",
    "from_service",
    "reason",
    "urgency",
    "referred_on",
    "consent_given_by",
    "no_consent_reason",
    "parents_told",
    "parents_not_told_reason",
    "safeguarding",
    "child_view",
    "parents_view",
    "safe_contact",
    "referrer",
    "address",
    "postcode",
    CONFIDENTIAL,
)
REFERRAL_RESTRICTED = ("address", "postcode")
