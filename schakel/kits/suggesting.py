"""What the kits that come with Schakel could answer to someone's words: questions, work, goals and elements.

Only what the register does not have yet is offered. The words are read once for each process, when someone first asks.
"""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from schakel.chain.elements import DataElement
from schakel.chain.goals import Activity, Goal
from schakel.chain.needs import InformationNeed
from schakel.kits.contents import Item, names
from schakel.kits.families import of_schakel
from schakel.lib.stems import stems

NOUNS: dict[str, type[Any]] = {"needs": InformationNeed, "activities": Activity, "goals": Goal, "objects": DataElement}
MOST = {"needs": 3, "activities": 2, "objects": 3, "goals": 1}
_BEGUN = 4  # letters from which a beginning says enough: `verzuim` is in `verzuimcijfers`
_HALF = 0.5  # what a beginning weighs beside a whole word
_UNKNOWN = 1.0  # the weight of a word that no kit has; that of a word in one thing of a hundred is 4.6
_PALE = "gaat gaan doet doen heeft hebben komt komen staat staan krijgt nodig graag weten zien moet kan zijn"
_ENOUGH = 0.4  # of the weight of the words that were written, for something to be worth offering


@dataclass(frozen=True)
class Offer:
    """One thing of a kit: where it stands, what it is called, what is said about it; `item` holds an element's object.

    `part` is how a kit is asked for it: `needs:late_often`, and for an element the object that it stands in.
    """

    section: str
    key: str
    nl: str
    en: str
    kit: str
    item: Item
    words: frozenset[str]

    @property
    def name(self) -> str:
        """How a form names it."""
        return f"{self.section}:{self.key}"

    @property
    def part(self) -> str:
        """How it is chosen on the page of its kit."""
        return f"objects:{self.item.key}" if self.section == "objects" else self.name


@cache
def offers() -> dict[str, Offer]:
    """Everything that could be offered, by name: once, from the lowest kit that has it."""
    kits = [of_schakel(name) for name in names()]
    found: dict[str, Offer] = {}
    for kit in kits:
        for offer in _of(kit.id, kit.items):
            found.setdefault(offer.name, offer)
    return found


def suggest(text: str) -> list[Offer]:
    """What fits someone's words and is not in the register yet: the best few of each kind, questions first."""
    ranked = [(score, offer) for offer in offers().values() if (score := _likeness(text, offer)) >= _ENOUGH]
    ranked.sort(key=lambda each: (-each[0], each[1].name))
    found: list[Offer] = []
    for section, most in MOST.items():
        fitting = [offer for _score, offer in ranked if offer.section == section][: most * 4]
        known = present(section, [offer.key for offer in fitting])
        found += [offer for offer in fitting if offer.key not in known][:most]
    return found


def missing(chosen: Iterable[str]) -> list[Offer]:
    """The offers with these names that the register does not have; a name that is none is passed over."""
    known = [offers()[name] for name in dict.fromkeys(chosen) if name in offers()]
    return [offer for offer in known if not present(offer.section, [offer.key])]


def present(section: str, keys: Collection[str]) -> set[str]:
    """Which of these the register has."""
    noun = NOUNS[section]
    return set(noun.objects.filter(key__in=list(keys)).values_list("key", flat=True)) if keys else set()


def _of(kit: str, items: Iterable[Item]) -> Iterator[Offer]:
    for item in items:
        if item.section == "needs" and item.get("state") != "refused":
            said = [item.get(name) for name in ("question_nl", "decision_nl", "purpose_nl")]
            yield _offer(item, item.key, (item.get("question_nl"), item.get("question_en")), kit, said)
        elif item.section in ("activities", "goals"):
            yield _offer(item, item.key, (item.get("nl"), item.get("en")), kit, [item.get("nl")])
        elif item.section == "objects":
            for each in item.get("elements"):
                if not each["structural"]:
                    said = [each["nl"], each["description_nl"], item.get("nl")]
                    yield _offer(item, f"{item.key}.{each['key']}", (each["nl"], each["en"]), kit, said)


def _offer(item: Item, key: str, title: tuple[str, str], kit: str, dutch: Iterable[str]) -> Offer:
    words = {stem for text in dutch for stem in stems(text)} | set(stems(title[1], "en"))
    return Offer(item.section, key, *title, kit, item, frozenset(words))


@cache
def _rarity() -> dict[str, float]:
    """How much a word tells: more, the fewer things have it."""
    every = offers().values()
    counted = Counter(word for offer in every for word in offer.words)
    return {word: math.log(1 + len(every) / count) for word, count in counted.items()}


def _likeness(text: str, offer: Offer) -> float:
    """The part of what was written that is found in the offer, 0 to 1, by the weight of each word.

    A word in either language counts once: its Dutch and its English stem are two ways to find it. A word that no kit
    knows says little against an offer; one that says nothing by itself (`gaat`, `nodig`) is passed over.
    """
    pairs = dict.fromkeys(zip(stems(text), stems(text, "en"), strict=True))
    spoken = [pair for pair in pairs if pair[0] not in _pale()]
    weights = [(_weight(pair), max(_found(stem, offer.words) for stem in pair)) for pair in spoken]
    whole = sum(weight for weight, _share in weights)
    return sum(weight * share for weight, share in weights) / whole if whole else 0.0


@cache
def _pale() -> frozenset[str]:
    return frozenset(stems(_PALE))


def _weight(pair: tuple[str, str]) -> float:
    return max((_rarity()[stem] for stem in pair if stem in _rarity()), default=_UNKNOWN)


def _found(stem: str, words: frozenset[str]) -> float:
    """1 for the word itself, half for one of which this is the beginning, or that is the beginning of this."""
    if stem in words:
        return 1.0
    alike = len(stem) >= _BEGUN and any(_begins(stem, word) for word in words)
    return _HALF if alike else 0.0


def _begins(one: str, other: str) -> bool:
    return len(other) >= _BEGUN and (one.startswith(other) or other.startswith(one))
