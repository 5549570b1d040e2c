"""Tables by declaration: from SQLite and a real PostgreSQL, only the needed columns, never a write, whole or not."""

import csv
import datetime
import re
import sqlite3
import threading
import time
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest
import sqlalchemy

from schakel.collect.connectors import open_package
from schakel.collect.examination import examine
from schakel.collect.providers import PACKAGE, Access, Wish
from schakel.connectors import databases, sql_tables
from schakel.connectors.declared import Relation, asked
from schakel.connectors.sql_tables import SqlTables, text_of
from schakel.connectors.targets import BRIN6
from schakel.lib.addresses import Allowed, Closed
from schakel.lib.errors import SchakelError, Unreadable
from schakel.lib.outgoing import Broken, Outgoing
from tests.connectors.declarations import VERZUIM
from tests.connectors.sql_server import Base, on_a_port
from tests.system import postgres

NEEDED = {"absence": frozenset({"pupil_number", "site_identifier", "date", "kind"})}
WISH = Wish(NEEDED, declared=VERZUIM)
ROWS = [(str(n), "00AA00", f"2026-09-{n % 28 + 1:02}", "G", "geheime opmerking", n) for n in range(1, 26)]
_SHAPE = "(nummer text, vestiging text, datum date, soort text, opmerking text, volg integer)"


def silent(_file, _rows):
    """Nobody watches."""


@pytest.fixture
def lite(tmp_path):
    path = tmp_path / "leerlingen.sqlite"
    with sqlite3.connect(path) as con:
        con.execute(f"CREATE TABLE verzuim {_SHAPE}")
        con.executemany("INSERT INTO verzuim VALUES (?, ?, ?, ?, ?, ?)", ROWS)
    return Access(f"sqlite://{path}", "", "none", "", "")


@pytest.fixture
def way(tmp_path):
    return Outgoing(Allowed(folders=(str(tmp_path),)))


