"""Every mistake in a sheet is named: its cell, what stands there, why not and what to do. Then nothing is written."""

# ruff: noqa: E501 -- a row of a sheet stays one row
import io
from datetime import date

import pytest
import xlsxwriter

from schakel.access.audit import AuditLine
from schakel.access.people import Person
from schakel.access.register import put
from schakel.access.roles import Role
from schakel.chain.goals import Goal
from schakel.chain.needs import InformationNeed
from schakel.chain.responsibilities import Responsibility
from schakel.kits.exchange.taking import NotTaken
from schakel.kits.sheets.writing import workbook
from tests.kits.registers import filled, looked, taken
from tests.kits.sheet_files import book, edited, sheets_of

pytestmark = pytest.mark.django_db
GOALS = ["Sleutel", "Doel", "Niveau", "Eigenaar (rol)", "Onderdeel van", "Geldt vanaf", "Wet nagekeken"]


@pytest.fixture
def manager(people, tmp_path):
    return filled(people, tmp_path)["information_manager"]


def faults(found):
    return {fault.place.where: fault.reason for fault in found.faults}


def of_goal(manager, *cells):
    return faults(looked(manager, book(Doelen=[GOALS, list(cells)])))


@pytest.mark.parametrize(
    ("cells", "where", "reason"),
    [
        (["", "Zonder sleutel"], "A2", "ingevuld"),
        (["met spatie", "x"], "A2", "sleutel"),
        (["G9", ""], "B2", "ingevuld"),
        (["G9", "x" * 251], "B2", "te lang"),
        (["G9", True], "B2", "waar of onwaar"),
        (["G9", date(2027, 1, 2)], "B2", "datum"),
        (["G9", "123456782"], "B2", "burgerservicenummer"),
        (["G9", "x", "provincie"], "C2", "keuzelijst"),
        (["G9", "x", "bestuur", "conciërge"], "D2", "bestaat niet"),
        (["G9", "x", "bestuur", "", "G0"], "E2", "bestaat niet"),
        (["G9", "x", "bestuur", "", "", "ooit"], "F2", "geen datum"),
        (["G9", "x", "bestuur", "", "", "31-02-2027"], "F2", "geen datum"),
        (["G9", "x", "bestuur", "", "", 46000], "F2", "geen datum"),
        (["G9", "x", "bestuur", "", "", "", "misschien"], "G2", "ja of nee"),
        (["G1", ("=1/0", "#DIV/0!")], "B2", "geen uitkomst"),
        (["G1", ("=A1", "")], "B2", "geen uitkomst"),
    ],
)
def test_a_cell_that_does_not_fit_is_named(manager, cells, where, reason):
    found = of_goal(manager, *cells)
    assert list(found) == [f"Doelen!{where}"]
    assert reason in found[f"Doelen!{where}"]


def test_each_fault_says_what_to_do_and_shows_the_value(manager):
    [fault] = looked(manager, book(Doelen=[GOALS, ["G9", "x", "provincie"]])).faults
    assert fault.place.value == "provincie"
    assert fault.hint == "Kies uit: bestuur, school."
    [fault] = looked(manager, book(Doelen=[GOALS, ["G9", "x", "", "techer"]])).faults
    assert fault.hint == "Bedoelt u ‘teacher’?"


def test_a_number_of_a_citizen_is_not_shown(manager):
    [fault] = looked(manager, book(Doelen=[GOALS, ["G9", "123456782"]])).faults
    assert "123456782" not in fault.place.value


def test_a_circle_is_refused(manager):
    rows = [GOALS, ["G1", "Een", "", "", "G2"], ["G7", "Zeven", "", "", "G7"]]
    assert faults(looked(manager, book(Doelen=rows))) == {
        f"Doelen!{cell}": "Zo wordt het een onderdeel van zichzelf." for cell in ("E2", "E3")
    }


def test_the_same_key_twice_names_the_first_row(manager):
    found = faults(looked(manager, book(Doelen=[GOALS, ["G9", "Een"], ["G9", "Twee"]])))
    assert found == {"Doelen!A3": "Deze sleutel staat ook al in rij 2."}


def test_a_key_that_this_file_brings_can_be_pointed_at_before_it_stands_there(manager):
    rows = [GOALS, ["G8", "Acht", "", "", "G9"], ["G9", "Negen"]]
    taken(manager, book(Doelen=rows))
    assert Goal.objects.get(key="G8").parent.key == "G9"


