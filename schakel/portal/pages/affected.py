"""The people in a page about consequences: how many, in which role, at which school; names only from the register."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from schakel.chain import holders
from schakel.chain.graph import Graph, Node
from schakel.chain.holders import ANYWHERE, Holders, Who
from schakel.chain.impact import Reached
from schakel.lib.text import gettext as _
from schakel.lib.text import language
from schakel.portal import figures, tables
from schakel.portal.pages import kinds
from schakel.portal.pages.kinds import counted, impact_of
from schakel.portal.parts import Status
from schakel.portal.tables import Cell, Column, Filter, Row, Shown, Table

NAMED_AT_ONCE = 1000  # more names than this are only shown for one role at a time
PAGE = 50
PLACES_NAMED = 2


@dataclass(frozen=True)
class Affected:
    """The people who are hit: how many at once, how many later or less, and the tables about them."""

    now: int
    later: int
    by_role: Shown
    by_place: Shown
    names: Shown

    @property
    def anyone(self) -> bool:
        """Whether there is anyone at all."""
        return bool(self.now or self.later)


def affected(reached: Reached, query: Mapping[str, str], keep: Sequence[tuple[str, str]] = ()) -> Affected:
    """Everyone who is hit, with what they miss."""
    firm, all_ = reached.who(firm=True), reached.who(firm=False)
    now, every = holders.people(firm), holders.people(all_)
    counts = holders.holders()
    return Affected(
        now,
        every - now,
        tables.shown(_roles(reached, counts, firm, all_), query, keep),
        tables.shown(_places(reached.whole, counts, all_), query, keep),
        _names(reached.whole, counts, all_, query, keep),
    )


def _roles(reached: Reached, counts: Holders, firm: Who, who: Who) -> Table:
    """Per role how many, where, and what they miss."""
    per_role = _per_role(counts, who)
    columns = [
        Column("role", _("Rol")),
        Column("people", _("Mensen"), number=True),
        Column("where", _("Waar")),
        Column("what", _("Wat zij missen"), wide=True),
        Column("when", _("Wanneer")),
    ]
    numbers = {reached.whole.nodes[n].key: n for n in reached.whole.of_kind("role")}
    rows = [_role(reached, counts, numbers[role], per_role[role], (firm, who)) for role in per_role if role in numbers]
    empty = _("Niemand ontvangt iets dat hierop rust.")
    return Table(_("Mensen per rol"), columns, rows, key="r", order="-people", empty=empty)


def _per_role(counts: Holders, who: Who) -> dict[str, dict[str, int]]:
    """The people who are hit in each role: at each place."""
    found = {role: dict(counts.places_of(role)) for role in sorted(who.roles)}
    for role in counts.roles_at(who.places):
        places = counts.places_of(role)
        found.setdefault(role, {place: n for place, n in places.items() if place in who.places})
    return found


def _role(
    reached: Reached, counts: Holders, number: int, places: Mapping[str, int], firm_and_all: tuple[Who, Who]
) -> Row:
    whole, (firm, who) = reached.whole, firm_and_all
    node = whole.nodes[number]
    everywhere = node.key in who.roles
    people = counts.of_role.get(node.key, 0) if everywhere else sum(places.values())
    now = node.key in firm.roles or bool(who.places and not everywhere)
    return Row(
        {
            "role": tables.words(figures.capital(node.name), href=impact_of("role", node.key)),
            "people": Cell(_how_many(node, people), order=people),
            "where": tables.words(_where(whole, places)),
            "what": _missing(reached, number),
            "when": Cell(state=when(now), order=not now) if people or node.state != "person" else _not_held(),
        }
    )


def _how_many(role: Node, people: int) -> figures.Figure:
    return figures.Figure(figures.number(people)) if people else figures.Figure(kinds.unheld(role), "none")


def _not_held() -> Cell:
    return Cell(state=Status(_("Niemand heeft deze rol"), "unk", "no"), order=2)


def _where(whole: Graph, places: Mapping[str, int]) -> str:
    """Two schools by name, more by number."""
    schools = sorted(place_name(whole, place) for place in places if place != ANYWHERE)
    if not schools:
        return _("het hele bestuur") if places else ""
    if len(schools) <= PLACES_NAMED:
        return kinds.listed(schools)
    return counted("organisation", len(schools))


def _missing(reached: Reached, number: int) -> Cell:
    """The overviews that no longer come for a role, or the questions that stay without an answer."""
    hits = reached.hits
    products = [reached.whole.nodes[n] for n in reached.whole.under(number, "product") if n in hits]
    needs = [reached.whole.nodes[n] for n in reached.whole.under(number, "need") if n in hits]
    nodes = sorted(dict.fromkeys(products or needs), key=lambda node: node.name.casefold())
    if not nodes:
        return Cell(figures.Figure(_("deze rol zelf")))
    more = _(" en %(count)s andere") % {"count": figures.number(len(nodes) - 1)} if len(nodes) > 1 else ""
    note = f"{nodes[0].name}{more}"
    return Cell(figures.Figure(counted("product" if products else "need", len(nodes))), note=note, order=len(nodes))


def when(firm: bool) -> Status:
    """Whether something is noticed at once."""
    return Status(_("Meteen"), "bad") if firm else Status(_("Later of minder"), "unk")


def place_name(whole: Graph, place: str) -> str:
    """The name of a school; its key when the register does not know it."""
    if place == ANYWHERE:
        return _("Het hele bestuur")
    number = whole.find("organisation", place)
    return whole.nodes[number].name if number is not None else place


def _places(whole: Graph, counts: Holders, who: Who) -> Table:
    """Per school how many people in which roles. Whoever has two roles there counts in each."""
    names = {whole.nodes[n].key: whole.nodes[n].name for n in whole.of_kind("role")}
    found: dict[str, dict[str, int]] = {}
    for role, places in _per_role(counts, who).items():
        for place, people in places.items():
            found.setdefault(place, {})[names.get(role, role)] = people
    columns = [
        Column("place", _("School")),
        Column("people", _("Aanstellingen"), number=True),
        Column("roles", _("In welke rol"), wide=True, sorts=False),
    ]
    rows = [_place(whole, place, roles) for place, roles in found.items()]
    empty = _("Er is geen school waar iemand dit merkt.")
    return Table(_("Mensen per school"), columns, rows, key="s", order="place", empty=empty, size=PAGE)


def _place(whole: Graph, place: str, roles: Mapping[str, int]) -> Row:
    name, total = place_name(whole, place), sum(roles.values())
    return tables.later(partial(_spread, whole, place, roles), place=name.casefold(), people=total)


def _spread(whole: Graph, place: str, roles: Mapping[str, int]) -> dict[str, Cell]:
    """How the people of a school are spread over roles."""
    said = ", ".join(f"{name} ({figures.number(n)})" for name, n in sorted(roles.items()))
    href = impact_of("organisation", place) if place and whole.find("organisation", place) is not None else ""
    total = sum(roles.values())
    return {
        "place": tables.words(place_name(whole, place), href=href),
        "people": Cell(figures.Figure(figures.number(total)), order=total),
        "roles": tables.words(said),
    }


def _names(whole: Graph, counts: Holders, who: Who, query: Mapping[str, str], keep: Sequence[tuple[str, str]]) -> Shown:
    """The people of the register by name, a page at a time; who stands only in the roster is counted, not named."""
    role = query.get("p-rol", "")
    found = holders.chosen(who)
    keys = [("", _("Alle rollen")), *sorted(_role_names(whole, counts, who).items(), key=lambda pair: pair[1])]
    chosen = role if role in dict(keys) else ""
    if chosen:
        found = found.filter(role__key=chosen)
    few = len(found.order_by().values_list("pk")[: NAMED_AT_ONCE + 1]) <= NAMED_AT_ONCE
    total = found.count() if few else 0
    start = tables.start_of(query.get("p-vanaf", ""), total, PAGE)
    rows = found.order_by("person__name", "person", "role").values_list(
        "person", "person__name", "role__nl", "role__en", "organisation_key"
    )[start : start + PAGE] if few else []  # fmt: skip
    columns = [("name", _("Naam")), ("role", _("Rol")), ("where", _("Waar"))]
    nobody = _("Niemand van hen staat met een aanstelling in het register.")
    table = Table(
        _("Mensen met een aanstelling in het register"),
        [Column(key, label, sorts=False) for key, label in columns],
        [_person(whole, row, chosen) for row in rows],
        key="p",
        filters=[Filter("rol", _("Rol"), keys)] if len(keys) > 2 else (),  # noqa: PLR2004 - a choice of one is none
        empty=nobody if few else _("Dat zijn er meer dan duizend. Kies een rol om namen te zien."),
        size=PAGE,
    )
    return replace(tables.paged(tables.shown(table, query, keep), start, total), total=total, found=total)


def _role_names(whole: Graph, counts: Holders, who: Who) -> dict[str, str]:
    keys = who.roles | counts.roles_at(who.places).keys()
    nodes = (whole.nodes[n] for n in whole.of_kind("role"))
    return {node.key: figures.capital(node.name) for node in nodes if node.key in keys}


def _person(whole: Graph, row: tuple[Any, ...], chosen: str) -> Row:
    number, name, nl, en, place = row
    return Row(
        {
            "name": tables.words(name, href=impact_of("person", str(number))),
            "role": tables.words(en if language() == "en" and en else nl),
            "where": tables.words(place_name(whole, place)),
        },
        {"rol": chosen},
    )
