"""`schakel people`: let people in, help who cannot sign in, close an account. The first one founds the board."""

import json
import sys
from getpass import getpass
from typing import Any

import click

from schakel.lib.errors import Refused, SchakelError
from schakel.lib.text import gettext as _

FOUNDER = "information_manager"
TRIES = 3
AS = click.option("--as", "name", default=None, help="Werkadres van wie dit doet: een informatiemanager.")


@click.group()
def command() -> None:
    """Mensen: toelaten, helpen bij het aanmelden, een account sluiten."""


@command.command()
@click.argument("email")
@click.argument("person_name", metavar="NAME")
@click.option(
    "--role", default=None, help="De rol vanaf vandaag, bijvoorbeeld board_member. De eerste mens krijgt die."
)
@click.option("--where", default="", help="De school of groep waarvoor de rol geldt; leeg is het hele bestuur.")
@click.option(
    "--password", "ask", is_flag=True, help="Vraag het wachtwoord hier op de terminal, in plaats van een link."
)
@AS
def add(email: str, person_name: str, role: str | None, where: str, ask: bool, name: str | None) -> None:
    """Laat iemand toe. In een leeg register begint dit het bestuur, met de eerste informatiemanager."""
    from schakel.cli.start import open_register

    open_register()
    from django.core.exceptions import ValidationError

    from schakel.access.people import Person

    try:
        if Person.objects.exists():
            _add(email, person_name, role, where, ask, _actor(name))
        else:
            _found(email, person_name, role, ask)
    except ValidationError as error:
        raise SchakelError(" ".join(error.messages), code="person") from None


@command.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Uitvoer voor een programma.")
def list_(as_json: bool) -> None:
    """Noem iedereen met een account, met rollen van vandaag en hoe het aanmelden is ingesteld."""
    from schakel.cli.start import open_register

    open_register()
    facts = _everyone()
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False, indent=1))
        return
    for each in facts:
        state = _("open") if each["open"] else _("afgesloten")
        second = _("tweede stap") if each["second_factor"] else _("geen tweede stap")
        click.echo(f"{each['email']:40} {each['name']:24} {state:12} {second:18} {', '.join(each['roles'])}")


@command.command()
@click.argument("email")
@AS
def link(email: str, name: str | None) -> None:
    """Maak een link waarmee iemand één keer een nieuw wachtwoord kiest."""
    from schakel.cli.start import open_register, person

    open_register()
    from schakel.access.founding import first_link
    from schakel.access.passwords import send_link

    whose = person(email)
    alone = type(whose).objects.count() == 1
    _tell(first_link(whose) if alone else send_link(_actor(name), whose))


@command.command()
@click.argument("email")
@AS
def reset(email: str, name: str | None) -> None:
    """Haal de tweede stap en het gekoppelde schoolaccount weg van wie die kwijt is. Nooit voor uzelf."""
    from schakel.cli.start import open_register, person

    open_register()
    from schakel.access.second_factor import reset as reset_second_factor

    whose = person(email)
    reset_second_factor(_actor(name), whose)
    click.echo(_("%(name)s is overal afgemeld en stelt bij het aanmelden een nieuwe tweede stap in.") % {"name": whose})


@command.command()
@click.argument("email")
@AS
def close(email: str, name: str | None) -> None:
    """Sluit een account. Wat die mens deed blijft in het logboek staan."""
    from schakel.cli.start import open_register, person

    open_register()
    from schakel.access.register import close_account

    whose = person(email)
    close_account(_actor(name), whose)
    click.echo(_("Het account van %(name)s is afgesloten.") % {"name": whose})


def _found(email: str, person_name: str, role: str | None, ask: bool) -> None:
    from schakel.access.founding import first_link, found
    from schakel.access.people import new_person

    if role not in (None, FOUNDER):
        text = _("De eerste in een leeg register is de informatiemanager; die laat de anderen toe. Laat --role weg.")
        raise SchakelError(text, code="role")
    person = found(email, person_name, password=_password(new_person(email, person_name)) if ask else None)
    click.echo(_("Het bestuur is begonnen. %(name)s is informatiemanager.") % {"name": person})
    if not ask:
        _tell(first_link(person))


