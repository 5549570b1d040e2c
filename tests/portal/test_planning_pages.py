"""When a source is read and whom to call, how each reading went, and days without school."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from schakel.access.audit import AuditLine
from schakel.access.register import put
from schakel.chain.elements import SourceOfRecord
from schakel.chain.systems import System
from schakel.collect import alerts, schedules
from schakel.collect.holidays import FreeDay
from schakel.collect.sources import Source
from schakel.lib import clock
from schakel.lib.text import spoken
from schakel.portal import figures
from schakel.portal.pages import free_days, planning, runs, supply
from schakel.portal.pages import source as one
from schakel.portal.pages.sources import read
from tests.desk import Desk
from tests.portal.conftest import browser
from tests.portal.supplies import HOSTILE, reading, source, words

HOUR = timedelta(hours=1)
PLAN = {"how": "school", "time": "06:30", "weekday": "0", "cron": "", "region": "midden"}


@pytest.fixture
def ict(room: Desk) -> Iterator[Client]:
    source(room)
    yield browser(room.people["ict_manager"])


def of_las() -> Source:
    found: Source = Source.objects.get(key="las")
    return found


def relied_on(room: Desk) -> None:
    """What absence is, comes from this source: two needs rest on it, each school day before 7:30."""
    element = room.element("absence.kind")
    system = System.objects.get(key="s-las")
    put(room.manager, "element.write", SourceOfRecord, "absence.kind@s-las", element=element, system=system)


# Planning


@pytest.mark.parametrize(
    ("sent", "cron", "skips", "said"),
    [
        (PLAN, "30 6 * * 1-5", True, "elke schooldag om 06.30 uur, niet in de vakantie (regio midden)"),
        (PLAN | {"how": "daily"}, "30 6 * * *", False, "elke dag om 06.30 uur"),
        (PLAN | {"how": "weekly", "weekday": "4"}, "30 6 * * 5", False, "elke week op vrijdag om 06.30 uur"),
        (
            PLAN | {"how": "weekly", "not_in_holidays": "1"},
            "30 6 * * 1",
            True,
            "elke week op maandag om 06.30 uur, niet in de vakantie (regio midden)",
        ),
        (PLAN | {"how": "own", "cron": "0 6 1 * *"}, "0 6 1 * *", False, "volgens de cronregel 0 6 1 * *"),
        (PLAN | {"how": ""}, "", False, "zodra er een nieuw bestand in de inbox ligt"),
    ],
)
def test_a_choice_is_kept_and_said_back(ict: Client, sent: dict, cron: str, skips: bool, said: str) -> None:
    answer = ict.post("/bronnen/las/planning/opslaan", sent)
    assert (answer.status_code, answer.headers.get("Location")) == (302, "/bronnen/las")
    kept = of_las()
    assert (kept.cron, kept.not_in_holidays) == (cron, skips)
    assert planning.planned(kept, None) == said
    assert said in words(ict.get("/bronnen/las/planning"))
    assert figures.capital(said) in words(ict.get("/bronnen/las"))


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        (PLAN | {"region": ""}, "vakantieregio"),
        (PLAN | {"region": "west"}, "vakantieregio"),
        (PLAN | {"time": "half zeven"}, "Vul een tijd in"),
        (PLAN | {"how": "own", "cron": ""}, "Vul de cronregel in"),
        (PLAN | {"how": "own", "cron": "* * * * *"}, "elke vijf minuten"),
        (PLAN | {"how": "own", "cron": HOSTILE}, "vijf velden"),
        (PLAN | {"how": "soms"}, "Kies een planning"),
        (PLAN | {"how": "weekly", "weekday": "9"}, "Kies een planning"),
    ],
)
def test_what_cannot_be_kept_is_said_and_stays_filled_in(ict: Client, sent: dict, says: str) -> None:
    lines = AuditLine.objects.count()
    answer = ict.post("/bronnen/las/planning/opslaan", sent)
    assert answer.status_code == 422
    assert says in words(answer)
    assert "Niet bewaard." in words(answer)
    assert HOSTILE not in answer.content.decode()
    assert of_las().cron == ""
    assert AuditLine.objects.count() == lines


def test_the_form_shows_what_is_kept(ict: Client) -> None:
    ict.post("/bronnen/las/planning/opslaan", PLAN | {"how": "weekly", "weekday": "4"})
    page = planning.page(of_las())
    assert (page.values["how"], page.values["time"], page.values["weekday"]) == ("weekly", "06:30", "4")
    ict.post("/bronnen/las/planning/opslaan", PLAN | {"how": "own", "cron": "0 6 1 * *"})
    assert planning.page(of_las()).values["how"] == "own"


def test_the_region_of_another_source_is_proposed(ict: Client, room: Desk) -> None:
    ict.post("/bronnen/las/planning/opslaan", PLAN | {"region": "zuid"})
    assert planning.page(source(room, "b")).values["region"] == "zuid"


# On or off


def test_a_source_is_switched_off_and_on_again(ict: Client) -> None:
    assert "Zet deze bron uit" in words(ict.get("/bronnen/las/planning"))
    assert ict.post("/bronnen/las/aan-of-uit/opslaan", {"aan": "0"}).status_code == 302
    assert of_las().active is False
    line = AuditLine.objects.latest("number")
    assert (line.action, line.facts["changed"]["active"]) == ("source.write", [True, False])
    page = words(ict.get("/bronnen/las"))
    assert "Bron las staat uit" in page
    assert "Deze bron staat uit." in page
    assert "Lees nu" not in page
    assert "Probeer zonder te bewaren" not in page
    every = ict.get("/bronnen")
    assert "Staan uit: Bron las" in words(every), "there is a way back to it"
    assert ict.post("/bronnen/las/aan-of-uit/opslaan", {"aan": "1"}).status_code == 302
    assert of_las().active is True
    assert "Staan uit" not in words(ict.get("/bronnen"))
    assert "Lees nu" in words(ict.get("/bronnen/las"))


@pytest.mark.parametrize(("who", "offered"), [("ict_manager", True), ("board_member", False)])
def test_only_who_may_switch_it_is_shown_the_way(ict: Client, room: Desk, who: str, offered: bool) -> None:
    ict.post("/bronnen/las/aan-of-uit/opslaan", {"aan": "0"})
    page = words(browser(room.people[who]).get("/bronnen/las"))
    assert "Deze bron staat uit." in page
    assert ("Aan of uit" in page) is offered


def test_what_is_off_does_not_change_by_asking_twice(ict: Client) -> None:
    ict.post("/bronnen/las/aan-of-uit/opslaan", {"aan": "0"})
    ict.post("/bronnen/las/aan-of-uit/opslaan", {})
    assert of_las().active is False
    assert ict.post("/bronnen/weg/aan-of-uit/opslaan", {"aan": "0"}).status_code == 404


# Contact and credentials


def test_whom_to_call_is_kept_and_shown(ict: Client, room: Desk) -> None:
    put(room.manager, "system.write", System, "s-las", supplier="Softwarehuis")
    sent = {"contact_name": "Servicedesk", "contact_email": "desk@huis.example", "contact_phone": "085 000 0000"}
    assert ict.post("/bronnen/las/contact/opslaan", sent | {"credentials_expire_on": "2027-01-31"}).status_code == 302
    page = ict.get("/bronnen/las")
    assert "Softwarehuis, Servicedesk, 085 000 0000." in words(page)
    assert 'href="mailto:desk@huis.example"' in page.content.decode()
    assert "Geldig tot 31 jan 2027." in words(page)
    line = AuditLine.objects.latest("number")
    assert line.action == "source.write"
    assert line.facts["changed"]["contact_name"] == ["", "Servicedesk"]


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"contact_email": "geen adres"}, "mailadres"),
        ({"contact_phone": "0" * 50}, "te lang"),
        ({"credentials_expire_on": "31-01-2027"}, "geen dag"),
    ],
)
def test_a_contact_that_cannot_be(ict: Client, sent: dict, says: str) -> None:
    answer = ict.post("/bronnen/las/contact/opslaan", sent)
    assert answer.status_code == 422
    assert says in words(answer)
    assert of_las().contact_email == ""


@pytest.mark.parametrize(
    ("day", "tone"), [(None, "unk"), (date(2026, 1, 1), "bad"), (date(2026, 12, 1), "warn"), (date(2099, 1, 1), "ok")]
)
def test_how_it_stands_with_credentials(room: Desk, day: date | None, tone: str) -> None:
    assert planning.expiry(Source(credentials_expire_on=day), None).tone == tone


def test_what_expires_stands_on_the_door(ict: Client, room: Desk) -> None:
    soon = clock.today() + timedelta(days=10)
    put(room.manager, "source.write", Source, "las", credentials_expire_on=soon)
    ending = supply.page(room.people["ict_manager"], {}).ending
    assert ending is not None
    assert [(event.title, event.state.word) for event in ending.items] == [
        ("Inloggegevens van bron Bron las", "nog 10 dagen")
    ]  # fmt: skip


@pytest.mark.parametrize("who", ["board_member", "privacy_officer", "teacher"])
def test_who_only_looks_changes_nothing(ict: Client, room: Desk, who: str) -> None:
    client = browser(room.people[who])
    assert client.get("/bronnen/las/planning").status_code == 403
    for address in ("planning/opslaan", "contact/opslaan", "proberen", "aan-of-uit/opslaan"):
        assert client.post(f"/bronnen/las/{address}", PLAN).status_code == 403
    assert of_las().cron == ""
    if who != "teacher":
        page = client.get("/bronnen/las").content.decode()
        assert "Afspraken" in page
        assert "/bronnen/las/planning" not in page


# The promise


def test_the_page_says_by_when_and_why(ict: Client, room: Desk) -> None:
    relied_on(room)
    reading(room, of_las(), hours=1)
    text = words(ict.get("/bronnen/las"))
    assert re.search(r"Moet er (morgen|vandaag|\w+) om 07\.30 uur zijn, want B-\d{4}: Wat is", text)
    assert "2 behoeften" in text
    assert "elke schooldag voor 07:30" in text


def test_nobody_relies_on_it(ict: Client, room: Desk) -> None:
    """What an approved need names is kept, whoever's application it is; of what nobody names nothing is."""
    text = words(ict.get("/bronnen/las"))
    assert "Geen goedgekeurde behoefte rekent op de applicatie van deze bron" in text
    assert "Klopt de applicatie van deze bron?" in text and "Er wordt niets van bewaard" not in text
    put(room.manager, "source.write", Source, "las", layout="financien")
    text = words(ict.get("/bronnen/las"))
    assert "Er wordt niets van bewaard" in text and "Klopt de applicatie" not in text


