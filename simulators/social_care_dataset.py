"""Children's services' reporting database: the Standard Safeguarding Dataset, and three views for the hub.

Tables and columns are named as the dataset's specification names them; its days are moments at midnight.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Column, Connection, Date, DateTime, Engine, MetaData, Table, Text

tables = MetaData()


def _table(name: str, texts: str, moments: str = "", days: str = "") -> Table:
    return Table(
        name,
        tables,
        *(Column(column, Text) for column in texts.split()),
        *(Column(column, DateTime) for column in moments.split()),
        *(Column(column, Date) for column in days.split()),
    )


TABLES = {
    table.name: table
    for table in (
        _table(
            "ssd_person",
            "pers_person_id pers_forename pers_surname pers_sex pers_gender pers_ethnicity "
            "pers_common_child_id pers_legacy_id pers_upn_unknown pers_send_flag pers_is_mother "
            "pers_nationality",
            "pers_dob pers_expected_dob pers_death_date",
        ),
        _table(
            "ssd_legal_status",
            "lega_legal_status_id lega_person_id lega_legal_status",
            "lega_legal_status_start_date lega_legal_status_end_date",
        ),
        _table(
            "ssd_cin_episodes",
            "cine_referral_id cine_person_id cine_cin_primary_need_code cine_referral_source_code "
            "cine_referral_source_desc cine_referral_outcome_json cine_referral_nfa cine_close_reason "
            "cine_referral_team cine_referral_worker_id",
            "cine_referral_date cine_close_date",
        ),
        _table(
            "ssd_cp_plans",
            "cppl_cp_plan_id cppl_referral_id cppl_icpc_id cppl_person_id cppl_cp_plan_initial_category "
            "cppl_cp_plan_ola cppl_cp_plan_latest_category",
            "cppl_cp_plan_start_date cppl_cp_plan_end_date",
        ),
        _table(
            "ssd_early_help_episodes",
            "earl_episode_id earl_person_id earl_episode_reason earl_episode_end_reason "
            "earl_episode_organisation earl_episode_worker_id",
            "earl_episode_start_date earl_episode_end_date",
        ),
        _table(
            "ssd_missing",
            "miss_table_id miss_person_id miss_missing_episode_type miss_missing_rhi_offered "
            "miss_missing_rhi_accepted",
            "miss_missing_episode_start_date miss_missing_episode_end_date",
        ),
        _table(
            "ssd_involvements",
            "invo_involvements_id invo_professional_id invo_professional_role_id invo_professional_team "
            "invo_worker_change_reason invo_person_id invo_referral_id",
            "invo_involvement_start_date invo_involvement_end_date",
        ),
        _table(
            "ssd_contacts",
            "cont_contact_id cont_person_id cont_contact_source_code cont_contact_source_desc "
            "cont_contact_outcome_json",
            "cont_contact_date",
        ),
        _table(
            "hub_placements",
            "clap_cla_placement_id clap_person_id clap_cla_placement_type clap_cla_placement_provider "
            "clap_cla_placement_postcode confidential",
            "clap_cla_placement_start_date clap_cla_placement_end_date",
        ),
        _table("hub_removed", "removed_from removed_id removed_person_id"),
        _table(
            "hub_referrals",
            "referral_id updated_at withdrawn person_id from_service reason urgency consent_given_by "
            "no_consent_reason parents_told parents_not_told_reason safeguarding child_view parents_view "
            "safe_contact referrer address postcode confidential",
            days="referred_on",
        ),
    )
}
Row = Mapping[str, Any]


def create_dataset(engine: Engine) -> None:
    tables.create_all(engine)


def show(connection: Connection, rows: Mapping[str, Iterable[Row]]) -> None:
    """What these tables show from now on, in place of what they showed before."""
    for name, some in rows.items():
        table = TABLES[name]
        connection.execute(table.delete())
        if complete := [{column.name: row.get(column.name) for column in table.columns} for row in some]:
            connection.execute(table.insert(), complete)


def midnight(day: date) -> datetime:
    return datetime.combine(day, time())
