"""A hundred thousand spoiled deliveries of every format: no crash, no hang, little memory, no row stored unchecked."""

import time
from datetime import date
from pathlib import Path

import pytest

from schakel.collect.checks import check
from schakel.collect.connectors import open_package
from schakel.collect.layouts import Field
from tests.collect import mutations
from tests.collect.mutations import examples, fits, fuzz, held, made, spoiled, tried, wanted

SEED, PART, PARTS = 20261126, 2_000, 50


def test_the_examples_are_good_and_of_every_format(tmp_path: Path) -> None:
    for example in examples():
        (tmp_path / example.name).write_bytes(example.content)
        report = check(open_package(tmp_path / example.name))
        assert report.usable, example.name
        assert sum(report.rows.values()) > 0, example.name
    kinds = {example.name.rpartition(".")[2].casefold() for example in examples()}
    assert kinds == {"zip", "csv", "xml", "xlsx", "xls", "ods"}


def test_a_number_is_always_the_same_input(monkeypatch: pytest.MonkeyPatch) -> None:
    first, real = [made(1, n) for n in range(30)], time.localtime
    monkeypatch.setattr(time, "localtime", lambda _now=None: real(10**9))  # whatever the clock says
    assert [made(1, n) for n in range(30)] == first
    assert len({made(1, n).content for n in range(60)}) > 50
    assert spoiled(first[7].name, 1, 7) == first[7]


def test_some_are_a_report_or_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    done = fuzz(SEED, 0, 120)
    with capsys.disabled():
        print(f"\n{done}")
    assert done.faults == []
    assert done.told.total() == 120
    assert set(done.kinds) == {example.name for example in examples()}
    assert min(done.told["checked"], done.told["refused"], done.told["landed"], done.rows) > 10


@pytest.mark.soak
@pytest.mark.parametrize("part", range(PARTS))
def test_a_hundred_thousand(part: int, capsys: pytest.CaptureFixture[str]) -> None:
    done = fuzz(SEED, part * PART, (part + 1) * PART)
    with capsys.disabled():
        print(f"\n{done}")
    assert done.faults == []
    assert done.told.total() == PART


FAULTS = {  # by the number of the input at which the reader misbehaves
    4: ("os.abort()", "SIGABRT"),
    5: ("1 / 0", "ZeroDivisionError"),
    6: ("m.held('f', m.Field('bsn'), 'VARCHAR', ['1'], key=False)", "bsn was stored"),
    7: ("while True: pass", "SIGPROF"),
    8: ("os.pwrite(Buffer()._number, b'x', 2**30)", "File too large"),
    9: ("bytearray(m.MEMORY)", "memory"),
}


def test_the_fuzzer_itself_sees_what_may_not_happen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A reader that is made to misbehave is found at that very input, and the others are done all the same."""
    program = tmp_path / "misbehaves.py"
    acts = "".join(f"    if example == m.made(1, {n}):\n        {does}\n" for n, (does, _said) in FAULTS.items())
    program.write_text(
        "import os, sys\nfrom schakel.collect.streams import Buffer\nfrom tests.collect import mutations as m\n"
        f"m.HANG, m.MEMORY = 6, 2**29\ndef tried(folder, example, taken_in):\n{acts}    return 'checked'\n"
        "m.tried = tried\nm._worker(*map(int, sys.argv[1:]))\n"
    )
    monkeypatch.setattr(mutations, "COMMAND", [str(program)])
    monkeypatch.setenv("PYTHONPATH", str(mutations.ROOT))
    done = fuzz(1, 3, 10)
    assert done.told == {"checked": 1, "fault": len(FAULTS)}
    for fault, (number, (_does, said)) in zip(done.faults, FAULTS.items(), strict=True):
        assert fault.startswith(f"{number} ")
        assert said in fault


def test_what_is_stored_is_held_against_the_layout(tmp_path: Path) -> None:
    """The second look can fail: each of these would be a row without its checks."""
    year = Field("year", type="integer", minimum="2000", maximum="2100")
    assert fits(year, 2026) and not fits(year, 1026)
    assert not fits(Field("code", pattern="[A-Z]{2}"), "ab")
    assert not fits(Field("name", max_length=3), "abcd")
    assert not fits(Field("kind", vocabulary=(("G", "authorised"),)), "X")
    assert not fits(Field("day", type="date", minimum="2000-01-01"), date(1999, 1, 1))
    for field, kind, values in (
        (Field("k"), "VARCHAR", ["a", "a"]), (Field("k"), "VARCHAR", ["a", None]), (Field("k"), "BIGINT", ["a"]),
        (Field("bsn"), "VARCHAR", ["a"]), (Field("k", secret=True), "VARCHAR", ["a"]),
    ):  # fmt: skip
        with pytest.raises(AssertionError):
            held("file", field, kind, values, key=True)
    held("file", Field("k"), "VARCHAR", ["a", "b"], key=True)


def test_a_text_that_is_too_long_is_stored_only_with_its_finding(tmp_path: Path) -> None:
    assert (
        tried(tmp_path, spoiled("adviezen_1.csv", SEED, 888), taken_in=True) == "landed 1"
    )  # a reason of a thousand signs, told as such
    short = Field("name", max_length=3)
    held("file", short, "VARCHAR", ["abcd"], key=False, long=True)
    with pytest.raises(AssertionError, match="abcd"):
        held("file", short, "VARCHAR", ["abcd"], key=False)


LONG_RUN = [
    ("las_1.zip", 1501, "refused"), ("las_1.zip", 2421, "landed"), ("las_1.zip", 53201, "landed"),
    ("personeel_1.xlsx", 61265, "refused"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "number", "came"), LONG_RUN)
def test_what_a_long_run_found(tmp_path: Path, name: str, number: int, came: str) -> None:
    """A part of a zip without any name; a column that was missing, told once of the whole file; a cell nowhere."""
    assert tried(tmp_path, spoiled(name, SEED, number), taken_in=True).startswith(came)


def test_a_good_example_lands_and_passes_the_second_look(tmp_path: Path) -> None:
    for example in examples():
        came = tried(tmp_path, example, taken_in=True)
        assert came.startswith("landed "), example.name
        assert int(came.split()[1]) > 0, example.name
    assert wanted("x", (Field("a"), Field("b"), Field("c"), Field("d"))) == ["a", "b", "d"]
