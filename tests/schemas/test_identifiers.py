"""What holds for every kind of identifier."""

import pickle
import string
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.identifiers import InvalidIdentifierError, cro, nhs_number, pnc, postcode, uln, upn

TODAY = date(2026, 3, 1)


@dataclass(frozen=True)
class Kind:
    name: str
    canonical: Callable[[pl.Expr], pl.Expr]
    parse: Callable[[str], str]
    nearly: str  # a pattern of texts that have the form, whatever their check character


KINDS = [
    Kind("NHS number", nhs_number.canonical, nhs_number.parse, r"[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}"),
    Kind("UPN", upn.canonical, upn.parse, r"[A-HJ-NP-Ra-h][0-9]{11}[0-9A-HJ-NP-R]"),
    Kind("ULN", uln.canonical, uln.parse, r"[0-9]{10}"),
    Kind(
        "PNC id",
        lambda text: pnc.canonical(text, today=TODAY),
        lambda text: pnc.parse(text, today=TODAY),
        r"((19|20)?[0-9]{2})/?[0-9]{1,7}[A-Za-z]",
    ),
    Kind("CRO number", cro.canonical, cro.parse, r"(SF[0-9]{2}/[0-9]{1,6}|[0-9]{1,6}/[0-9]{2})[A-Z]"),
    Kind("postcode", postcode.canonical, postcode.parse, r"[A-Za-z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Za-z]{2}"),
]
each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


def column(texts: Iterable[str | None], reading: Callable[[pl.Expr], pl.Expr]) -> list[str | None]:
    return (
        pl.DataFrame({"text": texts}, schema={"text": pl.String})
        .select(reading(pl.col("text")))
        .to_series()
        .to_list()
    )


def one(text: str | None, reading: Callable[[pl.Expr], pl.Expr]) -> str | None:
    return column([text], reading)[0]


@each_kind
@pytest.mark.parametrize("blank", [None, "", " ", "\t\n", "\u00a0"], ids=repr)
def test_nothing_is_no_identifier(kind, blank):
    assert one(blank, kind.canonical) is None


@each_kind
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_text_is_refused_or_put_in_a_form_that_stays(kind, data):
    texts = data.draw(st.lists(st.one_of(st.text(), st.from_regex(kind.nearly, fullmatch=True)), max_size=40))
    forms = column(texts, kind.canonical)
    assert column(forms, kind.canonical) == forms


@each_kind
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_column_says_what_its_cells_say_one_by_one(kind, data):
    texts = data.draw(st.lists(st.one_of(st.text(), st.from_regex(kind.nearly, fullmatch=True)), max_size=12))
    assert column(texts, kind.canonical) == [parsed_or_none(kind, text) for text in texts]


def parsed_or_none(kind: Kind, text: str) -> str | None:
    try:
        return kind.parse(text)
    except InvalidIdentifierError:
        return None


@each_kind
def test_a_refusal_names_the_kind_and_the_form_and_never_the_text(kind):
    with pytest.raises(InvalidIdentifierError) as refused:
        kind.parse("Jo Blogs 4040")
    message = str(refused.value)
    assert refused.value.kind in message
    assert refused.value.looks_like in message
    assert not {"Jo", "Blogs", "4040"} & set(message.split())
    assert str(pickle.loads(pickle.dumps(refused.value))) == message  # noqa: S301 - our own bytes


@each_kind
def test_the_column_keeps_its_name(kind):
    frame = pl.DataFrame({"theirs": ["x"], "also": ["y"]})
    assert frame.select(kind.canonical(pl.col("theirs"))).columns == ["theirs"]
    assert kind.canonical(pl.col("theirs")).meta.output_name() == "theirs"
    assert set(kind.canonical(pl.col("theirs")).meta.root_names()) == {"theirs"}


VALID = {
    "NHS number": "9434765919",
    "UPN": "H801200001001",
    "ULN": "1000000043",
    "PNC id": "2002/0073319Z",
    "CRO number": "065656/91H",
    "postcode": "SW1A 1AA",
}


@each_kind
def test_a_lazy_and_a_streamed_query_read_the_same(kind):
    texts = [VALID[kind.name], "nonsense", None]
    query = pl.LazyFrame({"text": texts}, schema={"text": pl.String}).select(kind.canonical(pl.col("text")))
    expected = [VALID[kind.name], None, None]
    assert query.collect().to_series().to_list() == expected
    assert query.collect(engine="streaming").to_series().to_list() == expected


@each_kind
@pytest.mark.parametrize(
    ("first_digit", "reason"),
    [
        (0xFF10, "full-width"),
        (0x0660, "Arabic-Indic"),
        (0x06F0, "Persian"),
        (0x0966, "Devanagari"),
        (0x1D7CE, "mathematical bold"),
    ],
)
def test_only_ascii_digits_are_digits(kind, first_digit, reason):
    valid = VALID[kind.name]
    others = str.maketrans({str(digit): chr(first_digit + digit) for digit in range(10)})
    assert one(valid, kind.canonical) == valid
    assert one(valid.translate(others), kind.canonical) is None, reason


@each_kind
def test_case_and_spaces_are_for_the_eye(kind):
    valid = VALID[kind.name]
    spaced = f"  {' '.join(valid.replace(' ', '').lower())} \n"
    assert one(spaced, kind.canonical) == valid


@each_kind
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_text_before_or_after_makes_it_another_text(kind, data):
    valid = VALID[kind.name]
    more = data.draw(st.text(string.ascii_uppercase + string.digits + "./", min_size=1, max_size=3))
    around = data.draw(st.sampled_from([more + "#" + valid, valid + "#" + more, valid + "\x00"]))
    assert one(around, kind.canonical) is None
