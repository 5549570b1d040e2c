"""Asking for a reading on a page: one request, how far it is, what came of it, and what to do without a worker."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_django
from django.test import Client

from schakel.access.audit import AuditLine
from schakel.access.register import put
from schakel.collect import runs
from schakel.collect.runs import Run
from schakel.collect.sources import Source
from schakel.lib import clock
from schakel.operations import flow, progress, rounds
from schakel.operations.progress import Teller
from schakel.portal.pages import reading
from tests.conftest import Board
from tests.portal.conftest import Seen, Step

FOLLOWS = {"HX-Target": "lezen"}


@pytest.fixture
def own(board: Board, tmp_path: Path, settings: pytest_django.Settings) -> Board:
    """A copy of the board's folder, so that a worker may read in it."""
    for name in ("inbox", "landing", "quarantine", "snapshots"):
        shutil.copytree(board.data / name, tmp_path / name, symlinks=True)
    (tmp_path / "secret.key").write_text("x")
    settings.DATA = tmp_path
    return board


@pytest.fixture
def ict(own: Board, step_in: Step) -> Client:
    return step_in("ict_manager")


@pytest.fixture
def worker(own: Board) -> Iterator[None]:
    """A worker that lives, and waits."""
    with rounds.at_work(flow.data_folder()):
        yield


@pytest.fixture
def busy(own: Board, monkeypatch: pytest.MonkeyPatch) -> Iterator[Teller]:
    """A round at work, of which the test tells how far it is."""
    monkeypatch.setattr(rounds.recovery, "recover", lambda _data: [])
    monkeypatch.setattr(progress, "EVERY", -1.0)
    with rounds.at_work(flow.data_folder()), rounds.alone(flow.data_folder()) as teller:
        yield teller


def verzuim() -> Source:
    found: Source = Source.objects.get(key="verzuim")
    return found


def click(client: Client, address: str = "/bronnen/verzuim/lezen") -> str:
    """Press the button; where it leads."""
    answer = client.post(address)
    assert answer.status_code == 302
    return answer.headers["Location"]


def seen(client: Client, address: str) -> Seen:
    return Seen(client.get(address).content.decode())


def followed(client: Client, address: str) -> Seen:
    """What the page asks for each second."""
    answer = client.get(address, headers=FOLLOWS)
    assert answer.status_code == 200
    return Seen(answer.content.decode())


def poll(page: Seen) -> str:
    """The address that the progress on a page asks next; empty when it is over."""
    place = next(attrs for attrs in page.all("div") if attrs.get("id") == "lezen")
    return place.get("hx-get") or ""


def change_file() -> None:
    path = next(flow.inbox().glob("verzuim_*"))
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))


def test_a_click_is_a_request_and_leads_to_its_page(ict: Client, own: Board) -> None:
    where = click(ict)
    run = Run.objects.get(state="waiting")
    assert where == f"/bronnen/verzuim?keer={run.pk}"
    assert run.asked_by == own.people["ict_manager"]
    assert AuditLine.objects.latest("number").thing_key == run.key


def test_two_clicks_are_one_request(ict: Client, step_in: Step) -> None:
    assert click(ict) == click(ict) == click(step_in("information_manager"))
    assert Run.objects.open().count() == 1


def test_nothing_is_read_in_the_web_worker(ict: Client) -> None:
    change_file()
    finished = Run.objects.finished().count()
    click(ict)
    click(ict, "/bronnen/lezen")
    assert Run.objects.finished().count() == finished
    assert not Run.objects.running().exists()


def test_without_a_worker_the_page_says_so_and_what_to_do(ict: Client) -> None:
    page = seen(ict, click(ict))
    assert "De verwerker draait niet." in page.text
    assert "gaat niet verloren" in page.text
    assert "schakel work" in page.text
    assert "Wordt gelezen" in page.text
    assert "/bronnen/verzuim/lezen" not in [form.get("action") for form in page.all("form")]
    assert "De verwerker draait niet." in seen(ict, click(ict, "/bronnen/lezen")).text
    assert "De verwerker draait niet" in seen(ict, "/ict").text  # in the state of Schakel too


def test_with_a_worker_it_waits_for_its_turn(ict: Client, worker: None) -> None:
    page = seen(ict, click(ict))
    assert "Verzuim staat klaar om gelezen te worden" in page.text
    assert "De verwerker begint er zo aan." in page.text
    assert "draait niet" not in page.text


def test_it_says_what_is_read_first(ict: Client, busy: Teller) -> None:
    busy.begin("read", "rooster", 100)
    assert "De verwerker leest eerst Rooster." in seen(ict, click(ict)).text


def test_while_it_is_read_the_page_shows_how_far(ict: Client, busy: Teller) -> None:
    where = click(ict)
    runs.begin(None, verzuim(), "verzuim_1.csv")
    busy.begin("read", "verzuim", 200)
    busy.more("absence.csv", 90)
    page = seen(ict, where)
    assert "Verzuim wordt gelezen en gecontroleerd" in page.text
    assert "absence.csv, 45% van het geheel" in page.text
    bar = next(attrs for attrs in page.all("progress") if "Verzuim" in (attrs.get("aria-label") or ""))
    assert (bar["value"], bar["max"]) == ("45", "100")
    busy.more("absence.csv", 110)
    assert "wordt bewaard" in followed(ict, poll(page)).text


