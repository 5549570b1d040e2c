"""A fetched delivery is recognised by what it says of itself; objects become the cells of the standard."""

import json

import pytest

from schakel.collect.connectors import open_package
from schakel.connectors.oneroster_objects import asked_fields, property_of, rows, wanted
from schakel.lib.errors import Unreadable
from tests.collect.small_roster import roster, texts, zipped

TOLD = {"version": "1.2", "columns": {"users": ["sourcedId", "givenName"]}, "modes": {"users": "bulk"}}


def written(folder, told, users="sourcedId,givenName\nu1,Noor\n"):
    (folder / "fetched.json").write_text(told if isinstance(told, str) else json.dumps(told))
    (folder / "users.csv").write_text(users)
    return folder


def test_only_what_was_asked_for_is_expected(tmp_path):
    package = open_package(written(tmp_path, TOLD))
    assert (package.layout.name, package.layout.version) == ("oneroster", "1.2.1")
    assert package.layout.files["users"].names == ("sourcedId", "givenName")
    assert {name: part.mode for name, part in package.files.items()} == {"users": "bulk"}
    assert all({file for file, _column in meaning.uses} <= {"users"} for meaning in package.layout.meanings)


@pytest.mark.parametrize(
    "told", ["", "[]", "{}", "{\"version\": 1}", {**TOLD, "version": "9"}, {**TOLD, "columns": {"geen": []}},
             {**TOLD, "modes": {}}, {**TOLD, "modes": []}],
)  # fmt: skip
def test_what_does_not_say_what_it_is_is_refused(tmp_path, told):
    with pytest.raises(Unreadable):
        open_package(written(tmp_path, told))


def test_a_zip_does_not_decide_what_is_expected_of_it(tmp_path):
    content = texts(roster()) | {"fetched.json": json.dumps(TOLD)}
    package = open_package(zipped(tmp_path / "roster.zip", dict(content)))
    assert "familyName" in package.layout.files["users"].names
    assert "file-unknown" in {found.rule for found in package.findings}


@pytest.mark.parametrize(
    ("column", "expected"),
    [("schoolSourcedId", "school"), ("termSourcedIds", "terms"), ("orgSourcedIds", "orgs"), ("title", "title"),
     ("preferredGivenName", "preferredFirstName"), ("primaryOrgSourcedId", "primaryOrg"), ("userIds", "userIds")],
)  # fmt: skip
def test_columns_have_their_names_in_objects(column, expected):
    assert property_of(column) == expected


def test_what_is_asked_follows_from_what_is_needed():
    needed = {"users": frozenset({"givenName", "role", "password"}), "roles": frozenset({"role"}), "iets": frozenset()}
    assert wanted(needed, "1.1") == {"users": ("sourcedId", "role", "givenName")}
    columns = wanted(needed, "1.2")
    assert columns == {"users": ("sourcedId", "givenName"), "roles": ("sourcedId", "role")}
    assert asked_fields("users", columns, "1.2") == ["sourcedId", "status", "dateLastModified", "givenName", "roles"]


@pytest.mark.parametrize(
    ("column", "value", "cell"),
    [
        ("title", None, ""), ("title", "3a", "3a"), ("title", "a\r\nb\0", "a b"), ("title", {"x": 1}, '{"x": 1}'),
        ("enabledUser", True, "true"), ("enabledUser", "false", "false"), ("score", 7.0, "7"), ("score", 7.25, "7.25"),
        ("score", 8, "8"), ("grades", ["3", "4"], "3,4"), ("subjects", ["Kunst, cultuur"], "Kunst; cultuur"),
        ("school", None, None),
    ],
)  # fmt: skip
def test_values_become_cells(column, value, cell):
    if cell is None:
        ((_file, row),) = rows("classes", {"sourcedId": "k", "school": "s1", "terms": [{"sourcedId": "p"}, {}, None]},
                               {"classes": ("sourcedId", "schoolSourcedId", "termSourcedIds")})  # fmt: skip
        assert (row["schoolSourcedId"], row["termSourcedIds"]) == ("s1", "p")
        return
    ((_file, row),) = rows("classes", {"sourcedId": "k", column: value}, {"classes": ("sourcedId", column)})
    assert row[column] == cell


def test_user_ids_and_birth_dates_as_the_standard_writes_them():
    user = {"sourcedId": "u", "userIds": [{"type": "LAS", "identifier": "1"}, {"type": "ECK", "identifier": "2"}]}
    assert next(rows("users", user, {"users": ("userIds",)}))[1]["userIds"] == "{LAS:1},{ECK:2}"
    person = {"sourcedId": "u", "birthdate": "2014-03-01"}
    assert next(rows("demographics", person, {"demographics": ("birthDate",)}))[1]["birthDate"] == "2014-03-01"


def test_the_key_of_a_role_follows_from_what_it_is():
    role = {"role": "student", "roleType": "primary", "org": {"sourcedId": "s1"}, "beginDate": "2026-08-01"}
    columns = {"roles": ("sourcedId", "userSourcedId", "orgSourcedId", "role")}

    def keys(*roles, user="u1"):
        return [row["sourcedId"] for _file, row in rows("users", {"sourcedId": user, "roles": list(roles)}, columns)]

    assert keys(role) == keys({**role, "userProfile": "x"})
    assert len({*keys(role, {**role, "role": "teacher"}), *keys(role, user="u2"), *keys({**role, "org": "s2"})}) == 4
