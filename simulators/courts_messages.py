"""The messages HMCTS publishes, made from a sitting: hearing, application, case, police."""

from collections.abc import Callable
from datetime import datetime

from simulators.courts_cases import (
    case_defendant,
    charged,
    day_in_person,
    master_id,
    prosecution_case,
    results,
    struck_out,
    summons,
)
from simulators.courts_people import associated_persons, is_youth, numbers, person_defendant
from simulators.courts_results import Json, made_id
from simulators.courts_sittings import Kind, Party, Sitting

EVENTS: dict[Kind, str] = {"hearing": "hearing-resulted", "application": "hearing-resulted"}

COURT_CENTRE: Json = {
    "address": {"address1": "1 Assize Yard", "address2": "Northmoor", "postcode": "NX1 1JU"},
    "code": "B99NM00",
    "courtHearingLocation": "B99NM01",
    "id": made_id("court centre"),
    "lja": {"ljaCode": "2999", "ljaName": "Northmoor Magistrates' Court"},
    "name": "Northmoor Youth Court",
    "roomId": made_id("court room"),
    "roomName": "Courtroom 01",
}


def message(sitting: Sitting) -> Json:
    return SHAPES[sitting.kind](sitting)


def event(sitting: Sitting) -> str:
    """What the file name says the message is."""
    return EVENTS.get(sitting.kind, sitting.kind)


def hearing_resulted(sitting: Sitting) -> Json:
    decided = sitting.parties[0].charges[0].results[0].category == "FINAL"
    hearing = _hearing(sitting, "Sentence" if decided else "First hearing")
    hearing["prosecutionCases"] = [prosecution_case(sitting)]
    return _shared(sitting, hearing)


def application_resulted(sitting: Sitting) -> Json:
    """Breach of an order: there is no prosecution case, only the application and its subject."""
    return _shared(sitting, {**_hearing(sitting, "Application"), "courtApplications": [_breach(sitting)]})


def case_query(sitting: Sitting) -> Json:
    case = prosecution_case(sitting)
    for defendant, party in zip(case["defendants"], sitting.parties, strict=True):
        defendant["offences"] = [charged(sitting, party, place) for place in range(len(party.charges))]
    return {
        "prosecutionCase": {**case, "statementOfFacts": "Prosecution fact text"},
        "courtDocuments": [],
        "linkedApplicationsSummary": [],
        "caseAtAGlance": {"id": sitting.case_id, "courtApplications": [], "hearings": []},
    }


def police_result_generated(sitting: Sitting) -> Json:
    return {
        "caseId": sitting.case_id,
        "courtCentreWithLJA": {
            "courtCentre": COURT_CENTRE,
            "courtHearingLocation": "B99NM01",
            "psaCode": 2999,
        },
        "defendant": case_defendant(sitting, sitting.parties[0]),
        "id": sitting.hearing_id,
        "sessionDays": [_session(sitting)],
        "urn": sitting.urn,
    }


def police_notification_requested(sitting: Sitting) -> Json:
    """What was ordered is struck out: the message names the result and says DELETED."""
    party = sitting.parties[0]
    return {
        "amendReshare": "Amend & Reshare",
        "applicationTypeForCase": "",
        "caseDefendants": [case_defendant(sitting, party)],
        "caseId": sitting.case_id,
        "caseResultDetails": {
            "caseId": sitting.case_id,
            "defendantResultDetails": [struck_out(sitting, party)],
        },
        "courtCentre": COURT_CENTRE["name"],
        "dateOfHearing": f"{sitting.sat_on}",
        "notificationId": made_id("notification", sitting.number),
        "policeEmailAddress": "results@example.invalid",
        "urn": sitting.urn,
    }


SHAPES: dict[Kind, Callable[[Sitting], Json]] = {
    "hearing": hearing_resulted,
    "application": application_resulted,
    "case": case_query,
    "police-result": police_result_generated,
    "police-notification": police_notification_requested,
}


def _shared(sitting: Sitting, hearing: Json) -> Json:
    return {
        "hearing": hearing,
        "hearingDay": f"{sitting.sat_on}",
        "isReshare": sitting.change != "none",
        "sharedTime": _instant(sitting.shared),
    }


def _hearing(sitting: Sitting, kind: str) -> Json:
    return {
        "courtCentre": COURT_CENTRE,
        "defendantAttendance": [_attendance(sitting, party) for party in sitting.parties],
        "hasSharedResults": True,
        "hearingDays": [_session(sitting)],
        "hearingLanguage": "ENGLISH",
        "id": sitting.hearing_id,
        "jurisdictionType": "MAGISTRATES",
        "shadowListedOffences": [],
        "type": {"description": kind, "id": made_id("hearing type", kind)},
    }


def _attendance(sitting: Sitting, party: Party) -> Json:
    return {"attendanceDays": [day_in_person(sitting)], "defendantId": sitting.defendant_id(party)}


def _session(sitting: Sitting) -> Json:
    return {
        "listedDurationMinutes": 20,
        "listingSequence": 0,
        "sittingDay": f"{sitting.sat_on}T10:00:00.000Z",
    }


def _breach(sitting: Sitting) -> Json:
    subject = _application_party(sitting, sitting.parties[0])
    service = {"name": "Northmoor Youth Justice Service", "prosecutionAuthorityCode": "NMYJS"}
    return {
        "applicant": {
            "id": made_id("youth justice service"),
            "notificationRequired": False,
            "prosecutingAuthority": service,
            "summonsRequired": False,
        },
        "applicationReceivedDate": f"{sitting.sat_on}",
        "applicationReference": sitting.urn,
        "applicationStatus": "FINALISED",
        "courtApplicationCases": [],
        "id": made_id("application", sitting.number),
        "judicialResults": results(sitting, sitting.parties[0], 0),
        "respondents": [subject],
        "subject": subject,
        "type": {
            "appealFlag": False,
            "breachType": "GENERIC_BREACH",
            "categoryCode": "CB",
            "id": made_id("application type", "breach"),
            "jurisdiction": "MAGISTRATES",
            "legislation": "Pursuant to Schedule 7 to the Sentencing Act 2020.",
            "linkType": "LINKED",
            "type": "Failing to comply with the requirements of a youth rehabilitation order",
        },
    }


def _application_party(sitting: Sitting, party: Party) -> Json:
    case = {
        "caseId": sitting.case_id,
        "caseReference": sitting.urn,
        "defendantId": sitting.defendant_id(party),
    }
    return {
        "id": made_id("application party", sitting.number),
        "masterDefendant": {
            "associatedPersons": associated_persons(party.person),
            "defendantCase": [case],
            "isYouth": is_youth(party.person),
            "masterDefendantId": master_id(party),
            **numbers(party.person),
            "personDefendant": person_defendant(party.person, summons(sitting, party), party.bail),
        },
        "notificationRequired": True,
        "summonsRequired": False,
    }


def _instant(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}.000Z"
