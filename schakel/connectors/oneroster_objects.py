"""From the objects of OneRoster REST to the rows of OneRoster CSV: the same names, the same cells.

Source: 1EdTech OneRoster 1.1 and 1.2 information models. A reference is an object with a sourcedId there and a column
`...SourcedId` here; lists are one cell with commas; the roles of a user (1.2) are a file of their own here.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from schakel.connectors.oneroster_layout import layout
from schakel.lib.identifiers import content_hash

LAYOUTS = {"1.1": "1.1", "1.2": "1.2.1"}
# Collections of each service, in the order in which they are asked for: what others refer to first.
ROSTERING = ("orgs", "academicSessions", "courses", "classes", "users", "demographics", "enrollments")
GRADEBOOK = ("categories", "lineItems", "results")
RESOURCES = ("resources",)
COLLECTIONS = (*ROSTERING, *GRADEBOOK, *RESOURCES)
STATUS = ("status", "dateLastModified")
# Columns whose name in an object does not follow from their own.
_OTHER = {"preferredGivenName": "preferredFirstName", "preferredFamilyName": "preferredLastName"}
_ROLE_KEY = ("userSourcedId", "orgSourcedId", "roleType", "role", "beginDate", "endDate")

Row = dict[str, str]


def files_of(collection: str, version: str) -> tuple[str, ...]:
    """The files that the objects of a collection fill."""
    return ("users", "roles") if collection == "users" and version != "1.1" else (collection,)


def wanted(needed: Mapping[str, frozenset[str]], version: str) -> dict[str, tuple[str, ...]]:
    """Per file that a server can fill, the columns to ask for in the order of the layout; the key comes along."""
    shape, found = layout(LAYOUTS[version]), dict[str, tuple[str, ...]]()
    for file in (file for collection in COLLECTIONS for file in files_of(collection, version)):
        if file in needed and file in shape.files:
            asked = {*needed[file], "sourcedId"} - set(STATUS)
            fields = [f for f in shape.files[file].fields if not f.secret and not f.tolerated]
            found[file] = tuple(f.name for f in fields if f.name in asked)
    return found


def asked_fields(collection: str, columns: Mapping[str, tuple[str, ...]], version: str) -> list[str]:
    """The names of what to ask of a collection (`fields=`): what these columns are made of, and the status."""
    names = ["sourcedId", *STATUS]
    names += [property_of(column) for column in columns.get(collection, ()) if column != "sourcedId"]
    if "roles" in columns and "roles" in files_of(collection, version):
        names.append("roles")
    return names


def property_of(column: str) -> str:
    """What a column is called in an object."""
    if column in _OTHER:
        return _OTHER[column]
    if column.endswith("SourcedIds"):
        return f"{column.removesuffix('SourcedIds')}s"
    return column.removesuffix("SourcedId") or column


def rows(
    collection: str, found: Mapping[str, Any], columns: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[str, Row]]:
    """The rows that one object makes, each with its file. They have a status and a date; who writes may leave those."""
    if collection in columns:
        yield collection, {name: _cell(found, name) for name in (*STATUS, *columns[collection])}
    if collection == "users" and "roles" in columns:
        for role in _list(found.get("roles")):
            yield "roles", _role(found, role, columns["roles"])


def _role(user: Mapping[str, Any], role: Mapping[str, Any], columns: tuple[str, ...]) -> Row:
    full = {name: _cell(role, name) for name in _ROLE_KEY} | {"userSourcedId": text_of(user.get("sourcedId"))}
    full["sourcedId"] = f"role-{content_hash([full[name] for name in _ROLE_KEY])[:40]}"
    row = {name: full.get(name) or _cell(role, name) for name in columns}
    return {name: _cell(user, name) for name in STATUS} | row


def _cell(found: Mapping[str, Any], column: str) -> str:
    """A value of an object as it stands in a cell."""
    value = found.get(column if column == "sourcedId" else property_of(column))
    if column == "birthDate" and value is None:
        value = found.get("birthdate")  # as the examples of 1.1 have it
    if column == "userIds":
        return ",".join(f"{{{text_of(each.get('type'))}:{text_of(each.get('identifier'))}}}" for each in _list(value))
    if column.endswith("SourcedIds"):
        return ",".join(text for text in map(_key, value if isinstance(value, list) else []) if text)
    if column.endswith("SourcedId") and column != "sourcedId":
        return _key(value)
    if isinstance(value, list):
        return ",".join(text_of(each).replace(",", ";") for each in value)
    return text_of(value)


def _key(value: Any) -> str:
    return text_of(value.get("sourcedId")) if isinstance(value, Mapping) else text_of(value)


def _list(value: Any) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def text_of(value: Any) -> str:
    """A value as one line of text: a cell holds no line breaks."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)  # noqa: PLR2004
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return " ".join(str(value).replace("\0", "").splitlines())
