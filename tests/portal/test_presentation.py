"""A product as a page shows it: formats, signals, the first sentence that is true, the order; hidden stays hidden."""

import csv
from collections.abc import Mapping, Sequence
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.distribute.rendering import ordered
from schakel.engine.hidden import Hidden
from schakel.lib import clock
from schakel.lib.text import spoken
from schakel.portal import picturing
from schakel.portal.charts import Chart
from schakel.portal.graphics import Multiples
from schakel.portal.pages.product import _cell as cell
from schakel.portal.pages.product import _different
from schakel.portal.presentation import ColumnSpec, Presented
from tests.engine.charts.reading import Sheet, read
from tests.kits import kit_files

CASES = Path(__file__).parents[1] / "cases" / "presentation_formats.csv"
WORDS = {"late": {"nl": "te laat", "en": "late"}}
READ: Mapping[str, Any] = {
    "int": int,
    "decimal": Decimal,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "text": str,
    "bool": lambda _text: True,
    "none": lambda _text: None,
}


def cases() -> list[dict[str, str]]:
    with CASES.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("case", cases(), ids=lambda c: f"{c['format']}-{c['value']}")
@pytest.mark.parametrize("language", ["nl", "en"])
def test_each_format(case: dict[str, str], language: str) -> None:
    column = ColumnSpec({"key": "x", "nl": "X", "format": case["format"], "words": WORDS})
    answer = Presented([column], [(READ[case["kind"]](case["value"]),)], ["x"])
    if language == "en" and case["kind"] in ("bool", "none"):
        pytest.skip("a word of the catalogue, tested there")
    with clock.held_at(date(2026, 11, 23)), spoken(language):
        assert answer.figure(answer.rows[0], column).text.replace("\xa0", " ") == case[language]


UNITS = {
    "share": {"nl": "Aandeel", "en": "Share", "unit": "%"},
    "money": {"nl": "Geld", "en": "Money", "unit": "EUR"},
    "ratio": {"nl": "Verhouding", "en": "Ratio", "unit": "ratio"},
    "count": {"nl": "Leerlingen", "en": "Pupils", "unit": "leerlingen"},
    "bare": {"nl": "Kaal", "en": "Bare"},
}


@pytest.mark.parametrize(
    ("about", "value", "text"),
    [
        ("share", 0.0204, "2,0%"),
        ("money", Decimal("1794311.4"), "€ 1.794.311"),
        ("ratio", 0.4, "0,40"),
        ("count", 23.5, "23,5"),
        ("count", 1000.0, "1.000"),
        ("bare", 0.25, "0,25"),
        ("unknown", 0.25, "0,25"),
        (None, 0.25, "0,25"),
        (Hidden(5), 0.25, "0,25"),
        ("share", None, "onbekend"),
        ("share", Hidden(5), "< 5"),
    ],
)
def test_a_figure_is_written_in_the_unit_of_what_its_row_is_about(about: Any, value: Any, text: str) -> None:
    columns = [ColumnSpec({"key": "indicator", "nl": "Indicator", "format": "state", "words": UNITS}),
               ColumnSpec({"key": "value", "nl": "Stand", "format": "figure"})]  # fmt: skip
    answer = Presented(columns, [(about, value)], ["indicator", "value"])
    assert answer.figure(answer.rows[0], columns[1]).text.replace("\xa0", " ") == text
    assert columns[1].number


def test_periods_to_choose_from_are_in_words_and_the_last_comes_first() -> None:
    columns = [
        ColumnSpec({"key": "period", "nl": "Periode", "format": "period"}),
        ColumnSpec({"key": "site", "nl": "School"}),
    ]
    rows = [("2026-02", "De Kiem"), ("2026-11", "'t Veerhuis"), ("2026-02", "'t Veerhuis"), ("2025-12", "De Kiem")]
    answer = Presented(columns, rows, ["period", "site"])
    assert _different(answer, columns[0]) == ["nov 2026", "feb 2026", "dec 2025"]
    assert _different(answer, columns[1]) == ["'t Veerhuis", "De Kiem"]
    assert [cell(answer, row, columns[0]).order for row in rows] == ["2026-02", "2026-11", "2026-02", "2025-12"]


