"""Tables by declaration from a real MariaDB, whose reader has a right on some columns only."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from schakel.collect.connectors import open_package
from schakel.collect.examination import examine
from schakel.collect.providers import PACKAGE, Wish
from schakel.connectors import databases
from schakel.connectors.sql_tables import SqlTables
from schakel.lib.addresses import Allowed
from schakel.lib.errors import SchakelError
from schakel.lib.outgoing import Broken, Outgoing
from tests.connectors.declarations import VERZUIM
from tests.connectors.maria_server import Maria, is_here, on_a_port

pytestmark = pytest.mark.skipif(
    not is_here(), reason="no MariaDB here (Debian: mariadb-server-core, mariadb-client-core)"
)
OWN = Outgoing(Allowed(frozenset({"127.0.0.1"})))
NEEDED = {"absence": frozenset({"pupil_number", "site_identifier", "date", "kind"})}
MANY = 10_000


def in_table(**more) -> Wish:
    told = {**VERZUIM["relations"]["absence"], **more}
    return Wish(NEEDED, declared={**VERZUIM, "relations": {"absence": told}})


@pytest.fixture(scope="module")
def base() -> Iterator[Maria]:
    with on_a_port() as found:
        found.run(
            "CREATE DATABASE las",
            "CREATE TABLE las.verzuim (nummer varchar(20), vestiging varchar(10), datum date, soort varchar(5), "
            "opmerking text, volg int PRIMARY KEY)",
            "INSERT INTO las.verzuim SELECT lpad(seq, 6, '0'), '00AA00', date '2026-09-01' + INTERVAL seq % 28 DAY, "
            f"'G', 'geheime opmerking', seq FROM las.seq_1_to_{MANY}",
            "CREATE TABLE las.soorten (uur time, ja tinyint(1), bedrag decimal(8,2), deel double, moment datetime)",
            "INSERT INTO las.soorten VALUES ('08:05:00', 1, 2.50, 1e-7, '2026-09-03 08:30:05')",
            "INSERT INTO las.soorten VALUES (NULL, 0, NULL, NULL, NULL)",
            "CREATE USER lezer@'127.0.0.1' IDENTIFIED BY 'geheim'",
            "GRANT SELECT (nummer, vestiging, datum, soort, volg) ON las.verzuim TO lezer@'127.0.0.1'",
            "GRANT SELECT ON las.soorten TO lezer@'127.0.0.1'",
        )
        yield found


def silent(_file, _rows):
    """Nobody watches."""


def rows_of(folder: Path) -> list[dict[str, str]]:
    with (folder / PACKAGE / "absence.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("scheme", ["mysql", "mariadb"])
def test_who_may_read_the_needed_columns_only_gets_them_whole(base, tmp_path, scheme):
    access = replace(base, scheme=scheme).access
    got = SqlTables().fetch(access, OWN, in_table(), tmp_path / "f", silent)
    assert got.changed
    rows = rows_of(tmp_path / "f")
    assert list(rows[0]) == ["nummer", "vestiging", "datum", "soort"]
    assert sorted(row["nummer"] for row in rows) == [f"{n:06}" for n in range(1, MANY + 1)]
    report = examine(open_package(tmp_path / "f" / PACKAGE), NEEDED).report
    assert (report.usable, report.conformant, report.rows) == (True, True, {"absence.csv": MANY})


def test_with_an_increasing_column_nothing_is_read_until_it_grows(base, tmp_path):
    wish = in_table(increasing="volg")
    got = SqlTables().fetch(base.access, OWN, wish, tmp_path / "f", silent)
    assert not SqlTables().fetch(base.access, OWN, replace(wish, since=got.until), tmp_path / "g", silent).changed
    base.run("INSERT INTO las.verzuim VALUES ('x', '00AA00', '2026-09-01', 'G', '', 999999)")
    assert SqlTables().fetch(base.access, OWN, replace(wish, since=got.until), tmp_path / "g", silent).changed
    base.run("DELETE FROM las.verzuim WHERE volg = 999999")


def test_each_kind_of_value_is_written_in_one_way(base, tmp_path):
    kinds = {"pupil_number": "uur", "site_identifier": "ja", "date": "moment", "kind": "deel", "reason": "bedrag"}
    columns = {name: {"header": header, "type": "text"} for name, header in kinds.items()}
    told = {"columns": columns, "table": "soorten"}
    wish = Wish({"absence": frozenset(kinds)}, declared={**VERZUIM, "relations": {"absence": told}})
    SqlTables().fetch(base.access, OWN, wish, tmp_path / "f", silent)
    filled, empty = rows_of(tmp_path / "f")
    assert filled == {
        "uur": "08:05:00",
        "ja": "1",
        "moment": "2026-09-03 08:30:05",
        "deel": "0.0000001",
        "bedrag": "2.50",
    }
    assert empty == {"uur": "", "ja": "0", "moment": "", "deel": "", "bedrag": ""}


def test_a_column_that_may_not_be_read_is_told_and_nothing_is_read(base, tmp_path):
    columns = {**VERZUIM["relations"]["absence"]["columns"], "kind": {"header": "opmerking", "type": "text"}}
    with pytest.raises(SchakelError, match="geen kolom opmerking") as refused:
        SqlTables().fetch(base.access, OWN, in_table(columns=columns), tmp_path / "f", silent)
    assert refused.value.code == "drift"
    with pytest.raises(SchakelError, match="is er niet, of dit account mag haar niet zien"):
        SqlTables().fetch(base.access, OWN, in_table(table="weg"), tmp_path / "f", silent)
    with pytest.raises(SchakelError, match="mag deze tabel niet lezen"), databases.opened(base.access, OWN) as con:
        con.exec_driver_sql("SELECT opmerking FROM verzuim")
    assert not (tmp_path / "f" / PACKAGE).exists()


@pytest.mark.parametrize("scheme", ["mysql", "mariadb"])
def test_nothing_can_be_written(base, scheme):
    base.run("GRANT INSERT, DELETE ON las.soorten TO lezer@'127.0.0.1'")
    for wrong in ("INSERT INTO soorten (ja) VALUES (1)", "DELETE FROM soorten"):
        access, refusal = replace(base, scheme=scheme).access, "weigert de vraag.*25006"
        with pytest.raises(SchakelError, match=refusal), databases.opened(access, OWN) as con:
            con.exec_driver_sql(wrong)
    assert base.run("SELECT count(*) FROM las.soorten") == [(2,)]


def test_a_question_that_takes_too_long_is_broken_off(base):
    endless = "SELECT count(*) FROM las.verzuim AS a, las.verzuim AS b, las.verzuim AS c WHERE a.volg + b.volg > c.volg"
    with pytest.raises(SchakelError) as refused, databases.opened(base.access, OWN, seconds=0.3) as con:
        con.exec_driver_sql(endless).all()
    assert (refused.value.code, refused.value.retry) == ("too-long", True)


def test_what_changes_meanwhile_is_of_the_next_time(base, tmp_path):
    once = []

    def meanwhile(_file, _rows):
        if not once:
            once.append(base.run("UPDATE las.verzuim SET soort = 'O'"))

    SqlTables().fetch(base.access, OWN, in_table(), tmp_path / "f", meanwhile)
    assert {row["soort"] for row in rows_of(tmp_path / "f")} == {"G"}
    base.run("UPDATE las.verzuim SET soort = 'G'")


def test_a_connection_that_is_cut_in_the_middle_leaves_nothing_and_the_next_brings_all(base, tmp_path):
    def cut(_file, _rows):
        for (number,) in base.run("SELECT id FROM information_schema.processlist WHERE user = 'lezer'"):
            base.run(f"KILL CONNECTION {number}")

    with pytest.raises(SchakelError) as broken:
        SqlTables().fetch(base.access, OWN, in_table(), tmp_path / "f", cut)
    assert broken.value.retry
    assert not (tmp_path / "f" / PACKAGE).exists()
    SqlTables().fetch(base.access, OWN, in_table(), tmp_path / "f", silent)
    assert len(rows_of(tmp_path / "f")) == MANY


@pytest.mark.parametrize("change", [{"secret": "fout"}, {"client": "niemand"}, {"address": "/anders"}])
def test_who_is_not_let_in_hears_why_and_nothing_of_the_secret(base, tmp_path, change):
    address = base.access.address.rpartition("/")[0] + change.pop("address", "/las")
    with pytest.raises(SchakelError, match="laat ons niet binnen") as refused:
        SqlTables().fetch(replace(base.access, address=address, **change), OWN, in_table(), tmp_path / "f", silent)
    assert not refused.value.retry
    assert not {"geheim", "fout"} & set(str(refused.value).split())


def test_a_server_that_is_away_may_come_back(base, tmp_path):
    away = replace(base.access, address="mariadb://127.0.0.1:1/las")
    with pytest.raises(Broken) as refused:
        SqlTables().fetch(away, OWN, in_table(), tmp_path / "f", silent)
    assert refused.value.retry
