"""The doors of the shell. Each is a few lines: it opens the hub, calls a room, and prints."""

from __future__ import annotations

import typer

from hub.cli import (
    audit,
    breakers,
    conform,
    deliveries,
    held,
    leases,
    ledger,
    migrate,
    new_connector,
    night,
    partners,
    report,
    simulate,
)
from hub.cli.errors import speaking_plainly

app = typer.Typer(
    name="hub",
    help="The Referral Hub: carries referrals between a Youth Justice Service and its partners.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command("night")(speaking_plainly(night.night))
app.command("ledger")(speaking_plainly(ledger.ledger))
app.command("partners")(speaking_plainly(partners.partners))
app.command("check")(speaking_plainly(partners.check))
app.command("conform")(speaking_plainly(conform.conform))
app.command("new-connector")(speaking_plainly(new_connector.new_connector))
app.command("settings")(speaking_plainly(partners.settings))
app.command("migrate")(speaking_plainly(migrate.migrate))
app.command("ui")(speaking_plainly(night.ui))
app.command("simulate", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(
    speaking_plainly(simulate.simulate)
)
app.add_typer(report.app, name="report")
app.add_typer(held.app, name="held")
app.add_typer(deliveries.app, name="deliveries")
app.add_typer(leases.app, name="leases")
app.add_typer(breakers.app, name="breakers")
app.add_typer(audit.app, name="audit")
