"""The chain picture as a table: one row for each thread, with everything that hangs on it."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from schakel.chain.graph import Graph
from schakel.lib.text import gettext as _
from schakel.portal import figures, tables
from schakel.portal.pages import kinds
from schakel.portal.pages.words import state_word
from schakel.portal.tables import Cell, Column, Pairs, Row, Shown, Table
from schakel.portal.threads import Web, systems_of

SIZE = 12
NAMED = 2


def shown(whole: Graph, drawn: Web, on: Web | None, query: Mapping[str, str], keep: Pairs) -> Shown:
    """The threads that are drawn, or those on the path of the chosen thing; then what no need helps with."""
    lit = drawn if on is None else on
    seen = drawn.everything() & lit.everything()
    numbers = sorted(drawn.layers["need"] & lit.layers["need"])
    if on is None:
        numbers += [n for n in sorted(drawn.layers["activity"]) if not whole.under(n, "need")]
        numbers += [n for n in sorted(drawn.layers["goal"]) if not whole.under(n, "activity")]
    return tables.shown(_table([tables.later(partial(_cells, whole, seen, n)) for n in numbers]), query, keep)


def _table(rows: Sequence[Row]) -> Table:
    columns = [
        Column("need", _("Behoefte")),
        Column("goal", _("Doel en activiteit")),
        Column("element", _("Gegevens")),
        Column("system", _("Bron")),
        Column("product", _("Voorziening")),
        Column("role", _("Persoon")),
    ]
    return Table(
        _("De keten als tabel"),
        columns,
        rows,
        key="k",
        search=_("woord uit een rij"),
        empty=_("Geen behoefte past bij deze keuze. Kies ruimer."),
        size=SIZE,
    )


def _cells(whole: Graph, seen: set[int], number: int) -> dict[str, Cell]:
    return _thread(whole, seen, number) if whole.nodes[number].kind == "need" else _bare(whole, number)


def _thread(whole: Graph, seen: set[int], number: int) -> dict[str, Cell]:
    """Everything that hangs on one need, as far as it is drawn."""
    node = whole.nodes[number]
    elements = [n for n in whole.under(number, "element") if n in seen]
    systems = [s for element in elements for s in systems_of(whole, element) if s in seen]
    products = [n for n in whole.over(number, "product") if n in seen]
    receiving = [whole.over(product, "role") for product in products] or [whole.over(number, "role")]
    note = f"B-{node.pk:04d} · {state_word(node.state)}"
    return {
        "need": tables.words(node.name, href=kinds.picture_of("need", node.key), note=note),
        "goal": _goal(whole, whole.over(number, "activity")),
        "element": _named(whole, elements, _("geen gegevens"), "element"),
        "system": _named(whole, systems, _("geen bron")),
        "product": _named(whole, products, _("geen overzicht")),
        "role": _named(whole, [role for roles in receiving for role in roles if role in seen], _("niemand")),
    }


def _bare(whole: Graph, number: int) -> dict[str, Cell]:
    """An activity or a goal that no need helps with yet."""
    node = whole.nodes[number]
    goal = _goal(whole, [number]) if node.kind == "activity" else tables.words(node.name)
    return {"need": Cell(figures.Figure(_("geen behoefte"), "unknown")), "goal": goal}


def _goal(whole: Graph, activities: Iterable[int]) -> Cell:
    found = [whole.nodes[n] for n in activities]
    if not found:
        return Cell(figures.Figure(_("geen activiteit"), "unknown"))
    goals = [whole.nodes[n].name for n in whole.over(next(iter(activities)), "goal")]
    return tables.words(goals[0] if goals else _("geen doel"), note=found[0].name)


def _named(whole: Graph, numbers: Iterable[int], nothing: str, kind: str = "") -> Cell:
    """The first names, and how many more; a count in front where there are often many."""
    names = sorted({whole.nodes[n].name for n in numbers}, key=str.casefold)
    if not names:
        return Cell(figures.Figure(nothing, "unknown"))
    more = len(names) - NAMED
    text = ", ".join(names[:NAMED]) + (_(" en %(count)s andere") % {"count": more} if more > 0 else "")
    if kind:
        return Cell(figures.Figure(kinds.counted(kind, len(names))), note=text, order=len(names))
    return tables.words(text)
