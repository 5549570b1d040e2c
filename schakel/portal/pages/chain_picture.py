"""The chain picture: seven layers from goal to person, drawn on the server; one thing is chosen, four filters help."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar
from urllib.parse import urlencode

from schakel.chain.attachments import places_within
from schakel.chain.gap_history import find_open
from schakel.chain.gaps import Gap
from schakel.chain.graph import Graph, Node, Start, graph, start
from schakel.chain.holders import holders, people
from schakel.chain.impact import foundation, impact
from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext
from schakel.portal import blocks, figures, holes, layers, threads
from schakel.portal.blocks import Block
from schakel.portal.charts import point
from schakel.portal.holes import Broken
from schakel.portal.layers import HEIGHT, LINE, WIDTH, Box, Layout, Line
from schakel.portal.pages import broken_chain, impact_words, kinds, thread_table
from schakel.portal.pages.words import abbreviated
from schakel.portal.parts import Action, Gaps, Head, Part
from schakel.portal.tables import Shown
from schakel.portal.threads import Filters, Web

SHOWN_GAPS = 5
FILTERS = (("doel", "goal"), ("rol", "role"), ("school", "organisation"), ("applicatie", "system"))


@dataclass(frozen=True)
class Text:
    """A line of words in the picture."""

    x: str
    y: str
    text: str
    small: bool = False


@dataclass(frozen=True)
class Drawn:
    """A block as it is drawn: a link with its words, a mark when something is missing, and what it says aloud."""

    box: Box
    href: str
    label: str
    words: str
    texts: Sequence[Text]
    kind: str
    mark: str = ""
    mark_x: str = ""
    mark_y: str = ""

    height: ClassVar[str] = str(HEIGHT)


@dataclass(frozen=True)
class Layer:
    """A layer: its name, its ground, its blocks from left to right."""

    name: str
    y: str
    height: str
    middle: str
    alt: bool
    blocks: Sequence[Drawn]


@dataclass(frozen=True)
class Picture(Part):
    """The drawing, and the same as a list for a narrow screen."""

    template: ClassVar[str] = "chain_picture"
    width: int
    height: int
    label: str
    layers: Sequence[Layer]
    lines: Sequence[Line]


@dataclass(frozen=True)
class Choice:
    """A filter above the picture."""

    name: str
    label: str
    options: Sequence[tuple[str, str]]
    value: str


@dataclass(frozen=True)
class ChainPage:
    """The page with the picture."""

    head: Head
    choices: Sequence[Choice]
    chosen: str
    without: str
    picture: Picture | None
    key: Sequence[tuple[str, str]]
    gaps: Gaps
    gap_line: str
    tabs: Sequence[tuple[str, str]]
    table: Shown


@dataclass(frozen=True)
class Asked:
    """What the address asks for."""

    filters: Filters
    begin: Start | None
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What of it must not be forgotten in a link."""
        return [(name, value) for name, value in self.values.items() if value]

    def href(self, **changed: str) -> str:
        """The address of the picture with one thing changed."""
        values = {**self.values, **changed}
        return "/keten?" + urlencode([(name, value) for name, value in values.items() if value])


def page(query: Mapping[str, str]) -> ChainPage:
    """The picture as the address asks for it; Unknown when it names what does not exist."""
    whole = graph()
    asked = _asked(whole, query)
    drawn = threads.filtered(whole, asked.filters)
    on = threads.through(whole, asked.begin) if asked.begin else None
    if asked.begin and asked.begin.number is not None and asked.begin.node.kind in threads.LAYERS:
        drawn.layers[asked.begin.node.kind].add(asked.begin.number)  # also when nothing hangs on it
    broken = holes.broken(whole, find_open())
    made = blocks.blocks(whole, drawn, on, asked.begin.number if asked.begin else None, broken.holes)
    here = _in_sight(drawn, on, broken)
    return ChainPage(
        head=_head(whole, asked, drawn, here),
        choices=_choices(whole, asked),
        chosen=asked.values.get("gekozen", ""),
        without=asked.href(gekozen="") if asked.begin else "",
        picture=_picture(whole, asked, layers.layout(made), broken) if drawn.everything() else None,
        key=_key(asked, made),
        gaps=Gaps([broken_chain.as_part(gap) for gap in here[:SHOWN_GAPS]]),
        gap_line=_gap_line(here),
        tabs=_tabs(asked.begin.node) if asked.begin else (),
        table=thread_table.shown(whole, drawn, on, query, asked.kept),
    )


def _asked(whole: Graph, query: Mapping[str, str]) -> Asked:
    values = {name: query.get(name, "").strip() for name, _kind in FILTERS}
    name = query.get("gekozen", "").strip()
    begin = start(whole, *kinds.named(name)) if name else None
    filters = Filters(values["doel"], values["rol"], values["school"], values["applicatie"])
    return Asked(filters, begin, {"gekozen": name, **values})


