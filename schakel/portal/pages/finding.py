"""One finding: what is wrong, what it spoils, which rows, who repairs it, and how it went."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from schakel.access import audit
from schakel.access.people import Person
from schakel.access.permissions import decide
from schakel.collect.cases import UNSEEN, Case, trends
from schakel.lib import clock
from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext
from schakel.operations import case_work
from schakel.operations.case_effect import Effect, effect
from schakel.operations.found import Found, site_names
from schakel.operations.repair_lists import Reader, note_reading
from schakel.operations.repairers import candidates, repairers
from schakel.portal import figures, tables
from schakel.portal.charts import Drawing
from schakel.portal.pages import finding_words as words
from schakel.portal.pages.finding_rows import row_cells, row_columns
from schakel.portal.pages.findings import how_many
from schakel.portal.pages.kinds import impact_of
from schakel.portal.pages.sources import source_name
from schakel.portal.pages.words import action_word
from schakel.portal.parts import Action, Check, Checks, Event, Events, Fact, Head, Item, Link, Note, Why
from schakel.portal.tables import Filter, Row, Shown, Table

AHEAD = timedelta(days=30)  # the day that is proposed to live with it until
NAMED = 4  # of what rests on it
EVENTS = 8


@dataclass(frozen=True)
class FindingPage:
    """The page of one finding."""

    head: Head
    note: Note | None
    spoils: Checks
    trend: Drawing | None
    rows: Shown | None
    no_rows: str
    facts: Why
    events: Events
    address: str
    may_see: bool
    people: Sequence[tuple[int, str, bool]]
    may_accept: bool
    may_withdraw: bool
    last: str


def page(person: Person, number: int, query: Mapping[str, str]) -> FindingPage:
    """The finding with this number, for this person. Seeing its rows leaves a line in the log."""
    case = case_work.one(person, number)
    reader = Reader(person)
    rows = reader.rows(case)
    if rows:
        note_reading(person, len(rows), case=case)
    going = case.state != "repaired"
    handles = going and reader.may_handle(case)
    may = going and decide(person, "finding.accept").allowed
    return FindingPage(
        head=_head(reader, case),
        note=_note(case),
        spoils=_spoils(case, effect(case)),
        trend=words.trend(trends([case])[case.pk]) if reader.sees_all else None,
        rows=tables.shown(_table(reader, case, rows, query.get("r-school", "")), query) if rows else None,
        no_rows=_no_rows(reader, case),
        facts=_facts(case),
        events=Events(_events(case), narrow=True),
        address=f"/bevindingen/{case.pk}",
        may_see=handles and case.state in UNSEEN,
        people=[(p.pk, p.name, p.pk == case.assignee_id) for p in candidates(case)] if handles else [],
        may_accept=may and not case.accepted,
        may_withdraw=may and case.accepted,
        last=(clock.today() + AHEAD).isoformat(),
    )


def _head(reader: Reader, case: Case) -> Head:
    name = source_name(case.source)
    crumbs = [Link(_("Bevindingen"), "/bevindingen"), Link(case.number, f"/bevindingen/{case.pk}")]
    count = how_many(reader, case)
    facts = [Fact("plug", name), Fact("clock", _("sinds %(day)s") % {"day": figures.day(case.open_since)})]
    if case.state != "repaired":
        facts.append(Fact("search", _("%(count)s keer gevonden") % {"count": figures.number(count)}))
    actions = [Action(_("Open bron"), f"/bronnen/{case.source.key}")] if reader.sees_all else []
    lede = f"{figures.capital(words.where(case, words.files()))}: {words.done(case)}."
    return Head(case.sentence, lede=lede, state=words.standing(case), crumbs=crumbs, facts=facts, actions=actions)


def _note(case: Case) -> Note | None:
    if case.state == "repaired" and case.repaired_at:
        told = _("Bij het lezen van %(moment)s stond het goed. Komt het terug, dan gaat deze bevinding weer open.")
        return Note(told % {"moment": figures.moment(case.repaired_at)}, "ok", _("Hersteld bij de bron."))
    if case.accepted and case.accepted_by and case.accepted_until:
        told = _("%(name)s aanvaardt dit tot en met %(day)s: ‘%(reason)s’")
        given = {"name": case.accepted_by.name, "day": figures.day(case.accepted_until), "reason": case.accepted_reason}
        return Note(told % given)
    return None


def _spoils(case: Case, found: Effect) -> Checks:
    """What rests on this column; the share of the rows first."""
    checks = []
    if found.share:
        share = {"share": figures.capital(words.share(found.share)), "rows": figures.number(case.refused)}
        line = ngettext(
            "%(rows)s rij ontbreekt in alles wat hieronder staat.",
            "%(rows)s rijen ontbreken in alles wat hieronder staat.",
            case.refused,
        )
        title = _("%(share)s van de rijen kwam niet binnen") % share
        checks.append(Check("warn", title, line % share))
    kinds = (
        (_("Informatiebehoeften"), found.needs),
        (_("Overzichten"), found.products),
        (_("Indicatoren"), found.indicators),
    )
    for title, nodes in kinds:
        if nodes:
            more = len(nodes) - NAMED
            names = " · ".join(node.name for node in nodes[:NAMED])
            tail = _(" en nog %(count)s") % {"count": figures.number(more)} if more > 0 else ""
            checks.append(Check("info", f"{title}: {figures.number(len(nodes))}", f"{names}{tail}"))
    if not checks:
        checks.append(Check("ok", _("Niets, voor zover bekend"), _("Geen behoefte in gebruik rust op deze kolom.")))
    return Checks(checks)


def _table(reader: Reader, case: Case, rows: Sequence[Found], chosen: str) -> Table:
    names = site_names()
    schools = [(site, names.get(site, site)) for site in reader.schools([case])]
    return Table(
        _("Rijen"),
        row_columns(),
        [Row(row_cells(row, names), {"school": chosen if chosen in row.sites else ""}) for row in rows],
        key="r",
        order="line",
        search=_("sleutel of school"),
        filters=[Filter("school", _("School"), [("", _("Alle scholen")), *schools])] if len(schools) > 1 else (),
        size=25,
        private=True,
    )


def _no_rows(reader: Reader, case: Case) -> str:
    if case.state == "repaired":
        return _("Er zijn geen rijen meer: het staat goed in de bron.")
    if not case.of_rows:
        return _("Dit gaat over het bestand of een hele kolom, niet over losse rijen.")
    if not reader.reach(case.source):
        return _("Rijen ziet alleen wie deze bron herstelt, en alleen van de eigen school.")
    return _("De rijen van deze bevinding zijn niet meer hier: de laatste levering bracht ze niet mee.")


def _facts(case: Case) -> Why:
    names = ", ".join(person.name for person in repairers(case)[:3])
    items = [
        Item(_("Wie herstelt het"), words.whose(case)),
        *([Item(_("Vandaag"), names)] if names and case.assignee is None else []),
        Item(_("Regel"), words.rule_word(case)),
        *([Item(_("Als uitdrukking"), case.expected)] if words.of_form(case) else []),
        Item(_("Voor het eerst gezien"), figures.moment(case.first_seen)),
        Item(_("Voor het laatst gezien"), figures.moment(case.last_seen)),
    ]
    if case.reopened:
        items.append(Item(_("Teruggekomen"), _("%(count)s keer na herstel") % {"count": figures.number(case.reopened)}))
    impact = Link(_("Wie raakt het als deze bron uitvalt?"), impact_of("source", case.source.key))
    return Why(_("Over deze bevinding"), [*items, Item(_("Bron"), source_name(case.source), impact)])


def _events(case: Case) -> list[Event]:
    lines = audit.history(case.noun(), case.key).filter(action__in=("finding.handle", "finding.accept"))[:EVENTS]
    return [Event(figures.day(line.at), line.actor.name if line.actor else _("Schakel"), _did(line)) for line in lines]


def _did(line: audit.AuditLine) -> str:
    became = {"seen": _("zag het"), "reported": _("gaf het door")}.get(str(line.facts.get("becomes", "")))
    if line.action == "finding.accept":
        return _("opende het weer") if line.facts.get("withdrawn") else _("aanvaardde het tot een dag")
    return became or action_word(line.action)
