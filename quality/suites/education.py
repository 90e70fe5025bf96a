"""What schools promise of what they list, and what the YJS promises of its referrals."""

from __future__ import annotations

from quality.rules import Dimension, MessageConsequence, RuleWords, Suite
from quality.suites import education_pupils as pupils
from quality.suites import education_referrals as referrals
from quality.suites.education_pupils import DATA_LEAD
from schemas.hops import Hop

FOUND_BY_THE_CLIENT = (
    RuleWords(
        "EDU-R01",
        MessageConsequence.REJECT_MESSAGE,
        "The manifest beside a file can be read.",
        why="We cannot tell whether the file is whole, so nothing in it is used tonight.",
        fix="Write the manifest again as agreed, after the file. We look for it every night.",
        owner=DATA_LEAD,
        dimension=Dimension.VALIDITY,
    ),
    RuleWords(
        "EDU-R02",
        MessageConsequence.REJECT_MESSAGE,
        "A file that a manifest names is in the folder.",
        why="What is new about the pupils in it is not known until it comes.",
        fix="Put the file in the folder, under the name in the manifest. We look for it every night.",
        owner=DATA_LEAD,
        dimension=Dimension.COMPLETENESS,
    ),
    RuleWords(
        "EDU-R03",
        MessageConsequence.REJECT_MESSAGE,
        "A list has as many records as it says.",
        why="Pupils are missing from it, and nobody knows which.",
        fix="Look whether a school's export broke off. We read all of it again the next night.",
        owner=DATA_LEAD,
        dimension=Dimension.COMPLETENESS,
    ),
)

suite = Suite(
    "education",
    {
        "prevention": {Hop.TRANSLATED: referrals.PREVENTION},
        "updates": {Hop.TRANSLATED: referrals.UPDATES},
        "enrolments": {Hop.TRANSLATED: pupils.ENROLMENTS},
        "attendance": {Hop.TRANSLATED: pupils.ATTENDANCE},
        "suspensions": {Hop.TRANSLATED: pupils.SUSPENSIONS},
        "needs": {Hop.TRANSLATED: pupils.NEEDS},
        "referrals": {Hop.OUTGOING: referrals.OUTGOING, Hop.ACKNOWLEDGED: referrals.ACKNOWLEDGED},
    },
    found_in_messages=FOUND_BY_THE_CLIENT,
)
