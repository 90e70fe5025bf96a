"""The hub's own rules, which its readers and translation tables find by themselves: their words, for people.

They hold for every partner, so the fix speaks of "your system" and the owner is whoever sends.
"""

from __future__ import annotations

from quality.rules import Dimension, MessageConsequence, RuleWords
from schemas.hops import Consequence

SENDER = "sender's data lead"

REJECT_MESSAGE = MessageConsequence.REJECT_MESSAGE

MESSAGES = (
    RuleWords(
        "HUB-R01",
        MessageConsequence.COUNT_ONCE,
        "A message comes once.",
        why="Nothing happens to the child: what is here already is counted, and not taken on a second time.",
        fix="Nothing to do, if it was sent again on purpose. If it happens every night, look whether your "
        "export moves on after a success.",
        owner=SENDER,
        dimension=Dimension.UNIQUENESS,
    ),
    RuleWords(
        "HUB-R02",
        REJECT_MESSAGE,
        "All agreed columns are there, under their agreed names.",
        why="What stood in a missing column would be lost without a word, so no child in the message is "
        "taken on until it is back.",
        fix="Put the column back under its agreed name and send the message again. If the change is meant, "
        "agree it with our data desk before it is sent.",
        owner=SENDER,
        dimension=Dimension.COMPLETENESS,
    ),
    RuleWords(
        "HUB-R03",
        Consequence.WARN,
        "Only agreed columns are sent.",
        why="What nobody agreed to share was dropped unread and not stored. It may be about somebody who "
        "never knew of it, a victim perhaps.",
        fix="Take the column out of the export. If it is needed, agree it first: what it is for, and what "
        "in law allows it.",
        owner=SENDER,
        dimension=Dimension.VALIDITY,
    ),
    RuleWords(
        "HUB-R04",
        REJECT_MESSAGE,
        "A file holds as many rows as its manifest says.",
        why="Children may be missing from it. Taken as it is, nobody would ever know which.",
        fix="Send file and manifest again. If it happens often, let the manifest be written after the file "
        "is closed. We look for it every night.",
        owner=SENDER,
        dimension=Dimension.COMPLETENESS,
    ),
    RuleWords(
        "HUB-R05",
        REJECT_MESSAGE,
        "A file is the one that its manifest describes: the checksums agree.",
        why="It was cut or changed on the way. What it says of a child may not be what you wrote.",
        fix="Send file and manifest again. Write the checksum from the finished file, and change nothing "
        "after.",
        owner=SENDER,
        dimension=Dimension.ACCURACY,
    ),
    RuleWords(
        "HUB-R06",
        REJECT_MESSAGE,
        "A CSV file can be read to its end.",
        why="After an unclosed quote or a broken line, one child's cells may be read as another's.",
        fix="Let the export set quotes in pairs and end each row with a line feed; a library for CSV does "
        "so by itself. Then send the file again.",
        owner=SENDER,
        dimension=Dimension.VALIDITY,
    ),
    RuleWords(
        "HUB-R07",
        REJECT_MESSAGE,
        "A file is written in UTF-8.",
        why="In another encoding names come out as other names, and children are not found again.",
        fix="Choose UTF-8 where your system asks how to save, not Unicode or UTF-16. Then send the file "
        "again.",
        owner=SENDER,
        dimension=Dimension.VALIDITY,
    ),
    RuleWords(
        "HUB-R08",
        REJECT_MESSAGE,
        "A file holds records, not a web page.",
        why="The records never left your system, so none of the children in them are known to us.",
        fix="Most often the export ran into its own sign-in page. Renew its password or certificate, and "
        "send the file again.",
        owner=SENDER,
        dimension=Dimension.VALIDITY,
    ),
    RuleWords(
        "HUB-R09",
        REJECT_MESSAGE,
        "A file is never quite empty: a day without records still has its header.",
        why="An empty file may mean that nobody was referred, or that everybody was lost. We cannot tell "
        "which.",
        fix="Look whether the export failed, and send the file again. On a day without records, send the "
        "header alone.",
        owner=SENDER,
        dimension=Dimension.COMPLETENESS,
    ),
    RuleWords(
        "HUB-R10",
        REJECT_MESSAGE,
        "Every column has a name, and each name stands once.",
        why="Of two columns with one name, the wrong one may be read: another person's name, or another "
        "date.",
        fix="Send the agreed header, and the file again with it.",
        owner=SENDER,
        dimension=Dimension.VALIDITY,
    ),
    RuleWords(
        "HUB-R12",
        REJECT_MESSAGE,
        "In a message, nothing is said twice in two ways.",
        why="One of the two is wrong, and programs differ in which they believe.",
        fix="Let the system that writes the message set each name once, and send it again.",
        owner=SENDER,
        dimension=Dimension.CONSISTENCY,
    ),
    RuleWords(
        "HUB-R13",
        REJECT_MESSAGE,
        "A message is no more nested than the agreed ones.",
        why="It is no message that we know, and may be made to bring the hub down for everybody.",
        fix="Look what was sent, and from where. Tell our data desk, also if you did not send it.",
        owner=SENDER,
        dimension=Dimension.VALIDITY,
    ),
    RuleWords(
        "HUB-R14",
        REJECT_MESSAGE,
        "A message is whole, and sound from its beginning to its end.",
        why="What a broken message says of a child cannot be trusted, so nothing of it is taken on until it "
        "comes again.",
        fix="Send the message again. If it fails again, look whether it is cut on the way, and whether it is "
        "written as UTF-8.",
        owner=SENDER,
        dimension=Dimension.VALIDITY,
    ),
    RuleWords(
        "HUB-R15",
        REJECT_MESSAGE,
        "Where all that there is comes every night, something comes.",
        why="An export that lost its rights or its filter, or a question put in the wrong place, looks like "
        "a night without children. What changes in their lives would pass us by.",
        fix="Look whether the export still sees the children. If there is truly nobody left, tell our data "
        "desk; nothing is lost, because nothing came.",
        owner=SENDER,
        dimension=Dimension.COMPLETENESS,
    ),
    RuleWords(
        "HUB-R20",
        REJECT_MESSAGE,
        "A message is no larger than agreed, packed or unpacked.",
        why="What is larger may be made to bring the hub down for everybody, so it was not read to its end "
        "and no child in it is taken on.",
        fix="Divide it and send the parts. If your messages are meant to be so large, agree it with our data "
        "desk first.",
        owner=SENDER,
        dimension=Dimension.VALIDITY,
    ),
    RuleWords(
        "HUB-R21",
        REJECT_MESSAGE,
        "A message comes whole, with all its parts.",
        why="Of a message that ends in the middle nobody knows which children are missing from it.",
        fix="Send the message again. If it happens often, look whether your system packs it before or after "
        "it is cut into parts, and ends each of them.",
        owner=SENDER,
        dimension=Dimension.COMPLETENESS,
    ),
    RuleWords(
        "HUB-L01",
        REJECT_MESSAGE,
        "A letter comes from an address that may answer, and our mail server could prove it.",
        why="Anybody can write a letter in your name. Believed, it could close a child's referral at which "
        "nobody has looked.",
        fix="Answer from the mailbox that was agreed. If you have a new one, or if a letter of yours was not "
        "believed, ring our data desk.",
        owner=SENDER,
        dimension=Dimension.VALIDITY,
    ),
    RuleWords(
        "HUB-L02",
        REJECT_MESSAGE,
        "What is enclosed in a letter is a plain workbook or CSV, and no larger than an answer is.",
        why="Macros, locked files and files within files are how harm travels by mail. They are not opened, "
        "and what they say of a child is not read.",
        fix="Answer in the sheet that was sent to you, save it as .xlsx without a password, and enclose it "
        "alone.",
        owner=SENDER,
        dimension=Dimension.VALIDITY,
    ),
    RuleWords(
        "HUB-L03",
        REJECT_MESSAGE,
        "An answer by mail is one answer sheet, with the columns it was sent with.",
        why="What is typed in a letter could be misread, and of two sheets nobody knows which holds. A "
        "person reads it, and the child waits for as long as that takes.",
        fix="Answer in the sheet that was sent to you, and enclose it once. Leave its columns as they are.",
        owner=SENDER,
        dimension=Dimension.VALIDITY,
    ),
)

