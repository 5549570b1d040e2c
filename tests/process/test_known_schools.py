"""A site by the number that a file has for it: in OneRoster, in EDEXML, in both, twice, or nowhere."""

from datetime import date
from pathlib import Path

from schakel.engine import duck
from schakel.process import filling, mappings
from schakel.process.landings import deliveries
from tests.process.edexml_board import school
from tests.process.landed import land

LESSON, HOLIDAY = frozenset({"slot.site_id", "slot.date"}), frozenset({"holiday.site_id", "holiday.start_date"})
DAY = date(2026, 11, 26)


def orgs(data: Path, *schools: tuple[str, str]):
    rows = [{"sourcedId": key, "identifier": number, "type": "school"} for key, number in schools]
    return land(data, "las", "oneroster", {"orgs": rows})


def lessons(data: Path, *sites: str):
    rows = [{"lesson": f"l{at}", "site_identifier": site, "date": DAY, "hour": 1} for at, site in enumerate(sites)]
    return land(data, "rooster", "rooster", {"slot": rows})


def found(landed, elements) -> list[str | None]:
    (table,) = {element.partition(".")[0] for element in elements}
    (mapping,) = mappings.mappings_for(elements)[table]
    with duck.worker() as con:
        filling.create_relations(con, deliveries(landed), mappings.columns_for(elements))
        order = "slot_id" if table == "slot" else "start_date"
        return [row[0] for row in con.execute(f"SELECT site_id FROM ({mapping.sql}) ORDER BY {order}").fetchall()]


def test_lessons_of_a_school_on_edexml_have_their_site(tmp_path: Path):
    landed = [school(tmp_path, "98YY00", []), lessons(tmp_path, "98YY00", "97XX00")]
    assert found(landed, LESSON) == ["98YY00", None]


def test_a_school_that_both_bring_is_that_of_oneroster(tmp_path: Path):
    edexml = [school(tmp_path, site, []) for site in ("98YY00", "99ZZ00")]
    landed = [orgs(tmp_path, ("org-1", "98YY00")), *edexml, lessons(tmp_path, "98YY00", "99ZZ00")]
    assert found(landed, LESSON) == ["org-1", "99ZZ00"]


def test_two_files_of_one_school_are_one_site(tmp_path: Path):
    landed = [*(school(tmp_path, "98YY00", [], source=name) for name in ("a", "b")), lessons(tmp_path, "98YY00")]
    assert found(landed, LESSON) == ["98YY00"]


def test_a_number_that_two_schools_share_finds_none_and_doubles_nothing(tmp_path: Path):
    roster = orgs(tmp_path, ("org-1", "98YY00"), ("org-2", "98YY00"), ("org-3", "97XX00"))
    days = [{"site_identifier": site, "start_date": DAY, "end_date": DAY} for site in ("98YY00", "97XX00")]
    holidays = land(tmp_path, "vakanties", "vakanties", {"holiday": days})
    assert sorted(found([roster, holidays], HOLIDAY), key=str) == [None, "org-3"]
    assert found([roster, lessons(tmp_path, "98YY00", "97XX00")], LESSON) == [None, "org-3"]
