"""Klopt er iets niet? From the overview to the one who repairs it and back, with no one's data in an address."""

import logging
from datetime import timedelta

import pytest

from schakel.access.register import assign
from schakel.access.roles import Role
from schakel.distribute import wrong_data
from schakel.distribute.products import write_product
from schakel.distribute.wrong_data import WrongData
from schakel.lib import clock
from schakel.portal.pages import manager, mine, supply
from schakel.portal.pages import wrong_data as wrong_pages
from tests.desk import Desk
from tests.portal.conftest import Seen, browser

pytestmark = pytest.mark.django_db
FORM, SEND = "/overzichten/late/melden", "/overzichten/late/melden/doen"
WORDS = {"kolom": "keren", "fout": "Zebedea Quist staat er dubbel", "goed": "één keer"}


@pytest.fixture
def clerks(room: Desk) -> Desk:
    """The small board, where the information manager finds who repairs: no source says who does."""
    columns = [{"key": "first_name", "nl": "Voornaam"}, {"key": "keren", "nl": "Keren"}]
    write_product(room.manager, "late", columns=columns)
    return room


def seen(answer):
    return Seen(answer.content.decode())


def reported(room, who="leraar-A1", **words):
    answer = browser(room.people[who]).post(SEND, {**WORDS, **words})
    assert answer.status_code == 302
    return WrongData.objects.latest("pk"), answer.headers["Location"]


def test_the_panel_leads_to_the_form(clerks):
    page = seen(browser(clerks.people["leraar-A1"]).get("/overzichten/late"))
    assert FORM in [a.get("href") for a in page.all("a")]


def test_the_form_names_who_reads_it_and_each_column(clerks):
    page = seen(browser(clerks.people["leraar-A1"]).get(FORM))
    assert page.title.startswith("Wat klopt er niet?")
    assert [o.get("value") for o in page.all("option")] == ["first_name", "keren", ""]
    assert "dit gaat naar: informatiemanager" in page.text.casefold()
    assert "KindpA" not in page.text
    form = next(f for f in page.all("form") if f.get("action") == SEND)
    assert form["method"] == "post"


def test_reporting_leads_to_the_report(clerks):
    item, place = reported(clerks)
    assert place == f"/meldingen/{item.pk}"
    page = seen(browser(clerks.people["leraar-A1"]).get(place))
    for words in ("Zebedea Quist staat er dubbel", "één keer", "Keren", "Gemeld"):
        assert words in page.text
    assert "Zebedea" not in page.title
    assert not [a for tag in ("a", "form") for a in page.all(tag) if "Zebedea" in str(a)]


def test_nothing_written_is_named_and_the_rest_stays(clerks):
    answer = browser(clerks.people["leraar-A1"]).post(SEND, {**WORDS, "fout": "   "})
    assert answer.status_code == 422
    page = seen(answer)
    assert "Schrijf wat er niet klopt." in page.text
    assert "één keer" in page.text
    assert [o["value"] for o in page.all("option") if "selected" in o] == ["keren"]
    assert not WrongData.objects.exists()


@pytest.mark.parametrize("who", ["outsider", "bestuurder", "board_member", "ict_manager"])
def test_who_does_not_see_the_overview_reports_nothing_about_it(clerks, who):
    client = browser(clerks.people[who])
    for answer in (client.get(FORM), client.post(SEND, WORDS)):
        assert answer.status_code == 403
        assert "Waarom zie ik dit niet?" in answer.content.decode()
    assert not WrongData.objects.exists()


def test_an_overview_that_does_not_exist_is_a_page(clerks):
    client = browser(clerks.people["leraar-A1"])
    assert client.get("/overzichten/nergens/melden").status_code == 404
    assert client.post("/overzichten/nergens/melden/doen", WORDS).status_code == 404


def test_a_made_up_column_is_refused(clerks):
    answer = browser(clerks.people["leraar-A1"]).post(SEND, {**WORDS, "kolom": "password"})
    assert answer.status_code == 403
    assert "Deze kolom staat niet in het overzicht" in answer.content.decode()
    assert not WrongData.objects.exists()


def test_who_repairs_sees_it_at_the_front_door_and_moves_it(clerks):
    item, place = reported(clerks)
    client = browser(clerks.manager)
    titles = [todo.title for todo in manager.page(clerks.manager, {}).todo.items]
    assert "Eén melding wacht op u" in titles
    assert "Eén melding wacht op u" in seen(client.get("/meldingen")).title
    assert "Zebedea Quist" in seen(client.get(place)).text
    client.post(f"{place}/oppakken")
    assert "Wordt hersteld" in seen(browser(clerks.people["leraar-A1"]).get(place)).text
    client.post(f"{place}/hersteld", {"tekst": "De dubbele rij is weg."})
    page = seen(browser(clerks.people["leraar-A1"]).get("/mijn"))
    assert "Hersteld" in page.text
    assert "De dubbele rij is weg." in seen(browser(clerks.people["leraar-A1"]).get(place)).text
    assert "Er wacht geen melding op u" in seen(client.get("/meldingen")).title


