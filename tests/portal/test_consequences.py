"""The pages about consequences: people first, then what is hit with its path in words; several at once."""

import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.test import Client

from schakel.access.changes import change
from schakel.access.people import Person
from schakel.access.register import assign, end_assignment, put
from schakel.access.roles import Role, RoleAssignment
from schakel.chain import graph
from schakel.chain.goals import Goal
from schakel.chain.impact import impact
from schakel.chain.needs import InformationNeed
from schakel.chain.organisations import Organisation
from schakel.lib import clock
from schakel.portal.pages import consequences, kinds
from schakel.steer.norms import Indicator
from tests.conftest import Board
from tests.portal.conftest import Seen, Step


def seen(client: Client, address: str) -> Seen:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return Seen(answer.content.decode())


def title(page: Seen) -> str:
    return page.title.removesuffix(" – Schakel")


@pytest.fixture
def manager(step_in: Step) -> Client:
    return step_in("information_manager")


def test_the_people_come_first_with_how_many_and_where(manager: Client) -> None:
    page = seen(manager, "/keten/applicatie/las/gevolgen")
    text = page.text
    assert re.match(r"Als Leerlingadministratie \(LAS\) uitvalt, merken \d+ mensen dat", title(page))
    assert text.index("Wie het merkt") < text.index("Per school") < text.index("Wat het raakt")
    assert "Leraar" in text
    assert "Veldlyceum" in text
    assert "Bhv-team" in text and "een orgaan" in text


def test_names_only_of_people_in_the_register(manager: Client, board: Board) -> None:
    """The mentor stands only in the roster: counted, not named. The board member stands in the register."""
    text = seen(manager, "/keten/applicatie/las/gevolgen").text
    _before, names = text.split("Met naam in het register")
    assert "Marijke Terpstra" in names
    assert "Sanne de Wit" not in names
    assert "mw00" not in text


def test_each_hit_says_by_which_path(manager: Client) -> None:
    text = seen(manager, "/keten/bron/rooster/gevolgen?t-soort=goal").text
    path = r"wordt gemeten met ‘([^’]+)’; dat wordt berekend uit ‘[^’]+’; dat komt binnen via ‘Rooster’"
    measured = re.findall(path, text)
    assert measured
    assert set(measured) <= set(Indicator.objects.filter(goal__isnull=False).values_list("nl", flat=True))
    assert "behoefte B-" not in text


def test_the_tiles_lead_to_only_those_things(manager: Client) -> None:
    page = seen(manager, "/keten/applicatie/las/gevolgen")
    tiles = [a["href"] for a in page.all("a") if (a["href"] or "").startswith("?t-soort=")]
    assert "?t-soort=need#tabel-t" in tiles
    assert "behoefte" in seen(manager, "/keten/applicatie/las/gevolgen?t-soort=need").text


def test_what_something_rests_on(manager: Client) -> None:
    page = seen(manager, "/keten/overzicht/absence_16h/fundament")
    assert re.match(r"‘Verzuim zonder reden in vier lesweken’ rust op \d+ gegevens uit \d+ applicaties", title(page))
    assert "beantwoordt ‘Welke leerlingen naderen 16 uur" in page.text
    assert "Wie het merkt" not in page.text


def test_every_thing_has_both_pages(manager: Client, board: Board) -> None:
    """One of each kind, and every goal: what stands in the graph can be looked at, from both sides."""
    whole = graph.graph()
    chosen = {node.kind: node for node in whole.nodes}
    nodes = [*chosen.values(), *(whole.nodes[n] for n in whole.of_kind("goal"))]
    assert {node.kind for node in nodes} == set(kinds.ADDRESS_OF) - {"person"}
    for node in nodes:
        for address in (kinds.impact_of(node.kind, node.key), kinds.foundation_of(node.kind, node.key)):
            page = seen(manager, address)
            assert title(page), address
    person = board.people["ict_manager"]
    assert "blijft één rol leeg" in title(seen(manager, f"/keten/persoon/{person.key}/gevolgen"))


def test_nothing_rests_on_a_goal_and_the_page_says_so(manager: Client) -> None:
    page = seen(manager, "/keten/doel/G03/gevolgen")
    assert title(page).startswith("Op ‘Elke leerling is op school")
    assert title(page).endswith("rust niets")
    assert "Niets rust hierop." in page.text


def test_a_refused_need_hits_nobody(manager: Client) -> None:
    page = seen(manager, "/keten/behoefte/teacher_ranking/gevolgen")
    assert re.match(r"Op B-\d+ rust niets", title(page))
    assert "Afgewezen" in page.text
    assert "rust nergens op" in title(seen(manager, "/keten/behoefte/teacher_ranking/fundament"))


