"""What a program reads: the exit status and the JSON of each verb, exactly as the manual has them."""

import json
from typing import Any

import pytest
from django.conf import settings

from schakel.config import folder
from schakel.operations import flow
from tests.access.test_audit import lift_protection, run
from tests.collect.small_roster import package, roster, texts, zipped

pytestmark = pytest.mark.django_db

# key -> the type of its value
CHECK = {"layout": str, "version": str, "conformant": bool, "usable": bool, "rows": dict, "findings": list}
FINDING = {"file": str, "row": int, "column": str, "rule": str, "severity": str, "action": str, "message": str,
           "value": str}  # fmt: skip
VERDICT = {"holds": bool, "lines": int, "broken_at": (int, type(None)), "reason": str}
STATE = {"what": str, "state": str, "text": str}
ERROR = {"error": str, "message": str}


def fits(thing: dict[str, Any], shape: dict[str, Any]) -> None:
    """Exactly these keys, each with a value of its type."""
    assert set(thing) == set(shape)
    assert {key: value for key, value in thing.items() if not isinstance(value, shape[key])} == {}


def read(ended: Any) -> Any:
    """The one JSON text on standard output; nothing else is there, and nothing beside it."""
    assert ended.err == ""
    return json.loads(ended.out)


@pytest.mark.parametrize(("spoil", "status"), [("", 0), ("info", 0), ("warning", 0), ("error", 1)])
def test_check_ends_with_1_only_for_what_is_against_the_standard(typed, tmp_path, spoil, status):
    files = roster()
    if spoil == "warning":
        files["academicSessions"][0]["schoolYear"] = "2026"
    if spoil == "error":
        files["enrollments"][5]["role"] = "professor"
    content = dict(texts(files)) | ({"__MACOSX/._users.csv": "x"} if spoil == "info" else {})
    ended = typed("check", str(zipped(tmp_path / "x.zip", content)), "--json")
    assert ended.status == status
    told = read(ended)
    fits(told, CHECK)
    assert {found["severity"] for found in told["findings"]} == ({spoil} if spoil else set())
    for found in told["findings"]:
        fits(found, FINDING)
    assert told["conformant"] == (status == 0)


def test_check_ends_with_2_for_what_cannot_be_read(typed):
    ended = typed("check", "nergens.zip", "--json")
    assert ended.status == 2
    fits(read(ended), ERROR)


def test_the_trail_holds_or_tells_from_where_it_does_not(typed):
    ended = typed("audit", "verify", "--json")
    assert ended.status == 0
    fits(read(ended), VERDICT)
    lift_protection()
    run("UPDATE access_auditline SET action = 'forged' WHERE number = 3")
    ended = typed("audit", "verify", "--json")
    assert ended.status == 1
    told = read(ended)
    fits(told, VERDICT)
    assert (told["holds"], told["broken_at"]) == (False, 3)
    assert "3" in typed("audit", "verify").out


def test_the_doctor_tells_a_state_for_each_thing_and_ends_with_1_when_one_is_bad(typed):
    key = settings.DATA / folder.KEY
    key.unlink(missing_ok=True)
    folder.secret(settings.DATA)
    well = typed("doctor", "--json")
    key.chmod(0o644)
    ill = typed("doctor", "--json")
    key.chmod(0o600)
    for ended in (well, ill):
        for state in read(ended):
            fits(state, STATE)
            assert state["state"] in {"ok", "warn", "bad"}
    assert (well.status, ill.status) == (0, 1)
    assert [state["state"] for state in read(ill)].count("bad") == 1


def test_gaps_are_a_list_also_of_an_empty_chain(typed):
    assert isinstance(read(typed("gaps", "--json")), list)


def test_people_are_listed_without_anything_secret(typed, people):
    told = read(typed("people", "list", "--json"))
    assert {each["email"] for each in told} == {person.email for person in people.values()}
    hashes = {person.password for person in people.values()}
    assert not any(value in hashes for each in told for value in each.values() if isinstance(value, str))


def test_json_and_words_say_the_same_of_a_delivery(typed, tmp_path):
    files = roster()
    for row in files["enrollments"][:3]:
        row["role"] = "professor"
    path = str(package(tmp_path, files))
    told, words = read(typed("check", path, "--json")), typed("check", path)
    assert f"{len(told['findings'])} bevindingen." in words.out
    assert words.status == 1
    assert all(found["rule"] in words.out for found in told["findings"])


def test_words_are_dutch_or_english_as_asked(typed, tmp_path):
    files = roster()
    files["enrollments"][0]["role"] = "professor"
    path = str(package(tmp_path, files))
    dutch, english = typed("check", path), typed("--language", "en", "check", path)
    assert "Volgens de standaard: nee" in dutch.out
    assert "Volgens" not in english.out
    assert typed("check", path).out == dutch.out, "the language of one command is not that of the next"


@pytest.mark.parametrize("broken", [KeyboardInterrupt, EOFError])
def test_ctrl_c_ends_with_130_and_one_word(typed, monkeypatch, tmp_path, broken):
    def stopped(*_words: object, **_more: object) -> None:
        raise broken

    monkeypatch.setattr(flow, "collect", stopped)
    ended = typed("collect", str(package(tmp_path)))
    assert (ended.status, ended.out) == (130, "")
    assert ended.err.strip() == "Afgebroken."
