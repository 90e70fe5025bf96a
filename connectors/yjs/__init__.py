"""The YJS itself: its case system, a SQL database with a worklist for what the hub brings, and views of what
the YJS does.
"""

from __future__ import annotations

from pathlib import Path

from connectors.contract import Connector, PullFeed, PushFeed, Wanted
from connectors.yjs import client, opening, records, translation, views
from connectors.yjs.reporting import messages_of
from connectors.yjs.settings import YjsSettings

connector = Connector(
    name="yjs",
    title="Youth Justice Service",
    settings=YjsSettings,
    connect=client.connect,
    check=client.check,
    agreement=Path(__file__).parent / "agreement.yaml",
    pulls=(
        # First: it says which child of whoever referred is which child of the YJS.
        PullFeed(
            name="progress",
            words="What became of referrals that came through the worklist",
            purpose="youth_justice_services",
            pull=messages_of(views.PROGRESS),
            open=opening.rows_of_view,
            record=records.progress,
            child=records.child,
            scope=records.scope_by("when the case was taken on", "acceptedOn", "assessedOn"),
            is_whole=True,
        ),
        PullFeed(
            name="referrals",
            words="What the YJS refers children to other services for",
            purpose="youth_justice_services",
            pull=messages_of(views.REFERRALS),
            open=opening.rows_of_view,
            record=records.referral,
            child=records.referred_child,
            scope=records.scope_by(
                "when referred", "kpi4MHDateReferred", "kpi5SMDateReferred", "dateReferred"
            ),
            is_whole=True,
        ),
        PullFeed(
            name="assessments",
            words="Each help that an assessment asks about, and whether a need was found",
            purpose="youth_justice_services",
            pull=messages_of(views.ASSESSMENTS),
            open=opening.screenings,
            record=records.screening,
            child=records.child,
            scope=records.scope_by("when assessed", "date"),
            is_whole=True,
        ),
        PullFeed(
            name="orders",
            words="Orders and programmes that the YJS supervises",
            purpose="youth_justice_services",
            pull=messages_of(views.ORDERS),
            open=opening.rows_of_view,
            record=records.order,
            child=records.child,
            scope=records.scope_by("when the order began", "startDate"),
            is_whole=True,
        ),
    ),
    pushes=(
        PushFeed(
            name="worklist",
            words="Referrals and outcomes for the case workers",
            purpose="youth_justice_services",
            message=translation.worklist,
            push=client.push,
            answers=client.answers,
            wants=tuple(Wanted(kind) for kind in ("referral", "outcome", "status_update", "circumstance")),
        ),
    ),
)
