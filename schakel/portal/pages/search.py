"""Looking for a word in the register: goals, needs, data elements, systems, sources. Never in data about people."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q

from schakel.access.people import Person
from schakel.access.permissions import decide
from schakel.chain.elements import DataElement
from schakel.chain.goals import Activity, Goal
from schakel.chain.needs import InformationNeed
from schakel.chain.systems import System
from schakel.collect.sources import Source
from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext
from schakel.portal import figures
from schakel.portal.pages.kinds import impact_of
from schakel.portal.pages.sources import source_name
from schakel.portal.pages.words import element_names, question, said, state_of
from schakel.portal.parts import Door, Doors, Head

MOST = 12
LONGEST = 80


@dataclass(frozen=True)
class Found:
    """What was found, by kind."""

    head: Head
    asked: str
    groups: Sequence[tuple[str, Doors]]


def page(person: Person, asked: str) -> Found:
    """Everything in the register that holds the words that were asked for."""
    words = asked.replace("\x00", "").strip()[
        :LONGEST
    ]  # a database takes that sign for the end of a text, or refuses it
    groups = [(title, Doors(doors)) for title, doors in _groups(person, words) if doors] if words else []
    return Found(_head(words, groups), words, groups)


def _head(words: str, groups: Sequence[tuple[str, Doors]]) -> Head:
    line = _("Schakel zoekt in doelen, behoeften, gegevens en bronnen; nooit in gegevens van mensen.")
    if not words:
        return Head(_("Waar zoekt u naar?"), lede=line)
    count = sum(len(doors.items) for _title, doors in groups)
    if not count:
        return Head(
            _("Niets gevonden voor ‘%(words)s’") % {"words": words}, lede=_("Probeer een korter of ander woord.")
        )
    text = ngettext("%(count)s keer gevonden: ‘%(words)s’", "%(count)s keer gevonden: ‘%(words)s’", count)
    return Head(text % {"count": figures.number(count), "words": words}, lede=line)


def _groups(person: Person, words: str) -> Iterable[tuple[str, list[Door]]]:
    named = Q(nl__icontains=words) | Q(en__icontains=words)
    yield _("Doelen"), [Door(said(g), _("doel"), impact_of("goal", g.key)) for g in Goal.objects.filter(named)[:MOST]]
    yield (
        _("Activiteiten"),
        [
            Door(said(a), said(a.goal), impact_of("activity", a.key))
            for a in Activity.objects.filter(named).select_related("goal")[:MOST]
        ],
    )
    yield _("Behoeften"), [_need(n) for n in _needs(words)]
    yield _("Gegevens"), _elements(DataElement.objects.filter(named | Q(key__icontains=words))[:MOST])
    systems = System.objects.filter(name__icontains=words)[:MOST]
    yield _("Applicaties"), [Door(s.name, s.component, impact_of("system", s.key)) for s in systems]
    if decide(person, "source.read").allowed:
        sources = Source.objects.filter(Q(name__icontains=words) | Q(name_en__icontains=words))[:MOST]
        yield (
            _("Bronnen"),
            [Door(source_name(s), _(s.rhythm) if s.rhythm else "", f"/bronnen/{s.key}") for s in sources],
        )


def _needs(words: str) -> Iterable[InformationNeed]:
    asked = Q(question__icontains=words) | Q(question_en__icontains=words) | Q(decision__icontains=words)
    found: Iterable[InformationNeed] = InformationNeed.objects.filter(asked).select_related("role")[:MOST]
    return found


def _need(need: InformationNeed) -> Door:
    return Door(question(need), f"{need.number} · {said(need.role)}", f"/behoeften/{need.key}", state_of(need))


def _elements(found: Iterable[DataElement]) -> list[Door]:
    found = list(found)
    names = element_names([e.key for e in found])
    return [Door(names[e.key], e.description or e.key, impact_of("element", e.key)) for e in found]
