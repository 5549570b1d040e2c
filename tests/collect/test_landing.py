"""Taking in: whole or not at all, typed, once; what is refused is kept apart; a delta is applied to what was there."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from schakel.collect import shelves
from schakel.collect.connectors import open_package
from schakel.collect.landing import Incoming, Landed, Stopped, land, latest
from schakel.collect.reports import by_rule, check_report, column_decisions, landing_told, quarantine_files, quarantined
from schakel.collect.shelves import Shelf
from schakel.lib.errors import SchakelError, Unknown
from tests.collect.small_roster import Rows, delta, package, roster

NEEDED = {
    "users": frozenset({"sourcedId", "givenName"}),
    "enrollments": frozenset({"sourcedId", "classSourcedId", "userSourcedId", "role", "beginDate", "endDate"}),
    "results": frozenset({"sourcedId", "studentSourcedId", "score"}),
    "orgs": frozenset({"sourcedId", "name", "parentSourcedId"}),
}


def taken(
    folder: Path, files: dict[str, Rows] | None = None, needed: dict[str, frozenset[str]] = NEEDED, **how: Any
) -> Landed:
    source = folder / f"{time.monotonic_ns()}"
    source.mkdir(parents=True)
    return land(open_package(package(source, files, **how)), "las", needed, folder / "data")


def rows(landed: Landed, file: str, columns: str = "*") -> list[tuple[Any, ...]]:
    return duckdb.sql(f"SELECT {columns} FROM '{landed.folder}/{file}.parquet' ORDER BY sourcedId").fetchall()


def test_the_folder_tells_all(tmp_path: Path) -> None:
    landed = taken(tmp_path)
    assert landed.folder == tmp_path / "data" / "landing" / "las" / landed.digest
    assert sorted(path.name for path in landed.folder.iterdir()) == sorted(
        [*(f"{f}.parquet" for f in NEEDED), "landing.json", "report.json"]
    )
    told = json.loads((landed.folder / "landing.json").read_text())
    assert (told["layout"], told["version"], told["mode"], told["rows"]["users"]) == ("oneroster", "1.2.1", "bulk", 6)
    assert (tmp_path / "data" / "landing" / "las" / "current").read_text() == landed.digest
    assert latest(tmp_path / "data", "las") is not None
    assert latest(tmp_path / "data", "anders") is None


def test_values_are_typed_and_in_the_order_of_their_names(tmp_path: Path) -> None:
    landed = taken(tmp_path)
    relation = duckdb.sql(f"SELECT * FROM '{landed.folder}/enrollments.parquet'")
    assert relation.columns == sorted(NEEDED["enrollments"])
    assert rows(landed, "enrollments", "beginDate, endDate, role")[0] == (date(2026, 8, 1), date(2027, 8, 1), "student")
    assert rows(landed, "results", "score")[0] == (1.5,)


def test_a_value_that_is_wrong_is_left_out_and_its_row_stays(tmp_path: Path) -> None:
    files = roster()
    files["results"][0]["score"] = "zeven"
    files["enrollments"][0]["beginDate"] = "2026-13-01"
    files["orgs"][1]["parentSourcedId"] = "b9"
    landed = taken(tmp_path, files)
    assert rows(landed, "results", "score")[0] == (None,)
    assert rows(landed, "enrollments", "beginDate")[0] == (None,)
    assert rows(landed, "orgs", "parentSourcedId") == [(None,), (None,), ("b",)]
    assert landed.quarantined == dict.fromkeys(NEEDED, 0)


def test_a_row_that_is_refused_stands_in_quarantine_with_its_reasons(tmp_path: Path) -> None:
    files = roster()
    files["enrollments"][1] |= {"role": "professor", "classSourcedId": "k9"}
    landed = taken(tmp_path, files)
    assert landed.rows["enrollments"] == 5
    assert landed.quarantined["enrollments"] == 1
    assert landed.quarantine is not None
    assert quarantine_files(landed.quarantine) == {"enrollments": 2}
    refused = quarantined(landed.quarantine, "enrollments")
    told = [dict(zip(refused.columns, row, strict=True)) for row in refused.rows]
    assert [(each["_row"], each["_rule"], each["_column"], each["role"]) for each in told] == [
        (3, "reference", "classSourcedId", "p***** (9)"),
        (3, "vocabulary", "role", "p***** (9)"),
    ]
    assert told[0]["_reason"].startswith("Waar classSourcedId naar verwijst")


def test_a_row_that_could_not_be_read_is_counted_in_quarantine(tmp_path: Path) -> None:
    path = package(tmp_path)
    from tests.collect.small_roster import texts, zipped

    content = texts(roster())
    content["users.csv"] += "u7,kapot\r\n"
    landed = land(open_package(zipped(path, dict(content))), "las", NEEDED, tmp_path / "data")
    assert (landed.rows["users"], landed.quarantined["users"], landed.report.rows["users.csv"]) == (6, 1, 7)


def test_what_refers_to_a_refused_row_is_refused_with_it(tmp_path: Path) -> None:
    """One user refused: the enrolment and the result of that user go too, and say why."""
    files = roster()
    files["classes"][0]["schoolSourcedId"] = "s9"
    landed = taken(tmp_path, files)
    assert landed.rows["enrollments"] == 0
    assert landed.rows["results"] == 5
    found = [f for f in landed.report.findings if f.rule == "reference-dropped"]
    assert {(f.file, f.severity) for f in found} == {("enrollments.csv", "info"), ("lineItems.csv", "info")}
    assert {f.action for f in found if f.file == "lineItems.csv"} == {"drop value"}


def test_a_duplicate_leaves_the_first_row(tmp_path: Path) -> None:
    files = roster()
    files["users"].append(files["users"][0] | {"givenName": "Dubbel"})
    landed = taken(tmp_path, files)
    assert (landed.rows["users"], landed.quarantined["users"]) == (6, 1)
    assert "Dubbel" not in {name for (name,) in rows(landed, "users", "givenName")}
    assert landed.rows["enrollments"] == 6


def test_a_duplicate_takes_the_place_of_a_first_row_that_is_refused(tmp_path: Path) -> None:
    files = roster()
    files["enrollments"].append(dict(files["enrollments"][5]))
    files["enrollments"][5]["role"] = "professor"
    landed = taken(tmp_path, files)
    assert (landed.rows["enrollments"], landed.quarantined["enrollments"]) == (6, 1)
    assert next(f.action for f in landed.report.findings if f.rule == "duplicate-key") == "accept"


def test_an_end_before_the_begin_refuses_the_row(tmp_path: Path) -> None:
    files = roster()
    files["enrollments"][0]["endDate"] = "2026-01-01"
    assert taken(tmp_path, files).quarantined["enrollments"] == 1


def test_a_stop_keeps_nothing(tmp_path: Path) -> None:
    from tests.collect.small_roster import texts, zipped

    first = taken(tmp_path)
    content = texts(roster()) | {"users.csv": "status,givenName\r\n,Noor\r\n"}
    with pytest.raises(Stopped) as stopped:
        land(open_package(zipped(tmp_path / "x.zip", dict(content))), "las", NEEDED, tmp_path / "data")
    assert stopped.value.report is not None and not stopped.value.report.usable
    assert latest(tmp_path / "data", "las").digest == first.digest  # type: ignore[union-attr]


def test_needed_and_not_delivered_is_unknown_and_told(tmp_path: Path) -> None:
    needed = NEEDED | {"users": frozenset({"sourcedId", "role"}), "resources": frozenset({"title"})}
    landed = taken(tmp_path, needed=needed)
    assert set(landed.columns_missing) == {("users", "role"), ("resources", "title")}
    assert rows(landed, "users", "role")[0] == (None,)
    assert landed.rows["resources"] == 0


def test_the_same_again_is_recognised_without_reading(tmp_path: Path) -> None:
    path = package(tmp_path)
    first = land(open_package(path), "las", NEEDED, tmp_path / "data")
    stamp = (first.folder / "users.parquet").stat().st_mtime_ns
    again = land(open_package(path), "las", NEEDED, tmp_path / "data")
    assert (first.unchanged, again.unchanged, again.digest) == (False, True, first.digest)
    assert (again.folder / "users.parquet").stat().st_mtime_ns == stamp
    assert again.rows == first.rows
    assert again.report == first.report
    assert again.columns_dropped == first.columns_dropped


def test_other_needs_mean_another_landing_and_the_old_columns_go(tmp_path: Path) -> None:
    path = package(tmp_path)
    first = land(open_package(path), "las", NEEDED, tmp_path / "data")
    second = land(open_package(path), "las", {"users": frozenset({"sourcedId"})}, tmp_path / "data")
    assert not second.unchanged
    assert not first.folder.exists()
    assert first.quarantine is not None and not first.quarantine.exists()
    assert not any(b"Noor" in each.read_bytes() for each in (tmp_path / "data").rglob("*") if each.is_file())


def test_bulk_replaces(tmp_path: Path) -> None:
    taken(tmp_path)
    files = roster()
    files["results"] = files["results"][:2]
    assert taken(tmp_path, files).rows["results"] == 2


def test_a_delta_changes_adds_and_deletes(tmp_path: Path) -> None:
    taken(tmp_path)
    changed = delta([roster()["users"][0] | {"givenName": "Anders"}, roster()["users"][1] | {"sourcedId": "u9"}])
    changed += delta([roster()["users"][2]], "tobedeleted")
    landed = taken(tmp_path, {"users": changed}, mode="delta")
    assert [key for (key,) in rows(landed, "users", "sourcedId")] == ["u1", "u2", "u4", "u5", "u6", "u9"]
    assert rows(landed, "users", "givenName")[0] == ("Anders",)
    assert landed.rows["enrollments"] == 6
    assert landing_told(landed.folder)["mode"] == "delta"


def test_a_delta_may_refer_to_what_was_there_but_not_to_nothing(tmp_path: Path) -> None:
    taken(tmp_path)
    new = delta([roster()["enrollments"][0] | {"sourcedId": "e8", "userSourcedId": "u2"},
                 roster()["enrollments"][0] | {"sourcedId": "e9", "userSourcedId": "u99"}])  # fmt: skip
    users = delta([roster()["users"][0]])
    landed = taken(tmp_path, {"enrollments": new, "users": users}, mode="delta")
    assert [(f.row, f.rule) for f in landed.report.findings] == [(3, "reference")]
    assert landed.rows["enrollments"] == 7


def test_a_delta_that_deletes_is_obeyed_even_if_the_row_is_wrong_otherwise(tmp_path: Path) -> None:
    taken(tmp_path)
    wrong = delta([roster()["enrollments"][0] | {"role": "professor"}], "tobedeleted")
    assert taken(tmp_path, {"enrollments": wrong}, mode="delta").rows["enrollments"] == 5


def test_the_same_delta_twice_changes_nothing(tmp_path: Path) -> None:
    taken(tmp_path)
    change = {"users": delta([roster()["users"][0] | {"givenName": "Anders"}])}
    first = rows(taken(tmp_path, change, mode="delta"), "users")
    assert rows(taken(tmp_path, change, mode="delta"), "users") == first


def test_a_delta_without_its_key_kept_is_stopped(tmp_path: Path) -> None:
    needed = {"users": frozenset({"givenName"})}
    taken(tmp_path, needed=needed)
    with pytest.raises(Stopped):
        taken(tmp_path, {"users": delta(roster()["users"])}, needed=needed, mode="delta")


@pytest.mark.parametrize("source", ["", "../weg", "a/b", ".verborgen", "x" * 80])
def test_a_source_has_a_plain_name(tmp_path: Path, source: str) -> None:
    with pytest.raises(SchakelError):
        land(open_package(package(tmp_path)), source, NEEDED, tmp_path / "data")


def test_reports_can_be_read_back(tmp_path: Path) -> None:
    files = roster()
    for user in files["users"]:
        user["enabledUser"] = "TRUE"
    landed = taken(tmp_path, files)
    assert check_report(landed.folder) == landed.report
    counted = by_rule(landed.report, first=2)
    assert [(c.rule, c.count, len(c.first)) for c in counted] == [("vocabulary-case", 6, 2)]
    decided = {(d.file, d.column): d.decision for d in column_decisions(landed.folder)}
    assert decided["users", "givenName"] == "keep"
    assert decided["users", "familyName"] == "drop"
    assert decided["users", "password"] == "refuse"
    with pytest.raises(Unknown):
        check_report(tmp_path / "nergens")
    with pytest.raises(Unknown):
        quarantined(landed.quarantine or tmp_path, "nergens")


def test_a_landing_names_the_delivery_it_came_of(tmp_path: Path) -> None:
    """By this a run that was killed is known to have been finished or not."""
    incoming = Incoming(open_package(package(tmp_path)), "las", NEEDED, tmp_path / "data")
    assert incoming.standing() is None
    landed = incoming.land()
    assert landed.delivered == incoming.delivered
    standing = incoming.standing()
    assert standing is not None
    assert standing.folder == landed.folder
    assert standing.unchanged
    assert latest(tmp_path / "data", "las").delivered == incoming.delivered  # type: ignore[union-attr]
    other = Incoming(open_package(package(tmp_path)), "las", {"users": frozenset({"sourcedId"})}, tmp_path / "data")
    assert other.standing() is None


def test_half_a_landing_of_an_earlier_try_is_in_nobodys_way(tmp_path: Path) -> None:
    incoming = Incoming(open_package(package(tmp_path)), "las", NEEDED, tmp_path / "data")
    digest = incoming.land().digest
    shelf = Shelf(tmp_path / "data", "las")
    (shelf.landing / "current").unlink()  # the crash came before the pointer was written
    shelf.begin("half")
    assert incoming.standing() is None
    landed = incoming.land()
    assert landed.digest != digest  # whatever stands there is not taken away before the new one counts
    assert sorted(p.name for p in shelf.landing.iterdir()) == sorted([landed.digest, "current"])
    assert [p.name for p in shelf.quarantine.iterdir()] == [landed.digest]


def test_a_landing_that_counts_stays_until_the_next_one_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same delivery is taken in again (its landing was narrowed), and the crash comes before the pointer."""
    incoming = Incoming(open_package(package(tmp_path)), "las", NEEDED, tmp_path / "data")
    first = incoming.land()
    told = json.loads((first.folder / "landing.json").read_text())
    (first.folder / "landing.json").write_text(json.dumps(told | {"delivered": ""}))

    def interrupted(path: Path) -> None:
        if path.name == ".current":
            raise OSError("de stroom viel uit")

    with monkeypatch.context() as patch:
        patch.setattr(shelves, "_synced", interrupted)
        with pytest.raises(OSError, match="stroom"):
            incoming.land()
    standing = latest(tmp_path / "data", "las")
    assert standing is not None
    assert len(rows(standing, "users")) == first.rows["users"]


