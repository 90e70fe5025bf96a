"""What the templates of each transport say in words: one row for each that a connector can begin with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Found:
    """A rule that the partner's own client finds of whole messages."""

    number: str
    sentence: str
    why: str
    fix: str
    dimension: str


@dataclass(frozen=True)
class Pulled:
    """What they send: the sets of templates that make it, and its words. `agreed` are fields of ours."""

    feed: str
    feed_words: str
    agreed: tuple[str, ...]
    identifiers: tuple[tuple[str, str], ...]
    sets: tuple[str, ...] = ()
    oddities: tuple[tuple[str, str], ...] = ()


REQUESTS = Pulled(
    "requests",
    "Children for whom they ask for help",
    agreed=(
        "reference",
        "version_at",
        "is_deleted",
        "need",
        "reason_as_sent",
        "lawful_basis",
        "person_reference",
        "family_name",
        "given_names",
        "born_on",
    ),
    identifiers=(("id", "one request, the same in all its versions"),),
    sets=("requests",),
    oddities=(("an unknown code in `help`", "the value is set aside and asked about; the record goes on"),),
)


@dataclass(frozen=True)
class Transport:
    name: str
    transport_words: str
    answer_words: str
    sample: str
    pulled: Pulled = REQUESTS
    # Sets of templates that it has in common with others.
    shares: tuple[str, ...] = ()
    # The end of the variable that says where they are reached: their line can be in a mood there.
    door: str = ""
    speaks_http: bool = False
    # Whether they keep what they sent until we say that it is ours.
    taken: bool = False
    oddities: tuple[tuple[str, str], ...] = ()
    found: tuple[Found, ...] = ()

    @property
    def sets(self) -> tuple[str, ...]:
        """Of templates. What stands in a later one is taken instead."""
        return ("common", *self.pulled.sets, *self.shares, self.name)

    @property
    def words(self) -> Mapping[str, Any]:
        """What the templates name."""
        return {
            **vars(self),
            **vars(self.pulled),
            "oddities": (*self.pulled.oddities, *self.oddities),
        }


REST = Transport(
    "rest",
    "HTTP and JSON, with a key of ours; a listing in pages of what changed",
    "a receipt for each message at once, and their decision the day after",
    "requests.json",
    shares=("http",),
    door="BASE_URL",
    speaks_http=True,
    oddities=(("fewer records than they say", "told, and asked for again from the same place"),),
    found=(
        Found(
            "R01",
            "A listing holds as many requests as it says.",
            "Children may be missing, and nobody would know which.",
            "List the missing requests; they are asked for again with the next run.",
            "COMPLETENESS",
        ),
    ),
)
SFTP = Transport(
    "sftp",
    "SFTP with a password and an agreed host key; CSV files with manifests, and a JSON file for each message",
    "a file of the same name, with the next run",
    "requests.csv",
    shares=("csv",),
    door="PORT",
    oddities=(("a manifest without its file", "told, and fetched as soon as it is there"),),
    found=(
        Found(
            "R01",
            "A manifest can be read.",
            "Without it nobody can tell whether the file is whole, so no child in it is known to us.",
            "Write the manifest again, with the checksum and the number of rows.",
            "VALIDITY",
        ),
        Found(
            "R02",
            "The file that a manifest announces is in the folder.",
            "The children in it are unknown to us until it comes.",
            "Put the file into the folder; it is fetched with the next run.",
            "COMPLETENESS",
        ),
    ),
)
SQL = Transport(
    "sql",
    "SQL: a view of theirs that is read whole, and a table of theirs into which we write",
    "in the row of the message, once they have looked",
    "requests.csv",
    shares=("csv",),
    oddities=(("nothing in the view, where there was something", "told, and read again with the next run"),),
    found=(
        Found(
            "R01",
            "The view shows the requests that are open.",
            "An empty view may be one whose rights were lost: the children in it would be forgotten.",
            "Ask whether the view or our rights were changed, and give it back.",
            "COMPLETENESS",
        ),
    ),
)
ANSWERS = Pulled(
    "answers",
    "What they answer to our referrals",
    agreed=(
        "reference",
        "referral_from",
        "referral_reference",
        "version_at",
        "is_deleted",
        "state",
        "state_on",
        "reason",
        "attended_start_on",
        "attended_end_on",
        "lawful_basis",
        "person_reference",
    ),
    identifiers=(("Our reference", "one referral of ours in the version that they got"),),
    oddities=(
        ("a word in the sheet that is none of the form's", "the answer is held and asked about"),
        ("a sheet with other columns than ours", "told, and left in the inbox for a person"),
        ("a letter of ours that came twice", "it is one: both have the same Message-ID"),
    ),
)
MAIL = Transport(
    "mail",
    "secure mail: our referral as a form, in a PDF and a workbook",
    "the workbook's answer sheet, filled in, by return of mail",
    "answers.csv",
    pulled=ANSWERS,
    door="IMAP_PORT",
    taken=True,
)
MESH = Transport(
    "mesh",
    "MESH, a mailbox with a certificate of ours; CSV files in, a JSON message for each of ours out",
    "MESH's own: they collected it, or it was given up after five days",
    "requests.csv",
    shares=("csv",),
    door="URL",
    taken=True,
    oddities=(("a message of a kind that is not agreed", "left in the mailbox; `hub check` counts them"),),
)
FHIR = Transport(
    "fhir",
    "FHIR R4 over HTTP, with a key of ours; a search in pages of what changed, and transactions of ours",
    "at once that they have it, and their decision as a Task",
    "requests.json",
    shares=("http",),
    door="BASE_URL",
    speaks_http=True,
    oddities=(
        ("fewer resources than they count", "an error, and read again with the next run"),
        ("a place in a resource that is not in the table", "dropped and told of"),
    ),
)
TRANSPORTS: Mapping[str, Transport] = {one.name: one for one in (REST, SFTP, SQL, MAIL, MESH, FHIR)}
