"""What the register can say about a need before anyone decides: computed, so that people judge and do not look up."""

from dataclasses import dataclass
from itertools import chain

from schakel.chain.approvals import needed_elements
from schakel.chain.needs import SCOPES, InformationNeed, NeedAudience
from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext


@dataclass(frozen=True)
class Observation:
    """One thing seen: `state` is ok, warn or bad; `text` one sentence; `detail` the elements or needs it is about."""

    code: str
    state: str
    text: str
    detail: tuple[str, ...] = ()


def assess(need: InformationNeed) -> list[Observation]:
    """All observations about one need, in the order in which a person would ask for them."""
    parts = (_goal, _alike, _sources, _newly_collected, _special, _scope)
    return list(chain.from_iterable(part(need) for part in parts))


def _goal(need: InformationNeed) -> list[Observation]:
    if need.goal:
        return [Observation("goal", "ok", _("Dient het doel ‘%(goal)s’.") % {"goal": need.goal.nl})]
    return [Observation("goal", "bad", _("Er is nog geen doel waar deze vraag aan bijdraagt."))]


def _alike(need: InformationNeed) -> list[Observation]:
    """Other open needs for the same role and activity that take at least half of the same elements."""
    mine = need.element_keys()
    others = InformationNeed.objects.whole().filter(role=need.role, activity=need.activity).exclude(pk=need.pk)
    alike = [
        o.number
        for o in others.exclude(state__in=("ended", "refused"))
        if len(mine & o.element_keys()) * 2 >= len(mine)
    ]
    if not alike:
        return []
    text = ngettext("Er is al een behoefte die hierop lijkt.", "Er zijn al behoeften die hierop lijken.", len(alike))
    return [Observation("alike", "warn", text, tuple(alike))]


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


def _newly_collected(need: InformationNeed) -> list[Observation]:
    new = sorted(need.element_keys() - needed_elements())
    if not new:
        return [Observation("new", "ok", _("Er komt geen nieuw gegeven bij: alles wordt al verzameld."))]
    text = ngettext("Eén gegeven wordt nieuw verzameld.", "%(n)s gegevens worden nieuw verzameld.", len(new))
    return [Observation("new", "warn", text % {"n": len(new)}, tuple(new))]


def _special(need: InformationNeed) -> list[Observation]:
    special = [line.element.key for line in need.elements.all() if line.element.needs_advice and not line.declined]
    if special:
        text = _("Er zijn bijzondere persoonsgegevens bij. De privacy officer adviseert eerst.")
        return [Observation("special", "bad", text, tuple(special))]
    sensitive = [line.element.key for line in need.elements.all() if line.element.special == "sensitive"]
    if sensitive:
        return [
            Observation(
                "sensitive", "warn", _("Er zijn gevoelige gegevens bij: toon zo weinig mogelijk."), tuple(sensitive)
            )
        ]
    return []


def _scope(need: InformationNeed) -> list[Observation]:
    """A role that would see further here than in any other open need."""
    wider = []
    for line in need.audiences.all():
        scopes = (
            NeedAudience.objects.filter(role=line.role).exclude(need=need).exclude(need__state__in=("ended", "refused"))
        )
        known = [SCOPES.index(scope) for scope in scopes.values_list("scope", flat=True)]
        if known and SCOPES.index(line.scope) > max(known):
            wider.append(f"{line.role.nl}: {line.scope}")
    if not wider:
        return []
    return [Observation("scope", "warn", _("Een rol ziet hier meer dan bij andere behoeften."), tuple(wider))]
