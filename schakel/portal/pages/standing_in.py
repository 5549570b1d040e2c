"""Vervanging: who judges or decides in your place, for whom you do, until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from schakel.access.delegations import Delegation
from schakel.access.people import Person
from schakel.access.permissions import DELEGABLE, PERMISSIONS
from schakel.access.roles import keys_held
from schakel.lib import clock
from schakel.lib.text import gettext as _
from schakel.portal import figures
from schakel.portal.parts import Action, Empty, Head, Todo, TodoList


@dataclass(frozen=True)
class StandingIn:
    """The page: what stands, and the form with what this person may hand over, to whom."""

    head: Head
    standing: TodoList | None
    empty: Empty | None
    permissions: Sequence[tuple[str, str]]
    people: Sequence[tuple[int, str]]
    first: str
    last: str


def words_for(permission: str) -> str:
    """What is handed over, as a verb."""
    return {
        "need.assess": _("vragen beoordelen"),
        "need.advise": _("adviseren over privacy"),
        "need.approve": _("behoeften goedkeuren"),
        "need.refuse": _("behoeften afwijzen"),
        "need.review": _("behoeften herzien"),
        "need.end": _("behoeften beëindigen"),
    }[permission]


def page(person: Person) -> StandingIn:
    """The page for this person."""
    today = clock.today()
    running = Delegation.objects.filter(end__gte=today).select_related("giver", "taker").order_by("start")
    given, taken = list(running.filter(giver=person)), list(running.filter(taker=person))
    held = keys_held(person)
    may = [(p, words_for(p)) for p in DELEGABLE if held & PERMISSIONS[p]]
    others = Person.objects.filter(is_active=True).exclude(pk=person.pk).values_list("pk", "name")
    standing = [_row(d, person) for d in [*given, *taken]]
    return StandingIn(
        head=_head(given, taken, today),
        standing=TodoList(standing, _("Vervangingen die lopen of komen")) if standing else None,
        empty=None if standing else _empty(bool(may)),
        permissions=may,
        people=list(others) if may else [],
        first=today.isoformat(),
        last=(today + timedelta(days=7)).isoformat(),
    )


def _head(given: Sequence[Delegation], taken: Sequence[Delegation], today: date) -> Head:
    now = [d for d in given if d.start <= today]
    for_others = [d for d in taken if d.start <= today]
    if now:
        title = _("%(name)s vervangt u tot en met %(day)s") % {
            "name": now[0].taker.name,
            "day": figures.day(now[0].end),
        }
    elif for_others:
        title = _("U vervangt %(name)s tot en met %(day)s") % {
            "name": for_others[0].giver.name,
            "day": figures.day(for_others[0].end),
        }
    else:
        title = _("Niemand vervangt u nu")
    lede = _("Een vervanger beslist in uw plaats, tot een dag die u kiest. Nooit over wat u of hij zelf vroeg.")
    return Head(title, lede=lede)


def _row(delegation: Delegation, person: Person) -> Todo:
    given = delegation.giver_id == person.pk
    names = {"giver": delegation.giver.name, "taker": delegation.taker.name, "what": words_for(delegation.permission)}
    title = _("%(taker)s mag voor u %(what)s") if given else _("U mag voor %(giver)s %(what)s")
    period = {"start": figures.day(delegation.start), "end": figures.day(delegation.end)}
    stop = Action(
        _("Stop vervanging"), "/vervanging/stoppen", post=True, small=True, fields={"nummer": str(delegation.pk)}
    )
    return Todo("now", title % names, delegation.reason, _("%(start)s tot en met %(end)s") % period, stop)


def _empty(may: bool) -> Empty:
    line = (
        _("Bent u er een tijd niet, laat dan een collega beslissen over wat wacht. Kies hieronder wie en tot wanneer.")
        if may
        else _("U hebt nu geen rol waarin u beoordeelt of beslist; er is niets over te dragen.")
    )
    return Empty(_("Er loopt geen vervanging"), line)
