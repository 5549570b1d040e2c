"""Who could be whom: the SQL that compares two lists of people or schools, `theirs` and `ours`, for one source.

Certain is what needs no judgement: the declared number, or what a person decided. Probable is what looks alike; it
decides nothing by itself (law 11).
"""

THRESHOLD = 0.9  # Jaro-Winkler of two family names; 'Jansen' and 'Janssen' have 0.97, 'Jansen' and 'Hansen' 0.89
_PREFIXES = "aan|af|al|bij|d|de|den|der|des|dos|du|el|het|in|la|le|les|op|over|s|t|te|ten|ter|uit|van|ver|von|voor"

# A family name without prefix, accents, blanks and hyphens, whichever way a source writes them; empty is unknown.
PLAIN = (
    "nullif(regexp_replace(regexp_replace(strip_accents(lower({name})), "
    rf"'\b({_PREFIXES})\b', ' ', 'g'), '[^\p{{{{L}}}}\d]+', '', 'g'), '')"
)
# A number as it is after a spreadsheet took its leading zeros.
BARE = "nullif(ltrim(lower(trim({number})), '0'), '')"


def ours(rows: str) -> str:
    """The SQL that makes the table `ours` of rows with key, number, name_prefix, family_name, birth_date and source.

    `sole`: nobody else has this number.
    """
    spoken = "nullif(trim(concat_ws(' ', r.name_prefix, r.family_name)), '')"
    return (
        f"CREATE TABLE ours AS SELECT r.key, r.number, r.birth_date, r.source, {spoken} AS shown, "
        f"{PLAIN.format(name='r.family_name')} AS plain, {BARE.format(number='r.number')} AS bare, "
        f"r.number IS NOT NULL AND count(*) OVER (PARTITION BY r.number) = 1 AS sole FROM ({rows}) AS r"
    )


def theirs(rows: str) -> str:
    """The SQL that makes the table `theirs` of rows with key, name and birth_date: once each, with their lines."""
    return (
        "CREATE TABLE theirs AS SELECT n.key, n.shown, n.birth_date, n.lines, "
        f"{PLAIN.format(name='n.shown')} AS plain, {BARE.format(number='n.key')} AS bare "
        "FROM (SELECT r.key, min(r.name) AS shown, min(r.birth_date) AS birth_date, count(*) AS lines "
        f"FROM ({rows}) AS r WHERE r.key IS NOT NULL GROUP BY r.key) AS n"
    )


CERTAIN = """
CREATE TABLE certain AS
SELECT p.their_key, p.our_key, bool_or(p.decided) AS decided
FROM (
  SELECT t.key AS their_key, o.key AS our_key, false AS decided FROM theirs AS t JOIN ours AS o ON o.number = t.key
  UNION ALL
  SELECT t.key AS their_key, o.key AS our_key, true AS decided
  FROM judged AS j JOIN theirs AS t ON t.key = j.their_key JOIN ours AS o ON o.key = j.our_key WHERE j.same
) AS p
ANTI JOIN (SELECT j.their_key, j.our_key FROM judged AS j WHERE NOT j.same) AS n
  ON n.their_key = p.their_key AND n.our_key = p.our_key
GROUP BY p.their_key, p.our_key
"""

# Two partners for one is no partner: what argues is shown, and used by nobody.
CONFLICTED = """
CREATE TABLE conflicted AS
SELECT c.their_key, c.our_key FROM certain AS c
QUALIFY count(*) OVER (PARTITION BY c.their_key) > 1 OR count(*) OVER (PARTITION BY c.our_key) > 1
"""