def test_a_person_who_shares_a_role_leaves_nothing_empty(manager: Client, board: Board) -> None:
    teacher = board.people["teacher"]
    assign(board.people["information_manager"], teacher, Role.objects.get(key="mentor"), clock.today())
    page = seen(manager, f"/keten/persoon/{teacher.key}/gevolgen")
    assert title(page) == "Als Tom Bakker weggaat, blijft geen rol leeg"
    assert "Later of minder" in page.text


def test_a_school_counts_its_own_people(manager: Client) -> None:
    page = seen(manager, "/keten/organisatie/org-11/gevolgen")
    assert re.match(r"Als Veldlyceum samengaat of sluit, merken \d+ mensen dat", title(page))
    assert "Noorderhaven" not in page.text


def test_several_at_once_is_the_union_with_its_causes(manager: Client) -> None:
    page = seen(manager, "/keten/gevolgen?wat=bron:rooster&wat=bron:verzuim&t-soort=goal")
    assert title(page).startswith("Als Rooster en Verzuim wegvallen, merken")
    assert "Oorzaak" in page.text
    assert "Rooster, Verzuim" in page.text
    whole = graph.graph()
    starts = [graph.start(whole, "source", key) for key in ("rooster", "verzuim")]
    together = {h.node for h in impact(whole, *starts).hits.values()}
    assert together == {h.node for s in starts for h in impact(whole, s).hits.values()}


def test_what_was_chosen_stays_while_searching_sorting_and_filtering(manager: Client) -> None:
    page = seen(manager, "/keten/gevolgen?wat=bron:rooster&zoek=leerlingadmin")
    kept = [a for a in page.all("input") if a.get("name") == "wat"]
    assert {a["value"] for a in kept} == {"bron:rooster"}
    adding = [a["href"] or "" for a in page.all("a") if "applicatie%3Alas" in (a["href"] or "")]
    assert adding == ["/keten/gevolgen?wat=bron%3Arooster&wat=applicatie%3Alas"]
    sorting = [a["href"] or "" for a in page.all("a") if "sorteer=" in (a["href"] or "")]
    assert sorting and all("wat=bron%3Arooster" in href for href in sorting)
    tiles = [a["href"] or "" for a in page.all("a") if (a["href"] or "").startswith("?wat=")]
    assert tiles and all(href.startswith("?wat=bron%3Arooster&t-soort=") for href in tiles)


def test_what_was_chosen_can_be_taken_away(manager: Client) -> None:
    page = seen(manager, "/keten/gevolgen?wat=bron:rooster&wat=applicatie:las")
    away = [a for a in page.all("a") if (a.get("aria-label") or "").startswith("Haal weg")]
    assert [a["href"] for a in away] == ["/keten/gevolgen?wat=applicatie%3Alas", "/keten/gevolgen?wat=bron%3Arooster"]


def test_nothing_chosen_yet_asks_to_choose(manager: Client) -> None:
    page = seen(manager, "/keten/gevolgen")
    assert title(page) == "Kies wat er verandert"
    assert "Wie het merkt" not in page.text


@pytest.mark.parametrize("asked", ["qqqzzz", "' OR 1=1 --", "%", "<b>"])
def test_a_search_without_result_says_so(manager: Client, asked: str) -> None:
    text = seen(manager, f"/keten/gevolgen?zoek={quote(asked)}").text
    assert f"Niets in de keten heet ‘{asked}’" in text


def test_people_are_found_by_name(manager: Client) -> None:
    assert "Voeg toe: Daan Verhoeven" in seen(manager, "/keten/gevolgen?zoek=verhoev").text


def test_twelve_at_once_is_the_most(manager: Client) -> None:
    names = "&".join(f"wat=doel:{goal.key}" for goal in Goal.objects.all()[:12])
    page = seen(manager, f"/keten/gevolgen?{names}")
    assert "Meer dan twaalf tegelijk kan niet" in page.text
    assert (
        len(consequences.what_if([f"doel:{g.key}" for g in Goal.objects.all()] * 2 + ["bron:rooster"], {}).chosen) == 12
    )


