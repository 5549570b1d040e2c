"""Headers as packages write them: which field they are of, and which they only look like."""

from pathlib import Path

import pytest

from schakel.connectors import proposals
from schakel.connectors.column_kinds import columns
from tests.connectors.test_own_mappings import file, landed, made, rows
from tests.connectors.test_proposed import dropped, known
from tests.connectors.test_proposed_by_values import proposed

ABSENCE, SICK, STAFF, FIGURES, TESTS = (
    "verzuim-absence", "personeel-sick_leave", "personeel-staff_contract", "financien-finance_year", "toetsen-result",
)  # fmt: skip


@pytest.mark.parametrize(
    ("key", "field", "header", "value"),
    [
        (ABSENCE, "clock_hours", "Duur (uren)", "2,5"),
        (ABSENCE, "clock_hours", "Uren\n(klok)", "2,5"),
        (ABSENCE, "clock_hours", "uren (u)", "2:30"),
        (ABSENCE, "reason_group", "Reden verzuim", "gym"),
        (ABSENCE, "date", "Begin", "23-11-2026 08:30"),
        (SICK, "sick_percentage", "% verzuim", "50,00%"),
        (SICK, "sick_percentage", "% arbeidsongeschikt", "50"),
        (SICK, "sick_percentage", "Ziek (%)", "50"),
        (SICK, "start_date", "Ziek vanaf", "23-11-2026"),
        (SICK, "start_date", "Datum begin verzuim", "23-11-2026"),
        (SICK, "end_date", "Datum einde verzuim", "24-11-2026"),
        (SICK, "end_date", "Hersteld per", "24-11-2026"),
        (STAFF, "fte", "Deeltijd %", "0,8"),
        (FIGURES, "total_income", "Baten", "€ 1.000,50"),
        (FIGURES, "total_income", "Baten (euro)", "1000"),
        (FIGURES, "result", "Saldo", "-12,50"),
    ],
)
def test_a_header_is_known_however_its_unit_is_written(key: str, field: str, header: str, value: str) -> None:
    assert proposed(key, dropped(header, value))[0] == {field: header}


@pytest.mark.parametrize("header", ["Duur (dagdelen)", "Duur (minuten)", "Uren (per week)"])
def test_another_unit_in_brackets_is_part_of_the_name(header: str) -> None:
    assert "clock_hours" not in proposed(ABSENCE, dropped(header, "2"))[0]


def test_sick_leave_of_staff_is_recognised_by_its_columns_alone() -> None:
    found = dropped(
        "Pers.nr;Naam;Verzuimvolgnummer;Datum begin verzuim;Datum einde verzuim;% verzuim;% herstel;Verzuimoorzaak",
        "21098;Bakker, T.;Z000001;09-03-2026;22-10-2026;100,00%;0,00%;Ziekte",
    )
    best = proposals.best_target(columns(found), "Raet verzuim medewerkers.csv")
    headers, values = proposed(best.key, found)
    assert headers == {
        "staff_number": "Pers.nr", "spell": "Verzuimvolgnummer", "start_date": "Datum begin verzuim",
        "end_date": "Datum einde verzuim", "sick_percentage": "% verzuim", "kind": "Verzuimoorzaak",
    }  # fmt: skip
    assert values["kind"] == {"Ziekte": "sick"}


def test_a_part_of_a_name_is_not_that_name() -> None:
    pupils = dropped("Leerling;Brin;Leerlingnummer", "Vries, Sanne de;98AR;12001")
    number = dict.fromkeys(("identifier", "sourcedId"), "Leerlingnummer")
    assert proposed("pupils", pupils)[0] == number, "no name as a key, no BRIN as a number"


def test_a_name_that_is_merely_alike_needs_values_of_the_right_form() -> None:
    for value, there in (("12001", True), ("Vries, Sanne de", False)):
        assert ("pupil_number" in proposed(ABSENCE, dropped("Leerlingnummers", value))[0]) is there


@pytest.mark.parametrize(
    ("name", "head", "row", "key"),
    [
        ("IEP LVS groep 6.xlsx", "Leerlingnr;Naam;Geb.dat;Score;Ref.niveau", "12001;Vos, Bo;01-02-2017;60;1F", TESTS),
        ("Verzuim per school.xlsx", "nummer;naam;datum;soort;uren (u)", "12001;Vos, Bo;donderdag;ziek;2", ABSENCE),
        ("cijferlijst h3a.txt", "Stamnummer;Naam;SO 1;PW H1", "12001;Vos, Bo;6,1;7", TESTS),
        (
            "resultaten_2026.csv",
            "Leerlingnummer;Leerling;Klas;Vak;Kolomkop;Omschrijving;Weging;Resultaat;Datum invoer;Type",
            "12001;Vos, Bo;B1d;Engels;T1.2;Toets hoofdstuk 1;2;8;02-11-2026;SE",
            TESTS,
        ),
        (
            "Cito_LIB_98AR00.csv",
            "Schoolnaam;Brin;Vestiging;Leerling_ID;Achternaam;Tussenvoegsel;Voornaam;Toets;Toetsdatum;Vaardigheidsscore",
            "De Vlonder;98AR;00;12001;Bruijn;de;Finn;Rekenen;2027-01-21;162",
            TESTS,
        ),
    ],
)  # fmt: skip
def test_a_list_of_pupils_with_something_is_no_list_of_schools_or_courses(
    name: str, head: str, row: str, key: str
) -> None:
    assert proposals.best_target(columns(dropped(head, row)), name).key == key


