"""Deciding on a page: four eyes, the exact version, a reason that is read, and nothing for who may not."""

import pytest
from django.test import Client

from schakel.access.changes import change
from schakel.access.register import put
from schakel.chain.needs import InformationNeed
from schakel.collect.runs import Run
from schakel.collect.sources import Source
from schakel.lib import clock
from tests.conftest import Board
from tests.portal.conftest import Seen, Step

WAITING = "results_overview"


def need(key: str = WAITING) -> InformationNeed:
    found: InformationNeed = InformationNeed.objects.get(key=key)
    return found


def fingerprint(key: str = WAITING) -> str:
    return str(need(key).versions.order_by("-number")[0].content_hash)


def title(client: Client, address: str) -> str:
    return Seen(client.get(address).content.decode()).text


def test_the_page_shows_exactly_what_is_approved(step_in: Step) -> None:
    page = step_in("board_member").get(f"/behoeften/{WAITING}").content.decode()
    assert fingerprint() in page
    assert "Keur versie 1 goed" in page
    assert "Wijs af met reden" in page
    assert "Wat verandert er als u goedkeurt?" in page


def test_a_board_member_approves_the_version_on_the_screen(step_in: Step) -> None:
    client = step_in("board_member")
    answer = client.post(f"/behoeften/{WAITING}/goedkeuren", {"vingerafdruk": fingerprint()}, follow=True)
    assert need().state == "approved"
    assert "Goedgekeurd." in answer.content.decode()
    ict = step_in("ict_manager")
    assert "Zet deze behoefte in gebruik" in title(ict, f"/behoeften/{WAITING}")
    ict.post(f"/behoeften/{WAITING}/gebruiken")
    assert need().state == "live"
    manager = step_in("information_manager")
    manager.post(f"/behoeften/{WAITING}/herzien")
    assert need().state == "under_review"


def test_another_version_than_was_read_is_not_approved(step_in: Step) -> None:
    client = step_in("board_member")
    for forged in ("", "0" * 64, fingerprint()[:-1]):
        answer = client.post(f"/behoeften/{WAITING}/goedkeuren", {"vingerafdruk": forged})
        assert answer.status_code == 403
        assert "Dit kan nu niet" in answer.content.decode()
    assert need().state == "assessed"


def test_who_asked_sees_no_button_and_is_refused_when_pressing_it_anyway(step_in: Step) -> None:
    client = step_in("information_manager")
    page = client.get(f"/behoeften/{WAITING}").content.decode()
    assert "Keur versie" not in page
    assert "U vroeg of schreef deze behoefte zelf" in page
    answer = client.post(f"/behoeften/{WAITING}/goedkeuren", {"vingerafdruk": fingerprint()})
    assert answer.status_code == 403
    assert need().state == "assessed"


def test_a_refusal_needs_a_reason_that_the_asker_reads(step_in: Step) -> None:
    client = step_in("board_member")
    assert client.post(f"/behoeften/{WAITING}/afwijzen", {"reden": "  "}).status_code == 403
    client.post(f"/behoeften/{WAITING}/afwijzen", {"reden": "Niet nodig voor het doel <b>."})
    page = client.get(f"/behoeften/{WAITING}").content.decode()
    assert need().state == "refused"
    assert "Niet nodig voor het doel &lt;b&gt;." in page


def test_special_data_wait_for_the_privacy_officer(step_in: Step) -> None:
    key = "sick_reported_often"
    if need(key).state != "assessed":
        pytest.skip("the kit no longer leaves this need for advice")
    board = step_in("board_member")
    page = board.get(f"/behoeften/{key}").content.decode()
    if "Eerst adviseert" not in page:
        pytest.skip("this need holds no special data")
    assert "Keur versie" not in page
    officer = step_in("privacy_officer")
    assert "Adviseer over deze versie" in officer.get(f"/behoeften/{key}").content.decode()
    officer.post(f"/behoeften/{key}/adviseren", {"oordeel": "positief", "tekst": "Alleen tellingen."})
    assert "Keur versie" in board.get(f"/behoeften/{key}").content.decode()


def test_a_new_question_is_assessed_first(step_in: Step) -> None:
    asked = InformationNeed.objects.filter(state="asked").first()
    assert asked is not None
    client = step_in("information_manager")
    assert "Klaar voor besluit" in client.get(f"/behoeften/{asked.key}").content.decode()
    client.post(f"/behoeften/{asked.key}/beoordelen")
    asked.refresh_from_db()
    assert asked.state == "assessed"
    assert client.post(f"/behoeften/{asked.key}/beoordelen").status_code == 403


def test_a_changed_need_shows_the_difference_and_asks_again(step_in: Step, board: object) -> None:
    from schakel.chain import deciding

    live = InformationNeed.objects.filter(state="live").first()
    assert live is not None
    manager = live.requester
    deciding.revise(manager, live, rhythm="elke schooldag voor achten")
    page = step_in("board_member").get(f"/behoeften/{live.key}").content.decode()
    assert "Was" in page
    assert "Wordt" in page
    assert "elke schooldag voor achten" in page
    assert "ongewijzigd" in page


def test_a_source_without_a_file_says_what_it_waits_for(step_in: Step, board: Board) -> None:
    put(board.people["ict_manager"], "source.write", Source, "vakanties", pattern="nooit_*.csv")
    answer = step_in("ict_manager").post("/bronnen/vakanties/lezen", follow=True)
    assert "nooit_*.csv" in answer.content.decode()


def test_a_stopped_source_says_that_what_stood_there_was_kept(step_in: Step, board: Board) -> None:
    source = Source.objects.get(key="verzuim")
    with change(board.people["ict_manager"], "source.collect", source):
        Run(source=source, state="stopped", message="De sleutelkolom ontbreekt.", finished_at=clock.now()).save()
    page = Seen(step_in("ict_manager").get("/bronnen/verzuim").content.decode()).text
    assert "kwam niet binnen" in page
    assert "Wat er stond is bewaard." in page
    door = Seen(step_in("ict_manager").get("/ict").content.decode()).text
    assert "Herstel de bron Verzuim" in door
