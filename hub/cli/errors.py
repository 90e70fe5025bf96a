"""Errors as a person needs them: the sentence, no traceback, exit status 2."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import typer

from connectors.errors import ConnectorError
from hub.landing.keyring import SealBrokenError
from hub.ledger.balance import UnbalancedError
from hub.night import DagsMissingError
from hub.rest import AirflowRefusedError
from hub.stack import StackDidNotStartError

TOLD_PLAINLY = (
    ConnectorError,
    UnbalancedError,
    SealBrokenError,
    StackDidNotStartError,
    DagsMissingError,
    AirflowRefusedError,
)

P = ParamSpec("P")
R = TypeVar("R")


def speaking_plainly(command: Callable[P, R]) -> Callable[P, R]:
    @functools.wraps(command)
    def told(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except TOLD_PLAINLY as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(2) from None

    return told
