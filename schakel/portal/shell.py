"""What stands around every page: who you are, where you are, what else there is, and which snapshot this shows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from schakel.access.people import Person
from schakel.access.permissions import decide
from schakel.chain.needs import InformationNeed
from schakel.chain.organisations import Organisation
from schakel.kits.stock import FOUNDATION, STOCK, Stock
from schakel.lib.text import gettext as _
from schakel.lib.text import language, ngettext
from schakel.portal import figures
from schakel.portal.pages import standing

THEME_COOKIE = "thema"
THEMES = ("auto", "light", "dark")


@dataclass(frozen=True)
class Place:
    """A place in the rail: its words, its address, and how many there are."""

    label: str
    href: str
    count: str = ""
    current: bool = False


@dataclass(frozen=True)
class FrontDoor:
    """One of the four front doors: its key, its word, what is behind it, what it asks of a person."""

    key: str
    label: str
    line: str
    href: str
    permission: str


@dataclass(frozen=True)
class Shell:
    """Everything around the page."""

    foundation: str
    schools: str
    door: FrontDoor
    doors: Sequence[FrontDoor]
    places: Sequence[Place]
    role: str
    snapshot: str
    demo: bool
    stock: Sequence[Stock]
    theme: str
    language: str
    path: str
    themes: Sequence[tuple[str, str]] = field(default_factory=tuple)
    languages: Sequence[tuple[str, str]] = (("nl", "Nederlands"), ("en", "English"))


def front_doors() -> tuple[FrontDoor, ...]:
    """The four front doors, in the language of the page."""
    return (
        FrontDoor("bestuur", _("Bestuur"), _("Doelen, indicatoren, normen"), "/bestuur", "goal.write"),
        FrontDoor(
            "informatiemanager",
            _("Informatiemanager"),
            _("Behoeften, hiaten, goedkeuringen"),
            "/informatiemanager",
            "chain.read",
        ),
        FrontDoor("ict", _("ICT"), _("Bronnen, bevindingen, quarantaine"), "/ict", "source.read"),
        FrontDoor("mijn", _("Mijn informatie"), _("Wat heb ik vandaag nodig?"), "/mijn", "chain.read"),
    )


_DOOR_OF_ROLE = {
    "board_member": "bestuur",
    "supervisory_board": "bestuur",
    "information_manager": "informatiemanager",
    "ict_manager": "ict",
    "functional_admin": "ict",
}
_DOOR_OF_PATH = {
    "bestuur": "bestuur",
    "doelen": "bestuur",
    "informatiemanager": "informatiemanager",
    "behoeften": "informatiemanager",
    "ongebruikte-behoeften": "informatiemanager",
    "startpakketten": "informatiemanager",
    "hiaten": "informatiemanager",
    "wijzigingen": "informatiemanager",
    "overleg": "informatiemanager",
    "tijd": "informatiemanager",
    "keten": "informatiemanager",
    "uitwisselen": "informatiemanager",
    "verantwoordelijkheden": "informatiemanager",
    "logboek": "informatiemanager",
    "mensen": "informatiemanager",
    "ict": "ict",
    "bronnen": "ict",
    "mijn": "mijn",
    "overzichten": "mijn",
    "vragen": "mijn",
    "meldingen": "mijn",
}


def own_door(person: Person) -> FrontDoor:
    """The front door that belongs to a person's role and opens for them; everyone else has their own information."""
    doors = {door.key: door for door in front_doors()}
    for role in standing.role_keys(person):
        door = doors.get(_DOOR_OF_ROLE.get(role, ""))
        if door is not None and decide(person, door.permission).allowed:
            return door
    return doors["mijn"]


def context(request: HttpRequest) -> dict[str, Any]:
    """For every template: `shell`, made only when a page uses it."""
    return {"shell": SimpleLazyObject(lambda: shell(request)), "theme": theme(request)}


def theme(request: HttpRequest) -> str:
    """light, dark, or auto: as the device has it."""
    chosen = request.COOKIES.get(THEME_COOKIE, "auto")
    return chosen if chosen in THEMES else "auto"


