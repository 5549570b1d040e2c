"""How things of the register are named on a page, in the language of the page."""

from collections.abc import Collection
from typing import Protocol

from django.db.models import Exists, OuterRef

from schakel.access.people import Person
from schakel.chain.elements import DataElement
from schakel.chain.needs import InformationNeed
from schakel.lib.text import gettext as _
from schakel.lib.text import language, worded
from schakel.portal.figures import inside
from schakel.portal.parts import Status


class Named(Protocol):
    """Anything with a Dutch and an English name."""

    nl: str
    en: str


def said(thing: Named | None) -> str:
    """Its name; Dutch when English is missing."""
    if thing is None:
        return ""
    return thing.en if language() == "en" and thing.en else thing.nl


def element_names(keys: Collection[str]) -> dict[str, str]:
    """The names of elements, by key; one that several have says of what object: Achternaam van leerling.

    Who decides about data must see whose they are. A key that the register does not know is its own name.
    """
    others = DataElement.objects.filter(nl=OuterRef("nl")).exclude(pk=OuterRef("pk"))
    found = DataElement.objects.filter(key__in=list(keys)).select_related("object").annotate(shared=Exists(others))
    names = {element.key: _whole_name(element) if element.shared else said(element) for element in found}
    return {key: names.get(key, key) for key in keys}


def _whole_name(element: DataElement) -> str:
    name, of = said(element), said(element.object)
    if name.casefold() == of.casefold():
        return name
    return _("%(element)s van %(object)s") % {"element": name, "object": inside(of)}


def question(need: InformationNeed) -> str:
    """The question of a need."""
    return worded(need, "question")


def short(person: Person | None) -> str:
    """Y. Haddou."""
    if person is None:
        return ""
    first, _space, rest = person.name.partition(" ")
    return f"{first[:1]}. {rest}" if rest else person.name


def abbreviated(name: str) -> str:
    """Leerlingadministratie (LAS) as LAS: a station of the chain is narrow."""
    head, bracket, rest = name.partition(" (")
    return rest.rstrip(")") if bracket and rest.endswith(")") and rest[:-1].isupper() else head


def state_word(state: str) -> str:
    """The state of a need in words."""
    return {
        "asked": _("Gevraagd"),
        "assessed": _("Beoordeeld"),
        "approved": _("Goedgekeurd"),
        "being_realised": _("In aanleg"),
        "live": _("In gebruik"),
        "under_review": _("In herziening"),
        "ended": _("Beëindigd"),
        "refused": _("Afgewezen"),
    }[state]


_SHAPES: dict[str, tuple[str, str]] = {
    "asked": ("unk", ""),
    "assessed": ("warn", "clock"),
    "approved": ("now", "way"),
    "being_realised": ("now", "way"),
    "live": ("ok", ""),
    "under_review": ("now", ""),
    "ended": ("no", ""),
    "refused": ("no", ""),
}


def state_of(need: InformationNeed) -> Status:
    """The state of a need as a chip."""
    return state_chip(need.state)


def state_chip(state: str) -> Status:
    """A state as a chip."""
    tone, shape = _SHAPES[state]
    return Status(state_word(state), tone, shape)  # type: ignore[arg-type]


def scope_words(scope: str) -> str:
    """How far a role sees."""
    return {
        "self": _("alleen over zichzelf"),
        "own_pupils": _("eigen leerlingen"),
        "own_groups": _("eigen groepen"),
        "own_school": _("eigen school"),
        "board": _("het hele bestuur"),
    }[scope]


def detail_words(level: str) -> str:
    """About whom a need asks figures: each person, groups of them, schools, or the board as a whole."""
    known = {
        "person": _("per persoon"),
        "group": _("per groep"),
        "school": _("per school"),
        "board": _("voor het hele bestuur"),
    }
    return known.get(level, level)


def severity(level: str) -> Status:
    """How bad a gap is."""
    return {
        "high": Status(_("Hoog"), "bad"),
        "middle": Status(_("Midden"), "warn"),
        "low": Status(_("Laag"), "unk"),
    }[level]


