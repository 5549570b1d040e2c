"""A large file is read in pieces, to bound the memory: what comes out is what comes out of it read at once."""

import json
from pathlib import Path

import duckdb
import pytest

from schakel.collect import conditions, listings, records, repairs, streams
from schakel.collect.connectors import open_package
from schakel.collect.landing import Landed, land
from schakel.collect.layouts import Field
from schakel.collect.quarantine import insert
from schakel.collect.streams import Buffer
from tests.collect.small_roster import roster, texts, zipped

NEEDED = {"categories": frozenset({"sourcedId", "title", "weight"})}
HEAD, ROW = texts(roster())["categories.csv"].split("\r\n")[:2]
ROWS = [f"c{n},,,Soort {n},{n}" for n in range(40)]


@pytest.fixture(params=["held in memory", "unpacked anew"])
def piecewise(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Cut into pieces of a few lines, where a file of this size is read at once; the zip held, or unpacked anew."""
    monkeypatch.setattr(records, "PIECE", 250)
    monkeypatch.setattr(Buffer, "at_once", 0)
    monkeypatch.setattr(repairs, "COUNTED", 7)
    if request.param == "unpacked anew":
        monkeypatch.setattr(streams, "HELD", 100)
        monkeypatch.setattr(listings, "CHUNK", 64)


@pytest.fixture
def scans(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that were read while making tables, to see that it was in pieces indeed."""
    found: list[str] = []
    attempt = records._attempt

    def counted(con, scan, *rest):  # type: ignore[no-untyped-def]
        found.append(scan.path)
        return attempt(con, scan, *rest)

    monkeypatch.setattr(records, "_attempt", counted)
    return found


def landed(folder: Path, rows: list[str], end: str = "\n") -> Landed:
    text = "\n".join([HEAD, *rows]) + end
    package = zipped(folder / "large.zip", texts(roster()) | {"categories.csv": text})
    return land(open_package(package), "las", NEEDED, folder / "data")


def _folder(parent: Path, name: str) -> Path:
    (parent / name).mkdir()
    return parent / name


def kept(found: Landed) -> list[str]:
    path = found.folder / "categories.parquet"
    return [key for (key,) in duckdb.sql(f"SELECT sourcedId FROM '{path}' WHERE sourcedId LIKE 'c%'").fetchall()]


def told(found: Landed) -> list[tuple[int, str]]:
    return sorted((f.row, f.rule) for f in found.report.findings if f.file == "categories.csv")


@pytest.mark.parametrize("end", ["\n", ""])
def test_every_row_comes_in_once_and_in_order(tmp_path: Path, piecewise: None, scans: list[str], end: str) -> None:
    found = landed(tmp_path, ROWS, end)
    assert kept(found) == [f"c{n}" for n in range(40)]
    assert found.rows == {"categories": 40}
    at_once = len(texts(roster())) - 1  # one look at each file, and none at the manifest
    assert len(scans) > at_once + 2


def test_a_finding_in_a_later_piece_has_its_line(tmp_path: Path, piecewise: None) -> None:
    rows = [*ROWS]
    rows[3], rows[35] = "c3,,,Soort 3,veel", "c35,,,Soort 35,veel"
    assert told(landed(tmp_path, rows)) == [(5, "integer"), (37, "integer")]


def test_a_row_that_cannot_be_read_shifts_no_line(tmp_path: Path, piecewise: None) -> None:
    rows = [*ROWS]
    rows[20], rows[30], rows[38] = "c20,te,weinig", "c30,,,Soort,veel", "c38,te,weinig"
    found = landed(tmp_path, rows)
    assert told(found) == [(22, "ragged-row"), (32, "integer"), (40, "ragged-row")]
    assert len(kept(found)) == 38


def test_the_same_key_in_another_piece_is_found(tmp_path: Path, piecewise: None) -> None:
    found = landed(tmp_path, [*ROWS, "c1,,,Weer,1", "c39,,,Weer,1"])
    assert told(found) == [(42, "duplicate-key"), (43, "duplicate-key")]
    assert len(kept(found)) == 40


def test_line_breaks_inside_fields_are_followed_wherever_the_cut_falls(tmp_path: Path, piecewise: None) -> None:
    rows = [f'c{n},,,"Soort\n{n}",{n}' for n in range(40)]
    found = landed(tmp_path, rows)
    assert kept(found) == [f"c{n}" for n in range(40)]
    assert told(found) == [(2 * n + 2, "line-break") for n in range(40)]


def test_one_field_over_several_pieces_comes_in_whole(tmp_path: Path, piecewise: None) -> None:
    title = "lang\n" * 100
    found = landed(tmp_path, [*ROWS, f'c40,,,"{title}",1'])
    assert len(kept(found)) == 41
    path = found.folder / "categories.parquet"
    assert duckdb.sql(f"SELECT title FROM '{path}' WHERE sourcedId = 'c40'").fetchall() == [(title,)]


def test_a_quote_that_never_closes_costs_its_own_row_alone(tmp_path: Path, piecewise: None) -> None:
    rows = [*ROWS]
    rows[18] = 'c18,,,"open,1'
    found = landed(tmp_path, rows)
    assert told(found) == [(20, "open-quote")]
    assert len(kept(found)) == 39


def test_the_report_does_not_depend_on_the_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [*ROWS, "c1,,,Weer,1", "te,weinig", "c41,,,,", ",,,,"]
    whole = landed(_folder(tmp_path, "whole"), rows)
    monkeypatch.setattr(Buffer, "at_once", 0)
    for size in (100, 333):
        monkeypatch.setattr(records, "PIECE", size)
        pieces = landed(_folder(tmp_path, str(size)), rows)
        assert json.dumps(pieces.report.as_json()) == json.dumps(whole.report.as_json())
        assert pieces.quarantined == whole.quarantined


@pytest.mark.parametrize(("most", "pieces"), [(4, [b"ab\n", b"cd\n", b"efgh", b"ij\nk"]), (99, [b"ab\ncd\nefghij\nk"])])
def test_a_piece_ends_with_a_line_unless_a_line_is_longer(most: int, pieces: list[bytes]) -> None:
    buffer, found, at = Buffer(), [], 0
    buffer.write(b"ab\ncd\nefghij\nk")
    while piece := buffer.piece(at, most):
        found.append(piece)
        at += len(piece)
    buffer.close()
    assert found == pieces


@pytest.mark.parametrize("extensible", [True, False])
def test_one_look_at_a_word_says_the_same_as_each_rule(extensible: bool) -> None:
    field = Field("status", vocabulary=(("active", "active"), ("gone", "gone")), extensible=extensible)
    rules = " OR ".join(f"coalesce({b.sql}, false)" for b in conditions.breaches(field, "c"))
    words = "('active'), ('gone'), ('Active'), ('GONE'), ('ext:own'), ('other'), (''), (NULL)"
    asked = f"SELECT c, coalesce({conditions.suspect(field, 'c')}, false), {rules} FROM (VALUES {words}) AS w(c)"
    found = duckdb.sql(asked).fetchall()
    assert [quick for _word, quick, _slow in found] == [slow for _word, _quick, slow in found]
    assert sum(slow for _word, _quick, slow in found) == (4 if extensible else 5)


def test_rows_are_put_in_a_table_however_many_and_whatever_is_empty() -> None:
    with duckdb.connect() as con:
        con.execute("CREATE TABLE t (n BIGINT, word VARCHAR, nothing VARCHAR)")
        insert(con, "t", [])
        insert(con, "t", [(n, None if n % 2 else f"w'{n}", None) for n in range(3000)])
        assert con.execute("SELECT count(*), count(word), count(nothing), sum(n) FROM t").fetchone() == (
            3000, 1500, 0, 4498500,
        )  # fmt: skip