def _choices(whole: Graph, asked: Asked) -> list[Choice]:
    labels = {
        "doel": (_("Doel"), _("Alle doelen")),
        "rol": (_("Rol"), _("Alle rollen")),
        "school": (_("School"), _("Alle scholen")),
        "applicatie": (_("Applicatie"), _("Alle applicaties")),
    }
    return [
        Choice(name, labels[name][0], [("", labels[name][1]), *_options(whole, kind)], asked.values[name])
        for name, kind in FILTERS
    ]


def _options(whole: Graph, kind: str) -> list[tuple[str, str]]:
    """Every thing of a kind by name; of roles only those that receive something."""
    nodes = [whole.nodes[n] for n in whole.of_kind(kind) if kind != "role" or whole.under(n, "need", "product")]
    return sorted(((node.key, figures.capital(node.name)) for node in nodes), key=lambda pair: pair[1].casefold())


def _in_sight(drawn: Web, on: Web | None, broken: Broken) -> list[Gap]:
    """The gaps of what is drawn, or of what lies on the path of the chosen thing."""
    seen = (on or drawn).everything() & drawn.everything()
    return [gap for number, gap in broken.gaps if number in seen]


def _head(whole: Graph, asked: Asked, drawn: Web, here: Sequence[Gap]) -> Head:
    line = _("Kies een blokje om te zien waar het op rust en wie het raakt. Een gestippeld blokje ontbreekt.")
    if asked.begin is None:
        what_if = Action(_("Reken met wat er verandert"), "/keten/gevolgen")
        return Head(_overview(drawn, here), lede=line, actions=[what_if])
    node = asked.begin.node
    return Head(
        _finding(whole, asked.begin),
        lede=line,
        kicker=impact_words.kicker(node),
        actions=[
            Action(_("Toon de hele keten"), asked.href(gekozen="")),
            Action(_("Reken met meer tegelijk"), kinds.what_if([node])),
        ],
    )


def _finding(whole: Graph, begin: Start) -> str:
    """Who notices it when the chosen thing goes; of a goal, at the top of the chain, what it rests on itself."""
    reached = impact(whole, begin)
    below = foundation(whole, begin) if begin.node.kind == "goal" and not reached.hits else None
    if below and below.hits:
        return impact_words.of_foundation(begin.node, below)
    return impact_words.of_impact(begin.node, reached, people(reached.who(firm=True)))


def _overview(drawn: Web, here: Sequence[Gap]) -> str:
    needs, goals = len(drawn.layers["need"]), len(drawn.layers["goal"])
    if not drawn.everything():
        return _("Er is nog niets te tekenen")
    if here:
        text = ngettext(
            "In de keten ontbreekt op %(count)s plaats iets",
            "In de keten ontbreekt op %(count)s plaatsen iets",
            len(here),
        )
        return text % {"count": figures.counted(len(here))}
    words = {"needs": kinds.counted("need", needs), "goals": kinds.counted("goal", goals)}
    return _("De keten is heel: %(needs)s voor %(goals)s") % words


def _tabs(node: Node) -> list[tuple[str, str]]:
    return [
        (_("Wie en wat raakt het als dit wegvalt?"), kinds.impact_of(node.kind, node.key)),
        (_("Waar rust dit op?"), kinds.foundation_of(node.kind, node.key)),
    ]


def _gap_line(here: Sequence[Gap]) -> str:
    if len(here) <= SHOWN_GAPS:
        return ""
    more = len(here) - SHOWN_GAPS
    text = ngettext("Nog %(count)s hiaat", "Nog %(count)s hiaten", more)
    return text % {"count": figures.number(more)}


def _key(asked: Asked, made: blocks.Blocks) -> list[tuple[str, str]]:
    """What the lines mean, as far as they are there."""
    states = {line.state for found in made.lines for line in found}
    name = kinds.title_of(asked.begin.node) if asked.begin else ""
    items = [("on", _("loopt via %(name)s") % {"name": name})] if asked.begin else []
    items.append(("thin", _("overige keten") if asked.begin else _("hangt samen")))
    return [*items, *([("gap", _("ontbreekt"))] if "gap" in states else [])]


def _picture(whole: Graph, asked: Asked, placed: Layout, broken: Broken) -> Picture:
    drawn = [
        Layer(
            layer_word(band.layer), band.y, band.height, band.middle, band.alt,
            [_drawn(whole, asked, box, broken) for box in placed.boxes[band.layer]],
        )
        for band in placed.bands
    ]  # fmt: skip
    return Picture(WIDTH, placed.height, _aloud(asked, drawn), drawn, placed.lines)


