"""Exam marks of DUO: read under the name that tells their school year, weighed by candidates, beside the country."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schakel.collect.checks import check
from schakel.collect.landing import land
from schakel.engine import duck
from schakel.lib.errors import Unreadable
from schakel.process import snapshots
from schakel.process.mappings import columns_for
from tests.connectors.exam_files import MARKS, all_marks, marked, opened
from tests.connectors.test_exam_outcomes import OTHERS
from tests.process import boards

MARK = "exam_mark."
ALL = frozenset(
    {"site.name", *(MARK + column for column in ("candidates", "school_exam", "central_exam", "hidden",
                                                 "national_school_exam", "national_central_exam"))}
)  # fmt: skip
SHOWN = (
    "SELECT school_year, education_type, candidates, round(school_exam::DOUBLE, 3), round(central_exam::DOUBLE, 3),"
    " hidden, round(national_school_exam::DOUBLE, 3), round(national_central_exam::DOUBLE, 3)"
    " FROM exam_mark ORDER BY ALL"
)


def built(folder: Path, rows: list[str], name: str = MARKS) -> snapshots.Snapshot:
    marks = land(opened(all_marks(folder, rows, name)), "duo", columns_for(ALL)["duo_examencijfers_vo"], folder)
    return snapshots.build(folder, [boards.land(folder, "las", "oneroster", boards.roster()), marks], ALL)


def shown(made: snapshots.Snapshot) -> list[tuple[object, ...]]:
    with duck.reader(made.model) as con:
        return con.execute(SHOWN).fetchall()


@pytest.mark.parametrize("name", [MARKS, "geslaagden,-gezakten-en-cijfers-2024-2025.csv"])
def test_the_file_is_known_by_either_name_and_nothing_is_wrong_with_it(tmp_path: Path, name: str) -> None:
    rows = [
        marked("20XY01", "HAVO N&T", "31", "6,5", "6,3"),
        marked("20XY01", "VMBO-TL Techniek", "<5", "-", "-"),
        marked("20XY01", "VMBO-BL Techniek", "-1", "-1", "-1"),
        marked("20XY01", "VWO C&M", "6", "7,25", "10"),
        marked("20XY01", "VWO N&G", "0", "0,0", "0"),
        marked("20XY01", "VWO N&T", "12", "", ""),
    ]
    assert check(opened(all_marks(tmp_path, rows, name))).findings == []


def test_a_name_without_its_school_year_says_so(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="Schooljaar moet uit de naam van dit bestand blijken"):
        opened(all_marks(tmp_path, [], "geslaagden-gezakten-en-cijfers.csv"))


@pytest.mark.parametrize("wrong", ["11,5", "6,5.1", "zes", "0,5", "65"])
def test_what_is_no_mark_is_told_at_its_cell(tmp_path: Path, wrong: str) -> None:
    report = check(opened(all_marks(tmp_path, [marked("20XY01", "HAVO N&T", "31", wrong, "6,3")])))
    assert [(f.row, f.column, f.rule) for f in report.findings] == [(2, "GEMIDDELD CIJFER SCHOOLEXAMEN", "pattern")]


def test_averages_of_programmes_are_weighed_by_their_candidates(tmp_path: Path) -> None:
    """30 with 7,0 and 10 with 6,0 is 6,75; each learning way of vmbo is a type of its own."""
    ours = [
        marked("20XY01", "HAVO N&T", "30", "7,0", "6,5"),
        marked("20XY01", "HAVO E&M", "10", "6,0", "6,1"),
        marked("20XY01", "VMBO-BL Techniek", "8", "6,4", "6,6"),
        marked("20XY01", "VMBO-TL Techniek", "9", "6,8", "6,0"),
    ]
    assert shown(built(tmp_path, ours)) == [
        ("2024-2025", "HAVO", 40, 6.75, 6.4, 0, None, None),
        ("2024-2025", "VMBO-BL", 8, 6.4, 6.6, 0, None, None),
        ("2024-2025", "VMBO-TL", 9, 6.8, 6.0, 0, None, None),
    ]


def test_the_country_is_worked_out_alike_and_only_when_it_is_there(tmp_path: Path) -> None:
    ours = [marked("20XY01", "HAVO N&T", "20", "7,0", "6,5"), marked("20XY01", "VWO N&T", "20", "7,0", "6,5")]
    country = [marked(site, "HAVO E&M", "10", "6,0", "6,0") for site in OTHERS[:99]]
    almost = [marked(site, "VWO E&M", "10", "6,0", "6,0") for site in OTHERS[:98]]
    (havo, vwo) = shown(built(tmp_path, [*ours, *country, *almost]))
    assert havo == ("2024-2025", "HAVO", 20, 7.0, 6.5, 0, 6.02, 6.01), "20 with 7,0 and 990 with 6,0"
    assert vwo[-2:] == (None, None), "99 sites are a part of the country"


@pytest.mark.parametrize(
    "untold", [("<5", "-", "-"), ("-1", "-1", "-1"), ("12", "6,5", ""), ("12", "<5", "6,5"), ("12", "6,5", "0,0")]
)
def test_what_duo_does_not_tell_counts_nowhere_and_is_no_zero(tmp_path: Path, untold: tuple[str, str, str]) -> None:
    ours = [
        marked("20XY01", "HAVO N&T", "31", "6,5", "6,3"),
        marked("20XY01", "HAVO C&M", *untold),
        marked("20XY01", "VWO C&M", *untold),
    ]
    country = [marked(site, "HAVO C&M", *untold) for site in OTHERS[:100]]
    assert shown(built(tmp_path, [*ours, *country])) == [
        ("2024-2025", "HAVO", 31, 6.5, 6.3, 1, 6.5, 6.3),
        ("2024-2025", "VWO", None, None, None, 1, None, None),
    ]


def test_a_programme_without_candidates_is_not_hidden(tmp_path: Path) -> None:
    ours = [marked("20XY01", "HAVO N&T", "31", "6,5", "6,3"), marked("20XY01", "HAVO C&M", "0", "", "")]
    assert shown(built(tmp_path, ours)) == [("2024-2025", "HAVO", 31, 6.5, 6.3, 0, None, None)]


def test_the_file_of_a_later_year_adds_that_year(tmp_path: Path) -> None:
    kept = columns_for(ALL)["duo_examencijfers_vo"]
    rows = [marked("20XY01", "HAVO N&T", "31", "6,5", "6,3")]
    land(opened(all_marks(tmp_path, rows, "geslaagden-gezakten-en-cijfers-2023-2024.csv")), "duo", kept, tmp_path)
    (one, two) = shown(built(tmp_path, [marked("20XY01", "HAVO N&T", "20", "6,0", "6,0")]))
    assert (one[0], two[0]) == ("2023-2024", "2024-2025") and one[2:5] == (31, 6.5, 6.3)


def test_without_the_wishes_less_is_kept(tmp_path: Path) -> None:
    kept = columns_for({"exam_mark.school_exam", "exam_mark.central_exam"})["duo_examencijfers_vo"]["mark"]
    wanted = {"site_code", "education", "learning_way", "year_begins", "candidates", "school_exam", "central_exam"}
    assert kept == wanted, "weighed by the candidates; who passed, and what a programme is called, is not kept"


TOLD = st.tuples(st.integers(5, 200), st.integers(10, 100), st.integers(10, 100))


@settings(max_examples=15, deadline=None)
@given(programmes=st.lists(TOLD, min_size=1, max_size=6), hidden=st.integers(0, 3))
def test_the_average_of_a_school_is_that_of_its_candidates(
    programmes: list[tuple[int, int, int]], hidden: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """As if each candidate of a programme had its average; and never outside the averages that it is made of."""
    rows = [
        marked("20XY01", f"HAVO P{n}", str(many), f"{school // 10},{school % 10}", f"{central // 10},{central % 10}")
        for n, (many, school, central) in enumerate(programmes)
    ]
    rows += [marked("20XY01", f"HAVO H{n}", "<5", "-", "-") for n in range(hidden)]
    (found,) = shown(built(tmp_path_factory.mktemp("marks"), rows))
    everybody = sum(many for many, _s, _c in programmes)
    for at, value in ((1, found[3]), (2, found[4])):
        assert value == pytest.approx(sum(p[0] * p[at] for p in programmes) / everybody / 10, abs=0.001)
    assert found[2] == everybody and found[5] == hidden
