"""One value for every row, written by a person: kept as its type is kept, or refused with what to write instead."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.connectors import own_mappings, proposals
from schakel.connectors.column_kinds import columns
from schakel.connectors.dropped_files import look
from schakel.connectors.fixed_values import fixed_value, what_fits
from schakel.connectors.targets import Target, TargetField, target, targets
from schakel.engine import duck

FIELDS = [(each.key, field.name) for each in targets() for field in each.open_fields]


def known(key: str) -> Target:
    found = target(key)
    assert found is not None
    return found


def field(key: str, name: str) -> TargetField:
    found = known(key).field(name)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("key", "name", "text", "kept"),
    [
        ("verzuim-absence", "day_hours", "5,5", "5.5"),
        ("verzuim-absence", "day_hours", "5.25", "5.25"),
        ("verzuim-absence", "day_hours", "12", "12"),
        ("verzuim-absence", "day_hours", "5:30", "5.5000"),
        ("verzuim-absence", "day_hours", "5:75", ""),
        ("verzuim-absence", "day_hours", "12:30", ""),
        ("verzuim-absence", "day_lesson_hours", "5:30", ""),
        ("verzuim-absence", "day_hours", "12,5", ""),
        ("verzuim-absence", "day_hours", "-1", ""),
        ("verzuim-absence", "day_hours", "vijf", ""),
        ("verzuim-absence", "day_hours", "1.234,5", ""),
        ("verzuim-absence", "date", "31-8-2026", "2026-08-31"),
        ("verzuim-absence", "date", "2026-08-31", "2026-08-31"),
        ("verzuim-absence", "date", "31-02-2026", ""),
        ("verzuim-absence", "date", "31-12-1999", ""),
        ("verzuim-absence", "hour", "3", "3"),
        ("verzuim-absence", "hour", "3,5", ""),
        ("verzuim-absence", "hour", "21", ""),
        ("verzuim-absence", "site_identifier", "98AB00", "98AB00"),
        ("verzuim-absence", "site_identifier", "98AB", ""),
        ("verzuim-absence", "remark", "zonder vorm", "zonder vorm"),
        ("verzuim-absence", "kind", "Te laat", "late"),
        ("verzuim-absence", "kind", "soms", ""),
        ("rooster-slot", "start_time", "08:30", "08:30"),
        ("rooster-slot", "start_time", "8.30", ""),
        ("rooster-slot", "start_time", "25:00", ""),
    ],
)
def test_a_value_is_kept_as_its_type_is_or_not_at_all(key: str, name: str, text: str, kept: str) -> None:
    assert fixed_value(field(key, name), text) == kept


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("day_hours", "Schrijf een getal van 0 tot en met 12."),
        ("hour", "Schrijf een getal van 0 tot en met 20."),
        ("date", "Schrijf een datum als 31-12-2026."),
        ("kind", "Kies uit de lijst."),
        ("site_identifier", "Het heeft niet de vorm die daarbij hoort."),
    ],
)
def test_what_to_write_instead_is_said(name: str, sentence: str) -> None:
    assert what_fits(field("verzuim-absence", name)) == sentence


def test_a_number_without_ends_has_an_example() -> None:
    open_ended = replace(field("verzuim-absence", "day_hours"), told={"type": "decimal", "min": 0})
    assert what_fits(open_ended) == "Schrijf een getal, zoals 5,5."
    assert fixed_value(open_ended, "900") == "900" and fixed_value(open_ended, "-0,5") == ""
    whole = replace(open_ended, told={"type": "integer"})
    assert what_fits(whole) == "Schrijf een heel getal."


def proposed(folder: Path, text: str, key: str, **fixed: str) -> tuple[dict[str, str], dict[str, Any]]:
    """What is wrong with what was proposed for a file, with these fixed values; and the columns as they are saved."""
    path = folder / "lijst.csv"
    path.write_text(text, encoding="utf-8")
    dropped = look(path, path.name)
    seen = columns(dropped)
    choices = proposals.propose(known(key), seen)
    choices = replace(choices, fixed={**choices.fixed, **fixed})
    wrong = own_mappings.mistakes(known(key), dropped.form, seen, choices)
    told = own_mappings.declaration(known(key), dropped.form, seen, choices, "x", "*.csv", 1)
    return wrong, next(iter(told["relations"].values()))["columns"]


def test_a_fixed_value_of_a_choice_is_one_of_the_list(tmp_path: Path) -> None:
    text = "Klas;Leerling\n1A;7\n"
    _wrong, usual = proposed(tmp_path, text, "memberships")
    assert usual["role"]["constant"] == "student", "what is usual stands there until somebody says otherwise"
    wrong, _columns = proposed(tmp_path, text, "memberships", role="koning")
    assert wrong["role"].endswith("kan niet koning zijn. Kies uit de lijst.")
    wrong, right = proposed(tmp_path, text, "memberships", role="Leraar")
    assert (wrong, right["role"]) == ({}, {"label": "Rol", "type": "text", "constant": "teacher"})


def test_a_fixed_value_that_cannot_be_read_as_its_type_is_refused(tmp_path: Path) -> None:
    text = "Lln nr;School;Datum begin;Datum eind;Soort\n0012;11AA00;9-11-2026;13-11-2026;Geoorloofd\n"
    wrong, _columns = proposed(tmp_path, text, "verzuim-absence", day_hours="vijf", hour="21")
    assert wrong == {
        "day_hours": "Klokuren van een hele dag kan niet vijf zijn. Schrijf een getal van 0 tot en met 12.",
        "hour": "Lesuur kan niet 21 zijn. Schrijf een getal van 0 tot en met 20.",
    }
    wrong, kept = proposed(tmp_path, text, "verzuim-absence", day_hours="5,5", hour="3")
    assert (wrong, kept["day_hours"]["constant"], kept["hour"]["constant"]) == ({}, "5.5", "3")


TEXTS = st.text(st.sampled_from("0123456789-,.: ab"), max_size=12) | st.dates().map(lambda d: f"{d:%d-%m-%Y}")


@given(each=st.sampled_from(FIELDS), text=TEXTS)
def test_what_is_kept_can_be_read_as_what_the_field_is(each: tuple[str, str], text: str) -> None:
    one = field(*each)
    kept = fixed_value(one, text)
    kinds = {"date": "DATE", "decimal": "DECIMAL(18,4)", "integer": "INTEGER", "time": "TIME"}
    kind = kinds.get(str(one.told["type"]))
    if kept and kind:
        assert _cast(kept, kind) is not None


def _cast(kept: str, kind: str) -> Any:
    with duck.worker() as con:
        found = con.execute(f"SELECT TRY_CAST(? AS {kind})", [kept]).fetchone()
    return found and found[0]
