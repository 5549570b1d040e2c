"""A delta as a source system sends it the day after: one in a hundred rows of the two largest files, each marked."""

import zipfile
from pathlib import Path

from schakel.engine import duck

CHANGED = ("enrollments", "results")
MOMENT = "2026-11-24T06:00:00.000Z"


def one_percent(folder: Path, target: Path) -> None:
    """Write one in a hundred rows of an unpacked package as a delta package of OneRoster."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("manifest.csv", _manifest((folder / "manifest.csv").read_text(encoding="utf-8")))
        for name in CHANGED:
            part = target.with_name(f"{name}.part")
            _some(folder / f"{name}.csv", part)
            package.write(part, f"{name}.csv")
            part.unlink()


def _manifest(text: str) -> str:
    """The same manifest, in which only those files are there, as a delta."""
    lines = (line.partition(",") for line in text.splitlines())
    told = [
        (key, ("delta" if key[5:] in CHANGED else "absent") if key.startswith("file.") else v) for key, _, v in lines
    ]
    return "".join(f"{key},{value}\n" for key, value in told)


def _some(path: Path, target: Path) -> None:
    with duck.worker() as con:
        con.execute("SET preserve_insertion_order = true")
        source = f"read_csv({duck.literal(path)}, all_varchar = true, header = true)"
        marked = f"* REPLACE ('active' AS status, {duck.literal(MOMENT)} AS \"dateLastModified\")"
        chosen = f'SELECT {marked} FROM {source} WHERE hash("sourcedId") % 100 = 7'
        con.execute(f"COPY ({chosen}) TO {duck.literal(target)} (FORMAT csv, HEADER true)")
