"""Matching: is the person or school that one source names the one whom the roster knows?

Read from what landed, and of that only what approved needs name (law 1). Nothing is kept: certain, probable and
unmatched are computed when somebody looks, and when a publication is made.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import duckdb

from schakel.engine import duck
from schakel.engine.duck import quoted
from schakel.process import filling, likeness, lineage, mappings
from schakel.process.keys import AS_THEY_STAND, Keys
from schakel.process.landings import Delivery, Landed, Renamed, Renames, Reread, deliveries, under
from schakel.process.namings import KINDS, Kind, Naming, of_layout, roll

LIMIT = 200  # of the probable ones that are given at once; the counts are of all
_REASONS = {1: "number", 2: "birth", 3: "near", 4: "name", 5: "place", 6: "shared"}

_TOLD = ("name", "birth_date")


@dataclass(frozen=True)
class Verdict:
    """What a person decided about one pair: the same, or not."""

    kind: str
    source: str
    their_key: str
    our_key: str
    same: bool


@dataclass(frozen=True)
class Told:
    """What one source tells of someone: only what is compared, and None where it is not known.

    `site`: where the number is of one site only.
    """

    number: str | None
    site: str | None
    name: str | None
    birth_date: date | None


@dataclass(frozen=True)
class Candidate:
    """Two that could be one. `rows` hang on it; `why`: one of the ways of being alike, empty when nothing asks.

    `differs`: the names that are compared are known on both sides and not equal.
    """

    theirs: Told
    ours: Told
    their_key: str
    our_key: str
    our_source: str
    rows: int
    differs: bool
    why: str


@dataclass(frozen=True)
class Pairing:
    """How the names that one source uses stand against the roster; each of theirs is in exactly one count.

    `compared` and `missing` are of number, name and birth_date: the last are told by a side, and not collected.
    """

    kind: Kind
    source: str
    certain: int
    probable: int
    unmatched: int
    conflicts: int
    compared: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Matching:
    """One source against the roster, for one kind, in tables of an open connection; made by `matching`."""

    con: duckdb.DuckDBPyConnection
    kind: Kind
    source: str
    named: tuple[Naming, ...]

    def pairing(self) -> Pairing:
        """The counts, and what could be compared."""
        conflicts = self._count("SELECT count(DISTINCT their_key) FROM conflicted")
        certain = self._count("SELECT count(DISTINCT their_key) FROM certain") - conflicts
        probable = self._count("SELECT count(DISTINCT their_key) FROM likely")
        rest = self._count("SELECT count(*) FROM theirs") - conflicts - certain - probable
        known = self._compared()
        missing = tuple(field for field in _TOLD if self._tells(field) and field not in known)
        return Pairing(self.kind, self.source, certain, probable, rest, conflicts, ("number", *known), missing)

    def candidates(self, only: Collection[str] | None = None) -> list[Candidate]:
        """The probable ones, the surest first; `only`: the keys of ours that may be seen."""
        return self._listed("SELECT their_key, our_key, rank, score FROM likely", only)

    def conflicts(self, only: Collection[str] | None = None) -> list[Candidate]:
        """The certain ones that contradict each other."""
        return self._listed("SELECT their_key, our_key, 0 AS rank, 1.0 AS score FROM conflicted", only)

    def doubted(self, only: Collection[str] | None = None) -> list[Candidate]:
        """The certain ones of whom another name or date of birth is told."""
        return self._listed("SELECT their_key, our_key, 0 AS rank, 1.0 AS score FROM doubted", only)

    def judged(self, only: Collection[str] | None = None) -> list[Candidate]:
        """The pairs that somebody decided about, as far as both are still there."""
        return self._listed("SELECT their_key, our_key, 0 AS rank, 1.0 AS score FROM judged", only)

    def taken(self, their_key: str, our_key: str) -> bool:
        """Whether either of the two has another partner already."""
        return self._count(likeness.TAKEN, [their_key, our_key]) > 0

    def there(self, pairs: Collection[tuple[str, str]]) -> frozenset[tuple[str, str]]:
        """Which of these pairs, theirs and ours, are both still named."""
        sides = [list(side) for side in zip(*sorted(pairs), strict=True)] or [[], []]
        rows = self.con.execute(
            "SELECT p.their_key, p.our_key FROM (SELECT unnest(CAST(? AS VARCHAR[])) AS their_key, "
            "unnest(CAST(? AS VARCHAR[])) AS our_key) AS p "
            "SEMI JOIN theirs AS t ON t.key = p.their_key SEMI JOIN ours AS o ON o.key = p.our_key",
            sides,
        ).fetchall()
        return frozenset((str(row[0]), str(row[1])) for row in rows)

    def renamed(self) -> Renamed:
        """What a publication must read otherwise."""
        return tuple(Reread(*row) for row in self.con.execute(likeness.RENAMED).fetchall())

    def _compared(self) -> tuple[str, ...]:
        """What both sides tell; the rest is not compared, and so not shown."""
        return tuple(
            field
            for field in _TOLD
            if self._tells(field) and self._known("theirs", field) and self._known("ours", field)
        )

    def _tells(self, field: str) -> bool:
        """Whether the other source has a column for this."""
        return any(getattr(naming, field) for naming in self.named)

    def _known(self, side: str, field: str) -> bool:
        return self._count(f"SELECT count({'plain' if field == 'name' else field}) FROM {side}") > 0

    def _count(self, sql: str, values: list[str] | None = None) -> int:
        row = self.con.execute(sql, values or []).fetchone()
        return int(row[0]) if row else 0

    def _listed(self, pairs: str, only: Collection[str] | None) -> list[Candidate]:
        seen = "true" if only is None else "list_contains($only, o.key)"
        compared = self._compared()
        name = "o.shown" if "name" in compared or self.kind == "organisation" else "NULL"
        birth = "o.birth_date" if "birth_date" in compared else "NULL"
        rows = self.con.execute(
            f"SELECT t.number, t.site, t.shown, t.birth_date, o.number, o.site, {name}, {birth}, "
            "t.key, o.key, o.source, t.lines, coalesce(t.plain <> o.plain, false), p.rank "
            f"FROM ({pairs}) AS p JOIN theirs AS t ON t.key = p.their_key JOIN ours AS o ON o.key = p.our_key "
            f"WHERE {seen} ORDER BY p.rank, p.score DESC, t.lines DESC, t.key, o.key LIMIT {LIMIT}",
            {} if only is None else {"only": sorted(only)},
        ).fetchall()
        return [
            Candidate(Told(*r[:4]), Told(*r[4:8]), r[8], r[9], r[10], r[11], r[12], _REASONS.get(r[13], ""))
            for r in rows
        ]


def pairs(landed: Iterable[Landed]) -> list[tuple[Kind, str]]:
    """The kind and the source of every pairing that what landed could have."""
    return [(kind, item.source) for item in landed for kind in KINDS if of_layout(item.layout, kind)]


@contextmanager
def matching(
    landed: Iterable[Landed],
    elements: frozenset[str],
    kind: Kind,
    source: str,
    verdicts: Iterable[Verdict],
    keys: Mapping[str, Keys] = AS_THEY_STAND,
) -> Iterator[Matching]:
    """One source against the roster, of which `keys` says how the keys of each source are read.

    Raises KeyError for a source that did not land, or names nobody of this kind.
    """
    found = under(deliveries(landed), keys)
    theirs = {item.source: item for item in found if of_layout(item.layout, kind)}[source]
    named, needed = of_layout(theirs.layout, kind), mappings.columns_for(elements)
    with duck.worker() as con:
        _roll(con, found, kind, elements)
        _named(con, theirs, named, needed.get(theirs.layout, {}), of_sites=kind == "pupil")
        _judged(con, [v for v in verdicts if (v.kind, v.source) == (kind, source)])
        for step in likeness.STEPS:
            con.execute(step)
        yield Matching(con, kind, source, named)


def renames(
    landed: Iterable[Landed],
    elements: frozenset[str],
    verdicts: Iterable[Verdict],
    keys: Mapping[str, Keys] = AS_THEY_STAND,
) -> Renames:
    """What a publication must read otherwise, by source and kind. Without a verdict there is nothing to compute."""
    landed, verdicts = list(landed), list(verdicts)
    judged = {(verdict.kind, verdict.source) for verdict in verdicts}
    found: dict[tuple[str, str], Renamed] = {}
    for kind, source in pairs(landed):
        if (kind, source) in judged:
            with matching(landed, elements, kind, source, verdicts, keys) as each:
                found[source, kind] = each.renamed()
    return {key: renamed for key, renamed in found.items() if renamed}


def _roll(con: duckdb.DuckDBPyConnection, found: Iterable[Delivery], kind: Kind, elements: frozenset[str]) -> None:
    """Everyone whom the rosters know, as the table `ours`; a column that no approved need names is unknown."""
    files, needed = [file for delivery in found for file in delivery.files], mappings.columns_for(elements)
    reads: dict[tuple[str, str], set[str]] = {}
    for column in lineage.base_columns(lineage.parsed(roll(kind))):
        reads.setdefault((column.schema, column.table), set()).add(column.column)
    for (layout, name), columns in reads.items():
        con.execute(f"CREATE SCHEMA IF NOT EXISTS {quoted(layout)}")
        open_ = needed.get(layout, {}).get(name, frozenset())
        landed = [file for file in files if (file.layout, file.name) == (layout, name)]
        filling.create_relation(con, layout, name, landed, columns - {mappings.ORIGIN}, open_)
    told = _told(kind, elements)
    con.execute(likeness.ours(f"SELECT r.key, r.number, r.site, r.finds, {told}, r.source FROM ({roll(kind)}) AS r"))


def _told(kind: Kind, elements: frozenset[str]) -> str:
    """What tells people apart, as far as a need names it for this kind: a column may have come in for another kind."""
    types = {"name_prefix": "VARCHAR", "family_name": "VARCHAR", "birth_date": "DATE"}
    return ", ".join(
        f"r.{name} AS {name}"
        if kind == "organisation" or f"{kind}.{name}" in elements
        else f"CAST(NULL AS {type_}) AS {name}"
        for name, type_ in types.items()
    )


def _named(
    con: duckdb.DuckDBPyConnection,
    delivery: Delivery,
    named: Iterable[Naming],
    needed: Mapping[str, frozenset[str]],
    *,
    of_sites: bool,
) -> None:
    """Everyone whom the other source names, once each, as the table `theirs`."""
    parts = [likeness.NOBODY]
    for naming in named:
        columns = [naming.key, *(c for c in (naming.site, naming.name, naming.birth_date) if c)]
        files = [file for file in delivery.files if file.name == naming.file]
        con.execute(f"CREATE SCHEMA IF NOT EXISTS {quoted(delivery.layout)}")
        filling.create_relation(con, delivery.layout, naming.file, files, columns, needed.get(naming.file, frozenset()))
        site, name, birth = (quoted(c) if c else "NULL" for c in (naming.site, naming.name, naming.birth_date))
        parts.append(
            f"SELECT {quoted(naming.key)}, CAST({site} AS VARCHAR), CAST({name} AS VARCHAR), CAST({birth} AS DATE) "
            f"FROM {quoted(delivery.layout)}.{quoted(naming.file)}"
        )
    con.execute(likeness.theirs(" UNION ALL ".join(parts), of_sites=of_sites))


def _judged(con: duckdb.DuckDBPyConnection, verdicts: Iterable[Verdict]) -> None:
    con.execute("CREATE TABLE judged (their_key VARCHAR, our_key VARCHAR, same BOOLEAN)")
    for verdict in verdicts:
        con.execute("INSERT INTO judged VALUES (?, ?, ?)", [verdict.their_key, verdict.our_key, verdict.same])
