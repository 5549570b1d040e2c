"""What loading the chosen parts of a kit would do, before it happens: what comes along, what changes, what stays."""

from collections.abc import Sequence
from dataclasses import dataclass

from schakel.access.people import Person
from schakel.access.permissions import decide
from schakel.chain.approvals import Approval
from schakel.kits.contents import Kit
from schakel.kits.difference import Change, Differences, diff
from schakel.kits.mistakes import BadKit
from schakel.lib.errors import Unknown
from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext
from schakel.portal import figures
from schakel.portal.pages import kit as one_kit
from schakel.portal.pages import kits
from schakel.portal.pages.kinds import listed
from schakel.portal.pages.kit_differences import differences
from schakel.portal.pages.kits import section_word, told
from schakel.portal.parts import Diff, Head, Item, Link, Note

NAMED = 8  # things of one section that are called by name


@dataclass(frozen=True)
class KitChoice:
    """The page before loading."""

    head: Head
    arrives: Sequence[Item]
    changes: Diff | None
    takes: Diff | None
    note: Note | None
    parts: Sequence[str]
    over: Sequence[str]
    address: str
    may: bool
    does: bool


def page(person: Person, name: str, parts: Sequence[str], over: Sequence[str]) -> KitChoice:
    """What these parts bring; without parts, the whole kit. Unknown for a part that is not in it."""
    kit = one_kit.of(name)
    parts = [*parts, *(part for part in _parts_of(kit, over) if part not in parts)]
    try:
        found = diff(kit, parts)
    except BadKit as error:
        raise Unknown(error.message, code="unknown") from error
    taken = [change for change in found.of("kept") if change.name in over and change.by != "board"]
    added, changed = found.of("added"), found.of("changed")
    return KitChoice(
        head=_head(kit, found, len(taken), chosen=bool(parts)),
        arrives=_arrives(found),
        changes=differences(changed) if changed else None,
        takes=differences(taken) if taken else None,
        note=_approved(taken),
        parts=list(parts),
        over=[change.name for change in taken],
        address=f"/startpakketten/{kit.id}",
        may=decide(person, "kit.load").allowed,
        does=bool(added or changed or taken),
    )


def _parts_of(kit: Kit, over: Sequence[str]) -> list[str]:
    """The parts that hold what someone wants to take over."""
    if not over:
        return []
    return [":".join(change.part) for change in diff(kit).of("kept") if change.name in over]


def _head(kit: Kit, found: Differences, taken: int, *, chosen: bool) -> Head:
    new = len({change.part for change in found.of("added")})
    changed = len(found.of("changed")) + taken
    said = []
    if new:
        text = ngettext("%(count)s ding komt erbij", "%(count)s dingen komen erbij", new)
        said.append(text % {"count": figures.counted(new)})
    if changed:
        text = ngettext("%(count)s ding wijzigt", "%(count)s dingen wijzigen", changed)
        said.append(text % {"count": figures.counted(changed)})
    title = listed(said) if said else _("Er verandert niets: dit staat al in uw register")
    lede = (
        _("Wat u koos, met alles wat het nodig heeft: rol, activiteit, doel, gegevens en applicaties.")
        if chosen
        else _("Het hele pakket, met alles waar het op staat.")
    )
    crumbs = [Link(_("Startpakketten"), "/startpakketten"), Link(told(kit.name), f"/startpakketten/{kit.id}")]
    return Head(figures.capital(title), lede=lede, crumbs=crumbs)


def _arrives(found: Differences) -> list[Item]:
    """What comes in, by section, with the first few by name."""
    new = {change.part for change in found.of("added")}
    shown = []
    for section, items in kits.sections(found.kit.items):
        names = [kits.named(item) for item in items if (item.section, item.key) in new]
        if names:
            rest = _(" en %(count)s andere") % {"count": len(names) - NAMED} if len(names) > NAMED else ""
            label = f"{section_word(section)} ({figures.number(len(names))})"
            shown.append(Item(label, f"{' · '.join(names[:NAMED])}{rest}"))
    return shown


def _approved(taken: Sequence[Change]) -> Note | None:
    """Taking over a need that was approved stops its delivery: said before it happens."""
    keys = [change.key for change in taken if change.section == "needs"]
    hit = Approval.objects.filter(need__key__in=keys, voided_at__isnull=True).count()
    if not hit:
        return None
    text = ngettext(
        "%(count)s behoefte is goedgekeurd. Neemt u haar over, dan vervalt de goedkeuring en stopt de levering, "
        "tot iemand anders opnieuw goedkeurt.",
        "%(count)s behoeften zijn goedgekeurd. Neemt u ze over, dan vervalt de goedkeuring en stopt de levering, "
        "tot iemand anders opnieuw goedkeurt.",
        hit,
    )
    return Note(figures.capital(text % {"count": figures.counted(hit)}), "warn")