def test_what_did_not_change_is_not_sent_again(ict: Client, busy: Teller) -> None:
    page = seen(ict, click(ict))
    assert ict.get(poll(page), headers=FOLLOWS).status_code == 204
    runs.begin(None, verzuim(), "verzuim_1.csv")
    busy.begin("read", "verzuim", 100)
    fresh = followed(ict, poll(page))
    assert ict.get(poll(fresh), headers=FOLLOWS).status_code == 204


def test_who_listens_hears_each_step_and_no_percentages(ict: Client, busy: Teller) -> None:
    page = seen(ict, click(ict))
    place = next(attrs for attrs in page.all("p") if attrs.get("id") == "lezen-gezegd")
    assert (place["role"], place["aria-live"]) == ("status", "polite")
    runs.begin(None, verzuim(), "verzuim_1.csv")
    busy.begin("read", "verzuim", 100)
    first = followed(ict, poll(page))
    assert [attrs.get("hx-swap-oob") for attrs in first.all("p") if attrs.get("id") == "lezen-gezegd"] == ["innerHTML"]
    busy.more("absence.csv", 50)
    second = followed(ict, poll(first))
    assert "50%" in second.text
    assert not [attrs for attrs in second.all("p") if attrs.get("id") == "lezen-gezegd"]


def test_what_came_in_is_published_before_it_is_over(ict: Client, busy: Teller) -> None:
    where = click(ict)
    run = runs.begin(None, verzuim(), "verzuim_1.csv")
    runs.close(None, run, "repaired", digest="not in the snapshot", rows_read=10)
    busy.begin("publish", total=7)
    busy.more("absence", 2)
    page = followed(ict, where)
    assert "De nieuwe momentopname wordt gemaakt" in page.text
    assert "2 van de 7 tabellen" in page.text
    assert poll(page)


def test_another_round_later_does_not_reopen_it(ict: Client, own: Board, busy: Teller) -> None:
    busy.begin("publish", total=7)
    landed = Run.objects.filter(source=verzuim()).latest("pk")
    page = followed(ict, f"/bronnen/verzuim?keer={landed.pk}")
    assert "Klaar." in page.text
    assert not poll(page)


def test_the_worker_reads_and_the_page_tells_what_came_of_it(ict: Client, worker: None) -> None:
    change_file()
    page = seen(ict, click(ict))
    flow.run_asked()
    end = followed(ict, poll(page))
    run = Run.objects.latest("pk")
    assert run.state == "repaired"
    assert "Klaar. Verzuim is gelezen" in end.text
    assert not poll(end)
    (refresh,) = [attrs for attrs in end.all("div") if attrs.get("hx-trigger") == "load"]
    assert refresh["hx-get"] == f"/bronnen/verzuim?keer={run.pk}"
    assert refresh["hx-select-oob"] == "#kop,#stand"
    whole = seen(ict, str(refresh["hx-get"]))
    assert {"kop", "stand"} <= {attrs.get("id") for attrs in whole.all("div")}
    assert not [attrs for attrs in whole.all("div") if attrs.get("hx-trigger") == "load"]  # no page asks for itself
    assert "Lees nu" in whole.text


def test_nothing_new_is_said(ict: Client, worker: None) -> None:
    where = click(ict)
    flow.run_asked()
    page = seen(ict, where)
    assert "Niets nieuws." in page.text
    assert "was al gelezen" in page.text
    assert "Ongewijzigd" not in page.title


def test_what_did_not_come_in_is_said_with_the_reason(ict: Client, worker: None) -> None:
    path = next(flow.inbox().glob("verzuim_*"))
    where = click(ict)
    path.write_bytes(b"iets heel anders")
    flow.run_asked()
    page = seen(ict, where)
    assert "kwam niet binnen. Wat er stond bleef in gebruik" in page.text
    assert Run.objects.latest("pk").message in page.text


def test_a_reading_that_was_killed_is_not_shown_as_going_on(ict: Client) -> None:
    where = click(ict)
    runs.begin(None, verzuim(), "verzuim_1.csv")
    page = seen(ict, where)
    assert "Het lezen is halverwege gestopt; er is niets half bewaard." in page.text
    assert "schakel work" in page.text
    flow.run_all(None)
    states = [run.state for run in verzuim().runs.all()[:2]]
    assert states == ["unchanged", "interrupted"]
    assert "Afgebroken." in seen(ict, where).text
    listed = seen(ict, "/bronnen/verzuim").text
    assert "Schakel stopte onverwacht tijdens het lezen" in listed


