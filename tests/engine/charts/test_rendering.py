"""From specification to SVG: safe whatever the words are, kept once drawn, the same in a page, a mail and a PDF."""

import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import vl_convert
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from schakel.engine.charts import bars, inks, lines, marks, panels, rendering
from schakel.engine.charts.bars import Bar, Limit
from schakel.engine.charts.lines import Line, Norm
from schakel.engine.charts.panels import Panel, Panels
from schakel.engine.charts.sieve import Undrawable
from tests.engine.charts.reading import read

TOKENS = Path(__file__).parents[3] / "schakel" / "static" / "schakel" / "tokens.css"
EVIL = """<script>alert("x")</script> & 'De Brug' ]]> <!-- {{ 7*7 }} ${x} url(#a)"""


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    rendering._drawn.cache_clear()
    yield


def bar(name: str = "De Brug", text: str = "3") -> marks.Spec:
    return bars.spec([Bar(name, 3, text), Bar("b", None, "onbekend", known="unknown")], [], "wide")


def trend(words: str = "x") -> marks.Spec:
    up = [(0.0, words), (2.0, words)]
    return lines.spec(Line([1, 2], up, [(0, words), (1, words)], words, Norm(1, words, words, "lower")), "wide")


def multiples() -> marks.Spec:
    return panels.spec(Panels([Panel([1, 2]), Panel([2, 1], bad=True)], (0, 2), [1, 1], 1, "lower"))


def every(look: inks.Look = "page") -> list[str]:
    limits = [Limit(2, "hoogstens 2", "2", better="lower"), Limit(1, "let op", "1", norm=False)]
    rows = [Bar("a", 3, "3", "bad"), Bar("b", 2, "2", "close"), Bar("c", None, "verborgen", known="hidden")]
    specs = [trend(), bar(), bars.spec(rows, limits, "narrow")]
    return [
        *(rendering.svg(spec, "vondst", "draw", look) for spec in specs),
        *rendering.panels(multiples(), ["een", "twee"], "multi", look),
    ]


def test_a_drawing_says_its_finding_and_its_class() -> None:
    root = etree.fromstring(rendering.svg(bar(), "De Brug het hoogst", "draw wide"))
    assert root.get("role") == "img"
    assert root.get("aria-label") == "De Brug het hoogst"
    assert root.get("class") == "draw wide"
    assert read(every()[3]).label == "een"


def test_nothing_in_a_drawing_can_run_lead_away_or_clash() -> None:
    allowed = {"svg", "g", "path", "line", "rect", "text"}
    for svg in every():
        root = etree.fromstring(svg)
        assert {etree.QName(element).localname for element in root.iter()} <= allowed
        names = {name for element in root.iter() for name in element.attrib}
        assert names.isdisjoint({"style", "id", "href", "clip-path", "mask", "filter", "font-family"})
        assert not any(name.startswith("on") for name in names)
        assert "url(" not in svg
        assert "http" not in svg


def test_words_from_data_stay_words_wherever_they_stand() -> None:
    size = rendering.svg(trend(EVIL), EVIL, EVIL)
    root = etree.fromstring(size)
    assert root.get("aria-label") == EVIL
    assert [t.text for t in root.iter("text")].count(EVIL) >= 4
    assert "<script" not in size
    shown = read(rendering.svg(bar("<b>\"'&", EVIL), "x"))
    assert "<b>\"'&" in shown.words()
    assert EVIL in shown.words("halo")


@pytest.mark.parametrize("text", ["a\x00b", "\x01", "\x08\x0b\x0c", "\ufffe\uffff", "\ufdd0", "\x7f", "\ud800"])
def test_what_no_svg_can_hold_is_left_out_for_it_would_end_the_process(text: str) -> None:
    words = read(rendering.svg(bar(f"v{text}n", f"1{text}2"), "x")).words("halo")
    kept = text.replace("\0", "") if "a" in text else ""
    assert words.keys() == {f"v{kept}n", "b", f"1{kept}2", "onbekend"}


@given(st.lists(st.text(max_size=40), min_size=1, max_size=8))
@settings(max_examples=40, deadline=None)
def test_any_words_at_all_can_be_drawn(words: list[str]) -> None:
    rows = [Bar(word, 1, word) for word in words]
    sheet = read(rendering.svg(bars.spec(rows, [Limit(1, words[0], words[-1])], "narrow"), words[0]))
    assert len(sheet.of("bar")) == len(words)


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=6))
@settings(max_examples=40, deadline=None)
def test_any_number_at_all_is_drawn_or_refused(values: list[float]) -> None:
    for spec in (
        bars.spec([Bar("a", v, "a") for v in values], [], "wide"),
        lines.spec(Line(values, [(min(values), "0"), (max(values) + 1, "1")], [(0, "a")], "z"), "narrow"),
    ):
        try:
            read(rendering.svg(spec, "x"))
        except Undrawable:
            assert max(abs(v) for v in values) > 1e100


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_is_refused(value: float) -> None:
    with pytest.raises(Undrawable):
        rendering.svg(bars.spec([Bar("a", value, "a")], [], "wide"), "x")


@pytest.mark.parametrize(
    "data", [{"url": "file:///etc/passwd"}, {"url": "https://example.org/data.json"}, {"url": "data.csv"}]
)
def test_a_specification_with_an_address_is_not_drawn(data: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vl_convert, "vegalite_to_svg", lambda *_a, **_k: pytest.fail("it was drawn"))
    with pytest.raises(Undrawable):
        rendering.svg({"data": data, "mark": "bar"}, "x")
    with pytest.raises(Undrawable):
        rendering.svg({"layer": [{"mark": {"type": "bar", "href": "javascript:alert(1)"}}]}, "x")


