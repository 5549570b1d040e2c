"""Check, collect, the same again and a delta of one percent, beside plain DuckDB, polars and frictionless in one run.

    python bench/check_and_collect.py [--rows 300000 1300000 13000000] [--tries 3] [--folder FOLDER] [--json]

Each figure is the best of a few fresh processes, start-up included; the bars are ratios, so that a slow machine is no
excuse. All read the same files. Plain DuckDB reads them as text into a database file, polars into Parquet: they check
nothing and drop nothing. frictionless guesses types and validates against those, which is less than our rules, and is
too slow for the larger sizes. The megabytes are the most that the process held at one moment, files in memory included.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from importlib.util import find_spec
from pathlib import Path

from one_percent import one_percent

ROWS = [300_000, 1_300_000, 13_000_000]
FULL = 50_000_000  # as well, when FULL=1 is in the environment
GENERATED = 1_300_000  # larger packages are a smaller one several times over
SLOW = 500_000  # rows above which frictionless is not tried


def main() -> None:
    """Print one table per size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=ROWS + [FULL] * (os.environ.get("FULL") == "1"))
    parser.add_argument("--tries", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="where the files are made, and kept for a next time")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--one", nargs="+", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        _one(*arguments.one)
        return
    with tempfile.TemporaryDirectory(prefix="schakel-bench-") as folder:
        kept = arguments.folder or Path(folder)
        found = [measured(rows, kept, Path(folder), arguments.tries) for rows in arguments.rows]
    if arguments.json:
        print(json.dumps(found))
        return
    for each in found:
        _show(each)
    for name in ("polars", "frictionless"):
        if not find_spec(name):
            print(f"\n{name} is not installed, so it was not measured: it comes with requirements-bench.lock.")


def measured(rows: int, kept: Path, folder: Path, tries: int) -> dict[str, float]:
    """All figures at one size: seconds, megabytes at most, and rows of the package."""
    package = _package(kept, rows)
    csv = package.parent / "csv"
    if not csv.exists():
        with zipfile.ZipFile(package) as archive:
            archive.extractall(csv)
    result: dict[str, float] = {"rows": _lines(csv)}
    for name, target in _targets(csv, package, rows).items():
        result |= _best(name, target, folder / "data", tries)
    return result


def _targets(folder: Path, package: Path, rows: int) -> dict[str, Path]:
    """What is measured, of which files; the last two find what the one before them left."""
    others = {"polars": folder} if find_spec("polars") else {}
    if find_spec("frictionless") and rows <= SLOW:
        others["frictionless"] = folder
    delta = package.with_name("delta.zip")
    if not delta.exists():
        one_percent(folder, delta)
    own = {"check": package, "collect_folder": folder, "collect": package, "unchanged": package, "delta": delta}
    return {"plain": folder, **others, **own}


def _lines(folder: Path) -> int:
    found = 0
    for path in folder.glob("*.csv"):
        with path.open("rb") as file:
            found += sum(piece.count(b"\n") for piece in iter(lambda: file.read(2**24), b"")) - 1
    return found


