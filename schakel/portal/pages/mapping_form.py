"""How a dropped file is written, as choices on the screen: what each row is, signs, dates, what columns stand for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schakel.collect.coverage import YEARS
from schakel.connectors import headings
from schakel.connectors.dropped_files import DELIMITERS, ENCODINGS
from schakel.connectors.made_rows import ALL
from schakel.connectors.targets import targets
from schakel.connectors.wide import BETWEEN, NAMED, PAIRED
from schakel.connectors.written_values import backwards, shown_date, span, swapped, written
from schakel.lib.text import gettext as _
from schakel.operations.mapping_drafts import Opened
from schakel.portal import figures
from schakel.portal.pages import covered
from schakel.portal.pages.asking import Choice


@dataclass(frozen=True)
class FormLine:
    """One choice about how the file is written, or a word to fill in where nothing is to be chosen from."""

    name: str
    label: str
    choices: Sequence[Choice]
    mistake: str = ""
    hint: str = ""
    text: str = ""


def form_lines(found: Opened, mistakes: Mapping[str, str]) -> list[FormLine]:
    """Every choice about how the file that waits is written."""
    form = found.draft.form
    kinds = [Choice(t.key, t.title, t.key == found.target.key) for t in sorted(targets(), key=lambda t: t.title)]
    lines = [FormLine("doel", _("Elke rij is"), kinds)]
    if found.dropped.sheets:
        lines.append(_sheets(found))
    if form.kind == "csv":
        signs = {";": _("puntkomma"), ",": _("komma"), "\t": _("tab"), "|": _("rechte streep")}
        lines.append(
            FormLine("teken", _("Scheidingsteken"), [Choice(s, signs[s], s == form.delimiter) for s in DELIMITERS])
        )
        sets = {
            "utf-8": "UTF-8",
            "utf-8-sig": _("UTF-8 met merkteken"),
            "cp1252": "Windows (cp1252)",
            "utf-16": "UTF-16",
        }
        lines.append(FormLine("tekenset", _("Tekenset"), [Choice(e, sets[e], e == form.encoding) for e in ENCODINGS]))
    mistake, differ = mistakes.get("decimal", ""), found.dropped.decimals_differ
    lines.append(FormLine("decimaal", _("Decimalen na een"), _signs(form.decimal), mistake, differ))
    dates = _dates(found, mistakes)
    return [*lines, *([dates] if dates else []), *_headings(found, mistakes), *_periods(found, mistakes)]


def _sheets(found: Opened) -> FormLine:
    """Which sheet is read, or all that have the same columns."""
    dropped, form = found.dropped, found.draft.form
    choices = [_sheet(found, name) for name in dropped.sheets]
    if len(dropped.sheets) - len(dropped.hidden) > 1:
        choices.append(Choice(ALL, _("alle bladen met dezelfde kolommen"), form.sheet == ALL))
    left = [name for name in dropped.sheets if name not in dropped.together]
    told = _("Samen gelezen: %(sheets)s.") % {"sheets": ", ".join(dropped.together)}
    not_read = _("Niet gelezen: %(sheets)s.") % {"sheets": ", ".join(left)}
    hint = " ".join([told, *([not_read] if left else [])]) if dropped.together else ""
    return FormLine("blad", _("Werkblad"), choices, hint=hint)


def _sheet(found: Opened, name: str) -> Choice:
    label = _("%(sheet)s (verborgen)") % {"sheet": name} if name in found.dropped.hidden else name
    return Choice(name, label, name == found.draft.form.sheet)


def _headings(found: Opened, mistakes: Mapping[str, str]) -> list[FormLine]:
    """What the columns stand for, and of a wide overview what its headers leave out."""
    form = found.draft.form
    words = {
        "": _("elk iets anders"),
        "date": _("elke dag een kolom"),
        "week": _("elke week een kolom"),
        "lesson": _("elk lesuur een kolom"),
        NAMED: _("elke toets of elk vak een kolom"),
        PAIRED: _("elke toets een paar kolommen, zoals score en niveau"),
    }
    lines = [FormLine("breed", _("De kolommen zijn"), [Choice(k, w, k == form.wide) for k, w in words.items()])]
    if any(heading.orders for heading in found.dropped.heads):
        kinds = {"dmY": _("eerst de dag"), "mdY": _("eerst de maand"), "Ymd": _("eerst het jaar")}
        orders = [Choice(k, w, k == form.order) for k, w in kinds.items()]
        orders = orders if form.order else [Choice("", _("kies"), True), *orders]
        lines.append(FormLine("kopvolgorde", _("Datums in de kolomkoppen"), orders, mistakes.get("order", "")))
    if headings.needs_year(found.dropped.heads):
        hint, wrong = _("De kolomkoppen noemen geen jaar."), mistakes.get("school_year", "")
        year = form.school_year or " "
        lines.append(FormLine("schooljaar", _("Schooljaar, zoals 2026-2027"), [], wrong, hint, year))
    return [*lines, *(_named(found, mistakes) if form.wide in BETWEEN else [])]


def _named(found: Opened, mistakes: Mapping[str, str]) -> list[FormLine]:
    """Between which columns those are that are headed by the name of a test or a subject."""
    form, headers = found.draft.form, [header for header in found.dropped.beside if header]
    after = [Choice(h, h, h == form.after) for h in headers[:-1]]
    after = after if form.after in headers[:-1] else [Choice("", _("kies"), True), *after]
    begins = headers.index(form.after) + 2 if form.after in headers else 0
    before = [Choice("", _("het eind"), not form.before), *(Choice(h, h, h == form.before) for h in headers[begins:])]
    hint = _("Een totaal of gemiddelde hoort er niet bij.")
    lines = [FormLine("na", _("Ze beginnen na de kolom"), after, mistakes.get("after", ""))]
    return [*lines, FormLine("voor", _("Ze houden op vóór"), before, hint=hint)] if begins else lines


def _periods(found: Opened, mistakes: Mapping[str, str]) -> list[FormLine]:
    """Whether a file tells all or only of some periods, and how long those stay; not asked of a file without dates."""
    form = found.draft.form
    if found.target.dated not in found.draft.choices.columns:
        return []
    words = covered.periods()
    chosen = [Choice(key, label, key == form.period) for key, (label, _effect) in words.items()]
    days = span(found.dropped.column(found.draft.choices.columns[found.target.dated]), form.date)
    told = _("Dit bestand gaat over %(first)s tot en met %(last)s.")
    about = told % {"first": figures.full_day(days[0]), "last": figures.full_day(days[1])} if days else ""
    hint = f"{about} {words[form.period][1]}".strip()
    lines = [FormLine("periode", _("Een bestand bevat"), chosen, mistakes.get("period", ""), hint)]
    if form.period:
        years = [Choice(y, covered.years(int(y)), y == form.years) for y in YEARS]
        hint = _("Wat ouder is, gaat weg als een nieuw bestand binnenkomt.")
        lines.append(FormLine("jaren", _("Bewaar"), years, hint=hint))
    return lines


def _signs(chosen: str) -> list[Choice]:
    signs = [(",", _("komma (12,5)")), (".", _("punt (12.5)"))]
    return [*([] if chosen else [Choice("", _("kies"), True)]), *(Choice(v, w, v == chosen) for v, w in signs)]


def _dates(found: Opened, mistakes: Mapping[str, str]) -> FormLine | None:
    """How the dates are written; what the file itself cannot decide is asked."""
    form = found.draft.form
    dated = any(column.kind == "date" for column in found.seen)
    if not dated and "dates" not in mistakes:
        return None
    asked = "date" in found.dropped.undecided
    likely = found.dropped.dates or form.date or written("dmY", "-", True)
    others = found.dropped.other_dates or (swapped(likely),)
    forms = dict.fromkeys(filter(None, [likely, *others, backwards(likely), form.date]))
    words = [Choice(f, shown_date(f), f == form.date) for f in forms]
    if not form.date:
        words = [Choice("", _("kies"), True), *words]
    hint = ""
    if asked and "%y" in likely:
        hint = _("Dag, maand en jaar kunnen in elke datum verwisseld zijn. Vraag het na bij wie het bestand maakt.")
    elif asked:
        hint = _("Dag en maand kunnen in elke datum verwisseld zijn. Vraag het na bij wie het bestand maakt.")
    return FormLine("datum", _("Datums"), words, mistakes.get("dates", ""), hint)
