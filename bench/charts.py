"""Drawing charts, measured: the first one of a process, each kind once warm, and one that was drawn before.

python bench/charts.py [times]      without times: 40

A time is the least of all times, for the machine wanders; everything is in it, from plain data to SVG that may stand
in a page.
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from schakel.engine.charts import bars, lines, panels, rendering
from schakel.engine.charts.bars import Bar, Limit
from schakel.engine.charts.lines import Line, Norm
from schakel.engine.charts.panels import Panel, Panels

OUT = Path(__file__).parent / "out" / "charts"
VALUES = [1.3 + (n * 7 % 10) / 20 if n != 4 else None for n in range(36)]
MARKS = [(value / 2, f"{value / 2:.1f}") for value in range(5)]


def main(times: int) -> int:
    """Measure and print a table; the raw numbers go beside it as JSON."""
    before = memory()
    first = timed(rendering.warm)
    grown = memory() - before
    print(f"first drawing of a process: {first * 1000:.0f} ms, {grown:.0f} MB")
    found: dict[str, Any] = {"first": first, "megabytes": grown}
    print("                        warm   drawn before")
    for name, draw in kinds().items():
        warm = min(timed(draw) for _ in range(times) if rendering._drawn.cache_clear() is None)
        again = min(timed(draw) for _ in range(times))
        found[name] = [warm, again]
        print(f"{name:<20} {warm * 1000:>5.1f} ms  {again * 1000:>8.2f} ms")
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "charts.json").write_text(json.dumps(found, indent=1), encoding="utf-8")
    return 0


def kinds() -> dict[str, Callable[[], Any]]:
    """Each kind of chart, as large as a page shows it."""
    trend = Line(VALUES, MARKS, [(n, str(n)) for n in range(0, 36, 9)], "1,9%", Norm(1.5, "norm", "norm", "lower"))
    rows = [Bar(f"Leerling {n}", n + 1, str(n + 1), "close") for n in range(8)]
    rows += [Bar("Leerling", None, "onbekend", known="unknown")] * 2
    limits = [Limit(6, "hoogstens 6", "6", better="lower")]
    return {
        "a trend": lambda: rendering.svg(lines.spec(trend, "wide"), "x"),
        "ten bars": lambda: rendering.svg(bars.spec(rows, limits, "wide"), "x"),
        "13 small multiples": lambda: many(13),
        "80 small multiples": lambda: many(80),
    }


def many(count: int) -> list[str]:
    """Twelve periods of so many schools."""
    shown = [Panel(VALUES[n % 20 : n % 20 + 12], n % 5 == 0) for n in range(count)]
    return rendering.panels(panels.spec(Panels(shown, (0, 2), VALUES[:12], 1.5, "lower")), ["x"] * count)


def timed(act: Callable[[], Any]) -> float:
    """The seconds that something takes."""
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def memory() -> float:
    """The most memory that this process had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main(*(int(n) for n in sys.argv[1:2] or [40])))