def _package(folder: Path, rows: int) -> Path:
    from multiplied import multiplied

    from schakel.kits.demo_board import generate

    here = folder / str(rows)
    if rows > GENERATED:
        package = here / "las.zip"
        if not package.exists():
            here.mkdir(parents=True)
            multiplied(_package(folder, GENERATED), round(rows / GENERATED), package)
        return package
    made = next((here / "board").glob("las_*.zip"), None)
    return made or generate(here / "board", pupils=max(500, rows // 65)).files["las"]  # some 65 rows a pupil


def _best(name: str, target: Path, data: Path, tries: int) -> dict[str, float]:
    times, memory = [], []
    for _try in range(1 if name in {"frictionless", "delta"} else tries):
        if name not in {"unchanged", "delta"}:
            shutil.rmtree(data, ignore_errors=True)
        command = [sys.executable, __file__, "--one", name, str(target), str(data)]
        began = time.perf_counter()
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
            held = _most_held(process)
            times.append(time.perf_counter() - began)
            told = process.communicate()[0]
        if process.returncode:
            raise SystemExit(told)
        memory.append(max(held, float(told.split()[-1])))
    return {name: min(times), f"{name}_mb": max(memory)}


def _most_held(process: subprocess.Popen[str]) -> float:
    """The most megabytes that a process holds until it ends, looked at twenty times a second."""
    most = 0.0
    while process.poll() is None:
        most = max(most, _held(process.pid))
        time.sleep(0.05)
    return most


def _held(number: int) -> float:
    """Megabytes of one process: its own, and its files in memory, which are not counted among those."""
    try:
        status = Path(f"/proc/{number}/status").read_text(encoding="ascii")
        open_files = list(Path(f"/proc/{number}/fd").iterdir())
        shared = sum(f.stat().st_blocks * 512 for f in open_files if str(f.readlink()).startswith("/memfd:"))
    except OSError:  # it ended, or closed a file just now
        return 0
    return int(status.partition("VmRSS:")[2].split()[0] if "VmRSS:" in status else 0) / 1024 + shared / 2**20


def _one(name: str, target: str, data: str) -> None:
    """One measured process; the last word printed is the most memory of its own, in megabytes."""
    acts = {"plain": _plain, "polars": _polars, "frictionless": _frictionless, "check": _check}
    acts.get(name, _collect)(Path(target), Path(data))
    status = Path("/proc/self/status").read_text(encoding="ascii")
    print(int(status.partition("VmHWM:")[2].split()[0]) / 1024)


def _plain(target: Path, data: Path) -> None:
    import duckdb

    data.mkdir(parents=True)
    con = duckdb.connect(str(data / "plain.duckdb"), config={"threads": "2"})
    for path in sorted(target.glob("*.csv")):
        con.execute(
            f'CREATE TABLE "{path.stem}" AS SELECT * FROM read_csv(?, all_varchar = true, header = true)', [str(path)]
        )
    con.close()


def _polars(target: Path, data: Path) -> None:
    import polars

    data.mkdir(parents=True)
    for path in sorted(target.glob("*.csv")):
        polars.scan_csv(path, infer_schema=False).sink_parquet(data / f"{path.stem}.parquet")


def _frictionless(target: Path, _data: Path) -> None:
    from frictionless import Resource, system

    with system.use_context(trusted=True):
        for path in sorted(target.glob("*.csv")):
            Resource(path=str(path)).validate(limit_errors=1000)


def _check(target: Path, _data: Path) -> None:
    from schakel.collect.checks import check
    from schakel.collect.connectors import open_package

    json.dumps(check(open_package(target)).as_json(), ensure_ascii=False)


def _collect(target: Path, data: Path) -> None:
    from schakel.collect.connectors import open_package
    from schakel.collect.landing import land

    land(open_package(target), "las", NEEDED, data)


# What the needs of the demo name, and a little more: about half of the delivered columns.
NEEDED = {
    "academicSessions": frozenset({"sourcedId", "title", "type", "startDate", "endDate", "schoolYear"}),
    "orgs": frozenset({"sourcedId", "name", "type", "identifier", "parentSourcedId", "metadata.sector"}),
    "courses": frozenset({"sourcedId", "title", "subjects", "subjectCodes"}),
    "classes": frozenset(
        {"sourcedId", "title", "grades", "classCode", "classType", "schoolSourcedId", "termSourcedIds"}
    ),
    "users": frozenset({"sourcedId", "givenName", "familyName", "middleName", "identifier", "email", "grades"}),
    "roles": frozenset({"sourcedId", "userSourcedId", "role", "beginDate", "endDate", "orgSourcedId"}),
    "enrollments": frozenset({"sourcedId", "classSourcedId", "userSourcedId", "role", "beginDate", "endDate"}),
    "demographics": frozenset({"sourcedId", "birthDate", "sex"}),
    "categories": frozenset({"sourcedId", "title"}),
    "lineItems": frozenset(
        {"sourcedId", "title", "assignDate", "classSourcedId", "categorySourcedId", "resultValueMax"}
    ),
    "results": frozenset(
        {"sourcedId", "lineItemSourcedId", "studentSourcedId", "scoreStatus", "score", "scoreDate", "textScore"}
    ),
}


def _show(found: dict[str, float]) -> None:
    plain = found["plain"]
    print(f"\n{found['rows']:,.0f} rows of OneRoster in one zip")
    print(f"{'':28}{'seconds':>9}{'of plain':>10}{'MB':>8}")
    titles = {
        "plain": "plain DuckDB, as text",
        "polars": "polars, as text",
        "frictionless": "frictionless, types only",
        "check": "check of the zip",
        "collect_folder": "collect of the folder",
        "collect": "collect of the zip",
        "unchanged": "the same zip again",
        "delta": "1% of the rows as a delta",
    }
    for name, title in ((name, title) for name, title in titles.items() if name in found):
        print(f"{title:28}{found[name]:>9.2f}{found[name] / plain:>10.2f}{found[f'{name}_mb']:>8.0f}")


if __name__ == "__main__":
    main()
