"""School advice in group 8: provisional in January, the test's advice, final before 25 March (three years)."""

import duckdb

from .exports import Export, Flaw, impossible_day, stranger
from .loading import load, run

# From low to high; a raise is a step up this ladder.
LADDER = ("pro", "vmbo-b", "vmbo-b/k", "vmbo-k", "vmbo-k/gt", "vmbo-gt", "vmbo-gt/havo", "havo", "havo/vwo", "vwo")

_ADVIEZEN = (
    stranger("Leerlingnummer"),
    impossible_day("Datum voorlopig", action="drop value", dutch=True),
    Flaw("Schooljaar", "school year written otherwise", "right(Schooljaar, 4)", "pattern"),
)

EXPORTS = (Export("adviezen", "adviezen", _ADVIEZEN, encoding="cp1252"),)


def draw(con: duckdb.DuckDBPyConnection) -> None:
    """Make the table advice, in the order of the file."""
    load(con, "advice_step", "step INTEGER; name VARCHAR", enumerate(LADDER, start=1))
    run(con, "advice")
