"""Changes and consultations on the page: plan, do, wait, drop; agenda, resolutions, minutes, PDF."""

from datetime import date, timedelta

import pytest

from schakel.access.register import put
from schakel.chain import meetings, realising
from schakel.chain.consultation import Consultation, Meeting, Resolution
from schakel.chain.realising import Change
from schakel.lib import clock
from schakel.portal.pages.changes import month
from tests.portal.conftest import Seen

pytestmark = pytest.mark.django_db


def seen(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status, address
    return Seen(answer.content.decode())


@pytest.fixture
def item(board):
    return realising.add(board.people["ict_manager"], "Vervang de oude koppeling", "link")


@pytest.fixture
def talk(board):
    fields = {"nl": "Proefoverleg", "en": "Trial meeting", "level": "tactical", "rhythm": "monthly"}
    return put(board.people["information_manager"], "consultation.write", Consultation, "proef-overleg", **fields)[0]


def test_a_change_from_proposal_to_done(step_in, board, item):
    client, page = step_in("ict_manager"), f"/wijzigingen/{item.pk}"
    due = clock.today() + timedelta(days=10)
    form = {"wie": board.people["ict_manager"].pk, "uiterlijk": due.isoformat(), "uren": "1,5"}
    form["opmerking"] = "na de toetsweek"
    assert client.post(f"{page}/plannen", form).status_code == 302
    shown = seen(client, page)
    assert "Gepland" in shown.text
    assert "na de toetsweek" in shown.text
    assert client.post(f"{page}/beginnen").status_code == 302
    assert client.post(f"{page}/klaar").status_code == 302
    item.refresh_from_db()
    assert item.state == "done"
    assert "Klaar" in seen(client, page).text


def test_the_board_by_state(step_in, board, item):
    page = seen(step_in("information_manager"), "/wijzigingen")
    assert "Vervang de oude koppeling" in page.text
    assert [h for h in ("Voorgesteld", "Gepland", "In uitvoering") if h not in page.text] == []


def test_late_is_said(step_in, board, item):
    ict = board.people["ict_manager"]
    realising.plan(ict, item, owner=ict, due_on=clock.today() - timedelta(days=1), effort_hours=None, note="")
    assert "te laat" in seen(step_in("information_manager"), "/wijzigingen").title
    assert "Te laat" in seen(step_in("information_manager"), f"/wijzigingen/{item.pk}").text


@pytest.mark.parametrize(
    ("step", "form"),
    [("plannen", {"uren": "veel"}), ("plannen", {"uiterlijk": "morgen"}), ("plannen", {"uren": "-4"}),
     ("vervallen", {"reden": " "}), ("wachten", {"op": ""}), ("wachten", {"op": "x"})],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_with_a_sentence(step_in, item, step, form):
    assert step_in("ict_manager").post(f"/wijzigingen/{item.pk}/{step}", form).status_code == 403
    item.refresh_from_db()
    assert item.state == "proposed"


@pytest.mark.parametrize("form", [{"wie": "99999999"}, {"wie": "abc"}])
def test_a_person_who_is_not_there(step_in, item, form):
    assert step_in("ict_manager").post(f"/wijzigingen/{item.pk}/plannen", form).status_code == 404


def test_waiting_takes_the_buttons_away(step_in, board, item):
    other = realising.add(board.people["ict_manager"], "Eerst dit")
    client = step_in("ict_manager")
    assert client.post(f"/wijzigingen/{item.pk}/wachten", {"op": other.pk}).status_code == 302
    page = seen(client, f"/wijzigingen/{item.pk}")
    assert "Eerst dit" in page.text
    assert "Begin eraan" not in page.text
    assert client.post(f"/wijzigingen/{item.pk}/beginnen").status_code == 403
    assert client.post(f"/wijzigingen/{other.pk}/wachten", {"op": item.pk}).status_code == 403


@pytest.mark.parametrize("who", ["teacher", "board_member", "outsider"])
def test_who_only_looks_sees_no_buttons(step_in, item, who):
    page = seen(step_in(who), f"/wijzigingen/{item.pk}")
    assert "Sla plan op" not in page.text
    assert step_in(who).post(f"/wijzigingen/{item.pk}/klaar").status_code == 403


def test_a_change_that_is_not_there(step_in, board):
    assert step_in("ict_manager").get("/wijzigingen/99999999").status_code == 404


@pytest.mark.parametrize("chosen", ["", "2026-13", "abc", "2026-12-01", "9999-99", "-1-1", "2026-12"])
def test_the_calendar_of_any_month(board, chosen):
    page = month(chosen)
    assert len(page.weekdays) == 7
    assert all(len(week) == 7 for week in page.weeks)


def test_a_month_is_named_whole_and_an_empty_one_says_so(board):
    assert month("2031-02").head.title == "In februari 2031 staat nog niets"
    assert [link.label for link in (month("2031-01").before, month("2031-01").after)] == [
        "december 2030",
        "februari 2031",
    ]


def test_a_month_with_something_in_it_counts_it(board, item):
    ict = board.people["ict_manager"]
    realising.plan(ict, item, owner=ict, due_on=date(2031, 2, 5), effort_hours=None, note="")
    assert month("2031-02").head.title == "Eén ding staat in februari 2031"


def test_what_is_due_stands_on_its_day(step_in, board, item):
    due = clock.today() + timedelta(days=3)
    ict = board.people["ict_manager"]
    realising.plan(ict, item, owner=ict, due_on=due, effort_hours=None, note="")
    page = seen(step_in("teacher"), f"/wijzigingen/kalender?maand={due:%Y-%m}")
    assert item.number in page.text


def sitting(talk):
    return f"/overleg/{talk.key}/{clock.today().isoformat()}"


def test_an_agenda_before_anything_is_written(step_in, talk):
    page = seen(step_in("teacher"), sitting(talk))
    assert "Agenda van Proefoverleg" in page.title
    assert "Leg besluit vast" not in page.text
    assert not Meeting.objects.exists()


def test_a_resolution_becomes_a_change(step_in, board, talk):
    client = step_in("information_manager")
    form = {"besluit": "Wij vervangen het LAS.", "over": "informationneed:absence_16h", "actie": "Vraag offertes",
            "wie": board.people["ict_manager"].pk, "uiterlijk": "2027-01-15"}  # fmt: skip
    assert client.post(f"{sitting(talk)}/besluiten", form).status_code == 302
    item = Change.objects.get(title="Vraag offertes")
    assert item.resolution.text == "Wij vervangen het LAS."
    assert (item.resolution.about_kind, item.resolution.about_key) == ("informationneed", "absence_16h")
    page = seen(client, sitting(talk))
    assert "Wij vervangen het LAS." in page.text
    assert "Waarover het gaat" in page.text  # it did not stand on this agenda
    assert item.number in page.text
    assert "Proefoverleg" in seen(client, f"/wijzigingen/{item.pk}").text


def test_what_a_resolution_is_about_is_named_as_on_the_agenda(step_in, board, talk):
    client = step_in("information_manager")
    client.post(f"{sitting(talk)}/besluiten", {"besluit": "Eerst tekenen.", "over": "informationneed:results_overview"})
    page = seen(client, sitting(talk))
    assert page.text.count("In welke leerjaren en bij welke toetsen") >= 3  # agenda, the choice in the form, resolution
    assert "Waarover het gaat" not in page.text


def test_closed_minutes_stay(step_in, talk):
    client = step_in("information_manager")
    assert client.post(f"{sitting(talk)}/sluiten", {"verslag": ""}).status_code == 403
    assert client.post(f"{sitting(talk)}/sluiten", {"verslag": "Kort overleg."}).status_code == 302
    page = seen(client, sitting(talk))
    assert "Verslag van Proefoverleg" in page.title
    assert "Kort overleg." in page.text
    assert "op de agenda" in page.text
    assert "aandacht." not in page.text
    assert client.post(f"{sitting(talk)}/sluiten", {"verslag": "Anders."}).status_code == 403
    assert client.post(f"{sitting(talk)}/besluiten", {"besluit": "Achteraf."}).status_code == 403
    assert not Resolution.objects.exists()


@pytest.mark.parametrize(
    "address",
    ["/overleg/bestaat-niet/2026-12-01", "/overleg/proef-overleg/morgen", "/overleg/proef-overleg/2026-99-99"],
)
def test_a_sitting_that_cannot_be(step_in, talk, address):
    assert step_in("information_manager").get(address).status_code == 404
    assert step_in("information_manager").post(f"{address}/besluiten", {"besluit": "x"}).status_code == 404


def test_the_agenda_as_pdf(step_in, board, talk):
    client = step_in("information_manager")
    client.post(f"{sitting(talk)}/besluiten", {"besluit": "Wij <b>kiezen</b> A & B."})
    answer = client.get(f"{sitting(talk)}.pdf")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert len(answer.content) > 5000


def test_a_pdf_reads_nothing_but_our_own_files():
    from schakel.portal.printing import STATIC, ours

    assert ours(f"{STATIC.as_uri()}/schakel/pdf.css")
    base = STATIC.as_uri()
    outside = [f"{base}/../config/settings.py", f"{base}/%2e%2e/config/settings.py", "file:///etc/passwd"]
    elsewhere = ["http://127.0.0.1/x", "https://example.org", "data:text/css,x", "", "schakel/pdf.css"]
    assert [url for url in [*outside, *elsewhere] if ours(url)] == []


def test_all_meetings_under_their_level(step_in, board, talk):
    meetings.convene(board.people["information_manager"], talk, clock.today())
    page = seen(step_in("information_manager"), "/overleg")
    assert "Proefoverleg" in page.text
    assert "Tactisch" in page.text
