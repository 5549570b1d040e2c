"""Whom a delivery is about, by what its layout declares: another than before stops, what cannot be told does not."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from schakel.collect.contracts import Choice, agreed, terms
from schakel.collect.landing import Incoming, Landed, Stopped, latest
from schakel.collect.layouts import Field, File, Layout, Subject
from schakel.collect.subjects import Other
from tests.collect.small_layout import packages

KEY = Field("id", type="identifier", required=True)
CODE = Field("code", type="identifier", required=True)
NAMED = Field("name", required=True, if_missing="stop")
ABOUT = File("about", (Field("code", pattern="[0-9]+"), Field("part"), Field("name")))
THINGS = File("things", (KEY, Field("a")), ("id",))
SUBJECT = Subject("about", ((("code", ""), ("part", "00")), (("name", ""),)))
SHAPE = Layout("klein", "1", {"about": ABOUT, "things": THINGS}, subjects=(SUBJECT,))
ALL = {"about": frozenset({"code", "part", "name"}), "things": frozenset({"id", "a"})}
HEAD = "code,part,name\r\n"


def taken(folder: Path, about: str, shape: Layout = SHAPE, needed: dict[str, frozenset[str]] = ALL,
          **right: str) -> Landed:  # fmt: skip
    """A delivery that says of itself what it is about."""
    files = {"things": "id,a\r\n1,x\r\n"} | ({"about": HEAD + about} if about else {})
    place = folder / f"{len(list(folder.iterdir()))}"
    place.mkdir()
    said = {SUBJECT.key: ("2026-11-26", right["right"])} if right else {}
    incoming = Incoming(packages(place, shape, files), "klein", needed, folder / "data", said)
    return incoming.standing() or incoming.land()


def stop(folder: Path, about: str, **more: Any) -> Stopped:
    """A delivery that stops; what stood still stands, and nothing was written."""
    standing, there = latest(folder / "data", "klein"), written(folder)
    with pytest.raises(Stopped) as stopped:
        taken(folder, about, **more)
    assert latest(folder / "data", "klein") == standing
    assert written(folder) == there
    return stopped.value


def written(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in (folder / "data").rglob("*") if path.is_file()}


def test_another_than_before_stops_and_says_both_and_where(tmp_path: Path) -> None:
    taken(tmp_path, "11,02,A\r\n")
    stopped = stop(tmp_path, "12,,A\r\n")
    assert stopped.report is not None
    [told] = stopped.report.findings
    assert (told.file, told.row, told.rule, told.severity, told.action) == (
        "about.csv", 2, "other-school", "error", "stop"
    )  # fmt: skip
    assert "school 1200." in told.message
    assert "over 1102." in told.message
    [other] = stopped.fallen
    assert isinstance(other, Other)
    day = date.fromisoformat(other.told()["before_on"])
    assert other.told() == {
        "key": "other-school:about", "found": "1200", "before": "1102", "before_on": day.isoformat()
    }  # fmt: skip


@pytest.mark.parametrize(
    ("before", "now", "stops"),
    [
        ("11,02,A\r\n", "11,02,B\r\n", False),  # the first way that is filled counts
        ("11,,A\r\n", "11,00,A\r\n", False),  # what stands for an empty column
        ("11,01,A\r\n", "11,02,A\r\n", True),
        ("11,01,A\r\n", "11,,A\r\n", True),
        (",02,A\r\n", ",03,A\r\n", False),  # a way without its first column is not filled
        (",02,A\r\n", ",02,B\r\n", True),
        ("11,01,A\r\n", ",01,A\r\n", True),  # told in another way: who knows whether it is the same
        ("11,01,A\r\n", ",01,\r\n", False),  # not told: not compared
        (",,\r\n", "11,01,A\r\n", False),
        ("11,01,A\r\n", "zz,01,\r\n", False),  # a value that does not fit is left out, so not told
        ("", "11,01,A\r\n", False),
        ("11,01,A\r\n", "", False),  # a file that was not delivered tells nothing
    ],
)
def test_the_first_way_that_is_filled_tells_it(tmp_path: Path, before: str, now: str, stops: bool) -> None:
    taken(tmp_path, before)
    if stops:
        stop(tmp_path, now)
    else:
        assert not taken(tmp_path, now).unchanged


def test_the_line_is_that_of_the_row_that_tells_it(tmp_path: Path) -> None:
    taken(tmp_path, "11,,\r\n")
    report = stop(tmp_path, ",,\r\n,,\r\n12,,\r\n").report
    assert report is not None
    assert [f.row for f in report.findings if f.rule == "other-school"] == [4]


def test_a_first_delivery_is_compared_with_nothing(tmp_path: Path) -> None:
    assert taken(tmp_path, "11,02,A\r\n").report.findings == []


def test_a_layout_that_declares_nothing_takes_whatever_comes(tmp_path: Path) -> None:
    shape = replace(SHAPE, subjects=())
    taken(tmp_path, "11,02,A\r\n", shape)
    assert taken(tmp_path, "12,,B\r\n", shape).report.findings == []


def test_another_layout_in_its_place_is_not_compared(tmp_path: Path) -> None:
    taken(tmp_path, "11,02,A\r\n")
    assert taken(tmp_path, "12,,B\r\n", replace(SHAPE, name="anders")).report.findings == []


@pytest.mark.parametrize("column", ["code", "part", "name"])
@pytest.mark.parametrize("when", ["then", "now", "both"])
def test_what_no_need_names_is_not_compared(tmp_path: Path, column: str, when: str) -> None:
    less = ALL | {"about": ALL["about"] - {column}}
    taken(tmp_path, "11,02,A\r\n", needed=ALL if when == "now" else less)
    landed = taken(tmp_path, "12,03,B\r\n", needed=ALL if when == "then" else less)
    assert "other-school" not in {f.rule for f in landed.report.findings}


def test_a_file_that_no_need_names_is_not_compared(tmp_path: Path) -> None:
    only = {"things": ALL["things"]}
    taken(tmp_path, "11,02,A\r\n", needed=only)
    taken(tmp_path, "12,03,B\r\n", needed=only)
    assert all(b"12" not in content for path, content in written(tmp_path).items() if path.suffix == ".parquet")


def test_a_delta_is_not_compared(tmp_path: Path) -> None:
    """It says what changed, not whom all of it is about; the same rows as a full delivery stop."""
    keyed = replace(SHAPE, files={"about": replace(ABOUT, fields=(CODE, *ABOUT.fields[1:]), key=("code",))})
    needed = {"about": ALL["about"]}
    for at, (mode, rows) in enumerate((("bulk", "21,02,A\r\n"), ("delta", "12,03,B\r\n"), ("bulk", "22,,\r\n"))):
        place = tmp_path / f"{at}"
        place.mkdir()
        incoming = Incoming(packages(place, keyed, {"about": HEAD + rows}, mode), "klein", needed, tmp_path / "data")
        if at < 2:
            assert "other-school" not in {f.rule for f in incoming.land().report.findings}
            continue
        with pytest.raises(Stopped) as stopped:
            incoming.land()
        [other] = stopped.value.fallen
        assert (other.told()["before"], other.told()["found"]) == ("1203", "2200")  # of both rows the first by name


def test_what_stops_already_is_not_compared(tmp_path: Path) -> None:
    taken(tmp_path, "11,02,A\r\n")
    strict = replace(SHAPE, files={**SHAPE.files, "about": replace(ABOUT, fields=(*ABOUT.fields[:2], NAMED))})
    stopped = stop(tmp_path, "12,03,\r\n", shape=strict)
    assert stopped.fallen == ()
    assert stopped.hint == ""  # nobody is asked


def test_what_somebody_said_is_right_comes_in_and_so_does_what_stood_but_no_third(tmp_path: Path) -> None:
    taken(tmp_path, "11,02,A\r\n")
    stop(tmp_path, "13,,A\r\n", right="1200")
    assert not taken(tmp_path, "11,02,B\r\n", right="1200").unchanged
    landed = taken(tmp_path, "12,,A\r\n", right="1200")
    assert landed.report.findings == []
    assert not taken(tmp_path, "12,,B\r\n").unchanged  # from now on it is about this one
    stop(tmp_path, "11,02,A\r\n")


def test_a_board_may_choose_that_it_is_only_told(tmp_path: Path) -> None:
    [term] = [each for each in terms(SHAPE) if each.rule == "other-school"]
    assert (term.answer, term.possible) == ("stop", ("accept", "stop"))
    told = agreed(SHAPE, [Choice(*term.place, "accept")])
    taken(tmp_path, "11,02,A\r\n")
    assert "neemt niets over voordat iemand" in str(stop(tmp_path, "12,,A\r\n"))
    landed = taken(tmp_path, "12,,A\r\n", told)
    assert [(f.rule, f.action) for f in landed.report.findings] == [("other-school", "accept")]
    assert "neemt niets over" not in landed.report.findings[0].message  # it did
    assert taken(tmp_path, "12,,B\r\n", told).report.findings == []  # told once
    assert agreed(SHAPE, [Choice(*term.place, "drop row")]) == SHAPE


def test_the_answer_is_part_of_what_makes_a_reading_another(tmp_path: Path) -> None:
    package = packages(tmp_path, SHAPE, {"about": HEAD})
    prints = {
        Incoming(replace(package, layout=shape), "klein", ALL, tmp_path).delivered
        for shape in (SHAPE, replace(SHAPE, subjects=(replace(SUBJECT, answer="accept"),)), replace(SHAPE, subjects=()))
    }
    assert len(prints) == 3


def test_a_landing_keeps_nothing_about_it_but_the_columns_that_needs_name(tmp_path: Path) -> None:
    landed = taken(tmp_path, "11,02,A\r\n")
    told = json.loads((landed.folder / "landing.json").read_text(encoding="utf-8"))
    assert "1102" not in json.dumps({name: each for name, each in told.items() if name not in {"digest", "delivered"}})
