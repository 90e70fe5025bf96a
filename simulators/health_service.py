"""The health services' FHIR server: stores a transaction once, keeps versions, lists Tasks in pages.

Run as a process, it takes a folder, a night and a mood, and stops when its standard input ends.
"""

import json
import random
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlencode

from simulators.drop import write_once
from simulators.health_tasks import YJS_REFERRAL, Resource, referred_before, step
from simulators.json_service import Answer, Call, JsonService
from simulators.json_service import serving as serving_json
from simulators.nights import iso, morning
from simulators.partner import say_ready

BASE = "/fhir/R4"
PAGE = 10
CONFLICTS = {"conflict_duplicate": "duplicate", "conflict_version": "conflict"}


def _bundle(kind: str, entry: list[Any]) -> Resource:
    return {"resourceType": "Bundle", "type": kind, "entry": entry}


def outcome(code: str, bars: str | None = None) -> Resource:
    coding = [{"system": "https://fhir.nhs.uk/Codesystem/http-error-codes", "code": bars}] if bars else []
    issue = {"severity": "error", "code": code, "details": {"coding": coding}}
    return {"resourceType": "OperationOutcome", "issue": [issue]}


@dataclass
class Service(JsonService):
    """What they know."""

    kind: ClassVar[str] = "application/fhir+json"
    echoes: ClassVar[tuple[str, ...]] = ("X-Request-ID", "X-Correlation-ID")
    # What they say of their own accord, by number: Tasks of the YJS's referrals.
    tasks: dict[int, Resource] = field(default_factory=dict)
    # What was referred: by kind and identifier.
    stored: dict[str, dict[str, Resource]] = field(default_factory=dict)
    # Each time a message came about: its key and what they then hold.
    effects: list[tuple[str, Resource, Resource]] = field(default_factory=list)
    refused: str = ""
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def answered(self, call: Call) -> Answer:
        kind, _, logical = call.path.removeprefix(f"{BASE}/").partition("/")
        if call.method == "POST":
            return self.transact(call.body)
        if call.method == "PUT":
            return self.put(kind, logical, call.body, call.headers.get("If-Match", ""))
        if logical:
            return self.get(kind, logical)
        asked = urlencode({name: value for name, value in call.query.items() if name != "after"})
        return self.search(kind, call.query, f"{call.address}?{asked}")

    def lets_in(self, headers: Message) -> bool:
        """It is the sign-in over HTTP that is not played here."""
        return True

    def held(self, kind: str) -> dict[str, Resource]:
        return self.stored.setdefault(kind, {})

    def search(self, kind: str, query: Mapping[str, str], address: str) -> Answer:
        if self.mood == "page_fails" and "after" in query:
            return 500, outcome("exception", "REC_SERVER_ERROR")
        found = [] if self.mood == "empty" else self._matching(kind, query)
        after = query.get("after", "")
        start = next((n for n, one in enumerate(found) if _order(one) > after), len(found)) if after else 0
        page, more = found[start : start + PAGE], len(found) > start + PAGE
        shown = self._as_the_mood_is(page, found[max(0, start - 1) : start])
        link = [{"relation": "next", "url": f"{address}&after={_order(page[-1])}"}] if more else []
        self._meanwhile()
        total = len(found) + (self.mood == "counts_too_many")
        entry = [{"resource": one} for one in shown]
        return 200, {
            "resourceType": "Bundle",
            "type": "searchset",
            "total": total,
            "link": link,
            "entry": entry,
        }

    def _matching(self, kind: str, query: Mapping[str, str]) -> list[Resource]:
        asked = {one.rpartition("|")[2] for one in query.get("identifier", "").split(",")} - {""}
        since = query.get("_lastUpdated", "").removeprefix("ge")
        back = datetime.fromisoformat(since) if since else None
        there = [*self.held(kind).values(), *(self.tasks.values() if kind == "Task" else ())]
        return sorted(
            (
                one
                for one in there
                if (not asked or _values(one) & asked)
                and (back is None or datetime.fromisoformat(one["meta"]["lastUpdated"]) >= back)
            ),
            key=_order,
        )

    def _as_the_mood_is(self, page: list[Resource], before: list[Resource]) -> list[Resource]:
        if self.mood == "repeats":
            return [*before, *page]
        return random.sample(page, len(page)) if self.mood == "reorders" else page

    def _meanwhile(self) -> None:
        """What happens once the first page has been read."""
        if self.mood == "page_shifts":
            self.tasks.pop(1, None)
        if self.mood == "page_changes" and 1 in self.tasks and self.tasks[1]["meta"]["versionId"] == "1":
            newer = datetime.fromisoformat(self.tasks[1]["meta"]["lastUpdated"]).replace(microsecond=5)
            said = {"meta": {"versionId": "2", "lastUpdated": newer.isoformat()}}
            self.tasks[1] = self.tasks[1] | said | {"status": "in-progress"}

    def transact(self, bundle: Resource) -> Answer:
        key = _key_in(bundle)
        if told := self._unwilling(key):
            return told
        made = []
        for entry in bundle["entry"]:
            kind, system_value = entry["request"]["url"], entry["request"]["ifNoneExist"]
            there = self.held(kind).get(system_value) or self._said_of(kind, entry["resource"])
            if there is None:
                there = self.held(kind)[system_value] = self._kept(kind, entry["resource"])
                made.append(kind)
            entry["answer"] = {
                "response": {"status": "200" if kind not in made else "201"},
                "resource": there,
            }
        self._resolve(bundle)
        if "ServiceRequest" in made:
            self._effect(
                key, bundle["entry"][0]["answer"]["resource"], bundle["entry"][1]["answer"]["resource"]
            )
        answers = [entry["answer"] for entry in bundle["entry"]]
        if self.mood == "fewer_receipts":
            answers.pop()
        return 200, _bundle("transaction-response", answers)

    def _said_of(self, kind: str, resource: Resource) -> Resource | None:
        """The Task of one who was referred by letter before: it is not made again."""
        names = _values(resource)
        same = (one for one in self.tasks.values() if kind == "Task" and names & _values(one))
        return next(same, None)

    def _unwilling(self, key: str) -> Answer | None:
        if self.mood == "error_in_200":
            return 200, outcome("processing")
        if self.mood in CONFLICTS:
            return 409, outcome(CONFLICTS[self.mood], "REC_CONFLICT")
        if self.mood == "too_early":
            return 425, outcome("duplicate", "REC_TOO_EARLY")
        self.refused = self.refused or key
        if self.mood == "refuses_one" and key == self.refused:
            return 422, outcome("business-rule", "REC_UNPROCESSABLE_ENTITY")
        return None

    def _kept(self, kind: str, resource: Resource, version: int = 1) -> Resource:
        logical = resource.get("id") or f"{kind.lower()}-by-hub-{len(self.held(kind)) + 1}"
        return resource | {"id": logical, "meta": {"versionId": str(version), "lastUpdated": iso(self.now())}}

    def _resolve(self, bundle: Resource) -> None:
        """References inside the transaction lead to what was stored of it."""
        names = {}
        for entry in bundle["entry"]:
            stored = entry["answer"]["resource"]
            names[entry["fullUrl"]] = f"{stored['resourceType']}/{stored['id']}"
        for entry in bundle["entry"]:
            for member in ("subject", "focus", "for"):
                reference = entry["answer"]["resource"].get(member, {})
                if reference.get("reference") in names:
                    reference["reference"] = names[reference["reference"]]

    def put(self, kind: str, logical: str, resource: Resource, if_match: str) -> Answer:
        place = next((name for name, one in self.held(kind).items() if one["id"] == logical), None)
        if place is None:
            return 404, outcome("not-found")
        before = self.held(kind)[place]
        if if_match != f'W/"{before["meta"]["versionId"]}"':
            return 412, outcome("conflict")
        kept = self.held(kind)[place] = self._kept(kind, resource, int(before["meta"]["versionId"]) + 1)
        self._effect(_message(kept), {}, kept)
        return 200, kept

    def get(self, kind: str, logical: str) -> Answer:
        found = next((one for one in self.held(kind).values() if one["id"] == logical), None)
        return (200, found) if found else (404, outcome("not-found"))

    def _effect(self, key: str, patient: Resource, request: Resource) -> None:
        self.effects.append((key, patient, request))

    def move_on(self, nights: int, at: datetime) -> None:
        """What they do by day with what was referred to them."""
        for name, one in self.held("Task").items():
            reference = next(iter(_values(one)))
            self.held("Task")[name] = step(one, reference, nights, at)


