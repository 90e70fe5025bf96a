"""The parts of a case: its defendants, what they are charged with, what was ordered."""

from simulators.courts_people import (
    aliases,
    associated_persons,
    is_youth,
    numbers,
    person_defendant,
    plain_person,
)
from simulators.courts_results import Json, bail_status, judicial_result, made_id
from simulators.courts_sittings import Party, Sitting

PROSECUTOR: Json = {
    "prosecutionAuthorityCode": "NMPPF",
    "prosecutionAuthorityId": made_id("prosecutor"),
    "prosecutionAuthorityName": "Northmoor Police",
    "prosecutionAuthorityOUCode": "0990000",
}


def prosecution_case(sitting: Sitting) -> Json:
    return {
        "caseStatus": "INACTIVE",
        "defendants": [_defendant(sitting, party) for party in sitting.parties],
        "id": sitting.case_id,
        "initiationCode": "C",
        "originatingOrganisation": "0990000",
        "prosecutionCaseIdentifier": {**PROSECUTOR, "caseURN": sitting.urn},
    }


def _defendant(sitting: Sitting, party: Party) -> Json:
    return {
        "aliases": aliases(party.person),
        "associatedPersons": associated_persons(party.person),
        "courtProceedingsInitiated": f"{party.charges[0].committed_on}T09:00:00.000Z",
        "id": sitting.defendant_id(party),
        "isYouth": is_youth(party.person),
        "masterDefendantId": master_id(party),
        **numbers(party.person),
        "offences": [_offence(sitting, party, place) for place in range(len(party.charges))],
        "personDefendant": person_defendant(party.person, summons(sitting, party), party.bail),
        "prosecutionCaseId": sitting.case_id,
    }


def master_id(party: Party) -> str:
    return made_id("master defendant", party.person.truth_id)


def summons(sitting: Sitting, party: Party) -> str:
    place = sitting.parties.index(party) + 1
    return f"26NM01{sitting.number:012d}{place:02d}"


def charged(sitting: Sitting, party: Party, place: int) -> Json:
    charge = party.charges[place]
    return {
        "chargeDate": f"{charge.committed_on}",
        "count": 0,
        "id": sitting.offence_id(party, place),
        "modeOfTrial": charge.offence.mode_of_trial,
        "offenceCode": charge.offence.code,
        "offenceDefinitionId": made_id("offence definition", charge.offence.code),
        "offenceLegislation": charge.offence.legislation,
        "offenceTitle": charge.offence.title,
        "orderIndex": place + 1,
        "startDate": f"{charge.committed_on}",
        "wording": charge.wording,
    }


def _offence(sitting: Sitting, party: Party, place: int) -> Json:
    charge = party.charges[place]
    convicted = any(result.convicted for result in charge.results)
    return {
        **charged(sitting, party, place),
        **({"convictionDate": f"{sitting.sat_on}"} if convicted else {}),
        "isDisposed": any(result.category == "FINAL" for result in charge.results),
        "judicialResults": results(sitting, party, place),
        "listingNumber": place + 1,
        "plea": _plea(sitting, party, place, guilty=convicted),
    }


def _plea(sitting: Sitting, party: Party, place: int, *, guilty: bool) -> Json:
    return {
        "offenceId": sitting.offence_id(party, place),
        "originatingHearingId": sitting.hearing_id,
        "pleaDate": f"{sitting.sat_on}",
        "pleaValue": "GUILTY" if guilty else "NOT_GUILTY",
    }


def results(sitting: Sitting, party: Party, place: int) -> list[Json]:
    """A change is made to the first result of the first offence; the rest is shared again as it was."""
    return [
        judicial_result(
            result,
            hearing_id=sitting.hearing_id,
            offence_id=sitting.offence_id(party, place),
            ordered=sitting.sat_on,
            shared=sitting.shared.date(),
            change=sitting.change if (place, order) == (0, 0) else "none",
        )
        for order, result in enumerate(party.charges[place].results)
    ]


def case_defendant(sitting: Sitting, party: Party) -> Json:
    return {
        "associatedPerson": associated_persons(party.person),
        "attendanceDays": [day_in_person(sitting)],
        "defendantId": sitting.defendant_id(party),
        "individualDefendant": {
            "bailConditions": "",
            "bailStatus": bail_status(party.bail),
            "person": plain_person(party.person),
            "presentAtHearing": "Y",
        },
        "offences": [_case_offence(sitting, party, place) for place in range(len(party.charges))],
        "prosecutorReference": summons(sitting, party),
    }


def _case_offence(sitting: Sitting, party: Party, place: int) -> Json:
    charge = party.charges[place]
    return {
        "chargeDate": f"{charge.committed_on}",
        "finalDisposal": "Y",
        "id": sitting.offence_id(party, place),
        "judicialResults": _remaining(sitting, party, place),
        "modeOfTrial": charge.offence.mode_of_trial,
        "offenceCode": charge.offence.code,
        "offenceDateCode": 1,
        "offenceSequenceNumber": place + 1,
        "startDate": f"{charge.committed_on}",
        "wording": charge.wording,
    }


def _remaining(sitting: Sitting, party: Party, place: int) -> list[Json]:
    """A notification tells only of what still stands; the rest is in its list of deletions."""
    ordered = results(sitting, party, place)
    return ordered[1:] if sitting.kind == "police-notification" and place == 0 else ordered


def struck_out(sitting: Sitting, party: Party) -> Json:
    charge, struck = party.charges[0], results(sitting, party, 0)[0]
    deletion = {
        "amendmentType": "DELETED",
        "id": struck["judicialResultId"],
        "judicialResultTypeId": struck["judicialResultTypeId"],
        "resultTitle": struck["label"],
        "isQualifyingResult": False,
    }
    offence = {
        "id": sitting.offence_id(party, 0),
        "judicialResultDetails": [deletion],
        "offenceCount": 0,
        "offenceNo": 1,
        "offenceTitle": charge.offence.title,
    }
    return {
        "defendantName": party.person.full_name,
        "id": sitting.defendant_id(party),
        "offenceResultDetails": [offence],
    }


def day_in_person(sitting: Sitting) -> Json:
    return {"attendanceType": "IN_PERSON", "day": f"{sitting.sat_on}"}
