"""A count of people beside the whole that it is a part of: then how many are left over is known too (law 5)."""

from collections.abc import Iterable

from schakel.distribute.aggregates import Aggregate, Same
from schakel.distribute.behind import Behind, Carrier


def wholes(figures: Iterable[Aggregate], carriers: Iterable[Carrier], same: Same) -> dict[str, str]:
    """Per class of keys of which a query counts everybody: the key by which everybody is found.

    A count of all rows stands for everybody in every class: there may be one row for each of them.
    """
    always = {same.of(c.text): c.text for c in sorted(carriers, key=lambda c: not c.optional)}
    found: dict[str, str] = {}
    for what in figures:
        everybody = what.heads and what.matters == f"({what.heads}) IS NOT NULL"
        if what.condition or not (everybody or what.family == "rows"):
            continue
        for name, key in always.items():
            if what.family == "rows" or key == what.heads:
                found[name] = key
            elif name == same.of(what.heads):
                found.setdefault(name, what.heads)
    return found


def left_over(everybody: str, part: str) -> str:
    """How many of everybody are not in a part of them; both are lists of keys."""
    return f"len({everybody}) - coalesce(len(list_intersect({everybody}, {part})), 0)"


def beside(part: Behind, whole: Behind) -> str:
    """The same for two counts that were joined: nothing unless the one lies wholly within the other."""
    within = f"len(list_intersect({whole.hit}, {part.hit})) = len({part.hit})"
    return f"CASE WHEN {within} THEN len({whole.hit}) - len({part.hit}) END"
