"""What a need takes at the end of the chain: a link, a column, an overview, someone in the role; is it done?

Done is seen in the flow: the link ran, the column arrived, the overview was opened, someone holds the role.
"""

from collections.abc import Iterator

from django.conf import settings

from schakel.chain.needs import InformationNeed
from schakel.chain.realising import Change, Proposal, proposer, seer
from schakel.chain.systems import System
from schakel.collect.runs import Run
from schakel.collect.sources import Source
from schakel.distribute.delivery import Delivery
from schakel.distribute.gaps import role_held
from schakel.distribute.products import Product
from schakel.lib.text import gettext as _
from schakel.process import mappings, snapshots

GOOD = ("good", "repaired", "unchanged")


@proposer
def _links(need: InformationNeed) -> Iterator[Proposal]:
    """A system that gives elements of the need and that nothing reads yet."""
    lines = [line for line in need.elements.all() if not line.declined]
    elements = [line.element_id for line in lines if line.element.object.origin != "register"]
    read = Source.objects.filter(active=True).values("system")
    for system in System.objects.filter(elements_of_record__element__in=elements).exclude(pk__in=read).distinct():
        title = _("Maak een koppeling met %(name)s") % {"name": system.name}
        yield Proposal("link", title, system.noun(), system.key, "ict_manager", 16)


@proposer
def _columns(need: InformationNeed) -> Iterator[Proposal]:
    """An element whose system is read, while no layout brings it."""
    read = set(Source.objects.filter(active=True).values_list("system", flat=True))
    for line in need.elements.all():
        element = line.element
        if line.declined or element.structural or element.object.origin == "register":
            continue
        records = [r for r in element.sources_of_record.select_related("system") if r.system_id in read]
        if records and not mappings.sources_of(element.key):
            words = {"system": records[0].system.name, "name": element.nl}
            title = _("Laat %(system)s ‘%(name)s’ meeleveren") % words
            yield Proposal("column", title, element.noun(), element.key, "functional_admin", 4)


@proposer
def _products(need: InformationNeed) -> Iterator[Proposal]:
    """Nothing yet that people can open."""
    if not Product.objects.filter(need=need, active=True).exists():
        title = _("Maak een overzicht voor ‘%(question)s’") % {"question": need.question}
        yield Proposal("product", title, need.noun(), need.key, "information_manager", 8)


@proposer
def _people(need: InformationNeed) -> Iterator[Proposal]:
    """A role that receives it and that nobody holds; without a snapshot nobody knows who stands in the roster."""
    if snapshots.current(settings.DATA) is None:
        return
    for line in need.audiences.all():
        if line.role.holder == "person" and not role_held(line.role.key):
            title = _("Wijs iemand aan als %(role)s") % {"role": line.role.nl}
            yield Proposal("person", title, line.role.noun(), line.role.key, "information_manager", 1)


@seer("link")
def _ran(item: Change) -> bool:
    return Run.objects.filter(source__system__key=item.thing_key, source__active=True, state__in=GOOD).exists()


@seer("column")
def _arrived(item: Change) -> bool:
    snapshot = snapshots.current(settings.DATA)
    return snapshot is not None and item.thing_key in snapshot.manifest.get("elements", ())


@seer("product")
def _opened(item: Change) -> bool:
    return bool(Delivery.objects.opened().filter(need__key=item.thing_key).exists())


@seer("person")
def _held(item: Change) -> bool:
    return role_held(item.thing_key)