def rows_of(folder: Path) -> list[dict[str, str]]:
    with (folder / PACKAGE / "absence.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_a_table_becomes_a_delivery_that_passes_its_checks(lite, way, tmp_path):
    heard = []
    got = SqlTables().fetch(lite, way, WISH, tmp_path / "f", lambda file, rows: heard.append((file, rows)))
    assert (got.changed, got.file) == (True, "")
    assert heard == [("absence.csv", 25)]
    package = open_package(tmp_path / "f" / PACKAGE)
    assert (package.layout.name, package.layout.version) == ("verzuim", "1")
    report = examine(package, NEEDED).report
    assert (report.usable, report.conformant, report.rows) == (True, True, {"absence.csv": 25})


def test_a_name_that_the_database_has_for_a_school_is_its_number(lite, way, tmp_path):
    known = deepcopy(VERZUIM)
    told = known["relations"]["absence"]["columns"]["site_identifier"]
    told |= {"pattern": BRIN6, "same_as": {"00AA00": "98AB00"}}
    SqlTables().fetch(lite, way, replace(WISH, declared=known), tmp_path / "f", silent)
    done = examine(open_package(tmp_path / "f" / PACKAGE), {"absence": frozenset({"site_identifier"})})
    with done.con:
        assert done.con.execute('SELECT DISTINCT site_identifier FROM "absence"').fetchall() == [("98AB00",)]


def test_only_needed_columns_are_written(lite, way, tmp_path):
    SqlTables().fetch(lite, way, WISH, tmp_path / "f", silent)
    assert list(rows_of(tmp_path / "f")[0]) == ["nummer", "vestiging", "datum", "soort"]
    assert "geheime" not in (tmp_path / "f" / PACKAGE / "absence.csv").read_text()


def test_without_a_need_nothing_is_asked(lite, way, tmp_path):
    with pytest.raises(SchakelError, match="Geen enkele goedgekeurde behoefte"):
        SqlTables().fetch(lite, way, replace(WISH, needed={}), tmp_path / "f", silent)
    assert not (tmp_path / "f").exists()


def test_a_database_file_outside_the_allowed_folders_is_not_opened(lite, tmp_path):
    with pytest.raises(Closed, match="SCHAKEL_FOLDERS"):
        SqlTables().fetch(lite, Outgoing(), WISH, tmp_path / "f", silent)
    with pytest.raises(SchakelError, match="ligt geen database"):
        SqlTables().fetch(
            replace(lite, address=f"sqlite://{tmp_path}/weg.sqlite"), Outgoing(Allowed(folders=(str(tmp_path),))), WISH,
            tmp_path / "f", silent,
        )  # fmt: skip


def test_what_is_no_database_is_told(way, tmp_path):
    (tmp_path / "tekst.sqlite").write_text("dit is geen database, maar wel een bestand van meer dan honderd tekens" * 9)
    with pytest.raises(SchakelError, match="weigert de vraag"):
        SqlTables().fetch(
            Access(f"sqlite://{tmp_path}/tekst.sqlite", "", "none", "", ""), way, WISH, tmp_path / "f", silent
        )


def test_nothing_can_be_written_in_a_file(lite, way):
    with pytest.raises(SchakelError, match="kwam niet tot stand|weigert"), databases.opened(lite, way) as con:
        con.exec_driver_sql("DELETE FROM verzuim")


def test_a_question_that_takes_too_long_is_broken_off(lite, way):
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"
    with pytest.raises(SchakelError) as refused, databases.opened(lite, way, seconds=0.05) as con:
        con.exec_driver_sql(endless).all()
    assert (refused.value.code, refused.value.retry) == ("too-long", True)


def test_a_column_or_table_that_is_gone_is_told_and_nothing_is_read(lite, way, tmp_path):
    gone = {**VERZUIM, "relations": {"absence": {**VERZUIM["relations"]["absence"], "table": "verzuim_oud"}}}
    with pytest.raises(SchakelError, match="'verzuim_oud' is er niet"):
        SqlTables().fetch(lite, way, replace(WISH, declared=gone), tmp_path / "f", silent)
    with sqlite3.connect(lite.address.removeprefix("sqlite://")) as con:
        con.execute("ALTER TABLE verzuim RENAME COLUMN soort TO verzuimsoort")
    with pytest.raises(SchakelError, match="geen kolom soort") as refused:
        SqlTables().fetch(lite, way, WISH, tmp_path / "f", silent)
    assert refused.value.code == "drift"
    assert not (tmp_path / "f" / PACKAGE).exists()


def test_a_name_is_a_name_and_never_sql(lite, way, tmp_path):
    evil = 'verzuim"; DROP TABLE verzuim; --'
    declared = {**VERZUIM, "relations": {"absence": {**VERZUIM["relations"]["absence"], "table": evil}}}
    with pytest.raises(SchakelError, match="is er niet"):
        SqlTables().fetch(lite, way, replace(WISH, declared=declared), tmp_path / "f", silent)
    with sqlite3.connect(lite.address.removeprefix("sqlite://")) as con:
        con.execute('ALTER TABLE verzuim RENAME COLUMN soort TO "so""ort, \'x\'"')
    columns = {**VERZUIM["relations"]["absence"]["columns"], "kind": {"header": "so\"ort, 'x'", "type": "text"}}
    odd = {**VERZUIM, "relations": {"absence": {**VERZUIM["relations"]["absence"], "columns": columns}}}
    SqlTables().fetch(lite, way, replace(WISH, declared=odd), tmp_path / "f", silent)
    assert rows_of(tmp_path / "f")[0]["so\"ort, 'x'"] == "G"


def test_with_an_increasing_column_nothing_is_read_until_it_grows(lite, way, tmp_path):
    told = {**VERZUIM["relations"]["absence"], "increasing": "volg"}
    wish = replace(WISH, declared={**VERZUIM, "relations": {"absence": told}})
    got = SqlTables().fetch(lite, way, wish, tmp_path / "f", silent)
    assert not SqlTables().fetch(lite, way, replace(wish, since=got.until), tmp_path / "g", silent).changed
    assert not (tmp_path / "g").exists()
    with sqlite3.connect(lite.address.removeprefix("sqlite://")) as con:
        con.execute("DELETE FROM verzuim WHERE volg = 3")
    assert SqlTables().fetch(lite, way, replace(wish, since=got.until), tmp_path / "g", silent).changed
    assert len(rows_of(tmp_path / "g")) == 24
    assert "volg" not in rows_of(tmp_path / "g")[0]


def test_a_try_tells_what_is_there_and_keeps_nothing(lite, way, tmp_path):
    with sqlite3.connect(lite.address.removeprefix("sqlite://")) as con:
        con.execute("UPDATE verzuim SET vestiging = NULL")
    (offer,) = SqlTables().probe(lite, way, WISH)
    assert (offer.file, set(offer.there), offer.lacking) == (
        "verzuim", {"pupil_number", "date", "kind"}, ("site_identifier",),
    )  # fmt: skip
    with sqlite3.connect(lite.address.removeprefix("sqlite://")) as con:
        con.execute("ALTER TABLE verzuim RENAME TO weg")
    (offer,) = SqlTables().probe(lite, way, WISH)
    assert "is er niet" in offer.refused
    assert not (tmp_path / "f").exists()


@pytest.mark.parametrize("bound", ["MOST_BYTES", "MOST_SECONDS"])
def test_a_table_without_end_is_broken_off(lite, way, tmp_path, monkeypatch, bound):
    monkeypatch.setattr(sql_tables, bound, -1)
    with pytest.raises(SchakelError, match="te groot"):
        SqlTables().fetch(lite, way, WISH, tmp_path / "f", silent)
    assert not (tmp_path / "f" / PACKAGE).exists()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""), (True, "true"), (0, "0"), (Decimal("1E+2"), "100"), (1e-7, "0.0000001"), (1234567.5, "1234567.5"),
        (datetime.date(2026, 9, 1), "2026-09-01"), (datetime.time(8, 30), "08:30:00"),
        (datetime.timedelta(hours=8, minutes=5), "08:05:00"), (datetime.timedelta(hours=25, seconds=1), "25:00:01"),
        (-datetime.timedelta(minutes=90), "-01:30:00"),
        (datetime.datetime(2026, 9, 1, 8, 30, 5), "2026-09-01 08:30:05"), ("00123", "00123"), ("a\nb", "a\nb"),
    ],
)  # fmt: skip
def test_a_value_is_written_in_one_way(value, text):
    assert text_of(value, Relation("r", {}, ("x",), frozenset()), "x") == text


