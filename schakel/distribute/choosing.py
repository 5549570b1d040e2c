"""What may decide which rows there are: facts about the people themselves; never a figure that counts people."""

from collections.abc import Iterable

from sqlglot import exp

from schakel.distribute.aggregates import conjuncts, is_presence, own, refs, refused, text
from schakel.engine.sql_scope import Relation
from schakel.lib.text import gettext as _


def links(pairs: Iterable[tuple[str, str]], inside: set[str], outside: set[str]) -> bool:
    """Whether one of the equalities ties a person inside a subquery to the person outside it."""
    return any((a in inside and b in outside) or (b in inside and a in outside) for a, b in pairs)


def refuse_windows(relation: Relation, people: set[str]) -> None:
    """Raises Refused for a window that looks from one person to another."""
    for window in own(relation, exp.Window) if people else ():
        if not people & {text(part) for part in window.args.get("partition_by") or []}:
            raise refused(_("Een venster (OVER) over mensen hoort PARTITION BY hun sleutel te hebben."), window)


def refuse_choosing_by_count(relation: Relation, counted_columns: set[tuple[str, str]]) -> None:
    """Figures about people may be shown, but may not decide which rows there are, or in which group."""
    node = relation.node
    parts: list[exp.Expr | None] = [node.args.get("having"), node.args.get("qualify")]
    parts += [join.args.get("on") for join in node.args.get("joins") or []]
    parts += [*relation.keys, *own(relation, exp.Window)]
    order = node.args.get("order")
    if order is not None and node.args.get("limit") is not None:
        numbers = [int(item.this.this) for item in order.expressions if isinstance(item.this, exp.Literal)]
        parts += [order, *(relation.outputs[number - 1].expression for number in numbers)]
    parts += node.expressions if node.args.get("distinct") else []
    where = node.args.get("where")
    parts += [] if where is None else [p for p in conjuncts(where.this) if not is_presence(p)]
    for part in parts:
        if part is not None and counted_columns & set(refs(part)):
            raise refused(_("Een getal over mensen mag niet bepalen welke rijen er zijn."), part)
