"""One kit: what can be chosen from it, where it and the board differ and who changed what, and what it teaches."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from schakel.access.people import Person
from schakel.access.permissions import decide, holders
from schakel.chain.needs import InformationNeed
from schakel.kits import families
from schakel.kits.contents import Item, Kit
from schakel.kits.difference import Change, diff
from schakel.kits.mistakes import BadKit
from schakel.lib.errors import Unknown
from schakel.lib.text import gettext as _
from schakel.lib.text import language, ngettext
from schakel.portal import figures, tables
from schakel.portal.pages import kits
from schakel.portal.pages.kit_differences import Apart, apart
from schakel.portal.pages.kits import named, section_word, told
from schakel.portal.pages.words import state_of
from schakel.portal.parts import Fact, Head, Link, Note, Status
from schakel.portal.tables import Cell, Column, Filter, Row, Shown, Table

ESTABLISHED = "fora"


@dataclass(frozen=True)
class Choice:
    """One thing that can be ticked: what it is called, a line about it, and how it stands."""

    value: str
    label: str
    line: str
    state: Status
    there: bool


@dataclass(frozen=True)
class Group:
    """Choices under one heading; `whole` ticks everything of the section."""

    heading: str
    choices: Sequence[Choice]


@dataclass(frozen=True)
class Lesson:
    """A question that others asked and that was refused: why, and what serves instead."""

    question: str
    reason: str
    instead: Link


@dataclass(frozen=True)
class OneKit:
    """The page of one kit."""

    head: Head
    address: str
    may: bool
    note: Note | None
    groups: Sequence[Group]
    sections: Sequence[Choice]
    apart: Sequence[Apart]
    lessons: Sequence[Lesson]
    reference: Shown | None

    @property
    def choices(self) -> bool:
        """Whether there is anything to take over."""
        return any(apart.choices for apart in self.apart)


def of(name: str) -> Kit:
    """The kit with this name; Unknown when none comes with Schakel."""
    try:
        return families.delivered(name)
    except BadKit as error:
        raise Unknown(error.message, code="unknown") from error


def page(person: Person, name: str, query: Mapping[str, str]) -> OneKit:
    """The page of a kit, for who may load it and for who only looks."""
    kit = of(name)
    changes = kits.belonging(kit, diff(kit).changes)
    may = decide(person, "kit.load").allowed
    return OneKit(
        head=_head(kit, changes),
        address=f"/startpakketten/{kit.id}",
        may=may,
        note=None if may else _who_may(),
        groups=_groups(kit, changes),
        sections=_sections(kit, changes),
        apart=apart(changes),
        lessons=_lessons(kit),
        reference=_reference(kit, query),
    )


def _head(kit: Kit, changes: Sequence[Change]) -> Head:
    new = sum(1 for change in changes if change.kind == "added" and change.section == "needs")
    text = ngettext(
        "%(name)s: %(count)s behoefte staat nog niet in uw register",
        "%(name)s: %(count)s behoeften staan nog niet in uw register",
        new,
    )
    words = {"name": told(kit.name), "count": figures.counted(new)}
    facts = [Fact("file", _("versie %(version)s") % {"version": kit.version}), Fact("user", kit.provider)]
    if kit.requires:
        below = ", ".join(told(families.delivered(each).name) for each in kit.requires)
        facts.append(Fact("way", _("staat op: %(below)s") % {"below": below}))
    return Head(
        text % words if new else _("%(name)s: u heeft alle behoeften") % words,
        lede=told(kit.description),
        state=kits.state_of(kit, changes),
        crumbs=[Link(_("Startpakketten"), "/startpakketten"), Link(told(kit.name))],
        facts=facts,
    )


def _who_may() -> Note:
    names = ", ".join(p.name for p in holders("kit.load")) or _("de informatiemanager")
    return Note(_("U kunt hier kijken. Delen laden doet %(names)s.") % {"names": names})


def _groups(kit: Kit, changes: Iterable[Change]) -> list[Group]:
    """The needs of the kit by the activity that they serve; the refused ones are below, as lessons."""
    kinds = _kinds(changes)
    here = {need.key: need for need in InformationNeed.objects.all()}
    activities = {item.key: item for item in kit.whole if item.section == "activities"}
    found: dict[str, list[Choice]] = {}
    for item in sorted(kits.own(kit), key=lambda item: str(item.get("activity"))):
        if item.section == "needs" and item.get("state") == "asked":
            heading = named(activities[item.get("activity")])
            found.setdefault(heading, []).append(_choice(kit, item, kinds, here.get(item.key)))
    return [Group(heading, choices) for heading, choices in found.items()]


def _choice(kit: Kit, item: Item, kinds: Mapping[tuple[str, str], str], need: InformationNeed | None) -> Choice:
    roles = {each.key: each for each in kit.whole if each.section == "roles"}
    role = roles.get(item.get("role"))
    state = state_of(need) if need else Status(_("Nieuw"), "now")
    line = named(role) if role else item.get("role")
    if kinds.get((item.section, item.key)) == "changed":
        line = " · ".join((line, _("het pakket is vernieuwd")))
    return Choice(f"needs:{item.key}", named(item), line, state, need is not None)


def _sections(kit: Kit, changes: Iterable[Change]) -> list[Choice]:
    """Whole sections beside the needs, with how much of each is there."""
    kinds = _kinds(changes)
    found = []
    for section, items in kits.sections(kits.own(kit)):
        if section in ("needs", "products", "links", "sources"):
            continue
        new = sum(kinds.get((section, item.key)) == "added" for item in items)
        words = {"new": figures.number(new), "count": figures.number(len(items))}
        line = _("%(new)s van de %(count)s staan er nog niet") % words if new else _("alle %(count)s staan er") % words
        state = Status(_("Nieuw"), "now") if new else Status(_("Geladen"), "ok")
        found.append(Choice(section, section_word(section), line, state, not new))
    return found


def _kinds(changes: Iterable[Change]) -> dict[tuple[str, str], str]:
    return {(change.section, change.key): change.kind for change in changes}


def _lessons(kit: Kit) -> list[Lesson]:
    needs = {item.key: item for item in kit.whole if item.section == "needs"}
    here = set(InformationNeed.objects.values_list("key", flat=True))
    return [_lesson(item, needs, here) for item in kits.own(kit) if item.get("state") == "refused"]


def _lesson(item: Item, needs: Mapping[str, Item], here: set[str]) -> Lesson:
    """The reason names other needs by their key; on the page they are called by their question."""
    reason = item.get(f"refusal_{language()}") or item.get("refusal_nl")
    key = item.get("instead")
    instead = Link(named(needs[key]) if key in needs else key, f"/behoeften/{key}" if key in here else "")
    for each, other in needs.items():
        reason = reason.replace(f" {each}", f" ‘{named(other)}’") if f" {each}" in reason else reason
    return Lesson(named(item), reason.strip(), instead)


def _reference(kit: Kit, query: Mapping[str, str]) -> Shown | None:
    """Names from the reference architecture, and which of them are established there."""
    rows = [_fact(item) for item in kits.own(kit) if item.section in ("processes", "components", "concepts")]
    if not rows:
        return None
    columns = [
        Column("name", _("Naam")),
        Column("kind", _("Soort")),
        Column("sure", _("Vastgesteld")),
        Column("what", _("Wat het is"), sorts=False, wide=True),
    ]
    sure = Filter(
        "vast", _("Vastgesteld"), [("", _("Alles")), ("ja", _("vastgesteld")), ("nee", _("niet vastgesteld"))]
    )
    kinds = [(section, section_word(section)) for section in ("processes", "components", "concepts")]
    kind = Filter("soort", _("Soort"), [("", _("Alles")), *kinds])
    table = Table(
        _("Namen uit de referentiearchitectuur"),
        columns,
        rows,
        key="r",
        search=_("naam"),
        filters=[kind, sure],
        size=25,
    )
    return tables.shown(table, query)


def _fact(item: Item) -> Row:
    sure = item.get("evidence") == ESTABLISHED
    word = Status(_("vastgesteld"), "ok") if sure else Status(evidence_word(item.get("evidence")), "unk")
    return Row(
        {
            "name": tables.words(named(item)),
            "kind": tables.words(section_word(item.section)),
            "sure": Cell(state=word, order=word.word),
            "what": tables.words(item.get("description_nl")),
        },
        {"soort": item.section, "vast": "ja" if sure else "nee"},
    )


def evidence_word(evidence: str) -> str:
    """How sure a name of the reference architecture is."""
    return {
        "fora": _("vastgesteld"),
        "fora-derived": _("niet vastgesteld: afgeleid"),
        "proposed": _("niet vastgesteld: ons voorstel"),
    }.get(evidence, _("niet vastgesteld"))
