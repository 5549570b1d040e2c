"""Where a source is fetched: how it is reached, who we are there, and what it offers against what is needed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from schakel.access.people import Person
from schakel.access.permissions import decide
from schakel.collect.connections import Connection, connection_of
from schakel.collect.providers import Offer
from schakel.collect.source_mappings import in_force
from schakel.collect.sources import Source
from schakel.connectors.targets import Target, target
from schakel.lib import clock
from schakel.lib.text import gettext as _
from schakel.operations.fetchings import declaration
from schakel.portal import figures, tables
from schakel.portal.inputs import Group
from schakel.portal.pages import ways
from schakel.portal.pages.sources import source_name
from schakel.portal.parts import Action, Door, Doors, Fact, Head, Link, Note, Status
from schakel.portal.tables import Cell, Column, Row, Shown, Table


@dataclass(frozen=True)
class ServerPage:
    """The page; `offers` is there after a try, `stranger` when a server made itself known that nobody approved."""

    head: Head
    note: Note | None
    kind: str
    groups: Sequence[Group]
    doors: Doors | None
    known: bool
    key: str
    stranger: str = ""
    offers: Shown | None = None


def page(
    source: Source, needed: Mapping[str, frozenset[str]], *, kind: str = "", given: Mapping[str, str] | None = None,
    wrong: str = "", fields: Mapping[str, str] | None = None, offers: Sequence[Offer] | None = None, stranger: str = "",
) -> ServerPage:  # fmt: skip
    """The page of the way in of this source; `given` is what was filled in and could not be kept."""
    known = connection_of(source)
    chosen = kind_of(source, kind)
    filled = given if given is not None else _filled(source, known, chosen)
    what = target_of(source)
    named = needed.get(what.relation, frozenset()) if what else frozenset[str]()
    form = ways.groups(chosen, filled, known=known is not None, target=what, needed=named, wrong=fields)
    return ServerPage(
        head=_head(source, known),
        note=_note(known, wrong, offers, stranger),
        kind=chosen,
        groups=form if chosen else [],
        doors=_doors(source, chosen) if known is None else None,
        known=known is not None,
        key=source.key,
        stranger=stranger,
        offers=tables.shown(_offers(offers, chosen), {}) if offers is not None else None,
    )


def kinds_of(source: Source) -> list[str]:
    """The ways in that there are for this source. One that has a way in has that one."""
    known = connection_of(source)
    if known is not None:
        return [known.provider]
    relations = list(declaration(source).get("relations", {}).values())
    if any("table" in each for each in relations):
        return ["sql"]
    if any("path" in each for each in relations):
        return ["rest-json"]
    own = in_force(source) is not None
    return [*(["oneroster-rest"] if source.layout == "oneroster" and not own else []), *ways.FILES]


def kind_of(source: Source, asked: str) -> str:
    """The kind that is asked for where it can be, or else the first."""
    found = kinds_of(source)
    return asked if asked in found else found[0]


def target_of(source: Source) -> Target | None:
    """What the columns of a declared source become; None for another."""
    kind = kinds_of(source)[0]
    return target(str(declaration(source).get("target", ""))) if kind in ways.DECLARED else None


def facts(source: Source) -> list[Fact]:
    """What the page of a source says of its way in; nothing when it is read from the inbox."""
    known = connection_of(source)
    return [Fact("lock", expiry(known).word)] if known else []


def actions(person: Person, source: Source) -> list[Action]:
    """The way to the server of a source, for who may change it."""
    if not decide(person, "source.write").allowed:
        return []
    return [Action(_("Server"), f"/bronnen/{source.key}/server")]


def expiry(known: Connection) -> Status:
    """How it stands with the secret."""
    day = figures.day(known.secret_expires_on) if known.secret_expires_on else ""
    return {
        "none": Status(_("Zonder geheim"), "unk"),
        "unknown": Status(_("Einde van het geheim niet bekend"), "unk"),
        "over": Status(_("Geheim verlopen op %(day)s") % {"day": day}, "bad"),
        "soon": Status(_("Geheim verloopt op %(day)s") % {"day": day}, "warn"),
        "good": Status(_("Geheim geldig tot %(day)s") % {"day": day}, "ok"),
    }[known.expires]


def _filled(source: Source, known: Connection | None, kind: str) -> Mapping[str, str]:
    if known is None:
        return ways.defaults(kind) | {"pattern": source.pattern}
    return ways.values(known, declaration(source), source.pattern)


def _head(source: Source, known: Connection | None) -> Head:
    name = source_name(source)
    crumbs = [
        Link(_("Bronnen"), "/bronnen"),
        Link(name, f"/bronnen/{source.key}"),
        Link(_("Server"), f"/bronnen/{source.key}/server"),
    ]
    if known is None:
        title = _("%(name)s wordt uit de inbox gelezen") % {"name": name}
        lede = _("Vul in waar de gegevens staan, dan haalt Schakel ze zelf op.")
        return Head(title, lede=lede, crumbs=crumbs)
    text = {
        "folder": _("%(name)s wordt uit een map gelezen"),
        "sql": _("%(name)s wordt uit een database gelezen"),
        "sftp": _("%(name)s komt als bestand van een server"),
    }.get(known.provider, _("%(name)s wordt van een server gelezen"))
    set_at = known.secret_set_at
    facts = [Fact("clock", _("geheim ingevuld op %(day)s") % {"day": figures.moment(set_at)})] if set_at else []
    return Head(text % {"name": name}, state=expiry(known), crumbs=crumbs, facts=facts)


def _doors(source: Source, chosen: str) -> Doors | None:
    found, words = kinds_of(source), ways.kinds()
    if len(found) < 2:  # noqa: PLR2004 then there is nothing to choose
        return None
    here = Status(_("Gekozen"), "ok")
    return Doors(
        [Door(*words[k], f"/bronnen/{source.key}/server?soort={k}", here if k == chosen else None) for k in found]
    )


def _note(known: Connection | None, wrong: str, offers: Sequence[Offer] | None, stranger: str) -> Note | None:
    if wrong:
        return Note(wrong, "warn" if stranger else "bad")
    if offers is None:
        return None
    files = known is not None and known.provider in ways.FILES
    if files:
        text = _("De map is te lezen. Er is alleen gekeken welke bestanden er staan, en niets bewaard.")
        none = _("De map is te lezen, maar er staat geen bestand in dat zo heet.")
        return Note(text, "ok") if offers else Note(none, "warn")
    if any(offer.refused for offer in offers):
        return Note(_("De server antwoordt, maar geeft niet alles wat nodig is. Er is niets bewaard."), "warn")
    if known is not None and known.provider == "sql":
        return Note(_("De database antwoordt. Er zijn hooguit 50 rijen bekeken en er is niets bewaard."), "ok")
    return Note(_("De server antwoordt. Er is één bladzijde per onderdeel bekeken en niets bewaard."), "ok")


def _offers(offers: Sequence[Offer], kind: str) -> Table:
    if kind in ways.FILES:
        return _files(offers)
    headings = [
        Column("file", _("Onderdeel"), sorts=False),
        Column("rows", _("Aantal"), number=True, sorts=False),
        Column("there", _("Nodig en aanwezig"), wide=True, sorts=False),
        Column("lacking", _("Nodig en leeg op deze bladzijde"), wide=True, sorts=False),
    ]
    return Table(
        _("Wat de server biedt tegen wat nodig is"),
        headings,
        [_offer(offer) for offer in offers],
        empty=_("Geen enkele goedgekeurde behoefte vraagt iets van deze bron."),
    )


def _offer(offer: Offer) -> Row:
    rows = Cell(figures.figure(offer.rows), order=offer.rows) if offer.rows is not None else tables.words("–")
    return Row(
        {
            "file": tables.words(offer.file),
            "rows": rows,
            "there": tables.words(", ".join(offer.there) or "–"),
            "lacking": tables.words(offer.refused or ", ".join(offer.lacking) or "–"),
        }
    )


def _files(offers: Sequence[Offer]) -> Table:
    headings = [
        Column("file", _("Bestand"), wide=True, sorts=False),
        Column("size", _("Bytes"), number=True, sorts=False),
        Column("when", _("Gewijzigd"), sorts=False),
        Column("state", _("Stand"), sorts=False),
    ]
    empty = _("Er staat geen bestand dat zo heet.")
    return Table(_("De laatste bestanden in de map"), headings, [_waiting(each) for each in offers], empty=empty)


def _waiting(offer: Offer) -> Row:
    moment = datetime.fromtimestamp(int(offer.there[0]), clock.AMSTERDAM)
    state = Status(_("Nog zonder teken"), "warn") if offer.lacking else Status(_("Staat klaar"), "ok")
    return Row(
        {
            "file": tables.words(offer.file),
            "size": Cell(figures.figure(offer.rows or 0), order=offer.rows),
            "when": tables.words(figures.moment(moment)),
            "state": Cell(state=state),
        }
    )
