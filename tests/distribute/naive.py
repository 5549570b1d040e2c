"""Law 4 a second time, in plain Python over plain rows: slow, obvious, and sharing nothing with the real thing."""

from collections.abc import Iterable
from datetime import date
from typing import Any

Row = dict[str, Any]
Data = dict[str, list[Row]]
EVERYONE = {"subject", "course", "school_year", "period", "holiday", "test"}


def valid(row: Row, day: date) -> bool:
    return row["start_date"] <= day and (row["end_date"] is None or day <= row["end_date"])


def sees(table: str, row: Row, standing: Any, data: Data, day: date) -> bool:
    """Whether one standing opens one row."""
    if table in EVERYONE or standing.scope == "board":
        return True
    return {"own_school": _school, "own_groups": _groups, "own_pupils": _pupils, "self": _self}[standing.scope](
        table, row, standing, data, day
    )


def _at(sites: Iterable[str], data: Data) -> set[str]:
    return {site["organisation_id"] for site in data["site"] if site["site_id"] in sites}


def _school(table: str, row: Row, standing: Any, data: Data, day: date) -> bool:
    sites = standing.sites
    pupils = {e["pupil_id"] for e in data["enrolment"] if e["site_id"] in sites and valid(e, day)}
    staff = {r["staff_id"] for r in data["staff_role"] if r["site_id"] in sites and valid(r, day)}
    groups = {g["group_id"] for g in data["group"] if g["site_id"] in sites}
    if table == "membership":
        return row["pupil_id"] in pupils and row["group_id"] in groups
    if "site_id" in row:
        return row["site_id"] in sites
    if "pupil_id" in row:
        return row["pupil_id"] in pupils
    if "staff_id" in row:
        return row["staff_id"] in staff
    return row["organisation_id"] in _at(sites, data)


def _members(groups: Iterable[str], data: Data, day: date) -> set[str]:
    return {m["pupil_id"] for m in data["membership"] if m["group_id"] in groups and valid(m, day)}


def _places(table: str, row: Row, standing: Any, data: Data) -> bool:
    if table == "site":
        return row["site_id"] in standing.sites
    return table == "organisation" and row["organisation_id"] in _at(standing.sites, data)


def _groups(table: str, row: Row, standing: Any, data: Data, day: date) -> bool:
    if table == "membership":
        return row["pupil_id"] in _members(standing.groups, data, day) and row["group_id"] in standing.groups
    if "pupil_id" in row:
        return row["pupil_id"] in _members(standing.groups, data, day)
    if table in ("group", "slot"):
        return row["group_id"] in standing.groups
    return _places(table, row, standing, data)


def _pupils(table: str, row: Row, standing: Any, data: Data, day: date) -> bool:
    mine = _members(standing.groups, data, day)
    if "pupil_id" in row:
        return row["pupil_id"] in mine
    if table in ("group", "slot"):
        theirs = {m["group_id"] for m in data["membership"] if m["pupil_id"] in mine and valid(m, day)}
        return row["group_id"] is not None and row["group_id"] in theirs | set(standing.groups)
    return _places(table, row, standing, data)


def _self(table: str, row: Row, standing: Any, data: Data, day: date) -> bool:
    if table == "group":
        given = {slot["group_id"] for slot in data["slot"] if slot["staff_id"] in standing.staff}
        return row["group_id"] in given | set(standing.groups)
    if "staff_id" in row:
        return row["staff_id"] in standing.staff
    return _places(table, row, standing, data)
