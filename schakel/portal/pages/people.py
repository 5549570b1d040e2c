"""Mensen: everyone with an account, and one person: how they sign in and how to help when they cannot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import Http404

from schakel.access import second_factor
from schakel.access.passwords import Link, days_valid
from schakel.access.people import Person
from schakel.access.roles import RoleAssignment
from schakel.access.second_factor import State
from schakel.lib import clock
from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext
from schakel.portal import figures, tables
from schakel.portal.pages.standing import role_name
from schakel.portal.parts import Check, Checks, Head, Item, Note, Status, Why
from schakel.portal.parts import Link as Crumb
from schakel.portal.tables import Cell, Column, Filter, Row, Shown, Table


@dataclass(frozen=True)
class People:
    """The page with everyone."""

    head: Head
    table: Shown


@dataclass(frozen=True)
class Help:
    """One way to help: what happens, why it is asked twice, the verb. Each is a form behind a link."""

    key: str
    href: str
    title: str
    line: str
    button: str
    tone: str = ""


@dataclass(frozen=True)
class OnePerson:
    """The page of one person."""

    head: Head
    state: Checks
    helps: Sequence[Help]
    note: Note | None
    link: str
    roles: Why


def page(query: Mapping[str, str]) -> People:
    """Everyone with an account."""
    people, second = list(Person.objects.all()), second_factor.holders()
    without = sum(1 for p in people if p.is_active and p.has_usable_password() and p.pk not in second)
    return People(_head(people, without), tables.shown(_table(people, second), query))


def one(asker: Person, number: int, link: str = "") -> OnePerson:
    """The page of one person; 404 when there is none. `link`: one that was just made, shown this once."""
    person = Person.objects.filter(pk=number).first()
    if person is None:
        raise Http404
    state = second_factor.state_of(person)
    return OnePerson(
        head=_title(person, state),
        state=Checks(_checks(person, state), large=True),
        helps=_helps(person, state) if person.pk != asker.pk else (),
        note=_note(asker, person),
        link=link,
        roles=Why(_("Rollen in het register"), _roles(person)),
    )


def link_words(link: Link, base: str) -> str:
    """The whole address of a link."""
    return f"{base}/aanmelden/welkom/{link.uid}/{link.token}"


def _head(people: Sequence[Person], without: int) -> Head:
    count = figures.number(sum(1 for p in people if p.is_active))
    title = _("%(count)s mensen hebben een account") % {"count": count}
    if without:
        more = ngettext("%(count)s heeft nog geen tweede stap", "%(count)s hebben nog geen tweede stap", without)
        title = f"{title}; {more % {'count': figures.number(without)}}"
    return Head(
        title, lede=_("Wie zij zijn en hoe zij aanmelden. Wat zij zien volgt uit behoeften en rollen, niet hier.")
    )


def _table(people: Sequence[Person], second: frozenset[int]) -> Table:
    columns = [
        Column("name", _("Naam")),
        Column("email", _("Werkadres")),
        Column("roles", _("Rollen in het register")),
        Column("second", _("Tweede stap")),
        Column("state", _("Account")),
    ]
    held = _held()
    return Table(
        _("Mensen"),
        columns,
        [_row(person, held.get(person.pk, []), person.pk in second) for person in people],
        order="name",
        search=_("naam of adres"),
        filters=[Filter("account", _("Account"), [("", _("Alle")), ("open", _("Open")), ("dicht", _("Afgesloten"))])],
        empty=_("Er is nog niemand toegelaten."),
        size=50,
    )


def _row(person: Person, roles: Sequence[str], second: bool) -> Row:
    cells = {
        "name": tables.words(person.name, href=f"/mensen/{person.pk}"),
        "email": tables.words(person.email),
        "roles": tables.words(", ".join(roles)) if roles else Cell(figures.Figure(_("geen"), "none")),
        "second": Cell(state=_second(person, second)),
        "state": Cell(state=Status(_("Open"), "ok") if person.is_active else Status(_("Afgesloten"), "no")),
    }
    return Row(cells, {"account": "open" if person.is_active else "dicht"})


def _second(person: Person, is_set: bool) -> Status:
    if is_set:
        return Status(_("Ingesteld"), "ok")
    if person.has_usable_password():
        return Status(_("Nog niet"), "warn")
    return Status(_("Geen wachtwoord"), "unk")


def _held() -> dict[int, list[str]]:
    held: dict[int, list[str]] = {}
    for assignment in RoleAssignment.objects.on(clock.today()).select_related("role"):
        held.setdefault(assignment.person_id, []).append(role_name(assignment.role))
    return held


def _title(person: Person, state: State) -> Head:
    if not person.is_active:
        title = _("Het account van %(name)s is afgesloten")
    elif state.since:
        title = _("%(name)s meldt zich aan met een wachtwoord en een code")
    elif person.has_usable_password():
        title = _("%(name)s heeft nog geen tweede stap")
    else:
        title = _("%(name)s heeft geen wachtwoord")
    crumbs = [Crumb(_("Mensen"), "/mensen"), Crumb(person.name, f"/mensen/{person.pk}")]
    return Head(title % {"name": person.name}, lede=person.email, crumbs=crumbs)


def _checks(person: Person, state: State) -> list[Check]:
    password = (
        Check("ok", _("Een wachtwoord"), _("Alleen %(name)s kent het.") % {"name": person.name})
        if person.has_usable_password()
        else Check("unk", _("Geen wachtwoord"), _("Aanmelden kan met het schoolaccount, of na een link van u."))
    )
    if state.since is None:
        return [
            password,
            Check("unk", _("Geen tweede stap"), _("Wie met een wachtwoord aanmeldt moet die eerst instellen.")),
        ]
    since = _("Ingesteld op %(day)s.") % {"day": figures.full_day(state.since)}
    return [password, Check("ok", _("Een app met codes"), since)]


def _helps(person: Person, state: State) -> list[Help]:
    if not person.is_active:
        return []
    base, name = f"/mensen/{person.pk}", person.name
    link = Help(
        "link",
        f"{base}/link",
        _("Maak een link voor een nieuw wachtwoord"),
        _("%(name)s kiest er één keer een wachtwoord mee, binnen %(days)s dagen. De tweede stap blijft nodig.")
        % {"name": name, "days": days_valid()},
        _("Maak de link"),
    )
    lost = Help(
        "tweede-stap",
        f"{base}/tweede-stap",
        _("Begin de tweede stap opnieuw"),
        _(
            "Ga eerst na dat u echt %(name)s spreekt: bel terug op een nummer dat u kent. De app, de herstelcodes en "
            "het gekoppelde schoolaccount tellen niet meer, en %(name)s wordt overal afgemeld."
        )
        % {"name": name},
        _("Haal de tweede stap weg"),
        "no",
    )
    close = Help(
        "sluiten",
        f"{base}/sluiten",
        _("Sluit dit account"),
        _("%(name)s wordt overal afgemeld en kan niet meer aanmelden. Wat %(name)s deed blijft in het logboek.")
        % {"name": name},
        _("Sluit het account van %(name)s") % {"name": name},
        "no",
    )
    return [link, lost, close]


def _note(asker: Person, person: Person) -> Note | None:
    if asker.pk != person.pk:
        return None
    text = _("Uw tweede stap wegnemen of uw account sluiten kan alleen een andere informatiemanager.")
    return Note(text, strong=_("Dit bent u zelf."), link=Crumb(_("Naar ‘Mijn aanmelding’"), "/mijn-aanmelding"))


def _roles(person: Person) -> list[Item]:
    held = RoleAssignment.objects.of(person)
    items = [Item(figures.capital(role_name(a.role)), _since(a)) for a in held]
    return items or [Item(_("Geen"), _("Rollen uit het rooster komen er bij het tonen van overzichten bij."))]


def _since(assignment: RoleAssignment) -> str:
    where = assignment.organisation_key or _("het hele bestuur")
    return _("%(where)s, sinds %(day)s") % {"where": where, "day": figures.day(assignment.start)}
