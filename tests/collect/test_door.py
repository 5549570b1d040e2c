"""Laws 1 and 6 at the door: what no need names is dropped, a citizen service number never comes in by any name."""

import random
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.collect import door
from schakel.collect.checks import check
from schakel.collect.connectors import open_package
from schakel.collect.landing import Stopped, land
from schakel.engine.duck import worker
from schakel.lib.identifiers import is_bsn
from tests.collect.small_roster import package, roster

HEAD = "Leerlingnummer;Vestiging;Datum;Lesuur;Soort;Reden;Klokuren;Lesuren;Minuten te laat;Contact op;Opmerking"


def numbers(count: int, passing: bool, seed: int = 7) -> list[str]:
    """Nine-digit numbers that all pass, or all fail, the eleven-test."""
    source, found = random.Random(seed), list[str]()
    while len(found) < count:
        text = f"{source.randrange(10**8, 10**9)}"
        if is_bsn(text) == passing:
            found.append(text)
    return found


def absence(folder: Path, column: str, values: list[str]) -> Path:
    path = folder / "verzuim_20261123.csv"
    rows = [f"{n:06};98AB00;23-11-2026;;G;;1;;;;;{value}" for n, value in enumerate(values, 1)]
    path.write_text("\n".join([f"{HEAD};{column}", *rows]) + "\n")
    return path


