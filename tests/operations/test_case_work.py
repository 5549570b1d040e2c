"""What people do about a finding: each step with its permission and its line, and the reading has the last word."""

from datetime import timedelta

import pytest

from schakel.access.audit import AuditLine, verify
from schakel.access.people import Person
from schakel.lib import clock
from schakel.lib.errors import Refused, Unknown
from schakel.operations import case_work, reminders
from schakel.operations.case_effect import effect
from schakel.operations.repair_lists import Reader, note_reading
from tests.found import Supply

LATER = timedelta(days=30)


def who(faulty: Supply, name: str) -> Person:
    found: Person = faulty.people[name]
    return found


def lines(action: str) -> list[AuditLine]:
    return list(AuditLine.objects.filter(action=action).order_by("number"))


def test_the_whole_life(faulty: Supply) -> None:
    """New, seen, handed over, repaired at the source, back again: by the reading alone."""
    number = faulty.case().pk
    assert faulty.case().standing == "new"
    case_work.see(who(faulty, "ict_manager"), number)
    assert faulty.case().standing == "seen"
    case_work.hand_over(who(faulty, "ict_manager"), number, who(faulty, "admin-A").pk)
    assert (faulty.case().standing, faulty.case().assignee) == ("reported", who(faulty, "admin-A"))
    faulty.read()
    case = faulty.case()
    assert case.standing == "repaired"
    assert case.repaired_at == faulty.source.runs.first().finished_at
    faulty.read(faulty.faulty(1))
    assert (faulty.case().standing, faulty.case().reopened, faulty.case().count) == ("reopened", 1, 1)
    assert verify().holds


@pytest.mark.parametrize("name", ["ict_manager", "keeper", "information_manager", "admin-A", "school_admin"])
def test_who_keeps_the_source_or_repairs_it_says_how_it_stands(faulty: Supply, name: str) -> None:
    assert case_work.see(who(faulty, name), faulty.case().pk).state == "seen"


@pytest.mark.parametrize("name", ["board_member", "privacy_officer"])
def test_who_only_looks_says_nothing(faulty: Supply, name: str) -> None:
    with pytest.raises(Refused) as refusal:
        case_work.see(who(faulty, name), faulty.case().pk)
    assert refusal.value.code == "not_yours"
    assert faulty.case().state == "new"


@pytest.mark.parametrize("name", ["leraar-A1", "outsider", "leider-A"])
def test_for_anyone_else_it_does_not_exist(faulty: Supply, name: str) -> None:
    for step in (case_work.one, case_work.see, case_work.withdraw):
        with pytest.raises(Unknown):
            step(who(faulty, name), faulty.case().pk)
    with pytest.raises(Unknown):
        case_work.one(who(faulty, "ict_manager"), 999_999)


def test_seen_once(faulty: Supply) -> None:
    case_work.see(who(faulty, "ict_manager"), faulty.case().pk)
    with pytest.raises(Refused, match="Laad de pagina opnieuw"):
        case_work.see(who(faulty, "keeper"), faulty.case().pk)
    assert len(lines("finding.handle")) == 1


def test_it_can_be_handed_on(faulty: Supply) -> None:
    for name, to in (("ict_manager", "admin-A"), ("admin-A", "keeper"), ("keeper", "admin-B")):
        case_work.hand_over(who(faulty, name), faulty.case().pk, who(faulty, to).pk)
    assert faulty.case().assignee == who(faulty, "admin-B")
    assert [line.facts["to"] for line in lines("finding.handle")] == [
        who(faulty, to).pk for to in ("admin-A", "keeper", "admin-B")
    ]
    with pytest.raises(Refused):
        case_work.hand_over(who(faulty, "admin-A"), faulty.case().pk, who(faulty, "admin-A").pk)


@pytest.mark.parametrize("to", ["leraar-A1", "outsider", "board_member"])
def test_it_is_not_handed_to_who_repairs_nothing(faulty: Supply, to: str) -> None:
    with pytest.raises(Refused, match="Kies iemand uit de lijst"):
        case_work.hand_over(who(faulty, "ict_manager"), faulty.case().pk, who(faulty, to).pk)
    with pytest.raises(Refused):
        case_work.hand_over(who(faulty, "ict_manager"), faulty.case().pk, 0)
    assert faulty.case().assignee is None


def test_handing_over_opens_no_rows_of_another_school(faulty: Supply) -> None:
    """Who gets it sees the finding; the rows follow from roles, not from who handed it over."""
    faulty.read(faulty.faulty(0))
    faulty.room.assign("admin-B", "ict_manager", clock.today())
    case_work.hand_over(who(faulty, "ict_manager"), faulty.case().pk, who(faulty, "admin-B").pk)
    assert {row.key for row in Reader(who(faulty, "admin-B")).rows(faulty.case())} == {"e* (2)"}


