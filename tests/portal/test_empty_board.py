"""A board where nothing was ever put in: each page says that it is empty and why, and never that all is well."""

import io
from html import unescape
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from schakel.access.people import Person
from schakel.access.register import put
from schakel.chain.goals import Goal
from schakel.lib.text import spoken
from schakel.portal.pages import broken_chain
from tests.portal.conftest import Seen, browser, heading

CASES = Path(__file__).parents[1] / "cases" / "empty_pages.tsv"
People = dict[str, Person]
VACUOUS = (
    "De keten is heel", "Alle rijen zijn overgenomen", "Alle doelen", "Alle bronnen zijn vers", "op tijd gelezen",
    "Alle behoeften zijn in gebruik", "Elke behoefte die loopt", "Alle voorgelegde behoeften", "100%", "0,0%",
)  # fmt: skip
PAGES = {
    "board_member": ("/bestuur", "/logboek"),
    "information_manager": ("/informatiemanager",),
    "ict_manager": ("/ict", "/bronnen", "/quarantaine"),
    "outsider": ("/mijn", "/overzichten", "/behoeften", "/hiaten", "/zoek"),
}


def cases() -> list[list[str]]:
    lines = CASES.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case[1]} {case[3][:30]}")
def test_each_page_says_that_it_is_empty(bare: People, case: list[str]) -> None:
    who, address, title, says = case
    html = browser(bare[who]).get(address).content.decode()
    assert heading(html) == title
    assert says in Seen(html).text


@pytest.mark.parametrize("who", sorted(PAGES))
def test_nothing_is_called_well_because_there_is_nothing(bare: People, who: str) -> None:
    client = browser(bare[who])
    for address in PAGES[who]:
        answer = client.get(address)
        text = Seen(answer.content.decode()).text
        assert answer.status_code == 200
        assert "Nog geen momentopname" in text, address
        assert not [claim for claim in VACUOUS if claim in text], address
        assert "None" not in text
        assert "%(" not in text


@pytest.mark.parametrize("who", sorted(PAGES))
def test_an_empty_board_speaks_english(bare: People, who: str) -> None:
    client = browser(bare[who], taal="en")
    for address in PAGES[who]:
        html = client.get(address).content.decode()
        assert 'lang="en"' in html
        assert "No snapshot yet" in unescape(html)


def test_every_link_of_an_empty_board_leads_somewhere(bare: People) -> None:
    tried: set[str] = set()
    for who, addresses in PAGES.items():
        client = browser(bare[who])
        for address in addresses:
            page = Seen(client.get(address).content.decode())
            ids = {attrs["id"] for _tag, attrs in page.tags if attrs.get("id")}
            links = {link.get("href") or "" for link in page.all("a")}
            assert {href[1:] for href in links if href.startswith("#")} <= ids, address
            for href in {href.partition("?")[0] for href in links if href.startswith("/")} - tried:
                tried.add(href)
                assert client.get(href).status_code in (200, 302), (address, href)


@pytest.mark.parametrize("address", ["/behoeften.xlsx", "/hiaten.xlsx", "/bronnen.xlsx"])
def test_an_empty_table_is_a_file_with_its_headings(bare: People, address: str) -> None:
    answer = browser(bare["information_manager"]).get(address)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert len(rows) == 1
    assert all(rows[0])


def test_whoever_has_no_role_comes_in_at_their_own_information(bare: People) -> None:
    for who, person in bare.items():
        answer = browser(person).get("/", follow=True)
        assert answer.status_code == 200, who


def test_one_goal_makes_it_a_chain_with_gaps(bare: People) -> None:
    put(bare["information_manager"], "goal.write", Goal, "G1", nl="Elke leerling op school")
    html = browser(bare["outsider"]).get("/hiaten").content.decode()
    assert heading(html).startswith("Twee hiaten in de keten")
    assert not broken_chain.nothing_yet()


def test_a_whole_chain_is_called_whole(bare: People) -> None:
    assert broken_chain.title([]) == "Er is nog geen keten vastgelegd"
    put(bare["information_manager"], "goal.write", Goal, "G1", nl="Elke leerling op school")
    assert broken_chain.title([]) == "De keten is heel: er zijn geen hiaten"
    with spoken("en"):
        assert "no gaps" in broken_chain.title([])
