"""Messages and receipts: what a connector over MESH gives the hub."""

from __future__ import annotations

import pytest

from connectors.contract import Answer, Receipt, Since
from connectors.errors import CredentialsRefusedError, PartnerRefusedError
from connectors.transports.mesh import Mailbox
from connectors.transports.mesh.feeds import Destination, acknowledge, answers, hand_over, inbound, local_id
from tests.connectors.mesh.conftest import WORKFLOW, Two

pytestmark = pytest.mark.server

NOTHING_YET = Since(None, ())


def to(two: Two) -> Destination:
    return Destination(two.theirs, WORKFLOW, subject="YJS referral", file_name="referral.json")


def told(receipts: list[Receipt]) -> list[tuple[str, Answer, str | None]]:
    return [(one.key, one.answer, one.reason) for one in receipts]


def collect(mailbox: Mailbox) -> None:
    for message in mailbox.waiting():
        mailbox.acknowledge(message.message_id)


# In.


def test_what_waits_is_given_and_stays_until_it_is_acknowledged(two: Two) -> None:
    sent = two.them().send(b"one", two.to_us("CAMHS-1"))
    us = two.us()
    for _ in range(2):
        (message,) = inbound(us, WORKFLOW, NOTHING_YET)
        assert (message.fingerprint, message.name, b"".join(message.body)) == (sent, sent, b"one")
    acknowledge(us, [message])
    assert list(inbound(us, WORKFLOW, NOTHING_YET)) == []


def test_what_landed_before_and_still_waits_is_acknowledged_and_not_given_again(two: Two) -> None:
    landed = two.them().send(b"one", two.to_us("CAMHS-1"))
    two.them().send(b"two", two.to_us("CAMHS-2"))
    us = two.us()
    (message,) = inbound(us, WORKFLOW, Since(None, {landed}))
    assert b"".join(message.body) == b"two"
    assert [one.local_id for one in us.waiting()] == ["CAMHS-2"]


def test_a_report_of_meshs_is_no_message_of_the_partners(two: Two) -> None:
    two.sandbox.report(two.ours)
    us = two.us()
    assert list(inbound(us, WORKFLOW, NOTHING_YET)) == []
    assert [message.kind for message in us.waiting()] == ["REPORT"]


# Out.


def test_every_message_has_its_receipt_and_tells_nothing_beside_its_content(two: Two) -> None:
    keys = [f"police:yjs:S-{number}:ab" for number in range(3)]
    receipts = list(hand_over(two.us(), to(two), [(key, key.encode()) for key in keys]))
    assert told(receipts) == [(key, Answer.RECEIVED, None) for key in keys]
    there = list(two.them().waiting())
    assert [receipt.their_reference for receipt in receipts] == [one.message_id for one in there]
    assert [one.local_id for one in there] == [local_id(key) for key in keys]
    assert not [one for one in there if "S-" in repr(one)]


def test_handed_over_twice_is_there_once(two: Two) -> None:
    first, second = (list(hand_over(two.us(), to(two), [("key", b"x")])) for _ in range(2))
    assert first[0].their_reference == second[0].their_reference
    assert len(list(two.them().waiting())) == 1


def test_a_message_that_no_mailbox_takes_is_refused_and_the_others_go(two: Two) -> None:
    messages = [("small", b"x"), ("large", b"x" * 101), ("empty", b""), ("last", b"y")]
    receipts = list(hand_over(two.us(message_bytes=100), to(two), messages))
    expected = [Answer.RECEIVED, Answer.REFUSED, Answer.REFUSED, Answer.RECEIVED]
    assert [one.answer for one in receipts] == expected


def test_a_wrong_address_stops_all_for_a_person(two: Two) -> None:
    with pytest.raises(PartnerRefusedError, match="code 12"):
        list(hand_over(two.us(), Destination("NOBODY01", WORKFLOW), [("key", b"x")]))
    with pytest.raises(CredentialsRefusedError):
        list(hand_over(two.us(password="wrong"), to(two), [("key", b"x")]))  # pragma: allowlist secret


