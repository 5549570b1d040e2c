"""Files that have a name for a school where its number belongs: said once which is which, and never guessed."""

from pathlib import Path
from typing import Any

import duckdb
import pytest

from schakel.collect.landing import Landed, land
from schakel.connectors import own_mappings, proposals
from schakel.connectors.column_kinds import columns
from schakel.connectors.dropped_files import look
from schakel.connectors.proposals import LEAVE_OUT
from schakel.connectors.targets import target, targets

TEXT = """Stamnr;School;Datum;Soort
0012;De Kiem;17-09-2026;ziek
0013;Kiem Zuid;18-09-2026;ziek
0014;98AC00;18-09-2026;ziek
"""
KNOWN = {"dekiem": "98AB00", "debrug": "98AC00"}
KIND = {"ziek": "authorised"}


def written(folder: Path, text: str = TEXT) -> Path:
    (folder / "lijst.csv").write_text(text, encoding="utf-8")
    return folder / "lijst.csv"


def proposed(path: Path, schools: dict[str, str]) -> dict[str, str]:
    known = target("verzuim-absence")
    assert known is not None
    seen = columns(look(path, path.name))
    where = {"site_identifier": 1}
    return proposals.proposed_values(known, where, seen, schools).get("site_identifier", {})


def declared(path: Path, names: dict[str, str]) -> dict[str, Any]:
    dropped, known = look(path, path.name), target("verzuim-absence")
    assert known is not None
    seen = columns(dropped)
    where = {"pupil_number": 0, "site_identifier": 1, "date": 2, "kind": 3}
    choices = proposals.Choices(where, {}, {"kind": KIND, "site_identifier": names})
    assert own_mappings.mistakes(known, dropped.form, seen, choices) == {}
    return own_mappings.declaration(known, dropped.form, seen, choices, "Lijst", "lijst*.csv", 1)


def again(told: dict[str, Any], path: Path) -> tuple[proposals.Choices, tuple[str, ...]]:
    """What is chosen to begin with, when a next version is made with this file; and its headers."""
    dropped, known = look(path, path.name), target("verzuim-absence")
    assert known is not None
    seen = columns(dropped)
    fresh = proposals.propose(known, seen, KNOWN)
    return own_mappings.chosen_before(told, known, seen, fresh, KNOWN), dropped.headers


def landed(path: Path, told: dict[str, Any]) -> Landed:
    needed = {"absence": frozenset({"pupil_number", "site_identifier", "date", "kind"})}
    return land(own_mappings.package(path, told), "proef", needed, path.parent / "data")


def stored(here: Landed) -> list[tuple[str, str]]:
    sql = f"SELECT pupil_number, site_identifier FROM '{here.folder}/absence.parquet' ORDER BY 1"
    return duckdb.sql(sql).fetchall()


def test_only_the_very_same_name_is_proposed_and_numbers_are_left_alone(tmp_path: Path) -> None:
    assert proposed(written(tmp_path), KNOWN) == {"De Kiem": "98AB00", "Kiem Zuid": ""}


@pytest.mark.parametrize(
    ("names", "proposes"),
    [
        (("De Kiem", "De Brug"), True),
        (("De Kiem", "Elders"), True),
        (("De Kiem", "Jan", "Feb"), False),
        (("Jan",), False),
    ],
)
def test_a_column_with_the_names_of_schools_is_proposed_as_such(
    tmp_path: Path, names: tuple[str, ...], proposes: bool
) -> None:
    """Whatever it is called; not where something else is read from it already."""
    lines = [f"{12 + n:04};{name};17-09-2026;ziek" for n, name in enumerate(names)]
    path = written(tmp_path, "\n".join(["Stamnr;Tabblad;Datum;Soort", *lines, ""]))
    known = target("verzuim-absence")
    assert known is not None
    found = proposals.propose(known, columns(look(path, path.name)), KNOWN)
    assert found.columns.get("site_identifier") == (1 if proposes else None)


@pytest.mark.parametrize(("schools", "asked"), [(100, 100), (101, 0)])
def test_of_a_large_board_each_school_is_asked(tmp_path: Path, schools: int, asked: int) -> None:
    lines = [f"{n:04};School {n};17-09-2026;ziek" for n in range(schools)]
    path = written(tmp_path, "\n".join(["Stamnr;School;Datum;Soort", *lines, ""]))
    assert len(proposed(path, KNOWN)) == asked


def test_without_schools_to_choose_from_nothing_is_asked(tmp_path: Path) -> None:
    assert proposed(written(tmp_path), {}) == {}


def test_a_file_with_numbers_is_asked_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, "Stamnr;School;Datum;Soort\n0012;98AB00;17-09-2026;ziek\n")
    assert proposed(path, KNOWN) == {}


def test_a_name_is_kept_as_the_number_that_it_stands_for(tmp_path: Path) -> None:
    told = declared(path := written(tmp_path), {"De Kiem": "98AB00", "Kiem Zuid": "98AB01"})
    assert told["relations"]["absence"]["columns"]["site_identifier"]["same_as"] == {
        "De Kiem": "98AB00", "Kiem Zuid": "98AB01",
    }  # fmt: skip
    here = landed(path, told)
    assert stored(here) == [("0012", "98AB00"), ("0013", "98AB01"), ("0014", "98AC00")]
    assert [f for f in here.report.findings if f.row] == []


