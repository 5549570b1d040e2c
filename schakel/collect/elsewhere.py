"""What other sources have: the values that a rule over several sources compares with, of what landed and counts now."""

from pathlib import Path

from schakel.collect.examined import Elsewhere
from schakel.collect.layouts import Layout
from schakel.collect.shelves import Shelf, shelves
from schakel.engine.duck import literal, quoted


def elsewhere(data: Path, source: str, layout: Layout) -> Elsewhere:
    """Per column of another source that a rule names, SQL of its values; without those that have not landed."""
    wanted = {each for meaning in layout.meanings for each in meaning.elsewhere}
    if not wanted:
        return {}
    found: dict[tuple[str, str, str], list[str]] = {}
    for shelf in shelves(data):
        if shelf.source != source:
            for each in _kept(shelf) & wanted:
                path = shelf.landing / str((shelf.current() or {})["digest"]) / f"{each[1]}.parquet"
                cell = f"CAST({quoted(each[2])} AS VARCHAR)"
                read = f"SELECT DISTINCT {cell} FROM read_parquet({literal(path)})"
                found.setdefault(each, []).append(read)
    return {each: " UNION ALL ".join(sorted(reads)) for each, reads in found.items()}


def _kept(shelf: Shelf) -> set[tuple[str, str, str]]:
    told = shelf.current()
    return {(told["layout"], file, column) for file, column in told["columns_kept"]} if told else set()
