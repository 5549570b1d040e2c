"""A file is brought in a real browser: under a very long name, waiting to be read, and thrown away again."""

from typing import Any

from tests.portal.chromium import NEEDED, browser, faults
from tests.portal.test_browser import entered, folder, server

__all__ = ["browser", "folder", "server"]
pytestmark = NEEDED
NAME = "20250926+gemiddelde_referentieniveaus_per_school_2223_2324_2425_Open_data.ods"


def test_a_file_with_a_long_name_is_brought_and_thrown_away(server: str, browser: Any) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    tab = entered(context, server, "ict_manager")
    tab.goto(f"{server}/bronnen/aansluiten?soort=inbox&gegevens=inspectie_referentieniveaus")
    assert tab.locator("[name=pattern]").input_value() == "*referentieniveaus_per_school*.ods"
    tab.locator("[name=name]").fill("Inspectie")
    tab.locator("[name=system]").select_option(index=1)
    tab.get_by_role("button", name="Bewaar").click()
    tab.wait_for_url("**/bronnen/inspectie")
    tab.set_input_files("#bestand", {"name": "las.zip", "mimeType": "application/zip", "buffer": b"x"})
    tab.get_by_role("button", name="Zet neer en lees").click()
    assert "heten als *referentieniveaus_per_school*.ods" in tab.locator(".note.done[role=alert]").inner_text()
    tab.set_input_files("#bestand", {"name": NAME, "mimeType": "application/zip", "buffer": b"no workbook"})
    tab.get_by_role("button", name="Zet neer en lees").click()
    tab.wait_for_url("**/bronnen/inspectie?keer=*")
    assert f"{NAME} ligt klaar en is nog niet binnen." in tab.locator("p.name").inner_text()
    assert faults(tab) == []
    tab.get_by_role("button", name="Gooi weg").click()
    assert "Het bestand is weggegooid" in tab.locator(".note.done[role=status]").inner_text()
    assert tab.locator("p.name").count() == 0
    assert tab.complaints == []
    context.close()
