"""One source: what came in, what stayed outside and why, what was wrong and what was done about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from django.conf import settings

from schakel.access.people import Person
from schakel.access.permissions import decide
from schakel.chain.approvals import needed_elements
from schakel.collect import reports
from schakel.collect.connections import connection_of
from schakel.collect.findings import CheckReport, Finding
from schakel.collect.reports import ColumnDecision, RuleCount
from schakel.collect.runs import GOOD, Run
from schakel.collect.sources import Source
from schakel.lib.errors import Unknown
from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext, worded
from schakel.operations.bringing import may_be_brought, waiting
from schakel.operations.promises import Promise, ground, promise_of, uses_of
from schakel.portal import figures, tables, uploads
from schakel.portal.pages import agreements, beside, columns, kinds, planning, reading, relying, server, unplaced
from schakel.portal.pages.landing_bars import Bar, columns_bar, rows_bar
from schakel.portal.pages.sources import mapping_action, mapping_link, run_event, run_state, source_name, took
from schakel.portal.pages.words import said
from schakel.portal.parts import (
    Action,
    Chain,
    Check,
    Checks,
    Events,
    Fact,
    Head,
    Item,
    Link,
    Note,
    Reading,
    Status,
)
from schakel.portal.tables import Cell, Column, Row, Shown, Table
from schakel.process.mappings import columns_for

RUNS = 8
SHOWN_FINDINGS = 8


@dataclass(frozen=True)
class Bring:
    """The form to bring a file, open where nothing was ever read; and the names of the files that wait."""

    hint: str
    open: bool
    waiting: Sequence[str]


@dataclass(frozen=True)
class SourcePage:
    """The page of one source; the parts about a landing are empty when nothing landed yet."""

    head: Head
    chain: Chain
    note: Note | None
    notes: Sequence[Note]
    reading: Reading | None
    bars: Sequence[Bar]
    findings: Shown | None
    finding_count: str
    columns: Shown | None
    verdicts: Checks | None
    answers: Shown
    runs: Events
    quarantine: Action | None
    unplaced: Shown | None
    unplaced_count: str
    agreed: Sequence[Item]
    change: Action | None
    relying: Shown
    relying_count: str
    bring: Bring | None
    key: str


@dataclass(frozen=True)
class _Landing:
    """A landing as it was told."""

    told: Mapping[str, object]
    report: CheckReport
    columns: Sequence[ColumnDecision]
    groups: Sequence[RuleCount]


def page(person: Person, key: str, query: Mapping[str, str]) -> SourcePage:
    """The page of the source with this key; Unknown when there is none."""
    source = find(key)
    runs = list(source.runs.finished()[:RUNS])
    last = runs[0] if runs else None
    landing = _landing(last)
    on = ground()
    uses, promise = uses_of(source, on), promise_of(source, on)
    lost, change = unplaced.of_source(source), planning.change_action(person, source)
    return SourcePage(
        head=_head(person, source, last, landing),
        chain=relying.chain(source, uses),
        note=_note(source, last, change),
        notes=planning.notes(source, _not_twice(promise, last)),
        reading=reading.of_source(source, query.get(reading.ASKED, "")),
        bars=(rows_bar(landing.told, landing.report), columns_bar(landing.columns)) if landing else (),
        findings=tables.shown(_findings(source, landing), query) if landing else None,
        finding_count=_finding_count(landing),
        columns=tables.shown(columns.table(landing.columns), query) if landing else None,
        verdicts=_verdicts(landing) if landing else None,
        answers=tables.shown(_answers(landing), query),
        runs=Events([run_event(run) for run in runs], narrow=True),
        quarantine=_quarantine(source, last),
        unplaced=tables.shown(unplaced.table(lost), query) if lost else None,
        unplaced_count=unplaced.count(lost),
        agreed=planning.items(source, promise, last),
        change=change,
        relying=tables.shown(relying.table(uses, kept=_keeps(source, landing)), query),
        relying_count=_needs_count(len(uses)),
        bring=_bring(person, source, last),
        key=key,
    )


def find(key: str) -> Source:
    """The source with this key."""
    source = Source.objects.select_related("system", "owner_role", "repairs_role").filter(key=key).first()
    if source is None:
        raise Unknown(_("Deze bron bestaat niet, of heet anders."), code="unknown")
    return source


def findings(key: str) -> Sequence[Finding] | None:
    """Every finding of the last reading of a source; None when nothing landed."""
    landing = _landing(find(key).runs.finished().first())
    return landing.report.findings if landing else None


def looked_at(source: Source, report: CheckReport) -> tuple[Checks, Table]:
    """The verdicts and the findings of a file that was only looked at."""
    landing = _Landing({}, report, (), reports.by_rule(report))
    first, second = _verdicts(landing).items
    if report.usable:
        second = replace(second, line=_("Wat behoeften nodig hebben zou binnenkomen."))
    return Checks([first, second]), replace(_findings(source, landing), exports=())


def landing_folder(run: Run) -> Path:
    """Where a run's landing lies."""
    return Path(settings.DATA) / run.folder