_FREE = """
CREATE TABLE free_theirs AS SELECT t.* FROM theirs AS t ANTI JOIN certain AS c ON c.their_key = t.key;
CREATE TABLE free_ours AS SELECT o.* FROM ours AS o ANTI JOIN certain AS c ON c.our_key = o.key WHERE o.sole;
"""
_NEAR = "(levenshtein(CAST(t.birth_date AS VARCHAR), CAST(o.birth_date AS VARCHAR)) = 1 OR ({swapped}))"
_SWAPPED = (
    "year(t.birth_date) = year(o.birth_date) AND month(t.birth_date) = day(o.birth_date) "
    "AND day(t.birth_date) = month(o.birth_date)"
)
_ALIKE = (
    f"(jaro_winkler_similarity(t.plain, o.plain) >= {THRESHOLD} OR (least(length(t.plain), length(o.plain)) >= 4 "
    "AND (contains(t.plain, o.plain) OR contains(o.plain, t.plain))))"
)
_ONCE = (
    "(SELECT {side}.plain FROM free_{side} AS {side} WHERE {side}.plain IS NOT NULL "
    "GROUP BY {side}.plain HAVING count(*) = 1)"
)

# Each way of being alike is a join on equal values, so that the work grows with the lists and not with their product.
LIKELY = f"""
{_FREE}
CREATE TABLE likely AS
SELECT p.their_key, p.our_key, min(p.rank) AS rank, max(p.score) AS score
FROM (
  SELECT t.key AS their_key, o.key AS our_key, 1 AS rank, 1.0 AS score
  FROM free_theirs AS t JOIN free_ours AS o ON t.bare = o.bare
  UNION ALL
  SELECT t.key, o.key, 2, jaro_winkler_similarity(t.plain, o.plain)
  FROM free_theirs AS t JOIN free_ours AS o ON t.birth_date = o.birth_date WHERE {_ALIKE}
  UNION ALL
  SELECT t.key, o.key, 3, 1.0
  FROM free_theirs AS t JOIN free_ours AS o ON t.plain = o.plain WHERE {_NEAR.format(swapped=_SWAPPED)}
  UNION ALL
  SELECT t.key, o.key, 4, 1.0
  FROM free_theirs AS t JOIN free_ours AS o ON t.plain = o.plain
  WHERE (t.birth_date IS NULL OR o.birth_date IS NULL)
    AND t.plain IN {_ONCE.format(side="theirs")} AND o.plain IN {_ONCE.format(side="ours")}
  UNION ALL
  SELECT t.key, o.key, 5, 1.0
  FROM free_theirs AS t JOIN free_ours AS o ON left(t.key, 4) = left(o.number, 4)
  WHERE regexp_matches(t.key, '^[0-9]{{2}}[A-Z]{{2}}') AND regexp_matches(o.number, '^[0-9]{{2}}[A-Z]{{2}}')
) AS p
ANTI JOIN judged AS j ON j.their_key = p.their_key AND j.our_key = p.our_key AND NOT j.same
GROUP BY p.their_key, p.our_key;
"""

# The same number, and yet another name or date of birth: used, and shown, for a number can be given to someone else.
DOUBTED = f"""
CREATE TABLE doubted AS
SELECT c.their_key, c.our_key
FROM certain AS c JOIN theirs AS t ON t.key = c.their_key JOIN ours AS o ON o.key = c.our_key
ANTI JOIN conflicted AS x ON x.their_key = c.their_key AND x.our_key = c.our_key
WHERE NOT c.decided AND (NOT coalesce({_ALIKE}, true) OR t.birth_date <> o.birth_date)
"""

STEPS = (CERTAIN, CONFLICTED, DOUBTED, LIKELY)  # in this order, after `theirs`, `ours` and `judged`

# What a publication must be told: where a number of theirs has to be read as another, or as nobody's.
RENAMED = """
SELECT t.key, CASE WHEN o.sole THEN o.number END
FROM theirs AS t
LEFT JOIN (
  SELECT c.* FROM certain AS c ANTI JOIN conflicted AS x ON x.their_key = c.their_key AND x.our_key = c.our_key
) AS u ON u.their_key = t.key
LEFT JOIN ours AS o ON o.key = u.our_key
LEFT JOIN ours AS n ON n.number = t.key AND n.sole
WHERE o.key IS DISTINCT FROM n.key
ORDER BY t.key
"""
