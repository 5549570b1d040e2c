"""The people of the demo board: schools, stock people, groups, roles that began and ended, numbers that look right."""

import re

import pytest

from schakel.kits.demo_board.staff import address
from schakel.lib.identifiers import is_bsn
from tests.kits.demo_boards import board

_SCHOOLS = {
    "po": ["'t Veerhuis", "De Kiem", "De Meerpaal", "De Rietkraag", "De Vlonder", "De Wilgenhoek", "De Windroos",
           "De Zandloper", "Het Baken", "Het Sluisje"],
    "vo": ["Noorderhaven", "Veldlyceum"],
    "so": ["De Sprong"],
}  # fmt: skip
_NOW = "beginDate <= '2026-11-23' AND (endDate IS NULL OR endDate > '2026-11-23')"


def _classes(person: str, role: str) -> list[tuple[object, ...]]:
    return board().all(
        f"""SELECT school, class, beginDate, endDate FROM sat
        WHERE person = '{person}' AND role = '{role}' AND kind = 'homeroom' ORDER BY beginDate"""
    )


def test_the_board_has_thirteen_schools_under_one_foundation() -> None:
    assert board().all("SELECT name, identifier, parentSourcedId FROM orgs WHERE type = 'district'") == [
        ("Stichting Oeverscholen", "41288", None)
    ]
    for sector, names in _SCHOOLS.items():
        found = board().all(f"SELECT name FROM orgs WHERE \"metadata.sector\" = '{sector}' ORDER BY name")
        assert [name for (name,) in found] == names
    brin6 = r"regexp_full_match(identifier, '\d\d[A-Z]{2}\d\d')"
    assert board().one(f"SELECT count(DISTINCT identifier) FROM orgs WHERE type = 'school' AND {brin6}") == 13


@pytest.mark.parametrize(
    ("email", "role", "place"),
    [
        ("marijke.terpstra", "districtAdministrator", "Stichting Oeverscholen"),
        ("karin.de.boer", "principal", "De Meerpaal"),
        ("tom.bakker", "teacher", "De Meerpaal"),
        ("sanne.de.wit", "teacher", "Veldlyceum"),
        ("fatma.yilmaz", "counselor", "Veldlyceum"),
        ("henk.nijland", "siteAdministrator", "Veldlyceum"),
    ],
)
def test_stock_people_hold_exactly_one_role_today(email: str, role: str, place: str) -> None:
    held = board().all(f"SELECT role, place FROM held WHERE person = '{email}' AND {_NOW}")
    assert held == [(role, place)]


@pytest.mark.parametrize("email", ["youssef.haddou", "daan.verhoeven", "ineke.postma", "olivier.smit"])
def test_people_of_the_register_and_the_outsider_are_nowhere_in_the_roster(email: str) -> None:
    assert board().one(f"SELECT count(*) FROM users WHERE email LIKE '{email}%'") == 0


def test_tom_bakker_alone_teaches_6a_of_de_meerpaal_this_year() -> None:
    assert _classes("tom.bakker", "teacher")[-1] == ("De Meerpaal", "6a", "2026-08-01", "2027-08-01")
    group = "school = 'De Meerpaal' AND class = '6a' AND role = 'teacher'"
    assert board().all(f"SELECT person FROM sat WHERE {group} AND {_NOW}") == [("tom.bakker",)]


def test_sanne_de_wit_mentors_h3a_now_and_another_class_until_last_year() -> None:
    *earlier, now = _classes("sanne.de.wit", "ext:mentor")
    assert now == ("Veldlyceum", "H3a", "2026-08-01", "2027-08-01")
    assert earlier
    assert all(row[1] != "H3a" and str(row[3]) <= "2026-08-01" for row in earlier)
    lessons = "person = 'sanne.de.wit' AND role = 'teacher' AND kind = 'scheduled'"
    assert board().count(f"SELECT count(*) FROM sat WHERE {lessons} AND {_NOW}") > 1


def test_some_roles_have_ended() -> None:
    ended = "endDate <= '2026-11-23'"
    assert board().count(f"SELECT count(*) FROM roles WHERE role <> 'student' AND {ended}") > 5
    assert board().count(f"SELECT count(*) FROM roles WHERE role = 'student' AND {ended}") > 50
    assert board().one("SELECT count(*) FROM roles WHERE endDate <= beginDate") == 0


def test_a_class_has_one_primary_teacher_at_a_time() -> None:
    overlapping = board().one(
        """SELECT count(*) FROM enrollments a JOIN enrollments b USING (classSourcedId) WHERE a.sourcedId < b.sourcedId
        AND a.primary = 'true' AND b.primary = 'true' AND a.beginDate < b.endDate AND b.beginDate < a.endDate"""
    )
    assert overlapping == 0


def test_pupils_in_school_today_are_as_many_as_asked() -> None:
    assert board().one(f"SELECT count(DISTINCT person) FROM held WHERE role = 'student' AND {_NOW}") == 1000
    assert board().one("SELECT count(*) FROM users WHERE sourcedId LIKE 'll%' AND enabledUser = 'true'") == 1000


def test_a_default_board_has_about_450_staff_at_work() -> None:
    opened = board(pupils=5000, facts=5000)
    assert opened.one("SELECT count(*) FROM users WHERE sourcedId LIKE 'mw%' AND enabledUser = 'true'") == 450
    assert opened.one("SELECT count(*) FROM users WHERE sourcedId LIKE 'll%' AND enabledUser = 'true'") == 5000


