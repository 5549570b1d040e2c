"""A small OneRoster package in which nothing is wrong, for tests to spoil in one place."""

import csv
import io
import zipfile
from functools import cache
from pathlib import Path

from schakel.connectors.oneroster_layout import layout
from schakel.lib.plain_yaml import from_yaml

MADE = (2026, 11, 23, 6, 0, 0)  # when the zips of tests say they were made
Rows = list[dict[str, str]]

_GOOD = Path(__file__).parents[1] / "cases" / "checks" / "good_roster.yaml"


@cache
def _good() -> dict[str, Rows]:
    return from_yaml(_GOOD.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def roster(version: str = "1.2.1") -> dict[str, Rows]:
    """Rows per file, good in every respect."""
    files: dict[str, Rows] = {name: [dict(row) for row in rows] for name, rows in _good().items()}
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
    names = [*known, *own]
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(names)
    writer.writerows([[row.get(name, "") for name in names] for row in rows])
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
    """Write a zip with these files: the same content gives the same bytes, whatever time it is."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in content.items():
            archive.writestr(zipfile.ZipInfo(name, MADE), text, zipfile.ZIP_DEFLATED)
    return path


def package(
    folder: Path, files: dict[str, Rows] | None = None, version: str = "1.2.1", mode: str = "bulk", **modes: str
) -> Path:
    """A zip of these rows, or of the good ones."""
    return zipped(folder / "roster.zip", dict(texts(files or roster(version), version, mode, **modes)))


def delta(rows: Rows, status: str = "active") -> Rows:
    """The same rows as a delta has them."""
    return [row | {"status": row.get("status", status), "dateLastModified": "2026-11-01T08:00:00.000Z"} for row in rows]
