"""Children's services: their safeguarding dataset over SQL, and our referral form to their front door."""

from __future__ import annotations

from pathlib import Path

from connectors.contract import Connector, PullFeed, PushFeed, Wanted
from connectors.social_care import circumstances, client, outcomes, reading, referred
from connectors.social_care.form import MARF
from connectors.social_care.opening import opener
from connectors.social_care.push import answers, push
from connectors.social_care.settings import SocialCareSettings

connector = Connector(
    name="social_care",
    title="Children's services",
    settings=SocialCareSettings,
    connect=client.connect,
    check=client.check,
    agreement=Path(__file__).parent / "agreement.yaml",
    pulls=(
        PullFeed(
            name="referred",
            words="Children whom social care and early help refer to the YJS",
            purpose="youth_justice_services",
            pull=reading.referred,
            open=opener(referred.COLUMNS),
            record=referred.referral,
            child=referred.child,
            scope=referred.scope,
        ),
        PullFeed(
            name="outcomes",
            words="What became of the forms that we sent them",
            purpose="safeguarding",
            pull=outcomes.pull,
            open=outcomes.opened,
            record=outcomes.outcome,
            child=outcomes.child,
            scope=outcomes.scope,
            taken=outcomes.taken,
        ),
        PullFeed(
            name="circumstances",
            words="Care, plans, help, absences, workers, contacts and placements of the YJS's children",
            purpose="youth_justice_services",
            pull=reading.circumstances,
            open=opener(circumstances.COLUMNS),
            record=circumstances.circumstance,
            child=circumstances.child,
            scope=circumstances.scope,
            # Everybody whom the authority ever worked with stands in the dataset.
            only_known=True,
        ),
    ),
    pushes=(
        PushFeed(
            name="referrals",
            words="The multi-agency referral form, for a child who needs protection or early help",
            purpose="safeguarding",
            message=MARF.outward,
            push=push,
            answers=answers,
            wants=(Wanted("referral", sent_by="yjs", needs=("safeguarding", "early_help", "parenting")),),
        ),
    ),
)
