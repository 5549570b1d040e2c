"""Rows with a finding, for whom they are: of one's own schools, today, with the key only for who repairs (law 4)."""

import json

import pytest

from schakel.access.register import end_assignment
from schakel.access.roles import RoleAssignment
from schakel.lib import clock
from schakel.operations import forgetting
from schakel.operations.found import found_in
from schakel.operations.repair_lists import Reader
from schakel.operations.repairers import candidates, repairers, sites_of
from tests.distribute.school import START
from tests.found import SECRET, Supply, shown

AT_A, AT_B = [(2, "e1"), (3, "e2")], [(5, "e4")]


def reader(faulty: Supply, who: str) -> Reader:
    return Reader(faulty.people[who])


def rows(faulty: Supply, who: str) -> list[tuple[int, str]]:
    return shown(reader(faulty, who).rows(faulty.case()))


def test_each_school_sees_its_own_rows_and_no_others(faulty: Supply) -> None:
    assert rows(faulty, "admin-A") == AT_A
    assert rows(faulty, "admin-B") == AT_B


def test_who_repairs_for_the_whole_board_sees_all_of_them(faulty: Supply) -> None:
    assert rows(faulty, "school_admin") == [*AT_A, *AT_B]
    assert rows(faulty, "keeper") == [*AT_A, *AT_B]


def test_who_keeps_the_sources_sees_lines_without_keys(faulty: Supply) -> None:
    assert rows(faulty, "ict_manager") == [(2, "e* (2)"), (3, "e* (2)"), (5, "e* (2)")]


@pytest.mark.parametrize("who", ["board_member", "privacy_officer", "leraar-A1", "leider-A", "outsider"])
def test_whoever_repairs_nothing_sees_no_row(faulty: Supply, who: str) -> None:
    assert rows(faulty, who) == []


def test_a_role_that_ended_yesterday_opens_nothing(faulty: Supply) -> None:
    held = RoleAssignment.objects.get(person=faulty.people["admin-A"])
    end_assignment(faulty.room.manager, held, clock.days_ago(1))
    assert rows(faulty, "admin-A") == []
    assert not reader(faulty, "admin-A").may_open(faulty.case())


def test_a_role_in_the_roster_without_a_school_is_not_a_role_for_the_board(faulty: Supply) -> None:
    """The roster that forgets a school must not open all of them."""
    statement = "INSERT INTO staff_role (staff_role_id, staff_id, role, start_date) VALUES ('x', 'oud', 'school_admin', '2026-08-01')"  # noqa: E501
    with faulty.room.another_snapshot(statement):
        assert rows(faulty, "oud") == []


def test_a_role_in_the_roster_opens_the_rows_of_its_school(faulty: Supply) -> None:
    statement = "INSERT INTO staff_role (staff_role_id, staff_id, site_id, role, start_date) VALUES ('x', 'oud', 'B', 'school_admin', '2026-08-01')"  # noqa: E501
    with faulty.room.another_snapshot(statement):
        assert rows(faulty, "oud") == AT_B
        assert faulty.people["oud"] in repairers(faulty.case())


def test_without_a_snapshot_no_school_is_known_and_no_key_is_shown(faulty: Supply) -> None:
    with faulty.room.no_snapshot():
        assert rows(faulty, "admin-A") == []
        assert [key for _line, key in rows(faulty, "school_admin")] == ["e* (2)"] * 3
        assert sites_of(faulty.case()) == frozenset()


def test_a_row_of_an_unknown_school_is_masked_for_everyone(faulty: Supply) -> None:
    files = faulty.faulty(0)
    files["enrollments"][0] |= {"schoolSourcedId": "nergens", "classSourcedId": "ook niet"}
    faulty.read(files)
    assert rows(faulty, "admin-A") == []
    assert rows(faulty, "keeper") == [(2, "e* (2)")]


def test_the_class_leads_to_the_school_where_the_school_is_not_told(faulty: Supply) -> None:
    files = faulty.faulty(0)
    files["classes"][0]["sourcedId"] = "A1"
    for row in files["enrollments"]:
        row |= {key: "A1" for key, value in row.items() if value == "k1"}
    files["enrollments"][0]["schoolSourcedId"] = "nergens"
    faulty.read(files)
    assert rows(faulty, "admin-A") == [(2, "e1")]


