"""Charts of a page: numbers in the language of the page, two drawings, words instead of a drawing that failed."""

import re
from typing import Any

import pytest
from django.template import Context, Template
from django.utils.safestring import SafeString
from lxml import etree

from schakel.engine.charts import rendering
from schakel.engine.charts.bars import Bar
from schakel.engine.charts.lines import Norm
from schakel.engine.charts.sieve import undrawable
from schakel.lib.text import spoken
from schakel.portal import graphics
from schakel.portal.charts import Chart
from schakel.portal.graphics import Multiple, Multiples, Trend
from schakel.portal.pages import sheet_drawings
from schakel.portal.parts import Part
from tests.engine.charts.reading import Sheet, read

EVIL = """De "Brug" <script>alert('x')</script> & zo"""


def page(part: Part, **more: Any) -> str:
    return Template("{% load schakel %}{% part it %}").render(Context({"it": part, **more}))


def trend(**more: Any) -> Trend:
    values = {"values": [1.3, None, 1.9], "places": [(0, "nu")], "label": "van 1,3 naar 1,9", "last": "1,9%"}
    return Trend(**{**values, **more})


def wide(drawn: Trend) -> Sheet:
    return read(graphics.line(drawn)[0].drawn()[0])


def bar_chart(name: str = "De Brug", value: str = "3") -> Chart:
    bars = graphics.bar_chart([Bar(name, 3, value), Bar("Smit", None, "onbekend", known="unknown")], f"{name}: {value}")
    return Chart("Het hoogst", "Uren", *bars)


@pytest.mark.parametrize(("language", "top", "middle"), [("nl", "2,0%", "1,5"), ("en", "2.0%", "1.5")])
def test_numbers_up_the_side_are_written_in_the_language_of_the_page(language: str, top: str, middle: str) -> None:
    with spoken(language):
        words = wide(trend(unit="%")).words()
    assert {"0", middle, top} <= words.keys()


@pytest.mark.parametrize(("language", "top"), [("nl", "15.000"), ("en", "15,000")])
def test_thousands_too(language: str, top: str) -> None:
    with spoken(language):
        assert top in wide(trend(values=[12_000, 14_500])).words()


def test_no_two_values_up_the_side_are_written_alike() -> None:
    words = [text for text in wide(trend(values=[0.1, 1.0])).words() if re.fullmatch(r"[\d,]+", text)]
    assert words == ["0", "0,25", "0,50", "0,75", "1,00"]


def test_counts_and_rates_begin_at_zero_other_figures_at_the_lowest() -> None:
    assert "0" in wide(trend(values=[98, 102])).words()
    assert "0" not in wide(trend(values=[98, 102], zero=False)).words()
    assert "-5" in wide(trend(values=[-4, 10])).words()


def test_the_norm_is_in_sight_also_far_from_the_line() -> None:
    sheet = wide(trend(norm=Norm(8, "hoogstens 8", "8", "lower")))
    top = min(line.at[1] for line in sheet.of("grid"))
    assert top <= sheet.one("norm").at[1] < sheet.one("line").at[1]


def test_a_chart_has_two_drawings_that_both_say_the_finding() -> None:
    html = page(bar_chart())
    drawings = re.findall(r"<svg .*?</svg>", html, re.S)
    sheets = [read(svg) for svg in drawings]
    assert [sheet.width for sheet in sheets] == [640, 358]
    assert {sheet.label for sheet in sheets} == {"De Brug: 3"}
    assert [re.findall(r'class="(draw \w+)"', svg)[0] for svg in drawings] == ["draw wide", "draw narrow"]
    assert html.index("Het hoogst") < html.index("Uren") < html.index("<svg")