def shell(request: HttpRequest) -> Shell:
    """What stands around this page, for this person."""
    user = getattr(request, "user", None)
    person = user if isinstance(user, Person) else None
    doors = [d for d in front_doors() if person and decide(person, d.permission).allowed]
    here = _here(request.path, person)
    return Shell(
        foundation=_foundation(),
        schools=_schools(),
        door=here,
        doors=doors,
        places=_places(here.key, request.path, person) if person else (),
        role=standing.label(person) if person else "",
        snapshot=_snapshot(),
        demo=settings.SCHAKEL_DEMO,
        stock=STOCK if settings.SCHAKEL_DEMO else (),
        theme=theme(request),
        language=language(),
        path=request.get_full_path(),
        themes=(("auto", _("Automatisch")), ("light", _("Licht")), ("dark", _("Donker"))),
    )


def _here(path: str, person: Person | None) -> FrontDoor:
    doors = {door.key: door for door in front_doors()}
    first = path.strip("/").split("/")[0]
    if first in _DOOR_OF_PATH:
        return doors[_DOOR_OF_PATH[first]]
    return own_door(person) if person else doors["mijn"]


def _foundation() -> str:
    board = Organisation.objects.filter(level="board").first()
    if board is None:
        return FOUNDATION if settings.SCHAKEL_DEMO else _("Nog geen bestuur")
    return board.name


def _schools() -> str:
    count = Organisation.objects.filter(level="school").count()
    if not count:
        return ""
    return ngettext("%(count)s school", "%(count)s scholen", count) % {"count": figures.number(count)}


def _snapshot() -> str:
    made = standing.snapshot_moment()
    if made is None:
        return _("Nog geen momentopname")
    words = {"day": figures.full_day(made), "hour": figures.hour(made)}
    return _("Momentopname van %(day)s, %(hour)s") % words


def _places(door: str, path: str, person: Person) -> list[Place]:
    makers: dict[str, Callable[[Person], Sequence[tuple[str, str, str]]]] = {
        "bestuur": _board,
        "informatiemanager": _manager,
        "ict": _ict,
        "mijn": _mine,
    }
    places = makers[door](person)
    best = max((href for _label, href, _count in places if _under(path, href)), key=len, default="")
    return [Place(label, href, count, href == best) for label, href, count in places]


def _under(path: str, href: str) -> bool:
    return path == href or path.startswith(f"{href}/")


def _board(person: Person) -> Sequence[tuple[str, str, str]]:
    places = [(_("Voordeur"), "/bestuur", ""), (_("Behoeften"), "/behoeften", ""), (_("Hiaten"), "/hiaten", "")]
    return [*places, (_("Overleg"), "/overleg", ""), *_log(person)]


def _manager(person: Person) -> Sequence[tuple[str, str, str]]:
    counts = standing.Counts()
    return [
        (_("Voordeur"), "/informatiemanager", ""),
        (_("Behoeften"), "/behoeften", figures.number(counts.needs)),
        (_("Hiaten"), "/hiaten", figures.number(counts.gaps)),
        (_("Ketenbeeld"), "/keten", ""),
        (_("Wijzigingen"), "/wijzigingen", figures.number(counts.changes)),
        (_("Verantwoordelijkheden"), "/verantwoordelijkheden", ""),
        (_("Overleg"), "/overleg", ""),
    ]


def _ict(person: Person) -> Sequence[tuple[str, str, str]]:
    counts = standing.Counts()
    return [
        (_("Voordeur"), "/ict", ""),
        (_("Bronnen"), "/bronnen", figures.number(counts.sources)),
        (_("Bevindingen"), "/bevindingen", figures.number(counts.findings)),
        (_("Quarantaine"), "/quarantaine", figures.number(counts.quarantined)),
        (_("Wie is wie"), "/wie-is-wie", ""),
        (_("Wijzigingen"), "/wijzigingen", figures.number(counts.changes)),
        (_("Overleg"), "/overleg", ""),
    ]


def _mine(person: Person) -> Sequence[tuple[str, str, str]]:
    asked = InformationNeed.objects.filter(requester=person).exclude(state__in=("live", "ended", "refused")).count()
    return [
        (_("Vandaag"), "/mijn", ""),
        (_("Mijn overzichten"), "/overzichten", ""),
        (_("Mijn vragen"), "/vragen", figures.number(asked) if asked else ""),
        (_("Meldingen"), "/meldingen", ""),
        (_("Wat wordt van mij verwacht"), "/mijn/verwacht", ""),
        *([(_("Wie is wie"), "/wie-is-wie", "")] if decide(person, "match.decide").allowed else []),
    ]


def _log(person: Person) -> Sequence[tuple[str, str, str]]:
    return [(_("Logboek"), "/logboek", "")] if decide(person, "audit.read").allowed else []
