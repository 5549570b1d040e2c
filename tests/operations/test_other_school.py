"""A school that got another BRIN: what was stopped comes in once somebody said why that is right, with a line of it."""

import json
from pathlib import Path

import pytest

from schakel.access.audit import AuditLine
from schakel.access.register import put
from schakel.chain.systems import System
from schakel.collect import low_counts
from schakel.collect.cases import Case
from schakel.collect.contracts import Choice
from schakel.collect.landing import latest
from schakel.collect.runs import Run
from schakel.collect.sources import Source
from schakel.lib.errors import Refused, SchakelError, Unknown
from schakel.operations import agreements
from schakel.operations.progress import Teller
from schakel.operations.readings import Reading
from schakel.process.mappings import columns_for
from tests.connectors.edexml_files import GOOD
from tests.process.conftest import EVERYTHING

pytestmark = pytest.mark.django_db
NEEDED = {"edexml": columns_for(EVERYTHING)["edexml"]}
OTHER, THIRD = GOOD.replace("99ZZ", "98YY"), GOOD.replace("99ZZ", "97XX")
KEY = "other-school:school"
GOOD_STATES = ("good", "repaired")
MANY = "".join(f'<leerling key="n{n}"><achternaam>A</achternaam></leerling>\n' for n in range(40))


@pytest.fixture
def school(people) -> Source:
    ict = people["ict_manager"]
    system, _ = put(ict, "system.write", System, "las", name="LAS")
    return put(ict, "source.write", Source, "las", name="LAS", system=system, layout="edexml", pattern="las_*")[0]


def read(source: Source, text: str, data: Path) -> Run:
    """A file of this content put in its place and read."""
    path = data / "las_1.xml"
    path.write_text(text, encoding="utf-8")
    return Reading(None, data, NEEDED, Teller(data)).read(source, path)[0]


def brin(data: Path) -> str:
    """The school that stands now."""
    landed = latest(data, "las")
    assert landed is not None
    found = (landed.folder / "school.parquet").read_bytes()
    return next(each for each in ("99ZZ", "98YY", "97XX") if each.encode() in found)


def test_another_school_stops_until_somebody_says_why_it_is_right(people, school, tmp_path):
    assert read(school, GOOD, tmp_path).state in GOOD_STATES
    run = read(school, OTHER, tmp_path)
    assert run.state == "stopped"
    assert "Deze levering gaat over school 98YY00. Tot nu toe ging deze bron over 99ZZ00." in run.message
    assert brin(tmp_path) == "99ZZ"
    asked = low_counts.open_question(school)
    assert [(c["key"], c["before"], c["found"]) for c in asked.counts] == [(KEY, "99ZZ00", "98YY00")]
    assert read(school, OTHER, tmp_path) == run  # nothing changed: the answer is known
    low_counts.confirm(people["ict_manager"], school, "de school kreeg een ander BRIN")
    line = AuditLine.objects.filter(action="contract.write").last()
    assert (line.thing_key, line.facts["why"]) == ("las", "de school kreeg een ander BRIN")
    assert line.facts["confirmed"] == [[KEY, "99ZZ00", "98YY00"]]
    assert line.actor == people["ict_manager"]
    assert read(school, OTHER, tmp_path).state in GOOD_STATES
    assert brin(tmp_path) == "98YY"
    assert low_counts.open_question(school) is None


def test_the_right_file_after_a_wrong_one_comes_in_without_a_word(people, school, tmp_path):
    read(school, GOOD, tmp_path)
    assert read(school, OTHER, tmp_path).state == "stopped"
    [case] = Case.objects.filter(rule="other-school")
    assert (case.standing, case.action) == ("new", "stop")
    assert read(school, GOOD.replace("Zoë", "Zoe"), tmp_path).state in GOOD_STATES
    case.refresh_from_db()
    assert case.standing == "repaired"
    assert low_counts.open_question(school) is None
    with pytest.raises(Unknown):
        low_counts.confirm(people["ict_manager"], school, "klopt")
    assert read(school, OTHER, tmp_path).state == "stopped"


