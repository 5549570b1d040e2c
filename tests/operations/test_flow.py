"""The flow on the demo board: what no approved need names is nowhere on disk, and what ends is forgotten (law 1)."""

import json
import shutil
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from schakel.access.audit import AuditLine, verify
from schakel.access.register import put
from schakel.chain import deciding
from schakel.chain.approvals import in_force, needed_elements
from schakel.chain.needs import InformationNeed
from schakel.chain.organisations import Organisation
from schakel.collect.runs import Run
from schakel.collect.sources import Source
from schakel.engine import duck
from schakel.lib import clock
from schakel.lib.errors import Refused, Unknown
from schakel.operations import flow, health
from schakel.process import mappings, snapshots
from schakel.process.model import wanted

pytestmark = pytest.mark.django_db


def parquet_columns(folder: Path) -> set[tuple[str, str, str]]:
    """(source, file, column) of everything in storage."""
    found = set()
    with duckdb.connect() as con:
        for path in folder.glob("*/*/*.parquet"):
            for row in con.execute(f"DESCRIBE SELECT * FROM read_parquet('{path}')").fetchall():
                found.add((path.parent.parent.name, path.stem, row[0]))
    return found


def allowed_columns() -> set[tuple[str, str, str]]:
    needed = mappings.columns_for(needed_elements())
    layouts = dict(Source.objects.values_list("key", "layout"))
    return {
        (s, f, c) for s, layout in layouts.items() for f, columns in needed.get(layout, {}).items() for c in columns
    }


def model_columns(snapshot) -> set[str]:
    with duck.reader(snapshot.model) as con:
        rows = con.execute("SELECT table_name, column_name FROM information_schema.columns").fetchall()
    return {f"{table}.{column}" for table, column in rows}


def test_nothing_lands_that_no_approved_need_names(board):
    assert parquet_columns(board.data / "landing") <= allowed_columns()
    refused = {(s, f, c) for s, f, c in parquet_columns(board.data / "quarantine") if not c.startswith("_")}
    assert refused <= allowed_columns()


def test_the_snapshot_holds_what_needs_name_and_what_comes_along(board):
    snapshot = snapshots.current(board.data)
    expected = {f"{table}.{column}" for table, columns in wanted(needed_elements()).items() for column in columns}
    beyond = {c for c in model_columns(snapshot) if not c.startswith("indicator_value.")} - expected
    assert beyond == set()


def test_no_citizen_service_number_is_anywhere_in_storage(board):
    """The numbers that the demo planted are looked for in every parquet file, snapshot and report, as text."""
    key = json.loads((board.data / "inbox" / "sleutel.json").read_text())
    inbox = next((board.data / "inbox").glob("verzuim_*.csv")).read_text(encoding="cp1252").splitlines()
    place = inbox[0].split(";").index("BSN")
    planted = {line.split(";")[place] for line in inbox[1:400]} - {""}
    assert len(planted) > 20
    assert key
    stored = [
        p for kind in ("landing", "quarantine", "snapshots") for p in (board.data / kind).rglob("*") if p.is_file()
    ]
    with duckdb.connect() as con:
        for path in stored:
            content = path.read_bytes()
            if path.suffix == ".parquet":
                content = repr(con.execute(f"SELECT * FROM read_parquet('{path}')").fetchall()).encode()
            assert not [number for number in planted if number.encode() in content], path
    columns = {column for _s, _f, column in parquet_columns(board.data / "landing")}
    assert not {"BSN", "bsn", "Relatienummer"} & columns


def test_the_run_report_tells_what_stayed_outside_and_why(board):
    run = Run.objects.filter(source__key="verzuim").first()
    report = json.loads((board.data / run.folder / "landing.json").read_text())
    reasons = {column: reason for _file, column, reason in report["columns_dropped"]}
    assert "Opmerking" in reasons
    assert "BSN" in reasons
    assert run.columns_dropped == len(report["columns_dropped"])


def test_every_source_of_the_demo_has_a_run_with_both_verdicts(board):
    runs = {run.source.key: run for run in Run.objects.all()}
    assert set(runs) == set(Source.objects.values_list("key", flat=True))
    for run in runs.values():
        assert run.usable
        assert run.rows_read > 0
        assert run.state in ("good", "repaired")


