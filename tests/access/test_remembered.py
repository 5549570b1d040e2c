"""What is remembered of the register: made once for a question, and again when the register or the question changes."""

import pytest

from schakel.access.audit import record
from schakel.access.changes import change
from schakel.access.remembered import Remembered, changes_nothing

pytestmark = pytest.mark.django_db
READ = "norm.write"  # any action will do


class Asked:
    """Remembers what it was asked, and says which time it was."""

    def __init__(self) -> None:
        self.questions: list[tuple] = []

    def __call__(self, *question):
        self.questions.append(question)
        return len(self.questions)


@pytest.fixture
def asked(people):
    return Asked()


def test_an_answer_is_made_once_for_a_question(asked):
    kept = Remembered(asked)
    assert [kept.answer("a"), kept.answer("a")] == [1, 1]
    assert asked.questions == [("a",)]


def test_another_question_is_another_answer_and_only_the_last_is_kept(asked):
    kept = Remembered(asked)
    assert [kept.answer("a"), kept.answer("b"), kept.answer("b"), kept.answer("a")] == [1, 2, 2, 3]


def test_what_it_also_depends_on_is_not_part_of_the_question(asked):
    kept = Remembered(asked)
    assert [kept.get("monday"), kept.get("monday"), kept.get("tuesday")] == [1, 1, 2]
    assert asked.questions == [(), ()]


def test_a_line_in_the_trail_makes_it_look_again(asked):
    kept = Remembered(asked)
    kept.answer("a")
    record(None, READ)
    assert [kept.answer("a"), kept.answer("a")] == [2, 2]


def test_reading_and_refusing_change_nothing(asked, monkeypatch):
    monkeypatch.setattr("schakel.access.remembered._QUIET", set())
    changes_nothing(READ)
    kept = Remembered(asked)
    kept.answer("a")
    record(None, READ)
    record(None, "refused:need.approve")
    assert kept.answer("a") == 1


def test_inside_a_change_it_is_made_and_not_kept(asked, people):
    kept = Remembered(asked)
    with change(people["information_manager"], "norm.write"):
        assert [kept.answer("a"), kept.answer("a")] == [1, 2]
    assert kept.answer("a") == 3


def test_what_is_forgotten_is_made_again(asked):
    kept = Remembered(asked)
    kept.answer("a")
    kept.forget()
    assert kept.answer("a") == 2