def test_what_was_confirmed_says_nothing_of_a_third_school(people, school, tmp_path):
    read(school, GOOD, tmp_path)
    read(school, OTHER, tmp_path)
    low_counts.confirm(people["ict_manager"], school, "fusie")
    assert read(school, THIRD, tmp_path).state == "stopped"
    assert brin(tmp_path) == "99ZZ"


def test_saying_that_it_is_right_needs_a_reason_and_the_permission(people, school, tmp_path):
    read(school, GOOD, tmp_path)
    read(school, OTHER, tmp_path)
    with pytest.raises(SchakelError):
        low_counts.confirm(people["ict_manager"], school, " ")
    for who in ("teacher", "board_member", "school_admin"):
        with pytest.raises(Refused):
            low_counts.confirm(people[who], school, "klopt")
    assert low_counts.open_question(school) is not None
    assert read(school, OTHER, tmp_path).state == "stopped"


def test_another_school_with_far_fewer_pupils_is_one_question(people, school, tmp_path):
    read(school, GOOD.replace("</leerlingen>", f"{MANY}</leerlingen>"), tmp_path)
    assert read(school, OTHER, tmp_path).state == "stopped"
    assert [c["key"] for c in low_counts.open_question(school).counts] == [KEY, "pupil:"]
    low_counts.confirm(people["ict_manager"], school, "een kleinere school")
    assert read(school, OTHER, tmp_path).state in GOOD_STATES
    told = json.loads((latest(tmp_path, "las").folder / "landing.json").read_text(encoding="utf-8"))
    assert [count for _day, count in told["counts"]["pupil:"]] == [2]


def test_what_was_said_of_the_school_still_counts_when_the_next_file_has_too_few_pupils(people, school, tmp_path):
    """Two questions one after the other about what is to land: the answer to the first is not forgotten."""
    read(school, GOOD.replace("</leerlingen>", f"{MANY}</leerlingen>"), tmp_path)
    assert read(school, OTHER.replace("</leerlingen>", f"{MANY}</leerlingen>"), tmp_path).state == "stopped"
    low_counts.confirm(people["ict_manager"], school, "ander BRIN")
    assert read(school, OTHER, tmp_path).state == "stopped"
    assert [c["key"] for c in low_counts.open_question(school).counts] == ["pupil:"]
    low_counts.confirm(people["ict_manager"], school, "groep 8 is weg")
    assert read(school, OTHER, tmp_path).state in GOOD_STATES
    assert brin(tmp_path) == "98YY"


def test_a_board_may_choose_that_another_school_is_only_told(people, school, tmp_path):
    read(school, GOOD, tmp_path)
    assert read(school, OTHER, tmp_path).state == "stopped"
    choice = Choice("school", KEY, "other-school", "accept")
    agreements.choose(people["ict_manager"], school, [choice], "één map voor twee scholen", tmp_path)
    line = AuditLine.objects.filter(action="contract.write").last()
    assert line.facts["answers"] == [["school", KEY, "other-school", "accept"]]
    assert read(school, OTHER, tmp_path).state == "repaired"
    assert brin(tmp_path) == "98YY"
    assert [f.action for f in latest(tmp_path, "las").report.findings if f.rule == "other-school"] == ["accept"]


def test_two_sources_of_one_layout_each_have_their_own_school(people, school, tmp_path):
    other, _ = put(people["ict_manager"], "source.write", Source, "las2", name="LAS 2", system=school.system,
                   layout="edexml", pattern="las2_*")  # fmt: skip
    assert read(school, GOOD, tmp_path).state in GOOD_STATES
    assert read(other, OTHER, tmp_path).state in GOOD_STATES
    assert read(school, OTHER, tmp_path).state == "stopped"
    assert read(other, OTHER.replace("Zoë", "Zoe"), tmp_path).state in GOOD_STATES