def special_words(special: str) -> str:
    """What kind of personal data it is."""
    return {
        "no": "",
        "sensitive": _("gevoelig gegeven"),
        "art9_health": _("bijzonder: gezondheid"),
        "art9_ethnic_origin": _("bijzonder: etnische afkomst"),
    }[special]


def action_word(action: str) -> str:
    """What someone did, for the log and the life of a need."""
    words = {
        "need.ask": _("vroeg deze behoefte"),
        "draft.write": _("bewaarde een vraag om later verder te gaan, of gooide haar weg"),
        "need.revise": _("wijzigde de behoefte"),
        "need.assess": _("beoordeelde de behoefte"),
        "need.advise": _("adviseerde over privacy"),
        "need.approve": _("keurde goed"),
        "need.refuse": _("wees af"),
        "need.decline_element": _("liet een gewenst gegeven weg"),
        "need.realise": _("begon met aanleggen"),
        "need.go_live": _("zette in gebruik"),
        "need.review": _("nam in herziening"),
        "need.review_due": _("nam in herziening, want de dag van herziening was er"),
        "need.end": _("beëindigde de behoefte"),
        "responsibility.write": _("verdeelde verantwoordelijkheden"),
        "delegation.give": _("droeg een besluit over of nam het terug"),
        "change.see": _("zag dat een wijziging klaar is"),
        "change.write": _("werkte aan een wijziging"),
        "exchange.import": _("nam een bestand over"),
        "gap.accept": _("aanvaardde een hiaat of opende het weer"),
        "person.remind": _("stuurde een herinnering"),
        "time.correct": _("verbeterde de tijd die iets kost"),
        "contract.write": _("wijzigde een afspraak over een bron"),
        "source.collect": _("las een bron"),
        "snapshot.publish": _("maakte een momentopname"),
        "person.write": _("wijzigde een account"),
        "account.write": _("wijzigde de eigen aanmelding"),
        "role.write": _("wijzigde een rol"),
        "role.assign": _("gaf of beëindigde een aanstelling"),
        "goal.write": _("wijzigde een doel"),
        "activity.write": _("wijzigde een activiteit"),
        "element.write": _("wijzigde een gegeven"),
        "organisation.write": _("wijzigde een organisatie"),
        "system.write": _("wijzigde een applicatie"),
        "link.write": _("wijzigde een koppeling"),
        "source.write": _("wijzigde een bron"),
        "source.watch": _("zag dat een bron haar belofte niet haalt, of weer wel"),
        "credentials.renew": _("vernieuwde de sleutel van de inloggegevens van bronnen"),
        "indicator.write": _("wijzigde een indicator"),
        "norm.write": _("wijzigde een norm"),
        "product.write": _("wijzigde een informatieproduct"),
        "wrong_data.report": _("meldde dat er iets niet klopt"),
        "wrong_data.handle": _("werkte aan een melding"),
        "match.erase": _("wiste oude beslissingen over wie wie is"),
        "draft.erase": _("wiste vragen die niemand instuurde"),
        "wrong_data.erase": _("wiste de tekst van oude meldingen"),
        "retention.write": _("wijzigde een bewaarregel"),
        "kit.load": _("las een startpakket in"),
        "consultation.write": _("wijzigde een overleg"),
        "policy.write": _("wijzigde een beleid"),
        "board.found": _("begon het bestuur"),
        "product.deliver": _("ontving een overzicht"),
        "product.refuse": _("kreeg een overzicht niet te zien"),
        "finding.handle": _("werkte aan een bevinding"),
        "finding.accept": _("aanvaardde een bevinding of opende haar weer"),
        "finding.follow": _("volgde de bevindingen van een bron"),
        "repair_list.read": _("bekeek een herstellijst"),
        "quarantine.read": _("bekeek rijen in quarantaine"),
        "match.read": _("bekeek wie in twee bronnen dezelfde zou kunnen zijn"),
        "match.decide": _("besloot of iets in twee bronnen hetzelfde is"),
    }
    if action.startswith("refused:"):
        return _("kreeg niet te zien: %(what)s") % {"what": action.removeprefix("refused:")}
    return words.get(action, action)
