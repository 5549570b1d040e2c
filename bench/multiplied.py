"""A large OneRoster package: the roster of the demo board several times over, every copy with keys of its own.

The demo generator writes one pupil at a time, which takes an hour for thirteen million rows; what is measured does not
know the difference. Schools, courses and terms stay one: of a larger board it is the pupils that are more.
"""

import tempfile
import zipfile
from pathlib import Path

from schakel.engine import duck

COPIED = ("users", "roles", "demographics", "classes", "enrollments", "lineItems", "results")
KEYS = ("sourcedId", "userSourcedId", "studentSourcedId", "classSourcedId", "lineItemSourcedId", "agentSourcedIds")


def multiplied(small: Path, times: int, target: Path) -> None:
    """Write a package so many times over as one zip."""
    zipped = zipfile.ZIP_DEFLATED
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(target, "w", zipped, compresslevel=1) as package:
        zipfile.ZipFile(small).extractall(folder)
        for path in sorted(Path(folder).glob("*.csv")):
            if path.stem in COPIED:
                whole = target.with_name(path.name)
                _copies(path, times, whole)
                package.write(whole, path.name)
                whole.unlink()
            else:
                package.write(path, path.name)


def _copies(path: Path, times: int, whole: Path) -> None:
    """One file so many times; the first copy is as it was."""
    with duck.worker() as con:
        con.execute("SET preserve_insertion_order = true")
        source = f"read_csv({duck.literal(path)}, all_varchar = true, header = true)"
        names = [row[0] for row in con.execute(f"DESCRIBE FROM {source}").fetchall()]
        ends = [f"'.{copy}'" if copy else "''" for copy in range(times)]
        made = " UNION ALL ".join(
            f"SELECT {', '.join(_cell(name, end) for name in names)} FROM {source}" for end in ends
        )
        con.execute(f"COPY ({made}) TO {duck.literal(whole)} (FORMAT csv, HEADER true)")


def _cell(name: str, end: str) -> str:
    """A key gets the end of its copy, every other value stays."""
    cell = duck.quoted(name)
    return f"replace({cell}, ',', {end} || ',') || {end} AS {cell}" if name in KEYS else cell