def test_all_sources_are_followed_together(ict: Client, busy: Teller) -> None:
    where = click(ict, "/bronnen/lezen")
    assert where.startswith("/ict?keer=")
    page = seen(ict, where)
    assert "0 van de 8 bronnen zijn gelezen" in page.text
    assert "Er wordt gelezen" in page.text
    run = runs.begin(None, Source.objects.get(key="adviezen"), "x")
    runs.close(None, run, "unchanged")
    runs.begin(None, verzuim(), "verzuim_1.csv")
    busy.begin("read", "verzuim", 100)
    busy.more("absence.csv", 30)
    page = followed(ict, poll(page))
    assert "1 van de 8 bronnen is gelezen" in page.text
    assert "Nu: Verzuim, 30%" in page.text
    assert "Schooladviezen: ongewijzigd" in page.text
    assert "Rooster: wacht" in page.text


def test_all_sources_end_in_one_sentence(ict: Client, worker: None) -> None:
    change_file()
    broken = next(flow.inbox().glob("rooster_*"))
    where = click(ict, "/bronnen/lezen")
    broken.write_bytes(b"iets heel anders")
    flow.run_asked()
    page = seen(ict, where)
    assert "8 bronnen bekeken; 1 had iets nieuws. Niet binnengekomen is Rooster." in page.text
    assert "Lees alle bronnen nu" in page.text
    assert not poll(page)


def test_asking_for_all_adds_to_what_was_asked(ict: Client) -> None:
    click(ict)
    click(ict, "/bronnen/lezen")
    assert Run.objects.open().count() == 8
    assert Run.objects.open().filter(source__key="verzuim").count() == 1


def test_without_any_file_nothing_is_asked(ict: Client) -> None:
    for path in flow.inbox().iterdir():
        path.unlink()
    assert click(ict, "/bronnen/lezen") == "/ict"
    assert click(ict) == "/bronnen/verzuim"
    assert not Run.objects.open().exists()
    assert "Er ligt voor geen enkele bron een bestand in de inbox." in seen(ict, "/ict").text


def test_a_source_that_waits_still_tells_what_it_holds(ict: Client) -> None:
    before = seen(ict, "/bronnen/verzuim")
    click(ict)
    after = seen(ict, "/bronnen/verzuim")
    assert after.title == before.title
    assert "Bevindingen" in after.text
    assert seen(ict, "/bronnen").text == seen(ict, "/bronnen").text
    assert "verzuim" not in [run.source.key for run in Run.objects.finished().filter(state="waiting")]


def test_a_request_does_not_make_a_late_source_fresh(ict: Client, own: Board) -> None:
    put(own.people["ict_manager"], "source.write", Source, "verzuim", expected_hours=1)
    with clock.held_at(clock.now() + timedelta(hours=3)):
        assert "staat stil" in seen(ict, "/ict").title or "staan stil" in seen(ict, "/ict").title
        click(ict)
        flow.run_asked()
        assert verzuim().runs.first().state == "unchanged"
        assert "staat stil" in seen(ict, "/ict").title or "staan stil" in seen(ict, "/ict").title


@pytest.mark.parametrize("asked", ["", "0", "-1", "abc", "9" * 30, "²", "1 OR 1=1"])
def test_a_number_that_is_nothing_shows_nothing(ict: Client, asked: str) -> None:
    for address in ("/bronnen/verzuim", "/ict"):
        answer = ict.get(address, {"keer": asked})
        assert answer.status_code == 200
        assert 'id="lezen"' not in answer.content.decode()
        assert ict.get(address, {"keer": asked}, headers=FOLLOWS).status_code == 204


def test_the_run_of_another_source_is_not_shown_here(ict: Client) -> None:
    other = Run.objects.filter(source__key="rooster").latest("pk")
    assert 'id="lezen"' not in ict.get("/bronnen/verzuim", {"keer": other.pk}).content.decode()


@pytest.mark.parametrize("who", ["teacher", "mentor", "outsider", "school_admin"])
def test_who_may_not_see_sources_follows_nothing(own: Board, step_in: Step, who: str) -> None:
    client = step_in(who)
    for address in ("/bronnen/verzuim?keer=1", "/ict?keer=1"):
        assert client.get(address, headers=FOLLOWS).status_code == 403


def test_who_only_looks_sees_how_far_it_is_and_no_button(ict: Client, step_in: Step, worker: None) -> None:
    where = click(ict)
    page = seen(step_in("privacy_officer"), where)
    assert "Verzuim staat klaar om gelezen te worden" in page.text
    assert "Lees nu" not in page.text


def test_it_is_said_in_english_too(ict: Client) -> None:
    where = click(ict)
    ict.cookies["taal"] = "en"
    assert "The worker is not running." in seen(ict, where).text


def test_without_script_there_is_a_link_that_looks_again(ict: Client, worker: None) -> None:
    where = click(ict)
    page = ict.get(where).content.decode()
    assert f'<noscript><p class="small"><a href="{where}">' in page


def test_two_showings_are_told_apart_by_what_they_show() -> None:
    first = reading.Reading("Bezig", "/ict", poll="x")
    assert reading.print_of(first) == reading.print_of(reading.Reading("Bezig", "/ict", poll="y"))
    assert reading.print_of(first)[0] != reading.print_of(reading.Reading("Klaar", "/ict"))[0]