def test_addresses_and_user_names_are_nobody_elses() -> None:
    for column in ("email", "username", "identifier", "sourcedId"):
        assert board().one(f"SELECT count(*) - count(DISTINCT {column}) FROM users") == 0


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (("Tom", "", "Bakker"), "tom.bakker"),
        (("Fatma", "", "Yılmaz"), "fatma.yilmaz"),
        (("Zoë", "van 't", "Hof"), "zoe.van.t.hof"),
        (("Mikołaj", "", "Wiśniewska"), "mikolaj.wisniewska"),
        (("Joy", "", "Tjon A Hung"), "joy.tjon.a.hung"),
    ],
)
def test_an_address_is_plain_text(name: tuple[str, str, str], expected: str) -> None:
    assert address(*name) == expected


def test_every_pupil_has_one_home_group_a_year_and_moves_up() -> None:
    home = "SELECT person, year, sector, grades FROM sat WHERE role = 'student' AND kind = 'homeroom'"
    assert board().one(f"SELECT count(*) FROM (FROM ({home}) SELECT 1 GROUP BY person, year HAVING count(*) > 1)") == 0
    moved = board().all(
        f"""WITH home AS ({home} AND sector <> 'so') SELECT b.grades::INTEGER - a.grades::INTEGER, count(*)
        FROM home a JOIN home b USING (person, sector) WHERE a.year = 'sj2026' AND b.year = 'sj2027' GROUP BY 1"""
    )
    steps = dict(moved)
    assert set(steps) == {0, 1}
    assert 0 < int(str(steps[0])) < int(str(steps[1])) / 20


def test_pupils_of_our_own_primary_schools_go_on_to_our_secondary_schools() -> None:
    crossed = board().count(
        """SELECT count(*) FROM held a JOIN held b USING (person)
        WHERE a.role = 'student' AND a.sector = 'po' AND b.sector = 'vo' AND a.endDate <= b.beginDate"""
    )
    assert crossed > 20


def test_group_names_tell_the_sector() -> None:
    names = board().all("SELECT DISTINCT sector, class FROM sat WHERE kind = 'homeroom'")
    forms = {"po": r"[1-8][a-z]", "vo": r"(B1|[HTKV][2-6])[a-z]", "so": r"[A-Z]{1,2}[a-z]+( \d)?"}
    assert all(re.fullmatch(forms[str(sector)], str(name)) for sector, name in names)


def test_special_education_is_small() -> None:
    sizes = board(pupils=5000, facts=5000).all(
        """SELECT count(*) FROM sat WHERE school = 'De Sprong' AND role = 'student' AND kind = 'homeroom'
        GROUP BY classSourcedId"""
    )
    assert len(sizes) > 20
    assert all(int(str(size)) <= 10 for (size,) in sizes)


def test_a_pupil_number_is_text_two_pupils_differ_only_in_zeros() -> None:
    pupils = "(SELECT identifier, ltrim(identifier, '0') AS bare FROM users WHERE sourcedId LIKE 'll%')"
    pairs = f"SELECT count(*) FROM {pupils} a JOIN {pupils} b USING (bare) WHERE a.identifier < b.identifier"
    assert board().count(pairs) > 10
    assert board().one(r"SELECT count(*) FROM users WHERE NOT regexp_full_match(identifier, '\d{4,7}')") == 0


def test_an_eck_id_has_the_documented_form_and_only_pupils_have_one() -> None:
    pupils = [str(eck) for (eck,) in board().all("SELECT userMasterIdentifier FROM users WHERE sourcedId LIKE 'll%'")]
    assert all(re.fullmatch(r"https://ketenid\.nl/201703/[0-9a-f]{128}", eck) for eck in pupils)
    assert len(set(pupils)) == len(pupils)
    assert board().one("SELECT count(userMasterIdentifier) FROM users WHERE sourcedId LIKE 'mw%'") == 0


def test_names_are_believable() -> None:
    assert 15 < board().count("SELECT count(middleName) * 100 / count(*) FROM users") < 50
    assert board().count("SELECT count(DISTINCT familyName) FROM users") > 120
    most = "SELECT max(n) FROM (SELECT count(*) AS n FROM users GROUP BY familyName, middleName)"
    assert board().count(most) < 60
    assert board().one("SELECT count(*) FROM users WHERE familyName LIKE '%|%' OR givenName IS NULL") == 0


def test_the_absence_file_and_the_workbook_hide_numbers_that_pass_the_eleven_test() -> None:
    numbers = [str(value) for (value,) in board().all("SELECT DISTINCT BSN FROM verzuim")]
    assert len(numbers) > 500
    assert all(len(number) == 9 and number[0] == "9" and is_bsn(number) for number in numbers)
    relations = [str(row[10]) for row in board().sheets["Aanstellingen"][1:]]
    assert all(len(number) == 9 and number[0] == "9" and is_bsn(number) for number in relations)


def test_no_other_column_looks_like_a_citizen_number() -> None:
    for name, (header, *rows) in board().lines.items():
        for place, column in enumerate(header):
            values = {row[place] for row in rows if row[place]}
            if len(values) > 20 and column not in ("BSN", "Relatienummer"):
                assert sum(map(is_bsn, values)) < len(values) / 2, (name, column)


def test_children_are_as_old_as_their_group() -> None:
    ages = board().all(
        """SELECT grades::INTEGER, min(2026 - birthDate[:4]::INTEGER), max(2026 - birthDate[:4]::INTEGER)
        FROM sat JOIN demographics d ON d.sourcedId = userSourcedId
        WHERE role = 'student' AND kind = 'homeroom' AND sector = 'po' AND year = 'sj2027' GROUP BY 1"""
    )
    assert len(ages) == 8
    for grade, low, high in ages:
        assert int(str(grade)) + 3 <= int(str(low)) <= int(str(high)) <= int(str(grade)) + 5