def test_a_moment_of_which_the_day_is_needed_is_the_day_here():
    moment = datetime.datetime(2026, 8, 31, 22, 30, tzinfo=datetime.UTC)
    assert text_of(moment, Relation("r", {}, ("x",), frozenset({"x"})), "x") == "2026-09-01"


@pytest.mark.parametrize("value", [b"\x00", [1], {"a": 1}])
def test_what_is_no_single_value_is_refused(value):
    with pytest.raises(SchakelError, match="geen losse waarden"):
        text_of(value, Relation("r", {}, ("x",), frozenset()), "x")


@pytest.mark.parametrize(
    ("address", "driver"),
    [
        ("mysql://db.example/las", "pymysql"),
        ("mssql://db.example/las", "pymssql"),
        ("oracle://db.example/x", "oracledb"),
    ],
)
def test_a_driver_that_is_not_there_is_named(address, driver, tmp_path, monkeypatch):
    monkeypatch.setattr(databases, "find_spec", lambda _name: None)
    with pytest.raises(SchakelError, match=driver) as refused:
        SqlTables().fetch(Access(address, "", "basic", "a", "b"), Outgoing(), WISH, tmp_path / "f", silent)
    assert refused.value.code == "driver"


def test_a_number_of_another_driver_is_no_answer_of_mysql():
    """SQL Server's driver gives numbers too, of which 20009 is that nobody answers: that may come back."""
    gone = sqlalchemy.exc.OperationalError("", {}, Exception(20009, b"Unable to connect"))
    assert isinstance(databases._told(gone, "las"), Broken)
    refused = sqlalchemy.exc.OperationalError("", {}, Exception(18456, b"Login failed for user"))
    assert databases._told(refused, "las").code == "sign-in"


