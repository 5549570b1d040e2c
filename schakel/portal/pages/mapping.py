"""Mappings: a file of any vendor dropped on a page, seen, checked by a person, and saved as how a source is read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schakel.chain.systems import System
from schakel.collect.reports import RuleCount
from schakel.collect.source_mappings import SourceMapping
from schakel.collect.sources import Source
from schakel.connectors import own_mappings, proposals, wide
from schakel.connectors.column_kinds import SeenColumn, kind_words
from schakel.connectors.targets import BRIN6, TargetField
from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext, worded
from schakel.operations.mapping_drafts import Draft, Opened, Rehearsed
from schakel.portal import figures, tables
from schakel.portal.charts import RunBar, Segment
from schakel.portal.pages.asking import Choice
from schakel.portal.pages.mapping_form import FormLine, form_lines
from schakel.portal.pages.mapping_notes import notes
from schakel.portal.pages.mapping_values import ValueLine, becomes, value_lines
from schakel.portal.pages.source import answer
from schakel.portal.pages.sources import source_name
from schakel.portal.parts import Action, Empty, Head, Link, Note, Status
from schakel.portal.tables import Cell, Column, Row, Shown, Table

HERE = "/vertalingen"
PROPOSAL = f"{HERE}/voorstel"
GROUPS = 12


@dataclass(frozen=True)
class Mappings:
    """Where a file is dropped, and the mappings that there are."""

    head: Head
    problem: Note | None
    waits: Note | None
    sources: Sequence[Choice]
    table: Shown


def page(waiting: Draft | None, chosen: str = "", problem: str = "") -> Mappings:
    """The way in, and every mapping in force."""
    found = _in_force()
    title = ngettext(
        "%(n)s bron wordt gelezen met een eigen vertaling",
        "%(n)s bronnen worden gelezen met een eigen vertaling",
        len(found),
    )
    lede = _(
        "Laat Schakel een uitvoer van de leerlingadministratie, HR of een ander pakket zien. U ziet wat erin "
        "staat, controleert het voorstel en bewaart het. De volgende bestanden gaan er vanzelf mee naar binnen."
    )
    said = figures.capital(title % {"n": figures.counted(len(found))})
    return Mappings(
        Head(said if found else _("Nog geen bron heeft een eigen vertaling"), lede=lede, crumbs=_crumbs()),
        Note(problem, "bad", strong=_("Niet gelezen.")) if problem else None,
        _waits(waiting),
        _source_choices(chosen),
        tables.shown(_table(found)),
    )


def _crumbs() -> list[Link]:
    return [Link(_("Bronnen"), "/bronnen"), Link(_("Vertalingen"), HERE)]


def _in_force() -> list[SourceMapping]:
    found = SourceMapping.objects.select_related("source", "made_by").order_by("source__name", "-number")
    return list({each.source_id: each for each in reversed(found)}.values())


def _waits(waiting: Draft | None) -> Note | None:
    if waiting is None:
        return None
    text = _("‘%(name)s’ wacht op uw keuzes. Na een uur gaat het bestand weg.") % {"name": waiting.name}
    return Note(text, link=Link(_("Ga verder"), PROPOSAL))


def _source_choices(chosen: str) -> list[Choice]:
    own = Source.objects.filter(active=True).exclude(layout="oneroster", mappings=None).distinct().order_by("name")
    return [
        Choice("", _("een nieuwe bron"), not chosen),
        *(Choice(s.key, source_name(s), s.key == chosen) for s in own),
    ]


def _table(found: Sequence[SourceMapping]) -> Table:
    columns = [
        Column("source", _("Bron"), sorts=False),
        Column("name", _("Vertaling"), sorts=False),
        Column("files", _("Bestanden"), sorts=False),
        Column("made", _("Gemaakt"), sorts=False),
        Column("take", _("Actie"), sorts=False, hidden_label=True),
    ]
    rows = [
        Row(
            {
                "source": tables.words(source_name(each.source), href=f"/bronnen/{each.source.key}"),
                "name": tables.words(each.name, note=_("versie %(n)s") % {"n": each.number}),
                "files": tables.words(each.declaration["file"]),
                "made": tables.words(figures.moment(each.made_at), note=each.made_by.name),
                "take": Cell(action=Action(_("Haal op als YAML"), f"{HERE}/{each.source.key}.yaml", small=True)),
            }
        )
        for each in found
    ]
    return Table(_("Vertalingen"), columns, rows, key="v", middle=True, empty=_("Er is nog geen eigen vertaling."))


@dataclass(frozen=True)
class ColumnLine:
    """One column of the file in the form."""

    place: int
    name: str
    kind: str
    count: str
    example: str
    choices: Sequence[Choice]
    state: Status
    closed: bool


@dataclass(frozen=True)
class MissingLine:
    """A field that no column gives: another column may give it too, or one value for every row."""

    name: str
    label: str
    required: bool
    fixed: str
    columns: Sequence[Choice]
    mistake: str
    values: Sequence[Choice] = ()  # to choose from, where not everything can be the value
    hint: str = ""


@dataclass(frozen=True)
class ProposalPage:
    """The file that waits, with every choice and what would come of it."""

    head: Head
    notes: Sequence[Note]
    form: Sequence[FormLine]
    header_row: int
    columns: Sequence[ColumnLine]
    missing: Sequence[MissingLine]
    values: Sequence[ValueLine]
    bar: RunBar | None
    read: str
    groups: Shown | None
    title: str
    pattern: str
    sources: Sequence[Choice]
    systems: Sequence[Choice]
    new: bool
    ready: bool
    mistakes: Mapping[str, str]


def proposal(
    found: Opened, needed: frozenset[str], rehearsed: Rehearsed | None, mistakes: Mapping[str, str]
) -> ProposalPage:
    """Everything about the file that waits."""
    draft = found.draft
    strange = bool(mistakes) and not draft.target_chosen and proposals.unlike(found.target, found.seen)
    return ProposalPage(
        head=_head(found, needed, strange=strange),
        notes=notes(found, mistakes, rehearsed, strange=strange),
        form=form_lines(found, mistakes),
        header_row=draft.form.header_row,
        columns=[_column(found, column, needed) for column in found.seen],
        missing=[
            _missing(found, each, mistakes) for each in found.target.open_fields if _is_missing(found, each, needed)
        ],
        values=value_lines(found, needed),
        bar=_bar(rehearsed) if rehearsed and not rehearsed.problem else None,
        read=_("%(count)s rijen gelezen") % {"count": figures.number(rehearsed.read)} if rehearsed else "",
        groups=tables.shown(_groups(rehearsed)) if rehearsed and rehearsed.groups else None,
        title=draft.title,
        pattern=draft.pattern,
        sources=_source_choices(draft.source),
        systems=[Choice(s.key, worded(s, "name"), s.key == draft.system) for s in System.objects.order_by("name")],
        new=not draft.source,
        ready=rehearsed is not None and not rehearsed.problem,
        mistakes=mistakes,
    )


def _head(found: Opened, needed: frozenset[str], *, strange: bool) -> Head:
    draft = found.draft
    chosen = set(draft.choices.columns) & needed
    words = {"name": draft.name, "what": found.target.title.lower()}
    title = (_("Wat staat er in %(name)s?") if strange else _("%(name)s wordt gelezen als %(what)s")) % words
    counts = {
        "rows": figures.number(len(found.dropped.rows)),
        "kept": figures.number(len({draft.choices.columns[name] for name in chosen})),
        "total": figures.number(len(found.seen)),
    }
    lede = (
        _("%(rows)s rijen. Van de %(total)s kolommen worden er %(kept)s bewaard; de rest wordt nooit gelezen.") % counts
    )
    away = Action(_("Gooi dit bestand weg"), f"{PROPOSAL}/weggooien", post=True)
    crumbs = [*_crumbs(), Link(_("Voorstel"), PROPOSAL)]
    return Head(title, lede=lede, crumbs=crumbs, actions=[away])


def _column(found: Opened, column: SeenColumn, needed: frozenset[str]) -> ColumnLine:
    chosen = next((n for n, place in found.draft.choices.columns.items() if place == column.place), "")
    options = [Choice("", _("niet lezen"), not chosen)]
    options += [Choice(f.name, _field_words(f, needed), f.name == chosen) for f in found.target.open_fields]
    filled = ngettext("%(n)s gevuld", "%(n)s gevuld", column.filled) % {"n": figures.number(column.filled)}
    empty = f", {_('%(n)s leeg') % {'n': figures.number(column.blanks)}}" if column.blanks else ""
    return ColumnLine(
        column.place,
        _name(column),
        figures.capital(kind_words(column.kind)),
        filled + empty,
        "" if column.forbidden else ", ".join(column.examples),
        options,
        _state(column, chosen, needed),
        column.forbidden or not column.header,
    )


def _name(column: SeenColumn) -> str:
    made = {
        wide.DAY: _("Datum uit de kolomkop"),
        wide.HOUR: _("Lesuur uit de kolomkop"),
        wide.NAME: _("Naam uit de kolomkop"),
        wide.ABOVE: _("Naam boven de kolomkop"),
        wide.VALUE: _("Waarde in de cel"),
    }
    return made.get(column.header, column.header) or _("(zonder naam)")


def _field_words(field: TargetField, needed: frozenset[str]) -> str:
    return field.label if field.name in needed else _("%(field)s (vraagt niemand)") % {"field": field.label}


def _state(column: SeenColumn, chosen: str, needed: frozenset[str]) -> Status:
    if column.forbidden:
        return Status(_("Geweigerd"), "bad")
    if chosen and chosen in needed:
        return Status(_("Wordt bewaard"), "ok")
    if chosen:
        return Status(_("Geen behoefte vraagt dit"), "unk")
    return Status(_("Wordt nooit gelezen"), "unk")


def _is_missing(found: Opened, field: TargetField, needed: frozenset[str]) -> bool:
    """Whether no column of its own gives a field; wishes that nobody fills in are not asked after."""
    places = found.draft.choices.columns
    place = places.get(field.name)
    shared = place is not None and next(n for n, p in places.items() if p == place) != field.name
    beside = bool(field.beside & places.keys()) and field.name in needed
    asked = field.required or beside or field.name in found.draft.choices.fixed
    return shared or (place is None and asked)


def _missing(found: Opened, field: TargetField, mistakes: Mapping[str, str]) -> MissingLine:
    place = found.draft.choices.columns.get(field.name)
    columns = [Choice(str(c.place), c.header, c.place == place) for c in found.seen if c.header and not c.forbidden]
    none = Choice("", _("geen kolom"), place is None)
    fixed = found.draft.choices.fixed.get(field.name, "")
    known = becomes(field, found.schools)
    if field.names_school and fixed and fixed not in found.schools:
        known.insert(0, (fixed, fixed))  # what was filled in is not taken away
    values = [Choice("", _("kies"), not fixed), *(Choice(v, word, v == fixed) for v, word in known)]
    wrong, values = mistakes.get(field.name, ""), values if _is_chosen(field, found) else []
    hint = field.hint or (_one_day() if field.told.get("type") == "date" and place is None else "")
    required = field.required and not own_mappings.spare_columns(field, found.draft.choices)
    return MissingLine(field.name, field.label, required, fixed, [none, *columns], wrong, values, hint)


def _one_day() -> str:
    """What a day that is filled in for every row does to the next file."""
    return _(
        "Een datum die u invult, geldt voor elke rij, ook van volgende bestanden. "
        "Zijn die van een andere dag, maak dan een volgende versie."
    )


def _is_chosen(field: TargetField, found: Opened) -> bool:
    """Whether the value for every row is chosen from a list; beside a school the board may have to be filled in."""
    return bool(field.choices) or (field.pattern == BRIN6 and bool(found.schools))


def _bar(rehearsed: Rehearsed) -> RunBar:
    outside = max(rehearsed.read - rehearsed.kept - rehearsed.refused - rehearsed.left_out, 0)
    parts = [
        ("a", rehearsed.kept, _("zou worden bewaard")),
        ("c", rehearsed.refused, _("zou worden geweigerd")),
        ("d", rehearsed.left_out, _("weggelaten")),
        ("d", outside, _("niet bewaard: geen behoefte vraagt dit bestand")),
    ]
    shown = [(kind, count, text) for kind, count, text in parts if count or kind != "d"]
    segments = [Segment(kind, count, text, figures.number(count)) for kind, count, text in shown]  # type: ignore[arg-type]
    return RunBar("rijen", ", ".join(f"{s.shown} {s.text}" for s in segments), segments)


def _groups(rehearsed: Rehearsed) -> Table:
    columns = [
        Column("what", _("Wat opvalt"), sorts=False, wide=True),
        Column("column", _("Kolom"), sorts=False),
        Column("rows", _("Aantal"), number=True, sorts=False),
        Column("where", _("Regels"), sorts=False),
        Column("done", _("Wat Schakel doet"), sorts=False),
    ]
    told = [group for group in rehearsed.groups if group.rule != "column-unknown"][:GROUPS]
    rows = [
        Row(
            {
                "what": tables.words(group.message),
                "column": tables.words(group.column),
                "rows": Cell(figures.figure(group.count), order=group.count),
                "where": tables.words(_lines([f.row for f in group.first if f.row], group.count), note=_sheet(group)),
                "done": Cell(state=answer(group.action, group.severity)),
            }
        )
        for group in told
    ]
    return Table(_("Wat opvalt"), columns, rows, key="b", empty=_("Niets: elke rij past."))


def _sheet(group: RuleCount) -> str:
    """On which sheet it is, of a workbook that is read as a whole."""
    _file, _sign, sheet = group.file.partition("#")
    return _("blad %(sheet)s") % {"sheet": sheet} if sheet and group.column else ""


def _lines(first: Sequence[int], count: int) -> str:
    text = ", ".join(figures.number(line) for line in first)
    return f"{text}, …" if text and count > len(first) else text


@dataclass(frozen=True)
class Nothing:
    """No file waits."""

    head: Head
    empty: Empty


def nothing() -> Nothing:
    """That no file waits, and where one can be dropped."""
    line = _("Hier ziet u wat er in een bestand staat en wat ervan bewaard zou worden. Bied eerst een bestand aan.")
    crumbs = [*_crumbs(), Link(_("Voorstel"), PROPOSAL)]
    empty = Empty(_("Geen bestand"), line, Action(_("Bied een bestand aan"), HERE))
    return Nothing(Head(_("Er wacht geen bestand op uw keuzes"), crumbs=crumbs), empty)
