"""Each referral by its service's own route. One line that is down holds up no other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from connectors.contract import Answer, OutboundMessage, Receipt
from connectors.errors import ConnectorError, CredentialsRefusedError
from connectors.health import bars_route, fhir_route, form_route, mesh_route
from connectors.health.lines import Lines
from connectors.health.pds import with_number
from connectors.health.settings import RouteName, ServiceRow

Push = Callable[[Lines, ServiceRow, Sequence[OutboundMessage]], Iterator[Receipt]]
Answers = Callable[[Lines, Sequence[str]], Iterator[Receipt]]
PUSHES: Mapping[RouteName, Push] = {
    RouteName.FHIR: fhir_route.push,
    RouteName.BARS: bars_route.push,
    RouteName.FORM: form_route.push,
    RouteName.MESH: mesh_route.push,
}
ANSWERS: Mapping[RouteName, Answers] = {
    RouteName.FHIR: fhir_route.answers,
    RouteName.BARS: bars_route.answers,
    RouteName.FORM: form_route.answers,
    RouteName.MESH: mesh_route.answers,
}
NOBODY = "not sent: our settings name no such health service; correct it, or name it in HUB_HEALTH_SERVICES"


def push(lines: Lines, messages: Iterable[OutboundMessage]) -> Iterator[Receipt]:
    by_row: dict[ServiceRow | None, list[OutboundMessage]] = {}
    for message in messages:
        row = lines.row_for(message.body.get("Service"))
        by_row.setdefault(row, []).append(with_number(lines, message) if row else message)
    now = datetime.now(UTC)
    yield from (Receipt(one.key, Answer.REFUSED, now, NOBODY) for one in by_row.pop(None, []))
    yield from each(PUSHES[row.route](lines, row, some) for row, some in by_row.items() if row)


def answers(lines: Lines, keys: Iterable[str]) -> Iterator[Receipt]:
    asked = list(keys)
    routes = dict.fromkeys(row.route for row in lines.settings.services) if asked else {}
    yield from each(ANSWERS[route](lines, asked) for route in routes)


def each(turns: Iterable[Iterator[Receipt]]) -> Iterator[Receipt]:
    """Everybody's turn; then the gravest of what went wrong is raised."""
    troubles: list[ConnectorError] = []
    for turn in turns:
        try:
            yield from turn
        except ConnectorError as trouble:
            troubles.append(trouble)
    if troubles:
        raise next((one for one in troubles if isinstance(one, CredentialsRefusedError)), troubles[0])
