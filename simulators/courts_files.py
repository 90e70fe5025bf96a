"""A sitting as the file that falls into the folder."""

import json
from collections.abc import Iterable

from simulators.courts_messages import event, message
from simulators.courts_results import made_id
from simulators.courts_sittings import Sitting
from simulators.nights import stamp


def files_of(sittings: Iterable[Sitting]) -> dict[str, bytes]:
    return {file_name(sitting): as_json(sitting) for sitting in sittings}


def file_name(sitting: Sitting) -> str:
    unique = made_id("message", sitting.kind, sitting.number, sitting.change)
    return f"{event(sitting)}_{stamp(sitting.shared)}_{unique}.json"


def as_json(sitting: Sitting) -> bytes:
    return json.dumps(message(sitting), ensure_ascii=False, indent=1).encode()