def test_the_door_of_ict_shows_what_is_for_ict(clerks):
    ict = clerks.people["ict_manager"]
    item, _place = reported(clerks)
    assert not [todo for todo in supply.page(ict, {}).todo.items if "melding" in todo.title]
    assign(clerks.manager, ict, Role.objects.get(key=item.role.key), clock.today() - timedelta(days=1))
    assert [todo for todo in supply.page(ict, {}).todo.items if todo.title == "Eén melding wacht op u"]


def test_declining_needs_a_reason_and_the_reporter_reads_it(clerks):
    _item, place = reported(clerks)
    client = browser(clerks.manager)
    assert client.post(f"{place}/afwijzen", {"reden": " "}).status_code == 403
    client.post(f"{place}/afwijzen", {"reden": "Zij komt echt twee keer."})
    page = seen(browser(clerks.people["leraar-A1"]).get(place))
    assert "Niet hersteld" in page.text
    assert "Zij komt echt twee keer." in page.text
    assert client.post(f"{place}/oppakken").status_code == 403


@pytest.mark.parametrize("who", ["leraar-B1", "mentor-B1", "board_member", "privacy_officer", "outsider"])
def test_for_anyone_else_it_does_not_exist(clerks, who):
    _item, place = reported(clerks)
    client = browser(clerks.people[who])
    answers = [client.get(place), *(client.post(f"{place}/{step}", {"reden": "x"}) for step in STEPS)]
    assert [answer.status_code for answer in answers] == [404] * 4
    assert not [answer for answer in answers if "Zebedea" in answer.content.decode()]
    for door in ("/meldingen", "/mijn"):
        assert place not in client.get(door).content.decode()


STEPS = ("oppakken", "hersteld", "afwijzen")


def test_the_reporter_has_no_buttons(clerks):
    _item, place = reported(clerks)
    client = browser(clerks.people["leraar-A1"])
    actions = [form.get("action") for form in seen(client.get(place)).all("form")]
    assert not [action for action in actions if str(action).startswith("/meldingen")]
    assert client.post(f"{place}/hersteld").status_code == 403


def test_what_was_written_is_in_no_log_and_no_line(clerks, caplog):
    caplog.set_level(logging.DEBUG)
    _item, place = reported(clerks)
    browser(clerks.manager).post(f"{place}/afwijzen", {"reden": "Zebedea bestaat."})
    own = [record.getMessage() for record in caplog.records if not record.name.startswith("django.db")]
    assert not [text for text in own if "Zebedea" in text]
    assert "Zebedea" not in browser(clerks.manager).get("/logboek").content.decode()


def test_a_report_whose_words_were_erased_says_so(clerks):
    item, place = reported(clerks)
    wrong_data.repaired(clerks.manager, item.pk)
    with clock.held_at(clock.today() + timedelta(days=120)):
        wrong_data.erase()
    page = seen(browser(clerks.people["leraar-A1"]).get(place))
    assert "bewaartermijn is voorbij" in page.text
    assert "Zebedea" not in page.text


def test_script_in_a_report_is_words(clerks):
    _item, place = reported(clerks, fout="<script>alert(1)</script>")
    assert "<script>alert" not in browser(clerks.manager).get(place).content.decode()


def test_the_one_who_repairs_reads_that_it_is_for_them_and_the_reporter_for_whom_it_waits(clerks):
    _item, place = reported(clerks)
    assert "Deze melding is voor u." in seen(browser(clerks.manager).get(place)).text
    own = seen(browser(clerks.people["leraar-A1"]).get(place)).text
    assert "Wacht op informatiemanager." in own
    assert "voor u" not in own


def test_a_front_door_does_not_say_that_nothing_asks_for_you_while_a_report_does(clerks):
    colleague = clerks.people["leraar-B1"]
    assign(clerks.manager, colleague, Role.objects.get(key="information_manager"), clock.today())
    assert mine.page(colleague).head.title == "Niets vraagt vandaag om uw aandacht"
    reported(clerks)
    assert mine.page(colleague).head.title == "Eén melding wacht op u"
    assert mine.page(clerks.people["leraar-A1"]).head.title == "Niets vraagt vandaag om uw aandacht"


def test_the_answer_stays_on_the_door_of_who_reported_for_two_weeks(clerks):
    item, _place = reported(clerks)
    wrong_data.repaired(clerks.manager, item.pk, "De dubbele is weg.")
    reporter = clerks.people["leraar-A1"]
    assert [door.state.word for door in wrong_pages.near(reporter).items] == ["Hersteld"]
    with clock.held_at(clock.today() + timedelta(days=13)):
        assert wrong_pages.near(reporter) is not None
    with clock.held_at(clock.today() + timedelta(days=16)):
        assert wrong_pages.near(reporter) is None