RULES = [
    {"key": "report", "column": "hours", "at_least": 16, "tone": "bad", "nl": "Melden"},
    {"key": "near", "column": "hours", "at_least": 12, "tone": "warn", "nl": "Nadert"},
    {"key": "unknown", "column": "hours", "empty": True, "tone": "unk", "nl": "onbekend"},
    {"key": "none", "otherwise": True, "tone": "no", "nl": "geen signaal"},
]
FINDINGS = [
    {"when": "report", "one_nl": "één leerling: {top.name}", "many_nl": "{count} leerlingen melden"},
    {"when": "near", "one_nl": "{top.name} nadert", "many_nl": "{count} naderen"},
    {"when": "rows", "one_nl": "één rij", "many_nl": "{count} rijen"},
]
COLUMNS = [ColumnSpec({"key": k, "nl": k, "format": f}) for k, f in (("name", "text"), ("hours", "hours"))]


def made(rows: Sequence[tuple[Any, ...]], findings: Sequence[Mapping[str, Any]] = FINDINGS) -> Presented:
    return Presented(COLUMNS, rows, ["name", "hours"], {"rules": RULES}, findings)


@pytest.mark.parametrize(
    ("rows", "signals", "finding"),
    [
        ([("A", 17)], ["report"], "Eén leerling: A"),
        ([("A", 17), ("B", 16)], ["report", "report"], "Twee leerlingen melden"),
        ([("A", 12), ("B", None)], ["near", "unknown"], "A nadert"),
        ([(None, 12)], ["near"], "Eén rij"),
        ([(Hidden(5), 12)], ["near"], "Eén rij"),
        ([("A", Hidden(5))], ["none"], "Eén rij"),
        ([("A", 0)], ["none"], "Eén rij"),
        ([], [], ""),
    ],
)
def test_signals_and_the_first_true_sentence(rows: list[tuple[Any, ...]], signals: list[str], finding: str) -> None:
    answer = made(rows)
    assert answer.signal_of == signals
    assert answer.finding == finding


def test_a_hidden_figure_gives_no_signal_and_no_name_away() -> None:
    answer = made([(Hidden(5), Hidden(5))])
    assert answer.signal_of == ["none"]
    assert "<" not in answer.finding
    assert answer.figure(answer.rows[0], COLUMNS[1]).known == "hidden"


@given(
    st.lists(st.tuples(st.text(max_size=3), st.one_of(st.none(), st.integers(0, 9), st.just(Hidden(5)))), max_size=20)
)
def test_order_puts_unknown_and_hidden_last(rows: list[tuple[Any, ...]]) -> None:
    for sort in (["n"], ["-n"], ["-n", "t"], ["elders"]):
        found = ordered(rows, ["t", "n"], sort)
        assert sorted(map(repr, found)) == sorted(map(repr, rows))
        if sort != ["elders"]:
            known = [isinstance(n, int) for _t, n in found]
            assert known == sorted(known, reverse=True)


def test_a_column_that_is_empty_on_purpose_says_what_that_means() -> None:
    column = ColumnSpec({"key": "name", "nl": "School", "empty_nl": "hele stichting"})
    answer = Presented([column], [(None,)], ["name"])
    assert answer.figure((None,), column).text == "hele stichting"


def picture(kind: str, rows: Sequence[tuple[Any, ...]], names: Sequence[str], **spec: Any) -> Any:
    formats = {"week": "week", "month": "month", "x": "integer", "y": "integer", "rate": "percent"}
    columns = [ColumnSpec({"key": n, "nl": n, "format": formats.get(n, "text")}) for n in names]
    return picturing.picture({"kind": kind, **spec}, Presented(columns, rows, names), "Bevinding")


@pytest.mark.parametrize(
    ("kind", "values", "shown"),
    [
        ("decimal", [16.4, 60, 0.5], ["16,4", "60,0", "0,5"]),
        ("decimal", [Decimal("-0.1"), 0, -3.4], ["-0,10", "0,00", "-3,40"]),
        ("decimal", [16, 60.0, None], ["16", "60", "onbekend"]),
        ("hours", [7, 3.5, None], ["7,0", "3,5", "onbekend"]),
        ("hours", [7, 3], ["7", "3"]),
        ("decimal", [None, Hidden(5), 2.5], ["onbekend", "< 5", "2,50"]),
    ],
)
def test_the_figures_of_a_column_have_as_many_decimals(kind: str, values: list[Any], shown: list[str]) -> None:
    column = ColumnSpec({"key": "x", "nl": "X", "format": kind})
    answer = Presented([column], [(value,) for value in values], ["x"])
    assert [answer.figure(row, column).text for row in answer.rows] == shown


