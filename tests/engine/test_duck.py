"""Connections to DuckDB: a reader reaches its own file, and changes nothing; names and texts hold."""

import ast
import os
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schakel.engine.duck import cores, literal, quoted, reader, worker

SOME = settings(max_examples=60, deadline=None)
WORDS = st.text(st.characters(exclude_categories=("Cs",)), max_size=30)
# What a reader must refuse; {folder} holds a file with a secret, and a database of somebody else.
REFUSED = """
SELECT * FROM read_csv('{folder}/secret.csv')
SELECT * FROM '{folder}/secret.csv'
SELECT * FROM "{folder}/secret.csv"
SELECT * FROM read_text('{folder}/secret.csv')
SELECT * FROM read_blob('{folder}/*')
SELECT * FROM read_json('{folder}/secret.csv')
SELECT * FROM read_parquet('{folder}/*')
SELECT * FROM read_csv('/proc/self/environ')
SELECT * FROM read_csv('http://127.0.0.1/x.csv')
SELECT * FROM glob('{folder}/*')
SELECT * FROM sqlite_scan('{folder}/schakel.db', 'access_person')
COPY pupil TO '{folder}/out.csv'
COPY (SELECT 1) TO '{folder}/out.parquet' (FORMAT parquet)
COPY pupil FROM '{folder}/secret.csv'
EXPORT DATABASE '{folder}/exported'
IMPORT DATABASE '{folder}/exported'
ATTACH '{folder}/other.duckdb' AS other
ATTACH '{folder}/other.duckdb' AS other (READ_ONLY)
ATTACH ':memory:' AS other
INSTALL httpfs
INSTALL '{folder}/secret.csv'
LOAD httpfs
LOAD '{folder}/secret.csv'
CREATE SECRET s (TYPE S3, KEY_ID 'a', SECRET 'b')
SET enable_external_access = true
RESET enable_external_access
SET allowed_directories = ['{folder}']
SET lock_configuration = false
SET temp_directory = '{folder}'
SET home_directory = '{folder}'
SET autoinstall_known_extensions = true
SET threads = 1
SET memory_limit = '100GB'
PRAGMA enable_profiling
PRAGMA profiling_output = '{folder}/out.json'
CREATE TABLE extra AS SELECT 1
CREATE VIEW extra AS SELECT 1
CREATE MACRO extra(a) AS a
INSERT INTO pupil VALUES ('x')
UPDATE pupil SET name = 'x'
DELETE FROM pupil
DROP TABLE pupil
ALTER TABLE pupil ADD COLUMN x INTEGER
TRUNCATE pupil
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A snapshot, and beside it what it has no business with."""
    for name in ("snapshot.duckdb", "other.duckdb"):
        with worker(tmp_path / name) as con:
            con.execute("CREATE TABLE pupil AS SELECT 'Noor' AS name")
    (tmp_path / "secret.csv").write_text("a\nGEHEIM\n")
    return tmp_path


def attempted(con: duckdb.DuckDBPyConnection, sql: str) -> str:
    try:
        return f"gave {con.execute(sql).fetchall()}"
    except duckdb.Error:
        return "refused"


def test_a_reader_reaches_and_changes_nothing(folder: Path) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    statements = REFUSED.strip().format(folder=folder).splitlines()
    with reader(folder / "snapshot.duckdb") as con:
        outcome = {sql: attempted(con, sql) for sql in statements}
        assert {sql: became for sql, became in outcome.items() if became != "refused"} == {}
        assert con.execute("SELECT name FROM pupil").fetchall() == [("Noor",)]
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_each_cursor_of_a_reader_is_as_closed(folder: Path) -> None:
    """The web workers give each thread a cursor of its own."""
    with reader(folder / "snapshot.duckdb") as con:
        cursor = con.cursor()
        for sql in ("SET threads = 4", f"SELECT * FROM '{folder}/secret.csv'", "DELETE FROM pupil"):
            with pytest.raises(duckdb.Error):
                cursor.execute(sql)


def test_many_readers_open_one_snapshot_and_a_reader_needs_a_file(folder: Path) -> None:
    with reader(folder / "snapshot.duckdb") as first, reader(folder / "snapshot.duckdb") as second:
        assert first.execute("FROM pupil").fetchall() == second.execute("FROM pupil").fetchall()
    with pytest.raises(duckdb.Error):
        reader(folder / "not-there.duckdb")
    assert not (folder / "not-there.duckdb").exists()


def test_what_a_worker_writes_is_kept_and_what_it_makes_in_memory_is_gone(tmp_path: Path) -> None:
    with worker(tmp_path / "new.duckdb") as con:
        con.execute("CREATE TABLE t AS SELECT 1 AS a")
    with reader(tmp_path / "new.duckdb") as con:
        assert con.execute("FROM t").fetchall() == [(1,)]
    with worker() as con:
        con.execute("CREATE TABLE t AS SELECT 1 AS a")
    with worker() as con, pytest.raises(duckdb.CatalogException):
        con.execute("FROM t")


def test_a_worker_is_kept_within_its_memory_and_installs_nothing_by_itself() -> None:
    with worker(memory="64MB") as con:
        told = dict(con.execute("SELECT name, value FROM duckdb_settings()").fetchall())
        assert told["memory_limit"].startswith("61.0")  # 64 MB in units of 1024
        assert told["threads"] == str(cores())
        assert told["autoinstall_known_extensions"] == told["autoload_known_extensions"] == "false"
        con.execute("SET temp_directory = ''")
        with pytest.raises(duckdb.OutOfMemoryException):
            con.execute("CREATE TABLE big AS SELECT repeat('x', 1000) || i AS t FROM range(1000000) AS r(i)")


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with worker() as connection:
        yield connection


@SOME
@given(WORDS)
def test_a_text_stays_a_text(con: duckdb.DuckDBPyConnection, value: str) -> None:
    assert con.execute(f"SELECT {literal(value)} AS a").fetchall() == [(value,)]


@SOME
@given(WORDS.filter(bool))
def test_a_name_stays_a_name(con: duckdb.DuckDBPyConnection, name: str) -> None:
    con.execute(f"CREATE OR REPLACE TABLE {quoted(name)} ({quoted(name)} INTEGER)")
    told = con.execute("SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal").fetchall()
    con.execute(f"DROP TABLE {quoted(name)}")
    assert told == [(name, name)]


def test_nobody_else_opens_duckdb() -> None:
    """One module decides what a connection may reach; every other room asks it."""
    package = Path(__file__).resolve().parents[2] / "schakel"
    opening = {
        str(path.relative_to(package))
        for path in package.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in {"connect", "from_df", "default_connection"}
        and isinstance(node.value, ast.Name) and node.value.id == "duckdb"
    }  # fmt: skip
    assert opening == {"engine/duck.py"}


def test_it_works_on_the_cores_that_it_may_use(monkeypatch: pytest.MonkeyPatch) -> None:
    for allowed, used in (({0}, 1), ({3, 5}, 2), (set(range(64)), 2)):
        monkeypatch.setattr(os, "sched_getaffinity", lambda _process, allowed=allowed: allowed)
        assert cores() == used
        with worker() as con:
            assert con.execute("SELECT current_setting('threads')").fetchone() == (used,)
    monkeypatch.delattr(os, "sched_getaffinity")  # a system that does not tell
    assert cores() == 2
