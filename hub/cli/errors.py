"""Errors as a person needs them: the sentence, no traceback, no value, exit status 2."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import typer
from pydantic import ValidationError

from hub.faults import OUR_WORDS, StepFailedError
from hub.night import DagsMissingError
from hub.rest import AirflowRefusedError
from hub.stack import StackDidNotStartError

# A setting's error names the setting, never what was set.
TOLD_PLAINLY = (
    *OUR_WORDS,
    ValidationError,
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
        except (typer.Exit, typer.BadParameter, typer.Abort):
            raise
        except TOLD_PLAINLY as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(2) from None
        except Exception as fault:
            typer.echo(str(StepFailedError(fault)), err=True)
            raise typer.Exit(2) from None

    return told
