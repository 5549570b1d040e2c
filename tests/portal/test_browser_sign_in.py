"""Signing in as a person does it, in a real browser on a board as in real use; every page at the gate meets WCAG."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.portal.chromium import NEEDED, browser, faults
from tests.portal.phone import code
from tests.portal.real_board import COLLEAGUE, FOUNDER, RealBoard, served

__all__ = ["browser"]
pytestmark = NEEDED
PASSWORD = "vier paarse fietsen fluiten"


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealBoard]:
    """A board outside the demonstration."""
    with served(Path(tmp_path_factory.mktemp("real"))) as board:
        yield board


class Visit:
    """A tab that looks at every page it comes by."""

    def __init__(self, browser: Any) -> None:
        self.context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
        self.tab = self.context.new_page()
        self.faults: list[str] = []
        self.tab.on("console", lambda m: self.faults.append(m.text) if m.type == "error" else None)
        self.tab.on("pageerror", lambda error: self.faults.append(str(error)))

    def look(self, name: str) -> None:
        """Wide and narrow, light and dark; nothing scrolls sideways."""
        self.faults += [f"{name} {fault}" for fault in faults(self.tab)]

    def fill(self, **fields: str) -> None:
        """Type into the fields and press the button."""
        for name, value in fields.items():
            self.tab.fill(f"#id_{name}", value)
        self.tab.locator("main form button.btn[type=submit]").first.click()
        self.tab.wait_for_load_state()


def test_from_a_link_to_a_second_step_and_in_again(real: RealBoard, browser: Any) -> None:
    visit = Visit(browser)
    tab = visit.tab
    tab.goto(real.base + real.link)
    assert tab.url == f"{real.base}/aanmelden/welkom"
    visit.fill(new="kort", again="anders")
    visit.look("welcome, with faults")
    visit.fill(new=PASSWORD, again=PASSWORD)
    assert tab.url == f"{real.base}/aanmelden"
    visit.look("sign-in")
    visit.fill(login=FOUNDER, password="fout")
    visit.look("sign-in, with a fault")
    visit.fill(login=FOUNDER, password=PASSWORD)
    assert "/mijn-aanmelding/tweede-stap" in tab.url
    tab.locator("details.more summary").click()
    visit.look("second step")
    secret = "".join(tab.locator(".secret span").all_inner_texts())
    assert tab.locator("img.qr").evaluate("picture => picture.complete && picture.naturalWidth > 0")
    visit.fill(code=code(secret))
    visit.look("recovery codes")
    codes = tab.locator(".codes li").all_inner_texts()
    with tab.expect_download() as download:
        tab.locator("a[download]").click()
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert len(codes) == 10
    assert all(each in text for each in codes)
    tab.evaluate("window.print = () => { window.printed = true }")
    tab.locator("[data-print]").click()
    assert tab.evaluate("window.printed") is True
    tab.locator("a.btn.go").click()
    tab.wait_for_url("**/informatiemanager")
    tab.locator("details.switch.bare summary").click()
    tab.locator("a[href='/mijn-aanmelding']").first.click()
    visit.look("own account")
    tab.goto(f"{real.base}/mijn-aanmelding/wachtwoord")
    visit.look("password")
    tab.locator("a[href='/mijn-aanmelding']").click()
    tab.locator("details.switch.bare summary").click()
    tab.locator("details.switch form[action='/afmelden'] button").click()
    tab.wait_for_url("**/aanmelden")
    visit.fill(login=FOUNDER, password=PASSWORD)
    assert tab.url == f"{real.base}/aanmelden/code"
    assert tab.evaluate("document.activeElement.id") == "id_code"
    visit.look("code")
    visit.fill(code=codes[0])
    assert tab.url == f"{real.base}/informatiemanager"
    visit.context.close()
    assert visit.faults == []


def test_by_the_board_s_own_account(real: RealBoard, browser: Any) -> None:
    real.service.account = {"sub": "7", "email": COLLEAGUE, "email_verified": True}
    visit = Visit(browser)
    visit.tab.goto(f"{real.base}/mijn-aanmelding")
    visit.tab.locator("a.btn.go", has_text="Meld aan met Oeverscholen").click()
    visit.tab.wait_for_url("**/mijn-aanmelding")
    assert "U bent aangemeld met uw schoolaccount" in visit.tab.locator("h1").inner_text()
    visit.look("own account, school")
    visit.context.close()
    assert visit.faults == []


def test_a_stranger_is_told_who_can_help(real: RealBoard, browser: Any) -> None:
    real.service.account = {"sub": "8", "email": "iemand@elders.example", "email_verified": True}
    visit = Visit(browser)
    visit.tab.goto(f"{real.base}/aanmelden")
    visit.tab.locator("a.btn.go").click()
    visit.tab.wait_for_selector("h1:has-text('U bent hier nog niet bekend')")
    visit.look("stranger")
    assert "Youssef Haddou" in visit.tab.locator("main").inner_text()
    visit.context.close()
    assert [fault for fault in visit.faults if "status of 403" not in fault] == []


def test_it_works_without_script(real: RealBoard, browser: Any) -> None:
    real.service.account = {"sub": "7", "email": COLLEAGUE, "email_verified": True}
    context = browser.new_context(viewport={"width": 390, "height": 900}, java_script_enabled=False)
    tab = context.new_page()
    tab.goto(f"{real.base}/behoeften")
    tab.locator("a.btn.go").click()
    assert tab.url == f"{real.base}/behoeften"
    tab.goto(f"{real.base}/mijn-aanmelding/tweede-stap")
    assert tab.locator("img.qr").is_visible()
    assert not tab.locator(".secret").is_visible()
    tab.locator("details.more summary").click()
    assert tab.locator(".secret").is_visible()
    context.close()
