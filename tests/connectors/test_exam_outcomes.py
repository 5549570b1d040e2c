"""Exam outcomes of DUO in the school model: our own sites, beside a country that is counted in the same way."""

from pathlib import Path

import pytest

from schakel.collect.landing import land
from schakel.engine import duck
from schakel.process import snapshots
from schakel.process.mappings import columns_for
from tests.connectors.exam_files import line, nationwide, opened
from tests.process import boards

ALL = frozenset(
    {"site.name", "exam_outcome.candidates", "exam_outcome.passed", "exam_outcome.hidden",
     "exam_outcome.national_candidates", "exam_outcome.national_passed"}
)  # fmt: skip
OUTCOMES = (
    "SELECT site_id, school_year, education_type, candidates, passed, hidden, national_candidates, national_passed"
    " FROM exam_outcome ORDER BY ALL"
)
OTHERS = [f"{n:02}{a}{b}00" for n in (1, 2) for a in "ABCDEFGH" for b in "ABCDEFGH"]  # 128 sites of other boards


def others(many: int, programme: str, counts: tuple[str, str]) -> list[str]:
    return [line(site, programme, {2024: counts}) for site in OTHERS[:many]]


def built(folder: Path, rows: list[str]) -> snapshots.Snapshot:
    exams = land(opened(nationwide(folder, rows)), "duo", columns_for(ALL)["duo_examens_vo"], folder)
    return snapshots.build(folder, [boards.land(folder, "las", "oneroster", boards.roster()), exams], ALL)


def outcomes(made: snapshots.Snapshot) -> list[tuple[object, ...]]:
    with duck.reader(made.model) as con:
        return con.execute(OUTCOMES).fetchall()


def test_programmes_add_up_and_the_country_stands_beside_them(tmp_path: Path) -> None:
    """Ours are in the country as well."""
    ours = [
        line("20XY01", "HAVO - N&T", {2023: ("30", "30"), 2024: ("31", "29")}),
        line("20XY01", "HAVO - E&M", {2024: ("20", "15")}),
        line("20XY01", "VWO - N&T", {2024: ("12", "12")}),
    ]
    made = built(tmp_path, [*ours, *others(99, "HAVO - E&M", ("10", "9"))])
    assert outcomes(made) == [
        ("s2", "2023-2024", "HAVO", 30, 30, 0, None, None),
        ("s2", "2024-2025", "HAVO", 51, 44, 0, 1041, 935),
        ("s2", "2024-2025", "VWO", 12, 12, 0, None, None),
    ]
    assert made.manifest["tables"]["exam_outcome"]["unplaced"] == [], "schools of other boards are not missing here"


@pytest.mark.parametrize("hidden", [("<5", "<5"), ("6", "<5"), ("-1", "-1"), ("7", "")])
def test_what_duo_does_not_tell_counts_nowhere_and_is_no_zero(tmp_path: Path, hidden: tuple[str, str]) -> None:
    ours = [
        line("20XY01", "HAVO - N&T", {2024: ("31", "29")}),
        line("20XY01", "HAVO - C&M", {2024: hidden}),
        line("20XY01", "VWO - C&M", {2024: hidden}),
    ]
    assert outcomes(built(tmp_path, [*ours, *others(100, "HAVO - C&M", hidden)])) == [
        ("s2", "2024-2025", "HAVO", 31, 29, 1, 31, 29),
        ("s2", "2024-2025", "VWO", None, None, 1, None, None),
    ]


@pytest.mark.parametrize("none", [("0", "0"), ("0", ""), ("", "")])
def test_a_programme_without_candidates_is_not_hidden(tmp_path: Path, none: tuple[str, str]) -> None:
    ours = [line("20XY01", "HAVO - N&T", {2024: ("31", "29")}), line("20XY01", "HAVO - C&M", {2024: none})]
    assert outcomes(built(tmp_path, ours)) == [("s2", "2024-2025", "HAVO", 31, 29, 0, None, None)]


def test_everybody_who_failed_is_a_nought_and_not_unknown(tmp_path: Path) -> None:
    assert outcomes(built(tmp_path, [line("20XY01", "HAVO - N&T", {2024: ("5", "0")})])) == [
        ("s2", "2024-2025", "HAVO", 5, 0, 0, None, None)
    ]


def test_a_part_of_the_country_is_not_the_country(tmp_path: Path) -> None:
    """Someone who kept the own rows alone would see the own board as the Netherlands."""
    ours = [line("20XY01", "HAVO - N&T", {2024: ("31", "29")})]
    (few,) = outcomes(built(tmp_path, [*ours, *others(98, "HAVO - N&T", ("10", "9"))]))
    assert few[-2:] == (None, None)


def test_two_sources_with_the_same_file_do_not_add_up(tmp_path: Path) -> None:
    path = nationwide(
        tmp_path, [line("20XY01", "HAVO - N&T", {2024: ("31", "29")}), *others(99, "HAVO - N&T", ("10", "9"))]
    )
    kept = columns_for(ALL)["duo_examens_vo"]
    twice = [land(opened(path), source, kept, tmp_path) for source in ("duo", "nogmaals")]
    made = snapshots.build(tmp_path, [boards.land(tmp_path, "las", "oneroster", boards.roster()), *twice], ALL)
    assert outcomes(made) == [("s2", "2024-2025", "HAVO", 31, 29, 0, 1021, 920)]


def test_without_the_wish_what_is_hidden_is_not_kept(tmp_path: Path) -> None:
    asked = ALL - {"exam_outcome.hidden", "exam_outcome.national_candidates", "exam_outcome.national_passed"}
    kept = columns_for(asked)["duo_examens_vo"]["exam"]
    assert kept == {"site_code", "education", "year_begins", "candidates", "passed"}
    exams = land(opened(nationwide(tmp_path, [line("20XY01", "HAVO - N&T", {2024: ("31", "29")})])), "duo",
                 {"exam": kept}, tmp_path)  # fmt: skip
    made = snapshots.build(tmp_path, [boards.land(tmp_path, "las", "oneroster", boards.roster()), exams], asked)
    with duck.reader(made.model) as con:
        assert [row[0] for row in con.execute("DESCRIBE exam_outcome").fetchall()] == [
            "site_id", "school_year", "education_type", "candidates", "passed",
        ]  # fmt: skip
