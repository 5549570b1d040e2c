"""Check, collect and unchanged re-delivery beside plain DuckDB on the same files in the same run.

    python bench/check_and_collect.py [--rows 300000 1300000] [--json]

Each figure is the best of a few fresh processes, start-up included; the bars are ratios, so that a slow machine is no
excuse. Plain DuckDB reads the same CSV files as text into a database file: it checks nothing and drops nothing.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

TRIES = 3


def main() -> None:
    """Print one table per size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[300_000, 1_300_000])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--one", nargs="+", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        _one(*arguments.one)
        return
    found = [measured(rows) for rows in arguments.rows]
    if arguments.json:
        print(json.dumps(found))
        return
    for each in found:
        _show(each)


def measured(rows: int) -> dict[str, float]:
    """All figures at one size: seconds, megabytes at most, and rows of the package."""
    with tempfile.TemporaryDirectory(prefix="schakel-bench-") as folder:
        package = _package(Path(folder), rows)
        with zipfile.ZipFile(package) as archive:
            archive.extractall(Path(folder) / "csv")
        result: dict[str, float] = {"rows": _lines(Path(folder) / "csv")}
        for name, target in _targets(Path(folder) / "csv", package).items():
            result |= _best(name, target, Path(folder))
        return result | _best("unchanged", package, Path(folder))


def _targets(folder: Path, package: Path) -> dict[str, Path]:
    return {"plain": folder, "check": package, "collect_folder": folder, "collect": package}


def _lines(folder: Path) -> int:
    return sum(path.read_bytes().count(b"\n") - 1 for path in folder.glob("*.csv"))


def _package(folder: Path, rows: int) -> Path:
    from schakel.kits.demo_board import generate

    pupils = max(500, rows // 65)  # about 65 rows of a roster and gradebook per pupil
    return generate(folder / "board", pupils=pupils).files["las"]


def _best(name: str, target: Path, folder: Path) -> dict[str, float]:
    times, memory = [], []
    for _try in range(TRIES):
        if name in {"plain", "collect", "collect_folder"}:
            shutil.rmtree(folder / "data", ignore_errors=True)
        command = [sys.executable, __file__, "--one", name, str(target), str(folder / "data")]
        began = time.perf_counter()
        told = subprocess.run(command, check=True, capture_output=True, text=True)
        times.append(time.perf_counter() - began)
        memory.append(float(told.stdout.split()[-1]))
    return {name: min(times), f"{name}_mb": max(memory)}


def _one(name: str, target: str, data: str) -> None:
    """One measured process; the last word printed is the most memory it took, in megabytes."""
    {"plain": _plain, "check": _check, "collect": _collect, "collect_folder": _collect, "unchanged": _collect}[name](
        Path(target), Path(data)
    )
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
        "check": "check of the zip",
        "collect_folder": "collect of the folder",
        "collect": "collect of the zip",
        "unchanged": "the same zip again",
    }
    for name, title in titles.items():
        print(f"{title:28}{found[name]:>9.2f}{found[name] / plain:>10.2f}{found[f'{name}_mb']:>8.0f}")


if __name__ == "__main__":
    main()
