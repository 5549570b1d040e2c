"""The gradebook: monitoring tests twice a year in primary schools, method tests, school marks and central exams."""

import duckdb

from .exports import (
    LAS,
    Export,
    Flaw,
    backwards,
    dangling,
    empty,
    impossible_day,
    shouted,
    text_for_number,
    twice,
    wrong_word,
)
from .loading import run, sql

_USUAL_TESTS = 2  # marks per subject and year when no number of facts is asked
_ELSEWHERE = "(SELECT pupil_id(min(p)) FROM pupil JOIN school USING (s) WHERE sector = 'so')"
_NOT_THERE = "lineItemSourcedId NOT IN (SELECT item_id(i.i) FROM item i JOIN school USING (s) WHERE sector = 'so')"

_LINE_ITEMS = (
    empty("title", "_planned", "accept"),
    dangling("categorySourcedId", "ca99", "_planned", "drop value"),
    text_for_number("resultValueMax", "tien", "_planned"),
    backwards("dueDate", "(assignDate - 30)::VARCHAR", "_planned", "accept"),
)
_RESULTS = (
    twice("sourcedId"),
    Flaw("sourcedId", "sign not allowed in a key", "'re#' || _row", "identifier", action="accept"),
    impossible_day("scoreDate", action="drop value"),
    empty("scoreDate", action="accept"),
    wrong_word("scoreStatus", "nagekeken", action="drop value"),
    text_for_number("score", "zeven"),
    Flaw("score", "decimal comma", "replace(score::VARCHAR, '.', ',')", "number", "score IS NOT NULL", "drop value"),
    Flaw("score", "score above the maximum", "'999'", "score-range", "score IS NOT NULL", "accept", "package"),
    shouted("late"),
    dangling("studentSourcedId", "ll999999"),
    dangling("lineItemSourcedId", "ts9999999"),
    Flaw("studentSourcedId", "test of a pupil who is not in the class", _ELSEWHERE, "result-enrolment", _NOT_THERE,
         "accept", "package"),
)  # fmt: skip

EXPORTS = (
    Export("categories", LAS),
    Export("lineItems", LAS, _LINE_ITEMS),
    Export("results", LAS, _RESULTS),
)


def draw(con: duckdb.DuckDBPyConnection, facts: int | None) -> None:
    """Make the tables item and result; with `facts`, about that many results.

    Monitoring tests and exams are taken once; the number of other tests per class makes up what is asked.
    """
    run(con, "tests", tests=_USUAL_TESTS)
    steady, other = _room(con)
    if facts is None:
        run(con, "scores", steady=1.0, other=1.0)
        return
    wanted = max(0, facts - steady)
    tests = max(1, _USUAL_TESTS * wanted // max(1, other))
    run(con, "tests", tests=tests)
    steady, other = _room(con)
    while 0 < other < wanted:
        tests += max(1, tests * (wanted - other) // other)
        run(con, "tests", tests=tests)
        steady, other = _room(con)
    run(con, "scores", steady=min(1.0, facts / max(1, steady)), other=min(1.0, wanted / max(1, other)))


def _room(con: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """How many results there can be: of tests that are taken once, and of the others."""
    row = con.execute(sql("score_room")).fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)