def stored(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


@pytest.fixture(scope="module")
def macros() -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the macros of the door."""
    with worker() as con:
        for macro in door.MACROS:
            con.execute(macro)
        yield con


@given(st.integers(min_value=0, max_value=10**10))
def test_the_test_in_sql_is_the_eleven_test(macros: duckdb.DuckDBPyConnection, number: int) -> None:
    text = str(number)
    kind = macros.execute("SELECT number_kind(?)", [text]).fetchone()
    assert kind == (2 if is_bsn(text) else 1 if len(text) in (8, 9) else 0,)


@pytest.mark.parametrize(
    "header",
    ["BSN", "bsn", "Bsn", "bsn_nr", "BSN-nummer", "Burgerservicenummer", "PGN", "leerlingBSN", "Onderwijsnummer"],
)
def test_refused_by_name_whatever_it_holds(tmp_path: Path, header: str) -> None:
    path = absence(tmp_path, header, ["", "x"])
    assert ("bsn-name", header) in {(f.rule, f.column) for f in check(open_package(path)).findings}
    landed = land(open_package(path), "verzuim", {"absence": frozenset({"pupil_number", header})}, tmp_path / "data")
    assert header in {column for _file, column, _why in landed.columns_refused}
    assert ("absence", header) not in landed.columns_kept


@pytest.mark.parametrize("header", ["Bsnack", "Opgnoten", "Sofie", "Relatie"])
def test_not_refused_for_a_name_that_only_looks_like_it(tmp_path: Path, header: str) -> None:
    assert not any(
        f.rule.startswith("bsn") for f in check(open_package(absence(tmp_path, header, ["1", "2"]))).findings
    )


@pytest.mark.parametrize("form", ["{}", "{0[0]}{0[1]}{0[2]}.{0[3]}{0[4]}{0[5]}.{0[6]}{0[7]}{0[8]}", " {} "])
def test_refused_by_values_under_another_name(tmp_path: Path, form: str) -> None:
    values = [form.format(number) for number in numbers(25, passing=True)]
    path = absence(tmp_path, "Relatienummer", values)
    landed = land(
        open_package(path), "verzuim", {"absence": frozenset({"pupil_number", "Relatienummer"})}, tmp_path / "data"
    )
    assert [column for _file, column, _why in landed.columns_refused] == ["Relatienummer"]
    assert not any(number.encode() in stored(tmp_path / "data") for number in numbers(25, passing=True))


def test_refused_even_where_a_need_names_the_column(tmp_path: Path) -> None:
    files = roster()
    files["users"] = [
        files["users"][0] | {"sourcedId": f"u{n}", "identifier": number}
        for n, number in enumerate(numbers(30, True), 1)
    ]
    path = package(tmp_path, files)
    landed = land(open_package(path), "las", {"users": frozenset({"sourcedId", "identifier"})}, tmp_path / "data")
    assert [column for _file, column, _why in landed.columns_refused if column != "password"] == ["identifier"]
    assert duckdb.sql(
        f"SELECT count(identifier), count(sourcedId) FROM '{landed.folder}/users.parquet'"
    ).fetchall() == [(0, 30)]


def test_refused_in_a_list_of_identifiers(tmp_path: Path) -> None:
    files = roster()
    files["users"] = [files["users"][0] | {"sourcedId": f"u{n}", "userIds": f"{{LAS:{n}}},{{Nummer:{number}}}"}
                      for n, number in enumerate(numbers(30, True), 1)]  # fmt: skip
    found = {(f.rule, f.column) for f in check(open_package(package(tmp_path, files))).findings}
    assert ("bsn-values", "userIds") in found


def test_a_key_made_of_such_numbers_stops_the_delivery(tmp_path: Path) -> None:
    files = roster()
    files["users"] = [files["users"][0] | {"sourcedId": number} for number in numbers(30, True)]
    path = package(tmp_path, files)
    report = check(open_package(path))
    assert "bsn-key" in {f.rule for f in report.findings}
    assert not report.usable
    with pytest.raises(Stopped) as stopped:
        land(open_package(path), "las", {"users": frozenset({"sourcedId"})}, tmp_path / "data")
    assert stopped.value.report is not None
    assert not any(each.is_file() for each in (tmp_path / "data").rglob("*"))


@pytest.mark.parametrize(
    ("values", "why"),
    [
        (numbers(40, passing=False), "none passes"),
        (numbers(5, passing=True), "too few to tell"),
        (numbers(1, passing=True) * 40, "one and the same"),
        ([str(n) for n in range(100_000_000, 100_000_040)], "numbers in a row pass by chance, two in eleven"),
        ([f"06{n:08}" for n in range(40)], "telephone numbers"),
    ],
)
def test_ordinary_numbers_are_left_alone(tmp_path: Path, values: list[str], why: str) -> None:
    found = check(open_package(absence(tmp_path, "Relatienummer", values))).findings
    assert not any(f.rule.startswith("bsn") for f in found), why


def test_only_needed_columns_reach_the_disk(tmp_path: Path) -> None:
    files = roster()
    files["users"][0] |= {"familyName": "Geheimzinnig", "email": "wel@x.example", "metadata.kluis": "Kluisnummer-77"}
    path = package(tmp_path, files)
    needed = {"users": frozenset({"sourcedId", "email"})}
    landed = land(open_package(path), "las", needed, tmp_path / "data")
    content = stored(tmp_path / "data")
    assert b"wel@x.example" in content
    assert b"Geheimzinnig" not in content
    assert b"Kluisnummer-77" not in content
    dropped = {(file, column) for file, column, _why in landed.columns_dropped}
    assert {("users", "familyName"), ("users", "metadata.kluis"), ("orgs", "name")} <= dropped
    assert sorted(landed.rows) == ["users"]


def test_an_own_column_comes_in_when_a_need_names_it(tmp_path: Path) -> None:
    files = roster()
    files["orgs"][1]["metadata.sector"] = "po"
    landed = land(
        open_package(package(tmp_path, files)),
        "las",
        {"orgs": frozenset({"sourcedId", "metadata.sector"})},
        tmp_path / "data",
    )
    rows = duckdb.sql(f"SELECT \"metadata.sector\" FROM '{landed.folder}/orgs.parquet' ORDER BY sourcedId").fetchall()
    assert rows == [(None,), ("po",), (None,)]


def test_refused_rows_keep_needed_columns_only(tmp_path: Path) -> None:
    files = roster()
    files["enrollments"][0] |= {"role": "professor", "metadata.notitie": "Geheimzinnig"}
    landed = land(
        open_package(package(tmp_path, files)),
        "las",
        {"enrollments": frozenset({"sourcedId", "role"})},
        tmp_path / "data",
    )
    assert b"Geheimzinnig" not in stored(tmp_path / "data")
    assert landed.quarantined == {"enrollments": 1}
    columns = duckdb.sql(f"SELECT * FROM '{landed.quarantine}/enrollments.parquet'").columns
    assert columns == ["role", "sourcedId", "_row", "_rule", "_column", "_reason", "_mark", "_package"]


def test_looking_keeps_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = package(tmp_path)
    elsewhere = tmp_path / "elders"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    monkeypatch.setenv("TMPDIR", str(elsewhere))
    check(open_package(path))
    assert list(elsewhere.rglob("*")) == []
