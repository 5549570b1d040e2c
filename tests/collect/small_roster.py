"""A small OneRoster package in which nothing is wrong, for tests to spoil in one place."""

import csv
import io
import zipfile
from copy import deepcopy
from pathlib import Path

from schakel.connectors.oneroster_layout import layout

Rows = list[dict[str, str]]

_TWO: dict[str, Rows] = {
    "academicSessions": [
        {"sourcedId": "sj", "title": "2026-2027", "type": "schoolYear", "startDate": "2026-08-01", "endDate": "2027-08-01", "schoolYear": "2027"},
        {"sourcedId": "p1", "title": "Periode 1", "type": "term", "startDate": "2026-08-01", "endDate": "2027-02-01", "parentSourcedId": "sj",
         "schoolYear": "2027"},
        {"sourcedId": "p2", "title": "Periode 2", "type": "term", "startDate": "2027-02-01", "endDate": "2027-08-01", "parentSourcedId": "sj",
         "schoolYear": "2027"},
    ],
    "orgs": [
        {"sourcedId": "b", "name": "Stichting Oever", "type": "district", "identifier": "41288"},
        {"sourcedId": "s1", "name": "De Kiem", "type": "school", "identifier": "98AB00", "parentSourcedId": "b"},
        {"sourcedId": "s2", "name": "De Vlonder", "type": "school", "identifier": "98AC00", "parentSourcedId": "b"},
    ],
    "courses": [
        {"sourcedId": "c1", "schoolYearSourcedId": "sj", "title": "Wiskunde", "courseCode": "wi", "orgSourcedId": "s1", "subjects": "Wiskunde",
         "subjectCodes": "wi"},
    ],
    "classes": [
        {"sourcedId": "k1", "title": "3a", "grades": "3", "courseSourcedId": "c1", "classCode": "3a", "classType": "homeroom",
         "schoolSourcedId": "s1", "termSourcedIds": "p1,p2", "subjects": "Wiskunde", "subjectCodes": "wi"},
        {"sourcedId": "k2", "title": "wi3", "grades": "3", "courseSourcedId": "c1", "classCode": "wi3", "classType": "scheduled",
         "schoolSourcedId": "s1", "termSourcedIds": "p1"},
    ],
    "users": [
        {"sourcedId": f"u{n}", "enabledUser": "true", "username": f"u{n}@x.example", "givenName": "Noor", "familyName": "Bos",
         "identifier": f"{n:06}", "userIds": f"{{LAS:{n}}}", "primaryOrgSourcedId": "s1"}
        for n in range(1, 7)
    ],
    "roles": [
        {"sourcedId": f"r{n}", "userSourcedId": f"u{n}", "roleType": "primary", "role": "teacher" if n == 6 else "student",
         "beginDate": "2026-08-01", "orgSourcedId": "s1"}
        for n in range(1, 7)
    ],
    "enrollments": [
        *({"sourcedId": f"e{n}", "classSourcedId": "k1", "schoolSourcedId": "s1", "userSourcedId": f"u{n}", "role": "student",
           "beginDate": "2026-08-01", "endDate": "2027-08-01"} for n in range(1, 6)),
        {"sourcedId": "e6", "classSourcedId": "k1", "schoolSourcedId": "s1", "userSourcedId": "u6", "role": "teacher", "primary": "true"},
    ],
    "demographics": [{"sourcedId": f"u{n}", "birthDate": f"2014-03-{n:02}", "sex": "female"} for n in range(1, 6)],
    "categories": [{"sourcedId": "t1", "title": "Methodetoets", "weight": "1"}],
    "lineItems": [
        {"sourcedId": "l1", "title": "Toets 1", "assignDate": "2026-10-01", "dueDate": "2026-10-02", "classSourcedId": "k1",
         "categorySourcedId": "t1", "academicSessionSourcedId": "p1", "resultValueMin": "1", "resultValueMax": "10", "schoolSourcedId": "s1"},
    ],
    "results": [
        {"sourcedId": f"x{n}", "lineItemSourcedId": "l1", "studentSourcedId": f"u{n}", "scoreStatus": "fully graded", "score": f"{n}.5",
         "scoreDate": "2026-10-03", "late": "false"}
        for n in range(1, 6)
    ],
}  # fmt: skip


def roster(version: str = "1.2.1") -> dict[str, Rows]:
    """Rows per file, good in every respect."""
    files = deepcopy(_TWO)
    if version != "1.1":
        return files
    del files["roles"]
    for number, user in enumerate(files["users"], 1):
        user.pop("primaryOrgSourcedId")
        user |= {"orgSourcedIds": "s1", "role": "teacher" if number == 6 else "student"}
    for category in files["categories"]:
        category.pop("weight")
    for item in files["lineItems"]:
        item["gradingPeriodSourcedId"] = item.pop("academicSessionSourcedId")
        item.pop("schoolSourcedId")
    for result in files["results"]:
        result.pop("late")
    return files


def csv_text(name: str, rows: Rows, version: str = "1.2.1") -> str:
    """A file with every column of the standard in its order, and own columns to the right of them."""
    shape = layout(version).files[name]
    known = [f.name for f in shape.fields if not f.tolerated]
    own = list(dict.fromkeys(key for row in rows for key in row if key not in known))
    out = io.StringIO()
    writer = csv.DictWriter(out, [*known, *own], lineterminator="\r\n", restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def manifest_text(modes: dict[str, str], version: str = "1.2.1") -> str:
    """A manifest that names every file of the version."""
    files = layout(version).files
    lines = [("manifest.version", "1.0"), ("oneroster.version", version[:3])]
    lines += [(f"file.{name}", modes.get(name, "absent")) for name in sorted(files)]
    return "propertyName,value\r\n" + "".join(f"{name},{value}\r\n" for name, value in lines)


def texts(files: dict[str, Rows], version: str = "1.2.1", mode: str = "bulk", **modes: str) -> dict[str, str]:
    """File name -> text of a whole package."""
    said = {name: modes.get(name, mode) for name in files}
    return {f"{n}.csv": csv_text(n, rows, version) for n, rows in files.items()} | {
        "manifest.csv": manifest_text(said, version)
    }


def zipped(path: Path, content: dict[str, str | bytes]) -> Path:
    """Write a zip with these files."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in content.items():
            archive.writestr(name, text)
    return path


def package(
    folder: Path, files: dict[str, Rows] | None = None, version: str = "1.2.1", mode: str = "bulk", **modes: str
) -> Path:
    """A zip of these rows, or of the good ones."""
    return zipped(folder / "roster.zip", dict(texts(files or roster(version), version, mode, **modes)))


def delta(rows: Rows, status: str = "active") -> Rows:
    """The same rows as a delta has them."""
    return [row | {"status": row.get("status", status), "dateLastModified": "2026-11-01T08:00:00.000Z"} for row in rows]
