"""A mapping made on the screen: kept as a declaration, read by the one reader; drift is said first."""

import csv
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from schakel.collect.checks import check
from schakel.collect.landing import Landed, land
from schakel.connectors import own_mappings, proposals
from schakel.connectors.column_kinds import columns
from schakel.connectors.dropped_files import look
from schakel.connectors.mapped_layout import declared
from schakel.connectors.proposals import LEAVE_OUT, Choices
from schakel.connectors.targets import target
from schakel.lib.errors import Unreadable

TEXT = "Lln nr;School;Datum;Soort;Uren;Mobiel\n0012;11AA00;13-01-2026;O;1,5;06\n0013;11AA00;14-01-2026;G;;06\n"
ABSENCE = frozenset({"pupil_number", "site_identifier", "date", "kind", "clock_hours"})


def made(path: Path, key: str = "verzuim-absence", **more: Any) -> dict[str, Any]:
    """The declaration of what was proposed for a file, with what a person adds."""
    dropped = look(path, path.name)
    seen, known = columns(dropped), target(key)
    assert known is not None
    choices = replace(proposals.propose(known, seen), **more)
    assert own_mappings.mistakes(known, dropped.form, seen, choices) == {}
    return own_mappings.declaration(known, dropped.form, seen, choices, "Proef", f"*{path.suffix}", 1)


