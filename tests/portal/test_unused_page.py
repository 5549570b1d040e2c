"""The page of needs that nobody uses: a sentence for each way, what would go, what is not known, and the button."""

from datetime import timedelta
from typing import Any

import pytest

from schakel.chain import deciding
from schakel.chain.needs import InformationNeed
from schakel.distribute.deliveries import deliver
from schakel.distribute.products import write_product
from schakel.distribute.unused import Unused
from schakel.lib import clock
from schakel.lib.text import spoken
from schakel.portal.pages import manager, unused
from tests.desk import Desk
from tests.distribute.test_unused import Running, after, running  # noqa: F401 - fixture
from tests.portal.conftest import browser

DAY_TOO_LATE = 60


def rows(query: dict[str, str] | None = None) -> dict[str, dict[str, Any]]:
    """The table by the address of each need."""
    table = unused.page(query or {}).table
    return {row[0][1].href.rsplit("/", 1)[-1]: {column.key: cell for column, cell in row} for row in table.rows}


def text(cell: Any) -> str:
    return cell.figure.text if cell.figure else ""


@pytest.mark.usefixtures("running")
def test_when_everything_is_used_it_says_so_and_why() -> None:
    page = unused.page({})
    assert page.head.title == "Elke behoefte wordt gebruikt"
    assert page.table.total == 0
    assert page.table.table.empty.startswith("Van elke behoefte")
    assert "drie keer haar ritme" in page.rule.text


@pytest.mark.usefixtures("running")
def test_the_finding_counts_and_the_lede_says_what_they_hold() -> None:
    with after(DAY_TOO_LATE):
        page = unused.page({})
    assert page.head.title == "Twee behoeften gebruikt niemand"
    assert page.head.lede.startswith("Schakel bewaart er ")
    assert page.table.total == 2


def test_each_row_says_why_who_what_and_leads_to_the_preview(running: Running) -> None:  # noqa: F811
    deliver(running.room.people["leraar-A1"], "late")
    with after(DAY_TOO_LATE):
        late = rows()["late"]
    assert text(late["why"]).startswith("Voor het laatst geopend op ")
    assert text(late["people"]).endswith(" mensen")
    assert late["people"].note == "late"
    assert late["elements"].order > 0
    assert late["next"].action.href == "/behoeften/late/beeindigen"
    assert not late["next"].action.post  # looking ends nothing


@pytest.mark.usefixtures("running")
def test_hours_that_nobody_said_are_unknown() -> None:
    with after(DAY_TOO_LATE):
        assert rows()["late"]["hours"].figure.known == "unknown"


def test_hours_that_were_said_are_counted(running: Running) -> None:  # noqa: F811
    deciding.revise(running.room.manager, InformationNeed.objects.get(key="late"),
                    minutes_now=15, times_per_year=40, people=3)  # fmt: skip
    with after(DAY_TOO_LATE):
        assert text(rows()["late"]["hours"]) == "30 uur per jaar"


def said(how: str, delivered: int = 0, opened: bool = False) -> str:
    with clock.held_at(clock.now().replace(year=2026, month=11, day=25)):
        moment = clock.now() - timedelta(days=100)
        return unused.why(Unused(InformationNeed(), how, moment, delivered, moment if opened else None))  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_four_ways_are_four_sentences(language: str) -> None:
    with spoken(language):
        told = [said("no_product"), said("never"), said("unopened", 12), said("quiet", 12, opened=True)]
    assert len(set(told)) == 4
    assert "12" in told[2]
    assert all(sentence.endswith(".") for sentence in told)


def test_the_sentences_in_dutch() -> None:
    assert said("no_product") == "In gebruik sinds 17 aug, maar er is geen overzicht: niemand kan het antwoord zien."
    assert said("never") == "In gebruik sinds 17 aug en nog nooit geleverd."
    assert said("unopened", 1) == "1 keer geleverd op een voordeur of per mail, nog nooit geopend."
    assert said("quiet", 3, opened=True) == "Voor het laatst geopend op 17 aug."


def test_a_need_without_a_product_loses_nobody_anything(running: Running) -> None:  # noqa: F811
    write_product(running.room.manager, "late", active=False)
    with after(DAY_TOO_LATE):
        assert text(rows()["late"]["people"]) == "niemand"


@pytest.mark.parametrize(("who", "status"), [("information_manager", 200), ("board_member", 200), ("teacher", 403)])
def test_only_who_may_end_a_need_sees_the_proposal(running: Running, who: str, status: int) -> None:  # noqa: F811
    assert browser(running.room.people[who]).get(unused.ADDRESS).status_code == status


def test_the_page_is_drawn_and_the_button_leads_on(running: Running) -> None:  # noqa: F811
    with after(DAY_TOO_LATE):
        reader = browser(running.room.manager)
        html = reader.get(unused.ADDRESS).content.decode()
        assert "Twee behoeften gebruikt niemand" in html
        assert 'href="/behoeften/late/beeindigen"' in html
        assert reader.get("/behoeften/late/beeindigen").status_code == 200


def test_the_front_door_leads_there_when_there_is_something(running: Running) -> None:  # noqa: F811
    def todo(room: Desk) -> list[str]:
        return [item.title for item in manager.page(room.manager, {}).todo.items]

    assert "Twee behoeften gebruikt niemand" not in todo(running.room)
    assert unused.ADDRESS in [door.href for door in manager.page(running.room.manager, {}).tools.items]
    with after(DAY_TOO_LATE):
        assert "Twee behoeften gebruikt niemand" in todo(running.room)


def test_whoever_may_not_end_a_need_has_no_door_to_it(running: Running) -> None:  # noqa: F811
    with after(DAY_TOO_LATE):
        found = manager.page(running.room.people["teacher"], {})
    assert unused.ADDRESS not in [door.href for door in found.tools.items]
    assert unused.ADDRESS not in [item.action.href for item in found.todo.items if item.action]


def test_once_ended_it_is_gone_from_the_list(running: Running) -> None:  # noqa: F811
    with after(DAY_TOO_LATE):
        deciding.end(running.room.manager, InformationNeed.objects.get(key="late"), "Niemand gebruikt het.")
        assert set(rows()) == {"kinds"}
