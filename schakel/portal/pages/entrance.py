"""The sign-in page: what Schakel is, told as one chain."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.forms import BaseForm
from django.utils.http import urlencode

from schakel.lib.text import gettext as _
from schakel.portal import fields
from schakel.portal.fields import Field
from schakel.portal.parts import Chain, Link, Station


@dataclass(frozen=True)
class Entrance:
    """The page before anyone is known."""

    chain: Chain
    fields: Sequence[Field]
    school_account: Link | None


def page(form: BaseForm, onward: str | None, school_account: str | None) -> Entrance:
    """The form, the button of the board's own account (None: not in use), the chain from goal to person."""
    return Entrance(
        chain=_chain(),
        fields=[
            fields.of(form, "login", _("E-mailadres"), kind="email", autocomplete="username"),
            fields.of(form, "password", _("Wachtwoord"), kind="password", autocomplete="current-password", whole=True),
        ],
        school_account=_school_account(onward, school_account),
    )


def _school_account(onward: str | None, name: str | None) -> Link | None:
    if name is None:
        return None
    label = _("Meld aan met %(name)s") % {"name": name or _("uw schoolaccount")}
    return Link(label, "/aanmelden/schoolaccount" + (f"?{urlencode({'next': onward})}" if onward else ""))


def _chain() -> Chain:
    stations = (
        (_("Doel"), _("Iedere leerling is op school")),
        (_("Activiteit"), _("Verzuim begeleiden")),
        (_("Behoefte"), _("Wie nadert de 16 uur?")),
        (_("Gegevens"), _("Lesuren verzuim, en meer niet")),
        (_("Bron"), _("Leerlingadministratie")),
        (_("Voorziening"), _("Overzicht ‘Verzuim per week’")),
        (_("Persoon"), _("De mentor, alleen voor de eigen klas")),
    )
    return Chain([Station(*pair) for pair in stations], down=True, label=_("Voorbeeld van de keten"))
