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

# Between a number and the site of which it is one; a number that has this sign itself is compared with nobody.
_AT = " @ "


def ours(rows: str) -> str:
    """The SQL that makes the table `ours` of rows with key, number, site, finds, name_prefix, family_name, birth_date
    and source.

    `counts`: the number may make certain whom it is: nobody else has it, or it is not one of a site, where to share is
    usual. `finds`: what a number of theirs is read as to be exactly this one; empty where that cannot be said.
    """
    spoken = "nullif(trim(concat_ws(' ', r.name_prefix, r.family_name)), '')"
    return (
        "CREATE TABLE ours AS SELECT r.key, r.number, r.site, r.birth_date, r.source, "
        f"{spoken} AS shown, {PLAIN.format(name='r.family_name')} AS plain, {BARE.format(number='r.number')} AS bare, "
        "(min(r.key) OVER same = max(r.key) OVER same OR count(r.site) OVER same = 0) AS counts, "
        "CASE WHEN min(r.key) OVER finding = max(r.key) OVER finding THEN r.finds END AS finds "
        f"FROM (SELECT * FROM ({rows}) AS o WHERE o.key IS NOT NULL "
        "QUALIFY row_number() OVER (PARTITION BY o.key, o.number ORDER BY o.source, o.site) = 1) AS r "
        "WINDOW same AS (PARTITION BY r.number), finding AS (PARTITION BY r.finds)"
    )


# Rows of theirs as they are named: a number, the site beside it, and what is told.
NOBODY = (
    "SELECT NULL::VARCHAR AS number, NULL::VARCHAR AS place, NULL::VARCHAR AS name, "
    "NULL::DATE AS birth_date WHERE false"
)


def theirs(rows: str, *, of_sites: bool = True) -> str:
    """The SQL that makes `named` of such rows, and `theirs`: once each, with their lines. After `ours`.

    A number that others have as well names another one at each site that has it. `of_sites`: the numbers of a roster
    that knows one site are of that site alone, and name nobody at another (pupils; staff work at several).
    """
    whole = "n.place IN (SELECT o.site FROM ours AS o WHERE starts_with(o.key, o.site || '.'))" if of_sites else "false"
    return f"""
CREATE TABLE named AS
SELECT r.number, r.place, r.site, r.number || coalesce('{_AT}' || r.site, '') AS key,
  min(r.name) AS shown, min(r.birth_date) AS birth_date, count(*) AS lines
FROM (
  SELECT n.*, CASE WHEN {whole} OR (n.number, n.place) IN (
    SELECT (o.number, o.site) FROM ours AS o WHERE o.number IS NOT NULL AND o.site IS NOT NULL AND NOT o.counts
  ) THEN n.place END AS site
  FROM ({rows}) AS n
) AS r
WHERE r.number IS NOT NULL AND NOT contains(r.number, '{_AT}')
GROUP BY ALL;
CREATE TABLE theirs AS
SELECT n.key, n.number, n.site, n.placed, n.shown, n.birth_date, n.lines,
  {PLAIN.format(name="n.shown")} AS plain, {BARE.format(number="n.number")} AS bare
FROM (
  SELECT m.key, m.number, m.site, bool_or({of_sites} AND m.place IS NOT NULL) AS placed, min(m.shown) AS shown,
    min(m.birth_date) AS birth_date, sum(m.lines)::BIGINT AS lines
  FROM named AS m GROUP BY m.key, m.number, m.site
) AS n
"""


# Whom a number finds by itself, as the look-ups of the mappings do: at its site first, and else over every source. What
# is a number of one site finds nobody for who names another; the sum of an ECK iD is one of everywhere.
NUMBERED = """
CREATE TABLE numbered AS
WITH here AS (SELECT t.key AS their_key, o.key AS our_key FROM theirs AS t JOIN ours AS o USING (number, site))
SELECT h.their_key, h.our_key FROM here AS h
UNION
SELECT t.key, o.key FROM theirs AS t
JOIN ours AS o ON o.number = t.number AND o.counts AND (o.site IS NULL OR o.number LIKE 'eck-%' OR NOT t.placed)
ANTI JOIN here AS h ON h.their_key = t.key
"""

