"""How a figure counts, in pairs that an expert can extend; and what may never be read as a count of people."""

from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from schakel.distribute import aggregates
from schakel.distribute.aggregates import Aggregate, Same, conjuncts, equals, is_presence
from schakel.distribute.behind import Behind, from_below, is_count, keyed, measure, visible
from schakel.engine.sql import checked
from schakel.lib.errors import Refused
from schakel.process.model import school_model

CASES = Path(__file__).parents[1] / "cases" / "aggregates.tsv"
SCHEMA = {table.name: {name: c.type for name, c in table.columns.items()} for table in school_model().values()}


def parsed(text: str) -> exp.Expr:
    return sqlglot.parse_one(f"SELECT {text}", dialect="duckdb").expressions[0]


def pairs() -> list[list[str]]:
    lines = CASES.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize("case", pairs(), ids=lambda case: case[-1])
def test_each_aggregate(case: list[str]) -> None:
    condition, matters, present, family, adds_up, heads, missing, text = (part if part != "." else "" for part in case)
    assert aggregates.read(parsed(text)) == Aggregate(
        condition, matters, present, family, adds_up == "yes", heads, missing
    )


@pytest.mark.parametrize(
    "text",
    ["max(x)", "min(x)", "any_value(x)", "string_agg(x, ',')", "arg_max(x, y)", "arg_min(x, y)", "bool_or(x > 1)",
     "list(x)", "first(x)", "mode(x)", "max(x) FILTER (WHERE kind = 'late')"],
)  # fmt: skip
def test_an_extreme_is_one_person(text: str) -> None:
    with pytest.raises(Refused) as refusal:
        aggregates.read(parsed(text))
    assert refusal.value.code == "small-groups"
    assert "COUNT, SUM, AVG" in refusal.value.message
    assert refusal.value.where.startswith("«")


def test_the_same_thing_under_two_conditions_is_one_family() -> None:
    """Only then is it known that late and absent add up to all."""
    late, ill, every = (
        aggregates.read(parsed(text))
        for text in ("count_if(kind = 'late')", "count(*) FILTER (WHERE kind = 'sick')", "count(*)")
    )
    assert late.family == ill.family == every.family
    assert late.condition != ill.condition
    assert aggregates.read(parsed("sum(x)")).family != every.family


def test_a_truth_value_from_elsewhere_chooses_rows_too() -> None:
    plain, told = (aggregates.read(parsed("sum(flag)"), is_flag) for is_flag in (lambda _v: False, lambda _v: True))
    assert (plain.condition, plain.family) == ("", 'Sum "flag"')
    assert (told.condition, told.family) == ('(coalesce("flag", 0) <> 0)', "rows")


def test_a_case_that_takes_a_column_is_counted_by_its_value() -> None:
    found = aggregates.read(parsed("sum(CASE WHEN a = 1 THEN x ELSE y END)"))
    assert found.condition == ""
    assert found.matters.endswith("<> 0")


# Conditions


@pytest.mark.parametrize(
    ("text", "presence"),
    [
        ("n IS NULL", True),
        ("NOT n IS NULL", True),
        ("n IS NOT NULL", True),
        ("n > 0", True),
        ("n = 0", True),
        ("n <> 0", True),
        ("NOT n = 0", True),
        ("(n > 0)", True),
        ("n > 1", False),
        ("n >= 0", False),
        ("n < 5", False),
        ("n = 3", False),
        ("0 < n", False),
        ("n + m > 0", False),
        ("n IS TRUE", False),
        ("n BETWEEN 0 AND 5", False),
        ("n = '0'", True),
    ],
)
def test_asking_whether_a_figure_is_there_tells_nothing_else(text: str, presence: bool) -> None:
    assert is_presence(parsed(text).unnest()) is presence


def test_conditions_that_must_all_hold_are_taken_apart() -> None:
    found = [aggregates.text(part) for part in conjuncts(parsed("(a = 1 AND (b = 2 AND NOT c)) AND (d OR e)"))]
    assert found == ['"a" = 1', '"b" = 2', 'NOT "c"', '"d" OR "e"']


def test_columns_that_are_held_equal() -> None:
    conditions = [parsed("a.x = b.x AND a.y = 3 AND (b.z = c.z)"), None, parsed("a.x > d.x OR a.x = e.x")]
    assert list(equals(conditions)) == [('"a"."x"', '"b"."x"'), ('"b"."z"', '"c"."z"')]


def test_one_person_in_three_tables_is_one_person() -> None:
    sql = """
    SELECT count(*) AS n FROM absence AS a JOIN pupil AS p ON p.pupil_id = a.pupil_id
    JOIN enrolment AS e ON e.pupil_id = p.pupil_id JOIN "group" AS g ON g.site_id = e.site_id
    """
    relation = checked(sql, SCHEMA).relation
    same = Same(relation)
    keys = [f'"{source.alias}"."pupil_id"' for source in relation.sources if source.table != "group"]
    assert len({same.of(key) for key in keys}) == 1
    assert same.of(f'"{relation.sources[2].alias}"."site_id"') != same.of(keys[0])


def test_people_who_are_held_unequal_are_two() -> None:
    sql = "SELECT count(*) AS n FROM absence AS a JOIN absence AS b ON a.pupil_id <> b.pupil_id"
    relation = checked(sql, SCHEMA).relation
    same = Same(relation)
    assert len({same.of(f'"{source.alias}"."pupil_id"') for source in relation.sources}) == 2


# What stands behind a figure, one query further


def test_what_stands_behind_a_figure_is_named_as_the_outer_query_sees_it() -> None:
    inner = Behind("§1", "§2", family="rows", filtered=True)
    outer = from_below(inner, "t7")
    assert (outer.hit, outer.out) == ('"t7"."§1"', '"t7"."§2"')
    assert (outer.family, outer.filtered) == ("rows", True)
    assert from_below(Behind("§1"), "t7").out == ""


def test_figures_that_were_counted_before_carry_numbers_of_people() -> None:
    hit = measure("t1", "people_hit")
    assert (hit.hit, hit.out) == ('"t1"."people_hit"', '("t1"."people" - "t1"."people_hit")')
    assert hit.hit_number
    assert hit.out_number
    everyone = measure("t1", "people")
    assert everyone.hit == '"t1"."people"'
    assert everyone.out == ""


def test_only_what_is_known_by_key_takes_part_in_a_rate() -> None:
    by_key, by_number = Behind("§1"), Behind("§2", hit_number=True)
    value = parsed("a.n / a.m + a.o")
    assert keyed(value, {("a", "n"): (by_key,), ("a", "m"): (by_number,)}) == [by_key]


@pytest.mark.parametrize(("text", "count"), [("count(*)", True), ("n", True), ("sum(x)", False), ("n + 1", False)])
def test_only_a_bare_count_can_read_less_than_five(text: str, count: bool) -> None:
    assert is_count(parsed(text)) is count


def test_hidden_columns_are_not_visible() -> None:
    relation = checked("SELECT site_id, count(*) AS n FROM absence GROUP BY 1", SCHEMA).relation
    relation.outputs.append(type(relation.outputs[0])("§1", relation.outputs[0].expression, frozenset()))
    assert [output.name for output in visible(relation)] == ["site_id", "n"]
