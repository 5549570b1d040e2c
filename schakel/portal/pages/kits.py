"""The kits: what each brings, how much of it the board has, and where a kit and the board went different ways."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from schakel.kits import contents, families
from schakel.kits.contents import Item, Kit
from schakel.kits.difference import Change, diff
from schakel.lib.text import gettext as _
from schakel.lib.text import language, ngettext
from schakel.portal import figures
from schakel.portal.parts import Door, Doors, Head, Link, Status

ORDER = ("starter", "base", "po", "vo", "so", "board")  # in which a board would look at them
MAIN = ("needs", "goals", "activities", "objects", "indicators", "products", "areas", "consultations")


@dataclass(frozen=True)
class Kits:
    """The page with all kits."""

    head: Head
    doors: Doors


def page() -> Kits:
    """All kits that come with Schakel, each with how much of it is there."""
    changes = diff(families.everything()).changes
    kits = [families.delivered(name) for name in (*ORDER, *contents.names()) if name in contents.names()]
    kits = list({kit.id: kit for kit in kits}.values())
    return Kits(_head(changes), Doors([_door(kit, changes) for kit in kits]))


def _head(changes: Iterable[Change]) -> Head:
    new = sum(1 for change in changes if change.section == "needs" and change.kind == "added")
    title = ngettext(
        "%(count)s behoefte van anderen staat nog niet in uw register",
        "%(count)s behoeften van anderen staan nog niet in uw register",
        new,
    )
    lede = _(
        "Een pakket brengt wat andere besturen ook nodig hebben. Kies delen, pas ze aan. "
        "Behoeften komen binnen als vraag: pas na goedkeuring stromen er gegevens."
    )
    return Head(
        figures.capital(title % {"count": figures.counted(new)})
        if new
        else _("U heeft alle behoeften uit de pakketten"),
        lede=lede,
        crumbs=[Link(_("Behoeften"), "/behoeften"), Link(_("Startpakketten"))],
    )


def _door(kit: Kit, changes: Iterable[Change]) -> Door:
    mine = belonging(kit, changes)
    counts = Counter(item.section for item in own(kit))
    brings = ", ".join(counted(section, counts[section]) for section in MAIN if counts[section])
    line = " ".join((told(kit.description), _("In dit pakket: %(brings)s.") % {"brings": brings}))
    return Door(told(kit.name), line, f"/startpakketten/{kit.id}", state_of(kit, mine))


def own(kit: Kit) -> list[Item]:
    """What a kit adds itself; of a kit that only chooses from others, all that it chose."""
    mine = [item for item in kit.items if item.kit == kit.id]
    return mine or list(kit.items)


def belonging(kit: Kit, changes: Iterable[Change]) -> list[Change]:
    """The changes that are about what this kit adds."""
    here = {(item.section, item.key) for item in own(kit)}
    return [change for change in changes if change.part in here]


def state_of(kit: Kit, changes: Iterable[Change]) -> Status:
    """How much of a kit is there, and whether it has something new to say."""
    kinds = Counter(change.kind for change in {change.part: change for change in changes}.values())
    if kinds["added"] == len(own(kit)):
        return Status(_("Nog niet geladen"), "unk")
    if kinds["changed"]:
        return Status(_("Het pakket is vernieuwd"), "warn", "clock")
    if kinds["added"]:
        return Status(_("Deels geladen"), "now")
    return Status(_("Geladen, door u aangepast"), "ok") if kinds["kept"] else Status(_("Geladen"), "ok")


def told(words: dict[str, str]) -> str:
    """Words in the language of the page."""
    return words.get(language()) or words.get("nl", "")


def named(item: Item) -> str:
    """How people call a thing of a kit."""
    for fields in (item.get("title", None), {tongue: item.get(f"question_{tongue}") for tongue in ("nl", "en")}):
        if fields and fields.get("nl"):
            return told(fields)
    return told({"nl": item.get("nl"), "en": item.get("en")}) or item.key


def section_word(section: str) -> str:
    """What a section is called, as a heading."""
    return {
        "roles": _("Rollen"),
        "retention": _("Bewaartermijnen"),
        "policies": _("Beleid"),
        "goals": _("Doelen"),
        "processes": _("Bedrijfsfuncties"),
        "components": _("Soorten applicaties"),
        "activities": _("Activiteiten"),
        "systems": _("Applicaties"),
        "links": _("Koppelingen"),
        "sources": _("Bronnen"),
        "objects": _("Informatieobjecten met hun gegevens"),
        "concepts": _("Begrippen"),
        "indicators": _("Indicatoren"),
        "needs": _("Behoeften"),
        "products": _("Informatieproducten"),
        "areas": _("Verantwoordelijkheden"),
        "consultations": _("Overleggen"),
    }.get(section, section)


def counted(section: str, count: int) -> str:
    """A number of things of one section: 17 behoeften."""
    text = {
        "needs": ngettext("%(count)s behoefte", "%(count)s behoeften", count),
        "goals": ngettext("%(count)s doel", "%(count)s doelen", count),
        "activities": ngettext("%(count)s activiteit", "%(count)s activiteiten", count),
        "objects": ngettext("%(count)s informatieobject", "%(count)s informatieobjecten", count),
        "indicators": ngettext("%(count)s indicator", "%(count)s indicatoren", count),
        "products": ngettext("%(count)s overzicht", "%(count)s overzichten", count),
        "areas": ngettext("%(count)s verdeling van werk", "%(count)s verdelingen van werk", count),
        "consultations": ngettext("%(count)s overleg", "%(count)s overleggen", count),
    }[section]
    return text % {"count": figures.number(count)}


def sections(items: Sequence[Item]) -> list[tuple[str, list[Item]]]:
    """Things by their section, in the order of loading."""
    found: dict[str, list[Item]] = {}
    for item in items:
        found.setdefault(item.section, []).append(item)
    return list(found.items())