def test_words_about_an_address_are_only_words() -> None:
    assert '"url":"href":' in read(rendering.svg(bar("n", '"url":"href":'), "x")).words("halo")


def test_a_specification_that_makes_no_sense_is_refused_with_its_reason() -> None:
    with pytest.raises(Undrawable, match="Vega-Lite") as caught:
        rendering.svg({"mark": 3, "data": {"values": []}, "layer": 1}, "x")
    assert caught.value.code == "undrawable"


class Counting:
    """The real renderer, counted."""

    def __init__(self) -> None:
        self.real = vl_convert.vegalite_to_svg
        self.times = 0

    def __call__(self, *args: Any, **more: Any) -> str:
        self.times += 1
        return self.real(*args, **more)


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> Counting:
    counted = Counting()
    monkeypatch.setattr(vl_convert, "vegalite_to_svg", counted)
    return counted


def test_the_same_figures_are_drawn_once_and_other_figures_anew(counting: Counting) -> None:
    first = rendering.svg(bar(), "een", "draw wide")
    again = rendering.svg(bar(), "twee", "draw narrow")
    assert counting.times == 1
    assert first.replace("een", "twee").replace("wide", "narrow") == again
    rendering.svg(bar(text="4"), "een", "draw wide")
    rendering.svg(bar(), "een", "draw wide", "plain")
    assert counting.times == 3


def test_what_is_kept_is_bounded() -> None:
    assert rendering._drawn.cache_info().maxsize == rendering.KEPT <= 512


def test_readers_at_the_same_time_each_get_their_own_drawing() -> None:
    names = [f"school {n}" for n in range(24)]
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda name: rendering.svg(bar(name), name), names))
    for name, svg in zip(names, found, strict=True):
        assert read(svg).label == name
        assert name in read(svg).words()


def test_a_page_gets_variables_of_the_style_sheet_a_mail_and_a_pdf_get_colours() -> None:
    for page, plain in zip(every(), every("plain"), strict=True):
        colours = re.findall(r'(?:fill|stroke)="([^"]+)"', page)
        assert {colour for colour in colours if not re.fullmatch(r"var\(--[a-z0-9-]+\)", colour)} <= {"none"}
        assert "var(" not in plain
        assert {c for c in re.findall(r'(?:fill|stroke)="([^"]+)"', plain) if not c.startswith("#")} <= {"none"}
        assert len(read(page).shapes) == len(read(plain).shapes)
        assert [s.pieces for s in read(page).shapes] == [s.pieces for s in read(plain).shapes]


def test_outside_a_page_a_drawing_stands_by_itself() -> None:
    root = etree.fromstring(rendering.svg(bar(), "x", "draw", "plain"))
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.get("width") == "640"
    assert float(root.get("height", "0")) > 50
    assert str(root.get("font-family")).startswith("Public Sans")


def _tokens() -> dict[str, str]:
    css = TOKENS.read_text(encoding="utf-8")
    light = css[css.index(":root{") : css.index("[data-theme=dark]")]
    return dict(re.findall(r"(--[a-z0-9-]+):([^;}]+)[;}]", light))


@pytest.mark.parametrize("name", inks.INKS)
def test_each_ink_is_the_colour_of_the_light_theme(name: str) -> None:
    tokens, ink = _tokens(), inks.INKS[name]
    value = tokens[ink.variable]
    found = re.fullmatch(r"var\((--[a-z-]+)\)", value)
    assert ink.light == (tokens[found[1]] if found else value)


def test_on_paper_red_the_accent_and_grey_are_three_greys() -> None:
    css = TOKENS.read_text(encoding="utf-8")
    paper = dict(re.findall(r"(--[a-z0-9-]+):([^;}]+)[;}]", css[css.index("@media print") :]))
    shades = [paper[inks.INKS[name].variable] for name in ("bad", "close", "rest", "band")]
    assert all(re.fullmatch(r"#(.)\1\1", shade) for shade in shades)
    levels = [int(shade[1], 16) for shade in shades]
    assert all(other - one >= 3 for one, other in zip(levels, levels[1:], strict=False))


def test_words_are_about_as_wide_as_the_renderer_thinks() -> None:
    """It measures with a font of its own; the font of the page may not be wider than the room around the words."""
    from fontTools.ttLib import TTFont

    font = TTFont(TOKENS.parent / "fonts" / "public-sans-latin-variable.woff2")
    widths, glyphs, unit = font["hmtx"].metrics, font.getBestCmap(), font["head"].unitsPerEm
    for words in ("norm, 1,5%", "ten minste € 9.000.000", "September 2026", "Alle scholen samen"):
        real = sum(widths[glyphs[ord(sign)]][0] for sign in words) * 13 / unit
        sheet = read(rendering.svg(trend(words), "x"))
        assert sheet.width - sheet.one("norm_words").at[0] >= real


def test_the_library_comes_in_with_the_first_drawing_and_not_before() -> None:
    code = (
        "import os, sys, tempfile; os.environ['SCHAKEL_DATA'] = tempfile.mkdtemp();"
        "from schakel.config.wsgi import application; import schakel.portal.urls;"
        "from schakel.engine.charts import rendering; print('vl_convert' in sys.modules);"
        "rendering.warm(); print('vl_convert' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]
