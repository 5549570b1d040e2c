"""What is expected of a person, the page of a role, and what its neighbours do, need and worry about."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from schakel.access.changes import change
from schakel.access.register import add_person, assign
from schakel.access.roles import Role, RoleAssignment
from schakel.chain.consultation import Consultation, ConsultationRole, Meeting
from schakel.chain.dividing import give
from schakel.chain.needs import InformationNeed
from schakel.chain.realising import Change
from schakel.lib import clock
from tests.chain.divided import area, divide, role
from tests.conftest import Board
from tests.portal.conftest import Seen, Step

pytestmark = pytest.mark.django_db
OWN = "/mijn/verwacht"
END = " – Schakel"


def seen(client: Client, address: str = OWN, status: int = 200) -> Seen:
    answer = client.get(address)
    assert answer.status_code == status, address
    return Seen(answer.content.decode())


@pytest.fixture
def divided(board: Board) -> Board:
    divide(board.people["information_manager"])
    return board


def links(page: Seen) -> set[str | None]:
    return {a.get("href") for a in page.all("a")}


def test_the_roles_of_the_roster_are_on_ones_own_page_only(board: Board, step_in: Step) -> None:
    mentor = board.people["mentor"]
    own = seen(step_in("mentor"))
    assert "uit het rooster" in own.text
    assert "/rollen/mentor" in links(own)
    others = seen(step_in("teacher"), f"/collega/{mentor.pk}")
    assert "uit het rooster" not in others.text
    assert "/rollen/mentor" not in links(others)
    assert "Geen rol vandaag" in others.text


def test_a_role_of_the_register_has_its_dates(board: Board, step_in: Step) -> None:
    start = RoleAssignment.objects.get(role__key="ict_manager", person=board.people["ict_manager"]).start
    page = seen(step_in("teacher"), f"/collega/{board.people['ict_manager'].pk}")
    assert "ICT-manager" in page.text
    assert f"sinds {start.day}" in page.text
    assert "het hele bestuur" in page.text


def test_responsibilities_are_said_by_letter_in_plain_words(divided: Board, step_in: Step) -> None:
    page = seen(step_in("board_member"))
    assert "Eindverantwoordelijk voor de inhoud van" in page.text
    assert "/verantwoordelijkheden/area/need_approve" in links(page)
    give(divided.people["information_manager"], role("board_member"), area("need_approve"), "content", "")
    give(divided.people["information_manager"], role("board_member"), area("system_run"), "content", "")
    assert "/verantwoordelijkheden/area/need_approve" not in links(seen(step_in("board_member")))


def test_decisions_wait_for_who_may_take_them(board: Board, step_in: Step) -> None:
    waiting = InformationNeed.objects.filter(state__in=("assessed", "under_review"))
    mine = waiting.exclude(requester=board.people["board_member"])
    assert mine
    page = seen(step_in("board_member"))
    assert re.search("wacht(en)? op u", page.title)
    assert f"/behoeften/{mine.first().key}" in links(page)
    assert seen(step_in("teacher")).title.removesuffix(END) == "Er wacht geen besluit op u"


def test_who_asked_it_does_not_decide_on_it(board: Board, step_in: Step) -> None:
    waiting = InformationNeed.objects.filter(state__in=("assessed", "under_review"))
    with change(board.people["information_manager"], "need.revise"):
        waiting.update(requester=board.people["board_member"])
    assert seen(step_in("board_member")).title.removesuffix(END) == "Er wacht geen besluit op u"


def test_needs_changes_and_consultations_of_ones_roles(board: Board, step_in: Step) -> None:
    manager, ict = board.people["information_manager"], board.people["ict_manager"]
    with change(manager, "change.write"):
        Change.objects.create(
            kind="link", title="Koppel het rooster", owner_role=role("ict_manager"), state="planned",
            due_on=clock.days_ago(3),
        )  # fmt: skip
        Change.objects.create(kind="other", title="Al gedaan", owner=ict, state="done")
        talk = Consultation.objects.create(key="t", nl="Tactisch overleg", level="tactical", rhythm="monthly")
        ConsultationRole.objects.create(consultation=talk, role=role("ict_manager"))
        day = clock.today() + timedelta(days=9)
        Meeting.objects.create(consultation=talk, day=day)
        InformationNeed.objects.filter(key="class_size").update(owner=ict)
    page = seen(step_in("ict_manager"))
    assert "Koppel het rooster" in page.text
    assert "te laat" in page.text
    assert "Al gedaan" not in page.text
    assert "Tactisch overleg" in page.text
    assert f"elke maand · eerstvolgende keer {day.day}" in page.text
    assert f"/overleg/t/{day.isoformat()}" in links(page)
    assert "/behoeften/class_size" in links(page)


def test_gaps_that_wait_for_ones_roles(divided: Board, step_in: Step) -> None:
    page = seen(step_in("ict_manager"))
    assert "Hiaten die op deze rollen wachten" in page.text
    assert [href for href in links(page) if (href or "").startswith("/hiaten/goal-without-indicator:")]


def test_who_has_no_role_reads_why_it_is_empty(step_in: Step) -> None:
    page = seen(step_in("outsider"))
    assert "Geen rol vandaag" in page.text
    assert "Die horen bij een rol" in page.text


@pytest.mark.parametrize("address", ["/collega/99999", "/rollen/niemand", "/rollen/niemand/buren"])
def test_who_or_what_is_not_there(step_in: Step, address: str) -> None:
    seen(step_in("teacher"), address, 404)


def test_a_closed_account_has_no_page(board: Board, step_in: Step) -> None:
    from schakel.access.register import close_account

    close_account(board.people["information_manager"], board.people["privacy_officer"])
    seen(step_in("teacher"), f"/collega/{board.people['privacy_officer'].pk}", 404)


def test_the_page_of_a_role(divided: Board, step_in: Step) -> None:
    page = seen(step_in("teacher"), "/rollen/ict_manager")
    assert page.title.removesuffix(END) == "ICT-manager: Daan Verhoeven"
    assert "aanbod" in page.text
    assert "/verantwoordelijkheden/area/need_assess" in links(page)
    assert f"/collega/{divided.people['ict_manager'].pk}" in links(page)


def test_a_role_of_many_names_a_few_in_its_title(board: Board, step_in: Step) -> None:
    manager, role = board.people["information_manager"], Role.objects.get(key="ict_manager")
    titles = (
        "Aa 0, Daan Verhoeven",
        "Aa 0, Aa 1, Daan Verhoeven",
        "Aa 0, Aa 1, Aa 2, Daan Verhoeven",
        "Aa 0, Aa 1, Aa 2 en 2 andere",
    )
    for n, expected in enumerate(titles):
        assign(manager, add_person(manager, f"aa{n}@oever.example", f"Aa {n}"), role, clock.today())
        assert seen(step_in("teacher"), "/rollen/ict_manager").title.removesuffix(END) == f"ICT-manager: {expected}"


def test_the_roster_names_nobody_on_the_page_of_a_role(board: Board, step_in: Step) -> None:
    page = seen(step_in("information_manager"), "/rollen/mentor")
    assert "Ook volgens het rooster" in page.text
    assert f"/collega/{board.people['mentor'].pk}" not in links(page)
    assert page.text.count("Sanne de Wit") == 1  # in the list of the demonstration
    asked = InformationNeed.objects.filter(role__key="mentor", state="live").first()
    received = InformationNeed.objects.filter(audiences__role__key="mentor", state="live").first()
    for need in (asked, received):
        assert need is None or f"/behoeften/{need.key}" in links(page)


def test_every_role_has_its_pages(board: Board, step_in: Step) -> None:
    from schakel.access.roles import Role

    client = step_in("teacher")
    for each in Role.objects.all():
        assert client.get(f"/rollen/{each.key}").status_code == 200, each.key
    for key in ("board_member", "information_manager", "ict_manager", "teacher"):
        assert client.get(f"/rollen/{key}/buren").status_code == 200, key


@pytest.mark.parametrize(
    ("key", "own", "others"),
    [
        ("board_member", "Bestuur", {"Informatiemanagement", "ICT", "Scholen en klas"}),
        ("information_manager", "Informatiemanagement", {"Bestuur", "ICT", "Scholen en klas"}),
        ("ict_manager", "ICT", {"Bestuur", "Informatiemanagement", "Scholen en klas"}),
        ("teacher", "Scholen en klas", {"Bestuur", "Informatiemanagement", "ICT"}),
    ],
)
def test_each_role_reads_of_the_other_three(step_in: Step, key: str, own: str, others: set[str]) -> None:
    html = step_in("outsider").get(f"/rollen/{key}/buren").content.decode()
    main = html[html.index("<main") :]
    headings = {part.split("<small>")[0].strip() for part in main.split("<h2>")[1:]}
    assert headings == others
    assert own not in headings


def test_the_board_reads_what_worries_ict(board: Board, step_in: Step) -> None:
    with change(board.people["information_manager"], "change.write"):
        Change.objects.create(kind="link", title="Sleutel vervangen", due_on=clock.days_ago(2), state="doing")
    page = seen(step_in("board_member"), "/rollen/board_member/buren")
    assert "Eén wijziging is te laat: Sleutel vervangen" in page.text
    with clock.held_at(clock.now() + timedelta(days=3)):
        assert "voor het laatst" in seen(step_in("board_member"), "/rollen/board_member/buren").text


def test_ict_reads_which_questions_of_the_schools_wait(board: Board, step_in: Step) -> None:
    page = seen(step_in("ict_manager"), "/rollen/ict_manager/buren")
    open_ = InformationNeed.objects.filter(
        role__side="use", state__in=("asked", "assessed", "approved", "being_realised")
    )
    assert "hebben nog geen antwoord" in page.text
    assert f"/behoeften/{open_.order_by('asked_at').first().key}" in links(page)


@pytest.mark.parametrize(
    ("who", "door", "key"),
    [
        ("board_member", "/bestuur", "board_member"),
        ("information_manager", "/informatiemanager", "information_manager"),
        ("ict_manager", "/ict", "ict_manager"),
        ("mentor", "/mijn", "mentor"),
    ],
)
def test_each_front_door_leads_to_its_neighbours(step_in: Step, who: str, door: str, key: str) -> None:
    assert f"/rollen/{key}/buren" in links(seen(step_in(who), door))


def test_who_has_no_role_has_no_neighbours_to_read_of(step_in: Step) -> None:
    assert "Lees meer over uw buren" not in seen(step_in("outsider"), "/mijn").text


def test_the_log_is_one_step_from_the_managers_door(step_in: Step) -> None:
    assert "/logboek" in links(seen(step_in("information_manager"), "/informatiemanager"))
    assert "/logboek" not in links(seen(step_in("teacher"), "/informatiemanager"))


def test_english_is_complete_here_too(board: Board, step_in: Step) -> None:
    client = step_in("teacher")
    client.post("/taal", {"taal": "en", "terug": "/"})
    assert "No decision waits for you" in seen(client).title
    page = seen(client, "/rollen/board_member/buren")
    assert "Schools and classroom" in page.text
    assert "zorgen" not in page.text
