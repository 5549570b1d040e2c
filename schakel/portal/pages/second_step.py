"""The pages of the second step: the picture to scan, the codes to keep, the code to type."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass

from allauth.mfa.adapter import get_adapter
from django.forms import BaseForm

from schakel.access import second_factor
from schakel.access.people import Person
from schakel.lib.text import gettext as _
from schakel.portal import fields
from schakel.portal.fields import Field
from schakel.portal.pages.gate import Beside, GateForm, back_to_mine, why_two_steps
from schakel.portal.pages.refusals import helper
from schakel.portal.parts import Link

FOUR = 4


@dataclass(frozen=True)
class SetUp:
    """The page on which an app with codes is set up."""

    title: str
    lede: str
    picture: str
    secret: Sequence[str]
    address: str
    fields: Sequence[Field]
    button: str
    beside: Beside
    onward: str
    leave: bool
    back: Link


@dataclass(frozen=True)
class Codes:
    """The recovery codes, the one time that they are shown."""

    title: str
    lede: str
    codes: Sequence[str]
    onward: str
    beside: Beside


def set_up(person: Person, secret: str, form: BaseForm, *, onward: str, leave: bool) -> SetUp:
    """The page with the picture and the secret. `leave`: the person comes from signing in and cannot go back."""
    adapter = get_adapter()
    address = adapter.build_totp_url(person, secret)
    picture = b64encode(adapter.build_totp_svg(address).encode()).decode()
    lede = _("U doet dit één keer. Daarna vraagt Schakel bij het aanmelden uw wachtwoord en een code.")
    return SetUp(
        title=_("Stel uw tweede stap in"),
        lede=lede,
        picture=f"data:image/svg+xml;base64,{picture}",
        secret=_in_fours(secret),
        address=address,
        fields=[_code(form, _("Code van 6 cijfers"))],
        button=_("Zet de tweede stap aan"),
        beside=why_two_steps(person),
        onward=onward,
        leave=leave,
        back=back_to_mine(),
    )


def codes(person: Person, onward: str) -> Codes:
    """The page with the recovery codes that are left."""
    return Codes(
        title=_("Bewaar uw herstelcodes"),
        lede=_("Bent u uw telefoon kwijt, dan komt u hiermee toch binnen. Schakel laat ze alleen nu zien."),
        codes=[" ".join(_in_fours(code)) for code in second_factor.recovery_codes(person)],
        onward=onward,
        beside=why_two_steps(person),
    )


def codes_as_text(person: Person) -> str:
    """The recovery codes as a small file."""
    head = _("Herstelcodes voor Schakel van %(email)s. Elke code werkt één keer.") % {"email": person.email}
    lines = [" ".join(_in_fours(code)) for code in second_factor.recovery_codes(person)]
    return "\r\n".join([head, "", *lines, ""])


def enter(person: Person, form: BaseForm) -> GateForm:
    """The second page of signing in."""
    lost = _("Telefoon kwijt? Typ een van uw herstelcodes. Hebt u die ook niet, dan kan %(name)s u helpen.")
    return GateForm(
        title=_("Typ uw code"),
        lede=_("Uw wachtwoord klopt. Nu de tweede stap."),
        fields=[_code(form, _("Code van 6 cijfers"), first=True)],
        button=_("Meld aan"),
        beside=why_two_steps(person),
        notes=[lost % {"name": helper(person)}],
        back=Link(_("Begin opnieuw"), "/aanmelden"),
    )


def confirm(person: Person, form: BaseForm) -> GateForm:
    """Before another phone: a code of the present one."""
    return GateForm(
        title=_("Een andere telefoon"),
        lede=_("Bevestig eerst dat u het bent. Uw huidige telefoon blijft werken tot de nieuwe is ingesteld."),
        fields=[_code(form, _("Code van uw huidige telefoon, of een herstelcode"))],
        button=_("Bevestig met deze code"),
        beside=why_two_steps(person),
        back=back_to_mine(),
    )


def renew(person: Person, form: BaseForm) -> GateForm:
    """Before new recovery codes: a code of the phone."""
    return GateForm(
        title=_("Maak nieuwe herstelcodes"),
        lede=_("De oude herstelcodes werken daarna niet meer. De app op uw telefoon blijft werken."),
        fields=[_code(form, _("Code van uw telefoon, of een herstelcode"))],
        button=_("Maak nieuwe herstelcodes"),
        beside=why_two_steps(person),
        back=back_to_mine(),
    )


def _code(form: BaseForm, label: str, first: bool = False) -> Field:
    hint = _("Open de app met codes op uw telefoon.")
    return fields.of(form, "code", label, hint=hint, autocomplete="one-time-code", digits=True, first=first)


def _in_fours(text: str) -> list[str]:
    return [text[i : i + FOUR] for i in range(0, len(text), FOUR)]