def test_living_with_it_until_a_day(faulty: Supply) -> None:
    until = clock.today() + LATER
    case_work.accept(who(faulty, "board_member"), faulty.case().pk, " De leverancier herstelt het in mei. ", until)
    case = faulty.case()
    assert (case.standing, case.accepted_by, case.accepted_until) == ("accepted", who(faulty, "board_member"), until)
    assert case.accepted_reason == "De leverancier herstelt het in mei."
    (line,) = lines("finding.accept")
    assert line.facts["until"] == until.isoformat()
    assert "leverancier" not in str(line.facts)
    case_work.withdraw(who(faulty, "ict_manager"), case.pk)
    assert faulty.case().standing == "new"


@pytest.mark.parametrize("days", [-1, 367, 4000])
def test_a_last_day_that_cannot_be(faulty: Supply, days: int) -> None:
    with pytest.raises(Refused, match="hoogstens een jaar"):
        case_work.accept(who(faulty, "ict_manager"), faulty.case().pk, "x", clock.today() + timedelta(days=days))


def test_a_reason_is_asked(faulty: Supply) -> None:
    with pytest.raises(Refused, match="waarom"):
        case_work.accept(who(faulty, "ict_manager"), faulty.case().pk, "  ", clock.today() + LATER)
    assert faulty.case().accepted_until is None


@pytest.mark.parametrize("name", ["admin-A", "school_admin", "privacy_officer"])
def test_who_repairs_does_not_accept_the_own_work(faulty: Supply, name: str) -> None:
    with pytest.raises(Refused):
        case_work.accept(who(faulty, name), faulty.case().pk, "Geen zin.", clock.today() + LATER)
    assert faulty.case().standing == "new"


def test_what_was_not_accepted_cannot_be_withdrawn(faulty: Supply) -> None:
    with pytest.raises(Refused, match="niet aanvaard"):
        case_work.withdraw(who(faulty, "ict_manager"), faulty.case().pk)


def test_what_is_repaired_asks_for_nothing(faulty: Supply) -> None:
    faulty.read()
    number = faulty.case().pk
    for step in (
        lambda: case_work.see(who(faulty, "ict_manager"), number),
        lambda: case_work.hand_over(who(faulty, "ict_manager"), number, who(faulty, "admin-A").pk),
        lambda: case_work.accept(who(faulty, "ict_manager"), number, "x", clock.today() + LATER),
    ):
        with pytest.raises(Refused, match="al hersteld"):
            step()


def test_seeing_rows_leaves_a_line_without_rows(faulty: Supply) -> None:
    note_reading(who(faulty, "admin-A"), 2, school="A", case=faulty.case())
    (line,) = lines("repair_list.read")
    assert (line.facts["rows"], line.facts["school"], line.thing_key) == (2, "A", faulty.case().key)


def test_who_does_not_repair_is_reminded_after_some_days(faulty: Supply) -> None:
    case_work.hand_over(who(faulty, "ict_manager"), faulty.case().pk, who(faulty, "admin-A").pk)
    assert not list(reminders._findings())
    with clock.held_at(clock.now() + reminders.PATIENCE + timedelta(days=1)):
        (waiting,) = reminders._findings()
        assert (waiting.person, waiting.address) == (who(faulty, "admin-A"), f"/bevindingen/{faulty.case().pk}")
        assert "wacht 6 dagen op herstel" in waiting.text
        faulty.read()
        assert not list(reminders._findings())


# What it spoils


def test_what_rests_on_a_column_that_a_need_uses(faulty: Supply) -> None:
    files = faulty.rows()
    files["users"][0]["givenName"] = ""
    faulty.read(files)
    found = effect(faulty.case("required"))
    assert found.elements == ("pupil.first_name",)
    assert [node.key for node in found.needs] == ["late"]
    assert [node.key for node in found.products] == ["late"]
    assert found.share == 0


def test_a_row_that_does_not_come_in_hits_everything_of_its_file(faulty: Supply) -> None:
    files = faulty.rows()
    files["users"][2]["sourcedId"] = files["users"][1]["sourcedId"]
    faulty.read(files)
    found = effect(faulty.case("duplicate-key"))
    assert {"pupil.first_name", "absence.kind"} <= set(found.elements)
    assert found.share == pytest.approx(1 / 6)
    assert {node.key for node in found.needs} == {"late", "kinds"}


def test_what_no_need_uses_spoils_nothing(faulty: Supply) -> None:
    found = effect(faulty.case())
    assert not found
    assert found.elements == ()


def test_a_delivery_that_stopped_hits_all_of_its_layout(faulty: Supply) -> None:
    files = faulty.rows()
    for row in files["users"]:
        row["sourcedId"] = ""
    faulty.read(files)
    case = faulty.case("required")
    case.action = "stop"
    assert {node.key for node in effect(case).needs} == {"late", "kinds"}
