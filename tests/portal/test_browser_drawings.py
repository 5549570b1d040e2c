"""Charts and the chain picture in a real browser: whole words, the theme, the keyboard, print, a phone, no script."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.portal.chromium import NEEDED, browser
from tests.portal.test_browser import entered, folder, server, tab_of

__all__ = ["browser", "folder", "server", "tab_of"]
pytestmark = NEEDED


# Each kind of chart, with words from real use.
CHARTS = (
    ("-", "/onderdelen"),
    ("board_member", "/bestuur"),
    ("board_member", "/overzichten/class_size"),
    ("board_member", "/overzichten/fte_vs_budget"),
    ("board_member", "/overzichten/finance_ratios"),
    ("mentor", "/overzichten/absence_16h"),
)
CUT_OFF = """() => [...document.querySelectorAll(".chart svg.draw")].filter(svg => svg.getClientRects().length)
  .flatMap(svg => [...svg.querySelectorAll("text")].filter(text => {
    const [word, sheet] = [text.getBoundingClientRect(), svg.getBoundingClientRect()];
    return word.left < sheet.left - 1 || word.right > sheet.right + 1
      || word.top < sheet.top - 2 || word.bottom > sheet.bottom + 2;
  })).map(text => text.textContent)"""
OVERLAP = """() => [...document.querySelectorAll(".chart svg.draw")].filter(svg => svg.getClientRects().length)
  .flatMap(svg => {
    const words = [...svg.querySelectorAll("text")].filter(t => !t.closest(".halo, .open_halo"));
    const apart = (a, b) => a.right <= b.left || b.right <= a.left || a.bottom - 4 <= b.top || b.bottom - 4 <= a.top;
    return words.flatMap((one, i) => words.slice(i + 1)
      .filter(other => !apart(one.getBoundingClientRect(), other.getBoundingClientRect()))
      .map(other => one.textContent + " | " + other.textContent));
  })"""


@pytest.mark.parametrize(("who", "address"), CHARTS)
def test_the_words_of_a_chart_are_whole_and_apart(
    server: str, tab_of: Callable[[str], Any], who: str, address: str
) -> None:
    tab = tab_of(who)
    tab.goto(server + address)
    tab.evaluate("document.fonts.ready")
    for width, kind, size in ((1280, "wide", 640), (390, "narrow", 358)):
        tab.set_viewport_size({"width": width, "height": 900})
        shown = tab.locator(f".chart svg.draw.{kind}")
        other = tab.locator(f".chart svg.draw:not(.{kind})")
        assert shown.count() == other.count() >= 1
        assert shown.first.is_visible()
        assert not other.first.is_visible()
        assert shown.first.get_attribute("viewBox").split()[2] == str(size)
        assert tab.evaluate("document.fonts.check('13px \"Public Sans\"')")
        assert tab.evaluate(CUT_OFF) == []
        assert tab.evaluate(OVERLAP) == []
    assert tab.locator(".chart svg [style], .multi svg [style]").count() == 0


def test_a_chart_takes_the_theme_and_prints_in_black_and_grey(server: str, browser: Any) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    tab = context.new_page()
    tab.goto(f"{server}/onderdelen")

    def colour(shape: str, what: str) -> str:
        return str(tab.evaluate(f"getComputedStyle(document.querySelector('.chart svg.wide {shape}')).{what}"))

    def seen() -> list[str]:
        return [colour(".line path", "stroke"), colour(".bar path", "fill"), colour(".norm line", "stroke")]

    tab.emulate_media(color_scheme="light")
    assert seen() == ["rgb(0, 86, 106)", "rgb(165, 30, 24)", "rgb(67, 80, 77)"]
    tab.emulate_media(color_scheme="dark")
    assert seen() == ["rgb(116, 200, 217)", "rgb(255, 159, 148)", "rgb(185, 196, 192)"]
    tab.emulate_media(media="print", color_scheme="dark")
    assert seen() == ["rgb(0, 0, 0)", "rgb(0, 0, 0)", "rgb(68, 68, 68)"]
    assert "Public Sans" in colour("text", "fontFamily")
    context.close()


def test_the_chain_picture_works_by_keyboard_and_without_script(server: str, browser: Any) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, java_script_enabled=False)
    tab = entered(context, server, "information_manager")
    tab.goto(f"{server}/keten?doel=G03")
    assert not tab.locator(".treelist").is_visible()
    assert not tab.locator("[data-print]").is_visible()
    block = tab.get_by_role("link", name="Bron: Verzuimregistratie")
    block.focus()
    assert float(block.locator(".node").evaluate("e => getComputedStyle(e).strokeWidth").removesuffix("px")) >= 3
    tab.keyboard.press("Enter")
    tab.wait_for_url("**gekozen=applicatie%3Aattendance&doel=G03")
    assert tab.locator("svg.map a.sel").get_attribute("aria-current") == "true"
    assert "Verzuimregistratie uitvalt" in tab.locator("h1").inner_text()
    tab.locator("svg.map a.off.many").first.click()
    tab.wait_for_url("**/keten?doel=G03")
    context.close()


def test_on_a_phone_the_chain_picture_is_a_list(server: str, browser: Any) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 900})
    tab = entered(context, server, "mentor")
    tab.goto(f"{server}/keten?gekozen=bron:rooster")
    assert tab.locator(".treelist").is_visible()
    assert not tab.locator("svg.map").is_visible()
    heights = tab.locator(".treelist a").evaluate_all("all => all.map(a => a.getBoundingClientRect().height)")
    assert heights
    assert min(heights) >= 24
    tab.locator(".treelist a", has_text="Mijn lessen vandaag").click()
    tab.wait_for_url("**gekozen=overzicht%3A**")
    context.close()


def test_the_chain_picture_prints_whole_and_without_buttons(server: str, browser: Any) -> None:
    context = browser.new_context(viewport={"width": 673, "height": 970})  # what A4 leaves between its margins
    tab = entered(context, server, "board_member")
    tab.goto(f"{server}/keten?gekozen=bron:rooster")
    tab.emulate_media(media="print")
    assert tab.locator("svg.map").is_visible()
    assert not tab.locator(".treelist").is_visible()
    assert not tab.locator("form.tbar").first.is_visible()
    dashed = "e => getComputedStyle(e).strokeDasharray"
    tab.goto(f"{server}/keten")
    tab.emulate_media(media="print")
    assert tab.locator("svg.map .edge.gap").first.evaluate(dashed) not in ("none", "")
    context.close()
