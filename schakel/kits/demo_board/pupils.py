"""Pupils and their way through school: who was where in which of the three years, and in which home group."""

import json
from collections.abc import Iterator
from datetime import date

import duckdb

from .chance import Chance
from .loading import load
from .names import PUPILS, split_family
from .schooldays import SchoolYear
from .schools import SCHOOLS, TRACK_YEARS, School, shared_out, sizes

_SETTLED_DAYS = 7  # a leaver of this year needs a year that has begun

# A cohort: so many pupils of a school and track that are (or by now would have been) in a grade.
Cohort = tuple[int, str, int, int, int | None]


def _cells(school: School) -> list[tuple[str, int, float]]:
    return [(track, grade, weight) for track, weight in school.tracks for grade in range(1, TRACK_YEARS[track] + 1)]


def _shares(school: School, pupils: int, chance: Chance) -> list[int]:
    cells = _cells(school)
    if pupils < len(cells):
        return shared_out(pupils, [1.0] * len(cells))
    weights = [weight * (0.85 + 0.3 * chance.u("cohort", school.name, *cell)) for *cell, weight in cells]
    return [1 + extra for extra in shared_out(pupils - len(cells), weights)]


def _left(number: int, cell: tuple[str, int, float], count: int, years: int) -> Iterator[Cohort]:
    """Pupils who left before the end: about two in a hundred a year."""
    track, grade, _ = cell
    for year in range(years):
        leavers = (count + 7 * grade + 13 * year) // 50
        if leavers:
            yield number, track, grade + 2 - year, leavers, year


def _graduated(number: int, track: str, count: int) -> Iterator[Cohort]:
    """Pupils who finished in the two years before; half of a primary school's go to our own secondary schools."""
    last = TRACK_YEARS[track]
    leavers = (count + 1) // 2 if track == "po" else count
    for since in (1, 2):
        yield number, track, last + since, leavers, None


def cohorts(pupils: int, years: list[SchoolYear], today: date, chance: Chance) -> list[Cohort]:
    """School, track, grade (now), count and, for leavers, the number of the year they left in."""
    leaving_years = 3 if (today - years[-1].start).days > _SETTLED_DAYS else 2
    found: list[Cohort] = []
    for number, (school, size) in enumerate(zip(SCHOOLS, sizes(pupils), strict=True)):
        for cell, count in zip(_cells(school), _shares(school, size, chance), strict=True):
            track, grade, _ = cell
            found.append((number, track, grade, count, None))
            found += _left(number, cell, count, leaving_years)
            if grade == TRACK_YEARS[track]:
                found += _graduated(number, track, count)
    return found


_PUPIL = """
CREATE TABLE pupil AS
WITH one AS (
  SELECT row_number() OVER (ORDER BY s, track, grade, left_y NULLS FIRST, i) - 1 AS p, s, track, grade, left_y
  FROM cohort, unnest(range(n)) AS r(i)
), fate AS (
  SELECT o.p::INTEGER AS p, o.s, o.track, o.grade, o.left_y, t.years AS last_grade,
    CASE WHEN left_y IS NULL AND grade <= t.years AND u(p, 'repeat') < 0.03 THEN 1 + (u(p, 'repeat') < 0.015)::INTEGER END AS repeat_y,
    CASE WHEN left_y IS NULL AND grade <= t.years AND u(p, 'join') < 0.06 THEN floor(u(p, 'join year') * 3)::INTEGER END AS joined_y,
    CASE WHEN sc.sector = 'vo' AND left_y IS NULL AND u(p, 'own') < 0.45
      THEN pick((SELECT list(s ORDER BY s) FROM school WHERE sector = 'po'), u(p, 'feeder')) END AS feeder
  FROM one o JOIN school sc USING (s) JOIN track t USING (track)
)
SELECT f.*, make_date((SELECT max(year(start)) FROM school_year)::BIGINT - 4 - (CASE WHEN sc.sector = 'vo' THEN 8 ELSE 0 END)
    - grade - (repeat_y IS NOT NULL)::INTEGER, 10, 1) + floor(u(p, 'birth') * 365)::INTEGER AS born,
  CASE WHEN p % 40 = 0 THEN '00' || (1000 + p // 40) WHEN p % 40 = 1 THEN (1000 + p // 40)::VARCHAR
    ELSE (100000 + p * 7)::VARCHAR END AS number,
  normal(p, 'ability') * 0.85 + sc.results AS ability,
  u(p, 'conduct') AS conduct
FROM fate f JOIN school sc USING (s) ORDER BY p;
"""