def _aloud(asked: Asked, drawn: Sequence[Layer]) -> str:
    """What the picture says to who cannot see it; everything in it stands in the table too."""
    counts = ", ".join(f"{layer.name}: {figures.number(len(layer.blocks))}" for layer in drawn)
    words = {"layers": figures.counted(len(drawn)), "counts": counts}
    text = (
        _("Ketenbeeld in %(layers)s lagen, met blokjes per laag. %(counts)s. Dezelfde inhoud staat eronder als tabel.")
        % words
    )
    if asked.begin is None:
        return text
    return f"{text} {_('Gekozen is %(name)s.') % {'name': kinds.title_of(asked.begin.node)}}"


def layer_word(layer: str) -> str:
    """The name of a layer: the seven stations of the chain."""
    return {
        "goal": _("Doel"),
        "activity": _("Activiteit"),
        "need": _("Behoefte"),
        "element": _("Gegevens"),
        "system": _("Bron"),
        "product": _("Voorziening"),
        "role": _("Persoon"),
    }[layer]


def _drawn(whole: Graph, asked: Asked, box: Box, broken: Broken) -> Drawn:
    block = box.block
    title, note = _words(whole, asked, block)
    found = [gap for number in block.members for gap in broken.marks.get(number, ())]
    mark = ""
    if found:
        mark = ngettext("%(count)s hiaat", "%(count)s hiaten", len(found)) % {"count": figures.number(len(found))}
    said = ". ".join(t for t in (f"{layer_word(block.layer)}: {title}", note, mark, "; ".join(_rules(found))) if t)
    kind = "gap" if block.missing else " ".join(t for t in (block.state, "many" if len(block.members) > 1 else "") if t)
    texts = _texts(box, title, note or mark, group=bool(block.owner is not None and not block.single))
    return Drawn(box, _href(whole, asked, block), said, _short(title, note), texts, kind, mark, *_sign(box))


def _sign(box: Box) -> tuple[str, str]:
    """Where the sign of a block stands: beside its shortest line, or above the words of what is missing."""
    if box.block.missing:
        return point(box.middle - 7), point(box.y + 5)
    low = box.block.single or box.block.owner is None  # the short line of a group is on top
    return point(box.x + box.width - 18), point(box.y + (HEIGHT - 18 if low else 4))


def _short(title: str, note: str) -> str:
    return f"{title} ({note})" if note else title


def _rules(found: Sequence[Gap]) -> list[str]:
    return list(dict.fromkeys(str(gap.rule.title) for gap in found))


def _texts(box: Box, title: str, note: str, *, group: bool) -> list[Text]:
    """The words of a block in the middle of it: at most three lines, a note in small letters under them."""
    lines = layers.wrapped(title, box.width, 1 if group else 2 if note or box.block.missing else 3)
    small = layers.wrapped(note, box.width, 2 if group else 1) if note else []
    rows = [*((line, False) for line in lines), *((line, True) for line in small)]
    below = 7 if box.block.missing else 0  # under its sign
    first = box.y + (HEIGHT - len(rows) * LINE) / 2 + LINE - 3.5 + below
    return [Text(point(box.middle), point(first + n * LINE), line, is_small) for n, (line, is_small) in enumerate(rows)]


def _words(whole: Graph, asked: Asked, block: Block) -> tuple[str, str]:
    """What a block is called, and the line under it."""
    if block.missing:
        return holes.missing_words(block.missing), ""
    if block.single:
        node = whole.nodes[block.members[0]]
        name = abbreviated(node.name) if node.kind == "system" else figures.capital(node.name)
        return name, _people(asked, node) if node.kind == "role" else ""
    if block.owner is not None:
        return kinds.counted(block.layer, len(block.members)), abbreviated(whole.nodes[block.owner].name)
    return _("%(count)s andere") % {"count": figures.number(len(block.members))}, ""


def _people(asked: Asked, node: Node) -> str:
    """How many people hold a role, at the school that was asked for or anywhere."""
    if asked.filters.school:
        count = holders().roles_at(places_within(asked.filters.school)).get(node.key, 0)
    else:
        count = holders().of_role.get(node.key, 0)
    return kinds.counted("person", count) if count else kinds.unheld(node)


def _href(whole: Graph, asked: Asked, block: Block) -> str:
    """A thing is chosen by its block; a group opens by choosing what it was taken together by."""
    if block.missing:
        return f"/hiaten?t-soort={block.missing}"
    if block.state == "off" and not block.single:
        return asked.href(gekozen="")
    number = block.members[0] if block.single else block.owner
    if number is None:
        return "#tabel-k"
    node = whole.nodes[number]
    if not block.single and node.kind in ("goal", "system"):
        return asked.href(**{"goal": {"doel": node.key}, "system": {"applicatie": node.key}}[node.kind])
    return asked.href(gekozen=kinds.name_of(node.kind, node.key))
