"""No row is lost in silence: what lands is in a table, or counted as double or as without a place, with its source."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from schakel.engine import duck
from schakel.lib.errors import Unreadable
from schakel.process import snapshots
from schakel.process.landings import deliveries
from schakel.process.mappings import columns_for
from tests.process import boards
from tests.process.conftest import EVERYTHING
from tests.process.parquet_rows import write

ABSENCE = frozenset({"absence.kind", "absence.clock_hours", "absence.minutes_late"})
Line = dict[str, Any]


def absent(number: str | None, site: str | None = "16AH00", day: date | None = date(2026, 11, 2), **cells: Any) -> Line:
    """One line of the absence file."""
    return {
        "pupil_number": number, "site_identifier": site, "date": day, "hour": None, "kind": "late",
        "reason_group": None, "clock_hours": None, "lesson_hours": None, "minutes_late": 5, "contact_on": None, **cells,
    }  # fmt: skip


def landed(data: Path, lines: list[Line], source: str = "verzuim", **report: Any) -> boards.LandedHere:
    return boards.land(data, source, "verzuim", {"absence": lines}, **report)


def built(data: Path, lines: list[Line]) -> tuple[dict[str, Any], list[Any]]:
    """What the manifest tells of the table of absence, and its rows."""
    roster = boards.land(data, "las", "oneroster", boards.roster())
    snapshot = snapshots.build(data, [roster, landed(data, lines)], ABSENCE)
    with duck.reader(snapshot.model) as con:
        rows = con.execute("SELECT pupil_id, date, kind, minutes_late FROM absence ORDER BY ALL").fetchall()
    return snapshot.manifest["tables"]["absence"], rows


@pytest.mark.parametrize(
    "lines",
    [
        [absent("001")],
        [absent("001"), absent("001")],
        [absent("001"), absent("999"), absent(None), absent("002", site="weg"), absent("003", day=None)],
        [absent("001", hour=n) for n in range(6)] + [absent("001", hour=1)] * 3,
        [absent("999"), absent(None), absent("001", day=None)],
    ],
)
def test_every_line_is_a_row_or_counted(tmp_path, lines):
    told, rows = built(tmp_path, lines)
    without_place = sum(item["rows"] for item in told["unplaced"])
    assert told["rows"] == len(rows)
    assert told["rows"] + told["doubled"] + without_place == len(lines)
    assert {item["source"] for item in told["unplaced"]} <= {"verzuim"}
    assert {item["reason"] for item in told["unplaced"]} <= {"not_found", "missing"}


def test_what_was_missing_is_told_from_what_was_not_found(tmp_path):
    told, rows = built(tmp_path, [absent("999"), absent("998"), absent("001", day=None)])
    assert rows == []
    reasons: Counter[tuple[str, str]] = Counter()
    for item in told["unplaced"]:
        reasons[item["column"], item["reason"]] += item["rows"]
    assert reasons == {("pupil_id", "not_found"): 2, ("date", "missing"): 1}


def test_unknown_stays_unknown_through_the_model(tmp_path):
    """Minutes that were not noted are not zero minutes (law 11)."""
    _told, rows = built(tmp_path, [absent("001", minutes_late=None), absent("002", minutes_late=0)])
    assert sorted((row[3] for row in rows), key=str) == [0, None]


def test_a_column_that_the_source_lacks_is_unknown_for_every_row(tmp_path):
    line = absent("001")
    del line["minutes_late"]
    _told, rows = built(tmp_path, [line])
    assert [row[3] for row in rows] == [None]


def test_the_order_of_lines_does_not_change_the_table(tmp_path):
    lines = [absent("001", hour=n, kind=kind) for n, kind in enumerate(("late", "authorised", "unauthorised"))]
    one, other = built(tmp_path / "a", lines)[1], built(tmp_path / "b", lines[::-1])[1]
    assert one == other
    assert len(one) == 3


def test_landings_come_in_a_fixed_order_whatever_order_they_are_given_in(tmp_path):
    given = boards.everything(tmp_path)
    forward, backward = deliveries(given), deliveries(given[::-1])
    assert forward == backward
    assert len(forward) == len(given)


def test_a_landing_is_known_by_its_content_and_not_by_its_name(tmp_path):
    given = [
        landed(tmp_path, [absent(number)], source)
        for source, number in (("een", "001"), ("twee", "001"), ("drie", "002"))
    ]
    prints = {item.source: item.fingerprint["absence"] for item in deliveries(given)}
    assert prints["een"] == prints["twee"] != prints["drie"]


def test_a_file_that_is_put_in_its_place_is_read_again(tmp_path):
    """Fingerprints are remembered by file; one with the same name and another content is another file."""
    given = landed(tmp_path, [absent("001")])
    before = deliveries([given])[0].fingerprint
    write(given.folder / "nieuw.parquet", [absent("002")])
    (given.folder / "nieuw.parquet").replace(given.folder / "absence.parquet")
    assert deliveries([given])[0].fingerprint != before


def test_a_manifest_tells_freshness_and_counts_but_no_findings(tmp_path):
    told = deliveries([landed(tmp_path, [absent("001")], rows={"absence": 1}, findings=[["x", "y", 1]])])[0].described()
    assert told["rows"] == {"absence": 1}
    assert told["landed_at"]
    assert "findings" not in told


@pytest.mark.parametrize("report", [None, "[]"])
def test_a_landing_without_a_report_is_read_all_the_same(tmp_path, report):
    given = landed(tmp_path, [absent("001")])
    (given.folder / "landing.json").unlink()
    if report is not None:
        (given.folder / "landing.json").write_text(report)
    (delivery,) = deliveries([given])
    assert delivery.report == {}
    assert [file.name for file in delivery.files] == ["absence"]


def test_a_snapshot_has_exactly_the_columns_that_are_needed(tmp_path):
    """What lies in a landing beside it, from an earlier need, does not come along (law 1)."""
    roster = boards.land(tmp_path, "las", "oneroster", boards.roster())
    given = landed(tmp_path, [absent("001", opmerking="Geheimzinnig")])
    snapshot = snapshots.build(tmp_path, [roster, given], frozenset({"absence.kind"}))
    assert "opmerking" not in columns_for({"absence.kind"})["verzuim"]["absence"]
    assert b"Geheimzinnig" not in snapshot.model.read_bytes()
    with duck.reader(snapshot.model) as con:
        columns = {row[0] for row in con.execute("DESCRIBE absence").fetchall()}
    assert "kind" in columns
    assert "minutes_late" not in columns


def test_the_manifest_and_the_file_agree_on_every_table(published, con):
    told = published.manifest["tables"]
    found = {name for (name,) in con.execute("SELECT table_name FROM duckdb_tables() WHERE NOT internal").fetchall()}
    assert set(told) <= found
    for name, item in told.items():
        assert con.execute(f'SELECT count(*) FROM "{name}"').fetchone() == (item["rows"],)
        assert tuple(row[0] for row in con.execute(f'DESCRIBE "{name}"').fetchall()) == tuple(item["columns"])
        assert set(item["unfilled"]) <= set(item["columns"])
    assert published.manifest["elements"] == sorted(EVERYTHING)


@pytest.mark.parametrize("manifest", [None, "", '{"id": "half', "\0"])
def test_a_manifest_that_is_broken_is_a_sentence_and_not_a_snapshot(tmp_path, manifest):
    folder = tmp_path / "snapshots" / "000001-abc"
    folder.mkdir(parents=True)
    (tmp_path / "snapshots" / "current").write_text(folder.name)
    if manifest is not None:
        (folder / snapshots.MANIFEST).write_text(manifest)
    with pytest.raises(Unreadable, match="reservekopie") as error:
        snapshots.current(tmp_path)
    assert error.value.code == "broken-snapshot"
