"""The roster as OneRoster 1.2.1: sessions, organisations, courses, classes, people, roles and enrolments."""

import duckdb

from .exports import LAS, Export, Flaw, backwards, dangling, empty, impossible_day, shouted, twice, wrong_word
from .loading import load, run
from .teaching import SANNE, TOM

# Mistakes lie where nothing refers to the row (`_spare`): one mistake must not look like two.
_CLASSES = (
    Flaw("subjectCodes", "lists of different length", "subjectCodes || ',x'", "list-length", "_row % 3 = 0", "accept"),
)
_COURSES = (
    Flaw("schoolYearSourcedId", "session of the wrong type", "(SELECT 'sj' || max(ends) || '-1' FROM school_year)",
         "reference-type", action="accept", found_in="package"),
)  # fmt: skip
_ROLES = (
    Flaw("roleType", "second primary role", "'primary'", "primary-role", "_spare", "accept"),
    wrong_word("role", "teamleider", "_spare"),
    empty("roleType", "_spare", "accept"),
    impossible_day("beginDate", "_spare", "drop value"),
    dangling("orgSourcedId", "org-99", "_spare"),
    backwards("endDate", "(beginDate - 30)::VARCHAR", "_spare"),
)
_ENROLLMENTS = (
    twice("sourcedId", "_spare"),
    Flaw("sourcedId", "sign not allowed in a key", "'en#' || _row", "identifier", "_spare", "accept"),
    impossible_day("beginDate", "_spare", "drop value"),
    wrong_word("role", "leerling", "_spare"),
    empty("role", "_spare"),
    dangling("userSourcedId", "ll999999", "_spare"),
    dangling("classSourcedId", "kl999999", "_spare"),
    backwards("endDate", "beginDate::VARCHAR", "_spare AND strftime(beginDate, '%d-%m') <> '01-08'"),
    Flaw("primary", "boolean in capitals", "'FALSE'", "vocabulary-case", "_spare", "accept"),
)
_DEMOGRAPHICS = (
    impossible_day("birthDate", action="drop value"),
    wrong_word("sex", "v", action="drop value"),
    Flaw("sourcedId", "broken reference", "'ll99' || _row", "reference", found_in="package"),
)

EXPORTS = (
    Export("academicSessions", LAS),
    Export("orgs", LAS),
    Export("courses", LAS, _COURSES),
    Export("classes", LAS, _CLASSES),
    Export("users", LAS, (shouted("enabledUser"),)),
    Export("roles", LAS, _ROLES),
    Export("enrollments", LAS, _ENROLLMENTS),
    Export("demographics", LAS, _DEMOGRAPHICS),
)


def keep(con: duckdb.DuckDBPyConnection) -> None:
    """Make the tables pupil_role, user_row, role_row and enrolment_row, each in the order of its file."""
    load(con, "stock_group", "s INTEGER; code VARCHAR", (TOM, SANNE))
    run(con, "roster")
