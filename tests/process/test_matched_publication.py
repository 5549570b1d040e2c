"""What a publication does with who is whom: only decisions change it, and only until they are taken back."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from schakel.engine import duck
from schakel.process import lineage, snapshots
from schakel.process.mappings import FOLDER, columns_for
from schakel.process.matching import Verdict, matching, pairs, renames
from schakel.process.namings import KINDS, namings, roll
from schakel.process.snapshots import Snapshot
from tests.process import boards
from tests.process.conftest import EVERYTHING

ABSENCE = frozenset({"absence.kind"})
STAFF = frozenset({"staff_contract.fte", "staff.family_name", "staff.birth_date"})
LOST = Verdict("pupil", "verzuim", "1", "u1", same=True)  # a spreadsheet took the leading zeros


def absence_of(*numbers: str) -> list[dict[str, Any]]:
    day = date(2026, 11, 2)
    return [{"pupil_number": n, "site_identifier": "16AH00", "date": day, "kind": "late"} for n in numbers]


@pytest.fixture
def landed(tmp_path: Path) -> list[boards.LandedHere]:
    """A roster, and absence of a pupil whose number lost its zeros."""
    return [
        boards.land(tmp_path, "las", "oneroster", boards.roster()),
        boards.land(tmp_path, "verzuim", "verzuim", {"absence": absence_of("1", "1", "002")}),
    ]


def publish(data: Path, landed: list[boards.LandedHere], *verdicts: Verdict) -> tuple[Snapshot, list[tuple[Any, ...]]]:
    found = snapshots.build(data, landed, ABSENCE, renames=renames(landed, ABSENCE, verdicts))
    with duck.reader(found.model) as con:
        return found, con.execute("SELECT * FROM absence ORDER BY ALL").fetchall()


def pupils(rows: list[tuple[Any, ...]]) -> list[str]:
    return [row[1] for row in rows]


def test_what_is_only_probable_is_not_used(tmp_path, landed):
    with matching(landed, ABSENCE, "pupil", "verzuim", []) as found:
        (item,) = found.candidates()
    assert (item.why, item.rows, item.ours.number, item.ours.name) == ("number", 2, "001", None)  # no name is compared
    snapshot, rows = publish(tmp_path, landed)
    assert pupils(rows) == ["u2"]
    assert [item["rows"] for item in snapshot.manifest["tables"]["absence"]["unplaced"]] == [2]


def test_what_is_decided_is_used_and_taking_it_back_restores_exactly_what_was(tmp_path, landed):
    first, before = publish(tmp_path, landed)
    second, rows = publish(tmp_path, landed, LOST)
    assert pupils(rows) == ["u1", "u1", "u2"]
    assert second.manifest["tables"]["absence"]["unplaced"] == []
    third, after = publish(tmp_path, landed)
    assert after == before
    assert third.manifest["tables"]["absence"]["unplaced"] == first.manifest["tables"]["absence"]["unplaced"]
    assert len({first.id, second.id, third.id}) == 3


def test_the_same_decisions_make_no_new_snapshot(tmp_path, landed):
    assert publish(tmp_path, landed, LOST)[0] == publish(tmp_path, landed, LOST)[0]


def test_only_the_tables_that_read_the_file_are_made_again(tmp_path, landed):
    publish(tmp_path, landed)
    tables = publish(tmp_path, landed, LOST)[0].manifest["tables"]
    assert tables["absence"]["state"] == "built"


def test_a_number_that_a_person_calls_wrong_finds_nobody(tmp_path, landed):
    wrong = Verdict("pupil", "verzuim", "002", "u2", same=False)
    assert pupils(publish(tmp_path, landed, wrong)[1]) == []
    assert pupils(publish(tmp_path, landed, wrong, LOST)[1]) == ["u1", "u1"]


def test_two_names_for_one_are_used_by_nobody_until_one_is_gone(tmp_path, landed):
    """Decided when '001' was not there yet; since then the source uses both."""
    landed[1] = boards.land(tmp_path, "verzuim", "verzuim", {"absence": absence_of("1", "001")}, "d2")
    assert pupils(publish(tmp_path, landed, LOST)[1]) == []
    assert pupils(publish(tmp_path, landed)[1]) == ["u1"]


def test_a_decision_about_somebody_who_left_changes_nothing(tmp_path, landed):
    gone = [Verdict("pupil", "verzuim", "1", "weg", same=True), Verdict("pupil", "verzuim", "weg", "u1", same=True)]
    assert publish(tmp_path, landed, *gone) == publish(tmp_path, landed)


def test_one_number_counts_for_every_file_of_the_source(tmp_path):
    landed = boards.everything(tmp_path)
    verdict = Verdict("staff", "personeel", "P99", "t2", same=True)
    elements = frozenset({"staff_contract.fte", "staff.birth_date"})
    found = snapshots.build(tmp_path, landed, elements, renames=renames(landed, elements, [verdict]))
    with duck.reader(found.model) as con:
        rows = con.execute("SELECT contract_id, staff_id FROM staff_contract ORDER BY ALL").fetchall()
        born = con.execute("SELECT staff_id FROM staff WHERE birth_date = '1980-02-03' ORDER BY ALL").fetchall()
    assert rows == [("d1", "t1"), ("d2", "t3"), ("d3", "t2")]
    assert born == [("t1",), ("t2",), ("t3",)]  # what the staff administration tells of them


def test_a_lesson_finds_the_teacher_who_was_decided(tmp_path):
    landed, elements = boards.everything(tmp_path), frozenset({"slot.room", "slot.staff_id"})
    for verdicts, teacher in (([], "t2"), ([Verdict("staff", "rooster", "P2", "t2", same=False)], None),
                              ([Verdict("staff", "rooster", "P2", "t2", same=False),
                                Verdict("staff", "rooster", "P2", "t3", same=True)], "t3")):  # fmt: skip
        found = snapshots.build(tmp_path, landed, elements, renames=renames(landed, elements, verdicts))
        with duck.reader(found.model) as con:
            assert con.execute("SELECT staff_id FROM slot WHERE slot_id = 'les1'").fetchall() == [(teacher,)]


@pytest.fixture
def staff(tmp_path: Path) -> list[boards.LandedHere]:
    """A staff administration in which one teacher has another number, with a name and a day of birth on both sides."""
    contract = {"site_identifier": "16AH00", "function_group": "teaching", "contract_kind": "permanent", "fte": 1.0,
                "start_date": date(2020, 8, 1)}  # fmt: skip
    lines = [{"contract_number": "d1", "staff_number": "900", "family_name": "Bakkers", "birth_date": date(1980, 2, 3)}]
    roster = boards.roster()
    roster["demographics"] = [{"sourcedId": "t1", "birthDate": date(1980, 2, 3), "sex": None}]
    return [
        boards.land(tmp_path, "las", "oneroster", roster),
        boards.land(tmp_path, "hr", "personeel", {"staff_contract": [line | contract for line in lines]}),
    ]


def test_staff_are_compared_by_name_and_day_of_birth_where_needs_name_them(staff):
    with matching(staff, STAFF, "staff", "hr", []) as found:
        assert found.pairing().compared == ("number", "name", "birth_date")
        (item,) = found.candidates()
    assert (item.their_key, item.our_key, item.why, item.differs) == ("900", "t1", "birth", True)
    assert (item.ours.name, item.theirs.name) == ("Bakker", "Bakkers")


@pytest.mark.parametrize(("element", "missing"), [("staff.birth_date", "birth_date"), ("staff.family_name", "name")])
def test_what_no_need_names_is_not_compared_though_it_lies_there(staff, element, missing):
    """Law 1: the file may still hold a column that needs have left; nobody gets to see it."""
    with matching(staff, STAFF - {element}, "staff", "hr", []) as found:
        assert found.pairing().missing == (missing,)
        assert found.candidates() == []
        assert found.con.execute("SELECT count(birth_date) FROM theirs").fetchone() == (int(missing == "name"),)


def test_what_needs_name_for_pupils_is_not_known_of_staff(staff):
    """One file of the roster holds the dates of birth of both; the need was about pupils."""
    elements = frozenset({"staff_contract.fte", "pupil.birth_date", "pupil.family_name", "staff.work_email"})
    with matching(staff, elements, "staff", "hr", [Verdict("staff", "hr", "900", "t1", same=True)]) as found:
        assert found.con.execute("SELECT count(*), count(shown), count(birth_date) FROM ours").fetchone() == (3, 0, 0)
        (item,) = found.judged()
    assert (item.ours.number, item.ours.name, item.ours.birth_date) == ("P1", None, None)


def test_without_a_need_for_the_roster_nobody_is_known(staff):
    with matching(staff, frozenset({"finance_year.equity"}), "staff", "hr", []) as found:
        assert found.con.execute("SELECT count(*) FROM ours").fetchone() == (0,)
        assert found.pairing().certain == 0


def test_every_naming_stands_where_a_mapping_reads_it():
    """A naming for a column that no mapping reads could never do anything."""
    read = columns_for(EVERYTHING)
    for naming in namings():
        columns = read[naming.layout][naming.file]
        assert {c for c in (naming.key, naming.site, naming.name, naming.birth_date) if c} <= columns


def test_every_source_that_names_somebody_has_its_pairing(tmp_path):
    found = pairs(boards.everything(tmp_path))
    assert ("pupil", "verzuim") in found
    assert ("organisation", "financien") in found
    assert not [source for _kind, source in found if source == "las"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_roll_reads_every_roster(kind):
    """Who comes in by a roster that the roll does not read would seem not to be there."""
    rosters = {path.parent.name for path in FOLDER.glob(f"*/{kind}.sql")}
    assert {"oneroster", "edexml"} <= rosters
    assert rosters <= {schema for schema, _table in lineage.base_tables(lineage.parsed(roll(kind)))}


@pytest.mark.parametrize("naming", namings(), ids=lambda n: f"{n.layout}.{n.file}.{n.kind}")
def test_a_naming_tells_the_site_where_its_mappings_look_at_the_site_first(naming):
    texts = [path.read_text(encoding="utf-8") for path in FOLDER.glob(f"{naming.layout}/*.sql")]
    readers = [text for text in texts if f"FROM {naming.layout}.{naming.file} " in text]
    look_up = {"pupil": "known_pupils_at", "staff": "known_staff_at"}.get(naming.kind)
    at_site = look_up is not None and any(look_up in text for text in readers)
    assert readers
    assert bool(naming.site) == at_site
