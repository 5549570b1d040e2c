"""Broken off at any step, by Ctrl+C or a full disk: what was there before stands, and the next time it goes well."""

import json
from pathlib import Path

import pytest

from schakel.collect.connectors import open_package
from schakel.collect.examination import examine
from schakel.collect.landing import land, latest
from schakel.collect.quarantine import Quarantine
from schakel.collect.repairs import Repairs
from schakel.collect.shelves import Shelf
from tests.collect.small_roster import package, roster

NEEDED = {"users": frozenset({"sourcedId", "givenName"}), "orgs": frozenset({"sourcedId"})}
STEPS: dict[str, tuple[object, str]] = {
    "while it is read": (Repairs, "run"),
    "before anything is written": (Shelf, "begin"),
    "between the rows and the refused rows": (Quarantine, "write"),
    "before it is put in place": (Shelf, "publish"),
    "while the report is written": (json, "dumps"),
}


def newer(folder: Path) -> Path:
    files = roster()
    files["users"][0]["givenName"] = "Nieuw"
    (folder / "nieuw").mkdir(exist_ok=True)
    return package(folder / "nieuw", files)


def broken_off(monkeypatch: pytest.MonkeyPatch, step: str, reason: BaseException, path: Path, data: Path) -> None:
    """Take a delivery in, and break off at this step for this reason."""
    holder, name = STEPS[step]

    def broken(*_words: object, **_more: object) -> None:
        raise reason

    found = open_package(path)
    with monkeypatch.context() as patch, pytest.raises(type(reason)):
        patch.setattr(holder, name, broken)
        land(found, "las", NEEDED, data)


REASONS = [KeyboardInterrupt(), OSError(28, "No space left on device")]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("reason", REASONS, ids=["Ctrl+C", "full disk"])
def test_what_was_there_stands_and_nothing_half_is_seen(tmp_path, monkeypatch, step, reason):
    data = tmp_path / "data"
    first = land(open_package(package(tmp_path)), "las", NEEDED, data)
    before = {path: path.read_bytes() for path in first.folder.iterdir()}
    path = newer(tmp_path)
    broken_off(monkeypatch, step, reason, path, data)
    assert latest(data, "las").digest == first.digest
    assert {each: each.read_bytes() for each in first.folder.iterdir()} == before
    landed = land(open_package(path), "las", NEEDED, data)
    assert not landed.unchanged
    assert b"Nieuw" in (landed.folder / "users.parquet").read_bytes()
    assert sorted(each.name for each in landed.folder.parent.iterdir()) == sorted(["current", landed.digest])


def test_a_first_landing_that_breaks_off_leaves_no_landing(tmp_path, monkeypatch):
    data, path = tmp_path / "data", package(tmp_path)
    broken_off(monkeypatch, "before it is put in place", KeyboardInterrupt(), path, data)
    assert latest(data, "las") is None
    assert land(open_package(path), "las", NEEDED, data).rows["users"] == 6


def test_whoever_watches_may_break_off_a_check(tmp_path):
    """The bar calls back while the bytes are read; what it raises comes through, and no file stays open."""
    found = open_package(package(tmp_path))
    before = len(list(Path("/proc/self/fd").iterdir()))

    def stop(_file: str, _size: int) -> None:
        raise KeyboardInterrupt

    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            examine(found, {}, progress=stop)
    assert len(list(Path("/proc/self/fd").iterdir())) <= before + 1
