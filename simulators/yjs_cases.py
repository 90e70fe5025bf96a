"""What becomes of referrals that were taken on from the worklist: told from the night after, step by step."""

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Column, Connection, Engine, Integer, Table, Text, select

from simulators.nights import morning
from simulators.yjs_nights import AUTUMN
from simulators.yjs_views import Row, clear, say, tables, yp_return
from simulators.yjs_worklist import worklist

# Which night a case was taken on.
taken_on = Table(
    "yp_case_taken_on", tables, Column("caseID", Text, primary_key=True), Column("night", Integer)
)
SEXES = {"male": "1", "female": "2"}
DECLINED = ("lives outside Northmoor", "already open under another case")
RECOMMENDATIONS = ("NFA", "CR", "O22", "YC", "YCC")
COLUMNS = (
    "case_reference", "from_partner", "source_reference", "hub_child_id", "family_name", "given_names",
    "born_on", "pnc", "sex", "ethnicity_self_defined", "postcode", "address",
)  # fmt: skip


def take_on(engine: Engine, night: int) -> None:
    """Note the night of every referral that was accepted since the last look."""
    referred = (worklist.c.kind == "referral") & worklist.c.case_reference.is_not(None)
    with engine.begin() as connection:
        cases = set(connection.execute(select(worklist.c.case_reference).where(referred)).scalars())
        new = cases - set(connection.execute(select(taken_on.c.caseID)).scalars())
        if new:
            connection.execute(taken_on.insert(), [{"caseID": case, "night": night} for case in sorted(new)])


def tell(connection: Connection, night: int, spoil: Callable[[Sequence[Row]], Sequence[Row]] = list) -> None:
    """What became of the cases of earlier nights, as it stands on this one."""
    columns = (worklist.c[name] for name in COLUMNS)
    known = (
        select(*columns, taken_on.c.night)
        .join(taken_on, taken_on.c.caseID == worklist.c.case_reference)
        .where(worklist.c.kind == "referral", taken_on.c.night < night)
        .order_by(worklist.c.version_no)
    )
    # The last version is the one that is kept.
    cases = {row["case_reference"]: dict(row) for row in connection.execute(known).mappings()}
    clear(connection, "progress")
    say(connection, "progress", spoil([_progress(connection, case, night) for case in cases.values()]))


def _progress(connection: Connection, case: dict[str, Any], night: int) -> Row:
    return {
        **_document(connection, case),
        **AUTUMN,
        "caseID": case["case_reference"],
        "fromPartner": case["from_partner"],
        "sourceReference": case["source_reference"],
        "acceptedOn": morning(case["night"]).date(),
        **dict(_steps(case["case_reference"], morning(case["night"]).date(), night - case["night"])),
    }


def _steps(case_id: str, taken: date, nights: int) -> Iterator[tuple[str, Any]]:
    """Some go quickly; a few are declined. All chance comes from the case."""
    rng = random.Random(case_id)
    if rng.random() < 0.08:
        yield from (("declinedOn", taken), ("declinedReason", rng.choice(DECLINED)))
        return
    steps, today = nights * rng.choice((1, 1, 2, 3)), taken + timedelta(days=nights)
    if steps >= 1:
        yield "assessedOn", taken
    if steps >= 2:
        yield from (("panelRecommendation", rng.choice(RECOMMENDATIONS)), ("recommendedOn", taken))
    if steps >= 3:
        yield from (("startedOn", today), ("engagement", rng.choice(("ENGAGED", "PARTLY", "NOT_ENGAGED"))))
    if steps >= 6:
        yield from (("endedOn", today), ("completed", rng.choice(("YES", "YES", "NO"))))


def _document(connection: Connection, case: dict[str, Any]) -> Row:
    """The child as they are on file; else as the worklist brought them."""
    same = yp_return.c.pncnumber == case["pnc"]
    if case["pnc"] is None:
        same = (
            (yp_return.c.familyName == case["family_name"])
            & (yp_return.c.givenNames == case["given_names"])
            & (yp_return.c.dateOfBirth == case["born_on"])
        )
    on_file = connection.execute(select(yp_return).where(same)).mappings().first()
    if on_file:
        return dict(on_file)
    child = sha256(str(case["hub_child_id"]).encode()).hexdigest()[:8]
    return {
        "ypid": f"NMW{child}",
        "currentyotid": "NMYJS",
        "deleted": False,
        "cmssystem": "Northmoor Case",
        "cmsextractversion": "7.2",
        "familyName": case["family_name"],
        "givenNames": case["given_names"],
        "pncnumber": case["pnc"],
        "dateOfBirth": case["born_on"],
        "sex": SEXES.get(case["sex"]),
        "ethnicity": case["ethnicity_self_defined"],
        "addressLine1": case["address"],
        "postcode": case["postcode"],
    }
