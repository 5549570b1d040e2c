"""A delta applied to what was there: changed rows replace, deleted ones go, the rest stays."""

from schakel.engine.duck import quoted


def merged(fresh: str, changed: str, before: str, key: tuple[str, ...]) -> str:
    """SQL for the new state of a file: the rows of before whose key the delta does not mention, and its active rows."""
    names = [f"k{at}" for at in range(len(key))]
    same = " AND ".join(f"CAST(b.{quoted(k)} AS VARCHAR) = c.{n}" for k, n in zip(key, names, strict=True))
    return f"SELECT b.* FROM ({before}) AS b ANTI JOIN ({changed}) AS c({', '.join(names)}) ON {same} UNION ALL {fresh}"
