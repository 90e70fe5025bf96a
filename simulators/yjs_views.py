"""The case system's reporting database: tables beneath, and the views that it lets the hub read.

The columns of the views are named as the Youth Justice Board's case-level fields; names and addresses are the
case system's own.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    Engine,
    MetaData,
    Table,
    Text,
    bindparam,
    inspect,
    select,
)

OPEN = "1900-01-01"

tables = MetaData()


def _columns(texts: Sequence[str] = (), dates: Sequence[str] = ()) -> list[Column[Any]]:
    return [*(Column(name, Text) for name in texts), *(Column(name, Date) for name in dates)]


# One document for each child and return; its items stand below it.
yp_return = Table(
    "yp_return",
    tables,
    Column("ypid", Text, primary_key=True),
    Column("source_return_id", Text, primary_key=True),
    *_columns(("currentyotid",), ("return_start_date", "return_end_date", "signoff_date")),
    Column("deleted", Boolean),
    *_columns(("cmssystem", "cmsextractversion")),
    *_columns(("familyName", "givenNames", "pncnumber", "nhsNumber", "upn"), ("dateOfBirth",)),
    *_columns(("sex", "ethnicity", "addressLine1", "addressLine2", "town", "postcode")),
)


def _items(name: str, texts: Sequence[str], dates: Sequence[str]) -> Table:
    keys = [Column("ypid", Text), Column("source_return_id", Text)]
    return Table(name, tables, *keys, *_columns(texts, dates))


yp_referral = _items(
    "yp_referral",
    ("referralID", "need", "service", "urgency", "consentGivenBy", "noConsentReason", "parentsTold",
     "parentsNotToldReason", "concern", "assessmentFactors", "phonedAt", "onOrder", "weeklyHoursAttended",
     "gpPractice", "school", "riskMarkers", "childView", "childViewWords", "parentsView", "diversityNeeds",
     "safeContact", "worker"),
    ("kpi4MHDateScreened", "kpi4MHDateReferred", "kpi5SMDateScreened", "kpi5SMDateReferred", "dateScreened",
     "dateReferred"),
)  # fmt: skip
yp_asset = _items(
    "yp_asset",
    ("assessmentID", "stage", "assessmentStatus", "roshjudgement", "safetyWellbeingJudgement",
     "concernsMentalHealth", "concernsSubstanceMisuse", "concernsSpeechLanguageCommunication",
     "concernsLearningAndETE", "concernsSafetyWellbeing", "atRiskOfSexualExplotation",
     "vulnerableToCriminalExploitation", "countyLinesActivity", "gangAssociation",
     "referredNationalReferralMechanismOrOther"),
    ("date",),
)  # fmt: skip
yp_programme = _items(
    "yp_programme",
    ("interventionProgrammeID", "disposalType", "cmsdisposalType", "kpi6SuccessfullyCompleted"),
    ("startDate", "endDate"),
)
yp_case = _items(
    "yp_case",
    ("caseID", "fromPartner", "sourceReference", "panelRecommendation", "engagement", "completed",
     "declinedReason"),
    ("acceptedOn", "assessedOn", "recommendedOn", "startedOn", "endedOn", "declinedOn"),
)  # fmt: skip
yp_deleted = Table("yp_deleted", tables, Column("ypid", Text, primary_key=True))

BENEATH = {
    "progress": yp_case,
    "referrals": yp_referral,
    "assessments": yp_asset,
    "orders": yp_programme,
}
KEY = ("ypid", "source_return_id")
VIEWS = (*(f"hub_{name}" for name in BENEATH), "hub_deleted_children")

Row = Mapping[str, Any]


def create_views(engine: Engine) -> None:
    """Make what is not there yet."""
    tables.create_all(engine)
    there = set(inspect(engine).get_view_names())
    with engine.begin() as connection:
        for name, items in BENEATH.items():
            if f"hub_{name}" not in there:
                _create(connection, f"hub_{name}", _view(items))
        if "hub_deleted_children" not in there:
            _create(connection, "hub_deleted_children", select(yp_deleted))


def _create(connection: Connection, name: str, query: Any) -> None:
    written = query.compile(dialect=connection.dialect)
    connection.exec_driver_sql(f"CREATE VIEW {name} AS {written}")


def _view(items: Table) -> Any:
    same = [items.c[name] == yp_return.c[name] for name in KEY]
    own = [column for column in items.columns if column.name not in KEY]
    return select(*yp_return.columns, *own).join(yp_return, same[0] & same[1])


def say(connection: Connection, feed: str, rows: Iterable[Row]) -> None:
    """Rows as the view shows them, put into the tables beneath. A return that is there is written anew."""
    said, items = list(rows), BENEATH[feed]
    if not said:
        return
    documents = {tuple(row[name] for name in KEY): _of(yp_return, row) for row in said}
    here = (yp_return.c[name] == bindparam(f"its_{name}") for name in KEY)
    connection.execute(
        yp_return.delete().where(*here),
        [{f"its_{name}": row[name] for name in KEY} for row in documents.values()],
    )
    connection.execute(yp_return.insert(), list(documents.values()))
    connection.execute(items.insert(), [_of(items, row) for row in said])


def _of(table: Table, row: Row) -> dict[str, Any]:
    return {column.name: row.get(column.name) for column in table.columns}


def clear(connection: Connection, feed: str) -> None:
    connection.execute(BENEATH[feed].delete())


def delete_child(connection: Connection, ypid: str) -> None:
    """Put a child on the list of the deleted. Their rows stay where they are."""
    connection.execute(yp_deleted.insert().values(ypid=ypid))