def test_a_name_is_understood_and_two_of_them_are_not(manager):
    assert not of_goal(manager, "G9", "x", "", "Leraar", "Rustige start")
    taken(manager, book(Doelen=[GOALS, ["G3", "Rustige start"]]))
    found = of_goal(manager, "G9", "x", "", "", "Rustige start")
    assert found == {"Doelen!E2": "Er zijn er meer die zo heten."}


@pytest.mark.parametrize(
    ("header", "where", "reason"),
    [
        (["Sleutel", "Doell"], "Doelen!B1", "kent deze kolom niet"),
        (["Sleutel", "Doel", "doel"], "Doelen!C1", "twee keer"),
        (["Sleutel", "Doel", "BSN"], "Doelen!C1", "burgerservicenummer"),
        (["Doel", "Niveau"], "Doelen!A1", "geen kolom ‘Sleutel’"),
    ],
)
def test_a_header_that_is_wrong_is_named(manager, header, where, reason):
    found = faults(looked(manager, book(Doelen=[header, ["G1", "x", "y"][: len(header)]])))
    assert reason in found[where]


def test_an_extra_column_is_left_aside_and_said(manager):
    found = looked(manager, book(Doelen=[["Sleutel", "Doel", "Mijn eigen kolom"], ["G1", "Op tijd beginnen", "x"]]))
    assert not found.faults and not found.changes
    assert any("Mijn eigen kolom" in note for note in found.notes)


def test_a_column_that_is_not_there_stays_as_it_is(manager):
    taken(manager, book(Doelen=[["Sleutel", "Doel"], ["G1", "Op tijd"]]))
    goal = Goal.objects.get(key="G1")
    assert (goal.nl, goal.owner_role.key, goal.en) == ("Op tijd", "teacher", "Start in time")


def test_something_new_misses_its_column(manager):
    found = faults(looked(manager, book(Doelen=[["Sleutel", "Niveau"], ["G9", "school"]])))
    assert found == {"Doelen!A2": "Voor iets nieuws ontbreekt ‘Doel’."}


def test_headers_may_be_untidy_and_lie_lower(manager):
    rows = [[], ["", ""], [" sleutel:", "\ufeffDOEL* "], ["G1", "Op tijd"]]
    found = looked(manager, book(Doelen=rows))
    assert [change.offered.place.where for change in found.changes] == ["Doelen!A4"]


def test_blanks_around_a_value_are_not_content(manager):
    taken(manager, book(Doelen=[GOALS, [" G1\u00a0", "  Op tijd \n"]]))
    assert Goal.objects.get(key="G1").nl == "Op tijd"


@pytest.mark.parametrize(
    ("cell", "cents"), [("1.250,50", 125050), ("€ 1.250", 125000), (1250.5, 125050), ("1250,5", 125050), ("0,10", 10)]
)
def test_dutch_numbers_are_understood(manager, cell, cents):
    header = ["Sleutel", "Applicatie", "Kosten per jaar (euro)"]
    [change] = looked(manager, book(Applicaties=[header, ["las", "LAS", cell]])).changes
    assert change.fields[0].becomes * 100 == cents


@pytest.mark.parametrize(
    ("cell", "reason"),
    [("duizend", "geen getal"), ("1,234", "achter de komma"), ("99999999999,00", "te groot"), (True, "geen getal")],
)
def test_a_number_that_does_not_fit_is_refused(manager, cell, reason):
    header = ["Sleutel", "Applicatie", "Kosten per jaar (euro)"]
    found = faults(looked(manager, book(Applicaties=[header, ["las", "LAS", cell]])))
    assert reason in found["Applicaties!C2"]


@pytest.mark.parametrize("day", ["31-12-2027", "2027-12-31", "31/12/2027", " 31.12.2027 ", date(2027, 12, 31)])
def test_days_as_text_are_understood(manager, day):
    header = ["Sleutel", "Applicatie", "Contract tot"]
    [change] = looked(manager, book(Applicaties=[header, ["las", "LAS", day]])).changes
    assert change.fields[0].becomes == date(2027, 12, 31)


def test_a_formula_gives_its_outcome_and_is_counted(manager):
    found = looked(manager, book(Doelen=[GOALS, ["G1", ('="Op "&"tijd"', "Op tijd")]]))
    assert found.changes[0].fields[0].becomes == "Op tijd"
    assert any("formule" in note for note in found.notes)


