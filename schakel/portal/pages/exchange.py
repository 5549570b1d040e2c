"""The exchange: the register out as a spreadsheet or a model, a file in with every difference shown first."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from schakel.access.people import Person
from schakel.access.permissions import decide
from schakel.kits.exchange.looking import Change, DryRun
from schakel.kits.exchange.needs import AUDIENCE, CLOSED, ELEMENT
from schakel.kits.exchange.register import NOUNS
from schakel.kits.exchange.values import shown
from schakel.kits.exchange.words import titles
from schakel.kits.sheets.layouts import GROUPS, SHEETS
from schakel.kits.waiting import Waiting
from schakel.lib.text import gettext as _
from schakel.lib.text import language, ngettext
from schakel.portal import figures, tables
from schakel.portal.parts import Action, Check, Checks, Empty, Head, Link, Note, Status
from schakel.portal.tables import Cell, Column, Filter, Row, Shown, Table

HERE = "/uitwisselen"
AGAIN = "opnieuw"  # in the address, when a confirmation came too late
_LONGEST = 400  # signs of a value in a table


@dataclass(frozen=True)
class Exchange:
    """What can be taken out, and where a file comes in."""

    head: Head
    table: Shown
    model: Action
    waits: Note | None
    problem: Note | None


def page(person: Person, waiting: Waiting | None, problem: str = "") -> Exchange:
    """Everything that this person may take out, and two ways in."""
    needs = NOUNS["needs"].model.objects.count()
    title = ngettext(
        "%(n)s behoefte en wat erbij hoort kunnen mee als bestand",
        "%(n)s behoeften en wat erbij hoort kunnen mee als bestand",
        needs,
    )
    lede = _(
        "Haal een deel van het register op, wijzig het in een rekenblad en lees het weer in. "
        "U ziet eerst elk verschil; daarna komt alles binnen, of niets."
    )
    everything = Action(_("Haal alles op als rekenblad"), f"{HERE}/all.xlsx", icon="save")
    return Exchange(
        Head(title % {"n": figures.number(needs)}, lede=lede, actions=[everything]),
        tables.shown(_out(person)),
        Action(_("Haal het landschap op als ArchiMate-model"), f"{HERE}/model.xml", icon="save"),
        _waits(waiting),
        Note(problem, "bad", strong=_("Niet ingelezen.")) if problem else None,
    )


def _waits(waiting: Waiting | None) -> Note | None:
    if waiting is None:
        return None
    text = _("‘%(name)s’ is nagekeken en wacht op uw besluit.") % {"name": waiting.name}
    return Note(text, link=Link(_("Bekijk de verschillen"), f"{HERE}/voorstel"))


def _out(person: Person) -> Table:
    columns = [
        Column("noun", _("Onderdeel"), sorts=False),
        Column("count", _("Aantal"), number=True, sorts=False),
        Column("sheets", _("Bladen"), sorts=False, wide=True),
        Column("take", _("Actie"), sorts=False, hidden_label=True),
    ]
    rows = [_group(name) for name in GROUPS if decide(person, SHEETS[name].read).allowed]
    return Table(_("Wat u kunt ophalen"), columns, rows, key="uit", middle=True)


def _group(name: str) -> Row:
    named = [SHEETS[key].title(language()) for key in GROUPS[name]]
    count = len(list(NOUNS[name].things()))
    take = Action(_("Haal %(noun)s op") % {"noun": named[0].lower()}, f"{HERE}/{name}.xlsx", small=True)
    return Row(
        {
            "noun": tables.words(named[0]),
            "count": Cell(figures.figure(count), order=count),
            "sheets": tables.words(", ".join(named)),
            "take": Cell(action=take),
        }
    )


@dataclass(frozen=True)
class Proposal:
    """What a waiting file would do."""

    head: Head
    again: Note | None
    voids: Note | None
    faults: Shown | None
    changes: Shown | None
    notes: Checks | None


def proposal(waiting: Waiting, found: DryRun, query: Mapping[str, str]) -> Proposal:
    """Every difference and every fault of the file that waits."""
    return Proposal(
        _head(waiting, found),
        _again() if AGAIN in query else None,
        _voids(found),
        tables.shown(_faults(found), query) if found.faults else None,
        tables.shown(_changes(found), query) if found.changes else None,
        Checks([Check("info", note) for note in found.notes]) if found.notes else None,
    )


def _head(waiting: Waiting, found: DryRun) -> Head:
    crumbs = [Link(_("Uitwisselen"), HERE), Link(_("Nagekeken bestand"), f"{HERE}/voorstel")]
    same = ngettext("%(n)s ding blijft zoals het is.", "%(n)s dingen blijven zoals ze zijn.", found.unchanged)
    lede = f"‘{waiting.name}’. {same % {'n': figures.number(found.unchanged)}} {_what_now(found)}"
    away = Action(_("Gooi dit bestand weg"), f"{HERE}/voorstel/weggooien", post=True)
    actions = [away]
    if found.may:
        yes = Action(
            _("Neem alles over"), f"{HERE}/voorstel/overnemen", main=True, post=True,
            fields={"vingerafdruk": found.fingerprint},
            working=_("Alles wordt in één keer overgenomen. Gaat er iets mis, dan is er niets overgenomen."),
        )  # fmt: skip
        actions = [yes, away]
    return Head(_title(found), lede=lede.strip(), crumbs=crumbs, actions=actions)


def _title(found: DryRun) -> str:
    if found.faults:
        count = len(found.faults)
        text = ngettext("%(n)s plek in het bestand past niet", "%(n)s plekken in het bestand passen niet", count)
        return figures.capital(text % {"n": figures.counted(count)})
    added, changed = len(found.of("added")), len(found.of("changed"))
    if not added and not changed:
        return _("Dit bestand zegt hetzelfde als het register")
    come = ngettext("%(n)s ding komt erbij", "%(n)s dingen komen erbij", added) % {"n": figures.number(added)}
    change = ngettext("%(n)s ding wijzigt", "%(n)s dingen wijzigen", changed) % {"n": figures.number(changed)}
    if added and changed:
        return _("%(come)s en %(change)s") % {"come": come, "change": change}
    return come if added else change


def _what_now(found: DryRun) -> str:
    if found.faults:
        return _("Er is niets overgenomen. Herstel deze plekken in het bestand en lees het opnieuw in.")
    if found.may:
        return _("Er is nog niets overgenomen. Klopt alles, neem het dan in één keer over.")
    return _("Er is niets om over te nemen.")


def _again() -> Note:
    text = _("Het register is gewijzigd sinds u keek. Dit zijn de verschillen zoals ze nu zijn.")
    return Note(text, "warn", strong=_("Nog niets overgenomen."))


def _voids(found: DryRun) -> Note | None:
    count = sum(1 for change in found.changes if change.voids) if found.may else 0
    if not count:
        return None
    text = ngettext(
        "%(n)s goedgekeurde behoefte wijzigt. Haar goedkeuring vervalt; de levering stopt tot er weer is besloten.",
        "%(n)s goedgekeurde behoeften wijzigen. Hun goedkeuring vervalt; de levering stopt tot er weer is besloten.",
        count,
    )
    return Note(text % {"n": figures.number(count)}, "warn", strong=_("Let op."))


def _faults(found: DryRun) -> Table:
    columns = [
        Column("where", _("Waar")),
        Column("value", _("Wat er staat")),
        Column("why", _("Waarom het niet past"), wide=True),
        Column("what", _("Wat u kunt doen"), wide=True, sorts=False),
    ]
    rows = [
        Row(
            {
                "where": tables.words(fault.place.where),
                "value": tables.words(fault.place.value) if fault.place.value else Cell(figures.Figure("–", "none")),
                "why": tables.words(fault.reason),
                "what": tables.words(fault.hint),
            }
        )
        for fault in found.faults
    ]
    return Table(_("Wat niet past"), columns, rows, key="fout", search=_("plek, waarde of reden"))


def _changes(found: DryRun) -> Table:
    columns = [
        Column("thing", _("Ding")),
        Column("what", _("Wat")),
        Column("was", _("Was"), sorts=False),
        Column("becomes", _("Wordt"), sorts=False),
        Column("where", _("Waar in het bestand"), optional=True),
    ]
    rows = [row for change in found.changes for row in _rows(change)]
    nouns = {change.noun: titles()[change.noun] for change in found.changes}
    kinds = [("", _("Erbij en gewijzigd")), ("added", _("Erbij")), ("changed", _("Gewijzigd"))]
    filters = [Filter("soort", _("Soort"), kinds), Filter("deel", _("Onderdeel"), [("", _("Alles")), *nouns.items()])]
    return Table(_("Verschillen"), columns, rows, key="v", search=_("ding of waarde"), filters=filters)


def _rows(change: Change) -> Iterator[Row]:
    tags = {"soort": change.kind, "deel": change.noun}
    place = tables.words(change.offered.place.where)
    if change.kind == "added":
        said = "; ".join(
            f"{label(change.noun, f.field)}: {value(change.noun, f.field, f.becomes)}" for f in change.fields
        )
        cells = {"what": Cell(state=Status(_("Erbij"), "ok")), "was": _none(), "becomes": tables.words(_clipped(said))}
        yield Row({"thing": _thing(change), **cells, "where": place}, tags)
        return
    for each in change.fields:
        cells = {
            "what": tables.words(label(change.noun, each.field)),
            "was": _said(value(change.noun, each.field, each.was)),
            "becomes": _said(value(change.noun, each.field, each.becomes)),
            "where": tables.words(change.offered.at(each.field).where),
        }
        yield Row({"thing": _thing(change), **cells}, tags)


def _thing(change: Change) -> Cell:
    href = f"/behoeften/{change.key}" if change.noun == "needs" and change.kind == "changed" else ""
    note = titles()[change.noun] + (f" · {_('goedkeuring vervalt')}" if change.voids else "")
    return tables.words(change.key.replace("|", " · "), note=note, href=href)


def label(noun: str, field: str) -> str:
    """What a field is called; a line of a need by what it is about."""
    if field.startswith(ELEMENT):
        return _("Gegeven %(key)s") % {"key": field.removeprefix(ELEMENT)}
    if field.startswith(AUDIENCE):
        return _("Ontvanger %(key)s") % {"key": field.removeprefix(AUDIENCE)}
    if field == CLOSED:
        return _("Afgesloten")
    column = NOUNS[noun].column(field)
    return column.header(language()) if column else field


def value(noun: str, field: str, said: Any) -> str:
    """A value of a field in words."""
    if said is None:
        return ""
    column = NOUNS[noun].column(field)
    if column is not None:
        return shown(column, said)
    if field.startswith(ELEMENT):
        words = {"required": _("nodig"), "wished": _("gewenst")}
        parts: Sequence[str] = (words.get(said[0], said[0]), *said[1:])
        return "; ".join(filter(None, parts))
    return _("ja") if said is True else "; ".join(map(str, said))


def _said(text: str) -> Cell:
    return tables.words(_clipped(text)) if text else _none()


def _none() -> Cell:
    return Cell(figures.Figure(_("leeg"), "none"))


def _clipped(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


@dataclass(frozen=True)
class Nothing:
    """No file waits."""

    head: Head
    empty: Empty


def nothing() -> Nothing:
    """That no file waits, and where one can be brought in."""
    line = _("Hier ziet u wat een bestand zou wijzigen, voordat u het overneemt. Lees eerst een bestand in.")
    crumbs = [Link(_("Uitwisselen"), HERE), Link(_("Nagekeken bestand"), f"{HERE}/voorstel")]
    empty = Empty(_("Geen bestand"), line, Action(_("Lees een bestand in"), f"{HERE}#inlezen"))
    return Nothing(Head(_("Er wacht geen bestand op uw besluit"), crumbs=crumbs), empty)