def test_a_list_of_schools_or_courses_still_is_one() -> None:
    schools = dropped("Vestigingsnummer;Naam", "98AB00;De Kiem")
    assert proposed("schools", schools)[0] == {
        "sourcedId": "Vestigingsnummer",
        "identifier": "Vestigingsnummer",
        "name": "Naam",
    }
    assert proposals.best_target(columns(schools), "scholen.csv").key == "schools"
    assert proposals.best_target(columns(dropped("Vak ID;Naam", "12;Wiskunde")), "vakken.csv").key == "courses"


def test_a_key_alone_is_no_sign_of_anything() -> None:
    seen = columns(dropped("Stamnummer;Iets", "12001;x"))
    assert proposals.unlike(known("births"), seen)


# Columns that are there twice, or say one thing in two ways


def test_of_a_code_and_its_meaning_the_one_is_read_that_is_understood() -> None:
    rows = ("12;04-11-2026;ZK;Ziek", "13;05-11-2026;TL;Te laat", "14;06-11-2026;BV;Bijzonder verlof")
    headers, values = proposed(ABSENCE, dropped("Stamnr;Begin;Code;Omschrijving", *rows))
    assert headers["kind"] == "Omschrijving"
    assert values["kind"] == {"Ziek": "authorised", "Te laat": "late", "Bijzonder verlof": "authorised"}
    known_code = dropped("Stamnr;Begin;Code;Omschrijving", "12;04-11-2026;G;met reden", "12;05-11-2026;L;bus")
    assert proposed(ABSENCE, known_code)[0]["kind"] == "Code"


def test_a_number_that_each_employee_has_of_his_own_is_no_key() -> None:
    head = "Personeelsnummer;Volgnummer dienstverband;Kostenplaats;Functie;Soort dienstverband;Wtf;In dienst"
    rows = [f"2{n};{1 + n % 2};98AB00;OP;Vast;0,8;01-08-2020" for n in range(10)]
    headers, _values = proposed(STAFF, dropped(head, *rows))
    assert "contract_number" not in headers and headers["contract_sequence"] == "Volgnummer dienstverband"
    numbered = [f"2{n};{n};98AB00;OP;Vast;0,8;01-08-2020" for n in range(10)]
    assert proposed(STAFF, dropped(head, *numbered))[0]["contract_number"] == "Volgnummer dienstverband"
    spells = dropped("Personeelsnummer;Gevalnummer", *(f"2{n};1" for n in range(10)))
    assert "spell" not in proposed(SICK, spells)[0]
    twice = dropped("Leerling ID;Naam", "1;a", "1;a", "1;a", "1;a")  # a list that may have a pupil in several rows
    assert proposed("pupils", twice)[0]["sourcedId"] == "Leerling ID"


# Words that mean one thing or another


@pytest.mark.parametrize(
    ("values", "meant"),
    [
        ("JM", {"J": "male", "M": "female"}),
        ("MV", {"M": "male", "V": "female"}),
        ("mf", {"m": "male", "f": "female"}),
        ("M", {"M": ""}),
        ("JMV", {"J": "male", "M": "", "V": "female"}),
    ],
)
def test_m_is_a_man_beside_a_woman_and_a_girl_beside_a_boy(values: str, meant: dict[str, str]) -> None:
    found = dropped("Leerling ID;Geslacht", *(f"{n};{value}" for n, value in enumerate(values)))
    assert proposed("births", found)[1]["sex"] == meant


def test_a_v_beside_marks_is_no_level() -> None:
    cells = ["6,1", "7", "8,4", "5,5", "NG", "v"]
    wide = dropped(
        "Stamnummer;Naam uit de kolomkop;Waarde in de cel", *(f"{n};SO {n};{v}" for n, v in enumerate(cells))
    )
    assert proposed("toetsen-result", wide)[0]["mark"] == "Waarde in de cel"
    assert "level" not in proposed("toetsen-result", wide)[0]
    list_of = dropped("Stamnummer;Resultaat", *(f"{n};{value}" for n, value in enumerate(cells)))
    assert proposed("toetsen-result", list_of)[0]["mark"] == "Resultaat"
    words = dropped("Stamnummer;Niveau", "1;v", "2;g")
    assert proposed("toetsen-result", words)[1]["level"] == {"v": "", "g": ""}
    levels = dropped("Stamnummer;Niveau", "1;v", "2;iv")
    assert proposed("toetsen-result", levels)[1]["level"] == {"v": "V", "iv": "IV"}


def test_where_nothing_was_translated_the_words_of_the_field_itself_do_not_do_it(tmp_path: Path) -> None:
    path = file(tmp_path, "Leerling ID;Geslacht\n1;M\n2;M\n", "geboorte.csv")
    told = made(path, "births")
    assert told["relations"]["demographics"]["columns"]["sex"]["refused"] == ["M"]
    later = file(tmp_path, "Leerling ID;Geslacht\n1;M\n2;vrouw\n", "geboorte.csv")
    found = landed(tmp_path, later, told, "demographics", frozenset({"sourcedId", "sex"}))
    assert rows(found, "demographics", "sourcedId", "sex") == [("1", None), ("2", "female")]
    assert [(f.row, f.rule) for f in found.report.findings if f.column == "Geslacht"] == [(2, "vocabulary")]


@pytest.mark.parametrize(
    ("header", "key"), [("Lln.nr", "pupils"), ("Leerlingnummer", "pupils"), ("Pers.nr", "teachers")]
)
def test_a_list_without_a_key_of_its_own_has_the_number_of_each_person_as_one(header: str, key: str) -> None:
    seen = columns(dropped(f"{header};Roepnaam;Achternaam", "0012;Bo;Vis", "0013;Di;Bos"))
    found = proposals.propose(known(key), seen).columns
    assert found["sourcedId"] == 0
