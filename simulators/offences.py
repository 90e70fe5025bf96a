"""Offences as the criminal justice system codes them, with the gravity police give a child's first."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Offence:
    code: str
    title: str
    legislation: str
    gravity: int
    mode_of_trial: str


OFFENCES = (
    Offence(
        "TH68010",
        "Theft from a shop",
        "Contrary to section 1(1) and 7 of the Theft Act 1968.",
        2,
        "Either Way",
    ),
    Offence(
        "CJ88116",
        "Assault by beating",
        "Contrary to section 39 of the Criminal Justice Act 1988.",
        3,
        "Summary",
    ),
    Offence(
        "CD71039",
        "Criminal damage to property valued under £5000",
        "Contrary to sections 1(1) and 4 of the Criminal Damage Act 1971.",
        2,
        "Either Way",
    ),
    Offence(
        "PC53001",
        "Possess an offensive weapon in a public place",
        "Contrary to section 1(1) and (4) of the Prevention of Crime Act 1953.",
        4,
        "Either Way",
    ),
    Offence("TH68023", "Robbery", "Contrary to section 8(1) of the Theft Act 1968.", 5, "Indictable"),
)
