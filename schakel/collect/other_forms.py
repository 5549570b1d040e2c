"""Other ways in which people write a value, read as the one in which it is judged and kept, where a field says so."""

import re

from schakel.collect.date_forms import date_value
from schakel.collect.layouts import Field
from schakel.engine.duck import literal

SCHOOL_YEAR, OPEN_END, LESSON = "school_year", "open_end", "lesson"
_YEARS = "(20)?([0-9]{2}) ?[-/] ?(20)?([0-9]{2})"
_NO_END = "2999-01-01"
_LESSON = "(?:lesuur|les|uur|u|p)?[. ]{0,2}([0-9]{1,2}) ?(?:e|de|ste)?[.]? ?(?:lesuur|les|uur|u)?"


def as_kept(field: Field, c: str) -> str:
    """SQL of the text of a cell, in the form that the field asks for."""
    if field.reads_too == SCHOOL_YEAR:
        return _school_year(c)
    if field.reads_too == LESSON:
        return f"coalesce(nullif(regexp_extract(lower({c}), {literal(f'^{_LESSON}$')}, 1), ''), {c})"
    return _open_end(c, field.date_format) if field.reads_too == OPEN_END else c


def is_lesson(text: str) -> bool:
    """Whether a text is the number of a lesson: 3, 3e, 3e uur, les 3."""
    return bool(re.fullmatch(_LESSON, text.lower()))


def _school_year(c: str) -> str:
    """2025/2026, 2025-26 and 25/26 are 2025-2026; years that do not follow each other are left to be refused."""
    first, last = (f"regexp_extract({c}, {literal(f'^{_YEARS}$')}, {part})" for part in (2, 4))
    follows = f"TRY_CAST({first} AS INTEGER) + 1 = TRY_CAST({last} AS INTEGER)"
    return f"CASE WHEN {follows} THEN concat('20', {first}, '-20', {last}) ELSE {c} END"


def _open_end(c: str, forms: str) -> str:
    """Packages of staff write 31-12-2999 or 31-12-9999 where there is no last day."""
    none = f"{date_value(c, forms)} >= DATE '{_NO_END}'"
    return f"CASE WHEN coalesce({none}, false) THEN NULL ELSE {c} END"