def _landing(run: Run | None) -> _Landing | None:
    if run is None or not run.folder:
        return None
    try:
        folder = landing_folder(run)
        report = reports.check_report(folder)
        return _Landing(reports.landing_told(folder), report, reports.column_decisions(folder), reports.by_rule(report))
    except Unknown:
        return None


def _head(person: Person, source: Source, run: Run | None, landing: _Landing | None) -> Head:
    facts = [Fact("plug", ", ".join(t for t in (worded(source.system, "name"), source.rhythm) if t))]
    if run:
        facts.insert(0, Fact("clock", f"{figures.moment(run.started_at)}, {figures.seconds(took(run))}"))
    owner = said(source.owner_role) or _("niemand")
    facts += [Fact("user", _("eigenaar: %(name)s") % {"name": owner}), *server.facts(source), *beside.facts(source)]
    return Head(
        _finding(source, run, landing),
        state=_state(source, run),
        crumbs=[Link(_("Bronnen"), "/bronnen"), Link(source_name(source), f"/bronnen/{source.key}")],
        facts=facts,
        actions=_actions(person, source),
    )


def _state(source: Source, run: Run | None) -> Status:
    if not source.active:
        return Status(_("Uit"), "unk")
    if run is None or run.state not in GOOD:
        return run_state(run)
    if run.usable and not run.conformant:
        return Status(_("Bruikbaar, met reparaties"), "warn")
    return Status(_("Bruikbaar"), "ok")


def _finding(source: Source, run: Run | None, landing: _Landing | None) -> str:
    """What is the case with this source, in one line."""
    name = source_name(source)
    if not source.active:
        return _("%(name)s staat uit") % {"name": name}
    if run is None:
        return _("%(name)s is nog niet gelezen") % {"name": name}
    if run.state not in GOOD:
        return _("%(name)s kwam niet binnen") % {"name": name}
    refusing = [g for g in landing.groups if g.action == "drop row"] if landing else []
    if not run.rows_quarantined or not refusing:
        return _("%(name)s: alle rijen zijn overgenomen") % {"name": name}
    count = run.rows_quarantined
    words = {"name": name, "rows": figures.number(count), "kinds": figures.counted(len(refusing))}
    text = ngettext(
        "%(name)s: %(kinds)s soorten fouten houden %(rows)s rij tegen",
        "%(name)s: %(kinds)s soorten fouten houden %(rows)s rijen tegen",
        count,
    )
    if len(refusing) == 1:
        text = ngettext(
            "%(name)s: één fout houdt %(rows)s rij tegen", "%(name)s: één fout houdt %(rows)s rijen tegen", count
        )
    return text % words


