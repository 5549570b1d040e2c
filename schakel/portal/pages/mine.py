"""Everyone's own information: what asks for you today, your overviews each as a door with a line, your questions."""

from collections.abc import Sequence
from dataclasses import dataclass

from schakel.access.people import Person
from schakel.access.permissions import holders
from schakel.chain.needs import InformationNeed
from schakel.distribute.deliveries import Delivered, deliver
from schakel.distribute.sight import Sight, may_see
from schakel.lib import clock
from schakel.lib.errors import Refused
from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext, worded
from schakel.operations.promises import Late, Lateness
from schakel.portal import figures
from schakel.portal.pages import asking, findings, neighbours, own_gaps, product, standing, wrong_data
from schakel.portal.pages.missing import words as late_words
from schakel.portal.pages.own_gaps import OwnGaps
from schakel.portal.pages.words import question, said, state_of
from schakel.portal.parts import Door, Doors, Empty, Event, Events, Head, Near, Status
from schakel.portal.presentation import Presented, told

MOST_TODAY = 3
MOST_DOORS = 7
MOST_UNSENT = 2


@dataclass(frozen=True)
class Ask:
    """Whom to ask for information, or to tell that something is wrong."""

    names: str


@dataclass(frozen=True)
class Mine:
    """The front door of everyone."""

    head: Head
    today: Doors | None
    overviews: Doors | None
    empty: Empty | None
    ask: Ask
    questions: Events | None
    unsent: Sequence[asking.Unsent]
    reports: Doors | None
    repairs: findings.Near | None
    roles: str
    gaps: OwnGaps
    near: Near


@dataclass(frozen=True)
class Overviews:
    """All overviews: those that open, and those that do not with the reason."""

    head: Head
    open: Doors | None
    shut: Doors | None


@dataclass(frozen=True)
class Seen:
    """A product that was delivered, with its presentation."""

    delivered: Delivered
    answer: Presented

    @property
    def attention(self) -> tuple[int, str]:
        """How many rows ask for someone, and how badly: bad before warn."""
        tones = [self.answer.tone(place) for place in range(len(self.answer.rows))]
        return (tones.count("bad"), "bad") if "bad" in tones else (tones.count("warn"), "warn")


def page(person: Person) -> Mine:
    """The front door for this person."""
    sights = may_see(person, clock.today())
    opening = [sight for sight in sights if sight.allowed]
    seen = [found for sight in opening if sight.product.shape == "worklist" and (found := _seen(person, sight))]
    calling = sorted((s for s in seen if s.attention[0]), key=lambda s: s.attention[1])
    urgent = calling[:MOST_TODAY]
    shown = {s.delivered.product.pk for s in urgent}
    rest = [sight for sight in opening if sight.product.pk not in shown]
    repairs = findings.near(person)
    return Mine(
        head=_head(urgent, opening, repairs, wrong_data.waiting(person), _late(seen)),
        today=Doors([_asking(s) for s in urgent]) if urgent else None,
        overviews=Doors([_door(s) for s in rest[:MOST_DOORS]]) if opening else None,
        empty=None if opening else _nothing(person, sights),
        ask=_ask(),
        questions=_questions(person),
        unsent=asking.begun(person)[:MOST_UNSENT],
        reports=wrong_data.near(person),
        repairs=repairs,
        roles=", ".join(standing.role_names(person)) or _("geen rol"),
        gaps=own_gaps.of(person),
        near=neighbours.for_everyone(next(iter(standing.role_keys(person)), "")),
    )


def _seen(person: Person, sight: Sight) -> Seen | None:
    """What is delivered for the line on the front door; it counts as a delivery like any other."""
    try:
        delivered = deliver(person, sight.product.key, rendering="line")
    except Refused:
        return None
    return Seen(delivered, product.presented(delivered))


def _late(seen: Sequence[Seen]) -> list[Late]:
    """The sources of which data is missing for what would call this person: then silence says nothing."""
    lateness = Lateness()
    told = [each.delivered for each in seen]
    found = {late.source.key: late for each in told for late in lateness.of(each.need, each.product.figures)}
    return [found[key] for key in sorted(found)]


