"""The form as a PDF that a screen reader can follow: tagged, titled, in a named language (PDF/UA-1)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import typst

from connectors.errors import PartnerRefusedError
from connectors.forms.form import Form, written

LAYOUT = Path(__file__).parent / "form.typ"


def as_pdf(form: Form, body: Mapping[str, Any], *, reference: str) -> bytes:
    """The same bytes for the same form and answers. Values reach the layout as data, never as its text."""
    said = json.dumps(_content(form, body, reference))
    try:
        return _made(said, standard="ua-1")
    except typst.TypstError:
        # A name in a script that the fonts have not is no PDF/UA. The workbook beside it has every sign.
        return _made(said, standard=None)


def _made(said: str, *, standard: Literal["ua-1"] | None) -> bytes:
    try:
        made = typst.compile(
            LAYOUT.read_bytes(),
            format="pdf",
            sys_inputs={"form": said},
            pdf_standards=standard,
            ignore_system_fonts=True,
        )
    except typst.TypstError as error:
        if standard:
            raise
        raise PartnerRefusedError(
            "A form could not be laid out as a PDF.", fix="report it: the layout connectors/forms/form.typ."
        ) from error
    return bytes(made)


def _content(form: Form, body: Mapping[str, Any], reference: str) -> dict[str, Any]:
    return {
        "title": form.title,
        "language": form.language.partition("-")[0],
        "region": form.language.partition("-")[2] or None,
        "about": f"For {form.service}. Form of {form.dated:%d/%m/%Y}, version {form.version}.",
        "reference": reference,
        "sections": [
            {"title": name, "lines": [{"label": line.label, "value": written(line, body)} for line in lines]}
            for name, lines in form.sections()
        ],
    }
