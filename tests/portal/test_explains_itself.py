"""Law 10 on the demo board: every overview that opens for someone explains itself, in page, refusal and file."""

import pytest

from schakel.chain.needs import InformationNeed
from schakel.distribute.deliveries import deliver
from schakel.distribute.products import Product
from schakel.distribute.sight import may_see
from schakel.lib import clock
from tests.conftest import Board
from tests.portal.conftest import Seen, Step, heading

LOOKERS = ("board_member", "school_leader", "mentor", "teacher", "care_coordinator", "information_manager")


def opening(board: Board) -> dict[str, str]:
    """Every overview that opens for a stock person, with one of them."""
    found: dict[str, str] = {}
    for who in LOOKERS:
        for sight in may_see(board.people[who], clock.today()):
            if sight.allowed:
                found.setdefault(sight.product.key, who)
    return found


def test_most_overviews_open_for_someone(board: Board, db: None) -> None:
    assert len(opening(board)) > Product.objects.filter(active=True).count() / 2


def test_every_overview_says_why_whence_how_fresh_and_whom_to_tell(board: Board, db: None) -> None:
    for key, who in opening(board).items():
        why = deliver(board.people[who], key).why()
        for part in ("purpose", "legal_basis", "goal", "standings", "others", "approved_by", "freshness", "sources"):
            assert getattr(why, part), (key, part)
        assert why.snapshot_at is not None
        assert why.whom_to_tell, key
        assert all(fact.landed_at and fact.name != fact.key for fact in why.sources), key


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_page_of_an_overview_answers_why(step_in: Step, board: Board, language: str) -> None:
    """One page of each shape, in both languages: with its panel, its table and its way out."""
    shapes: dict[str, tuple[str, str]] = {}
    for key, who in opening(board).items():
        shapes.setdefault(Product.objects.get(key=key).shape, (key, who))
    for key, who in shapes.values():
        client = step_in(who)
        client.cookies["taal"] = language
        answer = client.get(f"/overzichten/{key}")
        html = answer.content.decode()
        text = Seen(html).text
        assert answer.status_code == 200, key
        assert heading(html)
        assert {"nl": "Waarom zie ik dit?", "en": "Why do I see this?"}[language] in text, key
        assert InformationNeed.objects.get(products__key=key).number in text, key
        assert f'href="/overzichten/{key}.xlsx"' in html or "<table" not in html, key
        assert "None" not in text.split(), key


def test_an_overview_that_stays_shut_names_its_need_and_who_does_see_it(step_in: Step, board: Board) -> None:
    client = step_in("outsider")
    for key in sorted(opening(board))[:6]:
        html = client.get(f"/overzichten/{key}").content.decode()
        assert InformationNeed.objects.get(products__key=key).number in html, key
        assert "Vandaag opent dit overzicht voor niemand." not in html, key


def test_the_list_of_overviews_gives_each_its_purpose_or_its_reason(board: Board, db: None) -> None:
    from schakel.portal.pages import mine

    for who in LOOKERS:
        found = mine.overviews(board.people[who])
        doors = [*(found.open.items if found.open else ()), *(found.shut.items if found.shut else ())]
        assert len(doors) == Product.objects.filter(active=True).count()
        assert all(door.title and door.line for door in doors), who