def test_a_lost_pointer_takes_nothing_away(tmp_path: Path) -> None:
    digest = taken(tmp_path).digest
    shelf = Shelf(tmp_path / "data", "las")
    (shelf.landing / "current").unlink()
    shelf.clear()
    assert (shelf.landing / digest / "landing.json").exists()
    assert (shelf.quarantine / digest).is_dir()


def test_a_crash_while_clearing_leaves_nothing_that_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken(tmp_path)
    shelf = Shelf(tmp_path / "data", "las")
    old = shelf.landing / "old"
    old.mkdir()
    (old / "landing.json").write_text("{}")

    def interrupted(path: Path) -> None:
        raise OSError("de stroom viel uit")

    with monkeypatch.context() as patch:
        patch.setattr(shelves.shutil, "rmtree", interrupted)
        with pytest.raises(OSError, match="stroom"):
            shelf.clear()
    assert not old.exists()
    shelf.clear()
    assert not [p for p in shelf.landing.iterdir() if p.name.startswith(".")]


def test_every_shelf_is_found_by_its_folders(tmp_path: Path) -> None:
    assert shelves.shelves(tmp_path / "data") == []
    taken(tmp_path)
    (tmp_path / "data" / "landing" / ".trash").mkdir()
    (tmp_path / "data" / "quarantine" / "verzuim").mkdir()
    assert [shelf.source for shelf in shelves.shelves(tmp_path / "data")] == ["las", "verzuim"]


