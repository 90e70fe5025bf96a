"""A dated fact that a partner holds about a child: an order, a care status, a school place."""

from __future__ import annotations

import dataframely as dy

from schemas.fields import OURS, YJB, Sensitivity, field

PLAIN = Sensitivity.PLAIN
SPECIAL = Sensitivity.SPECIAL_CATEGORY
OFFENCE = Sensitivity.CRIMINAL_OFFENCE


class Circumstance(dy.Schema):
    reference = dy.String(primary_key=True, metadata=field("The holder's own reference for it.", OURS, PLAIN))
    version_at = dy.Datetime(
        time_zone="UTC", nullable=True, metadata=field("When the holder made this version.", OURS, PLAIN)
    )
    is_deleted = dy.Bool(metadata=field("The holder has withdrawn it.", YJB, PLAIN))
    fact = dy.String(metadata=field("What is said of the child.", OURS, SPECIAL, codes="circumstance"))
    disposal = dy.String(
        nullable=True,
        metadata=field("Of an order: which.", YJB, OFFENCE, codes="kpi_type_of_order"),
    )
    disposal_as_sent = dy.String(nullable=True, metadata=field("The holder's own word for it.", YJB, OFFENCE))
    holds_from = dy.Date(nullable=True, metadata=field("It holds from this day.", YJB, PLAIN))
    holds_until = dy.Date(
        nullable=True, metadata=field("It holds up to this day; empty while it is open.", YJB, PLAIN)
    )
    completed = dy.Bool(nullable=True, metadata=field("Of an order: it was completed.", YJB, OFFENCE))
    remanded = dy.Bool(nullable=True, metadata=field("Safety flag: remanded away from home.", YJB, OFFENCE))
    lawful_basis = dy.String(
        nullable=True,
        metadata=field("What allows the sender to share it.", OURS, PLAIN, codes="lawful_basis"),
    )
    code_maps = dy.String(
        nullable=True, metadata=field("The versions of the code maps that read it.", OURS, PLAIN)
    )