def file(folder: Path, text: str | bytes = TEXT, name: str = "lijst.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def landed(folder: Path, path: Path, told: dict[str, Any], relation: str, needed: frozenset[str]) -> Landed:
    return land(own_mappings.package(path, told), "proef", {relation: needed}, folder / "data")


def rows(found: Landed, relation: str, *names: str) -> list[tuple[Any, ...]]:
    wanted = ", ".join(f'"{name}"' for name in names)
    return duckdb.sql(f"SELECT {wanted} FROM '{found.folder}/{relation}.parquet' ORDER BY 1").fetchall()


def test_a_declaration_is_yaml_that_reads_back_as_the_same(tmp_path: Path) -> None:
    told = made(file(tmp_path))
    out = tmp_path / "out.yaml"
    out.write_text(own_mappings.as_yaml(told), encoding="utf-8")
    assert own_mappings.read(out) == told
    assert declared(told).layout.files["absence"].field("pupil_number").source == "Lln nr"
    assert own_mappings.fitting(tmp_path, "andere.csv") == told
    assert own_mappings.fitting(tmp_path, "andere.xlsx") is None


def test_what_was_chosen_lands_typed_and_translated_and_the_rest_stays_outside(tmp_path: Path) -> None:
    path = file(tmp_path)
    found = landed(tmp_path, path, made(path), "absence", ABSENCE)
    assert rows(found, "absence", "pupil_number", "kind", "clock_hours") == [
        ("0012", "unauthorised", 1.5),
        ("0013", "authorised", None),
    ]
    assert [column for _file, column, _why in found.columns_dropped] == ["Mobiel"]


FIGURES = "BRIN6;Schooljaar;Schoolweging\n11AA00;2025-2026;28,4\n11AB00;2025-2026;41,2\n11AC00;2025-2026;19\n"


def test_the_rules_of_what_it_is_hold_for_a_mapped_file_too(tmp_path: Path) -> None:
    path = file(tmp_path, FIGURES, "cijfers.csv")
    told = made(path, "vestigingscijfers-site_year")
    found = landed(tmp_path, path, told, "site_year", frozenset({"site_identifier", "school_weighting"}))
    assert [(f.row, f.column, f.rule, f.severity) for f in found.report.findings if f.column == "Schoolweging"] == [
        (3, "Schoolweging", "usual-range", "warning"),
        (4, "Schoolweging", "usual-range", "warning"),
    ]
    assert [weight for _site, weight in rows(found, "site_year", "site_identifier", "school_weighting")] == [
        28.4, 41.2, 19.0,
    ]  # fmt: skip


def test_a_rule_comes_only_with_the_columns_that_it_looks_at_and_without_its_examples(tmp_path: Path) -> None:
    assert [rule["rule"] for rule in made(file(tmp_path))["relations"]["absence"]["rules"]] == ["other-source"]
    late = TEXT.replace("Mobiel", "Minuten te laat")
    told = made(file(tmp_path, late), values={"kind": {"O": "late", "G": "authorised"}})
    rules = told["relations"]["absence"]["rules"]
    assert [(rule["rule"], rule["column"]) for rule in rules] == [
        ("filled-together", "minutes_late"), ("other-source", "pupil_number"),
    ]  # fmt: skip
    assert not {"good", "bad", "there"} & {key for rule in rules for key in rule}
    fixed = made(file(tmp_path, FIGURES, "cijfers.csv"), "vestigingscijfers-site_year", columns={"site_identifier": 0},
                 fixed={"school_year": "2025-2026", "school_weighting": "50"})  # fmt: skip
    assert "rules" not in fixed["relations"]["site_year"], "a fixed value is looked at when it is filled in"


def test_a_value_that_was_not_translated_refuses_its_row_and_is_never_guessed(tmp_path: Path) -> None:
    path = file(tmp_path, TEXT.replace(";O;", ";FALSE;").replace(";G;", ";TRUE;"))
    told = made(path, values={"kind": {"FALSE": "", "TRUE": "unknown"}})
    found = landed(tmp_path, path, told, "absence", ABSENCE)
    assert rows(found, "absence", "pupil_number", "kind") == [("0013", "unknown")]
    assert [(f.row, f.rule, f.action) for f in found.report.findings if f.column == "Soort"] == [
        (2, "vocabulary", "drop row")
    ]


def test_a_fixed_value_stands_in_every_row(tmp_path: Path) -> None:
    path = file(tmp_path, TEXT.replace(";School", "").replace(";11AA00", ""))
    told = made(path, fixed={"site_identifier": "11AA00"})
    found = landed(tmp_path, path, told, "absence", ABSENCE)
    assert rows(found, "absence", "pupil_number", "site_identifier") == [("0012", "11AA00"), ("0013", "11AA00")]
    assert ("absence", "site_identifier") in found.columns_kept and not found.columns_missing


def test_one_column_can_give_two_fields(tmp_path: Path) -> None:
    path = file(tmp_path, "Vestigingsnummer;Naam\n11AA00;De Brug\n", "scholen.csv")
    told = made(path, "schools", columns={"sourcedId": 0, "identifier": 0, "name": 1})
    found = landed(tmp_path, path, told, "orgs", frozenset({"sourcedId", "identifier", "name", "type"}))
    assert rows(found, "orgs", "sourcedId", "identifier", "name", "type") == [("11AA00", "11AA00", "De Brug", "school")]
    assert found.report.conformant


def test_a_second_field_of_a_refused_column_is_refused_too(tmp_path: Path) -> None:
    from schakel.lib.identifiers import is_bsn

    path = file(tmp_path, "Nummer;Naam\n1;a\n", "scholen.csv")
    told = made(path, "schools", columns={"name": 1, "sourcedId": 1, "identifier": 0})
    told["relations"]["orgs"]["columns"]["parentSourcedId"] = {"type": "text", "made_of": "Nummer"}
    numbers = [n for n in map(str, range(123456000, 123456900)) if is_bsn(n)][:12]
    path.write_text("Nummer;Naam\n" + "".join(f"{n};school {n[-3:]}\n" for n in numbers))
    with pytest.raises(Unreadable, match="nummers die Schakel nooit bewaart"):
        own_mappings.package(path, told)
    told["seen"] = {}
    package = own_mappings.mapped.read_as(*_parts(path, told))
    found = land(
        package, "proef", {"orgs": frozenset({"sourcedId", "identifier", "parentSourcedId"})}, tmp_path / "data"
    )
    assert rows(found, "orgs", "identifier", "parentSourcedId") == [(None, None)] * 12


def _parts(path: Path, told: dict[str, Any]) -> Any:
    from schakel.collect.listings import listing

    found = listing(path)
    return found, found.entries[0], declared(told)


def test_dates_without_first_zeros_are_read_in_the_order_of_the_file(tmp_path: Path) -> None:
    path = file(tmp_path, "ID,Birthdate\n13001,4/2/2000\n13002,11/12/1999\n13003,5/23/2000\n", "kinderen.csv")
    told = made(path, "births")
    found = landed(tmp_path, path, told, "demographics", frozenset({"sourcedId", "birthDate"}))
    assert [str(day) for _key, day in rows(found, "demographics", "sourcedId", "birthDate")] == [
        "2000-04-02", "1999-11-12", "2000-05-23",
    ]  # fmt: skip


@pytest.mark.parametrize("bad", ["4/31/2000", "13/13/2000", "4-2-2000", "4/2/00", "x"])
def test_what_is_no_date_in_that_order_is_refused_with_its_line(tmp_path: Path, bad: str) -> None:
    good = "ID,Birthdate\n1,4/2/2000\n2,5/23/2000\n3,5/24/2000\n"
    told = made(file(tmp_path, good), "births")
    report = check(own_mappings.package(file(tmp_path, good.replace("5/24/2000", bad)), told))
    assert [(f.row, f.rule) for f in report.findings if f.severity == "error"] == [(4, "date")]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("Lln nr", "Lln nummer"), "De kolom Lln nr is er niet meer; waarschijnlijk heet zij nu Lln nummer."),
        (("Uren;", "Iets;"), "De kolom Uren is er niet meer; waarschijnlijk heet zij nu Iets."),
        (("13-01-2026", "01-13-2026"), "De datums staan er nu als MM-DD-JJJJ, en eerst als DD-MM-JJJJ."),
        (("13-01-2026", "2026-01-13"), "De datums staan er nu als"),
        ((";", ","), "geen enkele kolomkop is bekend"),
    ],
)
def test_drift_is_said_and_nothing_is_read(tmp_path: Path, change: tuple[str, str], words: str) -> None:
    told = made(file(tmp_path))
    text = TEXT.replace(*change)
    if change[1] == "01-13-2026":
        text = text.replace("14-01-2026", "01-14-2026")
    with pytest.raises(Unreadable) as refused:
        own_mappings.package(file(tmp_path, text), told)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("written", "words"),
    [(("13-01-26", "14-01-26"), "MM-JJ"), (("13 jan 2026", "14 jan 2026"), "DD MMM JJJJ")],
)
def test_dates_that_are_all_written_in_another_way_are_drift(
    tmp_path: Path, written: tuple[str, str], words: str
) -> None:
    told = made(file(tmp_path))
    text = TEXT.replace("13-01-2026", written[0]).replace("14-01-2026", written[1])
    with pytest.raises(Unreadable, match=f"De datums staan er nu als .*{words}, en eerst als DD-MM-JJJJ"):
        own_mappings.package(file(tmp_path, text), told)


