"""The education service over HTTP: `python -m simulators.education_service HOME NIGHT MOOD`.

It takes each referral once, by its key, and answers it by day. It stops when its standard input ends.
"""

import json
import random
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from simulators.cast import cast
from simulators.drop import write_once
from simulators.education_desk import decided, updates
from simulators.education_moods import CONTENT
from simulators.education_records import SCHOOLS, Record, roll
from simulators.json_service import Answer, Call, JsonService
from simulators.json_service import serving as serving_json
from simulators.moods import CALM
from simulators.partner import say_ready

TOKEN = "an-invented-token"  # noqa: S105 - invented
BASE = "/v1.0"


@dataclass
class Service(JsonService):
    """What they know."""

    schools: Mapping[str, str] = field(default_factory=lambda: dict(SCHOOLS))
    # By list and school; the lists of the service itself stand under the school "".
    lists: dict[tuple[str, str], list[Any]] = field(default_factory=dict)
    deletions: dict[tuple[str, str], list[Record]] = field(default_factory=dict)
    taken: dict[str, dict[str, Any]] = field(default_factory=dict)
    # Each time a referral came about: once for each key, unless somebody makes new keys.
    effects: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    refused: str = ""
    largest_page: int = 200
    # What happens once the first page of a list was read.
    meanwhile: Callable[[], None] = lambda: None

    def answered(self, call: Call) -> Answer:
        if call.method == "POST":
            return self.take(call.headers["Idempotency-Key"], call.body)
        return self.get(call.path.removeprefix(BASE), call.query, call.address)

    def lets_in(self, headers: Message) -> bool:
        return headers.get("Authorization") == f"Bearer {TOKEN}"

    def get(self, path: str, query: Mapping[str, str], address: str) -> Answer:
        if self.mood == "page_fails" and "after" in query:
            return 500, {}
        rows = self._rows(path.strip("/").split("/"), query)
        if rows is None:
            return 404, {}
        return 200, self._page(rows, query, address)

    def _rows(self, path: list[str], query: Mapping[str, str]) -> list[Any] | None:
        if path == ["referrals", "answers"]:
            return [one["answer"] for one in self.taken.values() if one.get("answer")]
        if self.mood == "wrong_region":
            # Not an error: there is nothing of ours at this address.
            return []
        if path == ["schools"]:
            return [{"id": school, "name": name} for school, name in self.schools.items()]
        if len(path) == 1:
            return self._as_the_mood_is(self.lists.get((path[0], ""), []))
        school, name = path[1:]
        if name == "deletions":
            return [] if self.mood == "empty" else self.deletions.get((query["type"], school), [])
        return self._as_the_mood_is(self.lists.get((name, school), []))

    def _as_the_mood_is(self, rows: list[Any]) -> list[Any]:
        if self.mood == "empty":
            return []
        return list(CONTENT.get(self.mood, list)(rows))

    def _page(self, rows: list[Any], query: Mapping[str, str], address: str) -> dict[str, Any]:
        size = min(int(query.get("per_page", self.largest_page)), self.largest_page)
        start = next((n + 1 for n, row in enumerate(rows) if _key(row) == query.get("after")), 0)
        if "after" in query and start == 0:
            # The last that was read is gone: go on behind where it stood.
            start = sum(_key(row) <= query["after"] for row in rows)
        page, more = rows[start : start + size], len(rows) > start + size
        left_out = {"after", "per_page"}
        kept = {name: value for name, value in query.items() if name not in left_out}
        following = urlencode({**kept, "per_page": str(size), "after": _key(page[-1])}) if more else None
        told = {
            "data": self._shown(page, rows[max(0, start - 1) : start]),
            "meta": {
                "pagination": {
                    "next": f"{address}?{following}" if following else None,
                    "more": more,
                    "per_page": size,
                    "total": len(rows) + (self.mood in ("counts_too_many", "lying_about_counts")),
                }
            },
        }
        self.meanwhile()
        return told

    def _shown(self, page: list[Any], before: list[Any]) -> list[Any]:
        if self.mood == "repeats":
            page = [*before, *page]
        if self.mood == "reorders":
            page = random.sample(page, len(page))
        return [row.get("spoiled", row) if isinstance(row, dict) else row for row in page]

    def take(self, key: str, referral: dict[str, Any]) -> Answer:
        if self.mood == "error_in_200":
            return 200, {"error": "we take nothing today"}
        if self.mood == "too_early":
            return 425, {"problem": "too-early"}
        if self.mood == "conflict_version":
            return 409, {"problem": "version"}
        self.refused = self.refused or key
        if self.mood == "refuses_one" and key == self.refused:
            return 422, {"problem": "no-such-pupil"}
        reference = f"SUP-{key[-12:]}"
        if key in self.taken:
            told = {"key": key, "id": reference}
            return (409, {**told, "problem": "duplicate"}) if self.mood else (200, told)
        self.taken[key] = {"referral": referral, "answer": None}
        self.effects.append((key, referral))
        return 202, {"key": key, "id": reference}


def _key(row: Any) -> str:
    return str(row.get("id", row.get("key"))) if isinstance(row, dict) else str(row)


@contextmanager
def serving(service: Service, keep: Callable[[], None] = lambda: None) -> Iterator[dict[str, str]]:
    """The settings by which the hub finds them."""
    with serving_json(service, keep) as found:
        yield {
            "HUB_EDUCATION_BASE_URL": f"{found['BASE_URL']}{BASE}",
            "HUB_EDUCATION_TOKEN": TOKEN,
            "HUB_EDUCATION_SCHOOLS": ",".join(service.schools),
        }


def open_for(night: int, taken: dict[str, dict[str, Any]], mood: str = "") -> Service:
    """The service on this night: its lists, and what it makes of the referrals that it took."""
    people = cast()
    told = roll(night, people)
    for key, one in taken.items():
        one["night"] = one.get("night", night)
        one["answer"] = decided(key, one, night)
    service = Service(mood, lists=told.lists, deletions=told.deletions, taken=taken)
    service.lists["referral-updates", ""] = list(updates(taken, people, night))
    return service


def main(home: Path, night: int, mood: str) -> None:
    """What was taken is kept, and is there again after a restart."""
    kept = home / "taken.json"
    taken = json.loads(kept.read_text()) if kept.exists() else {}
    service = open_for(night, taken, "" if mood == CALM else mood)
    with serving(service, lambda: write_once(kept, json.dumps(service.taken).encode())) as settings:
        say_ready(settings)
        sys.stdin.buffer.read()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