KILLED = """
import sys
from pathlib import Path
from schakel.collect import shelves
from schakel.collect.connectors import open_package
from schakel.collect.landing import land
from tests.collect.test_landing import NEEDED
print("begin", flush=True)
land(open_package(Path(sys.argv[1])), "las", NEEDED, Path(sys.argv[2]))
"""


def survives_a_kill(folder: Path, other: Path, wait: float) -> None:
    """Kill a landing after so many seconds: what was there before is still whole, or the new one is."""
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(other), str(folder)], stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]
    )
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(wait)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    current = latest(folder, "las")
    assert current is not None
    for file, count in current.rows.items():
        assert len(rows(current, file)) == count
    assert current.report.layout == "oneroster"


def crash(tmp_path: Path, times: int) -> None:
    data = tmp_path / "data"
    land(open_package(package(tmp_path)), "las", NEEDED, data)
    (tmp_path / "nieuw").mkdir()
    files = roster()
    files["results"] = [files["results"][0] | {"sourcedId": f"x{n}"} for n in range(20_000)]
    other = package(tmp_path / "nieuw", files)
    for turn in range(times):
        survives_a_kill(data, other, wait=0.5 * (turn + 1) / times)
    landed = land(open_package(other), "las", NEEDED, data)
    assert landed.rows["results"] == 20_000
    left = [path for path in data.rglob("*") if path.name.startswith(".")]
    assert left == []
    assert len(list((data / "landing" / "las").iterdir())) == 2


def test_a_kill_leaves_nothing_half(tmp_path: Path) -> None:
    crash(tmp_path, 6)


@pytest.mark.soak
def test_many_kills_leave_nothing_half(tmp_path: Path) -> None:
    crash(tmp_path, 200)
