"""MESH: each referral is a Bundle of its own to the service's mailbox, and Bundles of Tasks come back.

No layout is laid down for it: the resources are those of the FHIR route, and the Bundle is ours.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence

import orjson

from connectors.contract import InboundMessage, OutboundMessage, Receipt, Since
from connectors.errors import UnreadableMessageError
from connectors.health.liaison_door import without_test_people
from connectors.health.lines import PARTNER, Lines
from connectors.health.message import WITHDRAWN
from connectors.health.resources import Asked, entries, withdrawal
from connectors.health.settings import RouteName, ServiceRow
from connectors.transports.fhir import Entry, Resource
from connectors.transports.mesh import Mailbox, MeshAccount, mesh_mailbox
from connectors.transports.mesh import feeds as mesh_feeds
from connectors.transports.mesh.feeds import Destination

# The same beside every message: whoever runs MESH can read it.
SUBJECT, FILE_NAME = "YJS referral", "referral.json"


def push(lines: Lines, row: ServiceRow, messages: Sequence[OutboundMessage]) -> Iterator[Receipt]:
    asked = (Asked(one.body, one.key, row, lines.names, lines.settings.our_ods) for one in messages)
    return mesh_feeds.hand_over(mailbox(lines), _to(lines, row), ((one.key, bundle(one)) for one in asked))


def bundle(asked: Asked) -> bytes:
    """The same bytes for the same message. What is withdrawn is named, and no more is said of the child."""
    withdrawn = asked.says("Change") == WITHDRAWN
    parts = [{"resource": withdrawal(asked)}] if withdrawn else [_part(one) for one in entries(asked)]
    message = asked.names.message(asked.key)
    made = {
        "resourceType": "Bundle",
        "type": "collection",
        "identifier": {"system": message.system, "value": message.value},
        "entry": parts,
    }
    return orjson.dumps(made, option=orjson.OPT_SORT_KEYS)


def _part(entry: Entry) -> Resource:
    return {"fullUrl": entry.full_url, "resource": entry.resource}


def answers(lines: Lines, keys: Sequence[str]) -> Iterator[Receipt]:
    """Reports and tracking are by our own ids, so whose mailbox it went to does not matter."""
    return mesh_feeds.answers(mailbox(lines), _to(lines, lines.rows(RouteName.MESH)[0]), keys)


def pull(lines: Lines, since: Since) -> Iterator[InboundMessage]:
    """Status files of the services that we know. Acknowledged only once they are committed."""
    known = {row.at for row in lines.rows(RouteName.MESH)}
    return _from(known, lines, lines.settings.mesh_statuses, since, stranger=_stranger())


def referrals(lines: Lines, since: Since) -> Iterator[InboundMessage]:
    """Referrals to the YJS, of those who may refer. Where nobody may, nothing is asked for."""
    ours = lines.settings
    if not ours.mesh_referrers:
        return
    unknown = _unknown_referrer()
    for message in _from({*ours.mesh_referrers}, lines, ours.mesh_inbound, since, stranger=unknown):
        yield message if message.problem or not ours.production else without_test_people(message)


def _from(
    known: Container[str], lines: Lines, workflow: str, since: Since, *, stranger: UnreadableMessageError
) -> Iterator[InboundMessage]:
    ours = mailbox(lines)
    for message in ours.waiting(workflow):
        if message.is_report:
            continue
        if message.message_id in since.landed:
            ours.acknowledge(message.message_id)
        elif message.sender not in known:
            yield InboundMessage(message.message_id, problem=stranger)
        else:
            yield InboundMessage(message.message_id, ours.read(message), name=message.message_id)


def taken(lines: Lines, messages: Iterable[InboundMessage]) -> None:
    """Where nothing was taken no mailbox is opened: there may be none."""
    if read := list(messages):
        mesh_feeds.acknowledge(mailbox(lines), read)


def mailbox(lines: Lines) -> Mailbox:
    opened: Mailbox = lines.keep("mesh", lambda: mesh_mailbox(_account(lines)))
    return opened


def _to(lines: Lines, row: ServiceRow) -> Destination:
    return Destination(row.at, lines.settings.mesh_referrals, SUBJECT, FILE_NAME)


def _account(lines: Lines) -> MeshAccount:
    ours = lines.settings
    return MeshAccount(
        partner=PARTNER,
        url=ours.mesh_url,
        mailbox=ours.mesh_mailbox,
        password=ours.mesh_password.get_secret_value(),
        shared_key=ours.mesh_shared_key.get_secret_value(),
        certificate=ours.mesh_certificate,
        key=ours.mesh_key,
        ca=ours.mesh_ca,
        workflows=(ours.mesh_referrals, ours.mesh_statuses, ours.mesh_inbound),
    )


def _stranger() -> UnreadableMessageError:
    return UnreadableMessageError(
        "A status file comes from a mailbox that is none of the services'; it was not opened.",
        fix="ask the service whether its mailbox is another now; if so, put it into HUB_HEALTH_SERVICES.",
        code="HEA-R03",
    )


def _unknown_referrer() -> UnreadableMessageError:
    return UnreadableMessageError(
        "A referral comes from a mailbox that may not refer to us; it was not opened.",
        fix="ask whose mailbox it is; if they may refer, put it into HUB_HEALTH_MESH_REFERRERS.",
        code="HEA-R05",
    )
