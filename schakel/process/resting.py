"""Which data elements suffer when a column of a source is wrong, by the same mappings that fill the school model.

A column that a table needs for its rows (its key, what it is joined on) carries every element of that table; any other
column only the elements that are made of it.
"""

from functools import lru_cache

from schakel.process import mappings
from schakel.process.model import school_model


@lru_cache(maxsize=512)
def resting_on(elements: frozenset[str], layout: str, file: str = "", column: str = "") -> frozenset[str]:
    """Those of these elements that rest on a layout, on one file of it, or on one column of that file."""
    found: set[str] = set()
    for table in sorted({element.partition(".")[0] for element in elements}):
        mine = frozenset(e for e in elements if e.partition(".")[0] == table)
        reads = _reads(table, frozenset(), layout)
        if _touched(reads, file, column):
            found |= mine
        elif _touched(_reads(table, mine, layout), file, column):
            found |= {e for e in mine if _touched(_reads(table, frozenset({e}), layout), file, column)}
    return frozenset(found)


@lru_cache(maxsize=1024)
def _reads(table: str, elements: frozenset[str], layout: str) -> frozenset[tuple[str, str]]:
    """File and column of the layout that a table reads for these elements; for none of them: for its rows alone."""
    model = school_model()[table]
    wanted = elements or {model.columns[name].element for name in model.structural[:1] or tuple(model.columns)[:1]}
    if model.origin != "source":
        return frozenset()
    files = mappings.columns_for(wanted).get(layout, {})
    return frozenset((file, column) for file, columns in files.items() for column in columns)


def _touched(reads: frozenset[tuple[str, str]], file: str, column: str) -> bool:
    if not file:
        return bool(reads)
    return any(each == file and column in ("", name) for each, name in reads)