def test_in_a_sentence_a_figure_has_its_own_decimals() -> None:
    column = ColumnSpec({"key": "x", "nl": "X", "format": "hours"})
    sentence = [{"when": "rows", "one_nl": "Het is {top.x} uur", "many_nl": "Het is {top.x} uur"}]
    rows = [(0,), (3.5,), (None,)]
    assert Presented([column], rows, ["x"], {}, sentence).finding == "Het is 0 uur"
    assert Presented([column], rows[1:], ["x"], {}, sentence).finding == "Het is 3,5 uur"
    assert Presented([column], rows[2:], ["x"], {}, sentence).finding == ""


def key_of(rows: Sequence[tuple[Any, ...]]) -> list[tuple[str, str]]:
    """What the colours of the bars of these schools are said to mean."""
    rules = [
        {"key": "incomplete", "column": "groups", "below": 3, "tone": "unk", "nl": "Begroting onvolledig"},
        {"key": "over", "column": "rate", "above": 1.02, "tone": "bad", "nl": "Boven begroting"},
        {"key": "under", "column": "rate", "below": 0.98, "tone": "warn", "nl": "Onder begroting"},
        {"key": "none", "column": "rate", "at_least": 0.98, "tone": "ok", "nl": "binnen begroting"},
        {"key": "unknown", "otherwise": True, "tone": "unk", "nl": "niet te tonen"},
    ]
    names = ["school", "rate", "groups"]
    columns = [ColumnSpec({"key": n, "nl": n, "format": "percent" if n == "rate" else "text"}) for n in names]
    answer = Presented(columns, rows, names, {"rules": rules})
    drawn = picturing.picture({"kind": "bar", "x": "school", "y": "rate"}, answer, "Bevinding")
    assert isinstance(drawn, Chart)
    return list(drawn.key.items) if drawn.key else []


@pytest.mark.parametrize(
    ("rows", "key"),
    [
        ([("A", 1.0, 3), ("B", 0.9, 3)], [("close", "Onder begroting"), ("rest", "binnen begroting")]),
        ([("A", 1.1, 3), ("B", 1.0, 2)], [("bad", "Boven begroting"), ("rest", "Begroting onvolledig")]),
        (
            [("A", 1.0, 3), ("B", 1.0, 2), ("C", 0.9, 3)],
            [("close", "Onder begroting"), ("rest", "binnen begroting, Begroting onvolledig")],
        ),
        ([("A", 1.0, 3), ("B", 1.01, 3), ("C", None, 3)], []),
    ],
)
def test_the_colours_of_bars_mean_what_their_signals_say(
    rows: list[tuple[Any, ...]], key: list[tuple[str, str]]
) -> None:
    """Not what the first signal of that colour is called; and one colour alone needs no words."""
    assert key_of(rows) == key


def test_people_who_ask_for_attention_come_first_and_unknown_is_dashed() -> None:
    rows = [("Bakker", "Noor", None, 17), ("Smit", "Daan", "de", None), ("Jansen", "Lot", None, 0)]
    drawn = picture("strip", rows, ["family_name", "first_name", "name_prefix", "x"], x="x", label="family_name",
                    norm={"value": 16, "nl": "16 uur: melden"})  # fmt: skip
    assert isinstance(drawn, Chart)
    sheet = wide(drawn)
    assert [bar.attributes["fill"] for bar in sheet.of("bar")] == ["var(--c-close)"]
    assert sheet.one("hole").attributes["stroke-dasharray"] == "3,3"
    assert "Smit, Daan de" in sheet.words()
    assert "Jansen, Lot" not in sheet.words()
    assert "Bakker, Noor 17" in drawn.wide.label
    assert sheet.label == drawn.wide.label
    assert sheet.one("norm_words").text == "16 uur: melden"
    assert read(drawn.narrow.drawn()[0]).one("norm_words").text == "16 uur"


def wide(drawn: Any) -> Sheet:
    return read(drawn.wide.drawn()[0])


def test_a_hidden_figure_is_a_bar_that_says_verborgen() -> None:
    rows = [("A", 12), ("B", Hidden(5)), ("C", Hidden()), ("D", None)]
    sheet = wide(picture("bar", rows, ["group", "y"], x="group", y="y"))
    assert {shape.text for shape in sheet.of("open")} == {"verborgen, < 5", "verborgen", "onbekend"}
    fills = [hole.attributes["fill"] for hole in sheet.of("hole")]
    assert fills == ["var(--c-band)", "var(--c-band)", "var(--paper)"]