def test_merged_cells_are_named(manager):
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as made:
        page = made.add_worksheet("Doelen")
        page.write_row(0, 0, ["Sleutel", "Doel"])
        page.write_column(1, 0, ["G1", "G2", "G9"])
        page.merge_range("B2:B3", "Samen")
        page.write_string(3, 1, "Los")
    found = looked(manager, stream.getvalue())
    assert faults(found) == {"Doelen!B2": "Hier zijn cellen samengevoegd, tot en met rij 3."}
    assert [change.key for change in found.changes] == ["G9"]


@pytest.mark.parametrize(
    ("sheet", "row", "where", "reason"),
    [
        ("Koppelingen", ["x", "las", "las"], "C2", "twee verschillende"),
        ("Gegevens", ["slot.weight", "slot", "Gewicht", "Weight", "number", "nee", "gevoelig", "nee"], "F2", "altijd een persoonsgegeven"),
        ("Gegevens", ["slot.ill", "slot", "Ziek", "Ill", "text", "ja", "bijzonder: gezondheid", "ja"], "H2", "nooit vanzelf"),
        ("Gegevens", ["other.room", "slot", "Lokaal", "Room", "text", "nee", "nee", "nee"], "A2", "punt"),
        ("Verantwoordelijkheden", ["applicatie", "nergens", "inhoud", "teacher", "A"], "B2", "niets met deze sleutel"),
        ("Verantwoordelijkheden", ["applicatie", "las", "inhoud", "teacher", "A X"], "E2", "andere letter"),
        ("Gegevens per behoefte", ["my_day", "slot.room", "nodig", "x", "liever niet"], "B2", "niet worden weggelaten"),
        ("Gegevens per behoefte", ["nergens", "slot.room", "nodig", "x", ""], "A2", "bestaat niet"),
        ("Gegevens per behoefte", ["my_day", "slot.gone", "nodig", "x", ""], "B2", "bestaat niet"),
        ("Gegevens per behoefte", ["my_rooms", "slot.room", "", "x", ""], "C2", "ingevuld"),
        ("Doelgroep per behoefte", ["my_day", "teacher", "de hele wereld"], "C2", "keuzelijst"),
    ],
)  # fmt: skip
def test_the_rules_of_a_noun_are_said_beforehand(manager, sheet, row, where, reason):
    headers = {
        "Koppelingen": ["Sleutel", "Van applicatie", "Naar applicatie"],
        "Gegevens": ["Sleutel", "Informatieobject", "Gegeven", "Naam (Engels)", "Soort waarde", "Persoonsgegeven",
                     "Bijzonder of gevoelig", "Hoort bij het geraamte"],
        "Verantwoordelijkheden": ["Soort onderwerp", "Sleutel van het onderwerp", "Inhoud of uitvoering", "Rol",
                                  "Letters (R, A, C, I)"],
        "Gegevens per behoefte": ["Behoefte", "Gegeven", "Nodig of gewenst", "Waarom", "Weggelaten, omdat"],
        "Doelgroep per behoefte": ["Behoefte", "Wie het ziet (rol)", "Hoe ver"],
    }  # fmt: skip
    found = faults(looked(manager, book(**{sheet.replace(" ", "_"): [headers[sheet], row]})))
    assert list(found) == [f"{sheet}!{where}"]
    assert reason in found[f"{sheet}!{where}"]


def test_a_state_in_a_file_changes_nothing_and_that_is_said(manager):
    rows = [["Sleutel", "Stand (alleen lezen)"], ["my_day", "goedgekeurd"], ["my_rooms", "gevraagd"]]
    found = looked(manager, book(Behoeften=rows))
    assert not found.changes and not found.faults
    assert any(note.startswith("Van 1 behoefte is de stand in het bestand een andere") for note in found.notes)


PEOPLE = ["E-mail", "Naam", "Taal", "Actief"]
HELD = ["Persoon (e-mail)", "Rol", "Waar (sleutel van de organisatie)", "Vanaf", "Tot en met"]


