"""The information manager's front door: what waits, needs per state, gaps, needs that move, time given back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from schakel.access.people import Person
from schakel.access.permissions import decide, holders
from schakel.chain import gap_history, gaps, reviewing
from schakel.chain.needs import InformationNeed
from schakel.distribute.unused import unused as unused_needs
from schakel.lib import clock
from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext
from schakel.portal import figures, tables
from schakel.portal.pages import broken_chain, decision, needs, neighbours, unused, wrong_data
from schakel.portal.pages.words import question
from schakel.portal.parts import Action, Door, Doors, Gaps, Head, Near, Tiles, Todo, TodoList
from schakel.portal.tables import Shown

SHOWN_GAPS = 4


@dataclass(frozen=True)
class Manager:
    """The front door."""

    head: Head
    todo: TodoList
    tiles: Tiles
    total: str
    gaps: Gaps
    gap_count: str
    near: Near
    returned: neighbours.Returned
    table: Shown
    tools: Doors


def page(person: Person, query: Mapping[str, str]) -> Manager:
    """The front door for this person."""
    found = list(needs.changed(InformationNeed.objects.all()))
    broken = gap_history.find_open()
    todo = _todo(person, found, broken)
    return Manager(
        head=_head(person, todo, broken),
        todo=TodoList(todo, _("Eerst dit"), _("Nieuwe vragen en hiaten komen hier vanzelf te staan.")),
        tiles=needs.tiles(found),
        total=_("%(count)s in totaal") % {"count": figures.number(len(found))},
        gaps=Gaps([broken_chain.as_part(gap) for gap in broken_chain.spread(broken)[:SHOWN_GAPS]]),
        gap_count=_gap_count(broken),
        near=neighbours.for_manager(),
        returned=neighbours.returned(),
        table=tables.shown(needs.moving(person, found), query),
        tools=_tools(person),
    )


def _tools(person: Person) -> Doors:
    """What is not of every day: content in and out, people, the log."""
    doors = [Door(_("Uitwisselen"), _("Spreadsheets en ArchiMate-modellen, erin en eruit"), "/uitwisselen")]
    if decide(person, "need.end").allowed:
        doors.append(Door(_("Ongebruikte behoeften"), _("Wat niemand opent, met wat beëindigen doet"), unused.ADDRESS))
    doors.append(Door(_("Startpakketten"), _("Behoeften, doelen en taken om mee te beginnen"), "/startpakketten"))
    if decide(person, "person.write").allowed:
        doors.append(Door(_("Mensen"), _("Accounts, en wie zich niet kan aanmelden"), "/mensen"))
    if decide(person, "audit.read").allowed:
        doors.append(Door(_("Logboek"), _("Elke wijziging en elke levering"), "/logboek"))
    return Doors(doors)


def _gap_count(broken: Sequence[gaps.Gap]) -> str:
    bad = sum(1 for gap in broken if gap.rule.severity == "high")
    return _("%(count)s open, %(bad)s ernstig") % {"count": figures.number(len(broken)), "bad": figures.number(bad)}


def _head(person: Person, todo: Sequence[Todo], broken: Sequence[gaps.Gap]) -> Head:
    bad = sum(1 for gap in broken if gap.rule.severity == "high")
    mine = len(todo)
    text = ngettext("%(count)s ding wacht op u", "%(count)s dingen wachten op u", mine)
    title = figures.capital(text % {"count": figures.counted(mine)}) if mine else _("Er wacht niets op u")
    if bad:
        lede = ngettext("%(count)s hiaat is ernstig.", "%(count)s hiaten zijn ernstig.", bad)
        lede = figures.capital(lede % {"count": figures.counted(bad)})
    else:
        lede = _("Geen enkel hiaat is ernstig.")
    return Head(title, lede=lede)


def _todo(person: Person, found: Sequence[InformationNeed], broken: Sequence[gaps.Gap]) -> list[Todo]:
    """Most urgent first. The first one has the one filled button of the page."""
    items = [
        *_to_decide(person, found),
        *_to_assess(found),
        *_without_owner(found),
        *wrong_data.todo(person),
        *_serious(broken),
        *_under_review(found),
        *_to_review(found),
        *_unused(person),
    ]
    order = {"bad": 0, "warn": 1, "now": 2}
    items.sort(key=lambda todo: order[todo.tone])
    return [_first(todo) if place == 0 else todo for place, todo in enumerate(items[: TodoList.LIMIT])]


def _first(todo: Todo) -> Todo:
    action = todo.action
    if action is None:
        return todo
    return Todo(todo.tone, todo.title, todo.reason, todo.when, Action(action.label, action.href, main=True))


def _to_decide(person: Person, found: Sequence[InformationNeed]) -> list[Todo]:
    """Needs that wait for a decision: each one that you may take, and the others together."""
    waiting = [n for n in found if n.state == "assessed"]
    mine = [n for n in waiting if decision.waits_on(person, n)]
    return [*(_mine(need) for need in mine), *_theirs([n for n in waiting if n not in mine])]


def _mine(need: InformationNeed) -> Todo:
    title = _("Besluit over ‘%(question)s’") % {"question": question(need)}
    reason = _("Gevraagd door %(name)s. U bent de tweede persoon.") % {"name": need.requester.name}
    action = Action(_("Vergelijk versies"), f"/behoeften/{need.key}")
    return Todo("bad", title, reason, needs.waits(need), action)


def _theirs(waiting: Sequence[InformationNeed]) -> list[Todo]:
    if not waiting:
        return []
    able = [p for p in holders("need.approve") if any(decision.waits_on(p, need) for need in waiting)]
    names = ", ".join(p.name for p in able) or _("iemand anders")
    text = ngettext(
        "%(count)s behoefte wacht op een besluit van %(names)s",
        "%(count)s behoeften wachten op een besluit van %(names)s",
        len(waiting),
    )
    oldest = min(waiting, key=needs.changed_at)
    title = figures.capital(text % {"count": figures.counted(len(waiting)), "names": names})
    reason = _("De oudste: ‘%(question)s’") % {"question": question(oldest)}
    href = f"/behoeften/{oldest.key}" if len(waiting) == 1 else "/behoeften?t-stand=assessed"
    return [Todo("warn", title, reason, needs.waits(oldest), Action(_("Bekijk stand"), href))]


def _to_assess(found: Sequence[InformationNeed]) -> list[Todo]:
    asked = [n for n in found if n.state == "asked"]
    if not asked:
        return []
    text = ngettext("Beoordeel %(count)s nieuwe vraag", "Beoordeel %(count)s nieuwe vragen", len(asked))
    oldest = min(asked, key=needs.changed_at)
    reason = _("De oudste: ‘%(question)s’") % {"question": question(oldest)}
    href = f"/behoeften/{oldest.key}" if len(asked) == 1 else "/behoeften?t-stand=asked"
    return [
        Todo(
            "warn",
            text % {"count": figures.counted(len(asked))},
            reason,
            needs.waits(oldest),
            Action(_("Beoordeel vragen"), href),
        )
    ]


def _without_owner(found: Sequence[InformationNeed]) -> list[Todo]:
    lost = [n for n in found if n.state in ("asked", "assessed") and n.owner_id is None and n.owner_role_id is None]
    if not lost:
        return []
    text = ngettext("%(count)s vraag heeft geen eigenaar", "%(count)s vragen hebben geen eigenaar", len(lost))
    title = figures.capital(text % {"count": figures.counted(len(lost))})
    return [
        Todo(
            "warn",
            title,
            _("Zonder eigenaar kan niemand ze beoordelen."),
            "",
            Action(_("Wijs eigenaar aan"), "/behoeften"),
        )
    ]


def _serious(broken: Sequence[gaps.Gap]) -> list[Todo]:
    """Serious gaps, one line per kind."""
    kinds: dict[str, list[gaps.Gap]] = {}
    for gap in broken:
        if gap.rule.severity == "high":
            kinds.setdefault(gap.rule.id, []).append(gap)
    todo = []
    for key, alike in kinds.items():
        rule = alike[0].rule
        names = " · ".join(gap.thing.name for gap in alike[:3])
        more = _(" en %(count)s andere") % {"count": len(alike) - 3} if len(alike) > 3 else ""  # noqa: PLR2004
        title = f"{rule.title} ({figures.number(len(alike))})" if len(alike) > 1 else str(rule.title)
        todo.append(
            Todo(
                "bad", title, figures.closed(f"{names}{more}"), "", Action(_("Bekijk hiaten"), f"/hiaten?t-soort={key}")
            )
        )
    return todo


def _under_review(found: Sequence[InformationNeed]) -> list[Todo]:
    """Needs that were taken up again: somebody says whether they stay, change or end."""
    open_ = sorted((n for n in found if n.state == "under_review"), key=lambda n: n.review_on or clock.today())
    if not open_:
        return []
    began = reviewing.since(open_[0])
    text = ngettext("%(count)s behoefte is in herziening", "%(count)s behoeften zijn in herziening", len(open_))
    reason = _("Houd, wijzig of beëindig: ‘%(question)s’") % {"question": question(open_[0])}
    href = f"/behoeften/{open_[0].key}" if len(open_) == 1 else "/behoeften?t-stand=under_review"
    when = _("sinds %(day)s") % {"day": figures.day(began)} if began else ""
    title = figures.capital(text % {"count": figures.counted(len(open_))})
    return [Todo("warn", title, reason, when, Action(_("Rond herziening af"), href))]


def _unused(person: Person) -> list[Todo]:
    """Needs that nobody opens, together: who may end them sees the proposal."""
    alone = unused_needs() if decide(person, "need.end").allowed else []
    if not alone:
        return []
    reason = f"‘{question(alone[0].need)}’: {unused.why(alone[0])}"
    return [Todo("now", unused.title(len(alone)), reason, "", Action(_("Bekijk voorstel"), unused.ADDRESS))]


def _to_review(found: Sequence[InformationNeed]) -> list[Todo]:
    soon = clock.today() + timedelta(days=30)
    due = [n for n in found if n.state == "live" and n.review_on and n.review_on <= soon]
    if not due:
        return []
    first = min(due, key=lambda n: n.review_on or soon)
    text = ngettext("Herzie %(count)s behoefte", "Herzie %(count)s behoeften", len(due))
    when = _("vóór %(day)s") % {"day": figures.day(first.review_on or soon)}
    return [
        Todo(
            "now",
            text % {"count": figures.counted(len(due))},
            question(first),
            when,
            Action(_("Open behoefte"), f"/behoeften/{first.key}"),
        )
    ]
