"""The server that a source is read from: where it is, who we are there, and what it offers against what is needed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schakel.access.people import Person
from schakel.access.permissions import decide
from schakel.collect.connections import METHODS, Connection, connection_of
from schakel.collect.providers import Offer
from schakel.collect.sources import Source
from schakel.lib.text import gettext as _
from schakel.portal import figures, tables
from schakel.portal.pages.sources import source_name
from schakel.portal.parts import Action, Fact, Head, Link, Note, Status
from schakel.portal.tables import Cell, Column, Row, Shown, Table

SERVED = {"oneroster": "oneroster-rest"}  # layout -> the kind of server that gives it
KINDS = {"1.2": "OneRoster REST 1.2", "1.1": "OneRoster REST 1.1"}
FIELDS = ("version", "address", "method", "token_address", "client", "secret_expires_on", "every_hours")


@dataclass(frozen=True)
class ServerPage:
    """The page; `offers` is there after a try."""

    head: Head
    note: Note | None
    values: Mapping[str, str]
    versions: Sequence[tuple[str, str]]
    methods: Sequence[tuple[str, str]]
    known: bool
    key: str
    offers: Shown | None = None


def page(
    source: Source, *, given: Mapping[str, str] | None = None, wrong: str = "", offers: Sequence[Offer] | None = None
) -> ServerPage:
    """The page of the server of this source; `given` is what was filled in and could not be kept."""
    known = connection_of(source)
    return ServerPage(
        head=_head(source, known),
        note=_note(known, wrong, offers),
        values=given or _values(known),
        versions=list(KINDS.items()),
        methods=list(METHODS.items()),
        known=known is not None,
        key=source.key,
        offers=tables.shown(_offers(offers), {}) if offers is not None else None,
    )


def facts(source: Source) -> list[Fact]:
    """What the page of a source says of its server; nothing when it is read from the inbox."""
    known = connection_of(source)
    return [Fact("lock", expiry(known).word)] if known else []


def actions(person: Person, source: Source) -> list[Action]:
    """The way to the server of a source, for who may change it."""
    if source.layout not in SERVED or not decide(person, "source.write").allowed:
        return []
    return [Action(_("Server"), f"/bronnen/{source.key}/server")]


def expiry(known: Connection) -> Status:
    """How it stands with the secret."""
    day = figures.day(known.secret_expires_on) if known.secret_expires_on else ""
    return {
        "unknown": Status(_("Einde van het geheim niet bekend"), "unk"),
        "over": Status(_("Geheim verlopen op %(day)s") % {"day": day}, "bad"),
        "soon": Status(_("Geheim verloopt op %(day)s") % {"day": day}, "warn"),
        "good": Status(_("Geheim geldig tot %(day)s") % {"day": day}, "ok"),
    }[known.expires]


def _head(source: Source, known: Connection | None) -> Head:
    name = source_name(source)
    crumbs = [
        Link(_("Bronnen"), "/bronnen"),
        Link(name, f"/bronnen/{source.key}"),
        Link(_("Server"), f"/bronnen/{source.key}/server"),
    ]
    if known is None:
        title = _("%(name)s wordt uit de inbox gelezen") % {"name": name}
        lede = _("Vul de server van de leverancier in, dan haalt Schakel de gegevens zelf op.")
        return Head(title, lede=lede, crumbs=crumbs)
    facts = [Fact("clock", _("geheim ingevuld op %(day)s") % {"day": figures.moment(known.secret_set_at)})]
    title = _("%(name)s wordt van een server gelezen") % {"name": name}
    return Head(title, state=expiry(known), crumbs=crumbs, facts=facts)


def _note(known: Connection | None, wrong: str, offers: Sequence[Offer] | None) -> Note | None:
    if wrong:
        return Note(wrong, "bad")
    if offers is None:
        return None
    lacking = [offer for offer in offers if offer.refused]
    if lacking:
        return Note(_("De server antwoordt, maar geeft niet alles wat nodig is. Er is niets bewaard."), "warn")
    return Note(_("De server antwoordt. Er is één bladzijde per onderdeel bekeken en niets bewaard."), "ok")


def _values(known: Connection | None) -> dict[str, str]:
    if known is None:
        return {"version": "1.2", "method": "oauth2", "every_hours": "24"}
    values = {name: str(getattr(known, name) or "") for name in FIELDS}
    return values | {"secret_expires_on": known.secret_expires_on.isoformat() if known.secret_expires_on else ""}


def _offers(offers: Sequence[Offer]) -> Table:
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
