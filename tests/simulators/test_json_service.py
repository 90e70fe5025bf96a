"""The service over HTTP that simulated partners stand on."""

import json
import time
from urllib.request import Request, urlopen

from simulators.json_service import Answer, Call, JsonService, serving


class Desk(JsonService):
    echoes = ("X-Request-ID",)

    def answered(self, call: Call) -> Answer:
        return 200, {"method": call.method, "address": call.address}


def test_what_was_taken_is_kept_before_it_is_answered_and_a_look_keeps_nothing() -> None:
    kept: list[str] = []

    def keep() -> None:
        time.sleep(0.2)
        kept.append("kept")

    with serving(Desk(), keep) as found:
        headers = {"X-Api-Key": found["KEY"], "X-Request-ID": "one"}
        for body, expected in ((None, []), (b"{}", ["kept"])):
            with urlopen(Request(f"{found['BASE_URL']}/a", body, headers)) as answer:  # noqa: S310 - our own
                said = json.loads(answer.read())
                assert kept == expected
            assert said == {"method": "POST" if body else "GET", "address": f"{found['BASE_URL']}/a"}
            assert answer.headers["X-Request-ID"] == "one"
