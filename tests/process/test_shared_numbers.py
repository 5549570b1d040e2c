"""Schools number their pupils each from 1: a number that several have is one of the school that the row tells."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from schakel.engine import duck
from schakel.process import matching, snapshots
from tests.process import boards
from tests.process.boards import Rows
from tests.process.landed import LandedHere
from tests.process.pairing import Someone, against

ASKED = frozenset(
    (
        "absence.kind",
        "school_advice.provisional",
        "absence_report.kind",
        "reference_level.level_reached",
        "result.level",
        "slot.staff_id",
    )
)
MADE = date(2026, 11, 10)
HERE, THERE, XML = "16AH00", "20XY01", "99ZZ00"


def numbered(**numbers: str) -> dict[str, Rows]:
    """The roster, of which these users have these numbers."""
    files = boards.roster()
    files["users"] = [{**u, "identifier": numbers.get(u["sourcedId"], u["identifier"])} for u in files["users"]]
    return files


def absent(data: Path, *rows: tuple[str, str]) -> LandedHere:
    lines = [boards._absent(pupil, site, date(2026, 11, 2), None, "late", None, None) for pupil, site in rows]
    return boards.land(data, "verzuim", "verzuim", {"absence": lines})


def edexml(data: Path, *keys: str) -> LandedHere:
    place = {"brincode": XML[:4], "dependancecode": XML[4:], "schooljaar": "2026-2027"}
    return boards.land(data, "xml", "edexml", {"school": [place], "pupil": [{"id": key} for key in keys]})


def found(data: Path, landed: list[LandedHere], **more: Any) -> list[Any]:
    with duck.reader(snapshots.build(data, landed, ASKED, **more).model) as con:
        return con.execute("SELECT pupil_id, site_id FROM absence ORDER BY ALL").fetchall()


def test_the_school_of_the_row_says_which_of_two_it_is(tmp_path: Path) -> None:
    roster = boards.land(tmp_path, "las", "oneroster", numbered(u1="7", u4="7"))
    landed = [roster, absent(tmp_path, ("7", HERE), ("7", THERE), ("002", HERE), ("002", THERE))]
    assert found(tmp_path, landed) == [("u1", "s1"), ("u2", "s1"), ("u2", "s2"), ("u4", "s2")]
    with matching.matching(landed, ASKED, "pupil", "verzuim", []) as each:
        counts = each.pairing()
        assert (counts.certain, counts.conflicts, counts.unmatched) == (3, 0, 0)
        assert each.renamed() == ()


def test_two_at_one_school_are_not_told_apart(tmp_path: Path) -> None:
    roster = boards.land(tmp_path, "las", "oneroster", numbered(u1="7", u2="7", u4="7"))
    landed = [roster, absent(tmp_path, ("7", HERE), ("7", THERE))]
    assert found(tmp_path, landed) == [("u4", "s2")]


def test_without_a_school_a_shared_number_finds_nobody(tmp_path: Path) -> None:
    """Advice tells no school."""
    roster = boards.land(tmp_path, "las", "oneroster", numbered(u1="7", u4="7"))
    advice = [{"pupil_number": number, "school_year": "2026-2027", "provisional": "havo"} for number in ("7", "002")]
    landed = [roster, boards.land(tmp_path, "adviezen", "adviezen", {"school_advice": advice})]
    with duck.reader(snapshots.build(tmp_path, landed, ASKED).model) as con:
        assert con.execute("SELECT pupil_id FROM school_advice").fetchall() == [("u2",)]


@pytest.mark.parametrize(
    ("layout", "file", "rest"),
    [
        ("adviezen", "school_advice", {"school_year": "2026-2027", "provisional": "havo"}),
        ("meldingen", "absence_report", {"kind": "lrv", "reported_on": MADE, "period_end": MADE}),
        (
            "referentieniveaus",
            "reference_level",
            {"school_year": "2026-2027", "domain": "reading", "exempt": "not_exempt"},
        ),
        ("toetsen", "result", {"test_kind": "monitoring", "test_name": "M8", "taken_on": MADE, "level": "II"}),
    ],
)
def test_every_file_about_pupils_may_tell_the_school(
    tmp_path: Path, layout: str, file: str, rest: dict[str, Any]
) -> None:
    told = [("7", HERE), ("7", THERE), ("7", None), ("8", None), ("8", THERE), ("9", HERE), ("9", None)]
    rows = [{"pupil_number": number, "site_identifier": site, **rest} for number, site in told]
    landed = [
        boards.land(tmp_path, "las", "oneroster", numbered(u1="7", u4="7", u2="8")),
        edexml(tmp_path, "9"),
        boards.land(tmp_path, layout, layout, {file: rows}),
    ]
    snapshot = snapshots.build(tmp_path, landed, ASKED)
    with duck.reader(snapshot.model) as con:
        found = [row[0] for row in con.execute(f"SELECT DISTINCT pupil_id FROM {file} ORDER BY ALL").fetchall()]
    assert found == [f"{XML}.9", "u1", "u2", "u4"], "9 at another school is nobody of ours, and without one it is hers"
    assert [(each.rows, each.of) for each in snapshot.unplaced if each.table == file] == [(2, 7)]


def test_beside_edexml_each_roster_has_its_own(tmp_path: Path) -> None:
    """A board with EDEXML for primary schools and OneRoster for secondary ones."""
    landed = [
        boards.land(tmp_path, "las", "oneroster", numbered(u4="00007", u5="00008")),
        edexml(tmp_path, "00007", "00009"),
        absent(tmp_path, ("00007", THERE), ("00007", XML), ("00008", THERE), ("00008", XML), ("00009", THERE)),
    ]
    assert found(tmp_path, landed) == [
        (f"{XML}.00007", XML),
        ("u4", "s2"),
        ("u5", XML),  # one of everywhere: a pupil who was there before
        ("u5", "s2"),
    ]


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_schools_of_either_version_are_known(tmp_path: Path, version: str) -> None:
    files = numbered(u1="7", u4="7")
    if version == "1.1":
        schools = {role["userSourcedId"]: role["orgSourcedId"] for role in files["roles"]}
        role = {r["userSourcedId"]: r["role"] for r in files.pop("roles")}
        files["users"] = [
            {**u, "role": role[u["sourcedId"]], "orgSourcedIds": schools[u["sourcedId"]]} for u in files["users"]
        ]
    landed = [boards.land(tmp_path, "las", "oneroster", files), absent(tmp_path, ("7", HERE), ("7", THERE))]
    assert found(tmp_path, landed) == [("u1", "s1"), ("u4", "s2")]


def test_a_decision_about_a_number_stays_one_where_others_are_shared() -> None:
    """A school at which one number is shared does not turn what was decided about another into something else."""
    ours = [Someone("7", key="u1", site=HERE), Someone("7", key="u4", site=THERE), Someone("8", key="u2")]
    theirs = [Someone("7", site=HERE), Someone("08", site=HERE)]
    with against(theirs, ours, [("08", "u2", True)]) as each:
        assert each.con.execute("SELECT key FROM theirs ORDER BY 1").fetchall() == [("08",), (f"7 @ {HERE}",)]
        assert each.pairing().certain == 2
        assert [(item.number, item.means) for item in each.renamed()] == [("08", "\0u2")]


def lessons(data: Path, *rows: tuple[str, str, str]) -> LandedHere:
    found = [{**boards.lesson(name, "H3a-wi", code), "site_identifier": site} for name, code, site in rows]
    return boards.land(data, "rooster", "rooster", {"slot": found})


def taught(data: Path, landed: list[LandedHere]) -> list[Any]:
    with duck.reader(snapshots.build(data, landed, ASKED).model) as con:
        return con.execute("SELECT slot_id, staff_id FROM slot ORDER BY ALL").fetchall()


def test_the_code_of_a_teacher_is_one_of_a_school_where_others_have_it(tmp_path: Path) -> None:
    """Or her lessons would be nobody's: at another school a colleague has the same letters."""
    files = numbered(t1="BAK", t2="BAK")
    landed = [
        boards.land(tmp_path, "las", "oneroster", files),
        lessons(tmp_path, ("a", "BAK", HERE), ("b", "BAK", THERE), ("c", "BAK", XML), ("d", "P3", HERE)),
    ]
    with matching.matching(landed, ASKED, "staff", "rooster", []) as each:
        counts = each.pairing()
        assert (counts.certain, counts.conflicts) == (3, 0)
        assert each.renamed() == ()
    found = dict(taught(tmp_path, landed))
    assert (found["a"], found["b"]) == ("t1", "t2")
    assert found["d"] == "t3", "one of everywhere"
    assert found.get("c") is None


