"""A file with a last day in each row: the rules that come with it, and the hours of such a row."""

from datetime import time
from pathlib import Path

from schakel.collect.connectors import open_package
from schakel.collect.landing import land
from tests.connectors.test_own_mappings import ABSENCE, file, landed, made, rows

SPELLS = "Lln nr;School;Datum begin;Datum eind;Soort\n0012;11AA00;9-11-2026;13-11-2026;Geoorloofd\n"


def test_hours_of_a_row_of_several_days_are_held_against_its_days(tmp_path: Path) -> None:
    text = SPELLS.replace("Soort", "Soort;Uren;Lesuren").replace("Geoorloofd", "Geoorloofd;27,5;30")
    told = made(file(tmp_path, text))
    relation = told["relations"]["absence"]
    assert "max" not in relation["columns"]["clock_hours"] and "max" not in relation["columns"]["lesson_hours"]
    rest = "0013;11AA00;12-11-2026;12-11-2026;Geoorloofd;24,5;12\n0014;11AA00;12-11-2026;;Geoorloofd;24;13\n"
    last = "0015;11AA00;9-11-2026;10-11-2026;Geoorloofd;48;24\n"
    found = landed(tmp_path, file(tmp_path, text + rest + last), told, "absence", ABSENCE | {"until", "lesson_hours"})
    assert [(f.row, f.column, f.rule, f.action) for f in found.report.findings if f.row > 1] == [
        (3, "Uren", "most-a-day", "drop value"), (4, "Lesuren", "most-a-day", "drop value")]  # fmt: skip
    assert found.report.findings[-1].message == "In Lesuren staat meer dan 12 per dag."
    kept = {number: hours for number, *hours in rows(found, "absence", "pupil_number", "clock_hours", "lesson_hours")}
    assert kept == {"0012": [27.5, 30], "0013": [None, 12], "0014": [24, None], "0015": [48, 24]}
    one = made(file(tmp_path, text.replace("Datum eind", "Opmerking")))["relations"]["absence"]
    assert one["columns"]["clock_hours"]["max"] == 24 and "rules" in one
    assert not any(rule["rule"] == "most-a-day" for rule in one["rules"])


def test_a_last_day_brings_its_rules_and_the_hours_of_a_whole_day(tmp_path: Path) -> None:
    told = made(file(tmp_path, SPELLS), fixed={"day_hours": "5,5"})
    relation = told["relations"]["absence"]
    assert relation["columns"]["until"] == {
        "header": "Datum eind",
        "type": "date",
        "min": "2000-01-01",
        "max": "2100-01-01",
    }
    assert relation["columns"]["day_hours"] == {
        "label": "Klokuren van een hele dag", "type": "text", "constant": "5.5"}  # fmt: skip
    assert {rule["rule"] for rule in relation["rules"] if rule["column"] == "until"} == {
        "not-before",
        "same-school-year",
    }
    rest = "0013;11AA00;12-11-2026;10-11-2026;Geoorloofd\n0014;11AA00;12-11-2026;31-12-2099;Geoorloofd\n"
    path = file(tmp_path, SPELLS + rest + "0015;11AA00;12-11-2026;;Geoorloofd\n")
    found = landed(tmp_path, path, told, "absence", ABSENCE | {"until", "day_hours"})
    assert [(f.row, f.rule, f.action) for f in found.report.findings if f.column == "Datum eind"] == [
        (3, "not-before", "drop value"), (4, "same-school-year", "drop value")]  # fmt: skip
    kept = rows(found, "absence", "pupil_number", "until", "day_hours")
    assert [(number, until and f"{until:%d-%m-%Y}", whole) for number, until, whole in kept] == [
        ("0012", "13-11-2026", "5.5"), ("0013", None, "5.5"), ("0014", None, "5.5"),
        ("0015", None, "5.5")]  # fmt: skip


HALVES = "Lln nr;School;Datum;Dagdeel;Soort\n"


def test_each_half_day_is_a_row(tmp_path: Path) -> None:
    parts = ("Ochtend", "Middag", "Hele dag", "Ochtend", "Avond", "")
    text = HALVES + "".join(f"0012;11AA00;13-11-2026;{part};Geoorloofd\n" for part in parts)
    told = made(file(tmp_path, text), fixed={"morning_hours": "3,5", "afternoon_hours": "2"})
    relation = told["relations"]["absence"]
    assert relation["columns"]["day_part"]["header"] == "Dagdeel"
    needed = ABSENCE | {"day_part", "morning_hours", "afternoon_hours"}
    found = landed(tmp_path, file(tmp_path, text), told, "absence", needed)
    assert [(f.row, f.rule, f.action) for f in found.report.findings if f.row > 1] == [
        (6, "vocabulary", "drop value")]  # fmt: skip
    kept = rows(found, "absence", "day_part", "morning_hours", "afternoon_hours")
    parts = ["afternoon", "day", "morning", "morning", "unknown", None]
    assert kept == [(part, "3.5", "2") for part in parts], "a half day that stands there twice counts once, later"


def test_the_same_absence_twice_is_found_in_a_file_without_parts_of_days(tmp_path: Path) -> None:
    text = "Leerlingnummer;Vestiging;Datum;Lesuur;Soort;Reden;Klokuren;Lesuren;Minuten te laat;Contact op\n"
    path = file(tmp_path, text + 2 * "0012;11AA00;09-11-2026;;G;;5,5;;;\n", "verzuim_2026.csv")
    found = land(open_package(path), "verzuim", {"absence": ABSENCE}, tmp_path / "data")
    assert [(f.row, f.rule) for f in found.report.findings if f.row > 1] == [(3, "duplicate-key")]
    assert found.rows == {"absence": 1}


def test_times_of_a_part_of_a_day_are_read(tmp_path: Path) -> None:
    text = "Lln nr;School;Datum;Begintijd;Eindtijd;Soort\n0012;11AA00;13-11-2026;9:15;11:45;Geoorloofd\n"
    text += "0013;11AA00;13-11-2026;ochtend;;Geoorloofd\n"
    text += "".join(f"00{n};11AA00;13-11-2026;10:00;12:00;Geoorloofd\n" for n in range(14, 30))
    told = made(file(tmp_path, text))
    columns = told["relations"]["absence"]["columns"]
    assert {name: columns[name]["header"] for name in ("from_time", "until_time")} == {
        "from_time": "Begintijd",
        "until_time": "Eindtijd",
    }
    found = landed(tmp_path, file(tmp_path, text), told, "absence", ABSENCE | {"from_time", "until_time"})
    assert [(f.row, f.column, f.rule) for f in found.report.findings if f.row > 1] == [(3, "Begintijd", "time")]
    kept = {number: (begin, end) for number, begin, end in rows(found, "absence", "pupil_number", *_TIMES)}
    assert kept["0012"] == (time(9, 15), time(11, 45)) and kept["0013"] == (None, None)


_TIMES = ("from_time", "until_time")
