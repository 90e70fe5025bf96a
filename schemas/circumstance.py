"""A dated fact that a partner holds about a child: an order, a care status, a school place."""

from __future__ import annotations

import dataframely as dy

from schemas.fields import DFE, OURS, SSD, YJB, Sensitivity, field

PLAIN = Sensitivity.PLAIN
CONTACT = Sensitivity.CONTACT
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
    provider = dy.String(
        nullable=True, metadata=field("Who provides it: a school, a home, a team.", OURS, CONTACT)
    )
    provision = dy.String(
        nullable=True,
        metadata=field("Of a place in education: its kind.", YJB, PLAIN, codes="kpi2_provision_type"),
    )
    suitability = dy.String(
        nullable=True, metadata=field("Does it suit the child?", YJB, PLAIN, codes="kpi_suitability")
    )
    weekly_minutes_offered = dy.Int64(
        nullable=True, metadata=field("Of a place in education: minutes a week on offer.", YJB, PLAIN)
    )
    weekly_minutes_attended = dy.Int64(
        nullable=True, metadata=field("Of a place in education: minutes a week attended.", YJB, PLAIN)
    )
    sessions_possible = dy.Int64(
        nullable=True, metadata=field("Of attendance: half days that could be attended.", DFE, PLAIN)
    )
    sessions_attended = dy.Int64(
        nullable=True, metadata=field("Of attendance: half days that were.", DFE, PLAIN)
    )
    sessions_detained = dy.Int64(
        nullable=True,
        metadata=field("Of attendance: half days in criminal justice detention (Y5).", DFE, OFFENCE),
    )
    sessions_part_time = dy.Int64(
        nullable=True,
        metadata=field("Of attendance: half days left out by a part-time timetable (C2).", DFE, PLAIN),
    )
    suspension_reason = dy.String(
        nullable=True,
        metadata=field("Of a suspension or exclusion: why.", DFE, SPECIAL, codes="suspension_reason"),
    )
    sen_provision = dy.String(
        nullable=True,
        metadata=field("Of special educational needs: the help given.", DFE, SPECIAL, codes="sen_provision"),
    )
    sen_type = dy.String(
        nullable=True,
        metadata=field("Of special educational needs: the main need.", DFE, SPECIAL, codes="sen_type"),
    )
    legal_status = dy.String(
        nullable=True,
        metadata=field("Of a care status: its footing in law.", SSD, SPECIAL, codes="legal_status"),
    )
    concern = dy.String(
        nullable=True, metadata=field("Of a protection plan: the harm feared.", SSD, SPECIAL, codes="concern")
    )
    is_confidential = dy.Bool(
        nullable=True, metadata=field("Where the child lives must not be told.", SSD, PLAIN)
    )
    worker = dy.String(nullable=True, metadata=field("The child's worker at the holder.", SSD, CONTACT))
    detail_as_sent = dy.String(
        nullable=True, metadata=field("The holder's own code for what it is.", OURS, SPECIAL)
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
