"""Several OneRoster sources beside each other: a package for each sector, one for each school, an old one and a new.

Two things go wrong where each is read as if it were alone. An organisation that both bring (the board, by its number at
DUO; a school, by its BRIN6) would count twice: it is read as one. And a key that both gave, to different people,
classes or organisations, would make one of two: from then on the one that came later is read with its name before each
of its keys. What two exports of one package share stays shared.

Only a source that is whole by itself is looked at, with organisations and users of its own: the files of which others
are made one by one (pupils here, groups there) share their keys on purpose, and are read as they stand.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import duckdb

from schakel.engine import duck
from schakel.engine.duck import literal, quoted
from schakel.process.keys import KEY, LAYOUT, ORGS, Keys
from schakel.process.landings import Delivery

_SEVERAL = 2
# What tells whether two with one key are the same: the first of these that both sources have. Where all of it that is
# known of both differs, they are not. A number says little of people: a package may make its keys of these.
_TOLD = {
    "users": (("givenName", "familyName"), ("identifier",)),
    ORGS: (("identifier", "name"),),
    "classes": (("title",),),
}
_ORGS = ("type", "identifier", KEY)


def keys_of(found: Iterable[Delivery], before: Mapping[str, Any]) -> dict[str, Keys]:
    """By source how its keys are read, of those that are not read as they stand.

    `before` is the manifest of the snapshot before this one: as a source was read it stays, also when the other goes.
    """
    rosters, was = [each for each in found if each.layout == LAYOUT], told_keys(before)
    if len(rosters) < _SEVERAL and not was:
        return {}
    there = {item["source"] for item in before.get("sources", ())}
    with duck.worker() as con:
        whole = [each for each in rosters if _is_whole(con, each)]
        ordered = sorted(whole, key=lambda each: (each.source not in there, each.source in was, each.source))
        prefixes = _prefixes(con, ordered, {source for source, keys in was.items() if keys.prefix})
        keys = _read(con, ordered, prefixes, was)
    return {source: read for source, read in keys.items() if read != Keys()}


def told_keys(manifest: Mapping[str, Any]) -> dict[str, Keys]:
    """How a snapshot read the keys of its sources; one of before read all as they stood."""
    return {source: Keys.told(known) for source, known in manifest.get("keys", {}).items()}


def _is_whole(con: duckdb.DuckDBPyConnection, delivery: Delivery) -> bool:
    """Whether it has organisations and users of its own, to which the rest of it refers."""
    relations = [_relation(con, delivery, name)[0] for name in (ORGS, "users")]
    return all(sql and con.execute(f"SELECT 1 FROM {sql} LIMIT 1").fetchone() for sql in relations)


def _prefixes(con: duckdb.DuckDBPyConnection, ordered: Sequence[Delivery], was: set[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for at, each in enumerate(ordered):
        beside = [other for other in ordered[:at] if other.source not in found]
        if each.source in was or any(_for_others(con, each, other) for other in beside):
            found[each.source] = f"{each.source}."
    return found


def _for_others(con: duckdb.DuckDBPyConnection, one: Delivery, other: Delivery) -> bool:
    """Whether most keys that both gave, in any file, are of different people or things."""
    return any(_most_differ(con, name, told, one, other) for name, told in _TOLD.items())


def _most_differ(
    con: duckdb.DuckDBPyConnection, name: str, told: Iterable[Sequence[str]], one: Delivery, other: Delivery
) -> bool:
    sides = [_relation(con, each, name) for each in (one, other)]
    shared = sides[0][1] & sides[1][1]
    columns = next((each for each in told if shared.issuperset(each)), ())
    if not columns or KEY not in shared:
        return False
    pairs = [(f"lower(trim(a.{quoted(c)}))", f"lower(trim(b.{quoted(c)}))") for c in columns]
    known = " OR ".join(f"({a} <> {b}) IS NOT NULL" for a, b in pairs)
    differs = " AND ".join(f"coalesce({a} <> {b}, true)" for a, b in pairs)
    counted = con.execute(
        f"SELECT count(*) FILTER (WHERE {differs}), count(*) FROM {sides[0][0]} AS a JOIN {sides[1][0]} AS b"
        f" ON a.{KEY} = b.{KEY} WHERE {known}"
    ).fetchone()
    return counted is not None and 2 * counted[0] > counted[1]


def _read(
    con: duckdb.DuckDBPyConnection, ordered: Sequence[Delivery], prefixes: Mapping[str, str], was: Mapping[str, Keys]
) -> dict[str, Keys]:
    """How the keys of each are read: an organisation, by kind and number, under the key by which it is known."""
    first: dict[tuple[str, str], str] = {}
    found: dict[str, Keys] = {}
    for each in ordered:
        prefix, before = prefixes.get(each.source, ""), was.get(each.source, Keys()).orgs
        orgs, elsewhere = dict[str, str](), list[str]()
        for kind, number, key in _numbered(con, _relation(con, each, ORGS)):
            own, there = f"{prefix}{key}", (kind, number) in first
            known = first.setdefault((kind, number), before.get(key, own))
            if known != own:
                orgs[key] = known
                elsewhere += [key] if there else []
        found[each.source] = Keys(prefix, orgs, tuple(elsewhere))
    return found


def _numbered(con: duckdb.DuckDBPyConnection, relation: tuple[str, frozenset[str]]) -> list[tuple[str, str, str]]:
    """Kind, number and key of the board and its schools; a number that two have within one source is nobody's."""
    sql, there = relation
    if not set(_ORGS) <= there:
        return []
    return con.execute(
        f"SELECT type, identifier, min({KEY}) FROM {sql}"
        " WHERE type IN ('district', 'school') AND identifier IS NOT NULL"
        f" GROUP BY type, identifier HAVING min({KEY}) = max({KEY}) ORDER BY ALL"
    ).fetchall()


def _relation(con: duckdb.DuckDBPyConnection, delivery: Delivery, name: str) -> tuple[str, frozenset[str]]:
    """A file as SQL with its columns; none where it did not land."""
    path = next((file.path for file in delivery.files if file.name == name), None)
    if path is None:
        return "", frozenset()
    sql = f"read_parquet({literal(path)})"
    return sql, frozenset(row[0] for row in con.execute(f"DESCRIBE SELECT * FROM {sql}").fetchall())
