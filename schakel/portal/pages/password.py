"""The pages on which a person chooses a password."""

from django.forms import BaseForm

from schakel.access.people import Person
from schakel.lib.text import gettext as _
from schakel.portal import fields
from schakel.portal.fields import Field
from schakel.portal.pages.gate import GateForm, back_to_mine, strong_passwords


def first(person: Person, form: BaseForm) -> GateForm:
    """The page behind a link that works once."""
    return GateForm(
        title=_("Kies uw wachtwoord"),
        lede=_("Voor %(name)s, %(email)s. Deze link werkt één keer.") % {"name": person.name, "email": person.email},
        fields=_twice(form),
        button=_("Bewaar dit wachtwoord"),
        beside=strong_passwords(),
        email=person.email,
    )


def change(person: Person, form: BaseForm) -> GateForm:
    """The page for one's own new password."""
    present = fields.of(form, "present", _("Uw huidige wachtwoord"), kind="password", autocomplete="current-password")
    return GateForm(
        title=_("Wijzig uw wachtwoord"),
        lede=_("Daarna bent u op andere apparaten afgemeld. Uw tweede stap blijft zoals die is."),
        fields=[present, *_twice(form)],
        button=_("Wijzig mijn wachtwoord"),
        beside=strong_passwords(),
        back=back_to_mine(),
        email=person.email,
    )


def _twice(form: BaseForm) -> list[Field]:
    hint = _("Ten minste 12 tekens.")
    return [
        fields.of(form, "new", _("Nieuw wachtwoord"), kind="password", hint=hint, autocomplete="new-password"),
        fields.of(form, "again", _("Nog een keer"), kind="password", autocomplete="new-password"),
    ]
