"""Who a record is about, as one partner knows them."""

from __future__ import annotations

import dataframely as dy

from schemas.fields import DFE, HMCTS, NHS, OURS, POLICE, YJB, Sensitivity, field

IDENTITY = Sensitivity.IDENTITY
CONTACT = Sensitivity.CONTACT


class ChildDetails(dy.Schema):
    person_reference = dy.String(
        nullable=True, metadata=field("The partner's own key for this person.", OURS, IDENTITY)
    )
    family_name = dy.String(nullable=True, metadata=field("Family name.", YJB, IDENTITY))
    given_names = dy.String(nullable=True, metadata=field("First and middle names, in order.", YJB, IDENTITY))
    aliases = dy.List(
        dy.String(), nullable=True, metadata=field("Other names the child goes by.", POLICE, IDENTITY)
    )
    born_on = dy.Date(nullable=True, metadata=field("Date of birth.", YJB, IDENTITY))
    sex = dy.String(nullable=True, metadata=field("Sex, as recorded.", YJB, IDENTITY, codes="sex"))
    sex_as_sent = dy.String(nullable=True, metadata=field("The partner's own code for sex.", OURS, IDENTITY))
    ethnicity_self_defined = dy.String(
        nullable=True,
        metadata=field(
            "Ethnicity in the child's own words (18+1 codes).",
            POLICE,
            IDENTITY,
            codes="ethnicity_self_defined",
        ),
    )
    ethnicity_observed = dy.String(
        nullable=True,
        metadata=field("Ethnicity as an officer saw it.", POLICE, IDENTITY, codes="ethnicity_observed"),
    )
    address = dy.String(nullable=True, metadata=field("Address lines, comma separated.", OURS, CONTACT))
    postcode = dy.String(nullable=True, metadata=field("Postcode, with one space.", OURS, CONTACT))
    nhs_number = dy.String(nullable=True, metadata=field("NHS number, ten digits.", NHS, IDENTITY))
    upn = dy.String(nullable=True, metadata=field("Unique pupil number.", DFE, IDENTITY))
    uln = dy.String(nullable=True, metadata=field("Unique learner number.", DFE, IDENTITY))
    pnc = dy.String(
        nullable=True, metadata=field("Police National Computer id, long form.", POLICE, IDENTITY)
    )
    cro = dy.String(nullable=True, metadata=field("Criminal Records Office number.", POLICE, IDENTITY))
    identifiers_from = dy.Date(
        nullable=True, metadata=field("The identifiers above hold from this day.", OURS, IDENTITY)
    )
    identifiers_until = dy.Date(
        nullable=True, metadata=field("The identifiers above hold up to this day.", OURS, IDENTITY)
    )
    gp = dy.String(nullable=True, metadata=field("The child's GP practice.", NHS, CONTACT))
    school = dy.String(nullable=True, metadata=field("The child's school or college.", DFE, CONTACT))
    guardian = dy.String(
        nullable=True, metadata=field("Parent or guardian named by the partner.", HMCTS, IDENTITY)
    )
    guardian_contact = dy.String(
        nullable=True, metadata=field("How to reach the parent or guardian.", HMCTS, CONTACT)
    )


# The identifiers that partners agree to match on.
# The partner's own person key counts only within that partner.
SHARED_IDENTIFIERS = ("nhs_number", "upn", "pnc", "cro")
