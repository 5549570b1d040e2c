"""The neighbours of a role: what the other sides do, need and worry about now, in sentences drawn from the graph."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from schakel.access.roles import Role
from schakel.chain import gap_history
from schakel.chain.approvals import Approval
from schakel.chain.gaps import OPEN, Gap
from schakel.chain.goals import Activity, Goal
from schakel.chain.needs import InformationNeed
from schakel.chain.realising import Change
from schakel.chain.systems import Link as Road
from schakel.chain.systems import System
from schakel.collect.runs import Run
from schakel.collect.sources import Source
from schakel.distribute.delivery import Delivery
from schakel.lib import clock
from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext
from schakel.portal import figures
from schakel.portal.pages import answering, broken_chain, neighbours
from schakel.portal.pages.role import find
from schakel.portal.pages.sources import source_name
from schakel.portal.pages.words import question, said
from schakel.portal.parts import Head, Item, Link

MONTH = timedelta(days=30)
SOON = timedelta(days=60)


@dataclass(frozen=True)
class World:
    """One of the other sides: its name, what it is there for, and what it does, needs and worries about."""

    key: str
    name: str
    line: str
    does: Sequence[Item]
    needs: Sequence[Item]
    worries: Sequence[Item]


@dataclass(frozen=True)
class Neighbourhood:
    """The page of one role: the other three sides."""

    head: Head
    worlds: Sequence[World]


def page(key: str) -> Neighbourhood:
    """The neighbours of the role with this key; Unknown when there is none."""
    role = find(key)
    broken = gap_history.find_open()
    worlds = [_world(side, broken) for side in answering.SIDES if side != role.side]
    return Neighbourhood(_head(role, worlds), worlds)


def _head(role: Role, worlds: Sequence[World]) -> Head:
    count = sum(len(world.worries) for world in worlds)
    words = {"count": figures.counted(count), "role": said(role)}
    text = ngettext(
        "De buren van de %(role)s hebben %(count)s zorg", "De buren van de %(role)s hebben %(count)s zorgen", count
    )
    title = text % words if count else _("De buren van de %(role)s hebben nu geen zorgen") % words
    crumbs = [Link(figures.capital(said(role)), f"/rollen/{role.key}"), Link(_("Buren"), f"/rollen/{role.key}/buren")]
    lede = _("Wat de anderen doen, nodig hebben en waar zij mee zitten. Over leerlingen staat hier niets.")
    return Head(title, lede=lede, crumbs=crumbs)


def _world(side: str, broken: Sequence[Gap]) -> World:
    names = {
        "direction": (_("Bestuur"), _("Stelt doelen en grenzen, en beslist.")),
        "demand": (_("Informatiemanagement"), _("Zorgt dat duidelijk is welke informatie nodig is, en of het mag.")),
        "supply": (_("ICT"), _("Zorgt dat bronnen, koppelingen en applicaties het doen.")),
        "use": (_("Scholen en klas"), _("Geeft les, begeleidt en regelt; werkt met wat er komt.")),
    }
    does: dict[str, Callable[[], list[Item]]] = {
        "direction": _board_does, "demand": _demand_does, "supply": _supply_does, "use": _schools_do,
    }  # fmt: skip
    worries: dict[str, Callable[[], list[Item]]] = {
        "direction": _board_waits, "demand": _demand_waits, "supply": _supply_fears, "use": _schools_wait,
    }  # fmt: skip
    name, line = names[side]
    return World(side, name, line, does[side](), _asks(side), [*worries[side](), *_gaps(side, broken)])


def _counted(text: str, count: int, **words: Any) -> str:
    """A sentence with a small count in words, and with a capital."""
    return figures.capital(text % {"count": figures.counted(count), **words})


def _asks(side: str) -> list[Item]:
    """What the roles of a side want to know, and how much of it they have."""
    found = list(InformationNeed.objects.filter(role__side=side, state__in=OPEN).order_by("-asked_at"))
    if not found:
        return [Item("", _("Vraagt nu niets."))]
    live = sum(1 for need in found if need.state == "live")
    text = _counted(ngettext("Stelt %(count)s vraag", "Stelt %(count)s vragen", len(found)), len(found))
    part = (
        _counted(ngettext("%(count)s is in gebruik", "%(count)s zijn in gebruik", live), live)
        if live
        else _("Nog geen is in gebruik")
    )
    newest = _("De nieuwste: ‘%(question)s’") % {"question": question(found[0])}
    return [Item("", f"{text}. {part}."), Item("", newest, Link(_("Lees"), f"/behoeften/{found[0].key}"))]


def _gaps(side: str, broken: Sequence[Gap]) -> list[Item]:
    """Gaps whose owner sits on a side, the worst one by name."""
    owners = set(Role.objects.filter(side=side).values_list("key", flat=True))
    found = [gap for gap in broken if gap.thing.role in owners]
    if not found:
        return []
    words = {"title": found[0].rule.title, "name": found[0].thing.name}
    text = _counted(
        ngettext(
            "%(count)s hiaat wacht hier. %(title)s: %(name)s",
            "%(count)s hiaten wachten hier. Het ergste: %(title)s: %(name)s",
            len(found),
        ),
        len(found),
        **words,
    )
    return [Item("", text, Link(_("Bekijk hiaat"), broken_chain.own_page(found[0])))]


def _board_does() -> list[Item]:
    goals = Goal.objects.count()
    items = [Item("", _counted(ngettext("Stuurt op %(count)s doel.", "Stuurt op %(count)s doelen.", goals), goals))]
    fresh = Approval.objects.filter(at__gte=clock.now() - MONTH, voided_at=None).select_related("need").order_by("-at")
    if fresh:
        text = _counted(
            ngettext(
                "Keurde in dertig dagen %(count)s behoefte goed: ‘%(question)s’",
                "Keurde in dertig dagen %(count)s behoeften goed, het laatst ‘%(question)s’",
                len(fresh),
            ),
            len(fresh),
            question=question(fresh[0].need),
        )
        items.append(Item("", text, Link(_("Lees"), f"/behoeften/{fresh[0].need.key}")))
    return items


def _board_waits() -> list[Item]:
    waiting = list(InformationNeed.objects.filter(state="assessed").order_by("asked_at"))
    if not waiting:
        return []
    text = _counted(
        ngettext(
            "%(count)s behoefte wacht op een besluit, de oudste sinds %(day)s.",
            "%(count)s behoeften wachten op een besluit, de oudste sinds %(day)s.",
            len(waiting),
        ),
        len(waiting),
        day=figures.day(waiting[0].asked_at),
    )
    return [Item("", text, Link(_("Bekijk besluiten"), "/behoeften?t-stand=assessed"))]


def _demand_does() -> list[Item]:
    asked = InformationNeed.objects.filter(asked_at__gte=clock.now() - MONTH).count()
    running = Change.objects.filter(state__in=("planned", "doing")).count()
    items = [
        Item(
            "",
            _counted(
                ngettext("Kreeg in dertig dagen %(count)s vraag.", "Kreeg in dertig dagen %(count)s vragen.", asked),
                asked,
            ),
        )
    ]
    if running:
        items.append(
            Item("", _counted(ngettext("Volgt %(count)s wijziging.", "Volgt %(count)s wijzigingen.", running), running))
        )
    return items


def _demand_waits() -> list[Item]:
    waiting = list(InformationNeed.objects.filter(state="asked").order_by("asked_at"))
    if not waiting:
        return []
    words = {"day": figures.day(waiting[0].asked_at)}
    text = _counted(
        ngettext(
            "%(count)s vraag is nog niet beoordeeld, gesteld op %(day)s.",
            "%(count)s vragen zijn nog niet beoordeeld, de oudste is van %(day)s.",
            len(waiting),
        ),
        len(waiting),
        **words,
    )
    return [Item("", text, Link(_("Bekijk vragen"), "/behoeften?t-stand=asked"))]


def _supply_does() -> list[Item]:
    sources = Source.objects.filter(active=True).count()
    read = Run.objects.filter(started_at__gte=clock.now() - MONTH).exclude(state="running").count()
    text = _counted(ngettext("Leest %(count)s bron", "Leest %(count)s bronnen", sources), sources)
    times = _counted(ngettext("%(count)s keer in dertig dagen", "%(count)s keer in dertig dagen", read), read).lower()
    ready = InformationNeed.objects.filter(state__in=("approved", "being_realised")).count()
    items = [Item("", f"{text}, {times}.")]
    if ready:
        items.append(
            Item(
                "",
                _counted(
                    ngettext(
                        "Legt %(count)s goedgekeurde behoefte aan.", "Legt %(count)s goedgekeurde behoeften aan.", ready
                    ),
                    ready,
                ),
            )
        )
    return items


def _supply_fears() -> list[Item]:
    items = []
    for source, run in neighbours.late_sources()[:3]:
        words = {"name": source_name(source), "age": figures.age(run.started_at) if run else ""}
        text = (
            _("%(name)s is voor het laatst %(age)s geleden goed gelezen.")
            if run
            else _("%(name)s is nog nooit gelezen.")
        )
        items.append(Item("", text % words))
    return [*items, *_running_out(), *_late_changes()]


def _running_out() -> list[Item]:
    """Agreements, contracts and keys that end within two months, the first one by name."""
    spans = [(s.agreement_until, answering.name_of(s)) for s in System.objects.all()]
    spans += [(s.contract_until, answering.name_of(s)) for s in System.objects.all()]
    spans += [(road.secret_expires_on, road.key) for road in Road.objects.all()]
    today = clock.today()
    ends = sorted((day, name) for day, name in spans if day and today <= day <= today + SOON)
    if not ends:
        return []
    text = ngettext(
        "%(count)s afspraak of sleutel loopt binnen twee maanden af: %(name)s op %(day)s.",
        "%(count)s afspraken of sleutels lopen binnen twee maanden af, als eerste %(name)s op %(day)s.",
        len(ends),
    )
    return [Item("", _counted(text, len(ends), day=figures.day(ends[0][0]), name=ends[0][1]))]


def _late_changes() -> list[Item]:
    late = list(Change.objects.filter(due_on__lt=clock.today()).exclude(state__in=("done", "dropped")))
    if not late:
        return []
    text = _counted(
        ngettext(
            "%(count)s wijziging is te laat: %(title)s",
            "%(count)s wijzigingen zijn te laat, zoals: %(title)s",
            len(late),
        ),
        len(late),
        title=late[0].title,
    )
    return [Item("", text)]


def _schools_do() -> list[Item]:
    work = list(Activity.objects.filter(owner_role__side="use"))
    opened = Delivery.objects.opened().filter(at__gte=clock.now() - MONTH).count()
    items = []
    if work:
        text = _counted(
            ngettext(
                "Doet %(count)s activiteit: %(name)s.", "Doet %(count)s activiteiten, zoals: %(name)s.", len(work)
            ),
            len(work),
            name=said(work[0]),
        )
        items.append(Item("", text))
    text = ngettext(
        "Opende in dertig dagen %(count)s keer een overzicht.",
        "Opende in dertig dagen %(count)s keer een overzicht.",
        opened,
    )
    return [*items, Item("", text % {"count": figures.number(opened)})]


def _schools_wait() -> list[Item]:
    """Questions from schools that have no answer yet, and what finding it by hand costs them."""
    found = InformationNeed.objects.filter(
        role__side="use", state__in=[s for s in OPEN if s not in ("live", "under_review")]
    )
    waiting = list(found.order_by("asked_at"))
    if not waiting:
        return []
    text = _counted(
        ngettext(
            "%(count)s vraag uit de school heeft nog geen antwoord: ‘%(question)s’",
            "%(count)s vragen uit de school hebben nog geen antwoord, de oudste: ‘%(question)s’",
            len(waiting),
        ),
        len(waiting),
        question=question(waiting[0]),
    )
    items = [Item("", text, Link(_("Lees"), f"/behoeften/{waiting[0].key}"))]
    minutes = sum((n.minutes_before or 0) * (n.times_per_year or 0) * (n.people or 0) for n in waiting)
    if minutes:
        cost = _("Dat zelf uitzoeken kost nu zo’n %(hours)s uur per jaar (opgegeven).") % {
            "hours": figures.number(round(minutes / 60))
        }
        items.append(Item("", cost))
    return items