def test_a_code_that_two_colleagues_at_one_school_share_is_nobodys(tmp_path: Path) -> None:
    files = numbered(t1="BAK", t2="BAK")
    files["roles"] = [{**row, "orgSourcedId": "s1"} if row["userSourcedId"] == "t2" else row for row in files["roles"]]
    landed = [boards.land(tmp_path, "las", "oneroster", files), lessons(tmp_path, ("a", "BAK", HERE))]
    assert taught(tmp_path, landed) == [("a", None)]


def test_a_teacher_at_several_schools_is_found_at_each(tmp_path: Path) -> None:
    files = numbered(t1="BAK", t2="BAK")
    files["orgs"] = [*files["orgs"], {**files["orgs"][1], "sourcedId": "s3", "identifier": "30ZZ00", "name": "De Kiem"}]
    more = [{**row, "sourcedId": "r99", "orgSourcedId": "s3"} for row in files["roles"] if row["userSourcedId"] == "t1"]
    files["roles"] = [*files["roles"], *more]
    landed = [
        boards.land(tmp_path, "las", "oneroster", files),
        lessons(tmp_path, ("a", "BAK", HERE), ("b", "BAK", THERE), ("c", "BAK", "30ZZ00")),
    ]
    assert taught(tmp_path, landed) == [("a", "t1"), ("b", "t2"), ("c", "t1")]
