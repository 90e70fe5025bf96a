"""Who a defendant is: the person as the courts write them, in either of their two spellings."""

from __future__ import annotations

from collections.abc import Iterable

from connectors.courts.shapes.payload import Part
from connectors.courts.shapes.record import Row

# What the courts write for a defendant whose arrest summons number they do not have (the first for police
# prosecutions). Two strangers share it, so it is nobody's.
NO_SUMMONS_NUMBER = ("0800PP0100000000001H", "0800NP0100000000001H")
CONTACTS = ("mobile", "home", "work", "primaryEmail", "secondaryEmail")


def person(defendant: Part) -> Row:
    """`personDefendant` in a hearing or a case, `individualDefendant` in what goes to the police."""
    holder = defendant.part("personDefendant", "individualDefendant")
    details = holder.part("personDetails", "person")
    return {
        "master_defendant_id": defendant.text("masterDefendantId"),
        "is_youth": defendant.flag("isYouth"),
        "person_or_company": _person_or_company(defendant, holder),
        **_names(details),
        **_background(details, holder),
        **address(details.part("address")),
        "aliases": _joined(full_name(alias) for alias in defendant.parts("aliases")),
        "pnc": defendant.text("pncId") or holder.text("pncId"),
        "cro": defendant.text("croNumber") or holder.text("croNumber"),
        "asn": _summons_number(defendant, holder),
        "bail_status": holder.coded("bailStatus", "code", "description"),
        "interpreter_language": details.text("interpreterLanguageNeeds"),
        "specific_requirements": details.text("specificRequirements"),
        **_guardians(defendant),
    }


def address(part: Part) -> Row:
    lines = {f"address_line_{number}": part.text(f"address{number}") for number in range(1, 6)}
    return lines | {"postcode": part.text("postcode", "postCode")}


def full_name(part: Part) -> str | None:
    return " ".join(filter(None, (part.text(key) for key in ("firstName", "middleName", "lastName")))) or None


def _person_or_company(defendant: Part, holder: Part) -> str | None:
    if holder:
        return "person"
    return "company" if defendant.part("legalEntityDefendant", "corporateDefendant") else None


def _names(details: Part) -> Row:
    return {
        "title": details.text("title"),
        "first_name": details.text("firstName"),
        "middle_name": details.text("middleName"),
        "last_name": details.text("lastName"),
    }


def _background(details: Part, holder: Part) -> Row:
    ethnicity = details.part("ethnicity") or holder
    return {
        "birth_date": details.text("dateOfBirth"),
        "gender": details.text("gender"),
        "nationality": details.text("nationalityDescription", "nationalityCode", "nationality"),
        "ethnicity_self_defined": ethnicity.text(
            "selfDefinedEthnicityCode", "selfDefinedEthnicityDescription"
        ),
        "ethnicity_observed": ethnicity.text("observedEthnicityCode", "observedEthnicityDescription"),
    }


def _summons_number(defendant: Part, holder: Part) -> str | None:
    number = holder.text("arrestSummonsNumber") or defendant.text("prosecutorReference")
    return None if number in NO_SUMMONS_NUMBER else number


def _guardians(defendant: Part) -> Row:
    """Every parent or guardian. An interpreter is none, and nor is somebody without a role."""
    people = [
        associated.part("person")
        for associated in defendant.parts("associatedPersons", "associatedPerson")
        if _is_guardian(associated.text("role") or "")
    ]
    reached = [(full_name(somebody), somebody.part("contact").text(*CONTACTS)) for somebody in people]
    return {
        "guardian_name": _joined(name for name, _ in reached),
        "guardian_contact": _joined(
            _contact(name, contact, alone=len(people) == 1) for name, contact in reached
        ),
    }


def _contact(name: str | None, contact: str | None, *, alone: bool) -> str | None:
    """With the name where there are two: the wrong parent may be the one not to ring."""
    return contact if alone or not contact else f"{name or 'not named'}: {contact}"


def _is_guardian(role: str) -> bool:
    return any(word in role.lower() for word in ("parent", "guardian"))


def _joined(texts: Iterable[str | None]) -> str | None:
    return "; ".join(filter(None, texts)) or None
