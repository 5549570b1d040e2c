"""One need: the sentence, the chain, what changes, what was looked at, the elements with their reasons, its life."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from schakel.access import audit
from schakel.access.people import Person
from schakel.access.permissions import decide
from schakel.chain import assessment
from schakel.chain.answerable import Division
from schakel.chain.approvals import standing_approval
from schakel.chain.elements import InformationObject
from schakel.chain.goals import Activity, Goal
from schakel.chain.needs import MOVING, InformationNeed, NeedElement
from schakel.chain.responsibilities import ASPECTS
from schakel.distribute.products import Product
from schakel.lib.errors import Unknown
from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext, worded
from schakel.portal import figures, tables
from schakel.portal.pages import answering, decision, kinds
from schakel.portal.pages.decision import Decision
from schakel.portal.pages.words import (
    abbreviated,
    action_word,
    element_names,
    question,
    said,
    scope_words,
    special_words,
    state_of,
    state_word,
)
from schakel.portal.parts import (
    Action,
    Chain,
    Check,
    Checks,
    Door,
    Doors,
    Event,
    Events,
    Fact,
    Head,
    Item,
    Life,
    Link,
    Place,
    Station,
    Status,
    Step,
    Tone,
    Why,
)
from schakel.portal.tables import Cell, Column, Row, Shown, Table

Sentence = Sequence[tuple[str, bool]]


@dataclass(frozen=True)
class Need:
    """The page of one need."""

    head: Head
    chain: Chain
    decision: Decision | None
    checks: Checks
    facts: Why
    elements: Shown
    objects: Why
    life: Life
    events: Events
    versions: Doors


def page(person: Person, key: str, query: dict[str, str]) -> Need:
    """The page of the need with this key; Unknown when there is none."""
    need = InformationNeed.objects.whole().filter(key=key).first()
    if need is None:
        raise Unknown(_("Deze behoefte bestaat niet, of heet anders."), code="unknown")
    return Need(
        head=_head(person, need),
        chain=_chain(need),
        decision=decision.of(person, need),
        checks=Checks([_observed(o) for o in assessment.assess(need)]),
        facts=_facts(need),
        elements=tables.shown(_elements(person, need), query),
        objects=_objects(need),
        life=Life(_life(need)),
        events=Events(_events(need)),
        versions=Doors(_versions(need)),
    )


def _head(person: Person, need: InformationNeed) -> Head:
    facts = [
        Fact(
            "user",
            _("eigenaar: %(name)s")
            % {"name": need.owner.name if need.owner else said(need.owner_role) or _("niet toegewezen")},
        )
    ]
    if need.expires_on:
        facts.append(Fact("calendar", _("loopt tot %(day)s") % {"day": figures.day(need.expires_on)}))
    crumbs = [Link(_("Behoeften"), "/behoeften"), Link(need.number, f"/behoeften/{need.key}")]
    actions = [Action(_("Wie en wat raakt dit?"), kinds.impact_of("need", need.key))]
    if decide(person, "need.revise").allowed and need.state not in ("ended", "refused"):
        actions.insert(0, Action(_("Wijzig behoefte"), f"/behoeften/{need.key}/wijzigen", icon="pen"))
    if decide(person, "product.write").allowed and need.state in MOVING and standing_approval(need):
        actions.append(_writing(need))
    return Head(
        question(need), sentence=_sentence(need), state=state_of(need), crumbs=crumbs, facts=facts, actions=actions
    )


def _sentence(need: InformationNeed) -> Sentence:
    """The need as it is asked, with the parts that were filled in told apart."""
    text = _("Als [role] wil ik [rhythm] antwoord op deze vraag, om te besluiten: [decision]")
    filled = {"role": said(need.role), "rhythm": worded(need, "rhythm"), "decision": worded(need, "decision")}
    pieces: list[tuple[str, bool]] = []
    for piece in text.replace("]", "[").split("["):
        if piece:
            pieces.append((filled.get(piece, piece), piece in filled))
    return pieces


def _chain(need: InformationNeed) -> Chain:
    here = f"/behoeften/{need.key}"
    lines = [line for line in need.elements.all() if not line.declined]
    receivers = sorted({said(a.role) for a in need.audiences.all()})
    return Chain(
        [
            _station(_("Doel"), said(need.goal), _("Geen doel"), _chosen("goal", need.goal)),
            _station(_("Activiteit"), said(need.activity), _("Geen activiteit"), _chosen("activity", need.activity)),
            Station(_("Behoefte"), need.number, "here"),
            Station(_("Gegevens"), _count_elements(len(lines)), "done", f"{here}#gegevens"),
            _station(_("Bron"), ", ".join(systems(lines)), _("Geen bron"), kinds.foundation_of("need", need.key)),
            _provision(need),
            _station(_("Persoon"), _some(receivers), _("Geen doelgroep"), _people(need)),
        ]
    )


def _some(roles: Sequence[str]) -> str:
    """One or two roles by name; of more the first and how many others: the line of the chain is narrow."""
    if len(roles) <= 2:  # noqa: PLR2004
        return ", ".join(roles)
    return _("%(name)s en %(n)s andere rollen") % {"name": roles[0], "n": len(roles) - 1}


def _writing(need: InformationNeed) -> Action:
    """To the overview of the need: to write the first one, or to change it."""
    product = Product.objects.filter(need=need, active=True).first()
    place = f"/behoeften/{need.key}/overzichten"
    if product is None:
        return Action(_("Schrijf een overzicht"), f"{place}/nieuw")
    return Action(_("Wijzig overzicht"), f"{place}/{product.key}")


def _chosen(kind: str, thing: Goal | Activity | None) -> str:
    return kinds.picture_of(kind, thing.key) if thing else ""


def _people(need: InformationNeed) -> str:
    return f"{kinds.impact_of('need', need.key)}#mensen"


def _count_elements(count: int) -> str:
    return ngettext("%(count)s gegeven", "%(count)s gegevens", count) % {"count": figures.number(count)}


def _station(kind: str, label: str, missing: str, href: str = "") -> Station:
    return Station(kind, label, "done", href) if label else Station(kind, missing, "gap")


def _provision(need: InformationNeed) -> Station:
    """What is delivered because of the need: its first product, and how many more there are."""
    products = list(Product.objects.filter(need=need, active=True))
    if not products:
        return Station(_("Voorziening"), _("Nog niet gemaakt"), "gap")
    more = _(" en %(count)s andere") % {"count": len(products) - 1} if len(products) > 1 else ""
    return Station(_("Voorziening"), said(products[0]) + more, "done", f"/overzichten/{products[0].key}")


def systems(lines: Sequence[NeedElement]) -> list[str]:
    """The systems that the elements come from, the one that gives most first."""
    counts: dict[str, int] = {}
    for line in lines:
        for record in line.element.sources_of_record.select_related("system"):
            name = worded(record.system, "name")
            counts[name] = counts.get(name, 0) + 1
    return [abbreviated(name) for name in sorted(counts, key=lambda name: (-counts[name], name))]


def _observed(seen: assessment.Observation) -> Check:
    return Check(cast(Tone, seen.state), seen.text, ", ".join(seen.detail))


def _facts(need: InformationNeed) -> Why:
    open_ = _("nog niet ingevuld")
    items = [
        Item(_("Waarvoor"), worded(need, "purpose") or open_),
        Item(_("Op grond van"), "; ".join(t for t in (need.legal_basis, need.law, need.art9_exception) if t) or open_),
        Item(
            _("Wie ontvangt het"),
            "; ".join(f"{said(a.role)}: {scope_words(a.scope)}" for a in need.audiences.all()) or _("nog niemand"),
        ),
        Item(_("Wie is waarvoor aanspreekbaar"), *_answerable(need)),
        Item(_("Hoe vers"), worded(need, "freshness") or open_),
        Item(_("Hoe lang"), worded(need, "retention") or _("niet langer dan de behoefte loopt")),
        Item(_("Zo gaat het nu"), " ".join(t for t in (_sentence_of(need.today_how), _today(need)) if t)),
    ]
    if need.note and need.state == "asked":
        items.append(Item(_("Toelichting"), need.note))
    if need.state == "refused":
        items.insert(0, _refused(need))
    return Why(_("Waarom en voor wie"), items)


def _refused(need: InformationNeed) -> Item:
    """Why it was refused, and the need that may serve instead."""
    if need.alternative is None:
        return Item(_("Waarom afgewezen"), need.refusal_reason)
    instead = Link(question(need.alternative), f"/behoeften/{need.alternative.key}")
    return Item(_("Waarom afgewezen"), " ".join((need.refusal_reason, _("Wat wel kan:"))), instead)


def _sentence_of(text: str) -> str:
    return f"{figures.capital(text.rstrip('.'))}." if text else ""


def _answerable(need: InformationNeed) -> tuple[str, Link]:
    """Who answers for this need now, by role, and where the whole division is read."""
    division = Division()
    names = [
        f"{answering.aspect_word(aspect)}: {', '.join(said(role) for role in roles)}"
        for aspect in ASPECTS
        if (roles := division.of(need, aspect).letters["A"])
    ]
    link = Link(_("Bekijk verdeling"), answering.page_of(need.noun(), need.key))
    return "; ".join(names) or _("niemand is eindverantwoordelijk"), link


def _today(need: InformationNeed) -> str:
    if not (need.minutes_before and need.times_per_year and need.people):
        return _("onbekend")
    hours = need.minutes_before * need.times_per_year * need.people / 60
    words = {
        "minutes": need.minutes_before,
        "times": figures.number(need.times_per_year),
        "people": figures.number(need.people),
        "hours": figures.number(round(hours)),
    }
    text = _("%(minutes)s minuten, %(times)s keer per jaar, %(people)s mensen: %(hours)s uur per jaar (opgegeven)")
    if need.minutes_now is None:
        return text % words
    now = _("Met Schakel %(minutes)s minuten per keer (opgegeven).") % {"minutes": need.minutes_now}
    return f"{text % words}. {now}"


def _elements(person: Person, need: InformationNeed) -> Table:
    may_leave_out = decide(person, "need.decline_element").allowed and need.state not in ("ended", "refused")
    names = element_names([line.element.key for line in need.elements.all()])
    columns = [
        Column("element", _("Gegeven")),
        Column("demand", _("Nodig of gewenst")),
        Column("reason", _("Waarom")),
        Column("kind", _("Soort")),
        Column("source", _("Bron")),
    ]
    return Table(
        _("Gegevens in deze behoefte"),
        columns,
        [_element(line, need, names[line.element.key], may_leave_out) for line in need.elements.all()],
        key="g",
    )


def _element(line: NeedElement, need: InformationNeed, name: str, may_leave_out: bool) -> Row:
    element = line.element
    kind = special_words(element.special) or (_("persoonsgegeven") if element.personal else _("geen persoonsgegeven"))
    sources = [worded(r.system, "name") for r in element.sources_of_record.select_related("system")]
    return Row(
        {
            "element": tables.words(name, note=element.key),
            "demand": Cell(state=_demand(line), order=line.demand, action=_leave_out(line, need, may_leave_out)),
            "reason": tables.words(line.declined_reason if line.declined else worded(line, "reason")),
            "kind": tables.words(kind),
            "source": tables.words(", ".join(sources)) if sources else Cell(figures.Figure(_("geen bron"), "unknown")),
        }
    )


def _leave_out(line: NeedElement, need: InformationNeed, may: bool) -> Action | None:
    """A wish can be left out, with a reason; what is required cannot."""
    if not may or line.demand != "wished" or line.declined:
        return None
    return Action(_("Laat weg"), f"/behoeften/{need.key}/weglaten/{line.element.key}", small=True)


def _objects(need: InformationNeed) -> Why:
    """What the board has these objects for at all, beside the reason of this need."""
    keys = {line.element.object_id for line in need.elements.all() if not line.declined}
    found = InformationObject.objects.filter(pk__in=keys).exclude(purpose="")
    items = [
        Item(said(o), " ".join(t for t in (worded(o, "purpose"), _in_brackets(o.legal_basis)) if t)) for o in found
    ]
    return Why(_("Waarvoor het bestuur deze gegevens gebruikt"), items)


def _in_brackets(text: str) -> str:
    return f"({text})" if text else ""


def _demand(line: NeedElement) -> Status:
    if line.declined:
        return Status(_("Weggelaten"), "no")
    return Status(_("Nodig"), "info", "ok") if line.demand == "required" else Status(_("Gewenst"), "unk")


_ORDER = ("asked", "assessed", "approved", "being_realised", "live", "under_review", "ended")
_REACHED = {
    "need.ask": "asked",
    "need.assess": "assessed",
    "need.approve": "approved",
    "need.go_live": "live",
    "need.review": "under_review",
    "need.review_due": "under_review",
    "need.end": "ended",
}


def _life(need: InformationNeed) -> list[Step]:
    since = {
        _REACHED[line.action]: line.at
        for line in reversed(audit.history("informationneed", need.key))
        if line.action in _REACHED
    }
    if need.state == "refused":
        return [Step(state_word("asked"), "done", _day(since.get("asked"))), Step(state_word("refused"), "stop")]
    now = _ORDER.index(need.state)
    return [
        Step(state_word(s), _place(i, now, s in since), _day(since.get(s)) if i <= now else "")
        for i, s in enumerate(_ORDER)
    ]


def _place(order: int, now: int, reached: bool) -> Place:
    if order == now:
        return "here"
    return "done" if order < now else ""


def _day(moment: object) -> str:
    return figures.day(moment) if isinstance(moment, datetime) else ""


def _versions(need: InformationNeed) -> list[Door]:
    """Where each version can be read as it was, the newest first; none while there is only one."""
    found = list(need.versions.select_related("written_by").order_by("-number"))
    words = _("%(name)s, %(day)s")
    return [
        Door(
            _("Versie %(number)s") % {"number": version.number},
            words % {"name": version.written_by.name, "day": figures.day(version.written_at)},
            f"/behoeften/{need.key}/versies/{version.number}",
        )
        for version in found
        if len(found) > 1
    ]


def _events(need: InformationNeed) -> list[Event]:
    shown = []
    for line in audit.history("informationneed", need.key)[:12]:
        who = line.actor.name if line.actor else "Schakel"
        shown.append(Event(figures.day(line.at), f"{who} {action_word(line.action)}", str(line.facts.get("why", ""))))
    return shown