def test_a_column_that_became_another_kind_is_drift(tmp_path: Path) -> None:
    told = made(file(tmp_path))
    text = TEXT.replace("13-01-2026", "dinsdag").replace("14-01-2026", "woensdag")
    with pytest.raises(Unreadable, match="De kolom Datum had datums en heeft nu iets anders"):
        own_mappings.package(file(tmp_path, text), told)


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    told = made(file(tmp_path))
    text = "\n".join(";".join(line.split(";")[:3] + line.split(";")[4:]) for line in TEXT.splitlines())
    with pytest.raises(Unreadable, match="De kolom Soort ontbreekt"):
        own_mappings.package(file(tmp_path, text), told)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_new_column_or_another_order_or_character_set_is_no_drift(tmp_path: Path, encoding: str) -> None:
    told = made(file(tmp_path))
    moved = "Nieuw;" + TEXT.replace("\n0", "\n€;0")
    report = check(own_mappings.package(file(tmp_path, moved.encode(encoding)), told))
    assert report.usable
    assert "column-unknown" in {f.rule for f in report.findings if f.column == "Nieuw"}


@pytest.mark.parametrize("header", ["Mentor", "Uren [u]", "Wat? *", "MENTOR 2"])
def test_a_column_of_which_somebody_said_that_it_is_not_read_is_told_no_more(tmp_path: Path, header: str) -> None:
    text = f"{header};" + TEXT.replace("\n0", "\n€;0")
    told = made(file(tmp_path, text))
    assert header not in str(told["relations"])
    assert "column-unknown" not in {f.rule for f in check(own_mappings.package(file(tmp_path, text), told)).findings}
    report = check(own_mappings.package(file(tmp_path, text.replace(header, "Iets nieuws", 1)), told))
    assert [f.column for f in report.findings if f.rule == "column-unknown"] == ["Iets nieuws"]


def test_a_column_that_serves_two_fields_is_told_with_the_name_of_the_one_that_is_not_called_so(tmp_path: Path) -> None:
    text = "Stamnr;School;Datum;Reden\n0012;11AA00;13-01-2026;ziek\n0013;11AA00;14-01-2026;spijbelen\n"
    told = made(file(tmp_path, text))
    assert told["relations"]["absence"]["columns"]["kind"]["label"] == "Reden (Soort)"
    again = file(tmp_path, text.replace("spijbelen", "nooit gezien"))
    report = check(own_mappings.package(again, told))
    assert {(f.row, f.column, f.action) for f in report.findings} == {
        (3, "Reden (Soort)", "drop row"), (3, "Reden", "drop value"),
    }  # fmt: skip
    assert all("=" not in f.message for f in report.findings)


def test_an_empty_and_a_damaged_declaration_are_refused_in_words(tmp_path: Path) -> None:
    told = made(file(tmp_path))
    with pytest.raises(Unreadable, match="leeg"):
        own_mappings.package(file(tmp_path, b""), told)
    for text in ("", "layout: x", ": :", "- 1"):
        with pytest.raises(Unreadable, match="geen vertaling"):
            own_mappings.read(file(tmp_path, text, "kapot.yaml"))