def test_the_same_files_again_are_once(own):
    before = snapshots.current(flow.data_folder())
    runs = Run.objects.count()
    flowed = flow.run_all(own.people["ict_manager"])
    assert flowed.snapshot.id == before.id
    assert Run.objects.count() == runs
    assert flowed.forgotten == []


def test_a_figure_is_as_of_the_day_on_which_its_source_last_delivered(own):
    """A month later there is a new file of absence and none of staff: nobody fell ill since, as far as is known."""
    before = snapshots.current(flow.data_folder()).manifest["day"]
    (file,) = flow.inbox().glob("verzuim_*.csv")
    with clock.held_at(clock.now() + timedelta(days=30)):
        shutil.copy(file, file.with_name("verzuim_nieuw.csv"))
        manifest = flow.run_all(own.people["ict_manager"]).snapshot.manifest
        assert manifest["day"] == clock.today().isoformat() != before
        until = {key: told.get("until") for key, told in manifest["indicators"].items()}
        assert until["I_ABS_ALL"] == until["I_SOLVENCY2"] == manifest["day"]
    assert until["I_SICK_RATE"] == until["I_LESSON_LOSS"] == before


def test_when_the_last_need_ends_its_data_goes(own):
    """contract and sick-leave columns are named by staff needs only; when those end nothing of them is left."""
    board = own.people["board_member"]
    staff_tables = ("staff_contract.", "sick_leave.", "staff_budget.")
    for item in in_force():
        if any(element.startswith(staff_tables) for element in item.need.element_keys()):
            deciding.end(board, item.need, "proef")
    flowed = flow.run_all(own.people["ict_manager"])
    left = model_columns(flowed.snapshot)
    names = {"staff_contract.staff_number", "staff_contract.family_name"}  # a colleague's name is in that file too
    assert not [c for c in left if c.startswith(staff_tables) and c not in names]
    kept = {c for c in parquet_columns(flow.data_folder() / "landing") if c[0] == "personeel"}
    assert {f"{table}.{column}" for _layout, table, column in kept} <= names
    assert not [s for s in snapshots.history(flow.data_folder()) if s.available and s.id != flowed.snapshot.id]


def test_it_goes_too_when_the_file_is_no_longer_there(own):
    for path in flow.inbox().glob("verzuim_*"):
        path.unlink()
    for item in in_force():
        if "absence.minutes_late" in item.need.element_keys():
            deciding.end(own.people["board_member"], item.need, "proef")
    assert "absence.minutes_late" not in needed_elements()
    flowed = flow.run_all(None)
    assert "verzuim" not in {run.source.key for run in flowed.runs}
    assert parquet_columns(flow.data_folder() / "landing") <= allowed_columns()
    assert "absence.minutes_late" not in model_columns(flowed.snapshot)


def test_an_edited_need_stops_the_flow_of_its_data(own):
    need = InformationNeed.objects.get(key="finance_ratios")
    deciding.revise(own.people["information_manager"], need, purpose="Iets anders.")
    flowed = flow.run_all(own.people["ict_manager"])
    assert "finance_year.equity" not in model_columns(flowed.snapshot)


def test_an_approved_element_that_no_source_has_stops_nothing(own):
    need = InformationNeed.objects.get(key="group_start")
    deciding.revise(own.people["information_manager"], need, elements=_undeclined(need))
    deciding.assess(own.people["information_manager"], need)
    need = InformationNeed.objects.whole().get(pk=need.pk)
    deciding.approve(own.people["board_member"], need, need.fingerprint())
    assert "support_plan.kind" in needed_elements()
    assert flow.run_all(own.people["ict_manager"]).snapshot is not None


def _undeclined(need):
    """Every element of a need as required: a wish that was left out would stay out."""
    return [deciding.Wanted(line.element, "required", line.reason) for line in need.elements.all()]


def test_a_broken_file_leaves_what_was_there(own):
    before = snapshots.current(flow.data_folder())
    broken = flow.inbox() / "las_99999999.zip"
    broken.write_bytes(b"PK\x03\x04 this is no zip")
    flowed = flow.run_all(own.people["ict_manager"])
    run = next(run for run in flowed.runs if run.source.key == "oneroster")
    assert run.state == "failed"
    assert "las_99999999.zip" in run.message
    assert flowed.snapshot.id == before.id


