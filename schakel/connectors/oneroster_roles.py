"""The roles that landed before, by user: a server of 1.2 tells a user's roles of now, not which ones are gone."""

from pathlib import Path

from schakel.engine.duck import literal, quoted, worker

Rows = dict[str, list[dict[str, str]]]


def earlier_roles(standing: Path | None) -> Rows | None:
    """Per user the roles of before, as cells; None when that is not to be known, and all must be read again."""
    path = standing / "roles.parquet" if standing else None
    if path is None or not path.exists():
        return None
    with worker() as con:
        read = f"read_parquet({literal(path)})"
        names = [row[0] for row in con.execute(f"DESCRIBE SELECT * FROM {read}").fetchall()]
        if not {"sourcedId", "userSourcedId"} <= set(names):
            return None
        cells = ", ".join(f"coalesce(CAST({quoted(name)} AS VARCHAR), '')" for name in names)
        found: Rows = {}
        for row in con.execute(f"SELECT {cells} FROM {read}").fetchall():
            cell = dict(zip(names, row, strict=True))
            found.setdefault(cell["userSourcedId"], []).append(cell)
        return found
