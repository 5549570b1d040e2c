"""The yearly file of the Inspectorate: signal values, what similar schools reach, and which year it is of."""

from pathlib import Path

import pytest

from schakel.collect.checks import check
from schakel.collect.landing import Landed, land
from schakel.collect.listings import listing
from schakel.collect.packages import Package
from schakel.connectors.mapped import recognised
from schakel.engine import duck
from schakel.lib.errors import Unreadable
from schakel.process import snapshots
from schakel.process.mappings import columns_for
from tests.connectors.inspectorate_files import HEADS, NAME, School, nationwide
from tests.process import boards

ALL = frozenset(
    {"site.name", "organisation.brin", "site_year.school_weighting", "site_year.signal_value_1s2f",
     "site_year.similar_1f", "site_year.similar_1s2f", "inspection_value.value", "inspection_value.norm"}
)  # fmt: skip
OURS: School = ("16AH|C1", "28,41", "28 - 29", "49,6", "96,2", "58,2", "90")
# Four others of about the same weighting, with 300 pupils together; and schools with another one.
ALIKE: list[School] = [
    ("01AA|C1", "28,10", "28 - 29", "49,6", "95,0", "60,0", "60"),
    ("01AB|C1", "28,90", "28 - 29", "49,1", "90,0", "40,0", "120"),
    ("01AC|C1", "28,55", "28 - 29", "49,3", "99,5", "75,5", "20"),
    ("01AC|C2", "28,55", "28 - 29", "49,3", "", "", "15"),
    ("01AD|C1", "28,20", "28 - 29", "49,5", "97,0", "61,0", "100"),
]
OTHERS: list[School] = [(f"02A{letter}|C1", "35,00", "35 - 36", "38,0", "91", "33", "50") for letter in "ABCDEF"]
NATION = [OURS, *ALIKE, *OTHERS]


def opened(path: Path) -> Package:
    found = recognised(listing(path))
    assert found is not None
    return found


def figures(folder: Path, schools: list[School], name: str = NAME) -> Landed:
    return land(
        opened(nationwide(folder, schools, name)), "inspectie", columns_for(ALL)["inspectie_referentieniveaus"], folder
    )


def built(folder: Path, *deliveries: Landed) -> snapshots.Snapshot:
    roster = boards.land(folder, "las", "oneroster", boards.roster())
    return snapshots.build(folder, [roster, *deliveries], ALL)


YEARS = (
    "SELECT site_id, school_year, school_weighting::DOUBLE, signal_value_1s2f::DOUBLE, similar_1f::DOUBLE,"
    " similar_1s2f::DOUBLE FROM site_year ORDER BY ALL"
)


def test_the_published_file_is_read_as_it_is(tmp_path: Path) -> None:
    report = check(opened(nationwide(tmp_path, NATION)))
    told = sorted((f.rule, f.file) for f in report.findings)
    assert told == [("sheet-unknown", f"{NAME}#Begrippen"), ("sheet-unknown", f"{NAME}#Toelichting")]


def test_a_column_that_was_never_there_is_told_of_beside_those_that_come_with_it(tmp_path: Path) -> None:
    newer = tuple("Oordeel" if head == "Uitkomst indicator 1F" else head.upper() for head in HEADS)
    report = check(opened(nationwide(tmp_path, NATION, heads=newer)))
    assert [f.column for f in report.findings if f.rule == "column-unknown"] == ["Oordeel"]


def test_our_school_stands_beside_what_similar_schools_reach(tmp_path: Path) -> None:
    made = built(tmp_path, figures(tmp_path, NATION))
    # (96.2*90 + 95*60 + 90*120 + 99.5*20 + 97*100) / 390; whose result is not told counts with neither
    with duck.reader(made.model) as con:
        assert con.execute(YEARS).fetchall() == [("s1", "2024-2025", 28.41, 49.6, 94.4821, 54.4821)]
        published = "SELECT site_id, education_type, code, period, value::DOUBLE, norm::DOUBLE FROM inspection_value"
        assert con.execute(f"{published} ORDER BY code").fetchall() == [
            ("s1", "basisonderwijs", "1F", "2022-2025", 96.2, 85.0),
            ("s1", "basisonderwijs", "1S2F", "2022-2025", 58.2, 49.6),
        ]
    assert made.manifest["tables"]["site_year"]["unplaced"] == [], "schools of other boards are not missing here"


