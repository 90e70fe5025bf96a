"""`hub migrate`."""

from __future__ import annotations

import typer

from connectors.errors import MisconfiguredError
from hub.hub import open_hub
from hub.store import sealed_with


def migrate() -> None:
    """Bring the hub's database up to date, and see that its keys are those that sealed what is in it."""
    with open_hub() as hub, hub.store.reading() as connection:
        missing = sealed_with.keys_in_use(connection) - hub.keyring.keys.keys()
        if missing:
            raise MisconfiguredError(
                f"Records are sealed with {', '.join(sorted(missing))}, and {hub.settings.keys_path} "
                "does not hold that.",
                fix="put the key file of the backup in its place before anything runs.",
            )
    typer.echo("The hub's database is up to date, and its keys open it.")
