"""One need: its sentence, its chain with what is missing, its elements with their reasons, and its life as it went."""

from datetime import timedelta

import pytest

from schakel.access.register import put
from schakel.access.roles import Role
from schakel.chain import deciding
from schakel.chain.deciding import Wanted
from schakel.chain.elements import DataElement, SourceOfRecord
from schakel.chain.needs import InformationNeed
from schakel.chain.systems import System
from schakel.distribute.products import write_product
from schakel.lib import clock
from schakel.lib.errors import Unknown
from schakel.portal.pages import need as page_of
from tests.desk import Desk
from tests.portal.conftest import Seen, browser, heading
from tests.portal.supplies import HOSTILE


def page(room: Desk, key: str = "late", who: str = "outsider") -> page_of.Need:
    return page_of.page(room.people[who], key, {})


def need(key: str = "late") -> InformationNeed:
    found: InformationNeed = InformationNeed.objects.whole().get(key=key)
    return found


# The sentence


def test_the_sentence_with_what_was_filled_in_told_apart(room: Desk) -> None:
    put(room.manager, "role.write", Role, "teacher", nl="leraar", en="teacher")
    pieces = page(room).head.sentence
    assert "".join(text for text, _filled in pieces) == (
        "Als leraar wil ik elke schooldag antwoord op deze vraag, om te besluiten: Vandaag bellen."
    )
    assert [text for text, filled in pieces if filled] == ["leraar", "elke schooldag", "Vandaag bellen."]


@pytest.mark.parametrize("words", ["[role]", "[decision] en [rhythm]", "]", "[", HOSTILE])
def test_words_that_look_like_a_place_in_the_sentence_are_words(room: Desk, words: str) -> None:
    deciding.revise(room.manager, need(), rhythm=words, decision=words)
    pieces = page(room).head.sentence
    assert [text for text, filled in pieces if filled] == ["teacher", words, words]


def test_the_question_speaks_english_when_it_can(room: Desk) -> None:
    deciding.revise(room.manager, need(), question_en="Who is late?")
    html = browser(room.people["outsider"], taal="en").get("/behoeften/late").content.decode()
    assert heading(html) == "Who is late?"
    assert heading(browser(room.people["outsider"]).get("/behoeften/late").content.decode()) == "Wat is late?"


# The chain


def places(room: Desk, key: str = "late") -> dict[str, tuple[str, str]]:
    return {station.kind: (station.label, station.place) for station in page(room, key).chain.stations}


def test_what_is_missing_is_shown_and_not_hidden(room: Desk) -> None:
    found = places(room)
    assert found["Bron"] == ("Geen bron", "gap")
    assert found["Voorziening"] == ("late", "done")
    assert found["Persoon"] == ("mentor, teacher", "done")
    assert found["Gegevens"] == ("3 gegevens", "done")
    assert found["Behoefte"] == (need().number, "here")
    write_product(room.manager, "late", active=False)
    deciding.revise(room.manager, need(), activity=None, audience=[])
    found = places(room)
    assert [found[kind][1] for kind in ("Doel", "Activiteit", "Voorziening", "Persoon")] == ["gap"] * 4
    assert found["Voorziening"][0] == "Nog niet gemaakt"
    assert found["Persoon"][0] == "Geen doelgroep"


def test_a_declined_element_no_longer_counts_but_stays_with_its_reason(room: Desk) -> None:
    deciding.decline_element(room.manager, need(), "pupil.name_prefix", "niet nodig")
    assert places(room)["Gegevens"] == ("2 gegevens", "done")
    rows = {row[0][1].note: [cell.text for _c, cell in row] for row in page(room).elements.rows}
    assert rows["pupil.name_prefix"][1:3] == ["Weggelaten", "niet nodig"]


def test_the_system_that_gives_most_comes_first(room: Desk) -> None:
    for key, elements in (("rooster", ["absence.kind"]), ("las", ["pupil.first_name", "pupil.name_prefix"])):
        system, _ = put(room.manager, "system.write", System, key, name=f"{key} (LAS)" if key == "las" else key)
        for element in elements:
            record = DataElement.objects.get(key=element)
            put(room.manager, "element.write", SourceOfRecord, f"{element}@{key}", element=record, system=system)
    assert places(room)["Bron"] == ("LAS, rooster", "done")
    rows = {row[0][1].note: row[4][1].text for row in page(room).elements.rows}
    assert rows["absence.kind"] == "rooster"