def test_what_is_asked_before_saving(tmp_path: Path) -> None:
    path = file(tmp_path, "Lln nr;Datum;Uren\n1;03-04-2026;1.234\n")
    dropped = look(path, path.name)
    known, seen = target("verzuim-absence"), columns(dropped)
    assert known is not None
    choices = Choices({"pupil_number": 0, "date": 1, "clock_hours": 2}, {"kind": "onbekend"})
    form = replace(dropped.form, date="", decimal="")
    assert set(own_mappings.mistakes(known, form, seen, choices)) == {"site_identifier", "dates", "decimal"}


def test_real_attendance_lands_with_its_leading_zeros(tmp_path: Path, shared_data: Path) -> None:
    path = shared_data / "attendance" / "attendance.tsv"
    values = {"kind": {"TRUE": "unknown", "FALSE": "authorised"}}
    told = made(path, fixed={"site_identifier": "11AA00"}, values=values)
    needed = ABSENCE - {"clock_hours"}
    told["relations"]["absence"]["columns"]["pupil_number"].pop("pattern")
    found = landed(tmp_path, path, told, "absence", needed)
    assert found.report.rows == {"attendance.tsv": 999}
    raw = sorted(line.split("\t")[2] for line in path.read_text().splitlines()[1:])
    assert sorted(row[0] for row in rows(found, "absence", "pupil_number")) == raw
    assert any(number.startswith("00") for number in raw)


def test_real_sites_land_whole_without_a_damaged_letter(tmp_path: Path, shared_data: Path) -> None:
    path = shared_data / "duo" / "vestigingen-po-2013.csv"
    found = landed(tmp_path, path, made(path, "schools"), "orgs",
                   frozenset({"sourcedId", "identifier", "name", "parentSourcedId", "type"}))  # fmt: skip
    assert found.rows == {"orgs": 6804} and not sum(found.quarantined.values())
    got = rows(found, "orgs", "sourcedId", "name", "parentSourcedId")
    assert len({board for _key, _name, board in got}) == 1010
    names = {name for _key, name, _board in got}
    with path.open(encoding="cp1252", newline="") as lines:
        assert names == {line[4].strip() for line in list(csv.reader(lines, delimiter=";"))[1:]}


@pytest.mark.parametrize(
    ("path", "key", "relation", "count"),
    [
        ("sds/uk-100-users/Student.csv", "pupils", "users", 86),
        ("sds/uk-100-users/Student.csv", "births", "demographics", 86),
        ("sds/uk-100-users/Section.csv", "groups", "classes", 28),
        ("sds/uk-100-users/Teacher.csv", "teachers", "users", 12),
        ("sds/uk-100-users/StudentEnrollment.csv", "memberships", "enrollments", 602),
        ("sds/v2.1/demographics.csv", "births", "demographics", 6),
        ("sds/v2.1/enrollments.csv", "memberships", "enrollments", 6),
        ("sds/uk-100-users/TeacherRoster.csv", "teaching", "enrollments", 28),
        ("sds/v2.1/users.csv", "people", "users", 8),
        ("sds/v2.1/roles.csv", "roles", "roles", 7),
        ("sds/v2.1/courses.csv", "courses", "courses", 3),
        ("sds/v2.1/classes.csv", "groups", "classes", 2),
        ("sds/v2.1/academicSessions.csv", "sessions", "academicSessions", 2),
    ],
)
def test_real_sds_files_land(tmp_path: Path, shared_data: Path, path: str, key: str, relation: str, count: int) -> None:
    told = made(shared_data / path, key)
    names = frozenset(told["relations"][relation]["columns"])
    found = landed(tmp_path, shared_data / path, told, relation, names)
    assert (found.rows, sum(found.quarantined.values())) == ({relation: count}, 0)
    assert "Password" not in {column for _file, column in found.columns_kept}


ORG_TYPES = {"college": "school", "school": "school", "ministryOfEducation": "district", "department": LEAVE_OUT}


def test_real_organisations_need_their_kind_and_a_row_can_be_left_out(tmp_path: Path, shared_data: Path) -> None:
    path = shared_data / "sds" / "v2.1" / "orgs.csv"
    told = made(path, "schools", values={"type": ORG_TYPES})
    found = landed(tmp_path, path, told, "orgs", frozenset({"sourcedId", "type"}))
    assert rows(found, "orgs", "sourcedId", "type") == [
        ("110001", "school"), ("110003", "school"), ("110004", "district"),
    ]  # fmt: skip
    assert found.quarantined == {"orgs": 0}
    assert [(f.row, f.column, f.rule, f.severity) for f in found.report.findings] == [(0, "type", "left-out", "info")]
    assert found.report.findings[0].message.endswith("weggelaten: 1.") and found.report.conformant


