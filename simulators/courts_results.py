"""What a court orders, in the codes and the shape HMCTS publishes.

The four-digit codes are the national CJS result codes. Type ids seen in the published samples are
kept; the others are made from the code, since their list is not public.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import NAMESPACE_URL, uuid5

Json = dict[str, Any]
Change = Literal["none", "amended", "deleted"]


@dataclass(frozen=True)
class Result:
    code: str
    short: str
    label: str
    category: Literal["FINAL", "INTERMEDIARY", "ANCILLARY"] = "FINAL"
    prompt: str = ""
    # As first ordered, and as put right when the hearing is shared again.
    value: str = ""
    amended_value: str = ""
    convicted: bool = True
    custody: str = "A"
    type_id: str = ""


RESULTS = {
    "referral_order": Result(
        "1097", "RO", "Referral order", "FINAL", "Length of order", "9 Months", "6 Months"
    ),
    "youth_rehabilitation_order": Result(
        "1141", "YRO", "Youth rehabilitation order", "FINAL", "Length of order", "12 Months", "18 Months"
    ),
    "intensive_supervision": Result(
        "1142",
        "YROISS",
        "Youth rehabilitation order with intensive supervision and surveillance",
        "FINAL",
        "Length of order",
        "18 Months",
        "12 Months",
    ),
    "detention_and_training": Result(
        "1081", "DTO", "Detention and training order", "FINAL", "Period", "8 Months", "6 Months", custody="C"
    ),
    "reparation_order": Result(
        "1083", "REPO", "Reparation order", "FINAL", "Number of hours", "24 Hours", "12 Hours"
    ),
    "conditional_discharge": Result(
        "1018",
        "CD",
        "Conditional discharge",
        "FINAL",
        "Period of conditional discharge",
        "12 Months",
        "6 Months",
        type_id="554c2622-c1cc-459e-a98d-b7f317ab065c",
    ),
    "absolute_discharge": Result("1017", "AD", "Absolute discharge"),
    "fine": Result(
        "1015",
        "FO",
        "Fine",
        "FINAL",
        "Amount of fine",
        "£50.00",
        "£40.00",
        type_id="969f150c-cd05-46b0-9dd9-30891efcc766",
    ),
    "parenting_order": Result(
        "1085", "PARO", "Parenting order", "ANCILLARY", "Length of order", "3 Months", "6 Months"
    ),
    "no_separate_penalty": Result("1057", "NSP", "No separate penalty"),
    "dismissed": Result("2006", "DISM", "Dismissed", convicted=False),
    "withdrawn": Result("2063", "WDRNFIN", "Withdrawn", convicted=False),
    "community_order": Result(
        "1116",
        "COEW",
        "Community order England / Wales",
        "FINAL",
        "Length of order",
        "12 Months",
        type_id="418b3aa7-65ab-4a4a-bab9-2f96b698118c",
    ),
    "order_revoked": Result("1029", "REVO", "Order revoked"),
    "adjourned": Result("4506", "ADJ", "Adjournment", "INTERMEDIARY", convicted=False),
    "conditional_bail": Result(
        "4027", "RCB", "Remanded on conditional bail", "INTERMEDIARY", convicted=False, custody="B"
    ),
    "remand_youth_detention": Result(
        "4058",
        "RYDA",
        "Remanded in youth detention accommodation",
        "INTERMEDIARY",
        convicted=False,
        custody="S",
    ),
    "remand_local_authority": Result(
        "4029",
        "RILAA",
        "Remanded in local authority accommodation",
        "INTERMEDIARY",
        convicted=False,
        custody="L",
    ),
}

BAIL_STATUSES = {
    "A": ("86009c70-759d-3308-8de4-194886ff9a77", "Not applicable"),
    "B": ("dd4073b6-22be-3875-9d63-5da286bb3ece", "Conditional Bail"),
    "C": ("12e69486-4d01-3403-a50a-7419ca040635", "Custody or remanded into custody"),
    "L": ("4dc146db-9d89-30bf-93b3-b22bc072d666", "Remanded into care of Local Authority"),
    "S": ("549336f9-2a07-3767-960f-107da761a698", "Remanded into Secure Accommodation"),
}

AMENDED_BECAUSE = {
    "amendmentReason": "Admin error on shared result (a result recorded incorrectly)",
    "amendmentReasonId": "ca8b8285-5fc7-3b36-aa78-ecdf5ac6dad0",
}


def made_id(*parts: object) -> str:
    """The same id whenever the same thing is meant."""
    return str(uuid5(NAMESPACE_URL, "northmoor/" + "/".join(map(str, parts))))


def bail_status(code: str) -> Json:
    status_id, description = BAIL_STATUSES[code]
    return {"code": code, "description": description, "id": status_id}


def judicial_result(
    result: Result, *, hearing_id: str, offence_id: str, ordered: date, shared: date, change: Change = "none"
) -> Json:
    result_id = made_id("result", hearing_id, offence_id, result.code)
    type_id = result.type_id or made_id("result type", result.code)
    value = result.amended_value if change == "amended" else result.value
    return {
        **_marks(result, change),
        **({"amendmentDate": f"{shared}", **AMENDED_BECAUSE} if change != "none" else {}),
        "category": result.category,
        "cjsCode": result.code,
        "judicialResultId": result_id,
        "judicialResultPrompts": _prompts(result, value),
        "judicialResultTypeId": type_id,
        "label": result.label,
        "lastSharedDateTime": f"{shared}",
        "level": "O",
        "offenceId": offence_id,
        "orderedDate": f"{ordered}",
        "orderedHearingId": hearing_id,
        "postHearingCustodyStatus": result.custody,
        "rank": int(result.code) * 10,
        "resultText": f"{result.short} - {result.label}\n{result.label}{f' for {value}' if value else ''}.",
        "rootJudicialResultId": result_id,
        "rootJudicialResultTypeId": type_id,
        "usergroups": [],
    }


def _marks(result: Result, change: Change) -> Json:
    no = dict.fromkeys(
        ("alwaysPublished", "d20", "excludedFromResults", "isUnscheduled", "lifeDuration", "urgent"), False
    )
    return {
        **no,
        "canBeSubjectOfBreach": result.category == "FINAL" and bool(result.value),
        "canBeSubjectOfVariation": result.category == "FINAL" and bool(result.value),
        "isAdjournmentResult": result.category == "INTERMEDIARY",
        "isAvailableForCourtExtract": True,
        "isConvictedResult": result.convicted,
        "isDeleted": change == "deleted",
        "isFinancialResult": result.value.startswith("£"),
        "isNewAmendment": change != "none",
        "publishedAsAPrompt": False,
        "publishedForNows": False,
        "rollUpPrompts": True,
        "terminatesOffenceProceedings": result.category == "FINAL",
    }


def _prompts(result: Result, value: str) -> list[Json]:
    if not value:
        return []
    return [
        {
            "courtExtract": "Y",
            "isFinancialImposition": value.startswith("£"),
            "judicialResultPromptTypeId": made_id("prompt type", result.prompt),
            "label": result.prompt,
            "promptReference": "".join(result.prompt.title().split()),
            "promptSequence": 100,
            "type": "CURR" if value.startswith("£") else "INT",
            "usergroups": [],
            "value": value,
        }
    ]