# What became of it.


def test_what_they_took_is_accepted_and_what_waits_with_them_is_no_news(two: Two) -> None:
    us = two.us()
    list(hand_over(us, to(two), [("taken", b"x")]))
    collect(two.them())
    list(hand_over(us, to(two), [("waits", b"y")]))
    said = list(answers(us, to(two), ["taken", "waits", "never sent"]))
    assert told(said) == [("taken", Answer.ACCEPTED, None)]


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("undeliverable", "MESH code 14: the recipient did not collect it in time"),
        ("error", "MESH could not deliver it"),
    ],
)
def test_what_mesh_could_not_deliver_is_refused(two: Two, status: str, words: str) -> None:
    us = two.us()
    (sent,) = hand_over(us, to(two), [("key", b"x")])
    two.sandbox.event(str(sent.their_reference), status)
    assert told(list(answers(us, to(two), ["key"]))) == [("key", Answer.REFUSED, words)]


@pytest.mark.parametrize("named", ["local_id", "linked_message_id"])
def test_a_report_is_matched_by_our_id_or_by_meshs(two: Two, named: str) -> None:
    us = two.us()
    (sent,) = hand_over(us, to(two), [("key", b"x")])
    ids = {"local_id": local_id("key"), "linked_message_id": sent.their_reference}
    two.sandbox.report(two.ours, **{named: ids[named]})
    words = "MESH code 14: the recipient did not collect it in time"
    assert told(list(answers(us, to(two), ["key"]))) == [("key", Answer.REFUSED, words)]


def test_a_report_is_acknowledged_only_once_what_it_says_is_written_down(two: Two) -> None:
    us = two.us()
    list(hand_over(us, to(two), [("key", b"x")]))
    two.sandbox.report(two.ours, local_id=local_id("key"))
    # Killed before the commit, the key still waits, and the report says it again.
    for _ in range(2):
        assert [one.answer for one in answers(us, to(two), ["key"])] == [Answer.REFUSED]
    assert list(answers(us, to(two), [])) == []
    assert list(us.waiting()) == []


def test_a_report_about_nothing_of_ours_is_told_once(two: Two) -> None:
    us = two.us()
    report = two.sandbox.report(two.ours, local_id="SOMEBODY-ELSE")
    words = "we sent no such message"
    assert told(list(answers(us, to(two), ["key"]))) == [(f"MESH {report}", Answer.UNKNOWN, words)]
    assert list(answers(us, to(two), ["key"])) == []


def test_a_report_for_another_feeds_workflow_is_left_to_it(two: Two) -> None:
    us = two.us()
    two.sandbox.report(two.ours, local_id=local_id("other"), workflow_id="OTHER_WORK")
    assert list(answers(us, to(two), ["key"])) == []
    assert len(list(us.waiting("OTHER_WORK"))) == 1


def test_sent_again_after_a_failure_is_not_failed_by_the_old_report(two: Two) -> None:
    us = two.us()
    (first,) = hand_over(us, to(two), [("key", b"x")])
    two.sandbox.event(str(first.their_reference), "undeliverable")
    two.sandbox.report(two.ours, local_id=local_id("key"), linked_message_id=first.their_reference)
    (second,) = hand_over(us, to(two), [("key", b"x")])
    assert second.their_reference != first.their_reference
    assert list(answers(us, to(two), ["key"])) == []


def test_the_words_of_a_report_are_ours_and_not_what_stands_in_it(two: Two) -> None:
    us = two.us()
    list(hand_over(us, to(two), [("key", b"x")]))
    two.sandbox.report(
        two.ours, local_id=local_id("key"), status="error", code="Ottoline", description="Ottoline Q"
    )
    (said,) = answers(us, to(two), ["key"])
    assert said.reason == "MESH code none: not one that we know"
