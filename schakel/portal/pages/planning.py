"""What is agreed about a source: when it is read, what is promised of it, how we sign in, whom to call."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from schakel.access.people import Person
from schakel.access.permissions import decide
from schakel.chain.freshness import NoOlder
from schakel.collect import holidays, plans
from schakel.collect.connections import Connection, connection_of
from schakel.collect.runs import Run
from schakel.collect.schedules import Simple, simple_of
from schakel.collect.sources import Source
from schakel.lib import clock
from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext
from schakel.operations import watch
from schakel.operations.mapped_sources import coverage_of
from schakel.operations.promises import Promise
from schakel.portal import figures
from schakel.portal.pages import covered, server
from schakel.portal.pages.sources import source_name
from schakel.portal.pages.words import question
from schakel.portal.parts import Action, Head, Item, Link, Note, Status

PLAN = ("how", "time", "weekday", "cron", "not_in_holidays", "region")
DESK = ("contact_name", "contact_email", "contact_phone", "credentials_expire_on")
_SOON = 30  # days before credentials end
_HOUR = 3600
_TWO_DAYS = 48  # hours


@dataclass(frozen=True)
class PlanningPage:
    """The page on which it is changed: two forms, and what was wrong in the one that was sent."""

    head: Head
    note: Note | None
    key: str
    values: Mapping[str, str]
    ways: Sequence[tuple[str, str]]
    weekdays: Sequence[tuple[str, str]]
    regions: Sequence[tuple[str, str]]
    known_until: str
    own_secret: bool
    active: bool


def page(source: Source, *, given: Mapping[str, str] | None = None, wrong: str = "") -> PlanningPage:
    """The page of this source; `given` is what was filled in and could not be kept."""
    name = source_name(source)
    crumbs = [
        Link(_("Bronnen"), "/bronnen"),
        Link(name, f"/bronnen/{source.key}"),
        Link(_("Planning en contact"), f"/bronnen/{source.key}/planning"),
    ]
    connection = connection_of(source)
    title = _("%(name)s wordt gelezen: %(when)s") if source.active else _("%(name)s staat uit")
    return PlanningPage(
        head=Head(
            title % {"name": name, "when": planned(source, connection)},
            lede=_("Wijzig hier wanneer, en wie de leverancier aan de lijn krijgt."),
            crumbs=crumbs,
        ),
        note=Note(wrong, "bad", _("Niet bewaard.")) if wrong else None,
        key=source.key,
        values={**_values(source), **(given or {})},
        ways=_ways(connection),
        weekdays=[(str(number), figures.day_name(number)) for number in range(7)],
        regions=[("", _("Kies een regio")), *((region, region) for region in holidays.REGIONS)],
        known_until=figures.full_day(holidays.known_until()),
        own_secret=connection is None,
        active=source.active,
    )


def items(source: Source, promise: Promise | None, last: Run | None) -> list[Item]:
    """What is agreed, for on the page of the source."""
    connection, coverage = connection_of(source), coverage_of(source)
    return [
        Item(_("Gelezen"), _when(source, connection, last)),
        *([Item(_("Een bestand bevat"), covered.told(coverage))] if coverage else []),
        Item(_("Belofte"), promised(promise)),
        Item(_("Inloggegevens"), expiry(source, connection).word + "."),
        _desk(source),
    ]


def notes(source: Source, promise: Promise | None) -> list[Note]:
    """What endangers the promise now."""
    tones = {"failed": "bad", "overdue": "bad", "planned": "warn"}
    risks = promise.risks if promise else ()
    return [Note(watch.told(source, risk), tones[risk.cause], _belongs(risk.cause)) for risk in risks]  # type: ignore[arg-type]


def change_action(person: Person, source: Source) -> Action | None:
    """The way to the page on which it is changed, for who may."""
    if not decide(person, "source.write").allowed:
        return None
    return Action(_("Wijzig planning en contact"), f"/bronnen/{source.key}/planning", small=True)


def planned(source: Source, connection: Connection | None) -> str:
    """When a source is read by itself, in words."""
    if not source.cron:
        if connection is None:
            return _("zodra er een nieuw bestand in de inbox ligt")
        return _("elke %(count)s uur") % {"count": figures.number(connection.every_hours)}
    simple = simple_of(source.cron, not_in_holidays=source.not_in_holidays)
    text = _said(simple) if simple else _("volgens de cronregel %(line)s") % {"line": source.cron}
    if source.not_in_holidays:
        words = {"when": text, "region": source.region}
        return _("%(when)s, niet in de vakantie (regio %(region)s)") % words
    return text


def promised(promise: Promise | None) -> str:
    """By when its data must be there, and why, in one sentence."""
    if promise is None:
        return _("Geen goedgekeurde behoefte rekent op de applicatie van deze bron.")
    why = ""
    if promise.need is not None:
        words = {"number": promise.need.number, "question": question(promise.need).rstrip("?.")}
        why = _(", want %(number)s: %(question)s") % words
    if promise.by is not None:
        return figures.capital(_must(promise.by)) + why + "."
    if isinstance(promise.rule, NoOlder):
        return _("Hoogstens %(age)s oud") % {"age": _age(promise.rule)} + why + "."
    return _("Wat behoeften vragen staat hieronder; er is nog niets gelezen en niets gepland.")


def expiry(source: Source, connection: Connection | None) -> Status:
    """How it stands with what we sign in with."""
    if connection is not None:
        return server.expiry(connection)
    if source.credentials_expire_on is None:
        return Status(_("Niet bekend of er iets verloopt"), "unk")
    left = (source.credentials_expire_on - clock.today()).days
    words = {"day": figures.day(source.credentials_expire_on)}
    if left <= 0:
        return Status(_("Verlopen op %(day)s") % words, "bad")
    return Status(_("Geldig tot %(day)s") % words, "warn" if left <= _SOON else "ok")


def _when(source: Source, connection: Connection | None, last: Run | None) -> str:
    text = figures.capital(planned(source, connection)) + "."
    coming = plans.next_for(source, connection, last)
    if coming is None:
        return text
    if coming <= clock.now():
        return f"{text} {_('Nu aan de beurt.')}"
    again = last is not None and last.retry_at == coming
    more = _("Opnieuw geprobeerd wordt %(moment)s.") if again else _("De volgende keer is %(moment)s.")
    return f"{text} {more % {'moment': figures.coming(coming)}}"


def _must(by: datetime) -> str:
    if by <= clock.now():
        return _("moest er %(moment)s zijn") % {"moment": figures.coming(by)}
    return _("moet er %(moment)s zijn") % {"moment": figures.coming(by)}


def _age(rule: NoOlder) -> str:
    hours = int(rule.age.total_seconds() // _HOUR)
    if hours <= _TWO_DAYS:
        return ngettext("%(count)s uur", "%(count)s uur", hours) % {"count": figures.number(hours)}
    return ngettext("%(count)s dag", "%(count)s dagen", hours // 24) % {"count": figures.number(hours // 24)}


def _desk(source: Source) -> Item:
    told = [source.system.supplier, source.contact_name, source.contact_phone]
    text = ", ".join(part for part in told if part)
    link = Link(source.contact_email, f"mailto:{source.contact_email}") if source.contact_email else None
    missing = _("Niet bekend wie de leverancier aan de lijn krijgt.")
    return Item(_("Leverancier"), f"{text}." if text else "" if link else missing, link)


def _belongs(cause: str) -> str:
    return {
        "failed": _("De belofte loopt gevaar."),
        "overdue": _("De belofte is niet gehaald."),
        "planned": _("De planning past niet."),
    }[cause]


def _said(simple: Simple) -> str:
    words = {"hour": _hour(simple.at), "day": figures.day_name(simple.weekday)}
    return {
        "school": _("elke schooldag om %(hour)s"),
        "daily": _("elke dag om %(hour)s"),
        "weekly": _("elke week op %(day)s om %(hour)s"),
    }[simple.kind] % words


def _hour(at: time) -> str:
    return figures.hour(datetime.combine(clock.today(), at, clock.AMSTERDAM))


def _ways(connection: Connection | None) -> list[tuple[str, str]]:
    return [
        ("", _("Zodra er iets nieuws is") if connection is None else _("Elke zoveel uur, zoals bij de server staat")),
        ("school", _("Elke schooldag om")),
        ("daily", _("Elke dag om")),
        ("weekly", _("Elke week op")),
        ("own", _("Volgens een eigen cronregel")),
    ]


def _values(source: Source) -> dict[str, str]:
    simple = simple_of(source.cron, not_in_holidays=source.not_in_holidays)
    return {
        "how": simple.kind if simple else "own" if source.cron else "",
        "time": f"{simple.at:%H:%M}" if simple else "06:00",
        "weekday": str(simple.weekday) if simple else "0",
        "cron": source.cron,
        "not_in_holidays": "1" if source.not_in_holidays else "",
        "region": source.region or _usual_region(),
        "contact_name": source.contact_name,
        "contact_email": source.contact_email,
        "contact_phone": source.contact_phone,
        "credentials_expire_on": source.credentials_expire_on.isoformat() if source.credentials_expire_on else "",
    }


def _usual_region() -> str:
    """The region that another source of this board has; empty when none has one."""
    return Source.objects.exclude(region="").values_list("region", flat=True).first() or ""