RECORDS = (
    RuleWords(
        "HUB-R11",
        Consequence.HOLD_ROW,
        "Every row can be read: as many cells as the header, and all of it text.",
        why="In a row with a cell too many, everything after it belongs to the wrong column. The child "
        "waits until a person has looked.",
        fix="Set quotes around cells that hold a comma, and save as UTF-8. The row comes right with the "
        "next file.",
        owner=SENDER,
        dimension=Dimension.VALIDITY,
    ),
    RuleWords(
        "HUB-S01",
        Consequence.WARN,
        "Only what the sharing agreement covers is sent.",
        why="We know this column, and the agreement in force does not list what it is for. It was dropped "
        "unread and not stored.",
        fix="Take the column out of the export, or agree the field with our data desk; it is read from the "
        "day the agreement lists it.",
        owner=SENDER,
        dimension=Dimension.VALIDITY,
    ),
    RuleWords(
        "HUB-T01",
        Consequence.SET_ASIDE,
        "A cell can be read as what was agreed: a date as a date, an identifier with the right check letter.",
        why="A misread date or number is worse for a child than none, so it is left out and the rest goes "
        "on.",
        fix="Correct the cell in your system. If a whole column is so, look whether its format was changed.",
        owner=SENDER,
        dimension=Dimension.VALIDITY,
    ),
    RuleWords(
        "HUB-T02",
        Consequence.SET_ASIDE,
        "A code is one of those agreed.",
        why="We do not guess what a new code means: guessed wrongly, a child is offered the wrong thing. "
        "The rest of the record goes on.",
        fix="If it is a slip, correct it. If it is a new code, tell our data desk what it means; from then "
        "on it is read.",
        owner=SENDER,
        dimension=Dimension.VALIDITY,
    ),
    RuleWords(
        "HUB-T03",
        Consequence.HOLD_ROW,
        "What every record must have is there, and can be read.",
        why="Without your reference, later news cannot be put to this record, and an answer cannot be sent.",
        fix="Fill it in and send the record again; it takes the place of the one that waits.",
        owner=SENDER,
        dimension=Dimension.COMPLETENESS,
    ),
    RuleWords(
        "HUB-T05",
        Consequence.REJECT_BATCH,
        "Of each column, at least four rows in five can be read.",
        why="When so many fail at once a column has been swapped or changed, and what still reads may be "
        "wrong for every child in the file.",
        fix="Compare the export with the last good one, column by column. Put it back, and send the file "
        "again.",
        owner=SENDER,
        dimension=Dimension.VALIDITY,
    ),
)

ANSWERS = (
    RuleWords(
        "HUB-A01",
        Consequence.WARN,
        "An answer is to something that we sent.",
        why="An answer about a child may have gone to the wrong place, or a file of ours was moved away "
        "before it was answered. Whoever was meant still waits.",
        fix="Look which file the answer names. If it is ours, put our file and its manifest back; if not, "
        "remove the answer, and tell our data desk whose it is.",
        owner=SENDER,
        dimension=Dimension.CONSISTENCY,
    ),
)

HUB_RULES: tuple[RuleWords, ...] = MESSAGES + RECORDS + ANSWERS
