"""What a file is counted for once, and what is not looked for because of it: the same findings, fewer questions."""

from pathlib import Path

import pytest

from schakel.collect import tallies
from schakel.collect.checks import check
from schakel.collect.connectors import open_package
from schakel.collect.examination import examine
from schakel.collect.tallies import tallied
from schakel.engine.duck import worker
from schakel.lib.identifiers import is_bsn
from tests.collect.small_roster import package, roster, texts, zipped


def found(folder: Path, files: dict[str, list[dict[str, str]]]) -> list[tuple[str, int, str]]:
    return [(f.file, f.row, f.rule) for f in check(open_package(package(folder, files))).findings]


def test_every_count_is_of_what_is_filled() -> None:
    with worker() as con:
        con.execute(
            "CREATE TABLE users AS SELECT * FROM (VALUES (1, ['x'], 'active', true, 7), (1, NULL, NULL, false, NULL),"
            " (NULL, NULL, NULL, false, 9)) AS t(_key, _text, _status, _moment, org)"
        )
        tally = tallied(con, "users", 3, "_key", ["org"], ["count(*)", "count(*) FILTER (org > 8)"])
    assert (tally.wrong, tally.status, tally.moments, tally.twice) == (1, 1, 1, True)
    assert tally.filled == {"org": 2}
    assert list(tally.numbers) == [3, 1]


def test_a_file_without_rows_is_not_counted() -> None:
    with worker() as con:
        tally = tallied(con, "nowhere", 0, "_key", ["org"], ["count(*)"])
    assert (tally.wrong, tally.twice, tally.filled, list(tally.numbers)) == (0, False, {"org": 0}, [0])


def test_an_empty_key_is_no_key_twice() -> None:
    with worker() as con:
        con.execute("CREATE TABLE users AS SELECT NULL AS _key, NULL AS _text, NULL AS _status, false AS _moment"
                    " FROM range(3)")  # fmt: skip
        assert not tallied(con, "users", 3, "_key", [], []).twice


def test_a_key_of_one_field_is_held_once_however_it_is_needed(tmp_path: Path) -> None:
    """The number of the field itself serves; one that nobody uses has a column of its own."""
    files = roster()
    files["users"].append(dict(files["users"][0]))
    for needed in ({}, {"users": frozenset({"familyName"})}, {"users": frozenset({"sourcedId", "familyName"})}):
        done = examine(open_package(package(tmp_path, files)), needed)
        columns = {name: {row[0] for row in done.con.execute(f'DESCRIBE "{name}"').fetchall()} for name in done.files}
        twice = [f.row for f in done.findings if f.rule == "duplicate-key"]
        done.close()
        assert twice == [len(files["users"]) + 1]
        assert {name: "_key" in held for name, held in columns.items()} == {
            name: "sourcedId" not in held or name == "demographics" for name, held in columns.items()
        }


def test_of_many_rows_it_is_left_open_whether_a_key_comes_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = roster()
    files["users"].append(dict(files["users"][0]))
    row = len(files["users"]) + 1
    few = found(tmp_path, files)
    monkeypatch.setattr(tallies, "FEW", 0)
    assert ("users.csv", row, "duplicate-key") in few
    assert found(tmp_path, files) == few
    assert found(tmp_path, roster()) == []


def test_rows_of_one_file_that_could_not_be_read_are_not_told_of_the_next(tmp_path: Path) -> None:
    path = zipped(
        tmp_path / "roster.zip", {**texts(roster()), "orgs.csv": b"sourcedId,name,type\ns1,De Kiem,school\ns2\ns3\n"}
    )
    told = [(f.file, f.row) for f in check(open_package(path)).findings if f.rule == "ragged-row"]
    assert told == [("orgs.csv", 3), ("orgs.csv", 4)]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("rows", [7, 8])
def test_eight_citizen_numbers_are_told_in_any_line_ends_and_seven_are_not(
    tmp_path: Path, rows: int, end: bytes
) -> None:
    numbers = [str(n).encode() for n in range(111222333, 111223333) if is_bsn(str(n))][:rows]
    users = [b"sourcedId,username,metadata.nr", *(b"u%d,u%d,%s" % (n, n, number) for n, number in enumerate(numbers))]
    path = zipped(tmp_path / "roster.zip", {**texts(roster()), "users.csv": end.join(users)})
    assert ("bsn-values" in {f.rule for f in check(open_package(path)).findings}) == (rows == 8)


def test_what_was_refused_is_counted_and_named_only_then(tmp_path: Path) -> None:
    files = roster()
    files["orgs"][1]["status"] = "tobedeleted"
    for spoiled, refused, gone in ((roster(), 0, set()), (files, 1, {"orgs", "classes"})):
        done = examine(open_package(package(tmp_path, spoiled)), {})
        try:
            assert done.files["orgs"].refused == refused
            assert done.gone == gone
        finally:
            done.close()