def test_who_may_not_collect_or_publish_is_refused(own):
    path = next(flow.inbox().glob("verzuim_*"))
    for who in ("teacher", "board_member", "outsider"):
        with pytest.raises(Refused):
            flow.collect(own.people[who], path)
        with pytest.raises(Refused):
            flow.publish(own.people[who])


def test_a_file_without_a_source_says_so(own, tmp_path):
    with pytest.raises(Exception, match="vorm niet bekend"):
        flow.collect(own.people["ict_manager"], _unknown(tmp_path))


def _unknown(folder: Path) -> Path:
    path = folder / "iets.csv"
    path.write_text("a;b\n1;2\n")
    return path


def test_without_approved_needs_nothing_lands(own):
    for item in in_force():
        deciding.end(own.people["board_member"], item.need, "proef")
    flow.run_all(own.people["ict_manager"])
    assert parquet_columns(flow.data_folder() / "landing") == set()


def test_the_trail_of_the_demo_holds_and_names_no_content(board):
    assert verify().holds
    collected = AuditLine.objects.filter(action="source.collect").order_by("number")
    assert collected.count() == 2 * Run.objects.count()  # that a reading began, and how it ended
    for run in Run.objects.all():
        lines = collected.filter(thing_kind="run", thing_key=run.key)
        assert [line.facts["state"] for line in lines] == ["running", run.state]
        assert all({"source", "state", "reason"} == set(line.facts) for line in lines)


def test_the_doctor_finds_the_demo_in_order(own, settings):
    (Path(settings.DATA) / "secret.key").write_text("x")
    (Path(settings.DATA) / "secret.key").chmod(0o600)
    states = {finding.what: finding.state for finding in health.examine()}
    assert states["logboek"] == "ok"
    assert "bad" not in states.values()


def test_the_doctor_sees_an_open_key(own, settings):
    (Path(settings.DATA) / "secret.key").write_text("x")
    (Path(settings.DATA) / "secret.key").chmod(0o644)
    assert {f.what: f.state for f in health.examine()}["datamap"] == "bad"


def test_what_a_source_brought_that_is_off_counts_no_more_and_counts_again_once_it_is_on(own):
    def held() -> int:
        now = snapshots.current(flow.data_folder())
        with duck.reader(now.model) as con:
            return con.execute("SELECT count(*) FROM absence").fetchone()[0]

    flow.run_all(None)
    before = held()
    put(own.people["ict_manager"], "source.write", Source, "verzuim", active=False)
    flow.run_all(None)
    assert (before > 0, held()) == (True, 0)
    put(own.people["ict_manager"], "source.write", Source, "verzuim", active=True)
    flow.run_all(None)
    assert held() == before


def test_an_unknown_layout_names_itself(own):
    path = next(flow.inbox().glob("verzuim_*"))
    put(own.people["ict_manager"], "source.write", Source, "verzuim", active=False)
    with pytest.raises(Unknown, match="verzuim"):
        flow.collect(own.people["ict_manager"], path)


def test_the_organisations_of_the_register_come_from_the_roster(board):
    assert Organisation.objects.get(level="board").name == "Stichting Oeverscholen"
    schools = Organisation.objects.filter(level="school")
    assert schools.count() == 13
    assert {school.sector for school in schools} == {"po", "vo", "so"}
    assert all(school.brin and school.parent.level == "board" for school in schools)
    assert AuditLine.objects.filter(action="snapshot.publish", thing_kind="organisation").count() == 14


@pytest.mark.parametrize(
    ("names", "last"),
    [
        (["week 9.csv", "Week 10.csv", "week 8.csv"], "Week 10.csv"),
        (["week 14-9-2026.csv", "week 3-10-2026.csv"], "week 3-10-2026.csv"),
        (
            ["week 20261127.csv", ".week 20261128.csv", "week 20261129.csv.part", "maand 20261130.csv"],
            "week 20261127.csv",
        ),
        (["maand 1.csv"], None),
    ],
)
def test_the_last_file_of_a_source_is_what_people_call_the_last(tmp_path, settings, names, last):
    settings.DATA = tmp_path
    for name in names:
        (flow.inbox() / name).touch()
    found = flow.newest_file(Source(pattern="week *.csv"))
    assert (found and found.name) == last
