"""When the last need ends the data goes from what is stored, whatever state that is in, and can come back later."""

import json

import pytest

from schakel.access.audit import AuditLine
from schakel.access.register import put
from schakel.chain import deciding
from schakel.chain.needs import InformationNeed
from schakel.collect.landing import latest
from schakel.collect.reports import column_decisions
from schakel.collect.sources import Source
from schakel.engine import duck
from schakel.operations import flow, forgetting
from schakel.process import snapshots

pytestmark = pytest.mark.django_db
ELEMENT, COLUMN = "absence.minutes_late", "minutes_late"


def columns(kind: str = "landing") -> set[str]:
    landed = latest(flow.data_folder(), "verzuim")
    folder = landed.folder if kind == "landing" else landed.quarantine
    with duck.worker() as con:
        rows = con.execute(f"DESCRIBE SELECT * FROM read_parquet('{folder}/absence.parquet')").fetchall()
    return {row[0] for row in rows}


@pytest.fixture
def kept(own):
    """The file with absence lies elsewhere; what only `late_often` names may no longer stay."""
    path = next(flow.inbox().glob("verzuim_*"))
    content = path.read_bytes()
    path.unlink()
    need = InformationNeed.objects.get(key="late_often")
    deciding.revise(own.people["information_manager"], need, purpose="Iets anders.")
    return own, path, content


def test_a_landing_is_narrowed_and_says_so(kept):
    assert COLUMN in columns()
    flowed = flow.run_all(None)
    assert COLUMN not in columns()
    assert COLUMN not in columns("quarantine")
    assert [text for text in flowed.forgotten if COLUMN in text]
    told = latest(flow.data_folder(), "verzuim")
    assert ("absence", COLUMN) not in told.columns_kept
    decided = {(d.file, d.column): d for d in column_decisions(told.folder)}
    assert decided["absence", COLUMN].decision == "drop"
    assert "Geen goedgekeurde behoefte" in decided["absence", COLUMN].reason


def test_the_round_after_it_has_nothing_to_do(kept):
    first = flow.run_all(None)
    second = flow.run_all(None)
    assert second.forgotten == []
    assert second.snapshot.id == first.snapshot.id


def test_the_same_file_brings_it_back_when_the_need_is_approved_again(kept):
    board, path, content = kept
    flow.run_all(None)
    need = InformationNeed.objects.whole().get(key="late_often")
    deciding.assess(board.people["information_manager"], need)
    need = InformationNeed.objects.whole().get(key="late_often")
    deciding.approve(board.people["board_member"], need, need.fingerprint())
    flow.run_all(None)
    assert COLUMN not in columns()  # nothing to read it from
    path.write_bytes(content)
    flow.run_all(None)
    assert COLUMN in columns()
    with duck.reader(snapshots.current(flow.data_folder()).model) as con:
        assert con.execute(f"SELECT count({COLUMN}) FROM absence").fetchone()[0] > 0


def test_a_source_that_is_switched_off_keeps_nothing_more(kept):
    board, _path, _content = kept
    put(board.people["ict_manager"], "source.write", Source, "verzuim", active=False)
    flow.run_all(None)
    assert COLUMN not in columns()


def test_a_file_of_which_every_column_goes_goes_itself(own):
    data = flow.data_folder()
    other = frozenset({"absence.kind"})  # names other columns of the file than the only ones that are stored
    landed = latest(data, "verzuim")
    path = landed.folder / "absence.parquet"
    with duck.worker() as con:
        con.execute(f"COPY (SELECT {COLUMN} FROM read_parquet('{path}')) TO '{path}.new' (FORMAT parquet)")
    path.with_name("absence.parquet.new").replace(path)
    going = [each for each in forgetting.superfluous(data, other) if each.path == path]
    assert [(each.columns, each.stays) for each in going] == [((COLUMN,), False)]
    forgetting.remove(going)
    assert not path.exists()


def test_a_crash_while_narrowing_leaves_a_landing_that_can_be_narrowed_again(kept, monkeypatch):
    data = flow.data_folder()
    with monkeypatch.context() as patch:
        patch.setattr(forgetting, "_rewrite", _stopped)
        with pytest.raises(OSError, match="stroom"):
            flow.run_all(None)
    landed = latest(data, "verzuim")
    assert json.loads((landed.folder / "landing.json").read_text())["delivered"] == ""
    flow.run_all(None)
    assert COLUMN not in columns()
    assert not [path for path in (data / "landing").rglob(".*")]


def test_nothing_goes_without_a_line_that_says_so(kept, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(forgetting, "remove", _stopped)
        with pytest.raises(OSError, match="stroom"):
            flow.run_all(None)
    told = AuditLine.objects.filter(action="snapshot.publish", facts__has_key="forgotten")
    assert COLUMN in str(told.get().facts["forgotten"])
    assert COLUMN in columns()
    flow.run_all(None)
    assert COLUMN not in columns()


def _stopped(*_words, **_named):
    raise OSError("de stroom viel uit")


def test_what_is_needed_stays_untouched(own):
    data = flow.data_folder()
    before = {path: path.stat().st_mtime_ns for path in (data / "landing").rglob("*") if path.is_file()}
    assert forgetting.superfluous(data, flow.collectable()) == []
    assert forgetting.outdated(data, flow.collectable()) == []
    assert {path: path.stat().st_mtime_ns for path in before} == before
