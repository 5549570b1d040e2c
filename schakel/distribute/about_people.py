"""Which tables of the school model are about people, and which of their columns may name a group (law 5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from schakel.process.model import Column, school_model

# Not about people: places, times, subjects, money, formation. A slot is, as soon as a product uses who gives it.
NEUTRAL = frozenset(
    {
        "organisation", "site", "school_year", "period", "holiday", "group", "subject", "course", "slot", "test",
        "staff_budget", "finance_year", "indicator_value", "site_year", "inspection_value", "exam_outcome", "exam_mark",
    }
)  # fmt: skip
# Free-text codes that many people share; every enumeration counts too. Nothing else of a person may name a group.
_CATEGORIES = frozenset(
    {
        "enrolment.grade_year", "enrolment.education_type", "enrolment.previous_advice", "enrolment.leave_destination",
        "enrolment.site_id", "absence.site_id", "staff_role.site_id", "staff_contract.site_id", "staff_role.role",
        "membership.group_id", "staff_role.group_id", "result.test_id", "result.level", "school_advice.school_year",
        "school_advice.provisional", "school_advice.test_advice", "school_advice.final",
        "reference_level.school_year",
    }
)  # fmt: skip
# Figures that were counted before: which people column says how many stand behind them.
MEASURES: Mapping[str, tuple[str, ...]] = {
    "indicator_value.numerator": ("people_hit",),
    "indicator_value.denominator": ("people",),
    "indicator_value.value": ("people_hit", "people"),
    "indicator_value.norm_state": ("people_hit", "people"),
    "indicator_value.people": ("people",),
    "indicator_value.people_hit": ("people_hit",),
}
# Columns over whose values nothing is ever added up: each value is a table of its own.
APART = frozenset({"indicator_value.indicator_key", "indicator_value.snapshot_on", "indicator_value.period"})


@dataclass(frozen=True)
class People:
    """The key of a person in a table: which kind of person, and in which column."""

    kind: str
    column: str


@cache
def people_in(table: str, *, with_staff: bool = False) -> People | None:
    """Whom the rows of a table are about; None for a table that is not about people.

    `with_staff`: the product uses who gives a lesson. Raises KeyError for a table of which it is not known.
    """
    if table in NEUTRAL:
        return People("staff", "staff_id") if table == "slot" and with_staff else None
    columns = school_model()[table].columns
    for kind in ("pupil", "staff"):
        if f"{kind}_id" in columns:
            return People(kind, f"{kind}_id")
    raise KeyError(table)


def names_a_group(element: str) -> bool:
    """Whether a column of a table about people may itself stand as the name of a group in a figure."""
    column = _column(element)
    return column.table in NEUTRAL or element in _CATEGORIES or bool(column.vocabulary)


def is_day(element: str) -> bool:
    """Whether a column is a date: it may name a group once it is rounded to a week, month or year."""
    return _column(element).type == "DATE"


def _column(element: str) -> Column:
    table, _dot, name = element.partition(".")
    return school_model()[table].columns[name]
