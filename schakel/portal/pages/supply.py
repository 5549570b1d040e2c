"""ICT's front door: which sources ask for someone, all sources, what runs out, the state of the installation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings

from schakel.access.people import Person
from schakel.access.permissions import decide
from schakel.chain.systems import Link, System
from schakel.collect import reports
from schakel.collect.alerts import Alert
from schakel.collect.connections import expiring
from schakel.collect.runs import Run
from schakel.collect.sources import Source
from schakel.lib import clock
from schakel.lib.errors import Unknown
from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext
from schakel.operations import health, watch
from schakel.operations.flow import newest_file
from schakel.portal import figures, tables
from schakel.portal.pages import findings, neighbours, own_gaps, reading, sources, wrong_data
from schakel.portal.pages.own_gaps import OwnGaps
from schakel.portal.pages.sources import Read, source_name
from schakel.portal.parts import Action, Check, Checks, Event, Events, Head, Near, Reading, Status, Todo, TodoList, Tone
from schakel.portal.tables import Shown

SOON = timedelta(days=60)


@dataclass(frozen=True)
class Supply:
    """The front door."""

    head: Head
    reading: Reading | None
    todo: TodoList
    table: Shown
    ending: Events | None
    health: Checks
    gaps: OwnGaps
    near: Near


def page(person: Person, query: Mapping[str, str]) -> Supply:
    """The front door for this person."""
    found = sources.read()
    todo = [*_todo(found), *findings.todo(person), *wrong_data.todo(person)][: TodoList.LIMIT]
    opening = sources.head(found)
    return Supply(
        head=Head(opening.title, lede=opening.lede, actions=_actions(person, found, bool(todo))),
        reading=reading.of_all(query.get(reading.ASKED, "")),
        todo=TodoList(
            todo, _("Eerst dit"), _("Een bron die stilstaat of rijen tegenhoudt komt hier vanzelf te staan.")
        ),
        table=tables.shown(sources.table(found), query),
        ending=_ending(),
        health=Checks([Check(_tone(f.state), f.what.capitalize(), f.text) for f in health.examine(whole=False)]),
        gaps=own_gaps.of(person),
        near=neighbours.for_supply(),
    )


def _tone(state: str) -> Tone:
    return {"ok": "ok", "warn": "warn", "bad": "bad", "unk": "unk"}[state]  # type: ignore[return-value]


def _actions(person: Person, found: Sequence[Read], busy: bool) -> list[Action]:
    if not found or not decide(person, "source.collect").allowed:
        return []
    asked = set(Run.objects.open().values_list("source_id", flat=True))
    if asked and all(item.source.pk in asked for item in found if newest_file(item.source)):
        return [Action(_("Er wordt gelezen"), "", disabled=True)]
    return [Action(_("Lees alle bronnen nu"), "/bronnen/lezen", icon="clock", post=True, main=not busy)]


def _todo(found: Sequence[Read]) -> list[Todo]:
    """Sources that stand still first, then what was refused at the door, then rows in quarantine."""
    items: list[Todo] = []
    for item in found:
        if item.stuck or (item.good and item.late):
            items.append(_stuck(item))
    items += _alerts({item.source.pk for item in found if item.stuck or (item.good and item.late)})
    for item in found:
        items += _refused_columns(item)
    items += _quarantine(found)
    items += [_unread(item) for item in found if item.last is None]
    first = [_main(todo) if place == 0 else todo for place, todo in enumerate(items)]
    return first[: TodoList.LIMIT]


def _main(todo: Todo) -> Todo:
    action = todo.action
    shown = Action(action.label, action.href, main=True) if action else None
    return Todo(todo.tone, todo.title, todo.reason, todo.when, shown)


def _stuck(item: Read) -> Todo:
    name = source_name(item.source)
    reason = item.last.message if item.last and item.stuck else _("Er kwam op tijd geen nieuw bestand.")
    when = _("%(age)s oud") % {"age": figures.age(item.good.started_at)} if item.good else _("nooit gelezen")
    return Todo(
        "bad",
        _("Herstel de bron %(name)s") % {"name": name},
        reason,
        when,
        Action(_("Open bron"), f"/bronnen/{item.source.key}"),
    )


def _alerts(told: set[int]) -> list[Todo]:
    """Promises in danger at sources about which nothing was said yet; what a plan cannot keep is told together."""
    standing = [alert for alert in Alert.objects.standing().whole() if alert.source_id not in told]
    late = [_overdue(alert) for alert in standing if alert.cause == "overdue"]
    planned = [alert for alert in standing if alert.cause == "planned"]
    return late + ([_planned(planned)] if planned else [])


def _overdue(alert: Alert) -> Todo:
    title = _("De gegevens van %(name)s zijn te laat") % {"name": source_name(alert.source)}
    open_it = Action(_("Open bron"), f"/bronnen/{alert.source.key}")
    return Todo("bad", title, watch.sentence(alert), figures.brief(alert.begun_at), open_it)


def _planned(alerts: Sequence[Alert]) -> Todo:
    first = alerts[0]
    if len(alerts) == 1:
        title = _("De planning van %(name)s past niet bij de belofte") % {"name": source_name(first.source)}
        way = Action(_("Open bron"), f"/bronnen/{first.source.key}")
    else:
        words = {"count": figures.counted(len(alerts))}
        title = figures.capital(_("%(count)s bronnen komen minder vaak dan is beloofd") % words)
        way = Action(_("Bekijk de bronnen"), "/bronnen")
    return Todo("warn", title, watch.sentence(first), figures.brief(min(a.begun_at for a in alerts)), way)


def _unread(item: Read) -> Todo:
    name = source_name(item.source)
    words = {"pattern": item.source.pattern}
    reason = _("Schakel wacht op een bestand dat heet als %(pattern)s.") % words
    return Todo(
        "now",
        _("Sluit de bron %(name)s aan") % {"name": name},
        reason,
        "",
        Action(_("Open bron"), f"/bronnen/{item.source.key}"),
    )


def _refused_columns(item: Read) -> list[Todo]:
    """A column that may never be kept stood in a file: the school should take it out of its export."""
    refused = refused_columns(item.good)
    if not refused:
        return []
    names = ", ".join(sorted({column for column, _why in refused}))
    why = " ".join(sorted({_(why) for _column, why in refused}))
    text = ngettext("Een kolom is aan de deur geweigerd", "%(count)s kolommen zijn aan de deur geweigerd", len(refused))
    reason = _("%(source)s, kolom %(names)s. %(why)s Laat de kolom uit de export halen.")
    words = {"source": source_name(item.source), "names": names, "why": why}
    when = figures.brief(item.good.started_at) if item.good else ""
    return [
        Todo(
            "warn",
            text % {"count": figures.capital(figures.counted(len(refused)))},
            reason % words,
            when,
            Action(_("Bekijk kolommen"), f"/bronnen/{item.source.key}#kolommen"),
        )
    ]


def refused_columns(run: Run | None) -> list[tuple[str, str]]:
    """Column and reason of what the door refused in a run."""
    if run is None or not run.folder:
        return []
    try:
        decisions = reports.column_decisions(Path(settings.DATA) / run.folder)
    except Unknown:
        return []
    return [(d.column, d.reason) for d in decisions if d.decision == "refuse"]


def _quarantine(found: Sequence[Read]) -> list[Todo]:
    held = sorted((i for i in found if i.held), key=lambda i: -i.held)
    if not held:
        return []
    total = sum(i.held for i in held)
    worst = held[0]
    text = ngettext("Beoordeel %(count)s rij in quarantaine", "Beoordeel %(count)s rijen in quarantaine", total)
    words = {"count": figures.number(worst.held), "name": source_name(worst.source)}
    reason = _("De meeste, %(count)s, komen uit de bron %(name)s.") % words
    oldest = min(i.landed.started_at for i in held if i.landed)
    return [
        Todo(
            "warn",
            text % {"count": figures.number(total)},
            reason,
            figures.brief(oldest),
            Action(_("Open quarantaine"), "/quarantaine"),
        )
    ]


def _ending() -> Events | None:
    """Agreements and keys that run out within two months, soonest first."""
    until = clock.today() + SOON
    found: list[tuple[date, str]] = [
        (s.agreement_until, _("Overeenkomst %(name)s") % {"name": s.name})
        for s in System.objects.filter(agreement_until__lte=until)
        if s.agreement_until
    ]
    found += [
        (link.secret_expires_on, _("Sleutel van koppeling %(name)s") % {"name": link.key})
        for link in Link.objects.filter(secret_expires_on__lte=until)
        if link.secret_expires_on
    ]
    found += [
        (known.secret_expires_on, _("Geheim van bron %(name)s") % {"name": source_name(known.source)})
        for known in expiring(until)
        if known.secret_expires_on
    ]
    found += [
        (source.credentials_expire_on, _("Inloggegevens van bron %(name)s") % {"name": source_name(source)})
        for source in Source.objects.filter(credentials_expire_on__lte=until, active=True, connection__isnull=True)
        if source.credentials_expire_on
    ]
    events = [Event(figures.day(day), title, state=_runs_out(day)) for day, title in sorted(found)]
    return Events(events, narrow=True) if events else None


def _runs_out(day: date) -> Status:
    left = (day - clock.today()).days
    if left < 0:
        return Status(_("verlopen"), "bad", fill=False)
    text = ngettext("nog %(count)s dag", "nog %(count)s dagen", left) % {"count": figures.number(left)}
    return Status(text, "bad" if left <= 14 else "warn", fill=False)  # noqa: PLR2004
