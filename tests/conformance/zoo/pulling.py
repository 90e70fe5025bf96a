"""The good mentors' listing: a whole pull connector, as small as one can be."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

import polars as pl

from connectors.contract import InboundMessage, PullFeed, Scope, Since
from connectors.errors import PartnerUnavailableError, UnreadableMessageError
from connectors.readings import Codes, always, code, day, day_in, instant, text, yes
from connectors.strict_json import loads
from connectors.translation import Translation
from connectors.transports.http import HttpClient, get
from connectors.transports.http.paging import by_cursor, pages
from schemas.child_details import ChildDetails
from schemas.referral import Referral

HELPS = Codes(Path(__file__).parent / "codes" / "help.csv", onto="referral_need")


def referrals(client: HttpClient, since: Since) -> Iterator[InboundMessage]:
    back = datetime.fromisoformat(since.cursor) - timedelta(days=1) if since.cursor else None
    latest, read, total = since.cursor or "", 0, 0
    first = get("referrals", query={"since": back.isoformat()} if back else {})
    for reply in pages(client, first, by_cursor(lambda page: page.json()["next"], parameter="after")):
        page = loads(reply.body)
        read, total = read + len(page["referrals"]), page["total"]
        changed = (one["changed_at"] for one in page["referrals"] if isinstance(one, dict))
        latest = max([latest, *changed])
        yield InboundMessage(sha256(reply.body).hexdigest(), [reply.body])
    if back and not read:
        raise PartnerUnavailableError("mentors: the listing is empty.", fix="ask what became of it.")
    if read < total:
        short = UnreadableMessageError("Fewer came than they say.", fix="ask for them.", code="MEN-R01")
        yield InboundMessage("short", problem=short)
    else:
        yield InboundMessage(f"end {latest}", [b'{"referrals": []}'], cursor=latest)


def opened(stream: BinaryIO) -> Iterator[pl.DataFrame]:
    rows = loads(stream.read())["referrals"]
    names = {name: None for row in rows if isinstance(row, dict) for name in row}
    cells = [row if isinstance(row, dict) else dict.fromkeys(names) for row in rows]
    problems = [None if isinstance(row, dict) else "the row is no referral" for row in rows]
    frame = pl.DataFrame(cells, schema=dict.fromkeys(names or COLUMNS, pl.String))
    yield frame.with_columns(
        pl.Series("problem", problems, pl.String), row=pl.int_range(1, pl.len() + 1), part=pl.lit(0, pl.Int64)
    )


record = Translation(
    Referral,
    reference=text("id"),
    version_at=instant("changed_at"),
    is_deleted=yes("withdrawn", when=("yes",), no=("no",)),
    need=code("help", HELPS),
    reason_as_sent=text("wish"),
    lawful_basis=always(value="uk_gdpr_6_1_e", because="the council refers"),
)
child = Translation(
    ChildDetails,
    person_reference=text("id"),
    family_name=text("surname"),
    given_names=text("forename"),
    born_on=day("born"),
)
COLUMNS = tuple(sorted(record.takes | child.takes))
under_18 = Scope(
    "Those who are under 18.", lambda: day_in("born").dt.offset_by("18y") > pl.date(2026, 11, 1), ("born",)
)
feed = PullFeed("referrals", "Requests", "youth_justice_services", referrals, opened, record, child, under_18)