def test_values_are_masked_for_everyone_and_no_name_is_there(faulty: Supply) -> None:
    for who in ("admin-A", "keeper", "ict_manager"):
        found = reader(faulty, who).rows(faulty.case())
        assert {row.value for row in found} == {"3**** (5)"}
        assert SECRET not in str(found)


def test_what_is_known_of_rows_is_read_again_when_the_file_changes(faulty: Supply) -> None:
    assert len(found_in(faulty.source)) == 3
    faulty.read(faulty.faulty(0))
    assert len(found_in(faulty.source)) == 1
    faulty.read()
    assert found_in(faulty.source) == ()


def test_a_landing_that_names_no_keys_shows_none(faulty: Supply) -> None:
    path = next((faulty.room.data / "landing" / "las").glob("*/landing.json"))
    told = json.loads(path.read_text())
    del told["keys"]
    path.write_text(json.dumps(told))
    assert [key for _line, key in rows(faulty, "admin-A")] == ["", ""]


def test_when_no_need_names_them_any_more_the_rows_go(faulty: Supply) -> None:
    going = forgetting.superfluous(faulty.room.data, frozenset())
    assert "enrollments.found" in {each.path.name for each in going}
    forgetting.remove(going)
    assert rows(faulty, "keeper") == []
    assert not list((faulty.room.data / "quarantine").rglob("*.found"))


def test_without_the_column_that_leads_to_the_school_the_keys_are_masked(faulty: Supply) -> None:
    """A need that names the class and not the school: the other columns go, and with them the way to the school."""
    forgetting.remove(forgetting.superfluous(faulty.room.data, frozenset({"membership.start_date"})))
    assert rows(faulty, "admin-A") == []
    assert rows(faulty, "keeper") == [(2, "e* (2)"), (3, "e* (2)"), (5, "e* (2)")]


# Whose it is


@pytest.mark.parametrize(
    ("who", "opens", "theirs"),
    [
        ("admin-A", True, True), ("admin-B", True, True), ("school_admin", True, True), ("ict_manager", True, False),
        ("board_member", True, False), ("privacy_officer", True, False), ("leraar-A1", False, False),
        ("outsider", False, False),
    ],
)  # fmt: skip
def test_on_whom_it_waits_and_for_whom_it_opens(faulty: Supply, who: str, opens: bool, theirs: bool) -> None:
    found = reader(faulty, who)
    assert (found.may_open(faulty.case()), found.theirs(faulty.case())) == (opens, theirs)
    assert found.may_handle(faulty.case()) == (theirs or who == "ict_manager")


def test_another_schools_finding_is_not_theirs(faulty: Supply) -> None:
    faulty.read(faulty.faulty(0))
    assert reader(faulty, "admin-A").theirs(faulty.case())
    assert not reader(faulty, "admin-B").theirs(faulty.case())
    assert not reader(faulty, "admin-B").may_open(faulty.case())
    assert reader(faulty, "admin-B").cases() == []


def test_who_repairs_is_found_by_school(faulty: Supply) -> None:
    faulty.read(faulty.faulty(0))
    names = {person.name for person in repairers(faulty.case())}
    assert names == {"Henk Nijland", "admin-A"}
    assert {person.name for person in candidates(faulty.case())} >= {"Daan Verhoeven", "keeper", "admin-A"}


def test_a_file_that_is_wrong_is_for_who_keeps_the_source(faulty: Supply) -> None:
    files = faulty.rows()
    for row in files["users"]:
        row["vreemd"] = "x"
    faulty.read(files)
    case = faulty.case("header-unknown")
    assert (case.of_rows, case.role.key if case.role else "") == (False, "ict_manager")
    assert reader(faulty, "ict_manager").theirs(case)
    assert not reader(faulty, "admin-A").may_open(case)


def test_the_schools_of_a_list_are_ones_own(faulty: Supply) -> None:
    assert reader(faulty, "admin-A").schools([faulty.case()]) == {"A": 2}
    assert reader(faulty, "school_admin").schools([faulty.case()]) == {"A": 2, "B": 1}


def test_two_roles_of_one_person_open_both_schools(faulty: Supply) -> None:
    faulty.room.assign("admin-A", "school_admin", START, organisation_key="school-B")
    assert rows(faulty, "admin-A") == [*AT_A, *AT_B]