def test_a_promise_in_danger_is_the_note_of_the_page(ict: Client, room: Desk) -> None:
    relied_on(room)
    reading(room, of_las(), hours=24 * 20)
    notes = one.page(room.people["ict_manager"], "las", {}).notes
    assert [note.tone for note in notes] == ["bad"]
    assert notes[0].strong == "De belofte is niet gehaald."
    reading(room, of_las(), "failed", message="Kapot.", hours=24 * 19)
    found = one.page(room.people["ict_manager"], "las", {})
    assert len(found.notes) == 1, "that it failed is said once, in its own words"
    assert found.note is not None
    assert found.note.text == "Kapot."


def test_alerts_stand_on_the_door_of_ict(ict: Client, room: Desk) -> None:
    of = of_las()
    reading(room, of, hours=1)
    alerts.begin(of, "overdue", None, clock.now())
    titles = [item.title for item in supply.page(room.people["ict_manager"], {}).todo.items]
    assert "De gegevens van Bron las zijn te laat" in titles
    alerts.end(alerts.Alert.objects.get())
    titles = [item.title for item in supply.page(room.people["ict_manager"], {}).todo.items]
    assert "De gegevens van Bron las zijn te laat" not in titles


def test_plans_that_cannot_keep_it_are_one_line(ict: Client, room: Desk) -> None:
    for key in ("las", "b", "c"):
        of = source(room, key)
        reading(room, of, hours=1)
        alerts.begin(of, "planned", None, None)
    found = [i for i in supply.page(room.people["ict_manager"], {}).todo.items if "minder vaak" in i.title]
    assert [item.title for item in found] == ["Drie bronnen komen minder vaak dan is beloofd"]


