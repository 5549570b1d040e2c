"""Numbers as files write them: the reader of a file and the look at it agree on what is one, and nothing is guessed."""

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schakel.collect.number_forms import HOURS, MONEY, PERCENTAGE, SHARE, NumberForm, bare, is_in_unit

FORMS = [NumberForm(sign, unit) for sign in ",." for unit in ("", HOURS, MONEY, PERCENTAGE, SHARE)]


def read(form: NumberForm, text: str) -> float | None:
    """What is kept of a text, and that a text without a number is one that breaks the rule."""
    sql = f"SELECT {form.value('c')}, {form.unlike('c')} FROM (SELECT CAST(? AS VARCHAR) AS c)"
    with duckdb.connect() as con:
        value, wrong = con.execute(sql, [text]).fetchone() or (None, None)
    assert wrong is (value is None), text
    return None if value is None else float(value)


@pytest.mark.parametrize(
    ("form", "text", "value"),
    [
        (NumberForm(","), "1.234,5", 1234.5),
        (NumberForm(","), "-0,5", -0.5),
        (NumberForm(","), "1.5", None),
        (NumberForm(","), "0.500", None),  # half of one, with another sign, and no thousand
        (NumberForm(","), "-0.500", None),
        (NumberForm(","), "0,500", 0.5),
        (NumberForm(",", MONEY), "€ 0.500,-", None),
        (NumberForm(",", PERCENTAGE), "0.875%", None),
        (NumberForm(","), "80%", None),
        (NumberForm(","), "€ 12", None),
        (NumberForm(","), "5:30", None),
        (NumberForm("."), "1.5e2", 150.0),
        (NumberForm("."), "1,5", None),
        (NumberForm(",", MONEY), "€ 1.234,50", 1234.5),
        (NumberForm(",", MONEY), "€\u00a01.234,50", 1234.5),
        (NumberForm(",", MONEY), "€1234,5", 1234.5),
        (NumberForm(",", MONEY), "-€ 12", -12.0),
        (NumberForm(",", MONEY), "€ -12,00", -12.0),
        (NumberForm(",", MONEY), "€ 12,50-", -12.5),
        (NumberForm(",", MONEY), "12,50-", -12.5),
        (NumberForm(",", MONEY), "12 EUR", 12.0),
        (NumberForm(",", MONEY), "€ 12,-", 12.0),
        (NumberForm(",", MONEY), "-€ 1.234,--", -1234.0),
        (NumberForm(",", MONEY), "12,-", 12.0),
        (NumberForm(",", MONEY), "€ -12,-", -12.0),
        (NumberForm(",", MONEY), "12,- €", 12.0),
        (NumberForm(",", MONEY), "12,---", None),
        (NumberForm(",", MONEY), "12,5,-", None),
        (NumberForm(","), "12,-", None),
        (NumberForm(".", MONEY), "12,-", None),
        (NumberForm(",", MONEY), "1.234,5", 1234.5),
        (NumberForm(",", MONEY), "-€-5", None),
        (NumberForm(",", MONEY), "-€ 5-", None),
        (NumberForm(",", MONEY), "€", None),
        (NumberForm(",", MONEY), "€ -", 0.0),
        (NumberForm(".", MONEY), "EUR\u00a0-", 0.0),
        (NumberForm(",", MONEY), "-", None),
        (NumberForm(",", MONEY), "- €", None),
        (NumberForm(",", MONEY), "€ --", None),
        (NumberForm(","), "€ -", None),
        (NumberForm(",", MONEY), "$ 5", None),
        (NumberForm(",", MONEY), "80%", None),
        (NumberForm(".", MONEY), "€ 1234.50", 1234.5),
        (NumberForm(",", PERCENTAGE), "80%", 80.0),
        (NumberForm(",", PERCENTAGE), "12,5 %", 12.5),
        (NumberForm(",", PERCENTAGE), "50", 50.0),
        (NumberForm(",", SHARE), "80,5 %", 0.805),
        (NumberForm(".", SHARE), "0.8", 0.8),
        (NumberForm(".", SHARE), "80", 80.0),
        (NumberForm(",", PERCENTAGE), "%", None),
        (NumberForm(",", PERCENTAGE), "5%%", None),
        (NumberForm(",", HOURS), "5:30", 5.5),
        (NumberForm(",", HOURS), "05:45:36", 5.76),
        (NumberForm(",", HOURS), "0:20", 20 / 60),
        (NumberForm(",", HOURS), "5,5", 5.5),
        (NumberForm(",", HOURS), "5:75", None),
        (NumberForm(",", HOURS), "5:5", None),
        (NumberForm(",", HOURS), ":30", None),
    ],
)
def test_a_number_is_read_as_it_is_written_and_anything_else_is_none(
    form: NumberForm, text: str, value: float | None
) -> None:
    assert read(form, text) == (value if value is None else pytest.approx(value))
    assert form.is_one(text) is (value is not None)


@settings(max_examples=60)
@given(st.sampled_from(FORMS), st.text(alphabet="0123456789.,:-+ €%\u00a0eEUR", max_size=9))
def test_the_look_at_a_file_and_its_reader_agree(form: NumberForm, text: str) -> None:
    assert form.is_one(text) is (read(form, text) is not None)


@settings(max_examples=60)
@given(st.sampled_from(FORMS), st.floats(-1e6, 1e6).map(lambda number: round(number, 2)))
def test_every_way_to_write_a_number_gives_it_back(form: NumberForm, number: float) -> None:
    plain = f"{abs(number):.2f}".replace(".", form.decimal)
    sign = "-" if number < 0 else ""
    ways = {f"{sign}{plain}"}
    if form.unit == MONEY:
        ways |= {f"{sign}€ {plain}", f"€ {sign}{plain}", f"{sign}{plain} EUR", f"€ {plain}{sign}"}
    if form.unit == PERCENTAGE:
        ways |= {f"{sign}{plain}%", f"{sign}{plain} %"}
    for way in ways:
        assert read(form, way) == pytest.approx(number), way


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("€ 1.234,50", "1.234,50"),
        ("€ -5,00", "-5,00"),
        ("12 %", "12"),
        ("12,50-", "12,50"),
        ("€ 12,-", "12"),
        ("€ -", "0"),
        ("-", "-"),
        ("5", "5"),
        ("R. €", "R. €"),
    ],
)
def test_the_number_within_tells_how_decimals_are_written(text: str, number: str) -> None:
    assert bare(text) == number


def test_a_text_may_be_of_one_unit_and_not_of_another() -> None:
    assert [unit for unit in (HOURS, MONEY, PERCENTAGE) if is_in_unit("80%", unit)] == [PERCENTAGE]
    assert [unit for unit in (HOURS, MONEY, PERCENTAGE) if is_in_unit("1.5", unit)] == [HOURS, MONEY, PERCENTAGE]
