"""Klopt er iets niet? The form beside an overview, the list of what was reported, and one report with its state.

No title, crumb or address holds what someone wrote: only the reporter and who repairs it read that, on the page itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from schakel.access.people import Person
from schakel.distribute import wrong_data
from schakel.distribute.addressing import addressed
from schakel.distribute.products import Product
from schakel.distribute.wrong_data import WrongData
from schakel.lib import clock
from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext
from schakel.portal import figures
from schakel.portal.pages.asking import Choice
from schakel.portal.pages.words import said
from schakel.portal.parts import Action, Door, Doors, Head, Item, Link, Status, Todo
from schakel.portal.presentation import ColumnSpec

MOST_SHOWN = 3  # on a front door
ANSWER_SHOWN = timedelta(days=14)  # to who reported it
RECENT = ("repaired", "declined")


@dataclass(frozen=True)
class Form:
    """The page with the form: the columns, who will read it, what was written so far."""

    head: Head
    columns: Sequence[Choice]
    to: str
    action: str
    back: str
    longest: int
    values: Mapping[str, str] = field(default_factory=dict)
    mistakes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reports:
    """What is for you to repair, and what you reported."""

    head: Head
    mine: Doors | None
    handled: Doors | None
    reported: Doors | None


@dataclass(frozen=True)
class Report:
    """One report."""

    head: Head
    said: Sequence[Item]
    erased: bool
    may: bool
    can_take_up: bool
    place: str
    longest: int


def form(product: Product, values: Mapping[str, str] | None = None, mistakes: Mapping[str, str] | None = None) -> Form:
    """The form about one product, with what was written so far."""
    values, name, place = values or {}, said(product), f"/overzichten/{product.key}"
    crumbs = [Link(_("Mijn overzichten"), "/overzichten"), Link(name, place)]
    return Form(
        head=Head(
            _("Wat klopt er niet?"),
            kicker=name,
            lede=_("Wie het bij de bron herstelt leest uw melding. U ziet hier daarna hoe het ermee staat."),
            crumbs=crumbs,
        ),
        columns=[
            *(Choice(c.key, c.label, c.key == values.get("kolom")) for c in _columns(product)),
            Choice("", _("Iets anders, of de hele lijst"), not values.get("kolom")),
        ],
        to=_addressees(product),
        action=f"{place}/melden/doen",
        back=place,
        longest=wrong_data.LONGEST,
        values=values,
        mistakes=mistakes or {},
    )


def _addressees(product: Product) -> str:
    """Whom a report may go to: for most products one role, for some it depends on the column."""
    roles = [addressed(product, column) for column in ("", *(c.key for c in _columns(product)))]
    either = _("of")
    return f" {either} ".join(dict.fromkeys(said(role) for role in roles))


def listed(person: Person) -> Reports:
    """The page Meldingen for this person."""
    mine = wrong_data.addressed_to(person)
    handled = wrong_data.addressed_to(person, *RECENT)
    reported = wrong_data.reported_by(person)
    lede = _("Een melding gaat naar wie de bron herstelt. Alleen de melder en die persoon lezen de tekst.")
    return Reports(
        Head(_title(len(mine)), lede=lede), _doors(mine, person), _doors(handled, person), _doors(reported, person)
    )


def todo(person: Person) -> list[Todo]:
    """What waits for this person, for on a front door: one line."""
    found = wrong_data.addressed_to(person)
    if not found:
        return []
    oldest = found[0]
    return [
        Todo(
            "warn",
            _title(len(found)),
            _("De oudste gaat over ‘%(name)s’.") % {"name": said(oldest.product)},
            figures.brief(oldest.reported_at),
            Action(_("Open meldingen"), f"/meldingen/{oldest.pk}" if len(found) == 1 else "/meldingen"),
        )
    ]


def near(person: Person) -> Doors | None:
    """For Mijn informatie: what is for you, then your own reports that are not closed."""
    mine = wrong_data.addressed_to(person)
    own = [item for item in wrong_data.reported_by(person) if item not in mine]
    going = [item for item in own if item.state in wrong_data.OPEN or _just_closed(item)]
    return _doors([*mine, *going][:MOST_SHOWN], person)


def waiting(person: Person) -> str:
    """How many reports wait for this person, as a sentence; empty when there are none."""
    mine = wrong_data.addressed_to(person)
    return _title(len(mine)) if mine else ""


def _just_closed(item: WrongData) -> bool:
    return item.closed_at is not None and item.closed_at > clock.now() - ANSWER_SHOWN


def page(person: Person, number: int) -> Report:
    """One report, for who reported it or repairs it; Unknown for anyone else."""
    item = wrong_data.one(person, number)
    may = wrong_data.repairs(person, item) and item.state in wrong_data.OPEN
    yours = may and item.state == "reported"
    text = item.text
    crumbs = [Link(_("Meldingen"), "/meldingen"), Link(item.number, f"/meldingen/{item.pk}")]
    title = _("Melding over ‘%(name)s’") % {"name": said(item.product)}
    return Report(
        head=Head(
            title,
            lede=_for_you() if may and item.state == "reported" else _what_next(item),
            state=state_of(item),
            crumbs=crumbs,
        ),
        said=[*_facts(item), *_words(item)],
        erased=text is None,
        may=may,
        can_take_up=yours,
        place=f"/meldingen/{item.pk}",
        longest=wrong_data.LONGEST,
    )


def state_of(item: WrongData) -> Status:
    """The state of a report as a chip."""
    return {
        "reported": Status(_("Gemeld"), "warn", "clock"),
        "repairing": Status(_("Wordt hersteld"), "now", "way"),
        "repaired": Status(_("Hersteld"), "ok"),
        "declined": Status(_("Niet hersteld"), "no"),
    }[item.state]


def _for_you() -> str:
    return _("Deze melding is voor u. Herstel het bij de bron; de melder leest hier hoe het ermee staat.")


def _what_next(item: WrongData) -> str:
    who = {"role": said(item.role), "name": item.handler.name if item.handler else ""}
    return {
        "reported": _("Wacht op %(role)s."),
        "repairing": _("%(name)s herstelt het bij de bron."),
        "repaired": _("%(name)s heeft het hersteld. Na de volgende keer lezen staat het goed in het overzicht."),
        "declined": _("%(name)s herstelt dit niet. Hieronder staat waarom."),
    }[item.state] % who


def _facts(item: WrongData) -> list[Item]:
    column = next((c.label for c in _columns(item.product) if c.key == item.column), _("iets anders"))
    reported = _("Door %(name)s op %(day)s.")
    return [
        Item(_("Gemeld"), reported % {"name": item.reporter.name, "day": figures.day(item.reported_at)}),
        Item(_("Overzicht"), said(item.product), Link(_("Open overzicht"), f"/overzichten/{item.product.key}")),
        Item(_("Kolom"), column),
    ]


def _words(item: WrongData) -> list[Item]:
    """What was written, for these two only."""
    text = item.text
    if text is None:
        return []
    asked = [Item(_("Wat er niet klopt"), text.wrong), Item(_("Wat het moet zijn"), text.should_be)]
    return [line for line in (*asked, Item(_("Antwoord"), text.answer)) if line.text]


def _columns(product: Product) -> list[ColumnSpec]:
    return [spec for spec in map(ColumnSpec, product.columns) if spec.shown]


def _title(count: int) -> str:
    if not count:
        return _("Er wacht geen melding op u")
    text = ngettext("%(count)s melding wacht op u", "%(count)s meldingen wachten op u", count)
    return figures.capital(text % {"count": figures.counted(count)})


def _doors(items: Sequence[WrongData], person: Person) -> Doors | None:
    return Doors([_door(item, person) for item in items]) if items else None


def _door(item: WrongData, person: Person) -> Door:
    own = item.reporter_id == person.pk
    line = _("door u gemeld op %(day)s") if own else _("gemeld op %(day)s")
    told = line % {"day": figures.day(item.reported_at)}
    parts = [item.number, told, *([_("voor %(role)s") % {"role": said(item.role)}] if own else [])]
    return Door(said(item.product), " · ".join(parts), f"/meldingen/{item.pk}", state_of(item))
