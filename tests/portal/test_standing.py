"""Where a person stands is asked once while a page is made, and is never more than the register says."""

from pathlib import Path

from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from schakel.access.asked import looking
from schakel.access.changes import change
from schakel.access.people import Person
from schakel.access.roles import RoleAssignment
from schakel.portal.pages import standing

People = dict[str, Person]


def test_the_roles_of_a_person_are_read_once_for_a_page(people: People) -> None:
    with looking():
        first = standing.label(people["board_member"]), standing.role_keys(people["board_member"])
        with CaptureQueriesContext(connection) as queries:
            again = standing.label(people["board_member"]), standing.role_keys(people["board_member"])
    assert again == first == ("Bestuurder", ["board_member"])
    assert len(queries) == 0


def test_one_person_is_not_taken_for_another(people: People) -> None:
    with looking():
        said = [standing.label(people[who]) for who in ("board_member", "information_manager", "outsider")]
    assert said == ["Bestuurder", "Informatiemanager", "Geen rol"]


def test_a_role_that_was_taken_away_is_not_said_any_more(people: People, settings: Settings, tmp_path: Path) -> None:
    settings.DATA = tmp_path  # no roster: what the register says is all there is
    with looking():
        assert standing.role_keys(people["board_member"]) == ["board_member"]
        with change(people["information_manager"], "role.assign"):
            RoleAssignment.objects.filter(person=people["board_member"]).delete()
        assert standing.label(people["board_member"]) == "Geen rol"


def test_the_words_of_roles_are_each_reader_s_own(people: People) -> None:
    with looking():
        words = standing.role_words()
        words.clear()
        assert standing.role_words()["board_member"]
