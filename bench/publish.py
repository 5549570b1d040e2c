"""Publishing, measured: a first snapshot, the same again, and one percent changed, beside plain DuckDB on the same.

python bench/publish.py [facts ...]      without facts: 300,000 and 1,300,000

What was checked and landed before is not in the time: this is the step from landing to snapshot, with every table,
every column and every indicator. Plain DuckDB loads the CSV files as text into one database file, and nothing else.
"""

import json
import resource
import shutil
import sys
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from schakel.collect.connectors import open_package
from schakel.collect.landing import Landed, land
from schakel.engine import duck
from schakel.kits.demo_board import generate
from schakel.lib import clock
from schakel.process import snapshots
from schakel.process.mappings import columns_for
from schakel.process.model import school_model
from schakel.steer.indicators import Computing, definitions

OUT = Path(__file__).parent / "out" / "publish"
DAY = date(2026, 11, 23)
ELEMENTS = frozenset(
    column.element for table in school_model().values() if table.origin == "source" for column in table.columns.values()
)
STEP = Computing(tuple(definitions()), DAY)


@dataclass
class Times:
    """Seconds, of one size."""

    facts: int
    load: float
    first: float
    again: float
    changed: float
    pointer: float


def main(sizes: list[int]) -> int:
    """Measure each size and print a table; the raw numbers go beside it as JSON."""
    found = [measured(facts) for facts in sizes]
    print("    facts  load as text  first publish  x load  unchanged  of first  1% changed  of first  current()")
    for t in found:
        print(
            f"{t.facts:>9,}  {t.load:>10.2f} s  {t.first:>11.2f} s  {t.first / t.load:>6.2f}  {t.again * 1000:>6.1f} ms"
            f"  {t.again / t.first:>8.1%}  {t.changed:>8.2f} s  {t.changed / t.first:>8.0%}  {t.pointer * 1e6:>6.1f} us"
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"most memory, generating and loading included: {peak:,.0f} MB")
    (OUT / "publish.json").write_text(json.dumps([vars(t) for t in found], indent=1), encoding="utf-8")
    return 0


def measured(facts: int) -> Times:
    """All times of one size."""
    data = OUT / str(facts)
    shutil.rmtree(data, ignore_errors=True)
    with clock.held_at(DAY):
        board = generate(data / "inbox", pupils=max(1000, facts // 90), facts=facts, today=DAY)
        files = in_utf8(data)
        load = timed(lambda: load_as_text(files))[0]
        landed = collect(data)
        first, _ = timed(lambda: snapshots.build(data, landed, ELEMENTS, [STEP]))
        again, _ = timed(lambda: snapshots.build(data, landed, ELEMENTS, [STEP]))
        other = [one_percent_less(item) if item.layout == "verzuim" else item for item in landed]
        changed, _ = timed(lambda: snapshots.build(data, other, ELEMENTS, [STEP]))
        pointer, _ = timed(lambda: [snapshots.current(data) for _ in range(1000)])
    return Times(board.facts, load, first, again, changed, pointer / 1000)


def timed(act: Callable[[], Any]) -> tuple[float, Any]:
    """The seconds that something takes, and what it gives."""
    started = time.perf_counter()
    found = act()
    return time.perf_counter() - started, found


def collect(data: Path) -> list[Landed]:
    """Everything in the inbox, landed with every column that the model can use."""
    needed = columns_for(ELEMENTS)
    found = []
    for path in sorted((data / "inbox").iterdir()):
        if path.suffix != ".json":
            package = open_package(path)
            found.append(land(package, path.name.split("_")[0], needed.get(package.layout.name, {}), data))
    return found


def in_utf8(data: Path) -> list[tuple[Path, str]]:
    """The CSV files as plain DuckDB can read them, each with its delimiter: unpacked, and none in cp1252."""
    folder = data / "text"
    with zipfile.ZipFile(next((data / "inbox").glob("*.zip"))) as package:
        package.extractall(folder)
    found = [(path, ",") for path in folder.glob("*.csv")]
    for path in (data / "inbox").glob("*.csv"):
        raw = path.read_bytes()
        copy = folder / path.name
        copy.write_bytes(raw if raw[:3] == b"\xef\xbb\xbf" else raw.decode("cp1252").encode())
        found.append((copy, ";"))
    return found


def load_as_text(files: list[tuple[Path, str]]) -> None:
    """Plain DuckDB: the CSV files into one database file, every column as text."""
    with duckdb.connect(str(files[0][0].with_name("text.duckdb")), config={"threads": "2"}) as con:
        for number, (path, mark) in enumerate(files):
            source = f"read_csv({duck.literal(path)}, all_varchar = true, header = true, delim = '{mark}')"
            con.execute(f"CREATE TABLE t{number} AS FROM {source}")


def one_percent_less(landed: Landed) -> Landed:
    """The same delivery with one row in a hundred gone."""
    folder = landed.folder.with_name("changed")
    shutil.copytree(landed.folder, folder, dirs_exist_ok=True)
    for path in folder.glob("*.parquet"):
        numbered = f"SELECT *, row_number() OVER () AS n FROM {duck.literal(path)}"
        cut = f"SELECT * EXCLUDE n FROM ({numbered}) WHERE n % 100 <> 0"
        duckdb.execute(f"COPY ({cut}) TO '{path}.new' (FORMAT parquet)")
        Path(f"{path}.new").replace(path)
    return replace(landed, folder=folder)


if __name__ == "__main__":
    sys.exit(main([int(n) for n in sys.argv[1:]] or [300_000, 1_300_000]))
