"""What the register can say about a need before anyone decides: computed, so that people judge and do not look up.

Each part is one question; rooms above add theirs with `@part` (how many rows a small group hides, for example).
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain

from schakel.chain import advice
from schakel.chain.approvals import needed_elements
from schakel.chain.needs import InformationNeed
from schakel.chain.search import find
from schakel.lib.stems import stems
from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext

MOST_ALIKE = 5


@dataclass(frozen=True)
class Observation:
    """One thing seen: `state` is ok, warn or bad; `text` one sentence; `detail` the elements or needs it is about."""

    code: str
    state: str
    text: str
    detail: tuple[str, ...] = ()


Part = Callable[[InformationNeed], list[Observation]]
PARTS: list[Part] = []


def part(look: Part) -> Part:
    """Add a question to the assessment."""
    PARTS.append(look)
    return look


def assess(need: InformationNeed) -> list[Observation]:
    """All observations about one need, in the order in which a person would ask for them."""
    return list(chain.from_iterable(look(need) for look in PARTS))


@part
def _goal(need: InformationNeed) -> list[Observation]:
    if need.goal:
        return [Observation("goal", "ok", _("Dient het doel ‘%(goal)s’.") % {"goal": need.goal.nl})]
    return [Observation("goal", "bad", _("Er is nog geen doel waar deze vraag aan bijdraagt."))]


def alike(need: InformationNeed) -> list[InformationNeed]:
    """Other open needs that resemble it: by the words of the question, or for the same work with the same elements."""
    hits = [hit.key for hit in find(need.question, ("informationneed",), limit=MOST_ALIKE * 2)]
    others = InformationNeed.objects.whole().exclude(pk=need.pk).exclude(state__in=advice.CLOSED)
    by_words = [other for other in others.filter(key__in=hits) if _same_words(need, other)]
    same_work = others.filter(role=need.role, activity=need.activity)
    by_elements = [other for other in same_work if _same_elements(need, other)]
    return list({other.pk: other for other in [*by_words, *by_elements]}.values())[:MOST_ALIKE]


def _same_words(need: InformationNeed, other: InformationNeed) -> bool:
    """At least half of the telling words of the shorter question stand in the longer one."""
    mine, theirs = set(stems(need.question)), set(stems(other.question))
    return bool(mine) and len(mine & theirs) * 2 > min(len(mine), len(theirs))


def _same_elements(need: InformationNeed, other: InformationNeed) -> bool:
    mine = need.element_keys()
    return bool(mine) and len(mine & other.element_keys()) * 2 >= len(mine)


@part
def _alike(need: InformationNeed) -> list[Observation]:
    found = alike(need)
    if not found:
        return []
    text = ngettext("Er is al een behoefte die hierop lijkt.", "Er zijn al behoeften die hierop lijken.", len(found))
    return [Observation("alike", "warn", text, tuple(other.number for other in found))]


@part
def _sources(need: InformationNeed) -> list[Observation]:
    missing = [
        line.element.key
        for line in need.elements.all()
        if not line.declined and not line.element.sources_of_record.exists()
    ]
    if not missing:
        return [Observation("source", "ok", _("Voor elk gegeven is een bron bekend."))]
    text = ngettext("Eén gegeven heeft nog geen bron.", "%(n)s gegevens hebben nog geen bron.", len(missing))
    return [Observation("source", "bad", text % {"n": len(missing)}, tuple(missing))]


@part
def _newly_collected(need: InformationNeed) -> list[Observation]:
    new = sorted(need.element_keys() - needed_elements())
    if not new:
        return [Observation("new", "ok", _("Er komt geen nieuw gegeven bij: alles wordt al verzameld."))]
    text = ngettext("Eén gegeven wordt nieuw verzameld.", "%(n)s gegevens worden nieuw verzameld.", len(new))
    return [Observation("new", "warn", text % {"n": len(new)}, tuple(new))]


@part
def _special(need: InformationNeed) -> list[Observation]:
    special = advice.due(need).special
    if special:
        text = _("Er zijn bijzondere persoonsgegevens bij. De privacy officer adviseert eerst.")
        return [Observation("special", "bad", text, special)]
    sensitive = [line.element.key for line in need.elements.all() if line.element.special == "sensitive"]
    if sensitive:
        text = _("Er zijn gevoelige gegevens bij: toon zo weinig mogelijk.")
        return [Observation("sensitive", "warn", text, tuple(sensitive))]
    return []


@part
def _scope(need: InformationNeed) -> list[Observation]:
    """A role that would see further here than in any other open need."""
    wider = advice.wider_than_elsewhere(need)
    if not wider:
        return []
    names = {line.role.key: line.role.nl for line in need.audiences.all()}
    text = _("Een rol ziet hier meer dan bij andere behoeften.")
    return [Observation("scope", "warn", text, tuple(f"{names[role]}: {scope}" for role, scope in wider))]
