"""What a file is proposed to be, and each of its columns, for exports as systems of schools write them.

The pupils of Magister have the names of the Decibel layout (Tools4ever); of the others only kinds of names are known.
"""

from dataclasses import replace

import pytest

from schakel.connectors import proposals
from schakel.connectors.column_kinds import columns
from schakel.connectors.dropped_files import Dropped, Form
from schakel.connectors.proposals import Choices
from schakel.connectors.several_days import LAST_DAY, SeveralDays, several_days
from schakel.connectors.targets import Target, target

FILES: dict[str, tuple[str, str, str, dict[str, str]]] = {
    "leerlingen-actief.csv": (
        "STAMNR;INITIALS;FIRSTNAME;PREFIX;LASTNAME;EMAIL;GENDER;BIRTHDATE;STREET;CLASS;STUDY;LOCATION;Aanmelddatum;email",
        "12001;S.;Sanne;de;Vries;12001@school.example;V;03-04-2011;Kade;3ha;havo 3;Noord;01-08-2023;ouder@x.example",
        "pupils",
        {
            "sourcedId": "STAMNR", "identifier": "STAMNR", "givenName": "FIRSTNAME", "middleName": "PREFIX",
            "familyName": "LASTNAME", "email": "EMAIL",
        },
    ),
    "Absentie per leerling.csv": (
        "Leerlingnummer;Naam;Stamgroep;Datum begin;Lesuur begin;Datum eind;Lesuur eind;Absentiereden;Opmerking",
        "12001;Sanne de Vries;3ha;23-11-2026;3;24-11-2026;3;Te laat;gebeld",
        "verzuim-absence",
        {
            "pupil_number": "Leerlingnummer", "date": "Datum begin", "until": "Datum eind", "hour": "Lesuur begin",
            "hour_until": "Lesuur eind", "kind": "Absentiereden", "remark": "Opmerking",
        },
    ),
    "Verzuim november.csv": (
        "Leerling nr;Leerling;Klas;Datum;Les;Vak;Docent;Code;Omschrijving;Minuten",
        "12001;Vries, Sanne de;3ha;23-11-2026;3;wi;BAKT;TL;Te laat;7",
        "verzuim-absence",
        {
            "pupil_number": "Leerling nr", "date": "Datum", "hour": "Les", "kind": "Omschrijving",
            "reason_group": "Omschrijving", "minutes_late": "Minuten",
        },
    ),
    "Medewerkers.csv": (
        "Medewerker;Naam;Voornaam;Geboortedatum;In dienst;Uit dienst;Functie;FTE;Soort dienstverband;Mail;Kostenplaats",
        "1001;Bakker, T.;Tom;12-05-1980;23-08-2010;31-07-2027;Docent LB;0,8000;Vast;t@school.example;20XY01",
        "personeel-staff_contract",
        {
            "staff_number": "Medewerker", "birth_date": "Geboortedatum", "start_date": "In dienst",
            "end_date": "Uit dienst", "function_group": "Functie", "fte": "FTE", "contract_kind": "Soort dienstverband",
            "site_identifier": "Kostenplaats",
        },
    ),
    "Verzuim medewerkers.csv": (
        "Medewerker;Naam;Verzuimmelding;Begindatum;Datum hersteld;Verzuimpercentage;Soort verzuim",
        "1001;Bakker, T.;5001;23-11-2026;24-11-2026;100,00;Ziek",
        "personeel-sick_leave",
        {
            "staff_number": "Medewerker", "spell": "Verzuimmelding", "start_date": "Begindatum",
            "end_date": "Datum hersteld", "sick_percentage": "Verzuimpercentage", "kind": "Soort verzuim",
        },
    ),
    "Rooster week 48.csv": (
        "Datum;Uur;Start;Einde;Vak;Groep;Docent;Lokaal;Status",
        "23-11-2026;1;08:30;09:20;wi;3ha.wi;BAKT;101;uitval",
        "rooster-slot",
        {
            "date": "Datum", "hour": "Uur", "start_time": "Start", "subject_code": "Vak", "class_code": "Groep",
            "staff_number": "Docent", "room": "Lokaal", "state": "Status",
        },
    ),
    "uitvoer volgsysteem.csv": (
        "Leerlingnummer;Naam;Groep;Toets;Afnamedatum;Ruwe score;Vaardigheidsscore;Niveau",
        "12001;Sanne de Vries;5a;Rekenen-Wiskunde 3.0 M5;21-01-2027;31;231,4;II",
        "toetsen-result",
        {
            "pupil_number": "Leerlingnummer", "test_name": "Toets", "taken_on": "Afnamedatum",
            "score": "Vaardigheidsscore", "level": "Niveau",
        },
    ),
    "Cijfers 3ha.csv": (
        "Stamnr;Leerling;Klas;Vak;Kolomkop;Omschrijving;Datum;Cijfer;Weging",
        "12001;Vries, Sanne de;3ha;wi;SE1;Hoofdstuk 1;21-01-2027;6,4;2",
        "toetsen-result",
        {
            "pupil_number": "Stamnr", "subject": "Vak", "test_name": "Omschrijving", "taken_on": "Datum",
            "mark": "Cijfer",
        },
    ),
    "PTA-overzicht.csv": (
        "BRIN6;Leerlingnr;Vakcode;Toetscode;Kolomkop;Soort toets;Toetsdatum;Resultaat",
        "20XY01;12001;wi;wi-SE1;SE1;SE;21-01-2027;6,4",
        "toetsen-result",
        {
            "site_identifier": "BRIN6", "pupil_number": "Leerlingnr", "subject": "Vakcode", "test_code": "Toetscode",
            "test_name": "Kolomkop", "test_kind": "Soort toets", "taken_on": "Toetsdatum", "mark": "Resultaat",
        },
    ),
}  # fmt: skip


