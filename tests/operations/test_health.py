"""The state of the installation: does a worker live, how did the last round end."""

from pathlib import Path

import pytest

from schakel.access import audit
from schakel.operations import flow, health, rounds

pytestmark = pytest.mark.django_db


def found(own, what, *, whole=True):
    (flow.data_folder() / "secret.key").write_text("x")
    (flow.data_folder() / "secret.key").chmod(0o600)
    return next(finding for finding in health.examine(whole=whole) if finding.what == what)


def test_without_a_worker_it_says_what_to_start(own):
    assert found(own, "verwerker").state == "warn"
    assert "schakel work" in found(own, "verwerker").text


def test_a_worker_that_lives_is_in_order(own):
    with rounds.at_work(flow.data_folder()):
        assert found(own, "verwerker").state == "ok"


def test_a_round_that_broke_off_is_seen_until_one_ends_well(own, monkeypatch):
    assert found(own, "laatste ronde").state == "ok"
    with monkeypatch.context() as patch:
        patch.setattr(flow.snapshots, "build", _full_disk)
        with pytest.raises(OSError, match="No space"):
            flow.run_all(None)
    broke = found(own, "laatste ronde")
    assert broke.state == "bad"
    assert "No space left on device" in broke.text
    assert "Wat er stond bleef in gebruik" in broke.text
    flow.run_all(None)
    assert found(own, "laatste ronde").state == "ok"


def test_a_long_trail_is_left_to_the_command_on_a_page_and_read_whole_by_the_doctor(own, monkeypatch):
    assert "regels" in found(own, "logboek").text
    monkeypatch.setattr(audit, "QUICK", 3)
    assert "regels" in found(own, "logboek").text
    unread = found(own, "logboek", whole=False)
    assert (unread.state, "schakel audit verify" in unread.text) == ("unk", True), (
        "what was not read is not called right"
    )
    monkeypatch.setattr(audit, "QUICK", 10**6)
    assert found(own, "logboek", whole=False) == found(own, "logboek")


def _full_disk(*_words: object, **_named: object) -> None:
    raise OSError(28, "No space left on device", str(Path("/data/model.duckdb")))
