"""Pages at the gate, before or beside the pages themselves: one form on the left, why it is asked on the right."""

from collections.abc import Sequence
from dataclasses import dataclass

from schakel.access.people import Person
from schakel.lib.text import gettext as _
from schakel.portal.fields import Field
from schakel.portal.pages.refusals import helper
from schakel.portal.parts import Link


@dataclass(frozen=True)
class Beside:
    """What stands beside the form."""

    title: str
    lines: Sequence[str]


@dataclass(frozen=True)
class GateForm:
    """A page with one form and one button."""

    title: str
    lede: str
    fields: Sequence[Field]
    button: str
    beside: Beside
    notes: Sequence[str] = ()
    back: Link | None = None
    email: str = ""  # for a password manager: whose password this is


def why_two_steps(person: Person) -> Beside:
    """Why a password alone is not enough."""
    return Beside(
        _("Waarom een tweede stap?"),
        [
            _("In Schakel staan gegevens over leerlingen en collega’s. Een wachtwoord alleen kan uitlekken."),
            _("Met een code van uw telefoon erbij komt iemand die alleen uw wachtwoord kent niet binnen."),
            _("Lukt het niet? %(name)s kan u helpen.") % {"name": helper(person)},
        ],
    )


def strong_passwords() -> Beside:
    """What makes a password good."""
    return Beside(
        _("Een goed wachtwoord is lang"),
        [
            _("Neem ten minste 12 tekens. Een zin van vier of vijf woorden is sterk en toch te onthouden."),
            _("Gebruik dit wachtwoord nergens anders. Een wachtwoordkluis maakt en bewaart het voor u."),
        ],
    )


def back_to_mine() -> Link:
    """The way back to one's own sign-in."""
    return Link(_("Terug naar ‘Mijn aanmelding’"), "/mijn-aanmelding")