def _add(email: str, person_name: str, role: str | None, where: str, ask: bool, actor: Any) -> None:
    """Everything is looked at before anything is written, so that nobody is half let in."""
    from django.db import transaction

    from schakel.access.changes import allowed
    from schakel.access.passwords import send_link
    from schakel.access.people import new_person
    from schakel.access.register import add_person, assign
    from schakel.lib import clock

    allowed(actor, "person.write")
    given = _role(role, where)
    if given:
        allowed(actor, "role.assign")
    password = _password(new_person(email, person_name)) if ask else None
    with transaction.atomic():
        person = add_person(actor, email, person_name, password=password)
        if given:
            assign(actor, person, given, clock.today(), organisation_key=where)
    click.echo(_("%(name)s is toegelaten.") % {"name": person})
    if not ask:
        _tell(send_link(actor, person))


def _role(key: str | None, where: str) -> Any:
    """The role to give, if any; with where it holds both must be known."""
    from schakel.access.register import by_key
    from schakel.access.roles import Role
    from schakel.chain.organisations import Organisation

    if key is None and where:
        raise SchakelError(_("--where zegt waar een rol geldt; zeg met --role welke rol."), code="role")
    known = {role.key: role for role in Role.objects.filter(holder="person")}
    if key is not None and key not in known:
        text = _("De rol '%(role)s' staat niet in het register. Dit kan: %(roles)s. Een startpakket brengt er meer.")
        raise SchakelError(text % {"role": key, "roles": ", ".join(known)}, code="role")
    if where:
        by_key(Organisation, where)
    return known[key] if key else None


def _actor(name: str | None) -> Any:
    from schakel.access.permissions import holders
    from schakel.cli.start import person

    if name:
        return person(name)
    text = _("Zeg met --as welke informatiemanager dit doet. Dit mogen: %(names)s.")
    names = ", ".join(each.email for each in holders("person.write")) or "-"
    raise SchakelError(text % {"names": names}, code="who")


def _password(person: Any) -> str:
    """A new password, typed twice at a terminal, never shown. Refused without one: it may stand on no command line."""
    from schakel.access.passwords import weaknesses

    if not sys.stdin.isatty():
        text = _("Een wachtwoord vraagt Schakel alleen op een terminal. Laat --password weg; dan krijgt u een link.")
        raise Refused(text, code="terminal")
    for _try in range(TRIES):
        chosen = getpass(_("Nieuw wachtwoord: "))
        weak = weaknesses(chosen, person)
        if not weak and getpass(_("Nog een keer: ")) == chosen:
            return chosen
        click.echo(" ".join(weak) or _("Dat was niet twee keer hetzelfde."), err=True)
    raise SchakelError(_("Er is niets gewijzigd."), code="password")


def _tell(link_: Any) -> None:
    from django.conf import settings
    from django.urls import reverse

    from schakel.access.passwords import days_valid

    host = settings.ALLOWED_HOSTS[0]
    base = f"https://{host}" if settings.SCHAKEL_HTTPS else f"http://{host}:8000"
    click.echo(_("Geef deze link zelf door. Hij werkt één keer, %(days)s dagen lang:") % {"days": days_valid()})
    click.echo(base + reverse("arrive", args=[link_.uid, link_.token]))


def _everyone() -> list[dict[str, Any]]:
    from schakel.access.people import Person
    from schakel.access.roles import keys_held
    from schakel.access.second_factor import holders

    second = holders()
    return [
        {
            "email": person.email,
            "name": person.name,
            "open": person.is_active,
            "password": person.has_usable_password(),
            "second_factor": person.pk in second,
            "roles": sorted(keys_held(person)),
        }
        for person in Person.objects.all()
    ]