def test_other_drivers_go_to_the_own_network_only(monkeypatch, tmp_path):
    monkeypatch.setitem(databases.DRIVERS, "mysql", "sqlite3")
    public = Outgoing(resolver=lambda _host, _port: ["93.184.215.14"])
    with pytest.raises(Closed, match="eigen netwerk"):
        SqlTables().fetch(Access("mysql://db.example/las", "", "basic", "a", "b"), public, WISH, tmp_path / "f", silent)


def test_a_postgresql_on_the_internet_must_prove_its_name():
    where = databases.place("postgresql://db.example/las", databases.SCHEMES)
    how = databases._postgresql(where, ["93.184.215.14", "93.184.215.15"], Outgoing(), 10)
    assert (how["sslmode"], how["hostaddr"]) == ("verify-full", "93.184.215.14,93.184.215.15")
    assert how["host"] == "db.example,db.example"
    assert "default_transaction_read_only=on" in how["options"]
    with pytest.raises(Closed, match="SCHAKEL_OUTGOING_ALLOW"):
        list(SqlTables().probe(Access("postgresql://127.0.0.1/las", "", "basic", "a", "b"), Outgoing(), WISH))


def test_a_delivery_that_says_nonsense_of_itself_is_refused(tmp_path):
    (tmp_path / "declared.json").write_text('{"declaration": [], "headers": {"x": 1}}')
    with pytest.raises(Unreadable, match="opgehaalde levering"):
        open_package(tmp_path)


def test_a_rule_over_columns_that_are_not_asked_for_is_left_out(lite, way, tmp_path):
    known = deepcopy(VERZUIM)
    rule = {"rule": "value-together", "column": "kind", "values": ["authorised"], "when": {"hour": "*"}}
    strict = {"rule": "value-together", "column": "kind", "values": ["unauthorised"], "when": {"pupil_number": "*"}}
    known["relations"]["absence"]["rules"] = [rule, strict]
    SqlTables().fetch(lite, way, replace(WISH, declared=known), tmp_path / "f", silent)
    report = examine(open_package(tmp_path / "f" / PACKAGE), NEEDED).report
    assert {f.rule for f in report.findings} == {"value-together"} and len(report.findings) == 25


# --- against a real PostgreSQL -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def base() -> Iterator[Base]:
    if postgres.binaries() is None:
        pytest.skip("PostgreSQL is not installed (Debian: postgresql)")
    with on_a_port() as found:
        found.run(
            "CREATE ROLE lezer LOGIN PASSWORD 'geheim'",
            "CREATE SCHEMA las",
            f"CREATE TABLE las.alles {_SHAPE}",
            "INSERT INTO las.alles SELECT n::text, '00AA00', date '2026-09-01' + n % 28, 'G', 'geheime opmerking', n"
            " FROM generate_series(1, 10000) AS n",
            "CREATE VIEW las.verzuim AS SELECT * FROM las.alles",
            "GRANT USAGE ON SCHEMA las TO lezer",
            "GRANT SELECT ON las.verzuim TO lezer",
        )
        yield found


def in_view(**more):
    told = {**VERZUIM["relations"]["absence"], "table": "las.verzuim", **more}
    return replace(WISH, declared={**VERZUIM, "relations": {"absence": told}})


OWN = Outgoing(Allowed(frozenset({"127.0.0.1"})))


def test_the_server_was_asked_for_needed_columns_only(base, tmp_path):
    before = len(base.received())
    SqlTables().fetch(base.access, OWN, in_view(), tmp_path / "f", silent)
    rows = rows_of(tmp_path / "f")
    assert len(rows) == 10_000
    assert len({row["nummer"] for row in rows}) == 10_000
    asked_ = base.received()[before:]
    about = [text for text in asked_ if "las" in text and "verzuim" in text and "pg_catalog" not in text]
    assert len(about) == 1, about
    columns = re.findall(r'"las"\."verzuim"\."(\w+)"', about[0])
    assert columns == ["nummer", "vestiging", "datum", "soort"]
    assert not any("opmerking" in text or "volg" in text or "*" in text.partition("FROM")[0] for text in about)
    assert any("READ ONLY" in text for text in asked_)
    assert any("REPEATABLE READ" in text for text in asked_)


