"""Bij de buren: what the other front doors are doing that touches you, in their plain words and from the same graph."""

from dataclasses import dataclass

from schakel.chain import gap_history
from schakel.chain.approvals import Approval
from schakel.chain.needs import InformationNeed
from schakel.collect.plans import is_late
from schakel.collect.runs import Run, last_deliveries
from schakel.collect.sources import Source
from schakel.distribute import time_returned
from schakel.lib import text
from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext
from schakel.portal import figures
from schakel.portal.pages import broken_chain
from schakel.portal.pages.sources import source_name
from schakel.portal.pages.words import question
from schakel.portal.parts import Item, Link, Near


@dataclass(frozen=True)
class Returned:
    """Time given back: hours in words and how that was counted."""

    hours: str
    how: str


def returned() -> Returned:
    """The total of this school year, for on a front door."""
    found = time_returned.returned()
    if not found.minutes:
        return Returned("", _("Nog niets geleverd. Elke levering telt straks de minuten die zij scheelt."))
    text_ = text.ngettext("%(count)s uur", "%(count)s uur", round(found.minutes / 60))
    how = _("in dit schooljaar: %(times)s keer geopend (geteld), maal de minuten die het scheelt (opgegeven).")
    return Returned(text_ % {"count": figures.hours(found.minutes)}, how % {"times": figures.number(found.counted)})


def for_manager() -> Near:
    """What the board and ICT do."""
    return Near([*_board(), *_supply()], _more("information_manager"))


def for_board() -> Near:
    """What the information manager and ICT do."""
    return Near([*_demand(), *_supply(), *_time()], _more("board_member"))


def for_supply() -> Near:
    """What the information manager and the board do."""
    return Near([*_waiting_for_supply(), *_board(), *_time()], _more("ict_manager"))


def for_everyone(role_key: str = "") -> Near:
    """What the information manager, ICT and the board do."""
    return Near([*_news(), *_supply(), *_board(), *_time()], _more(role_key) if role_key else None)


def _more(role_key: str) -> Link:
    """The page with everything the neighbours do, need and worry about."""
    return Link(_("Lees meer over uw buren"), f"/rollen/{role_key}/buren")


def _news() -> list[Item]:
    """What was lately approved."""
    fresh = Approval.objects.filter(voided_at__isnull=True).select_related("need").order_by("-at").first()
    if fresh is None:
        return [Item(_("Informatiemanager"), _("Er is nog geen behoefte goedgekeurd."))]
    words = {"question": question(fresh.need), "day": figures.day(fresh.at)}
    text = _("Het laatst goedgekeurd, op %(day)s: ‘%(question)s’") % words
    return [Item(_("Informatiemanager"), text, Link(_("Lees de behoefte"), f"/behoeften/{fresh.need.key}"))]


def _time() -> list[Item]:
    back = returned()
    return [Item(_("Teruggegeven tijd"), f"{back.hours} {back.how}".strip(), Link(_("Bekijk per behoefte"), "/tijd"))]


def _board() -> list[Item]:
    """Decisions that wait."""
    waiting = list(InformationNeed.objects.filter(state="assessed").order_by("asked_at"))
    if not waiting:
        decided = InformationNeed.objects.exclude(state="asked").exists()
        text = _("Alle voorgelegde behoeften zijn beslist.") if decided else _("Er is nog geen behoefte voorgelegd.")
        return [Item(_("Bestuur"), text)]
    text = ngettext(
        "%(count)s behoefte wacht op een besluit, de oudste: ‘%(question)s’",
        "%(count)s behoeften wachten op een besluit, de oudste: ‘%(question)s’",
        len(waiting),
    )
    words = {"count": figures.capital(figures.counted(len(waiting))), "question": question(waiting[0])}
    return [Item(_("Bestuur"), text % words, Link(_("Bekijk besluiten"), "/behoeften?t-stand=assessed"))]


def _demand() -> list[Item]:
    """The worst gap, and what is new."""
    found = gap_history.find_open()
    if not found:
        return [Item(_("Informatiemanager"), f"{broken_chain.title(found)}.")]
    worst = found[0]
    words = {"title": worst.rule.title, "name": figures.closed(worst.thing.name), "count": figures.number(len(found))}
    text = _("%(title)s: %(name)s In totaal staan %(count)s hiaten open.") % words
    return [Item(_("Informatiemanager"), text, Link(_("Bekijk hiaten"), "/hiaten"))]


def _waiting_for_supply() -> list[Item]:
    """Approved needs that ICT has to bring into use, and needs without a source."""
    ready = InformationNeed.objects.filter(state__in=("approved", "being_realised")).count()
    sourceless = [gap for gap in gap_history.find_open() if gap.rule.id == "need-without-source"]
    if ready:
        text = ngettext(
            "%(count)s goedgekeurde behoefte wacht op u.", "%(count)s goedgekeurde behoeften wachten op u.", ready
        )
        return [
            Item(
                _("Informatiemanager"),
                figures.capital(text % {"count": figures.counted(ready)}),
                Link(_("Zet in gebruik"), "/behoeften?t-stand=approved"),
            )
        ]
    if sourceless:
        text = ngettext(
            "%(count)s behoefte heeft nog geen bron: ‘%(name)s’",
            "%(count)s behoeften hebben nog geen bron, zoals ‘%(name)s’",
            len(sourceless),
        )
        words = {"count": figures.capital(figures.counted(len(sourceless))), "name": sourceless[0].thing.name}
        return [
            Item(_("Informatiemanager"), text % words, Link(_("Bekijk hiaten"), "/hiaten?t-soort=need-without-source"))
        ]
    moving = InformationNeed.objects.moving().exists()
    text = _("Elke behoefte die loopt heeft een bron.") if moving else _("Er loopt nog geen behoefte.")
    return [Item(_("Informatiemanager"), text)]


def _supply() -> list[Item]:
    """Which sources are late or stopped."""
    late = late_sources()
    if not late:
        count = Source.objects.filter(active=True).count()
        if not count:
            return [Item("ICT", _("Er is nog geen bron aangesloten."))]
        text = ngettext("De bron is op tijd gelezen.", "Alle %(count)s bronnen zijn op tijd gelezen.", count)
        return [Item("ICT", text % {"count": figures.number(count)})]
    source, run = late[0]
    name = source_name(source)
    if run is None:
        return [Item("ICT", _("%(name)s is nog nooit gelezen.") % {"name": name})]
    words = {"name": name, "age": figures.age(run.started_at)}
    return [Item("ICT", _("%(name)s is voor het laatst %(age)s geleden goed gelezen.") % words)]


def late_sources() -> list[tuple[Source, Run | None]]:
    """Active sources without a good reading as was agreed, oldest first."""
    late = [pair for pair in last_deliveries(Source.objects.filter(active=True)) if is_late(*pair)]
    return sorted(late, key=lambda pair: pair[1].started_at.timestamp() if pair[1] else 0.0)