def _actions(person: Person, source: Source) -> list[Action]:
    hit = Action(_("Wie raakt het als dit uitvalt?"), kinds.impact_of("source", source.key))
    also = [*agreements.link(person, source), *server.actions(person, source), *mapping_action(person, source), hit]
    if not decide(person, "source.collect").allowed or not source.active:
        return also
    if source.runs.open().exists():
        return [Action(_("Wordt gelezen"), "", disabled=True), _trial(source), *also]
    main = not any(each.main for each in also)  # a question comes first: reading again gives the same answer
    read = Action(_("Lees nu"), f"/bronnen/{source.key}/lezen", main=main, post=True)
    return sorted([read, _trial(source), *also], key=lambda each: not each.main)


def _bring(person: Person, source: Source, last: Run | None) -> Bring | None:
    if not decide(person, "source.collect").allowed or not may_be_brought(source):
        return None
    text = _(
        "Het heet als %(pattern)s, en is ten hoogste %(most)s MB. Schakel houdt alleen wat een behoefte noemt: het "
        "bestand zelf gaat weg zodra het binnen is."
    )
    names = [path.name for path in waiting(source)]
    return Bring(text % {"pattern": source.pattern, "most": uploads.MOST_MB - 1}, last is None, names)


def _trial(source: Source) -> Action:
    """Look at the newest file, or at the server, and keep nothing."""
    where = "server/proberen" if connection_of(source) else "proberen"
    return Action(_("Probeer zonder te bewaren"), f"/bronnen/{source.key}/{where}", post=True)


def _not_twice(promise: Promise | None, run: Run | None) -> Promise | None:
    """The promise without the risk that the page says already: a reading that failed, in its own words."""
    if promise is None or run is None or run.state in GOOD:
        return promise
    return replace(promise, risks=tuple(risk for risk in promise.risks if risk.cause != "failed"))


def _needs_count(count: int) -> str:
    return ngettext("%(count)s behoefte", "%(count)s behoeften", count) % {"count": figures.number(count)}


def _note(source: Source, run: Run | None, change: Action | None) -> Note | None:
    if not source.active:
        text = _("Zij wordt niet gelezen, en wat zij bracht telt niet mee.")
        where = Link(_("Aan of uit"), change.href) if change else None
        return Note(text, "warn", _("Deze bron staat uit."), where)
    if run is None:
        return Note(_("Zodra er een bestand in de inbox ligt, leest Schakel het."))
    if run.state in GOOD:
        return None
    return Note(run.message, "bad", _("Wat er stond is bewaard."), mapping_link(run.source))


def _keeps(source: Source, landing: _Landing | None) -> bool:
    """Whether anything of it was kept, or will be once it is read."""
    if landing is None:
        return source.layout in columns_for(needed_elements())
    return any(each.decision == "keep" for each in landing.columns)


def _finding_count(landing: _Landing | None) -> str:
    if landing is None:
        return ""
    kinds, total = len(landing.groups), len(landing.report.findings)
    text = ngettext("%(kinds)s soort, %(total)s in totaal", "%(kinds)s soorten, %(total)s in totaal", kinds)
    return text % {"kinds": figures.number(kinds), "total": figures.number(total)}


def _findings(source: Source, landing: _Landing) -> Table:
    headings = [
        Column("what", _("Wat is er mis"), wide=True),
        Column("where", _("Waar")),
        Column("rows", _("Aantal"), number=True),
        Column("done", _("Wat deed Schakel")),
        Column("who", _("Wie herstelt")),
    ]
    who = figures.capital(said(source.repairs_role)) or _("niemand toegewezen")
    return Table(
        _("Bevindingen"),
        headings,
        [_found(group, who) for group in landing.groups],
        key="b",
        order="-rows",
        size=SHOWN_FINDINGS,
        exports=[Link(_("Spreadsheet voor de school"), f"/bronnen/{source.key}/bevindingen.xlsx")]
        if landing.groups
        else (),
        empty=_("Niets gevonden: dit bestand voldoet aan elke regel."),
    )


