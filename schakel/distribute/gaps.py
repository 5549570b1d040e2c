"""Gaps at the end of the chain: needs that give nothing, products that nobody opens, roles that nobody holds."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from django.conf import settings
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as lazy

from schakel.access.roles import Role
from schakel.chain.approvals import needed_elements
from schakel.chain.elements import object_names
from schakel.chain.gaps import Thing, owned, rule
from schakel.chain.holders import holders
from schakel.chain.needs import MOVING, InformationNeed
from schakel.collect.sources import Source
from schakel.distribute.unused import unopened
from schakel.lib.text import gettext as _
from schakel.lib.text import number, worded
from schakel.process import snapshots
from schakel.process.filling import Contradicted, Unplaced
from schakel.process.model import school_model
from schakel.process.twice import Twice

_Several = TypeVar("_Several", Twice, Contradicted)
FEWEST, NOTABLE = 10, 0.05  # rows, and the part of all rows of a source that they are, to be told of


@rule(
    "need-without-product",
    "high",
    lazy("Goedgekeurde behoefte zonder overzicht"),
    lazy("Maak een overzicht"),
    lazy("De gegevens stromen, maar niemand krijgt ze te zien."),
    "product.write",
)
def needs_without_product() -> Iterable[Thing]:
    """Data flows for it, and nobody receives anything."""
    needs = InformationNeed.objects.filter(state__in=MOVING).exclude(products__active=True)
    return [
        Thing(need.noun(), need.key, str(need), **owned(need)) for need in needs.select_related("owner", "owner_role")
    ]


@rule(
    "product-nobody-opens",
    "low",
    lazy("Overzicht dat niemand opent"),
    lazy("Beëindig of houd"),
    lazy(
        "In drie keer het ritme van de behoefte heeft niemand het geopend (ten minste acht weken, hoogstens een jaar). "
        "Misschien is de vraag weg; dan kunnen de gegevens ook weg."
    ),
    "need.end",
    lasting=False,
)
def products_nobody_opens() -> Iterable[Thing]:
    """Not opened for as long as makes it unused, by the rhythm of its need."""
    return [Thing(p.noun(), p.key, p.nl, **owned(p.need)) for p in unopened()]


@rule(
    "role-nobody-holds",
    "middle",
    lazy("Rol die niemand heeft"),
    lazy("Wijs iemand aan"),
    lazy("Een behoefte levert aan deze rol, maar niemand heeft haar vandaag."),
    "role.assign",
)
def roles_nobody_holds() -> Iterator[Thing]:
    """A role that an approved need delivers to, with nobody in it: not in the register, not in the roster."""
    held = holders().of_role.keys()
    wanted = Role.objects.filter(audiences__need__state__in=MOVING, holder="person").distinct()
    for role in wanted.exclude(key__in=held):
        yield Thing("role", role.key, str(role))


def role_held(key: str) -> bool:
    """Whether anyone holds a role today, in the register or in the roster."""
    return key in holders().of_role


@rule(
    "responsible-role-nobody-holds",
    "middle",
    lazy("Verantwoordelijke rol die niemand heeft"),
    lazy("Wijs iemand aan"),
    lazy("Deze rol voert iets uit of staat ervoor in, maar niemand heeft haar vandaag. Dan blijft werk liggen."),
    "role.assign",
)
def responsible_roles_nobody_holds() -> Iterator[Thing]:
    """A role that does or answers for something, with nobody in it: neither in the register nor in the roster."""
    held = holders().of_role.keys()
    count = Count("responsibilities", filter=Q(responsibilities__letter__in=("R", "A")))
    for role in Role.objects.filter(holder="person").annotate(times=count).filter(times__gt=0).exclude(key__in=held):
        detail = _("%(count)s keer uitvoerend of eindverantwoordelijk") % {"count": role.times}
        yield Thing("role", role.key, str(role), detail=detail)


@rule(
    "data-without-need",
    "high",
    lazy("Bewaarde gegevens waar niemand om vraagt"),
    lazy("Laat de verwerker een ronde lopen"),
    lazy("In de momentopname staat iets dat geen goedgekeurde behoefte nog noemt. De volgende ronde wist het."),
    "source.collect",
)
def data_without_need() -> Iterator[Thing]:
    """Elements of the current snapshot that no need in force names, and that do not come along with one (law 1)."""
    snapshot = snapshots.current(settings.DATA)
    if snapshot is None:
        return
    known = {column.element for table in school_model().values() for column in table.columns.values()}
    for element in sorted(set(snapshot.manifest.get("elements", ())) - (needed_elements() & known)):
        yield Thing("dataelement", element, element)


@rule(
    "rows-without-place",
    "middle",
    lazy("Rijen die nergens meetellen"),
    lazy("Kijk wat niet gevonden is"),
    lazy("Van meer dan één op de twintig rijen is de persoon, school of dag niet bekend. Cijfers missen die rijen."),
    "source.write",
)
def rows_without_place() -> Iterator[Thing]:
    """Sources of which a notable part came in and is in no figure and no product."""
    snapshot = snapshots.current(settings.DATA)
    lost = [each for each in snapshot.unplaced if _notable(each)] if snapshot else []
    known = Source.objects.filter(key__in={each.source for each in lost}).select_related("owner_role")
    names = object_names()
    for source in known:
        worst = max((each for each in lost if each.source == source.key), key=lambda each: each.rows / each.of)
        words = {"table": names.get(worst.table, worst.table), "rows": number(worst.rows), "of": number(worst.of)}
        detail = _("%(table)s: %(rows)s van %(of)s rijen") % words
        yield Thing(source.noun(), source.key, worded(source, "name"), detail=detail, **owned(source))


def _notable(each: Contradicted | Unplaced | Twice) -> bool:
    """Whether it is told; a snapshot of before did not count of how many rows they were."""
    return each.of > 0 and each.rows >= FEWEST and each.rows > NOTABLE * each.of


@rule(
    "two-sources-same-rows",
    "high",
    lazy("Twee bronnen met dezelfde rijen"),
    lazy("Zet één van beide uit"),
    lazy("Wat beide vertellen telt dubbel: een cijfer kan twee keer zo hoog zijn als het hoort te zijn."),
    "source.write",
)
def two_sources_with_the_same_rows() -> Iterator[Thing]:
    """Of two sources that tell a notable part of the same, the one that was connected last."""
    snapshot = snapshots.current(settings.DATA)
    known = _in_use()
    told = [each for each in snapshot.told_twice if known.keys() >= set(each.sources)] if snapshot else []
    for each, last in _of_the_last(told, known):
        first = min((known[key] for key in each.sources), key=lambda source: source.pk)
        words = {"rows": number(each.rows), "source": worded(first, "name")}
        detail = _("%(rows)s rijen staan ook in %(source)s") % words
        yield Thing(last.noun(), last.key, worded(last, "name"), detail=detail, **owned(last))


@rule(
    "sources-contradict",
    "middle",
    lazy("Bronnen die elkaar tegenspreken"),
    lazy("Kijk welke bron klopt"),
    lazy(
        "Over dezelfde leerlingen, groepen of dagen vertellen zij iets anders. Schakel neemt er één van, en kan niet "
        "weten welke klopt."
    ),
    "source.write",
)
def sources_that_contradict() -> Iterator[Thing]:
    """Of sources that tell different things of a notable part of the same, the one that was connected last."""
    snapshot = snapshots.current(settings.DATA)
    names = object_names()
    for each, last in _of_the_last(snapshot.contradicted if snapshot else [], _in_use()):
        words = {"table": names.get(each.table, each.table), "rows": number(each.rows), "of": number(each.of)}
        detail = _("%(table)s: bij %(rows)s van %(of)s rijen") % words
        yield Thing(last.noun(), last.key, worded(last, "name"), detail=detail, **owned(last))


def _in_use() -> dict[str, Source]:
    return {source.key: source for source in Source.objects.filter(active=True).select_related("owner_role")}


def _of_the_last(told: Iterable[_Several], known: Mapping[str, Source]) -> Iterator[tuple[_Several, Source]]:
    """What several sources tell, with the one of them that was connected last: of each source what is of most rows."""
    seen = set[str]()
    for each in sorted(filter(_notable, told), key=lambda each: -each.rows):
        last = max((known[key] for key in each.sources if key in known), key=lambda source: source.pk, default=None)
        if last is not None and last.key not in seen:
            seen.add(last.key)
            yield each, last
