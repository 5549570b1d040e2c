"""The repair list of a school: every row to repair at the source, for who repairs there; the same as a spreadsheet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from schakel.access.people import Person
from schakel.collect.cases import Case
from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext
from schakel.operations.found import Found, site_names
from schakel.operations.repair_lists import Reader, note_reading
from schakel.portal import figures, tables
from schakel.portal.pages import finding_words as words
from schakel.portal.pages.finding_rows import row_cells, row_columns
from schakel.portal.pages.sources import source_name
from schakel.portal.parts import Action, Door, Doors, Empty, Fact, Head, Link
from schakel.portal.tables import Cell, Column, Filter, Row, Shown, Table

UNKNOWN = "onbekend"  # in the address: the rows of which no school is known


@dataclass(frozen=True)
class RepairList:
    """The list of one school, or the schools to choose from."""

    head: Head
    schools: Doors | None
    table: Shown | None
    empty: Empty | None


def page(person: Person, query: Mapping[str, str]) -> RepairList:
    """The repair list of the school in the address; without one the schools, or the only one there is."""
    reader = Reader(person)
    lists = _lists(reader)
    school = query.get("school", "") if query.get("school", "") in lists else ""
    if not school and len(lists) == 1:
        school = next(iter(lists))
    if not school:
        return _choose(lists)
    rows = lists[school]
    note_reading(person, len(rows), school=school)
    shown = tables.shown(table(school, rows), query, keep=[("school", school)])
    return RepairList(_head(school, rows), None, shown, None)


def listed(person: Person, school: str) -> Table | None:
    """The whole list of one school for a spreadsheet; None when this person has no rows there. It leaves a line."""
    rows = _lists(Reader(person)).get(school)
    if rows is None:
        return None
    note_reading(person, len(rows), school=school)
    return table(school, rows)


Listed = list[tuple[Case, Found]]


def _lists(reader: Reader) -> dict[str, Listed]:
    """Per school the rows that this person may see, of everything that asks to be repaired now."""
    found: dict[str, Listed] = {}
    for case in reader.cases():
        if case.state == "repaired" or case.accepted or case.severity == "info":
            continue
        reach = reader.reach(case.source)
        for row in reader.rows(case):
            for site in row.sites or {UNKNOWN}:
                if reach.everywhere or site in reach.sites:
                    found.setdefault(site, []).append((case, row))
    return found


def _choose(lists: Mapping[str, Listed]) -> RepairList:
    if not lists:
        line = _("Hier komen de rijen die u bij de bron kunt herstellen. Nu is er geen, of u herstelt geen bron.")
        nothing = Empty(_("Niets te herstellen"), line, Action(_("Bekijk bevindingen"), "/bevindingen"))
        return RepairList(Head(_("Er is niets te herstellen"), crumbs=_crumbs()), None, None, nothing)
    most = sorted(lists, key=lambda site: (site == UNKNOWN, -len(lists[site])))
    total = len({id(row) for rows in lists.values() for _case, row in rows})
    text = ngettext("%(count)s rij om te herstellen", "%(count)s rijen om te herstellen", total)
    lede = _("Kies een school. Elke school krijgt alleen haar eigen rijen te zien.")
    doors = Doors([Door(name_of(site), _line(lists[site]), address(site)) for site in most])
    return RepairList(Head(text % {"count": figures.number(total)}, lede=lede, crumbs=_crumbs()), doors, None, None)


def _line(rows: Listed) -> str:
    kinds = len({case.pk for case, _row in rows})
    counted = ngettext("%(count)s rij", "%(count)s rijen", len(rows)) % {"count": figures.number(len(rows))}
    causes = ngettext("%(count)s bevinding", "%(count)s bevindingen", kinds) % {"count": figures.number(kinds)}
    return f"{counted}, {causes}"


def _head(school: str, rows: Listed) -> Head:
    text = ngettext(
        "%(school)s: %(count)s rij om te herstellen", "%(school)s: %(count)s rijen om te herstellen", len(rows)
    )
    lede = _(
        "Herstel ze in de bron zelf. De volgende keer lezen ziet Schakel wat goed staat; dat verdwijnt hier vanzelf."
    )
    if school == UNKNOWN:
        lede = _("Van deze rijen is niet bekend bij welke school ze horen. Daarom zijn ook de sleutels afgeschermd.")
    given = {"school": name_of(school), "count": figures.number(len(rows))}
    return Head(
        text % given,
        lede=lede,
        crumbs=[*_crumbs(), Link(name_of(school), address(school))],
        facts=[Fact("shield", _("Waarden zijn afgeschermd, en dit bezoek staat in het logboek"))],
    )


def _crumbs() -> list[Link]:
    return [Link(_("Bevindingen"), "/bevindingen"), Link(_("Herstellijst"), "/herstellijst")]


def name_of(site: str) -> str:
    """The name of a school, or that it is not known."""
    return _("School onbekend") if site == UNKNOWN else site_names().get(site, site)


def address(site: str, page: str = "/herstellijst") -> str:
    """Where the list of a school is."""
    return f"{page}?{urlencode({'school': site})}"


def table(school: str, rows: Sequence[tuple[Case, Found]]) -> Table:
    """The rows to repair; by source and finding, so that who repairs can work on."""
    columns = [column for column in row_columns() if column.key != "school"]
    sources = sorted({(case.source.key, source_name(case.source)) for case, _row in rows}, key=lambda pair: pair[1])
    files = words.files()
    ordered = sorted(rows, key=lambda pair: (pair[0].source.key, pair[0].file, pair[0].pk, pair[1].line))
    return Table(
        _("Herstellijst"),
        [Column("what", _("Wat is er mis"), wide=True), Column("file", _("Bron en bestand")), *columns],
        [_row(case, row, files) for case, row in ordered],
        key="h",
        search=_("sleutel of fout"),
        filters=[Filter("bron", _("Bron"), [("", _("Alle bronnen")), *sources])] if len(sources) > 1 else (),
        exports=[Link(_("Spreadsheet"), address(school, "/herstellijst.xlsx"))],
        private=True,
    )


def _row(case: Case, row: Found, files: Mapping[str, str]) -> Row:
    cells = row_cells(row, {})
    what = tables.words(case.sentence, note=case.number, href=f"/bevindingen/{case.pk}")
    file = " · ".join(filter(None, [words.where(case, files), row.package]))
    where: Cell = tables.words(source_name(case.source), note=file)
    return Row({**cells, "what": what, "file": where}, {"bron": case.source.key})
