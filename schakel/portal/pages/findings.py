"""The findings for this person: what is wrong, where, how often, what it spoils, how it stands, whose it is."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from schakel.access.people import Person
from schakel.collect.cases import STATES, UNSEEN, Case, trends
from schakel.collect.runs import NEW, Run
from schakel.lib import clock
from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext
from schakel.operations.case_effect import Effect, Effects
from schakel.operations.found import site_names
from schakel.operations.repair_lists import Reader
from schakel.portal import figures, tables
from schakel.portal.pages import finding_words as words
from schakel.portal.pages.sources import source_name
from schakel.portal.parts import Action, Door, Doors, Empty, Head, Link, Tile, Tiles, Todo
from schakel.portal.tables import Cell, Column, Filter, Row, Shown, Table

OWN = "u"  # in the address: what waits on who reads
KEPT = timedelta(days=90)  # that a repaired finding stays in the list
LAST = 12  # readings in the line of a source
MOST_SHOWN = 3  # on a front door
SHOWN = 25  # in the list
_ORDER = ("reopened", "new", "reported", "seen", "accepted", "repaired")
_GRAVE = ("error", "warning", "info")


@dataclass(frozen=True)
class Findings:
    """The page with all findings."""

    head: Head
    tiles: Tiles | None
    table: Shown | None
    sources: Shown | None
    empty: Empty | None


def page(person: Person, query: Mapping[str, str]) -> Findings:
    """The findings that open for this person."""
    reader = Reader(person)
    found = listed(reader)
    if not found:
        return Findings(_head(reader, found), None, None, None, _nothing(reader))
    shown = tables.shown(table(reader, found, query.get("t-school", "")), query)
    return Findings(_head(reader, found), _tiles(found), shown, _sources(reader, found, query), None)


def listed(reader: Reader) -> list[Case]:
    """The findings in the list: of the repaired ones those of the last months."""
    since = clock.now() - KEPT
    return [case for case in reader.cases() if case.repaired_at is None or case.repaired_at >= since]


def _urgency(case: Case) -> tuple[int, ...]:
    """What nobody looked at before what somebody has; then the grave, and what costs the most rows."""
    order = (_ORDER.index(case.standing), _GRAVE.index(case.severity))
    return (*order, -case.refused, -case.count, case.pk)


def waiting(reader: Reader, found: Sequence[Case]) -> list[Case]:
    """Those that wait on this person: not repaired, not accepted, and more than something to know."""
    return [case for case in found if _asks(case) and reader.theirs(case)]


def _asks(case: Case) -> bool:
    return case.standing in ("new", "seen", "reported", "reopened") and case.severity != "info"


def todo(person: Person) -> list[Todo]:
    """What asks for this person, for on a front door: one line."""
    reader = Reader(person)
    found = [case for case in reader.cases() if _asks(case)]
    fresh = [case for case in found if case.state in UNSEEN] if reader.keeps else waiting(reader, found)
    if not fresh:
        return []
    back = sum(1 for case in fresh if case.state == "reopened")
    text = ngettext("Bekijk %(count)s nieuwe bevinding", "Bekijk %(count)s nieuwe bevindingen", len(fresh))
    reason = _("Geef door aan wie het bij de bron herstelt; wat hersteld is verdwijnt vanzelf.")
    if back:
        again = ngettext("%(count)s kwam terug na herstel.", "%(count)s kwamen terug na herstel.", back)
        reason = f"{figures.capital(again % {'count': figures.counted(back)})} {reason}"
    title = text % {"count": figures.counted(len(fresh))}
    action = Action(_("Open bevindingen"), "/bevindingen")
    return [Todo("warn", title, reason, figures.brief(max(case.last_seen for case in fresh)), action)]


@dataclass(frozen=True)
class Near:
    """What waits on one person, for on their front door: how many, said in words, and the most urgent few."""

    title: str
    doors: Doors


def near(person: Person) -> Near | None:
    """For Mijn informatie: what waits on this person; None for who repairs nothing."""
    reader = Reader(person)
    found = sorted(waiting(reader, reader.cases()), key=_urgency)
    files = words.files()
    return (
        Near(_waits(len(found)), Doors([_door(reader, case, files) for case in found[:MOST_SHOWN]])) if found else None
    )


def _waits(count: int) -> str:
    text = ngettext("%(count)s bevinding wacht op u", "%(count)s bevindingen wachten op u", count)
    return figures.capital(text % {"count": figures.counted(count)})


def _door(reader: Reader, case: Case, files: Mapping[str, str]) -> Door:
    number = how_many(reader, case)
    text = ngettext("%(count)s keer gevonden", "%(count)s keer gevonden", number) % {"count": figures.number(number)}
    line = " · ".join((source_name(case.source), words.where(case, files), text))
    return Door(case.sentence, line, f"/bevindingen/{case.pk}", words.standing(case))


def _head(reader: Reader, found: Sequence[Case]) -> Head:
    open_ = [case for case in found if _asks(case)]
    fresh = [case for case in open_ if case.state in UNSEEN]
    mine = waiting(reader, found)
    if not open_:
        title = _("Er is niets te herstellen")
    elif mine and not reader.keeps:
        title = _waits(len(mine))
    elif fresh:
        text = ngettext("%(count)s bevinding is nieuw", "%(count)s bevindingen zijn nieuw", len(fresh))
        title = figures.capital(text % {"count": figures.counted(len(fresh))})
    else:
        text = ngettext("%(count)s bevinding wacht op herstel", "%(count)s bevindingen wachten op herstel", len(open_))
        title = figures.capital(text % {"count": figures.counted(len(open_))})
    lede = _("Dezelfde fout in dezelfde kolom is één bevinding. Wat bij de bron hersteld is, ziet Schakel zelf.")
    actions = [Action(_("Open de herstellijst"), "/herstellijst", main=bool(mine))] if found else []
    return Head(title, lede=lede, actions=actions)


def _nothing(reader: Reader) -> Empty:
    if reader.sees_all:
        line = _("Hier komt te staan wat bij het lezen van een bron niet klopte, tot het bij de bron hersteld is.")
        return Empty(_("Geen bevindingen"), line, Action(_("Bekijk de bronnen"), "/bronnen"))
    line = _("U herstelt volgens uw rol van vandaag geen bron, of er is niets mis met de rijen van uw school.")
    return Empty(_("Geen bevindingen"), line, Action(_("Naar mijn informatie"), "/mijn"))


def _tiles(found: Sequence[Case]) -> Tiles:
    counted = Counter(case.standing for case in found)
    shown = [key for key in (*STATES, "accepted") if counted[key] or key in ("new", "repaired")]
    notes = {"repaired": _("in drie maanden"), "accepted": _("tot een dag")}
    if known := sum(case.standing == "new" and case.severity == "info" for case in found):
        notes["new"] = _("waarvan %(n)s om te weten") % {"n": figures.number(known)}
    return Tiles(
        [
            Tile(words.standing_chip(key).word, figures.number(counted[key]), notes.get(key, ""), _chosen(key))
            for key in shown
        ]
    )


def _chosen(key: str) -> str:
    return f"/bevindingen?t-stand={key}#tabel-t"


def table(reader: Reader, found: Sequence[Case], school: str = "") -> Table:
    """Findings as rows, the most urgent first; `school` is the one that was chosen to look at."""
    columns = [
        Column("what", _("Wat is er mis"), wide=True),
        Column("severity", _("Ernst")),
        Column("where", _("Waar")),
        Column("count", _("Aantal"), number=True),
        *([Column("trend", _("Verloop"), sorts=False)] if reader.sees_all else []),
        Column("spoils", _("Raakt"), wide=True),
        Column("standing", _("Stand")),
    ]
    lines, effects = trends(found), Effects()
    ordered = sorted(found, key=_urgency)
    names, files = site_names(), words.files()
    schools = [(site, names.get(site, site)) for site in reader.schools(found)]
    return Table(
        _("Bevindingen"),
        columns,
        [_row(reader, case, (lines.get(case.pk, []), effects.of(case)), school, files) for case in ordered],
        search=_("wat of waar"),
        filters=[
            Filter(
                "stand",
                _("Stand"),
                [("", _("Elke stand")), *((s, words.standing_chip(s).word) for s in words.STANDINGS)],
            ),
            Filter("ernst", _("Ernst"), [("", _("Elke ernst")), *((s, words.severity(s).word) for s in _GRAVE)]),
            Filter("bron", _("Bron"), [("", _("Alle bronnen")), *_source_choices(found)]),
            Filter("school", _("School"), [("", _("Alle scholen")), *sorted(schools, key=lambda pair: pair[1])]),
            Filter("wie", _("Wie"), [("", _("Iedereen")), (OWN, _("Wacht op u")), *_roles(found)]),
        ],
        exports=[Link(_("Spreadsheet"), "/bevindingen.xlsx")],
        empty=_("Er is niets te herstellen."),
        size=SHOWN,
    )


def _source_choices(found: Sequence[Case]) -> list[tuple[str, str]]:
    return sorted({(case.source.key, source_name(case.source)) for case in found}, key=lambda pair: pair[1])


def _roles(found: Sequence[Case]) -> list[tuple[str, str]]:
    return sorted({(case.role.key, str(case.role)) for case in found if case.role}, key=lambda pair: pair[1])


def _row(
    reader: Reader, case: Case, told: tuple[Sequence[int | None], Effect], school: str, files: Mapping[str, str]
) -> Row:
    counts, hit = told
    number, note = how_many(reader, case), f"{case.number} · {words.kind_word(case)}"
    spoils = words.spoils(hit) if case.severity != "info" else ""
    lost = _("%(share)s van de rijen ontbreekt") % {"share": words.share(hit.share)} if hit.share else ""
    mine = reader.theirs(case)
    return Row(
        {
            "severity": Cell(state=words.severity(case.severity), order=_GRAVE.index(case.severity)),
            "what": tables.words(case.sentence, href=f"/bevindingen/{case.pk}", note=note),
            "where": tables.words(source_name(case.source), note=words.where(case, files)),
            "count": Cell(figures.figure(number), order=number),
            "trend": _line(counts),
            "spoils": Cell(figures.Figure(spoils or _("niets")), order=len(hit.needs), note=lost),
            "standing": Cell(state=words.standing(case), order=_ORDER.index(case.standing), note=words.whose(case)),
        },
        {
            "stand": case.standing,
            "ernst": case.severity,
            "bron": case.source.key,
            "school": school if school and reader.rows(case, school) else "",
            "wie": OWN if mine else case.role.key if case.role else "",
        },
    )


def _line(counts: Sequence[int | None]) -> Cell:
    drawn = words.trend(counts)
    return Cell(chart=drawn) if drawn else Cell(figures.Figure(_("één keer"), "none"))


def how_many(reader: Reader, case: Case) -> int:
    """How many findings there are: for who repairs at a school those of that school, else all."""
    return case.count if reader.sees_all or not case.of_rows else len(reader.rows(case))


def _sources(reader: Reader, found: Sequence[Case], query: Mapping[str, str]) -> Shown | None:
    """Per source how many findings are open, and how the number of rows with one went: for who sees all."""
    if not reader.sees_all:
        return None
    columns = [
        Column("source", _("Bron")),
        Column("open", _("Open"), number=True),
        Column("repaired", _("Hersteld"), number=True),
        Column("last", _("Laatste keer"), number=True),
        Column("trend", _("Verloop"), sorts=False),
    ]
    rows = [_source_row(key, name, found) for key, name in _source_choices(found)]
    return tables.shown(Table(_("Verloop per bron"), columns, rows, key="s", order="-open"), query)


def _source_row(key: str, name: str, found: Sequence[Case]) -> Row:
    own = [case for case in found if case.source.key == key]
    runs = Run.objects.filter(source__key=key, state__in=NEW).order_by("-started_at", "-pk")
    counts = list(runs.values_list("findings", flat=True)[:LAST])[::-1]
    open_, repaired = sum(map(_asks, own)), sum(case.state == "repaired" for case in own)
    return Row(
        {
            "source": tables.words(name, href=f"/bronnen/{key}"),
            "open": Cell(figures.figure(open_), order=open_),
            "repaired": Cell(figures.figure(repaired), order=repaired),
            "last": Cell(figures.figure(counts[-1]), order=counts[-1]) if counts else Cell(figures.unknown()),
            "trend": _line(counts),
        }
    )