def _key_in(bundle: Resource) -> str:
    requests = (
        one["resource"] for one in bundle["entry"] if one["resource"]["resourceType"] == "ServiceRequest"
    )
    return _message(next(requests))


def _message(request: Resource) -> str:
    return next((str(one["value"]) for one in request["identifier"] if one["system"] != YJS_REFERRAL), "")


def _values(resource: Resource) -> set[str]:
    return {str(one["value"]) for one in resource.get("identifier", []) if one["system"] == YJS_REFERRAL}


def _order(resource: Resource) -> str:
    return f"{resource['meta']['lastUpdated']}~{resource['id']}"


@contextmanager
def serving(service: Service, keep: Callable[[], None] = lambda: None) -> Iterator[dict[str, str]]:
    """The settings by which the hub finds them."""
    with serving_json(service, keep) as found:
        yield {"HUB_HEALTH_FHIR_URL": f"{found['BASE_URL']}{BASE}"}


def main(home: Path, night: int) -> None:
    """What was referred is kept, and is there again after a restart, a night further on."""
    kept = home / "referred.json"
    service = Service(tasks=referred_before(night), now=lambda: morning(night))
    if kept.exists():
        told = json.loads(kept.read_text())
        service.stored = told["stored"]
        if night > told["night"]:
            service.move_on(night - told["first"], morning(night))
    first = json.loads(kept.read_text())["first"] if kept.exists() else night

    def keep() -> None:
        said = {"night": night, "first": first, "stored": service.stored}
        write_once(kept, json.dumps(said).encode())

    with serving(service, keep) as settings:
        say_ready(settings)
        sys.stdin.buffer.read()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
