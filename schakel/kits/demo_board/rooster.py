"""The timetable as it was held: the lessons of the last four school weeks and the week ahead."""

from datetime import date

import duckdb

from .exports import Export, Flaw, dangling, impossible_day, text_for_number, twice, wrong_word

_SLOTS = """
CREATE TABLE slot AS
WITH day AS (
  SELECT d.s, d.y, d.day, d.dow FROM school_day d JOIN date_of_site t ON t.s = d.s AND t.day = DATE '{today}'
  WHERE d.n > t.n - 20 AND d.day <= DATE '{today}' + 7
), planned AS (
  SELECT d.s, d.day, k.k, k.code, k.subject, l.hour, [TIME '08:15', '09:05', '09:55', '11:00', '11:50', '13:05', '13:55', '14:50', '15:40'][l.hour] AS begin,
    50 AS minutes, k.room FROM day d JOIN klass k ON k.s = d.s AND k.y = d.y JOIN lesson l ON l.k = k.k AND l.day = d.dow
  UNION ALL
  SELECT d.s, d.day, k.k, k.code, NULL, h.hour::INTEGER, [TIME '08:30', '12:45'][h.hour], [210, 120][h.hour], k.room
  FROM day d JOIN school sc ON sc.s = d.s JOIN klass k ON k.s = d.s AND k.y = d.y AND k.is_home, unnest([1, 2]) AS h(hour)
  WHERE sc.sector <> 'vo' AND NOT (d.dow = 3 AND h.hour = 2)
), taught AS (
  SELECT p.*, d.t, hash(p.k, p.day, p.hour) AS seat FROM planned p LEFT JOIN duty d ON d.k = p.k AND d.role = 'teacher' AND d.is_primary AND d.begin <= p.day AND p.day < d.stop
), settled AS (
  SELECT *, CASE WHEN day > DATE '{today}' THEN CASE WHEN u(seat, 'fate') < 0.01 THEN 'uitgevallen' ELSE 'gepland' END
      WHEN u(seat, 'fate') < CASE WHEN subject IS NULL THEN 0.002 ELSE 0.035 END THEN 'uitgevallen'
      WHEN u(seat, 'fate') < 0.065 THEN 'vervangen' WHEN day = DATE '{today}' THEN 'gepland' ELSE 'gegeven' END AS state
  FROM taught
), cover AS (
  SELECT s, list(t ORDER BY t) AS people FROM staff WHERE job = 'teacher' AND enabled GROUP BY s
)
SELECT x.s, x.day, x.hour, x.code, x.subject, x.begin, x.room, x.minutes, x.state,
  CASE WHEN x.state = 'vervangen' THEN pick(c.people, u(x.seat, 'cover')) ELSE x.t END AS t
FROM settled x LEFT JOIN cover c USING (s) ORDER BY x.day, x.s, x.hour, x.code;
"""

_ROOSTER = """
SELECT z.rowid + 2 AS _row, 'L' || lpad((z.rowid + 1)::VARCHAR, 7, '0') AS Les, sc.brin6 AS Vestiging, z.code AS Klas, z.subject AS Vak,
  t.number AS Docent, nl_date(z.day) AS Datum, z.hour AS Lesuur, left(z.begin::VARCHAR, 5) AS Begin, z.room AS Lokaal, z.minutes AS Minuten, z.state AS Status
FROM slot z JOIN school sc USING (s) LEFT JOIN staff t ON t.t = z.t
"""
_VAKANTIES = """
SELECT row_number() OVER (ORDER BY h.s, h.first, h.name) + 1 AS _row, sc.brin6 AS Vestiging, h.region AS Vakantieregio, h.name AS Naam,
  nl_date(h.first) AS Begin, nl_date(h.last) AS Einde FROM holiday h JOIN school sc USING (s)
"""

EXPORTS = (
    Export("rooster", "rooster", _ROOSTER, (
        twice("Les"), wrong_word("Status", "onbekend"), dangling("Docent", "99999", found_in="roster"), text_for_number("Minuten", "lesuur", action="drop row"),
        impossible_day("Datum", "TRUE", dutch=True), dangling("Klas", "Z9z", found_in="roster"), wrong_word("Begin", "25:10", action="drop value"),
    ), encoding="utf-8-sig"),
    Export("vakanties", "vakanties", _VAKANTIES, (
        wrong_word("Vakantieregio", "oost", "Naam = 'Studiedag'"),
        impossible_day("Einde", "Naam = 'Studiedag'", dutch=True),
        Flaw("Einde", "end before begin", "nl_date(strptime(\"Begin\", '%d-%m-%Y')::DATE - 7)", "Naam = 'Studiedag'", "end after begin"),
    )),
)  # fmt: skip


def draw(con: duckdb.DuckDBPyConnection, today: date) -> None:
    """Make the table slot, in the order of the file."""
    con.execute(_SLOTS.format(today=today))
