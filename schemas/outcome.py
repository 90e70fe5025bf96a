"""A decision about an offence: a hearing, a disposal, an out-of-court outcome."""

from __future__ import annotations

import dataframely as dy

from schemas.fields import HMCTS, NPCC, OURS, UK_GDPR, YJB, Sensitivity, field

PLAIN = Sensitivity.PLAIN
SPECIAL = Sensitivity.SPECIAL_CATEGORY
OFFENCE = Sensitivity.CRIMINAL_OFFENCE


class Outcome(dy.Schema):
    reference = dy.String(primary_key=True, metadata=field("The decider's own reference.", HMCTS, PLAIN))
    version_at = dy.Datetime(
        time_zone="UTC",
        nullable=True,
        metadata=field("When the result was shared. It orders versions; no other date does.", HMCTS, PLAIN),
    )
    is_deleted = dy.Bool(metadata=field("The result was struck out.", HMCTS, PLAIN))
    is_amendment = dy.Bool(nullable=True, metadata=field("It amends an earlier result.", HMCTS, PLAIN))
    stage = dy.String(
        nullable=True, metadata=field("How far the case has come.", OURS, OFFENCE, codes="outcome_stage")
    )
    case_reference = dy.String(nullable=True, metadata=field("The case's URN.", HMCTS, OFFENCE))
    hearing_id = dy.String(nullable=True, metadata=field("The hearing's id.", HMCTS, PLAIN))
    hearing_on = dy.Date(nullable=True, metadata=field("The day in court.", HMCTS, OFFENCE))
    ordered_on = dy.Date(nullable=True, metadata=field("The day the order was made.", HMCTS, OFFENCE))
    court_code = dy.String(nullable=True, metadata=field("The court's organisation code.", HMCTS, PLAIN))
    court_name = dy.String(nullable=True, metadata=field("The court's name.", HMCTS, PLAIN))
    offence_code = dy.String(nullable=True, metadata=field("CJS offence code.", HMCTS, OFFENCE))
    offence_title = dy.String(nullable=True, metadata=field("The offence in words.", HMCTS, OFFENCE))
    offence_on = dy.Date(nullable=True, metadata=field("When the offence began.", YJB, OFFENCE))
    gravity = dy.Int64(
        nullable=True, metadata=field("Child gravity score, 1 to 5.", NPCC, OFFENCE, codes="gravity")
    )
    seriousness = dy.Int64(
        nullable=True, metadata=field("YJB seriousness score, 1 to 8; never gravity.", YJB, OFFENCE)
    )
    plea = dy.String(nullable=True, metadata=field("The child's plea.", HMCTS, OFFENCE))
    disposal_code = dy.String(nullable=True, metadata=field("CJS result code.", HMCTS, OFFENCE))
    disposal = dy.String(nullable=True, metadata=field("The result's name.", HMCTS, OFFENCE))
    disposal_words = dy.String(
        nullable=True, metadata=field("The result as the court worded it.", HMCTS, OFFENCE, free_text=True)
    )
    bail_status = dy.String(
        nullable=True, metadata=field("Bail or custody after it.", HMCTS, OFFENCE, codes="bail_status")
    )
    bail_status_as_sent = dy.String(nullable=True, metadata=field("The court's own code.", HMCTS, OFFENCE))
    remanded = dy.Bool(nullable=True, metadata=field("Safety flag: remanded away from home.", YJB, OFFENCE))
    diversity_needs = dy.String(
        nullable=True,
        metadata=field("Language and other needs the court noted.", HMCTS, SPECIAL, free_text=True),
    )
    lawful_basis = dy.String(
        nullable=True,
        metadata=field("What allows the sender to share it.", UK_GDPR, PLAIN, codes="lawful_basis"),
    )
    code_maps = dy.String(
        nullable=True, metadata=field("The versions of the code maps that read it.", OURS, PLAIN)
    )