def test_a_planned_source_is_not_late_over_a_week_end(room: Desk) -> None:
    monday = datetime(2026, 12, 7, 5, 0, tzinfo=clock.AMSTERDAM)
    of = schedules.plan(room.manager, source(room), "0 6 * * 1-5", not_in_holidays=True, region="midden")
    with clock.held_at(monday):
        reading(room, of, hours=71)
        assert [item.late for item in read() if item.source.key == "las"] == [False]
    with clock.held_at(monday + 4 * HOUR):
        assert [item.late for item in read() if item.source.key == "las"] == [True]


# How each reading went


@pytest.mark.parametrize(
    ("state", "more", "says"),
    [
        ("good", {"rows_read": 1234}, "Bron las: 1.234 rijen gelezen in 3,0 seconden, en elke rij kwam binnen"),
        ("repaired", {"rows_read": 9, "rows_quarantined": 2}, "9 rijen gelezen in 3,0 seconden, waarvan 2 in"),
        ("repaired", {"rows_read": 9, "findings": 4}, "met 4 bevindingen"),
        ("unchanged", {}, "er was niets nieuws"),
        ("stopped", {"message": "Een sleutel."}, "aan de deur tegengehouden"),
        ("failed", {"message": "Kapot."}, "kwam niet binnen"),
        ("interrupted", {"message": "Stroom weg."}, "niets half bewaard"),
    ],
)
def test_each_reading_in_one_sentence_and_its_details(
    ict: Client, room: Desk, state: str, more: dict, says: str
) -> None:
    run = reading(room, of_las(), state, file_name=HOSTILE, **more)
    page = ict.get(f"/bronnen/las/keren/{run.pk}")
    assert says in words(page)
    assert HOSTILE not in page.content.decode()
    every = words(ict.get("/bronnen/las/keren"))
    assert more.get("message", figures.capital(says.removeprefix("Bron las: "))) in every or says in every
    assert f"/bronnen/las/keren/{run.pk}" in ict.get("/bronnen/las").content.decode()
    with spoken("en"):
        assert runs.sentence(run) != ""