def test_words_from_data_are_escaped_once_in_a_page() -> None:
    html = page(bar_chart(EVIL, EVIL))
    assert "<script" not in html
    assert "&amp;lt;" not in html
    root = etree.fromstring(f"<div>{html}</div>")
    assert [svg.get("aria-label") for svg in root.iter("svg")] == [f"{EVIL}: {EVIL}"] * 2
    assert EVIL in [text.text for text in root.iter("text")]


def multiples(name: str = "Noorderhaven") -> Multiples:
    items = [
        Multiple(name, "3,6%", [2.4, 3.6], f"{name}: nu 3,6%", "boven de norm", "bad"),
        Multiple("De Sprong", "< 5", None, line="Verborgen: te weinig mensen.", kind="hid"),
        Multiple("Het Baken", "0,6%", [0.4, 0.6], "Het Baken: nu 0,6%"),
    ]
    return Multiples(items, (0, 4), [1.5, 1.6], 1.5, "lower")


def test_each_school_has_its_own_drawing_a_hidden_one_only_words() -> None:
    html = page(multiples(EVIL))
    assert "<script" not in html
    items = list(etree.fromstring(f"<div>{html}</div>").iter("li"))
    assert [len(item.findall("svg")) for item in items] == [1, 0, 1]
    assert [item.get("class") for item in items] == ["bad", "hid", ""]
    svg = items[2].find("svg")
    assert svg is not None
    assert svg.get("aria-label") == "Het Baken: nu 0,6%"
    assert "Verborgen" in "".join(str(text) for text in items[1].itertext())
    assert "var(--bad)" in etree.tostring(items[0], encoding="unicode")
    assert "var(--bad)" not in etree.tostring(items[2], encoding="unicode")


def test_all_hidden_is_all_words() -> None:
    hidden = Multiples([Multiple("De Sprong", "< 5", None, line="Verborgen.", kind="hid")], (0, 1))
    assert "<svg" not in page(hidden)
    assert "Verborgen." in page(hidden)


def every_drawing() -> str:
    return "".join(page(part) for _title, parts in sheet_drawings.drawings() for part in parts)


def test_several_charts_on_one_page_do_not_clash_and_need_no_style() -> None:
    html = every_drawing()
    named = re.findall(r'\bid="([^"]+)"', html)
    assert len(named) == len(set(named))
    assert " style=" not in html
    assert "<style" not in html
    assert html.count("<svg") >= 6


def test_a_mail_or_a_pdf_asks_for_plain_colours_in_its_context() -> None:
    chart = bar_chart()
    themed, plain = page(chart), page(chart, look="plain")
    assert "var(--c-close)" in page(Chart("t", "m", *graphics.bar_chart([Bar("a", 1, "1", "close")], "x")))
    assert "var(--" in themed
    assert "var(--" not in plain
    assert "#8a9693" in plain
    assert "var(--" not in page(multiples(), look="plain")
    assert "var(--" in page(multiples(), look="something else")


def test_what_is_drawn_is_safe_only_after_the_sieve(monkeypatch: pytest.MonkeyPatch) -> None:
    (svg,) = graphics.line(trend())[0].drawn()
    assert isinstance(svg, SafeString)

    def leaking(*_args: Any, **_more: Any) -> str:
        return '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><script>alert(1)</script></svg>'

    rendering._drawn.cache_clear()
    monkeypatch.setattr("vl_convert.vegalite_to_svg", leaking)
    assert graphics.line(trend())[0].drawn() == []


def test_a_drawing_that_fails_leaves_a_sentence_and_the_rest_of_the_page(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_args: Any, **_more: Any) -> Any:
        raise undrawable("no reason at all")

    monkeypatch.setattr(rendering, "svg", fails)
    monkeypatch.setattr(rendering, "panels", fails)
    html = page(bar_chart())
    assert "Het hoogst" in html
    assert html.count("In de tabel staan dezelfde cijfers.") == 2
    assert 'class="draw narrow"' in html
    many = page(multiples())
    assert "Noorderhaven" in many
    assert "3,6%" in many
    assert "no reason at all" in caplog.text
