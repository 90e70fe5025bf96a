"""Health services, played: they keep what is referred to them, and have news every night."""

import json
from urllib.request import ProxyHandler, Request, build_opener

from simulators.health import simulator
from simulators.health_tasks import YJS_REFERRAL, referred_before
from simulators.partner import Running

REFERRAL = {
    "resourceType": "Bundle",
    "type": "transaction",
    "entry": [
        {
            "fullUrl": f"urn:uuid:{kind}",
            "resource": {
                "resourceType": kind,
                "identifier": [{"system": YJS_REFERRAL, "value": "RF-X"}, {"system": "m", "value": "key"}],
                "status": "requested",
            },
            "request": {"method": "POST", "url": kind, "ifNoneExist": f"identifier={kind}-RF-X"},
        }
        for kind in ("Patient", "ServiceRequest", "Task")
    ],
}


def asked(running: Running, path: str, body: object = None):
    address = running.settings["HUB_HEALTH_FHIR_URL"]
    raw = None if body is None else json.dumps(body).encode()
    with build_opener(ProxyHandler({})).open(Request(f"{address}/{path}", data=raw), timeout=10) as reply:  # noqa: S310
        return json.load(reply)


def statuses(running: Running) -> dict[str, str]:
    bundle = asked(running, "Task?_count=100")
    found = {}
    while True:
        found |= {
            one["resource"]["identifier"][0]["value"]: one["resource"]["status"] for one in bundle["entry"]
        }
        following = [link["url"] for link in bundle["link"] if link["relation"] == "next"]
        if not following:
            return found
        bundle = asked(running, following[0].partition("/fhir/R4/")[2])


def test_each_night_has_news_of_those_referred_before() -> None:
    nights = [
        {number: one["status"] for number, one in referred_before(night).items()} for night in (1, 2, 3)
    ]
    assert nights[0].keys() == nights[1].keys()
    assert nights[0] != nights[1] != nights[2]


def test_what_is_referred_is_there_once_after_a_restart_and_moves_on(tmp_path) -> None:
    with simulator.start(tmp_path, 1) as running:
        for _ in range(2):
            answer = asked(running, "", REFERRAL)
        assert [one["response"]["status"] for one in answer["entry"]] == ["200"] * 3
        assert statuses(running)["RF-X"] == "requested"
        many = len(statuses(running))
    with simulator.start(tmp_path, 4) as running:
        assert len(statuses(running)) == many
        assert statuses(running)["RF-X"] != "requested"


def test_over_a_spoiled_line_it_is_found_elsewhere(tmp_path) -> None:
    with simulator.start(tmp_path, 1) as calm:
        port = calm.settings["HUB_HEALTH_FHIR_URL"]
    with simulator.start(tmp_path, 1, "error_500") as moody:
        assert moody.settings["HUB_HEALTH_FHIR_URL"].endswith("/fhir/R4")
        assert moody.settings["HUB_HEALTH_FHIR_URL"] != port
