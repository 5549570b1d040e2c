"""What stands behind a counted column, and what a query passes on of it to the one around it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sqlglot import exp

from schakel.distribute.aggregates import refs
from schakel.engine.sql_scope import Output, Relation


@dataclass(frozen=True)
class Carrier:
    """The key of a person in each row of a table or query."""

    kind: str
    text: str
    optional: bool


@dataclass(frozen=True)
class Behind:
    """What stands behind a counted column: expressions, or names of hidden columns, with keys or numbers of people."""

    hit: str
    out: str = ""
    hit_number: bool = False
    out_number: bool = False
    family: str = ""
    filtered: bool = False
    heads: bool = False


Counted = dict[tuple[str, str], tuple[Behind, ...]]  # (table, column) -> what stands behind it


@dataclass
class Given:
    """What a query passes on to the one around it."""

    carriers: dict[str, str] = field(default_factory=dict)  # hidden column -> kind of person
    behind: dict[str, tuple[Behind, ...]] = field(default_factory=dict)  # output -> what stands behind it


def is_count(value: exp.Expr) -> bool:
    """Whether a figure is a count, of whatever kind."""
    return isinstance(value, exp.Count | exp.Column | exp.Filter)


def visible(relation: Relation) -> list[Output]:
    """The columns of a query that its author wrote; hidden ones carry a mark."""
    return [output for output in relation.outputs if not output.name.startswith("§")]


def from_below(item: Behind, alias: str) -> Behind:
    """What stands behind a figure of an inner query, named as the outer one sees it."""
    out = f'"{alias}"."{item.out}"' if item.out else ""
    return replace(item, hit=f'"{alias}"."{item.hit}"', out=out)


def measure(alias: str, column: str) -> Behind:
    """What stands behind a figure of `indicator_value`: numbers of people, kept beside it."""
    people, hit = f'"{alias}"."people"', f'"{alias}"."people_hit"'
    if column == "people":
        return Behind(people, hit_number=True, family=people)
    return Behind(hit, f"({people} - {hit})", hit_number=True, out_number=True, family=hit)


def keyed(value: exp.Expr, behind: Mapping[tuple[str, str], tuple[Behind, ...]]) -> list[Behind]:
    """What stands behind an expression, as far as people are known by key."""
    return [item for ref in refs(value) for item in behind.get(ref, ()) if not item.hit_number]
