"""A question that begins with something from a starter kit: what it fills in, and what goes along as a wish.

What the register has is filled in. What it does not have yet (an activity, an element) cannot be chosen: it goes along
by name, and whoever assesses the question reads which parts of which kit to load.
"""

from collections.abc import Iterable
from dataclasses import replace

from schakel.chain.elements import DataElement
from schakel.chain.goals import Activity
from schakel.kits import suggesting
from schakel.kits.contents import Item
from schakel.kits.suggesting import Offer
from schakel.lib.text import gettext as _
from schakel.lib.text import language
from schakel.portal import drafts, figures
from schakel.portal.drafts import Draft, Line

MOST_PARTS = 40


def filled(draft: Draft, name: str) -> Draft:
    """The draft with what the offer of this name fills in; unchanged when there is none."""
    offer = suggesting.offers().get(name)
    if offer is None:
        return draft
    return _as_question(draft, offer) if offer.section == "needs" else _along(draft, [name])


def title(offer: Offer) -> str:
    """What it is called, in the language of the page."""
    return offer.en if language() == "en" and offer.en else offer.nl


def note(parts: Iterable[str]) -> str:
    """What the one who assesses reads about the parts that the register does not have; empty when there are none."""
    found = suggesting.missing(parts)
    if not found:
        return ""
    named = "; ".join(f"{offer.nl} ({offer.kit}, {offer.part})" for offer in found)
    return _("Gekozen uit het startpakket en nog niet geladen: %(named)s.") % {"named": named}


def _as_question(draft: Draft, offer: Offer) -> Draft:
    item, english = offer.item, language() == "en"
    asked = title(offer)
    rhythm = item.get("rhythm_nl")
    decided = (item.get("decision_en") if english else "") or item.get("decision_nl")
    wishes = [name for name in (offer.name, f"activities:{item.get('activity')}", *_elements_of(item))]
    began = replace(
        draft,
        question=figures.inside(asked).rstrip(" ?.")[: drafts.LONGEST["question"]],
        decision=draft.decision or str(decided)[: drafts.LONGEST["decision"]],
        rhythm=rhythm if rhythm in drafts.RHYTHMS else draft.rhythm,
        scope=_scope(item, draft),
        lines=(*draft.lines, *_lines(draft, item)),
    )
    return _along(began, wishes)


def _along(draft: Draft, names: Iterable[str]) -> Draft:
    """With what the register has chosen, and the rest as wishes that go along."""
    wishes = list(dict.fromkeys(names))
    absent = [offer.name for offer in suggesting.missing(wishes)]
    work = [name.partition(":")[2] for name in wishes if name.startswith("activities:") and name not in absent]
    known = Activity.objects.filter(key__in=work).first()
    parts = tuple(dict.fromkeys([*draft.parts, *absent]))[:MOST_PARTS]
    return replace(draft, parts=parts, activity=known.key if known else draft.activity)


def _elements_of(item: Item) -> list[str]:
    return [f"objects:{key}" for demand in ("required", "wished") for key in item.get(demand) or {}]


def _lines(draft: Draft, item: Item) -> list[Line]:
    """The elements of the kit's question that the register has, each with the reason that the kit gives."""
    reasons = {key: (demand, said) for demand in ("wished", "required") for key, said in _said(item, demand)}
    known = {e.key: e for e in DataElement.objects.filter(key__in=reasons).select_related("object")}
    fresh = [key for key in reasons if key in known and key not in draft.element_keys]
    chosen = [Line(known[key], *reasons[key]) for key in fresh if not known[key].structural]
    return sorted(chosen, key=lambda line: line.demand)[: max(drafts.MOST_LINES - len(draft.lines), 0)]


def _said(item: Item, demand: str) -> list[tuple[str, str]]:
    tongue = "en" if language() == "en" else "nl"
    found = (item.get(demand) or {}).items()
    return [
        (key, (said[tongue] if isinstance(said, dict) else said)[: drafts.LONGEST["reason"]]) for key, said in found
    ]


def _scope(item: Item, draft: Draft) -> str:
    """How far the kit lets the asker's role see; what was chosen, when it does not speak of that role."""
    pairs = dict(pair.split(":") for pair in item.get("audience") if pair.count(":") == 1)
    return str(pairs.get(draft.role, draft.scope))