def test_names_are_paged_by_the_database(manager: Client, board: Board) -> None:
    """With more people than can be named at once, a role must be chosen; then there are pages of fifty."""
    admin = board.people["information_manager"]
    role, other = Role.objects.get(key="mentor"), Role.objects.get(key="teacher")
    with change(admin, "kit.load"):
        people = Person.objects.bulk_create(
            Person(email=f"m{n}@bulk.example", name=f"Mens {n:04d}", password="!") for n in range(1100)
        )
        RoleAssignment.objects.bulk_create(
            RoleAssignment(person=p, role=role if n < 120 else other, start=clock.today()) for n, p in enumerate(people)
        )
    address = "/keten/behoefte/absence_16h/gevolgen"
    text = seen(manager, address).text
    assert "meer dan duizend. Kies een rol" in text
    assert "Mens 0001" not in text
    page = seen(manager, f"{address}?p-rol=mentor")
    assert "Mens 0001" in page.text and "Mens 0070" not in page.text
    assert "120 rijen in totaal" in page.text
    after = next(a["href"] or "" for a in page.all("a") if "p-vanaf=50" in (a["href"] or ""))
    assert "p-rol=mentor" in after
    second = seen(manager, after)
    assert "Mens 0070" in second.text and "Mens 0001" not in second.text
    assert "Mens 0119" in seen(manager, f"{address}?p-rol=mentor&p-vanaf=100").text


def test_hostile_names_and_keys_do_no_harm(manager: Client, board: Board) -> None:
    admin = board.people["information_manager"]
    nasty = '"><script>alert(1)</script>%(it)s'
    key = 'a/b ?#&"<x>'
    put(admin, "organisation.write", Organisation, key, name=nasty, level="school")
    page = manager.get(kinds.impact_of("organisation", key))
    assert page.status_code == 200
    assert "<script>alert" not in page.content.decode()
    what_if = manager.get(f"/keten/gevolgen?wat={quote('organisatie:' + key)}&zoek=script")
    assert what_if.status_code == 200
    assert "<script>alert" not in what_if.content.decode()


def test_a_name_with_a_percent_sign_is_only_a_name(manager: Client, board: Board) -> None:
    admin = board.people["information_manager"]
    need = InformationNeed.objects.get(key="absence_16h")
    put(admin, "goal.write", Goal, "G03", nl="100%(it)s op school")
    assert "‘Welke leerlingen naderen" in seen(manager, "/keten/doel/G03/fundament").text
    assert "100%(it)s op school" in seen(manager, kinds.impact_of("need", need.key)).text


def test_everyone_may_look_and_english_is_complete(step_in: Step) -> None:
    client = step_in("teacher")
    client.cookies["taal"] = "en"
    page = seen(client, "/keten/applicatie/las/gevolgen")
    assert re.match(r"If Leerlingadministratie|If Student|If .* fails, \d+ people notice", title(page))
    assert "comes from" in page.text
    assert " dat komt uit" not in page.text


def test_a_role_that_ended_yesterday_is_nobodys_loss(manager: Client, board: Board) -> None:
    admin, teacher = board.people["information_manager"], board.people["teacher"]
    address = f"/keten/persoon/{teacher.key}/gevolgen"
    held = assign(admin, teacher, Role.objects.get(key="dpo"), clock.today() - timedelta(days=9))
    assert title(seen(manager, address)) == "Als Tom Bakker weggaat, blijft één rol leeg"
    end_assignment(admin, held, clock.today() - timedelta(days=1))
    assert title(seen(manager, address)) == "Op Tom Bakker rust niets"


@pytest.mark.parametrize(
    ("page", "address"),
    [
        ("/behoeften/absence_16h", "/keten/behoefte/absence_16h/gevolgen"),
        ("/behoeften/absence_16h", "/keten?gekozen=doel%3AG03"),
        ("/bronnen/rooster", "/keten/bron/rooster/gevolgen"),
        ("/hiaten", "/keten/applicatie/monitoring/gevolgen"),
        ("/zoek?q=verzuim", "/keten/applicatie/attendance/gevolgen"),
        ("/informatiemanager", "/keten"),
    ],
)
def test_the_pages_are_reached_from_what_they_are_about(manager: Client, page: str, address: str) -> None:
    assert address in {a["href"] for a in seen(manager, page).all("a")}


@pytest.mark.parametrize("who", ["ict_manager", "outsider"])
def test_a_person_leads_to_what_is_expected_and_back(manager: Client, board: Board, who: str) -> None:
    person = board.people[who]
    hit, expected = f"/keten/persoon/{person.key}/gevolgen", f"/collega/{person.key}"
    assert expected in {a["href"] for a in seen(manager, hit).all("a")}
    assert hit in {a["href"] for a in seen(manager, expected).all("a")}


def test_a_role_leads_to_its_page_and_back(manager: Client) -> None:
    assert "/rollen/mentor" in {a["href"] for a in seen(manager, "/keten/rol/mentor/gevolgen").all("a")}
    assert "/keten/rol/mentor/gevolgen" in {a["href"] for a in seen(manager, "/rollen/mentor").all("a")}
