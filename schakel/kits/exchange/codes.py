"""What coded values are called in a file. A reader understands the Dutch word, the English word and the code."""

from collections.abc import Callable
from functools import cache

from schakel.kits.exchange.words import Said, both
from schakel.lib.text import gettext as _

YES = ("ja", "yes", "j", "y", "x", "waar", "true", "1")
NO = ("nee", "no", "n", "onwaar", "false", "0")


@cache
def said(field: str) -> dict[str, Said]:
    """The codes of a field with their words in both languages; empty for a field whose codes are words themselves."""
    make = _CODES.get(field)
    return both(make) if make else {}


def _levels() -> dict[str, str]:
    return {"person": _("persoon"), "group": _("groep"), "school": _("school"), "board": _("bestuur")}


def _level_of_goal() -> dict[str, str]:
    return {"board": _("bestuur"), "school": _("school")}


def _sides() -> dict[str, str]:
    return {"direction": _("richting"), "demand": _("vraag"), "supply": _("aanbod"), "use": _("gebruik")}


def _holders() -> dict[str, str]:
    return {"person": _("een mens"), "body": _("een orgaan"), "system": _("een systeem")}


def _origins() -> dict[str, str]:
    return {"source": _("uit een bron"), "register": _("uit Schakel zelf"), "reference": _("referentiemodel")}


def _special() -> dict[str, str]:
    return {
        "no": _("nee"),
        "sensitive": _("gevoelig"),
        "art9_health": _("bijzonder: gezondheid"),
        "art9_ethnic_origin": _("bijzonder: afkomst"),
    }


def _lifecycles() -> dict[str, str]:
    return {
        "planned": _("gepland"),
        "in_use": _("in gebruik"),
        "phasing_out": _("wordt afgebouwd"),
        "ended": _("beëindigd"),
    }


def _link_states() -> dict[str, str]:
    return {"ok": _("goed"), "late": _("te laat"), "failing": _("mislukt"), "off": _("uit")}


def _demands() -> dict[str, str]:
    return {"required": _("nodig"), "wished": _("gewenst")}


def _scopes() -> dict[str, str]:
    return {
        "self": _("zichzelf"),
        "own_pupils": _("eigen leerlingen"),
        "own_groups": _("eigen groepen"),
        "own_school": _("eigen school"),
        "board": _("hele bestuur"),
    }


def _aspects() -> dict[str, str]:
    return {"content": _("inhoud"), "execution": _("uitvoering")}


def _kinds() -> dict[str, str]:
    return {
        "area": _("taakgebied"),
        "process": _("proces"),
        "informationneed": _("behoefte"),
        "system": _("applicatie"),
        "link": _("koppeling"),
        "dataelement": _("gegeven"),
        "goal": _("doel"),
        "policy": _("beleid"),
    }


def _states() -> dict[str, str]:
    return {
        "asked": _("gevraagd"),
        "assessed": _("beoordeeld"),
        "approved": _("goedgekeurd"),
        "being_realised": _("in aanleg"),
        "live": _("in gebruik"),
        "under_review": _("in herziening"),
        "ended": _("beëindigd"),
        "refused": _("afgewezen"),
    }


def _tongues() -> dict[str, str]:
    return {"nl": _("Nederlands"), "en": _("Engels")}


_CODES: dict[str, Callable[[], dict[str, str]]] = {
    "needs.level": _levels,
    "needs.state": _states,
    "need_elements.demand": _demands,
    "need_audience.scope": _scopes,
    "goals.level": _level_of_goal,
    "organisations.level": _level_of_goal,
    "indicators.level": _levels,
    "roles.side": _sides,
    "roles.holder": _holders,
    "objects.origin": _origins,
    "elements.special": _special,
    "systems.lifecycle": _lifecycles,
    "links.state": _link_states,
    "responsibilities.aspect": _aspects,
    "responsibilities.thing_kind": _kinds,
    "people.language": _tongues,
}