def _found(group: RuleCount, who: str) -> Row:
    first = group.first[0].row if group.first else 0
    words = {"row": figures.number(first), "more": figures.number(group.count - 1), "column": group.column or _("geen")}
    if not first:
        note = _("kolom %(column)s") % words if group.column else _("het hele bestand")
    elif group.count > 1:
        note = _("rij %(row)s en %(more)s andere, kolom %(column)s") % words
    else:
        note = _("rij %(row)s, kolom %(column)s") % words
    state = answer(group.action, group.severity)
    return Row(
        {
            "what": tables.words(group.message, note=_("regel %(rule)s") % {"rule": group.rule}),
            "where": tables.words(group.file, note=note),
            "rows": Cell(figures.figure(group.count), order=group.count),
            "done": Cell(state=state, order=state.word),
            "who": tables.words(who if group.severity != "info" else _("niemand")),
        }
    )


def answer(action: str, severity: str = "error") -> Status:
    """What was done with a surprise: one of the four answers."""
    if action == "accept":
        return Status(_("Vermeld"), "info") if severity != "error" else Status(_("Hersteld en vermeld"), "ok")
    return {
        "drop value": Status(_("Waarde weggelaten"), "warn"),
        "drop row": Status(_("In quarantaine"), "warn"),
        "stop": Status(_("Gestopt"), "bad"),
    }[action]


def _verdicts(landing: _Landing) -> Checks:
    report = landing.report
    layout = f"{report.layout} {report.version}".strip()
    errors = sum(1 for f in report.findings if f.severity == "error")
    if report.conformant:
        first = Check("ok", _("Voldoet aan de standaard"), _("%(layout)s: geen enkele afwijking.") % {"layout": layout})
    else:
        words = {"layout": layout, "count": figures.number(errors)}
        told = ngettext("%(layout)s: %(count)s afwijking.", "%(layout)s: %(count)s afwijkingen.", errors) % words
        first = Check("bad", _("Voldoet niet aan de standaard"), told)
    if report.usable:
        second = Check(
            "ok", _("Bruikbaar"), _("Wat behoeften nodig hebben kwam binnen. Elke reparatie staat hierboven.")
        )
    else:
        second = Check("bad", _("Niet bruikbaar"), _("Er is niets van overgenomen; de vorige stand bleef staan."))
    return Checks([first, second])


def _answers(landing: _Landing | None) -> Table:
    """What Schakel does with a surprise, for the kinds that occurred here and always for a new column."""
    headings = [
        Column("field", _("Veld"), sorts=False),
        Column("does", _("Schakel doet"), sorts=False),
        Column("by", _("Gekozen door"), sorts=False),
    ]
    does = {
        "accept": _("neemt over en meldt het"),
        "drop value": _("laat de waarde weg en meldt het"),
        "drop row": _("zet de rij in quarantaine"),
        "stop": _("stopt; de vorige stand blijft staan"),
    }
    seen = {(g.file, g.column): g.action for g in reversed(landing.groups) if g.column} if landing else {}
    rows = [
        _answer_row(f"{file} · {column}", does[action], _("regel van de indeling"))
        for (file, column), action in sorted(seen.items())[:6]
    ]
    rows.append(_answer_row(_("elke nieuwe kolom"), _("laat hem vallen en meldt dat"), _("wet van de keten")))
    return Table(_("Keuze per veld"), headings, rows, key="a")


def _answer_row(field: str, does: str, by: str) -> Row:
    return Row({"field": tables.words(field), "does": tables.words(does), "by": tables.words(by)})


def _quarantine(source: Source, run: Run | None) -> Action | None:
    if run is None or not run.rows_held:
        return None
    return Action(_("Bekijk de rijen in quarantaine"), f"/bronnen/{source.key}/quarantaine", icon="eyeoff")