CERTAIN = """
CREATE TABLE certain AS
SELECT p.their_key, t.number, p.our_key, bool_or(p.decided) AS decided
FROM (
  SELECT n.their_key, n.our_key, false AS decided FROM numbered AS n
  UNION ALL
  SELECT j.their_key, j.our_key, true AS decided FROM judged AS j SEMI JOIN ours AS o ON o.key = j.our_key WHERE j.same
) AS p
JOIN theirs AS t ON t.key = p.their_key
ANTI JOIN (SELECT j.their_key, j.our_key FROM judged AS j WHERE NOT j.same) AS n
  ON n.their_key = p.their_key AND n.our_key = p.our_key
GROUP BY p.their_key, t.number, p.our_key
"""

# Two partners for one is no partner: what argues is shown, and used by nobody. One number at two sites is one partner.
CONFLICTED = """
CREATE TABLE conflicted AS
SELECT c.their_key, c.our_key FROM certain AS c
QUALIFY count(*) OVER (PARTITION BY c.their_key) > 1
  OR min(c.number) OVER (PARTITION BY c.our_key) < max(c.number) OVER (PARTITION BY c.our_key)
"""
# Whether one of theirs or one of ours has another partner already.
TAKEN = """
SELECT count(*) FROM certain AS c, (SELECT $1 AS their_key, $2 AS our_key) AS p
WHERE (c.their_key = p.their_key AND c.our_key <> p.our_key) OR (c.our_key = p.our_key AND c.number NOT IN (
  SELECT t.number FROM theirs AS t WHERE t.key = p.their_key))
"""

_FREE = """
CREATE TABLE free_theirs AS SELECT t.* FROM theirs AS t ANTI JOIN certain AS c ON c.their_key = t.key;
CREATE TABLE free_ours AS SELECT o.* FROM ours AS o ANTI JOIN certain AS c ON c.our_key = o.key
  WHERE o.finds IS NOT NULL;
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
_UNLIKE = f"(NOT coalesce({_ALIKE}, true) OR coalesce(t.birth_date <> o.birth_date, false))"
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
  FROM free_theirs AS t JOIN free_ours AS o ON t.bare = o.bare AND (t.site IS NULL OR t.site = o.site)
  WHERE t.number <> o.number
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
  FROM free_theirs AS t JOIN free_ours AS o ON left(t.number, 4) = left(o.number, 4)
  WHERE regexp_matches(t.number, '^[0-9]{{2}}[A-Z]{{2}}') AND regexp_matches(o.number, '^[0-9]{{2}}[A-Z]{{2}}')
  UNION ALL
  SELECT t.key, o.key, 6, 1.0
  FROM free_theirs AS t JOIN ours AS o ON t.number = o.number AND (t.site IS NULL OR t.site = o.site)
  ANTI JOIN certain AS c ON c.our_key = o.key AND c.number <> t.number
  WHERE o.finds IS NOT NULL AND NOT {_UNLIKE}
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
WHERE NOT c.decided AND {_UNLIKE}
"""

STEPS = (NUMBERED, CERTAIN, CONFLICTED, DOUBTED, LIKELY)  # in this order, after `theirs`, `ours` and `judged`

# What a publication must be told: where a number of theirs has to be read as another, or as nobody's. Whatever somebody
# decided about is told outright.
RENAMED = """
SELECT n.number, n.place, o.finds
FROM named AS n
LEFT JOIN (
  SELECT c.* FROM certain AS c ANTI JOIN conflicted AS x ON x.their_key = c.their_key AND x.our_key = c.our_key
) AS u ON u.their_key = n.key
LEFT JOIN ours AS o ON o.key = u.our_key
LEFT JOIN (
  SELECT b.their_key, min(b.our_key) AS our_key FROM numbered AS b GROUP BY b.their_key HAVING count(*) = 1
) AS s ON s.their_key = n.key
WHERE u.our_key IS DISTINCT FROM s.our_key
  OR n.key IN (SELECT j.their_key FROM judged AS j SEMI JOIN ours AS k ON k.key = j.our_key)
ORDER BY ALL
"""
