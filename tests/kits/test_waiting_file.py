"""A file that waits for a yes: for its owner alone, for an hour, in a folder that nobody else reads."""

import os
import stat
import time
from dataclasses import replace

import pytest

from schakel.kits import waiting
from schakel.kits.exchange.register import Standing
from schakel.kits.waiting import Waiting, discard, keep, opened
from schakel.lib.errors import Unreadable
from tests.kits.models import FOREIGN
from tests.kits.sheet_files import as_csv

pytestmark = pytest.mark.django_db
GOALS = as_csv([["Sleutel", "Doel"], ["G9", "Op tijd beginnen"]])


@pytest.fixture
def data(tmp_path, settings):
    settings.DATA = tmp_path
    return tmp_path


@pytest.fixture
def manager(people, data):
    return people["information_manager"]


def files(data):
    folder = data / "exchange"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def keys(read):
    return [offered.key for offered in read(Standing()).offered]


def test_what_was_kept_is_read_again_as_it_was(manager):
    kept = keep(manager, GOALS, "doelen.csv", "sheet")
    assert (kept.name, kept.kind) == ("doelen.csv", "sheet")
    assert keys(opened(manager, kept)) == ["G9"]


def test_it_travels_in_a_session_as_words(manager):
    kept = keep(manager, GOALS, "doelen.csv", "sheet")
    assert all(isinstance(word, str) for word in kept.words().values())
    assert keys(opened(manager, Waiting(**kept.words()))) == ["G9"]


@pytest.mark.parametrize("kind", ["systems", "components"])
def test_a_model_waits_as_what_its_components_become(manager, kind):
    kept = keep(manager, FOREIGN.encode(), "model.xml", kind)
    nouns = {offered.noun for offered in opened(manager, kept)(Standing()).offered}
    assert kind in nouns
    assert ({"systems", "components"} - {kind}).isdisjoint(nouns)


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [(b"", "leeg.csv", "sheet"), (b"PK\x03\x04kapot", "boek.xlsx", "sheet"), (b"<model", "model.xml", "systems"),
     (b"\xd0\xcf\x11\xe0", "oud.xls", "sheet"), (b"x;y\n1;2\n", "vreemd.csv", "sheet")],
)  # fmt: skip
def test_what_cannot_be_read_is_not_kept(manager, data, content, name, kind):
    with pytest.raises(Unreadable):
        keep(manager, content, name, kind)
    assert files(data) == []


def test_nobody_else_opens_it(people, manager):
    kept = keep(manager, GOALS, "doelen.csv", "sheet")
    with pytest.raises(Unreadable, match="wacht niet meer"):
        opened(people["board_member"], kept)
    assert keys(opened(manager, kept)) == ["G9"]


def test_nobody_else_throws_it_away(people, manager):
    kept = keep(manager, GOALS, "doelen.csv", "sheet")
    discard(people["board_member"], kept)
    assert keys(opened(manager, kept)) == ["G9"]


def test_thrown_away_is_gone_and_twice_is_no_harm(manager, data):
    kept = keep(manager, GOALS, "doelen.csv", "sheet")
    discard(manager, kept)
    discard(manager, kept)
    assert files(data) == []
    with pytest.raises(Unreadable) as refusal:
        opened(manager, kept)
    assert refusal.value.code == "gone"


@pytest.mark.parametrize(
    "token", ["", "..", "../../schakel.db", "/etc/passwd", "a" * 31, "A" * 32, "g" * 32, "a" * 32 + "\n"]
)
def test_an_address_that_was_made_up_leads_nowhere(manager, data, token):
    (data / "schakel.db").write_text("geheim")
    kept = replace(keep(manager, GOALS, "doelen.csv", "sheet"), token=token)
    with pytest.raises(Unreadable):
        opened(manager, kept)
    discard(manager, kept)
    assert (data / "schakel.db").exists()
    assert len(files(data)) == 1


def test_the_folder_and_the_file_are_for_the_owner_of_the_process_alone(manager, data):
    keep(manager, GOALS, "doelen.csv", "sheet")
    folder = data / "exchange"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()] == [0o600]


def test_the_name_of_the_file_is_no_part_of_the_path(manager, data):
    kept = keep(manager, GOALS, "../../weg/doelen.csv", "sheet")
    assert files(data) == [f"{manager.pk}-{kept.token}"]
    assert kept.name == "../../weg/doelen.csv"


def test_a_very_long_name_is_shortened(manager):
    assert len(keep(manager, GOALS, "d" * 500 + ".csv", "sheet").name) == 200


def test_after_an_hour_it_is_gone_at_the_next_file(people, manager, data):
    old = keep(manager, GOALS, "oud.csv", "sheet")
    fresh = keep(people["board_member"], GOALS, "nieuw.csv", "sheet")
    path = data / "exchange" / f"{manager.pk}-{old.token}"
    long_ago = time.time() - waiting._HOUR - 1
    os.utime(path, (long_ago, long_ago))
    last = keep(manager, GOALS, "laatste.csv", "sheet")
    assert files(data) == sorted([f"{people['board_member'].pk}-{fresh.token}", f"{manager.pk}-{last.token}"])


def test_two_files_of_one_person_do_not_meet(manager):
    one = keep(manager, GOALS, "een.csv", "sheet")
    two = keep(manager, GOALS.replace(b"G9", b"G8"), "twee.csv", "sheet")
    assert (keys(opened(manager, one)), keys(opened(manager, two))) == (["G9"], ["G8"])