def test_of_several_overviews_one_is_named_and_the_others_counted(room: Desk) -> None:
    for number in range(2):
        room.product(need(), "SELECT first_name FROM pupil", key=f"extra{number}")
    assert places(room)["Voorziening"][0].endswith(" en 2 andere")


# What was looked at and what it costs


@pytest.mark.parametrize(
    ("minutes", "times", "people", "says"),
    [
        (30, 40, 10, "30 minuten, 40 keer per jaar, 10 mensen: 200 uur per jaar (opgegeven)"),
        (None, 40, 10, "onbekend"),
        (30, None, 10, "onbekend"),
        (30, 40, None, "onbekend"),
        (0, 40, 10, "onbekend"),
    ],
)
def test_what_it_costs_now_is_unknown_unless_all_of_it_was_said(
    room: Desk, minutes: int | None, times: int | None, people: int | None, says: str
) -> None:
    deciding.revise(room.manager, need(), minutes_before=minutes, times_per_year=times, people=people)
    facts = {item.term: item.text for item in page(room).facts.items}
    assert facts["Zo gaat het nu"] == says
    assert facts["Hoe lang"] == "niet langer dan de behoefte loopt"


def test_what_kind_of_personal_data_each_element_is(room: Desk) -> None:
    fields = {"pupil.first_name": {"personal": True}, "absence.kind": {"personal": True, "special": "art9_health"}}
    for key, values in fields.items():
        put(room.manager, "element.write", DataElement, key, **values)
    rows = {row[0][1].note: row[3][1].text for row in page(room).elements.rows}
    assert rows == {
        "pupil.first_name": "persoonsgegeven", "absence.kind": "bijzonder: gezondheid",
        "pupil.name_prefix": "geen persoonsgegeven",
    }  # fmt: skip


# Its life


def life(room: Desk, key: str = "late") -> dict[str, tuple[str, str]]:
    return {step.word: (step.place, step.when) for step in page(room, key).life.steps}


def test_where_it_is_and_since_when(room: Desk) -> None:
    with clock.held_at(clock.now() + timedelta(days=3)):
        deciding.go_live(room.people["ict_manager"], need())
        found = life(room)
    assert found["Gevraagd"] == ("done", "23 nov")
    assert found["In gebruik"] == ("here", "26 nov")
    assert found["In herziening"] == ("", "")
    assert found["Beëindigd"] == ("", "")


def test_a_refused_need_stops_there(room: Desk) -> None:
    deciding.refuse(room.board_member, need(), "Niet nodig.")
    found = life(room)
    assert list(found) == ["Gevraagd", "Afgewezen"]
    assert found["Afgewezen"][0] == "stop"


def test_an_ended_need_went_through_all_of_it(room: Desk) -> None:
    deciding.end(room.manager, need(), "Klaar.")
    found = life(room)
    assert found["Beëindigd"] == ("here", "23 nov")
    assert {place for place, _when in list(found.values())[:-1]} == {"done"}


def test_who_did_what_newest_first_with_their_reason(room: Desk) -> None:
    deciding.end(room.manager, need(), HOSTILE)
    first = page(room).events.items[0]
    assert (first.title, first.line) == ("Youssef Haddou beëindigde de behoefte", HOSTILE)
    assert "<b>&\"'" not in browser(room.people["outsider"]).get("/behoeften/late").content.decode()


def test_the_line_of_the_chain_names_two_roles_and_counts_more(room: Desk) -> None:
    assert page_of._some(["mentor", "leraar"]) == "mentor, leraar"
    assert page_of._some(["mentor", "leraar", "schoolleider"]) == "mentor en 2 andere rollen"
    assert page_of._some([]) == ""


# The page


def test_everyone_with_an_account_may_read_what_is_needed_and_why(room: Desk) -> None:
    for who in ("outsider", "leraar-A1", "ict_manager"):
        html = browser(room.people[who]).get("/behoeften/late").content.decode()
        assert "Kind" not in Seen(html).text, "a need says what is taken, never of whom"


def test_a_need_that_does_not_exist(room: Desk) -> None:
    with pytest.raises(Unknown):
        page(room, "nergens")


def test_elements_want_their_own_reason_on_the_page(room: Desk) -> None:
    wanted = [Wanted(room.element("absence.kind"), "required", HOSTILE)]
    deciding.revise(room.manager, need(), elements=wanted)
    html = browser(room.people["outsider"]).get("/behoeften/late").content.decode()
    assert "<b>&\"'" not in html
    assert HOSTILE in Seen(html).text