# Pupil 1234 and pupil 001234 both exist: numbers are text.
_STAY = """
CREATE TABLE stay_without_group AS
WITH placed AS (
  SELECT p.*, y.y, y.start, y.stop, p.grade - (2 - y.y) + coalesce((y.y < p.repeat_y)::INTEGER, 0) AS g,
    greatest(1, least(y.stop, DATE '{today}') - y.start) AS span
  FROM pupil p, school_year y
  WHERE (p.joined_y IS NULL OR y.y >= p.joined_y) AND (p.left_y IS NULL OR y.y <= p.left_y)
), found AS (
  SELECT p, y, g <= 0 AS earlier, CASE WHEN g <= 0 THEN feeder ELSE s END AS s, CASE WHEN g <= 0 THEN 'po' ELSE track END AS track,
    CASE WHEN g <= 0 THEN 8 + g ELSE g END AS g,
    CASE WHEN joined_y = y THEN start + floor(u(p, 'joined') * span)::INTEGER
      WHEN track IN ('po', 'so') AND g = 1 THEN greatest(start, least(stop - 1, (born + INTERVAL 4 YEAR)::DATE)) ELSE start END AS begin,
    stop, CASE WHEN left_y = y THEN start + 1 + floor(u(p, 'left') * (span - 1))::INTEGER END AS left_on
  FROM placed WHERE g <= last_grade AND (g >= 1 OR (feeder IS NOT NULL AND g >= -7))
)
SELECT p, y, s, track, g::INTEGER AS g, begin, greatest(begin + 1, coalesce(left_on, stop)) AS stop, left_on IS NOT NULL AS has_left FROM found;
"""

# A home group holds about so many pupils; special education mixes grades.
_SECTION = """
CREATE TABLE stay AS
WITH base AS (
  SELECT *, CASE track WHEN 'so' THEN '' WHEN 'po' THEN g::VARCHAR ELSE CASE WHEN g = 1 THEN 'B' ELSE track END || g END AS form,
    CASE track WHEN 'so' THEN 7.5 WHEN 'po' THEN 24 ELSE 27 END AS size
  FROM stay_without_group
), ranked AS (
  SELECT *, row_number() OVER (PARTITION BY y, s, form ORDER BY CASE WHEN track = 'so' THEN g END, u(p, 'section'), p) - 1 AS place,
    count(*) OVER (PARTITION BY y, s, form) AS people FROM base
), divided AS (
  SELECT *, (place * greatest(1, round(people / size)::INTEGER)) // people AS section FROM ranked
)
SELECT p, y, s, track, g, begin, stop, has_left,
  CASE WHEN track = 'so' THEN pick({birds}, (section % 8) / 8.0) || CASE WHEN section >= 8 THEN ' ' || (1 + section // 8) ELSE '' END
    ELSE form || CASE WHEN section >= 26 THEN chr((96 + section // 26)::INTEGER) ELSE '' END || chr((97 + section % 26)::INTEGER) END AS code
FROM divided ORDER BY y, s, code, p;
CREATE TABLE home AS
SELECT row_number() OVER (ORDER BY y, s, code)::INTEGER - 1 AS home, y, s, any_value(CASE WHEN g = 1 AND track NOT IN ('po', 'so') THEN 'B' ELSE track END) AS track,
  code, list_sort(list(DISTINCT g)) AS grades, count(*)::INTEGER AS people
FROM stay GROUP BY y, s, code ORDER BY home;
"""

_BIRDS = ["Merel", "Kievit", "Reiger", "Fuut", "IJsvogel", "Ooievaar", "Zwaluw", "Grutto"]

_PERSON = """
CREATE TABLE pupil_person AS
WITH drawn AS (
  SELECT p, u(p, 'sex') AS x, n.* FROM pupil JOIN name_group n ON u(p, 'background') >= n.low AND u(p, 'background') < n.high
), named AS (
  SELECT p, CASE WHEN x < 0.495 THEN 'female' WHEN x < 0.998 THEN 'male' ELSE 'unspecified' END AS sex, background,
    often_first(CASE WHEN x < 0.495 THEN girls ELSE boys END, u(p, 'first')) AS first,
    CASE WHEN u(p, 'second') < 0.4 THEN often_first(CASE WHEN x < 0.495 THEN girls ELSE boys END, u(p, 'second name')) END AS second,
    often_first(families, u(p, 'family')) AS family
  FROM drawn
)
SELECT p, sex, background, first, nullif(second, first) AS second, family.prefix AS prefix, family.family AS family FROM named ORDER BY p;
"""


def _name_groups() -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    low = 0.0
    for number, group in enumerate(PUPILS):
        families = [dict(zip(("prefix", "family"), split_family(name), strict=True)) for name in group.families]
        high = low + group.share if number < len(PUPILS) - 1 else 1.0
        rows.append((number, low, high, list(group.girls), list(group.boys), families))
        low = high
    return rows


def enrol(con: duckdb.DuckDBPyConnection, pupils: int, years: list[SchoolYear], today: date, chance: Chance) -> None:
    """Make the tables pupil, pupil_person, stay (a pupil's year at a school, in a home group) and home (the groups)."""
    load(
        con,
        "cohort",
        "s INTEGER; track VARCHAR; grade INTEGER; n INTEGER; left_y INTEGER",
        cohorts(pupils, years, today, chance),
    )
    load(con, "track", "track VARCHAR; years INTEGER", list(TRACK_YEARS.items()))
    load(con, "name_group", "background INTEGER; low DOUBLE; high DOUBLE; girls VARCHAR[]; boys VARCHAR[]; "
         "families STRUCT(prefix VARCHAR, family VARCHAR)[]", _name_groups())  # fmt: skip
    con.execute(
        _PUPIL + _STAY.format(today=today) + _SECTION.format(birds=json.dumps(_BIRDS).replace('"', "'")) + _PERSON
    )