def test_the_details_say_why_and_what_comes(ict: Client, room: Desk) -> None:
    now = clock.now()
    run = reading(room, of_las(), "failed", message="Storing.", planned_for=now - HOUR, attempt=2, retry_at=now + HOUR)
    items = {item.term: item.text for item in runs.one_page("las", run.pk).items}
    assert items["Poging"] == "2"
    assert items["Waarom toen"].startswith("gepland: ")
    text = words(ict.get(f"/bronnen/las/keren/{run.pk}"))
    assert "Schakel probeert het" in text
    assert "Gelezen rijen" not in text, "of what did not come in nothing was counted"
    asked = reading(room, of_las(), asked_by=room.people["ict_manager"])
    assert {i.term: i.text for i in runs.one_page("las", asked.pk).items}["Waarom toen"].endswith("vroeg erom")


def test_a_reading_of_another_source_is_not_here(ict: Client, room: Desk) -> None:
    other = reading(room, source(room, "b"))
    assert ict.get(f"/bronnen/las/keren/{other.pk}").status_code == 404
    assert ict.get("/bronnen/nergens/keren").status_code == 404


def test_without_any_reading(ict: Client) -> None:
    assert "Bron las is nog niet gelezen" in words(ict.get("/bronnen/las/keren"))


def test_every_state_can_be_chosen(ict: Client, room: Desk) -> None:
    for state in ("good", "failed"):
        reading(room, of_las(), state)
    assert len(runs.page("las", {"r-stand": "failed"}).table.rows) == 1
    assert len(runs.page("las", {}).table.rows) == 2
    assert runs.page("las", {}).head.title == "Bron las kwam 1 van de 2 keer niet binnen"


# Days without school


def test_what_is_free_is_listed(ict: Client) -> None:
    text = words(ict.get("/vrije-dagen"))
    assert "Kerstvakantie" in text
    assert "rijksoverheid.nl" in text
    assert "bekend tot en met zondag 20 augustus 2028" in text
    assert "Goede Vrijdag" not in text


def test_own_days_are_added_and_taken_away(ict: Client) -> None:
    sent = {"name": "Studiedag <b>", "first": "2026-11-30", "last": ""}
    assert ict.post("/vrije-dagen/toevoegen", sent).status_code == 302
    (free,) = FreeDay.objects.all()
    assert (free.first, free.last) == (date(2026, 11, 30), date(2026, 11, 30))
    page = ict.get("/vrije-dagen").content.decode()
    assert "Studiedag &lt;b&gt;" in page
    assert ict.post(f"/vrije-dagen/{free.pk}/weggooien").status_code == 302
    assert not FreeDay.objects.exists()
    assert ict.post(f"/vrije-dagen/{free.pk}/weggooien").status_code == 404


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"name": "", "first": "2026-11-30"}, "een naam"),
        ({"name": "x", "first": "morgen"}, "geen dag"),
        ({"name": "x", "first": "2026-11-30", "last": "2026-11-29"}, "niet voor de eerste"),
    ],
)
def test_days_that_cannot_be(ict: Client, sent: dict, says: str) -> None:
    answer = ict.post("/vrije-dagen/toevoegen", sent)
    assert answer.status_code == 422
    assert says in words(answer)
    assert not FreeDay.objects.exists()


def test_the_board_looks_and_does_not_change(room: Desk) -> None:
    client = browser(room.people["board_member"])
    assert "Voeg toe" not in words(client.get("/vrije-dagen"))
    assert client.post("/vrije-dagen/toevoegen", {"name": "x", "first": "2026-11-30"}).status_code == 403


def test_after_the_last_known_holiday_it_says_so(room: Desk) -> None:
    with clock.held_at(date(2029, 1, 1)):
        assert free_days.page(room.manager, {}).head.title == "De schoolvakanties van nu zijn niet bekend"


# Words


@pytest.mark.parametrize(
    ("hours", "says"),
    [(0, "vandaag om"), (24, "morgen om"), (-24, "gisteren om"), (72, "donderdag om"), (24 * 30, "23 dec om")],
)
def test_a_moment_to_come_in_words(hours: int, says: str) -> None:
    with clock.held_at(datetime(2026, 11, 23, 9, 0, tzinfo=clock.AMSTERDAM)):
        text = figures.coming(clock.now() + hours * HOUR)
    assert text == f"{says} 09.00 uur"
