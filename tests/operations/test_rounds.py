"""One round at a time; who looks sees whether it is busy and how far, whether a worker lives, and what went wrong."""

import threading
from pathlib import Path

import pytest

from schakel.lib.errors import Refused
from schakel.operations import rounds

pytestmark = pytest.mark.django_db


def test_a_round_is_seen_while_it_is_busy(tmp_path: Path) -> None:
    assert not rounds.busy(tmp_path)
    assert rounds.seen(tmp_path) is None
    with rounds.alone(tmp_path) as teller:
        teller.begin("publish", total=3)
        assert rounds.busy(tmp_path)
        seen = rounds.seen(tmp_path)
        assert seen is not None
        assert (seen.step, seen.total) == ("publish", 3)
    assert not rounds.busy(tmp_path)
    assert rounds.seen(tmp_path) is None


def test_how_far_a_killed_round_was_is_not_how_far_this_one_is(tmp_path: Path) -> None:
    with rounds.alone(tmp_path) as teller:
        teller.begin("read", "verzuim")
        kept = (tmp_path / "work" / "progress.json").read_text()
    (tmp_path / "work" / "progress.json").write_text(kept)  # as if it was killed
    assert rounds.seen(tmp_path) is None
    with rounds.alone(tmp_path):
        assert rounds.seen(tmp_path) is None  # nothing told yet
    assert [path.name for path in (tmp_path / "work").iterdir()] == ["round.lock"]


def test_a_second_round_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds.recovery, "recover", lambda _data: [])  # a thread has no register of its own here
    order = list[str]()

    def second() -> None:
        with rounds.alone(tmp_path):
            order.append("second")

    with rounds.alone(tmp_path):
        waiting = threading.Thread(target=second)
        waiting.start()
        waiting.join(timeout=0.2)
        order.append("first")
    waiting.join(timeout=10)
    assert order == ["first", "second"]


def test_a_worker_lives_inside_its_block(tmp_path: Path) -> None:
    assert not rounds.worker_lives(tmp_path)
    with rounds.at_work(tmp_path):
        with rounds.at_work(tmp_path):  # a second one, beside it
            assert rounds.worker_lives(tmp_path)
        assert rounds.worker_lives(tmp_path)
    assert not rounds.worker_lives(tmp_path)


def test_a_round_that_breaks_off_leaves_word_until_one_ends_well(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), rounds.alone(tmp_path):
        raise ZeroDivisionError("Jansen")
    trouble = rounds.trouble(tmp_path)
    assert trouble is not None
    assert trouble.text.startswith("ZeroDivisionError (test_rounds.py:")
    assert "Jansen" not in trouble.text
    assert rounds.seen(tmp_path) is None
    with rounds.alone(tmp_path):
        assert rounds.trouble(tmp_path) is not None
    assert rounds.trouble(tmp_path) is None


def test_a_refusal_is_an_answer_and_no_trouble(tmp_path: Path) -> None:
    with pytest.raises(Refused), rounds.alone(tmp_path):
        raise Refused("Dit mag niet.")
    assert rounds.trouble(tmp_path) is None


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"at": "gisteren", "text": "x"}'])
def test_word_that_cannot_be_read_is_no_trouble(tmp_path: Path, text: str) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "trouble.json").write_text(text)
    assert rounds.trouble(tmp_path) is None
