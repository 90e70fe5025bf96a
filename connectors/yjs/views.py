"""The case system's reporting views, and their columns: those of the Youth Justice Board's case-level data.

One row for each child, return and item. The same item comes in several returns, and the latest return wins.
"""

from __future__ import annotations

from dataclasses import dataclass

HEADER = (
    "ypid",
    "currentyotid",
    "source_return_id",
    "return_start_date",
    "return_end_date",
    "signoff_date",
    "deleted",
    "cmssystem",
    "cmsextractversion",
)
# Names and addresses are the case system's own: the national return has none.
PERSON = (
    "familyName",
    "givenNames",
    "pncnumber",
    "nhsNumber",
    "upn",
    "dateOfBirth",
    "sex",
    "ethnicity",
    "addressLine1",
    "addressLine2",
    "town",
    "postcode",
)
# In this order the latest return comes last.
LATEST_LAST = ("return_start_date", "return_end_date", "signoff_date", "source_return_id")

CONCERNS = {
    "mental_health": ("concernsMentalHealth",),
    "substance_misuse": ("concernsSubstanceMisuse",),
    "speech_language": ("concernsSpeechLanguageCommunication",),
    "education": ("concernsLearningAndETE",),
    "safeguarding": ("concernsSafetyWellbeing",),
    # Spelt as published.
    "exploitation": (
        "atRiskOfSexualExplotation",
        "vulnerableToCriminalExploitation",
        "countyLinesActivity",
        "gangAssociation",
        "referredNationalReferralMechanismOrOther",
    ),
}

# Beside a view's own columns: whether the child is on the list of the deleted.
LISTED = "on_deleted_list"
# The last column has no cells: its name says when the view was read.
READ_AT = "read_at "


@dataclass(frozen=True)
class View:
    """One view: its item columns, and how many records each of its rows makes."""

    feed: str
    item: tuple[str, ...]
    records_in_a_row: int = 1

    @property
    def columns(self) -> tuple[str, ...]:
        return (*HEADER, *PERSON, *self.item)


PROGRESS = View(
    "progress",
    (
        "caseID",
        "fromPartner",
        "sourceReference",
        "acceptedOn",
        "assessedOn",
        "panelRecommendation",
        "recommendedOn",
        "engagement",
        "startedOn",
        "endedOn",
        "completed",
        "declinedOn",
        "declinedReason",
    ),
)
REFERRALS = View(
    "referrals",
    (
        "referralID",
        "need",
        "service",
        "urgency",
        "consentGivenBy",
        "noConsentReason",
        "parentsTold",
        "parentsNotToldReason",
        "concern",
        "assessmentFactors",
        "phonedAt",
        "onOrder",
        "weeklyHoursAttended",
        "gpPractice",
        "school",
        "riskMarkers",
        "childView",
        "childViewWords",
        "parentsView",
        "diversityNeeds",
        "safeContact",
        "worker",
        "kpi4MHDateScreened",
        "kpi4MHDateReferred",
        "kpi5SMDateScreened",
        "kpi5SMDateReferred",
        "dateScreened",
        "dateReferred",
    ),
)
ASSESSMENTS = View(
    "assessments",
    (
        "assessmentID",
        "date",
        "stage",
        "assessmentStatus",
        "roshjudgement",
        "safetyWellbeingJudgement",
        *(column for columns in CONCERNS.values() for column in columns),
    ),
    records_in_a_row=len(CONCERNS),
)
ORDERS = View(
    "orders",
    (
        "interventionProgrammeID",
        "startDate",
        "endDate",
        "disposalType",
        "cmsdisposalType",
        "kpi6SuccessfullyCompleted",
    ),
)
