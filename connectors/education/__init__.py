"""Schools, through the authority's education service: where a child learns, how much of it, and what is in
the way. They refer children to the YJS for prevention, and take its referrals for support.
"""

from __future__ import annotations

from pathlib import Path

from connectors.contract import Connector, PullFeed, PushFeed, Wanted
from connectors.education import client, referrals, resources, translation
from connectors.education.opening import rows_of
from connectors.education.push import answers, push
from connectors.education.settings import EducationSettings
from connectors.translation import Translation

PURPOSE = "youth_justice_services"


def _of_our_children(name: str, words: str, resource: resources.Resource, record: Translation) -> PullFeed:
    """Schools hold many others."""
    return PullFeed(
        name=name,
        words=words,
        purpose=PURPOSE,
        pull=client.messages_of(resource),
        open=rows_of(resource),
        record=record,
        child=translation.pupil,
        scope=translation.scope,
        only_known=True,
        is_whole=True,
    )


connector = Connector(
    name="education",
    title="Education",
    settings=EducationSettings,
    connect=client.connect,
    check=client.check,
    agreement=Path(__file__).parent / "agreement.yaml",
    pulls=(
        PullFeed(
            name="prevention",
            words="Pupils whom schools refer to the YJS for prevention",
            purpose=PURPOSE,
            pull=client.messages_of(resources.PREVENTION),
            open=rows_of(resources.PREVENTION),
            record=referrals.prevention,
            child=referrals.referred,
            scope=referrals.referred_scope,
            is_whole=True,
        ),
        PullFeed(
            name="updates",
            words="What became of the YJS's referrals for support",
            purpose=PURPOSE,
            pull=client.messages_of(resources.UPDATES),
            open=rows_of(resources.UPDATES),
            record=referrals.update,
            child=referrals.answered,
            scope=referrals.answered_scope,
            is_whole=True,
        ),
        _of_our_children(
            "enrolments",
            "Where pupils are on the roll, and the hours of their timetable",
            resources.ENROLMENTS,
            translation.enrolment,
        ),
        _of_our_children(
            "attendance",
            "How many half days of the term were attended",
            resources.ATTENDANCE,
            translation.attendance,
        ),
        _of_our_children(
            "suspensions", "Suspensions and exclusions", resources.SUSPENSIONS, translation.suspension
        ),
        _of_our_children(
            "needs", "Special educational needs, and the plans for them", resources.NEEDS, translation.need
        ),
    ),
    pushes=(
        PushFeed(
            name="referrals",
            words="Children for whom the YJS asks for support in education",
            purpose=PURPOSE,
            message=referrals.support,
            push=push,
            answers=answers,
            wants=(Wanted("referral", sent_by="yjs", needs=("education", "special_educational_needs")),),
        ),
    ),
)