def test_nothing_can_be_written_in_a_server(base):
    base.run("GRANT INSERT ON las.verzuim TO lezer")
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction), databases.opened(base.access, OWN) as con:
        con.connection.cursor().execute("INSERT INTO las.verzuim (nummer) VALUES ('x')")


def test_memory_stays_bounded(base, tmp_path):
    seen = []
    with databases.opened(base.access, OWN) as con:
        (relation,) = asked(in_view().declared, NEEDED)
        for rows in sql_tables._batches(con, sql_tables._table(con, relation)):
            seen.append(len(rows))
            cursors = con.exec_driver_sql("SELECT count(*) FROM pg_cursors").scalar()
            assert cursors >= 1  # the rows wait at the server
    assert max(seen) <= sql_tables.ROWS
    assert sum(seen) == 10_000


def test_a_connection_that_is_cut_in_the_middle_leaves_nothing_and_the_next_brings_all(base, tmp_path):
    def cut(_file, _rows):
        base.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'lezer'")

    with pytest.raises(Broken) as broken:
        SqlTables().fetch(base.access, OWN, in_view(), tmp_path / "f", cut)
    assert broken.value.retry
    assert not (tmp_path / "f" / PACKAGE).exists()
    SqlTables().fetch(base.access, OWN, in_view(), tmp_path / "f", silent)
    assert sorted(int(row["nummer"]) for row in rows_of(tmp_path / "f")) == list(range(1, 10_001))


def test_what_changes_meanwhile_is_of_the_next_time(base, tmp_path):
    once = []

    def meanwhile(_file, _rows):
        if not once:
            once.append(base.run("UPDATE las.alles SET soort = 'O'"))

    SqlTables().fetch(base.access, OWN, in_view(), tmp_path / "f", meanwhile)
    assert {row["soort"] for row in rows_of(tmp_path / "f")} == {"G"}
    base.run("UPDATE las.alles SET soort = 'G'")


def test_a_server_that_does_not_answer_is_let_go(base):
    lock = threading.Thread(
        target=base.run, args=("BEGIN; LOCK TABLE las.alles; SELECT pg_sleep(1.5); COMMIT",), daemon=True
    )
    lock.start()
    time.sleep(0.3)
    with pytest.raises(SchakelError) as refused, databases.opened(base.access, OWN, seconds=0.3) as con:
        con.exec_driver_sql("SELECT nummer FROM las.verzuim").all()
    assert (refused.value.code, refused.value.retry) == ("too-long", True)
    lock.join()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"secret": "fout"}, "laat ons niet binnen"),
        ({"client": "niemand"}, "laat ons niet binnen"),
        ({"address": "/anders"}, "laat ons niet binnen"),
    ],
)
def test_who_is_not_let_in_hears_why_and_nothing_of_the_secret(base, tmp_path, change, said):
    address = base.access.address.rpartition("/")[0] + change.pop("address", "/postgres")
    with pytest.raises(SchakelError, match=said) as refused:
        SqlTables().fetch(replace(base.access, address=address, **change), OWN, WISH, tmp_path / "f", silent)
    assert not refused.value.retry
    assert "geheim" not in str(refused.value)
    assert "fout" not in str(refused.value)


def test_a_table_that_may_not_be_read_is_told(base, tmp_path):
    wish = in_view(table="las.alles")
    with pytest.raises(SchakelError, match="mag deze tabel niet lezen"):
        SqlTables().fetch(base.access, OWN, wish, tmp_path / "f", silent)


def test_a_server_that_is_away_may_come_back(tmp_path):
    with pytest.raises(Broken):
        SqlTables().fetch(
            Access("postgresql://127.0.0.1:1/x", "", "basic", "a", "b"), OWN, WISH, tmp_path / "f", silent
        )


def test_sqlalchemy_says_nothing_of_values(lite, way):
    with databases.opened(lite, way) as con:
        assert con.engine.hide_parameters
        assert isinstance(con, sqlalchemy.Connection)