@pytest.mark.parametrize(("words", "edge"), [("hoogstens 5%", "left"), ("ten minste 5%", "right"), ("begroot", "")])
def test_the_side_of_a_norm_follows_from_its_words(words: str, edge: str) -> None:
    norm = {"value": 0.05, "nl": words, "en": "English"}
    sheet = wide(picture("bar", [("A", 0.1), ("B", 0.02)], ["group", "rate"], x="group", y="rate", norm=norm))
    norm_at = sheet.one("norm").at[0]
    sides = {"left": lambda box: box[2], "right": lambda box: box[0]}
    bands = sheet.of("band")
    assert [pytest.approx(sides[edge](band.box), abs=0.05) for band in bands] == ([norm_at] if edge else [])


def test_a_month_without_a_row_is_a_gap_and_said() -> None:
    rows = [(date(2026, m, 1), v) for m, v in ((9, 3), (11, 5), (10, None), (6, 2), (5, 1))]
    drawn = picture("line", rows, ["month", "y"], x="month", y="y")
    assert [len(piece) for piece in wide(drawn).one("line").pieces] == [2, 1, 1]
    assert "3 keer zonder cijfers" in drawn.measured
    assert "3 keer zonder cijfers" in drawn.wide.label
    assert {"mei 2026", "nov 2026"} <= wide(drawn).words().keys()


def test_a_share_is_drawn_in_percent_with_its_norm() -> None:
    norm = {"value": 0.05, "nl": "hoogstens 5%"}
    rows = [("2024", 0.1), ("2025", 0.02)]
    drawn = picture("line", rows, ["year", "rate"], x="year", y="rate", norm=norm)
    sheet = wide(drawn)
    assert {"10,0%", "7,5", "0", "2,0%", "hoogstens 5%"} <= sheet.words().keys()
    assert sheet.one("band").box[1] == pytest.approx(sheet.one("norm").at[1], abs=0.02)
    assert drawn.title == "De laatste stand is 2,0%"


def test_a_line_for_one_and_small_multiples_for_many() -> None:
    one = [(date(2026, 11, d), 3, "H3a") for d in (2, 9, 16)]
    drawn = picture("line", one, ["week", "y", "group"], x="week", y="y", series="group")
    assert isinstance(drawn, Chart)
    two = [*one, (date(2026, 11, 9), Hidden(5), "H3b")]
    drawn = picture("line", two, ["week", "y", "group"], x="week", y="y", series="group")
    assert isinstance(drawn, Multiples)
    assert [(item.name, item.kind) for item in drawn.items] == [("H3a", ""), ("H3b", "hid")]
    assert drawn.items[1].values is None
    assert (drawn.items[1].figure, drawn.items[1].line) == ("< 5", "Verborgen: te weinig mensen.")
    unknown = picture("line", [*one, (date(2026, 11, 9), None, "H3b")], ["week", "y", "group"], x="week", y="y",
                      series="group")  # fmt: skip
    assert (unknown.items[1].figure, unknown.items[1].line) == ("onbekend", "Er zijn nog geen cijfers.")


@pytest.mark.parametrize("kind", ["none", "strip", "bar", "line", "pie"])
def test_nothing_to_draw_is_no_drawing(kind: str) -> None:
    assert picture(kind, [], ["x", "y"], x="x", y="y") is None
    assert picture(kind, [(1, 2)], ["a", "b"], x="x", y="y") is None


PRODUCTS = kit_files.section("products")


@pytest.mark.parametrize("spec", PRODUCTS, ids=lambda p: p["key"])
def test_every_product_of_the_kit_can_be_shown_empty_unknown_and_hidden(spec: dict[str, Any]) -> None:
    names = [c["key"] for c in spec["columns"]]
    columns = [ColumnSpec({**c, "words": {}}) for c in spec["columns"]]
    for rows in ([], [(None,) * len(names)], [(Hidden(5),) * len(names)] * 2):
        answer = Presented(columns, rows, names, spec.get("signals") or {}, spec["finding"])
        picturing.picture(spec["chart"], answer, answer.finding)
        assert rows or not answer.finding  # without a true sentence the page is called by the name of the product
        assert "{" not in answer.finding