def test_people_are_let_in_with_their_roles_and_leave_by_file(manager):
    new = "nieuw.mens@oeverscholen.example"
    taken(manager, book(
        Mensen=[PEOPLE, [new.upper(), "Nieuw Mens", "Engels", "ja"], ["tom.bakker@oeverscholen.example", "Tom B.", "Nederlands", "nee"]],
        Aanstellingen=[HELD, [new, "teacher", "board", date(2026, 8, 1), ""],
                       ["daan.verhoeven@oeverscholen.example", "ict_manager", "", date(2026, 8, 1), date(2027, 7, 31)]],
    ))  # fmt: skip
    person = Person.objects.get(email=new)
    assert (person.name, person.language, person.assignments.get().organisation_key) == ("Nieuw Mens", "en", "board")
    tom = Person.objects.get(email="tom.bakker@oeverscholen.example")
    assert (tom.name, tom.is_active) == ("Tom B.", False)
    daan = Person.objects.get(email="daan.verhoeven@oeverscholen.example")
    assert daan.assignments.get().end == date(2027, 7, 31)


@pytest.mark.parametrize(
    ("sheet", "row", "where", "reason"),
    [
        ("Mensen", ["geen adres", "Naam", "Nederlands", "ja"], "A2", "e-mailadres"),
        ("Mensen", ["olivier.smit@oeverscholen.example", "", "Nederlands", "ja"], "B2", "ingevuld"),
        ("Mensen", ["wie@school.example", "Wie", "Frans", "ja"], "C2", "keuzelijst"),
        ("Mensen", ["wie@school.example", "Wie", "Engels", "nee"], "D2", "nieuw account"),
        ("Aanstellingen", ["wie@school.example", "teacher", "", date(2026, 8, 1), ""], "A2", "bestaat niet"),
        ("Aanstellingen", ["olivier.smit@oeverscholen.example", "teacher", "x", date(2026, 8, 1), ""], "C2", "organisatie"),
        ("Aanstellingen", ["olivier.smit@oeverscholen.example", "teacher", "", date(2026, 8, 1), date(2026, 7, 1)], "E2", "voor de eerste"),
    ],
)  # fmt: skip
def test_what_is_wrong_about_people_is_named_and_masked(manager, sheet, row, where, reason):
    [fault] = looked(manager, book(**{sheet: [PEOPLE if sheet == "Mensen" else HELD, row]})).faults
    assert fault.place.where == f"{sheet}!{where}"
    assert reason in fault.reason
    assert "olivier" not in fault.place.value and "wie@" not in fault.place.value


def test_a_closed_account_does_not_open_by_file(manager):
    email = "tom.bakker@oeverscholen.example"
    taken(manager, book(Mensen=[PEOPLE, [email, "Tom Bakker", "Nederlands", "nee"]]))
    [fault] = looked(manager, book(Mensen=[PEOPLE, [email, "Tom Bakker", "Nederlands", "ja"]])).faults
    assert "gesloten" in fault.reason


def test_the_owner_of_a_need_is_a_person_or_a_role_that_exists(manager):
    header = ["Sleutel", "Eigenaar (e-mail)", "Eigenaar (rol)"]
    taken(manager, book(Behoeften=[header, ["my_day", "tom.bakker@oeverscholen.example", "roostermaker"]]))
    need = InformationNeed.objects.get(key="my_day")
    assert (need.owner.name, need.owner_role.key) == ("Tom Bakker", "timetabler")
    found = looked(manager, book(Behoeften=[header, ["my_day", "weg@oeverscholen.example", "rector"]]))
    assert sorted(faults(found)) == ["Behoeften!B2", "Behoeften!C2"]
    assert "weg@" not in found.faults[0].place.value


def test_a_line_of_a_need_falls_away_only_by_saying_so(manager):
    lines = ["Behoefte", "Gegeven", "Nodig of gewenst", "Waarom", "Vervalt"]
    taken(manager, book(Gegevens_per_behoefte=[lines, ["my_day", "slot.room", "gewenst", "weten waar", "ja"]]))
    need = InformationNeed.objects.whole().get(key="my_day")
    assert need.element_keys() == {"slot.start_time"}
    receivers = ["Behoefte", "Wie het ziet (rol)", "Hoe ver", "Vervalt"]
    taken(manager, book(Doelgroep_per_behoefte=[
        receivers, ["my_day", "leraar", "zichzelf", "ja"], ["my_day", "roostermaker", "hele bestuur", ""]
    ]))  # fmt: skip
    assert InformationNeed.objects.whole().get(key="my_day").audience_pairs() == {("timetabler", "board")}