def test_four_schools_are_too_few_to_be_held_against(tmp_path: Path) -> None:
    made = built(tmp_path, figures(tmp_path, [OURS, *ALIKE[:3], *OTHERS]))
    with duck.reader(made.model) as con:
        assert con.execute(YEARS).fetchall() == [("s1", "2024-2025", 28.41, 49.6, None, None)]


@pytest.mark.parametrize("here", ["file", "roster"])
def test_of_a_school_with_more_sites_nobody_can_say_which_is_which(tmp_path: Path, here: str) -> None:
    files, schools = boards.roster(), list(NATION)
    if here == "file":
        schools.append(("16AH|C2", "30,00", "30 - 31", "47,0", "90", "50", "40"))
    else:
        files["orgs"].append({**files["orgs"][1], "sourcedId": "s3", "name": "De Dependance", "identifier": "16AH01"})
    roster = boards.land(tmp_path, "las", "oneroster", files)
    made = snapshots.build(tmp_path, [roster, figures(tmp_path, schools)], ALL)
    with duck.reader(made.model) as con:
        assert con.execute(YEARS).fetchall() == []
    (left,) = made.manifest["tables"]["site_year"]["unplaced"]
    assert (left["column"], left["reason"], left["rows"]) == ("site_id", "not_found", 2 if here == "file" else 1)


def test_each_year_stays_beside_the_next(tmp_path: Path) -> None:
    figures(tmp_path, NATION)
    next_year = NAME.replace("20250926", "20260925").replace("2223_2324_2425", "2324_2425_2526")
    second = figures(tmp_path, [("16AH|C1", "29,50", "29 - 30", "47,9", "97", "60", "88"), *ALIKE, *OTHERS], next_year)
    with duck.reader(built(tmp_path, second).model) as con:
        assert con.execute(YEARS).fetchall() == [
            ("s1", "2024-2025", 28.41, 49.6, 94.4821, 54.4821),
            ("s1", "2025-2026", 29.5, 47.9, None, None),
        ]


def test_a_file_whose_name_tells_no_year_is_not_read(tmp_path: Path) -> None:
    path = nationwide(tmp_path, NATION, "gemiddelde_referentieniveaus_per_school.ods")
    with pytest.raises(Unreadable, match="Schooljaar moet uit de naam van dit bestand blijken") as refused:
        recognised(listing(path))
    assert refused.value.where == path.name and refused.value.hint


@pytest.mark.parametrize(
    ("cell", "rule"), [("16AH", "pattern"), ("16AH00", "pattern"), ("16ah|C1", "pattern"), ("", "required")]
)
def test_a_school_without_its_name_at_the_inspectorate_is_told_of(tmp_path: Path, cell: str, rule: str) -> None:
    report = check(opened(nationwide(tmp_path, [(cell, *OURS[1:]), *ALIKE])))
    assert [(f.row, f.column) for f in report.findings if f.rule == rule] == [(2, "ovt")]


@pytest.mark.parametrize("cell", ["149,6", "0,496", "1", "-3"])
def test_what_is_no_percentage_is_dropped_and_told_of(tmp_path: Path, cell: str) -> None:
    """A part of one as well: 0,496 is 49,6% to a sheet, and would be a signal value that everybody meets."""
    wrong: School = (*OURS[:3], cell, *OURS[4:])
    report = check(opened(nationwide(tmp_path, [wrong, *ALIKE])))
    assert [(f.row, f.column) for f in report.findings if f.rule == "bounds"] == [(2, "Signaleringswaarde 1S/2F")]
    with duck.reader(built(tmp_path, figures(tmp_path, [wrong, *ALIKE])).model) as con:
        assert [row[3] for row in con.execute(YEARS).fetchall()] == [None]