def test_what_nobody_translated_is_refused_and_not_left_out(tmp_path: Path, shared_data: Path) -> None:
    path = shared_data / "sds" / "v2.1" / "orgs.csv"
    found = landed(tmp_path, path, made(path, "schools"), "orgs", frozenset({"sourcedId", "type"}))
    assert found.rows == {"orgs": 1} and found.quarantined == {"orgs": 3}
    assert [f.row for f in found.report.findings if f.rule == "vocabulary"] == [2, 3, 5]


LEFT = "Klas;Leerling;Rol\n1A;7;leerling\n1A;;professor\n1A;7;leerling\n"


def test_what_is_wrong_with_a_row_that_is_left_out_is_nobodys_trouble(tmp_path: Path) -> None:
    path = file(tmp_path, LEFT, "indeling.csv")
    told = made(path, "memberships", values={"role": {"leerling": "student", "professor": LEAVE_OUT}})
    told["relations"]["enrollments"]["unique"] = ["userSourcedId"]
    found = landed(tmp_path, path, told, "enrollments", frozenset({"userSourcedId", "role", "sourcedId"}))
    assert [(f.row, f.rule) for f in found.report.findings if f.severity != "info"] == [(4, "duplicate-key")]
    assert rows(found, "enrollments", "sourcedId", "userSourcedId", "role") == [("1A.7", "7", "student")]
    assert found.quarantined == {"enrollments": 1}


EXPORTS = {  # headers as people in schools know them; no file of a package was at hand (docs/how-to/map-a-file.md)
    "personeel-staff_contract": (
        "Medewerker;Volgnummer dienstverband;Achternaam;Kostenplaats;Functiecategorie;Type dienstverband;WTF;"
        "Datum in dienst;Datum uit dienst\n"
        "0012;1;Vos;11AA00;OP;Vast;0,8;01-08-2020;\n0013;1;Bos;11AA00;OOP;Tijdelijk;1;13-08-2021;31-07-2027\n"
    ),
    "personeel-sick_leave": (
        "Personeelsnummer;Ziekmelding;Verzuimsoort;Percentage ziek;Datum ziekmelding;Datum herstel\n"
        "0012;9;Ziek;100;13-10-2026;15-10-2026\n"
    ),
    "financien-finance_year": (
        "Kostenplaats;Boekjaar;Soort;Totaal baten;Personeelslasten;Resultaat\n"
        "11AA00;2025;Realisatie;1.000,50;900;100,50\n"
    ),
    "vestigingscijfers-site_year": (
        "BRIN6;Schooljaar;Schoolweging;Signaleringswaarde 1S/2F\n11AA00;2025-2026;28,41;49,6\n"
    ),
    "inspectiewaarden-inspection_value": (
        "Vestigingsnummer;Afdeling;Indicator;Periode;Schoolwaarde;Inspectienorm\n11AA01;havo;R4;2023-2026;6,4;6,2\n"
    ),
    "referentieniveaus-reference_level": (
        "Leerling nr;Schooljaar;Onderdeel;Referentieniveau;Ontheffing\n"
        "0012;2025-2026;Lezen;2F;Nee\n0012;2025-2026;Rekenen-wiskunde;lager dan 1F;Nee\n0013;2025-2026;Lezen;;Ja\n"
    ),
    "pupils": (
        "STAMNR;INITIALS;FIRSTNAME;PREFIX;LASTNAME;EMAIL;GENDER;BIRTHDATE;STREET;CLASS;LOCATION\n"
        "001234;Z;Zoë;;Vos;z@school.example;V;13-06-2010;Dorpsstraat;1A;HOOFD\n"
    ),
}  # fmt: skip


@pytest.mark.parametrize("key", EXPORTS)
def test_common_exports_are_proposed_whole(tmp_path: Path, key: str) -> None:
    path = file(tmp_path, EXPORTS[key], "uitvoer.csv")
    dropped = look(path, path.name)
    seen = columns(dropped)
    known = proposals.best_target(seen, path.name)
    assert known.key == key
    choices = proposals.propose(known, seen)
    lost = {f.name for f in known.open_fields if f.required} - choices.columns.keys() - choices.fixed.keys()
    assert {name for name in lost if not own_mappings.spare_columns(known.field(name), choices)} == set()
    assert all(becomes for words in choices.values.values() for becomes in words.values())