def test_letters_of_a_role_are_given_and_taken(manager):
    header = ["Soort onderwerp", "Sleutel van het onderwerp", "Inhoud of uitvoering", "Rol", "Letters (R, A, C, I)"]
    taken(manager, book(Verantwoordelijkheden=[
        header, ["taakgebied", "systems", "inhoud", "leraar", "a, c"], ["applicatie", "las", "uitvoering", "teacher", "R"]
    ]))  # fmt: skip
    held = set(Responsibility.objects.values_list("thing_kind", "thing_key", "letter"))
    assert held == {("area", "systems", "A"), ("area", "systems", "C"), ("system", "las", "R")}
    taken(manager, book(Verantwoordelijkheden=[header, ["taakgebied", "systems", "inhoud", "leraar", ""]]))
    assert not Responsibility.objects.filter(thing_kind="area").exists()


def test_a_source_of_record_comes_and_goes_with_the_cell(manager):
    header = ["Sleutel", "Leidende bron (applicatie)"]
    taken(manager, book(Gegevens=[header, ["slot.room", "LAS; timetable"]]))
    taken(manager, book(Gegevens=[header, ["slot.room", "las"]]))
    room = looked(manager, workbook(manager, "elements"))
    assert not room.changes
    rows = {row[0]: row[-1] for row in sheets_of(workbook(manager, "elements"))["Gegevens"]}
    assert (rows["slot.room"], rows["slot.start_time"]) == ("las", "timetable")


def test_who_may_not_write_a_noun_reads_which_permission_misses(people, manager):
    found = looked(people["teacher"], book(Doelen=[GOALS, ["G1", "Anders"]]))
    assert faults(found) == {"Doelen!A2": "Dit mag alleen: bestuurder, informatiemanager."}
    assert not looked(people["teacher"], book(Doelen=[GOALS, ["G1", "Op tijd beginnen", "bestuur", "leraar"]])).faults


def test_a_file_tells_nothing_about_people_to_who_may_not_know_them(people, manager):
    found = looked(
        people["teacher"], book(Mensen=[PEOPLE, ["daan.verhoeven@oeverscholen.example", "Ander", "Nederlands", "ja"]])
    )
    assert [fault.place.where for fault in found.faults] == ["Mensen"]
    assert not found.changes and not found.unchanged


def test_anyone_may_ask_by_file_and_only_the_manager_revises(people, manager):
    header = ["Sleutel", "Als (rol)", "Wil ik weten", "Om te besluiten", "Hoe vaak"]
    taken(people["teacher"], book(Behoeften=[header, ["mine", "teacher", "Wie is er?", "Beginnen.", "elke dag"]]))
    need = InformationNeed.objects.get(key="mine")
    assert (need.requester, need.state) == (people["teacher"], "asked")
    found = looked(
        people["teacher"], book(Behoeften=[header, ["mine", "teacher", "Wie is er niet?", "Beginnen.", "elke dag"]])
    )
    assert faults(found) == {"Behoeften!A2": "Dit mag alleen: informatiemanager."}


def test_one_fault_and_nothing_is_written(manager):
    content = book(Doelen=[GOALS, ["G9", "Negen"], ["G10", "Tien", "provincie"]])
    before = AuditLine.objects.count()
    with pytest.raises(NotTaken, match="Herstel"):
        taken(manager, content)
    assert not Goal.objects.filter(key="G9").exists()
    assert AuditLine.objects.count() == before


def test_an_edit_in_an_export_is_the_only_difference(manager):
    content = edited(workbook(manager), "Behoeften", "my_day", "Hoe vaak", "elke week")
    [change] = looked(manager, content).changes
    assert [(each.field, each.was, each.becomes) for each in change.fields] == [("rhythm", "elke dag", "elke week")]
    assert change.offered.at("rhythm").where == "Behoeften!E2"


def test_an_application_answers_for_nothing_in_a_file_either(manager):
    put(manager, "role.write", Role, "robot", nl="portaal", en="portal", side="use", holder="system")
    rows = [
        ["Soort onderwerp", "Sleutel van het onderwerp", "Inhoud of uitvoering", "Rol", "Letters (R, A, C, I)"],
        ["taakgebied", "systems", "inhoud", "robot", "R"],
        ["taakgebied", "systems", "inhoud", "teacher", "A"],
    ]
    found = looked(manager, book(Verantwoordelijkheden=rows))
    assert [(fault.place.where, fault.place.value) for fault in found.faults] == [("Verantwoordelijkheden!D2", "robot")]
    assert "aanspreekbaar" in found.faults[0].reason
    assert [change.key for change in found.changes] == ["area|systems|content|teacher"]