def dropped(head: str, *rows: str) -> Dropped:
    """A file as it was dropped, with Dutch dates."""
    cells = tuple(tuple(row.split(";")) for row in rows)
    return Dropped(Form(date="%d-%m-%Y"), tuple(head.split(";")), cells, tuple(range(2, len(rows) + 2)))


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_proposed_as_what_it_is(name: str) -> None:
    head, row, key, pairs = FILES[name]
    found = dropped(head, row)
    best = proposals.best_target(columns(found), name)
    assert best.key == key
    proposed = proposals.propose(best, columns(found))
    assert {field: found.headers[place] for field, place in proposed.columns.items()} == pairs


def test_short_names_that_look_alike_are_not_each_other() -> None:
    lessons = known("rooster-slot")
    found = dropped("Datum;Uur", "23-11-2026;1")
    assert "minutes" not in proposals.propose(lessons, columns(found)).columns  # «uur» is not «duur»


HEAD = "Leerlingnummer;Toets;Soort toets;Afnamedatum;Ruwe score;Niveau"


def test_a_raw_score_is_the_score_where_there_is_no_other() -> None:
    found = dropped(HEAD, "12001;Rekenen M5;volgtoets;21-01-2027;31;II")
    assert proposals.propose(known("toetsen-result"), columns(found)).columns["score"] == 4


def test_a_level_is_read_in_either_case_and_another_scale_is_left_to_a_person() -> None:
    levels = ("I", "iv", "e", "B", "I+", "1", "goed")
    kinds = ("Methodetoets", "volgtoets", "LVS", "SE", "CE", "schoolexamen", "overhoring")
    found = dropped(HEAD, *(f"12001;Rekenen;{k};21-01-2027;31;{level}" for k, level in zip(kinds, levels, strict=True)))
    proposed = proposals.propose(known("toetsen-result"), columns(found)).values
    assert list(proposed["level"].values()) == ["I", "IV", "E", "B", "", "", ""]
    assert list(proposed["test_kind"].values()) == [
        "method", "monitoring", "monitoring", "school_exam", "central_exam", "school_exam", "",
    ]  # fmt: skip


def known(key: str) -> Target:
    found = target(key)
    assert found is not None
    return found


# Rows of more days than one

SPELLS = "Leerlingnummer;Datum begin;Datum eind;Absentiereden"
DAY = "12001;23-11-2026;23-11-2026;Ziek"


def several(*rows: str, key: str = "verzuim-absence", head: str = SPELLS, **more: Choices) -> SeveralDays | None:
    found = dropped(head, *rows)
    seen = columns(found)
    chosen = more.get("choices") or _unread(proposals.propose(known(key), seen))
    return several_days(known(key), found, seen, chosen)


def _unread(proposed: Choices) -> Choices:
    """As it would be when somebody says that the last day is not read."""
    return replace(proposed, columns={name: place for name, place in proposed.columns.items() if name != LAST_DAY})


def test_a_last_day_is_proposed_as_one() -> None:
    for head in ("Datum eind", "Einddatum", "T/m", "Tot en met", "Datum tot"):
        proposed = proposals.propose(
            known("verzuim-absence"), columns(dropped(SPELLS.replace("Datum eind", head), DAY))
        )
        assert proposed.columns == {"pupil_number": 0, "date": 1, LAST_DAY: 2, "kind": 3}, head


def test_rows_that_last_longer_than_their_first_day_are_counted() -> None:
    found = several(
        DAY, "12001;23-11-2026;25-11-2026;Ziek", "12002;30-11-2026;01-12-2026;Ziek", "12003;02-12-2026;;Ziek"
    )
    assert found == SeveralDays("Datum begin", "Datum eind", 2)


@pytest.mark.parametrize(
    ("why", "rows", "head"),
    [
        ("each is one day", [DAY, DAY], SPELLS),
        ("an end before its begin is no second day", ["12001;23-11-2026;20-11-2026;Ziek"], SPELLS),
        ("a day on which something was written down is no end", ["1;23-11-2026;25-11-2026;Ziek"],
         "Leerlingnummer;Datum;Ingevoerd op;Soort"),
        ("what is no day is found elsewhere", [DAY, DAY, DAY, "12001;23-11-2026;nooit;Ziek"], SPELLS),
    ],
)  # fmt: skip
def test_what_is_one_day_is_not_warned_of(why: str, rows: list[str], head: str) -> None:
    assert several(*rows, head=head) is None, why


def test_nothing_is_said_without_a_day_or_where_the_end_is_read_too() -> None:
    longer = "12001;23-11-2026;25-11-2026;Ziek"
    assert several(longer, choices=Choices({"pupil_number": 0})) is None
    assert several(longer, choices=Choices({"date": 1, LAST_DAY: 2})) is None
    found = dropped(SPELLS, longer)
    assert several_days(known("pupils"), found, columns(found), Choices({"sourcedId": 0})) is None
    asked = replace(found, form=Form(date=""))  # while the order of day and month is still asked
    assert several_days(known("verzuim-absence"), asked, columns(asked), Choices({"date": 1})) is None
