"""Each service's own form, as data. What stands in a form and is mandatory must be there, or it is not sent.

Both are invented, after what published forms of such services ask (2026): a real one is written here as its
service gave it, with its version and its date.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from connectors.forms.form import Form, Line
from connectors.health.message import message

CHILD, FAMILY, REQUEST = "About the child", "Reaching the family", "Your request"
# Of a referral that is withdrawn, by a form of its own.
WITHDRAWAL = "Withdrawal"


def _line(column: str, label: str, section: str, *, mandatory: bool = False) -> Line:
    return Line(column, label, message.columns[column], section, mandatory)


WHO = (
    _line("FamilyName", "Child's surname", CHILD, mandatory=True),
    _line("GivenNames", "Child's first names", CHILD, mandatory=True),
    _line("BornOn", "Date of birth", CHILD, mandatory=True),
    _line("Sex", "Sex", CHILD),
    _line("NHSNumber", "NHS number", CHILD),
    _line("GP", "GP practice", CHILD, mandatory=True),
    _line("Address", "Address", FAMILY, mandatory=True),
    _line("Postcode", "Postcode", FAMILY, mandatory=True),
    _line("SafeContact", "Safe way to reach the family", FAMILY, mandatory=True),
)
ASKED = (
    _line("Need", "What help is asked for", REQUEST, mandatory=True),
    _line("Urgency", "How soon", REQUEST, mandatory=True),
    _line("Risks", "Known risks", REQUEST),
    _line("Consent", "Who agreed to the referral", REQUEST, mandatory=True),
    _line("ReferredOn", "Date of referral", REQUEST, mandatory=True),
    _line("Worker", "Youth justice worker to ring", REQUEST, mandatory=True),
)
CAMHS = Form(
    service="Northmoor CAMHS",
    title="Referral to the single point of access",
    version="2026-1",
    dated=date(2026, 9, 1),
    source="invented; what a child and adolescent mental health service usually asks",
    send_to="at",
    lines=(*WHO, *ASKED),
)
SPEECH_AND_LANGUAGE = Form(
    service="Northmoor Speech and Language Therapy",
    title="Request for help with speech, language and communication",
    version="3",
    dated=date(2026, 6, 1),
    source="invented; what a speech and language therapy service usually asks",
    send_to="at",
    lines=(
        *(line for line in WHO if line.column not in ("GP", "Sex")),
        *(line for line in ASKED if line.column != "Risks"),
    ),
)
TAKEN_BACK = Form(
    service="Withdrawal",
    title="A referral that is withdrawn",
    version="1",
    dated=date(2026, 11, 28),
    source="ours",
    send_to="at",
    lines=(_line("Referral", "Our referral", WITHDRAWAL, mandatory=True),),
)
# By the name that a service's line in the settings gives.
FORMS: Mapping[str, Form] = {"camhs": CAMHS, "speech_and_language": SPEECH_AND_LANGUAGE}
# All forms have the same answer sheet.
SHEET = CAMHS
