"""Who and what is hit when something leaves, what something rests on, and both for several things at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from schakel.access.people import Person
from schakel.access.permissions import decide
from schakel.chain.graph import Node, graph, start
from schakel.chain.impact import Hit, Reached, foundation, impact, said
from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext
from schakel.portal import figures, tables
from schakel.portal.pages import impact_words as findings
from schakel.portal.pages import kinds
from schakel.portal.pages.affected import Affected, affected, when
from schakel.portal.pages.words import state_chip
from schakel.portal.parts import Action, Door, Doors, Head, Link, Status, Tile, Tiles
from schakel.portal.tables import Cell, Column, Filter, Pairs, Row, Shown, Table

SIZE = 25
TILES = 6  # kinds that are counted above the table; all of them stand in it
MOST = 12  # things that can be chosen at once
FOUND = 20  # things that a search shows


@dataclass(frozen=True)
class Tab:
    """One of the ways to look at a thing."""

    label: str
    href: str
    current: bool


@dataclass(frozen=True)
class Consequences:
    """A page: the people first, then everything that is reached with the path that explains it."""

    head: Head
    tabs: Sequence[Tab]
    tiles: Tiles
    people: Affected | None
    people_heading: str
    heading: str
    table: Shown


def page(person: Person, address: str, key: str, query: Mapping[str, str]) -> Consequences:
    """Who and what is hit when this leaves; Unknown when it does not exist."""
    whole = graph()
    begin = start(whole, kinds.kind_at(address), key)
    reached = impact(whole, begin)
    people = affected(reached, query)
    return Consequences(
        head=_head(
            person, begin.node, findings.of_impact(begin.node, reached, people.now), findings.lede(reached, people)
        ),
        tabs=_tabs(begin.node, up=True),
        tiles=tiles(reached, people),
        people=people,
        people_heading=_("Wie het merkt"),
        heading=_("Wat het raakt"),
        table=tables.shown(hits(reached), query),
    )


def foundation_page(person: Person, address: str, key: str, query: Mapping[str, str]) -> Consequences:
    """What this rests on; Unknown when it does not exist."""
    whole = graph()
    begin = start(whole, kinds.kind_at(address), key)
    reached = foundation(whole, begin)
    return Consequences(
        head=_head(person, begin.node, findings.of_foundation(begin.node, reached), findings.why(reached)),
        tabs=_tabs(begin.node, up=False),
        tiles=tiles(reached, None),
        people=None,
        people_heading="",
        heading=_("Waar het op rust"),
        table=tables.shown(hits(reached), query),
    )


def _head(person: Person, node: Node, title: str, lede: str) -> Head:
    actions = [Action(_("Reken met meer tegelijk"), kinds.what_if([node]))]
    own = kinds.own_page(node)
    if own and (node.kind != "source" or decide(person, "source.read").allowed):
        actions.insert(0, Action(_opens(node.kind), own))
    if node.kind in findings.DRAWN:
        actions.insert(0, Action(_("Toon in het ketenbeeld"), kinds.picture_of(node.kind, node.key), main=True))
    return Head(
        title,
        lede=lede,
        kicker=findings.kicker(node),
        state=state_chip(node.state) if node.kind == "need" else None,
        crumbs=[Link(_("Ketenbeeld"), "/keten"), Link(kinds.title_of(node), kinds.impact_of(node.kind, node.key))],
        actions=actions,
    )


def _opens(kind: str) -> str:
    """What leads to the page of the thing itself."""
    return {
        "need": _("Open de behoefte"),
        "product": _("Open het overzicht"),
        "source": _("Open de bron"),
        "role": _("Open de rol"),
        "person": _("Open wat wordt verwacht"),
    }[kind]


def _tabs(node: Node, *, up: bool) -> list[Tab]:
    return [
        Tab(_("Wie en wat raakt het als dit wegvalt?"), kinds.impact_of(node.kind, node.key), up),
        Tab(_("Waar rust dit op?"), kinds.foundation_of(node.kind, node.key), not up),
    ]


def tiles(reached: Reached, people: Affected | None) -> Tiles:
    """How many of each kind, each with the way to see only those; people first."""
    found: dict[str, list[Hit]] = {}
    for hit in reached.hits.values():
        found.setdefault(hit.node.kind, []).append(hit)
    first = [_people_tile(people)] if people else []
    present = [kind for kind in kinds.ORDER if kind in found and kind != "role"][:TILES]
    return Tiles([*first, *(_tile(kind, found[kind]) for kind in present)])


def _people_tile(people: Affected) -> Tile:
    later = ngettext("%(count)s merkt het later of minder", "%(count)s merken het later of minder", people.later)
    note = (
        later % {"count": figures.number(people.later)}
        if people.later
        else _("merken het meteen")
        if people.now
        else ""
    )
    return Tile(_("Mensen"), figures.number(people.now), note, "#mensen")


def _tile(kind: str, found: Sequence[Hit]) -> Tile:
    loose = sum(1 for hit in found if not hit.firm)
    note = _("waarvan %(count)s later of minder") % {"count": figures.number(loose)} if loose else ""
    note = _("later of minder") if loose == len(found) else note
    return Tile(kinds.many(kind), figures.number(len(found)), note, f"?t-soort={kind}#tabel-t")


def hits(reached: Reached) -> Table:
    """Everything that is reached, in the order of the chain, each with the path that explains it."""
    several = len(reached.starts) > 1
    columns = [
        Column("what", _("Wat")),
        Column("kind", _("Soort")),
        Column("when", _("Wanneer") if reached.up else _("Hoe nodig")),
        *([Column("cause", _("Oorzaak"))] if several else []),
        Column("why", _("Waardoor") if reached.up else _("Hoe"), wide=True, sorts=False),
    ]
    things = [hit for hit in reached.hits.values() if not _only_receives(reached, hit)]
    present = sorted({hit.node.kind for hit in things}, key=lambda kind: kinds.ORDER[kind])
    firmness = [("", _("Alles")), ("ja", when(True).word), ("nee", when(False).word)]
    ordered = sorted(things, key=lambda h: (kinds.ORDER[h.node.kind], not h.firm, h.node.name))
    return Table(
        _("Wat het raakt") if reached.up else _("Waar het op rust"),
        columns,
        [_row(reached, hit, several) for hit in ordered],
        search=_("naam of reden"),
        filters=[
            Filter("soort", _("Soort"), [("", _("Alle soorten")), *((kind, kinds.many(kind)) for kind in present)]),
            *([Filter("meteen", _("Wanneer"), firmness)] if reached.up else []),
        ],
        empty=_("Niets rust hierop.") if reached.up else _("Dit rust nergens op: er is niets dat het nodig heeft."),
        size=SIZE,
    )


def _only_receives(reached: Reached, hit: Hit) -> bool:
    """Whether it is a role that misses something: those stand among the people already."""
    return hit.node.kind == "role" and reached.up and reached.legs(hit)[0].bond.reaches_people


def _row(reached: Reached, hit: Hit, several: bool) -> Row:
    tags = {"soort": hit.node.kind, "meteen": "ja" if hit.firm else "nee"}
    kind, name = kinds.ORDER[hit.node.kind], hit.node.name.casefold()
    return tables.later(partial(_cells, reached, hit, several), tags, what=name, kind=kind, when=not hit.firm)


def _cells(reached: Reached, hit: Hit, several: bool) -> dict[str, Cell]:
    node = hit.node
    note = f"B-{node.pk:04d}" if node.kind == "need" else node.key if node.kind == "element" else ""
    href = kinds.impact_of(node.kind, node.key) if reached.up else kinds.foundation_of(node.kind, node.key)
    cells = {
        "what": tables.words(node.name, href=href, note=note),
        "kind": Cell(figures.Figure(kinds.word(node.kind)), order=kinds.ORDER[node.kind]),
        "when": Cell(state=when(hit.firm) if reached.up else _needed(hit.firm), order=not hit.firm),
        "why": tables.words(said(reached.legs(hit))),
    }
    if several:
        cells["cause"] = tables.words(", ".join(kinds.title_of(reached.starts[n].node) for n in hit.causes))
    return cells


def _needed(firm: bool) -> Status:
    return Status(_("Nodig"), "info", "ok") if firm else Status(_("Helpt"), "unk")


@dataclass(frozen=True)
class WhatIf:
    """Several things at once: what was chosen, what can be added, and what they hit together."""

    head: Head
    chosen: Sequence[tuple[Node, str, str]]  # the thing, its kind in words, the address without it
    asked: str
    found: Doors | None
    kept: Pairs
    full: bool
    tiles: Tiles | None
    people: Affected | None
    table: Shown | None


def what_if(names: Sequence[str], query: Mapping[str, str]) -> WhatIf:
    """What happens when all of these leave together; Unknown when one of them does not exist."""
    whole = graph()
    begins = [start(whole, *kinds.named(name)) for name in dict.fromkeys(names)][:MOST]
    nodes = [begin.node for begin in begins]
    reached = impact(whole, *begins)
    keep = [("wat", kinds.name_of(node.kind, node.key)) for node in nodes]
    asked = query.get("zoek", "").strip()[: findings.LONGEST]
    people = affected(reached, query, keep) if nodes else None
    return WhatIf(
        head=findings.together(nodes, reached, people),
        chosen=[(n, kinds.word(n.kind), kinds.what_if([other for other in nodes if other != n])) for n in nodes],
        asked=asked,
        found=_addable(nodes, asked) if asked and len(nodes) < MOST else None,
        kept=keep,
        full=len(nodes) >= MOST,
        tiles=_kept_tiles(tiles(reached, people), keep) if nodes else None,
        people=people,
        table=tables.shown(hits(reached), query, keep) if nodes else None,
    )


def _kept_tiles(found: Tiles, keep: Pairs) -> Tiles:
    """The same tiles, leading to addresses that remember what was chosen."""
    held = "&".join(tables.address(keep).removeprefix("?").split("&"))
    return Tiles(
        [
            Tile(t.label, t.value, t.note, f"?{held}&{t.href[1:]}" if t.href.startswith("?") else t.href)
            for t in found.items
        ]
    )


def _addable(nodes: Sequence[Node], asked: str) -> Doors:
    """What was found by its name, each a link that adds it to what was chosen."""
    taken = {(node.kind, node.key) for node in nodes}
    found = [node for node in findings.search(asked) if (node.kind, node.key) not in taken][:FOUND]
    return Doors(
        [
            Door(_("Voeg toe: %(name)s") % {"name": node.name}, kinds.word(node.kind), kinds.what_if([*nodes, node]))
            for node in found
        ]
    )
