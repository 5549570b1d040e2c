"""Mijn aanmelding: how one signs in, what is set up, where one is signed in, and what the roster makes of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from schakel.access import second_factor, sessions
from schakel.access.people import Person
from schakel.access.second_factor import State
from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext
from schakel.portal import figures
from schakel.portal.pages import standing
from schakel.portal.pages.refusals import helper
from schakel.portal.parts import Action, Check, Checks, Head, Item, Link, Why

How = Literal["demo", "school", "local"]
FEW = 3  # so few recovery codes left is a reason to make new ones


@dataclass(frozen=True)
class OwnAccount:
    """The page about one's own sign-in."""

    head: Head
    state: Checks
    ways: Sequence[Action]
    here: Sequence[Item]
    elsewhere: Action | None
    why: Why


def page(person: Person, how: How) -> OwnAccount:
    """Everything about how this person signs in. Shows no secret and no code."""
    state = second_factor.state_of(person)
    others = len(sessions.of(person)) - 1
    return OwnAccount(
        head=_head(person, how, state),
        state=Checks(_checks(person, how, state), large=True),
        ways=_ways(person, state),
        here=_here(person, others),
        elsewhere=_elsewhere(others),
        why=_why(person, how),
    )


def _head(person: Person, how: How, state: State) -> Head:
    if how == "school":
        title = _("U bent aangemeld met uw schoolaccount")
    elif how == "demo":
        title = _("U bent ingestapt in de demonstratie")
    elif state.since:
        title = _("U meldt u aan met een wachtwoord en een code")
    else:
        title = _("U meldt u aan met een wachtwoord")
    return Head(title, lede=f"{person.name}, {person.email}", kicker=_("Mijn aanmelding"))


def _checks(person: Person, how: How, state: State) -> list[Check]:
    checks = []
    if how == "school":
        checks.append(Check("ok", _("Uw schoolaccount"), _("De tweede stap vraagt de dienst van uw bestuur.")))
    if person.has_usable_password():
        checks.append(Check("ok", _("Een wachtwoord"), _("Alleen u kent het. Schakel bewaart het onleesbaar.")))
    if state.since:
        since = figures.full_day(state.since)
        checks.append(Check("ok", _("Een app met codes"), _("Ingesteld op %(day)s.") % {"day": since}))
        checks.append(_codes(state.codes_left))
    elif person.has_usable_password():
        checks.append(Check("warn", _("Nog geen tweede stap"), _("Stel een app met codes in op uw telefoon.")))
    if how == "demo":
        line = _("In de demonstratie is geen wachtwoord nodig. Daarbuiten wel, met een tweede stap.")
        checks.append(Check("info", _("Ingestapt zonder wachtwoord"), line))
    return checks


def _codes(left: int) -> Check:
    text = ngettext("%(count)s herstelcode over", "%(count)s herstelcodes over", left) % {"count": figures.number(left)}
    if left <= FEW:
        return Check("warn", text, _("Maak nieuwe, dan komt u ook zonder telefoon binnen."))
    return Check("ok", text, _("Daarmee komt u binnen als u uw telefoon kwijt bent."))


def _ways(person: Person, state: State) -> list[Action]:
    ways = []
    if person.has_usable_password():
        ways.append(Action(_("Wijzig uw wachtwoord"), "/mijn-aanmelding/wachtwoord", icon="key"))
    if state.since:
        ways.append(Action(_("Neem een andere telefoon"), "/mijn-aanmelding/tweede-stap", icon="shield"))
        ways.append(Action(_("Maak nieuwe herstelcodes"), "/mijn-aanmelding/herstelcodes/nieuw", icon="lock"))
    elif person.has_usable_password():
        ways.append(Action(_("Stel uw tweede stap in"), "/mijn-aanmelding/tweede-stap", main=True, icon="shield"))
    return ways


def _here(person: Person, others: int) -> list[Item]:
    roles = ", ".join(standing.role_names(person)) or _("geen rol")
    elsewhere = ngettext("op %(count)s ander apparaat", "op %(count)s andere apparaten", others) % {
        "count": figures.number(others)
    }
    return [
        Item(_("Werkadres"), _("%(email)s. Hiermee zoekt Schakel u in het rooster.") % {"email": person.email}),
        Item(_("Uw rollen van vandaag"), figures.capital(roles) + ".", Link(_("Wat opent dat?"), "/overzichten")),
        Item(_("Dit apparaat"), _("U wordt na acht uur vanzelf afgemeld.")),
        Item(_("Ook aangemeld"), elsewhere if others > 0 else _("nergens anders")),
    ]


def _elsewhere(others: int) -> Action | None:
    if others <= 0:
        return None
    return Action(_("Meld mij overal elders af"), "/mijn-aanmelding/elders-afmelden", post=True, icon="out")


def _why(person: Person, how: How) -> Why:
    helped = {"name": helper(person)}
    wrong = Item(_("Dit was u niet"), _("Meld u overal af, en bel vandaag nog %(name)s.") % helped)
    if how == "school":
        service = Item(_("Wachtwoord of telefoon kwijt"), _("Dat herstelt de dienst van uw bestuur, niet Schakel."))
        return Why(_("Als het misgaat"), [service, wrong])
    return Why(
        _("Als het misgaat"),
        [
            Item(_("Wachtwoord vergeten"), _("%(name)s stuurt u een link om een nieuw te kiezen.") % helped),
            Item(_("Telefoon kwijt"), _("Gebruik een herstelcode. Hebt u die niet, dan helpt %(name)s.") % helped),
            wrong,
        ],
    )
