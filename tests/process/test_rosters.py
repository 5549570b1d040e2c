"""Several OneRoster rosters of one board: what both bring is one, and what only shares a key stays two."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from schakel.connectors.oneroster_layout import layout
from schakel.engine import duck
from schakel.process import matching, snapshots
from schakel.process.keys import KEY, Keys, is_key, is_org
from schakel.process.rosters import told_keys
from schakel.process.schools import roll_of, sites_of
from schakel.process.snapshots import Snapshot
from tests.process import boards
from tests.process.boards import Rows
from tests.process.landed import LandedHere

Roster = dict[str, Rows]
KEYS = ("g-u1", "g-u2", "g-u3")
ASKED = frozenset(
    (
        "pupil.first_name",
        "pupil.family_name",
        "enrolment.grade_year",
        "membership.end_date",
        "group.name",
        "group.kind",
        "site.name",
        "site.site_number",
        "organisation.name",
        "organisation.kind",
        "organisation.parent_id",
        "organisation.board_number",
        "finance_year.total_income",
        "absence.kind",
        "staff_role.role",
        "test.name",
    )
)
VERSIONS = ("1.1", "1.2.0", "1.2.1")


def other(mark: str = "") -> Roster:
    """Another package of the same board, with two schools of its own. `mark` stands before each of its keys."""
    found = {name: [dict(row) for row in rows] for name, rows in boards.roster().items()}
    for org, number in zip(found["orgs"], ("41288", "30ZZ00", "30ZZ01"), strict=True):
        org |= {"name": f"Het {org['name']}", "identifier": number}
    for user in found["users"]:
        user |= {"givenName": f"{user['givenName']}a", "familyName": f"{user['familyName']}ma"}
        user["identifier"] = user["identifier"] and f"9{user['identifier']}"
    for group in found["classes"]:
        group["title"] = f"Klas {group['title']}"
    return marked(found, mark)


def marked(roster: Roster, mark: str) -> Roster:
    """With another key for everything."""
    return {
        name: [{c: _marked(v, mark) if is_key(c) else v for c, v in row.items()} for row in rows]
        for name, rows in roster.items()
    }


def _marked(value: Any, mark: str) -> Any:
    return ",".join(f"{mark}{key}" for key in value.split(",")) if value else value


def landed(data: Path, **rosters: Roster) -> list[LandedHere]:
    """The tiny board with more rosters, each under the name of its source."""
    more = [boards.land(data, source, "oneroster", files) for source, files in rosters.items()]
    return [*boards.everything(data), *more]


def built(data: Path, **rosters: Roster) -> Snapshot:
    return snapshots.build(data, landed(data, **rosters), ASKED)


def asked(snapshot: Snapshot, sql: str) -> list[Any]:
    with duck.reader(snapshot.model) as con:
        return con.execute(sql).fetchall()


NAMES = "SELECT p.first_name, e.site_id FROM pupil AS p JOIN enrolment AS e USING (pupil_id) ORDER BY ALL"
MONEY = "SELECT organisation_id, count(*) FROM finance_year GROUP BY ALL ORDER BY ALL"


def test_a_roster_alone_is_read_as_it_stands(tmp_path: Path) -> None:
    assert built(tmp_path).manifest["keys"] == {}


@pytest.mark.parametrize("mark", ["", "g-"])
def test_every_pupil_of_both_is_there_at_the_own_school(tmp_path: Path, mark: str) -> None:
    """Also where the two packages gave the same keys."""
    alone = asked(built(tmp_path / "alone"), NAMES)
    found = built(tmp_path / "both", las2=other(mark))
    place = mark or "las2."
    theirs = [(f"{name}a", f"{place}{site}") for name, site in alone]
    assert asked(found, NAMES) == sorted(alone + theirs)
    assert found.manifest["keys"]["las2"]["prefix"] == ("" if mark else "las2.")
    assert all(told["doubled"] == 0 for told in found.manifest["tables"].values())


@pytest.mark.parametrize("mark", ["", "g-"])
def test_the_board_that_both_bring_is_one_and_its_money_counts_once(tmp_path: Path, mark: str) -> None:
    alone, found = built(tmp_path / "alone"), built(tmp_path / "both", las2=other(mark))
    assert asked(found, MONEY) == asked(alone, MONEY)
    assert asked(found, "SELECT organisation_id, name FROM organisation WHERE kind = 'board'") == [
        ("b1", "Oeverscholen")
    ]
    assert asked(found, "SELECT DISTINCT parent_id FROM organisation WHERE kind = 'school'") == [("b1",)]


def test_a_school_that_both_bring_is_one_with_the_groups_of_both(tmp_path: Path) -> None:
    """A package and its successor: absence that names the school finds it, where two would have had its number."""
    new = other("g-")
    new["orgs"][1]["identifier"] = "16AH00"
    found = built(tmp_path, las2=new)
    assert asked(found, "SELECT site_id, name FROM site WHERE site_number = '00' ORDER BY ALL")[0] == (
        "s1",
        "De Meerpaal",
    )
    assert asked(found, "SELECT count(*), count(DISTINCT organisation_id) FROM site") == [(3, 3)]
    groups = "SELECT g.name FROM \"group\" AS g WHERE g.site_id = 's1' ORDER BY ALL"
    assert asked(found, groups) == [("Groep 8",), ("Klas Groep 8",)]
    assert asked(found, "SELECT count(*) FROM absence WHERE site_id = 's1'") == [(2,)]


def test_what_two_exports_of_one_package_share_stays_shared(tmp_path: Path) -> None:
    """The roster in one file and the results in another; one name was changed meanwhile."""
    rest = boards.roster()
    rest["users"][0] = {**rest["users"][0], "familyName": "De Bos", "givenName": "Nora"}
    found = built(tmp_path, cijfers={**rest, **boards.gradebook()})
    assert found.manifest["keys"] == {}
    assert asked(found, "SELECT count(*) FROM pupil") == [(5,)]


def test_of_what_both_tell_alike_nothing_is_lost_and_of_the_rest_it_is_told(tmp_path: Path) -> None:
    later = boards.roster()
    same = built(tmp_path / "same", las2=later)
    assert same.manifest["tables"]["pupil"]["doubled"] >= 5
    assert same.contradicted == []
    later["users"][0]["givenName"] = "Nora"
    found = built(tmp_path / "other", las2=later)
    assert [(each.table, each.rows, each.of) for each in found.contradicted] == [("pupil", 1, 5)]
    assert found.contradicted[0].sources == ("las", "las2")
    again = snapshots.build(tmp_path / "other", landed(tmp_path / "other", las2=later), ASKED - {"test.name"})
    assert again.manifest["tables"]["pupil"]["state"] == "copied"
    assert again.contradicted == found.contradicted


@pytest.mark.parametrize("named", [True, False])
def test_keys_that_are_made_of_a_number_are_no_keys_of_one_person(tmp_path: Path, named: bool) -> None:
    """Each package numbers its pupils from 1, and has that number as their key."""
    theirs = other()
    for user, own in zip(theirs["users"], boards.roster()["users"], strict=True):
        user["identifier"] = own["identifier"]
    elements = ASKED if named else frozenset({"membership.end_date"})
    if not named:
        theirs["users"] = [{k: v for k, v in user.items() if "Name" not in k} for user in theirs["users"]]
        theirs["classes"], theirs["orgs"] = boards.roster()["classes"], boards.roster()["orgs"]
    found = snapshots.build(tmp_path, landed(tmp_path, las2=theirs), elements)
    assert found.manifest["keys"].get("las2", {}).get("prefix", "") == ("las2." if named else "")


def test_what_tells_nothing_of_who_it_is_parts_nothing(tmp_path: Path) -> None:
    bare = {name: rows for name, rows in boards.roster().items() if name in ("users", "enrollments")}
    bare["users"] = [{"sourcedId": user["sourcedId"]} for user in bare["users"]]
    assert built(tmp_path, las2=bare).manifest["keys"] == {}


def test_files_of_which_a_roster_is_made_one_by_one_are_read_as_they_stand(tmp_path: Path) -> None:
    """A source for each file: all refer to each other, and pupils and teachers are numbered alike."""
    whole = other("g-")
    pupils, staff = (
        whole["users"][:5],
        [{**user, "sourcedId": pupil} for user, pupil in zip(whole["users"][5:8], KEYS, strict=True)],
    )
    roles = [{**role, "beginDate": None} for role in whole["roles"][:5]]
    sources = {
        "scholen": {"orgs": whole["orgs"]},
        "leerlingen": {"users": pupils},
        "leraren": {"users": staff},
        "rollen": {"roles": roles},
        "jaren": {"academicSessions": whole["academicSessions"]},
    }
    found = built(tmp_path, **sources)
    assert found.manifest["keys"] == {}
    mine = "SELECT site_id, count(*), min(start_date) FROM enrolment WHERE site_id LIKE 'g-%' GROUP BY ALL ORDER BY 1"
    assert asked(found, mine) == [("g-s1", 3, boards.FIRST), ("g-s2", 2, boards.FIRST)]


def test_groups_that_share_a_key_stay_apart_though_no_pupil_does(tmp_path: Path) -> None:
    """Or a teacher would have the pupils of another school in her class."""
    mixed, theirs = other("g-"), {"g-c1": "c1", "g-c2": "c2", "g-c3": "c3"}
    for name, column in (("classes", "sourcedId"), ("enrollments", "classSourcedId")):
        mixed[name] = [{**row, column: theirs[row[column]]} for row in mixed[name]]
    found = built(tmp_path, las2=mixed)
    assert found.manifest["keys"]["las2"]["prefix"] == "las2."
    per_group = (
        'SELECT g.group_id, list(DISTINCT left(m.pupil_id, 5)) FROM membership AS m JOIN "group" AS g USING (group_id)'
    )
    assert dict(asked(found, f"{per_group} WHERE g.kind = 'home' GROUP BY ALL"))["las2.c1"] == ["las2."]


def test_who_was_first_keeps_the_own_keys_whatever_the_new_one_is_called(tmp_path: Path) -> None:
    """Roles that somebody gave at a school hold its key."""
    first = built(tmp_path)
    assert first.manifest["keys"] == {}
    second = built(tmp_path, aaa=other())
    third = snapshots.build(tmp_path, landed(tmp_path, aaa=other()), ASKED - {"test.name"})
    assert third.id != second.id
    assert (
        second.manifest["keys"]
        == third.manifest["keys"]
        == {"aaa": {"prefix": "aaa.", "orgs": {"b1": "b1"}, "elsewhere": ["b1"]}}
    )
    fresh = built(tmp_path / "fresh", aaa=other())
    assert list(fresh.manifest["keys"]) == ["las"], "nobody was first"


@pytest.mark.parametrize("mark", ["", "g-"])
def test_a_successor_keeps_the_keys_of_the_schools_when_the_old_package_goes(tmp_path: Path, mark: str) -> None:
    """Roles that were given at a school stay there."""
    new = other(mark)
    for org, number in zip(new["orgs"], ("41288", "16AH00", "20XY01"), strict=True):
        org["identifier"] = number
    both = built(tmp_path, las2=new)
    sites = "SELECT site_id FROM site ORDER BY ALL"
    assert asked(both, sites) == [("s1",), ("s2",)]
    rest = [item for item in landed(tmp_path, las2=new) if item.source != "las"]
    alone = snapshots.build(tmp_path, rest, ASKED)
    assert asked(alone, sites) == [("s1",), ("s2",)]
    assert asked(alone, "SELECT name FROM site ORDER BY ALL") == [("Het De Meerpaal",), ("Het Veldlyceum",)]
    pupils = f"SELECT count(*) FROM pupil WHERE starts_with(pupil_id, '{mark or 'las2.'}')"
    assert asked(alone, pupils) == asked(both, pupils) == [(5,)]
    back = snapshots.build(tmp_path, landed(tmp_path, las2=new), ASKED)
    assert asked(back, sites) == [("s1",), ("s2",)]
    assert asked(back, "SELECT count(*) FROM pupil") == [(10,)]


def test_what_once_was_parted_stays_so_when_the_evidence_goes(tmp_path: Path) -> None:
    built(tmp_path, las2=other())
    quiet = {**other(), "users": boards.roster()["users"], "classes": boards.roster()["classes"]}
    later = snapshots.build(
        tmp_path,
        [*boards.everything(tmp_path), boards.land(tmp_path, "las2", "oneroster", quiet, digest="d2")],
        ASKED,
    )
    assert later.manifest["keys"]["las2"]["prefix"] == "las2."


def test_who_has_no_begin_date_is_there_from_the_first_day_of_the_own_roster(tmp_path: Path) -> None:
    """One package tells of three years, the other of this one; a third has no school years at all."""
    long, bare = other("g-"), other("b-")
    long["academicSessions"][0] = {**long["academicSessions"][0], "startDate": date(2024, 8, 1)}
    del bare["academicSessions"]
    for role in [*long["roles"], *bare["roles"]]:
        role["beginDate"] = None
    for org, number in zip(bare["orgs"], ("41288", "31ZZ00", "31ZZ01"), strict=True):
        org["identifier"] = number
    found = built(tmp_path, las2=long, las3=bare)
    for table, key in (("enrolment", "pupil_id"), ("staff_role", "staff_id")):
        first = f"SELECT left({key}, 2) AS mark, min(start_date) FROM {table} GROUP BY ALL ORDER BY ALL"
        begins = {mark if mark[1] == "-" else "": day for mark, day in asked(found, first)}
        assert begins == {"": boards.FIRST, "g-": date(2024, 8, 1), "b-": date(2024, 8, 1)}, table


def test_of_three_rosters_each_is_apart_from_the_others(tmp_path: Path) -> None:
    third = other()
    for user in third["users"]:
        user |= {"givenName": f"{user['givenName']}x", "familyName": f"{user['familyName']}x", "identifier": None}
    for org, number in zip(third["orgs"], ("41288", "31ZZ00", "31ZZ01"), strict=True):
        org |= {"identifier": number}
    found = built(tmp_path, las2=other(), las3=third)
    assert {source: told["prefix"] for source, told in found.manifest["keys"].items()} == {
        "las2": "las2.",
        "las3": "las3.",
    }
    assert asked(found, "SELECT count(*), count(DISTINCT first_name) FROM pupil") == [(15, 15)]


def test_who_is_whom_knows_people_by_the_keys_of_the_school_model(tmp_path: Path) -> None:
    absent = boards.land(
        tmp_path,
        "abs2",
        "verzuim",
        {"absence": [boards._absent("9004", "30ZZ01", date(2026, 11, 3), 1, "late", 1.0, 1.0)]},
    )
    every = [*landed(tmp_path, las2=other()), absent]
    first = snapshots.build(tmp_path, every, ASKED)
    keys = snapshots.keys_of(tmp_path, every)
    assert keys == told_keys(first.manifest)
    right = matching.Verdict("pupil", "abs2", "9004", "las2.u5", True)
    wrong = matching.Verdict("pupil", "abs2", "9004", "las2.u4", False)
    with matching.matching(every, ASKED, "pupil", "abs2", [], keys) as each:
        assert each.pairing().certain == 1
    renames = matching.renames(every, ASKED, [right, wrong], keys)
    found = snapshots.build(tmp_path, every, ASKED, renames=renames)
    assert asked(found, "SELECT pupil_id FROM absence WHERE pupil_id LIKE 'las2%'") == [("las2.u5",)]


def test_a_row_that_is_to_be_repaired_is_of_the_school_of_its_own_source(tmp_path: Path) -> None:
    found = built(tmp_path, las2=other())
    keys, row = told_keys(found.manifest), [{"schoolSourcedId": "s1", "_source": "las2"}]
    place, day = ("oneroster", "enrollments"), date(2026, 11, 23)
    with duck.reader(found.model) as model, duck.worker() as con:
        roll = roll_of(con, landed(tmp_path, las2=other()), keys)
        assert sites_of(model, roll, place, row, day, keys["las2"]) == [{"las2.s1"}]
        assert sites_of(model, roll, place, row, day, keys.get("las")) == [{"s1"}]
        assert roll("pupil.pupil_number", ["9004", "004"]) == {"9004": "las2.u4", "004": "u4"}


@pytest.mark.parametrize("version", VERSIONS)
def test_a_key_is_known_by_its_name(version: str) -> None:
    """What the layouts call a key or a reference is what is read as one, and of an organisation where they say so."""
    files = layout(version).files
    for name, file in files.items():
        for field in file.fields:
            told = field.name in file.key or field.ref is not None
            assert not told or is_key(field.name), (name, field.name)
            if field.ref is not None:
                assert is_org(name, field.name) == (field.ref.file == "orgs"), (name, field.name)


def test_a_key_is_never_code() -> None:
    keys = Keys("o'b.", {"s'1": "x';--"}, ("s'1",))
    with duck.worker() as con:
        for cell, read in (("s'1", "x';--"), ("s2", "o'b.s2")):
            rows = f"(SELECT CAST($1 AS VARCHAR) AS {KEY}) AS f"
            assert con.execute(f"SELECT {keys.sql('orgs', KEY)} FROM {rows}", [cell]).fetchone() == (read,)
            there = con.execute(f"SELECT 1 FROM {rows} WHERE {keys.left_out('orgs')}", [cell]).fetchall()
            assert len(there) == (cell == "s2")


def test_a_list_of_keys_is_read_key_by_key() -> None:
    keys = Keys("las2.", {"b1": "b"})
    with duck.worker() as con:
        for column, cell, read in (
            ("orgSourcedIds", "s1,b1", "las2.s1,b"),
            ("agentSourcedIds", "u1,b1", "las2.u1,las2.b1"),
            ("orgSourcedIds", None, None),
        ):
            sql = f"SELECT {keys.sql('users', column)} FROM (SELECT CAST($1 AS VARCHAR) AS {column}) AS f"
            assert con.execute(sql, [cell]).fetchone() == (read,)
            if cell:
                assert keys.read_all("oneroster", "users", column, cell.split(",")) == str(read).split(",")
    assert keys.sql("users", "identifier") == ""
    assert keys.read_all("verzuim", "absence", "site_identifier", ["30ZZ00"]) == ["30ZZ00"]