def _head(
    urgent: Sequence[Seen], opening: Sequence[Sight], repairs: findings.Near | None, waiting: str, late: Sequence[Late]
) -> Head:
    """The title: the first thing that asks for someone; `waiting` says it of reports of wrong data.

    Where data is `late`, that nothing asks is not known.
    """
    missing = _("Er zijn gegevens niet op tijd binnengekomen: %(sources)s.")
    lede = missing % {"sources": late_words(late)} if late else ""
    if urgent:
        title = urgent[0].answer.finding or said(urgent[0].delivered.product)
    elif repairs:
        title = repairs.title
    elif waiting:
        title = waiting
    elif late:
        title = _("Of vandaag iets om uw aandacht vraagt is niet bekend")
    elif opening:
        title = _("Niets vraagt vandaag om uw aandacht")
    else:
        title = _("Voor u staat er vandaag niets klaar")
    return Head(title, kicker=figures.weekday(clock.today()), lede=lede)


def _asking(seen: Seen) -> Door:
    tone = seen.attention[1]
    state: dict[str, Status] = {
        "bad": Status(_("Nu doen"), "bad", fill=False),
        "warn": Status(_("Vandaag"), "warn", fill=False),
    }
    title = seen.answer.finding or said(seen.delivered.product)
    line = " · ".join((said(seen.delivered.product), _norm(seen)))
    return Door(title, line.rstrip(" ·"), _address(seen.delivered.product.key), state[tone])


def _norm(seen: Seen) -> str:
    norm = seen.answer.signals.get("norm")
    return told(norm) if norm else ""


def _address(key: str) -> str:
    return f"/overzichten/{key}"


def _door(sight: Sight) -> Door:
    """A product as a door, with the line that says for what it is."""
    need = sight.product.need
    return Door(said(sight.product), worded(need, "purpose"), _address(sight.product.key))


def _nothing(person: Person, sights: Sequence[Sight]) -> Empty:
    reason = sights[0].reason if sights else _("Er is nog geen enkel overzicht gemaakt.")
    names = ", ".join(p.name for p in holders("role.assign"))
    help_ = _("Klopt dat niet? %(names)s kan uw rol nagaan.") % {"names": names} if names else ""
    return Empty(_("Geen overzichten"), f"{reason} {help_}".strip())


def _ask() -> Ask:
    return Ask(", ".join(p.name for p in holders("need.assess")))


def _questions(person: Person) -> Events | None:
    """The needs that this person asked for themselves, newest first."""
    found = InformationNeed.objects.filter(requester=person).order_by("-asked_at")[:5]
    events = [Event(figures.day(n.asked_at), question(n), n.refusal_reason, _state(n)) for n in found]
    return Events(events) if events else None


def _state(need: InformationNeed) -> Status:
    state = state_of(need)
    return Status(state.word, state.tone, state.shape, fill=False)


def overviews(person: Person) -> Overviews:
    """All products, the ones that open first; of the others the reason, so that nobody has to guess."""
    sights = may_see(person, clock.today())
    opening = [s for s in sights if s.allowed]
    shut = [s for s in sights if not s.allowed]
    text = ngettext("Eén overzicht staat voor u klaar", "%(count)s overzichten staan voor u klaar", len(opening))
    title = (
        figures.capital(text % {"count": figures.counted(len(opening))})
        if opening
        else _("Er staat geen overzicht voor u klaar")
    )
    lede = _("Wat u ziet volgt uit uw rol van vandaag en uit behoeften die zijn goedgekeurd.")
    return Overviews(
        Head(title, lede=lede if sights else f"{_('Er is nog geen enkel overzicht gemaakt.')} {lede}"),
        Doors([_door(s) for s in opening]) if opening else None,
        Doors(
            [
                Door(
                    said(s.product),
                    s.reason,
                    _address(s.product.key),
                    Status(_("Niet voor u"), "no", "lock", fill=False),
                )
                for s in shut
            ]
        )
        if shut
        else None,
    )