def test_a_name_of_which_nothing_was_said_is_refused_and_told(tmp_path: Path) -> None:
    """A school that is new in the file: never guessed, never in silence."""
    here = landed(path := written(tmp_path), declared(path, {"De Kiem": "98AB00", "Kiem Zuid": ""}))
    assert stored(here) == [("0012", "98AB00"), ("0014", "98AC00")]
    assert [(f.row, f.column, f.rule, f.action) for f in here.report.findings if f.row] == [
        (3, "School", "pattern", "drop row")
    ]


def test_rows_of_a_school_that_is_not_ours_can_be_left_out(tmp_path: Path) -> None:
    here = landed(path := written(tmp_path), declared(path, {"De Kiem": "98AB00", "Kiem Zuid": LEAVE_OUT}))
    assert stored(here) == [("0012", "98AB00"), ("0014", "98AC00")]
    assert [(f.rule, f.action) for f in here.report.findings] == [("left-out", "accept")]


def test_a_column_that_two_fields_have_is_translated_for_the_school_alone(tmp_path: Path) -> None:
    told = declared(path := written(tmp_path), {"De Kiem": "98AB00", "Kiem Zuid": "98AB01"})
    fields = told["relations"]["absence"]["columns"]
    fields["remark"] = {"header": "School", "type": "text"}
    fields["site_identifier"] = {
        "made_of": "School",
        **{k: v for k, v in fields["site_identifier"].items() if k != "header"},
    }
    needed = {"absence": frozenset({"pupil_number", "site_identifier", "remark"})}
    here = land(own_mappings.package(path, told), "proef", needed, tmp_path / "data")
    sql = f"SELECT site_identifier, remark FROM '{here.folder}/absence.parquet' ORDER BY pupil_number"
    assert duckdb.sql(sql).fetchall() == [("98AB00", "De Kiem"), ("98AB01", "Kiem Zuid"), ("98AC00", "98AC00")]


def test_the_next_version_begins_with_what_was_chosen(tmp_path: Path) -> None:
    told = declared(path := written(tmp_path), {"De Kiem": LEAVE_OUT, "Kiem Zuid": "98AB01"})
    chosen, _headers = again(told, path)
    assert chosen.columns == {"pupil_number": 0, "site_identifier": 1, "date": 2, "kind": 3}
    assert chosen.values["site_identifier"] == {"De Kiem": LEAVE_OUT, "Kiem Zuid": "98AB01"}
    assert chosen.values["kind"] == KIND


def test_a_value_that_was_given_no_meaning_is_given_none_by_the_next_version(tmp_path: Path) -> None:
    """G is known as authorised absence: who left it open anyway had a reason."""
    path = written(tmp_path)
    dropped, known = look(path, path.name), target("verzuim-absence")
    assert known is not None
    seen = columns(dropped)
    where = {"pupil_number": 0, "site_identifier": 1, "date": 2, "kind": 3}
    assert all(proposals.propose(known, seen, KNOWN).values["kind"].values()), "each is known by itself"
    kinds, names = dict.fromkeys(KIND, ""), {"De Kiem": "98AB00", "Kiem Zuid": ""}
    choices = proposals.Choices(where, {}, {"kind": kinds, "site_identifier": names})
    told = own_mappings.declaration(known, dropped.form, seen, choices, "Lijst", "lijst*.csv", 1)
    chosen, _headers = again(told, path)
    assert chosen.values["kind"] == kinds
    fields = told["relations"]["absence"]["columns"]
    assert fields["kind"]["refused"] == list(KIND) and "refused" not in fields["site_identifier"]
    here = landed(path, told)
    assert here.rows["absence"] == 0 and sum(here.quarantined.values()) > 0, "and its rows are refused"


def test_a_renamed_column_and_a_new_value_are_proposed_beside_it(tmp_path: Path) -> None:
    told = declared(path := written(tmp_path), {"De Kiem": "98AB00", "Kiem Zuid": "98AB01"})
    written(tmp_path, TEXT.replace("Stamnr;School", "Leerlingnummer;School").replace("0014;98AC00", "0014;De Brug"))
    chosen, headers = again(told, path)
    assert {name: headers[place] for name, place in chosen.columns.items()} == {
        "pupil_number": "Leerlingnummer", "site_identifier": "School", "date": "Datum", "kind": "Soort",
    }  # fmt: skip
    assert chosen.values["site_identifier"] == {"De Kiem": "98AB00", "Kiem Zuid": "98AB01", "De Brug": "98AC00"}


def test_a_column_that_nobody_chose_stays_unread_whatever_it_looks_like(tmp_path: Path) -> None:
    told = declared(path := written(tmp_path), {"De Kiem": "98AB00", "Kiem Zuid": "98AB01"})
    fields = told["relations"]["absence"]["columns"]
    fields["site_identifier"] = {"label": "Vestiging", "type": "text", "constant": "98AB00"}
    chosen, _headers = again(told, path)
    assert "site_identifier" not in chosen.columns and chosen.fixed["site_identifier"] == "98AB00"


@pytest.mark.parametrize("each", targets(), ids=lambda each: each.key)
def test_a_field_that_names_a_school_is_no_choice(each: Any) -> None:
    """One and the same list of values cannot be both."""
    assert not [field.name for field in each.fields if field.names_school and field.choices]
