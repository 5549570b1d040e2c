"""Of which schools each source tells, where several fill one table: a package for each sector, an old one and a new.

Found through the mappings themselves, so that a row counts at the school where it lands. Rows of whoever moved go along
to another school, and a file may have a stray row: a source tells of a school where it has at least half as many
people (or rows) as the source that has most.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

import duckdb

from schakel.engine.duck import quoted
from schakel.process import lineage
from schakel.process.filling import SNAPSHOT, Filled
from schakel.process.mappings import ORIGIN, TableMapping

SEVERAL = 2
_HALF = 0.5
# What leads a row to a school, the surest first, and by which table; of a pupil the school of that day.
_LEADS = {"site_id": "", "group_id": "group", "pupil_id": "enrolment", "staff_id": "staff_role"}
_DAYS = ("date", "taken_on", "reported_on", "start_date")
_COUNTED = ("pupil_id", "staff_id", "group_id")  # whom, or else what, a source tells of there

Sites = dict[str, list[str]]  # by source


def sites_told(
    con: duckdb.DuckDBPyConnection, filled: Iterable[Filled], used: Mapping[str, Sequence[TableMapping]]
) -> dict[str, Sites]:
    """By table that several sources fill, and by source, the sites that it tells of.

    `con` has the landing relations as views and the filled tables in the snapshot.
    """
    every = list(filled)
    there = {item.table: item.columns for item in every}
    several = [item.table for item in every if len(item.sources) >= SEVERAL]
    return {table: _told(con, used[table], there) for table in several}


def _told(con: duckdb.DuckDBPyConnection, used: Iterable[TableMapping], there: Mapping[str, Collection[str]]) -> Sites:
    counts: dict[str, dict[str, int]] = {}
    for text in (_counting(mapping, there) for mapping in used):
        for source, site, count in con.execute(text).fetchall() if text else ():
            of_site = counts.setdefault(site, {})
            of_site[source] = of_site.get(source, 0) + count
    found: Sites = {}
    for site, of_site in sorted(counts.items()):
        for source, count in sorted(of_site.items()):
            if count >= _HALF * max(of_site.values()):
                found.setdefault(source, []).append(site)
    return found


def _counting(mapping: TableMapping, there: Mapping[str, Collection[str]]) -> str:
    """SQL of source, site and how many people or rows; empty where nothing leads to a school."""
    lead = next((name for name in _LEADS if name in mapping.provided), None)
    place = _LEADS[lead] if lead else ""
    if lead is None or (place and "site_id" not in there.get(place, ())):
        return ""
    day = next((name for name in _DAYS if name in mapping.provided), None) if place == "enrolment" else None
    who = next((name for name in _COUNTED if name in mapping.provided), None)
    wanted = {ORIGIN, lead, *(name for name in (day, who) if name)}
    rows = f"({lineage.pruned(mapping.sql, wanted).sql(lineage.DIALECT)}) AS q"
    counted = f"count(DISTINCT q.{quoted(who)})" if who else "count(*)"
    site = "q.site_id"
    if place:
        site, rows = "p.site_id", f"{rows} JOIN {SNAPSHOT}.{quoted(place)} AS p ON p.{lead} = q.{lead}"
    if day:
        rows = f"{rows} AND q.{day} >= p.start_date AND (p.end_date IS NULL OR q.{day} <= p.end_date)"
    return f"SELECT q.{ORIGIN}, {site}, {counted} FROM {rows} WHERE {site} IS NOT NULL GROUP BY ALL"
