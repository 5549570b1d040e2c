"""The layouts of OneRoster, read from `oneroster_columns.csv` and `oneroster_meaning.sql`.

Source: 1EdTech OneRoster CSV tables 1.1.1 and binding 1.2.1 (both 22 August 2023); 1.2.0 differs in users only.
"""

import csv
from functools import cache
from pathlib import Path

from schakel.collect import meanings
from schakel.collect.layouts import Field, File, Layout, Reference

VERSIONS = ("1.1", "1.2.0", "1.2.1")
# The files of a full roster delivery; the other ones may be absent.
_ROSTER = {"academicSessions", "orgs", "courses", "classes", "users", "enrollments"}
_COLUMNS = Path(__file__).with_name("oneroster_columns.csv")
_MEANING = Path(__file__).with_name("oneroster_meaning.sql")


@cache
def layout(version: str) -> Layout:
    """The layout of one version; 1.2.0 is 1.2.1 with the column that was later removed, tolerated on input."""
    wanted = {"1.1": {"1.1"}, "1.2.1": {"1.2.1"}, "1.2.0": {"1.2.1", "1.2.0"}}[version]
    grouped: dict[str, list[dict[str, str]]] = {}
    with _COLUMNS.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["version"] in wanted:
                grouped.setdefault(row["file"], []).append(row)
    files = {name: _file(name, rows, version) for name, rows in grouped.items()}
    rules = meanings.known(*meanings.read(_MEANING), files)
    return Layout("oneroster", version, files, standard=True, title=f"OneRoster {version}", **rules)


def _file(name: str, rows: list[dict[str, str]], version: str) -> File:
    ordered = sorted(rows, key=lambda row: (int(row["position"]), row["tolerated"] == ""))
    required = name in _ROSTER or (name == "roles" and version != "1.1")
    return File(name, tuple(_field(row) for row in ordered), ("sourcedId",), required)


def _field(row: dict[str, str]) -> Field:
    ref = Reference(row["ref"], kind=row["ref_type"]) if row["ref"] else None
    return Field(
        name=row["column"],
        type=row["type"],
        required=row["required"] == "yes",
        delta_only=row["required"] == "delta",
        vocabulary=tuple((value, value) for value in row["values"].split("|") if value),
        extensible=row["extensible"] == "yes",
        ref=ref,
        secret=row["secret"] == "yes",  # noqa: S105 a column of the layout
        tolerated=row["tolerated"] == "yes",
        answer=row["answer"],
        if_missing=row["if_missing"],
    )
