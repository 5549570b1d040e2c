"""Whether a file is still what it was when its mapping was made: renamed, missing and retyped columns, other dates.

Told before anything is kept of it.
"""

import csv
import difflib
import io
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from schakel.collect.date_forms import DAY_NAME, compact_day
from schakel.collect.headers import numbered
from schakel.collect.number_forms import is_in_unit
from schakel.collect.packages import PackageFile
from schakel.connectors.column_kinds import columns, kind_words
from schakel.connectors.dropped_files import Dropped, Form
from schakel.connectors.proposals import plain, written_as
from schakel.connectors.written_values import date_form, is_date, is_number, shown_date, sign_cells, time_column
from schakel.lib.cells import unwrapped
from schakel.lib.text import gettext as _

HEAD = 2**20  # bytes of a file that drift is looked for in
_NUMBER = re.compile(r" \([0-9]+\)$")  # behind the name of a column that another has too
_TYPED = {"date": {"date"}, "integer": {"integer", "zeros"}, "number": {"number", "integer"}, "decimal": {"number"}}


def start(part: PackageFile) -> Dropped:
    """The first part of a file as the mapping reads it, with whole lines only."""
    raw, told = part.entry.head(HEAD), part.format
    form = Form(encoding=told.encoding, delimiter=told.delimiter, header_row=told.above + 1)
    text = _decoded(raw, form.encoding)
    if len(raw) == HEAD:
        text = text.rpartition("\n")[0]
    cells, lines, begins = [], [], 1
    reader = csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=form.delimiter)
    try:
        for row in reader:
            if begins >= form.header_row and any(map(str.strip, row)):
                cells.append(tuple(unwrapped(cell) for cell in row))
                lines.append(begins)
            begins = reader.line_num + 1
    except csv.Error:  # the reader itself tells which line
        pass
    headers = tuple(numbered([cell.strip() for cell in cells[0]])) if cells else ()
    return Dropped(form, headers, tuple(cells[1:]), tuple(lines[1:]))


def _decoded(raw: bytes, encoding: str) -> str:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", "ignore")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252" if encoding == "utf-16" else encoding.removesuffix("-sig"), "replace")


def drift(content: Mapping[str, Any], now: Dropped, name: str = "") -> list[str]:
    """What is otherwise in this file than in the one that the mapping was made with, each in a sentence.

    A new column alone is no drift: nobody reads it, and the report names it.
    """
    wanted = _wanted(content)
    there = {header.casefold(): header for header in now.headers if header}
    lost = [header for header in wanted if header.casefold() not in there]
    if lost and len(lost) == len(wanted):
        return [_("Geen enkele verwachte kolomkop staat erin. Is het scheidingsteken of de uitvoer veranderd?")]
    fresh = [header for header in there.values() if header not in content["seen"]]
    again = _repeated(content, wanted, now)
    told = [_lost(header, fresh) for header in lost if _bare(header) not in again]
    return [
        *again.values(),
        *told,
        *_retyped(content, wanted, now),
        *_dates(content, wanted, now, name),
        *_decimals(content, wanted, now),
    ]


def _wanted(content: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The headers that the mapping reads, with what is told of the field that each is read as."""
    found: dict[str, Mapping[str, Any]] = {}
    for relation in content["relations"].values():
        for told in relation["columns"].values():
            made_of = told.get("made_of", [])
            made = made_of if isinstance(made_of, list) else [made_of]
            headers: list[str] = [told["header"]] if "header" in told else made
            for header in headers:
                found.setdefault(header, told)
            if "decided_by" in told:
                found.setdefault(told["decided_by"]["header"], {"type": "text"})
    return found


def _lost(header: str, fresh: Sequence[str]) -> str:
    close = difflib.get_close_matches(plain(header), [plain(each) for each in fresh], 1, 0.6)
    new = next((each for each in fresh if close and plain(each) == close[0]), fresh[0] if len(fresh) == 1 else "")
    if new:
        text = _("De kolom %(old)s is er niet meer; waarschijnlijk heet zij nu %(new)s.")
        return text % {"old": header, "new": new}
    return _("De kolom %(old)s ontbreekt.") % {"old": header}


def _repeated(content: Mapping[str, Any], wanted: Iterable[str], now: Dropped) -> dict[str, str]:
    """Per name that several columns have and of which one was chosen, by its place among them, how many there are now
    where that are more or fewer: it may be another.
    """
    before, after = (Counter(map(_bare, filter(None, there))) for there in (content["seen"], now.headers))
    plain = {header.casefold() for header in content["seen"]}
    text = _("De kolom %(column)s staat er nu %(now)s keer in, en eerst %(before)s keer.")
    return {
        name: text % {"column": _NUMBER.sub("", header), "now": after[name], "before": before[name]}
        for header in wanted
        if (name := _bare(header)) in plain and before[name] > 1 and after[name] != before[name]
    }


def _bare(header: str) -> str:
    """A name as columns share it: «Score (2)» is score."""
    return _NUMBER.sub("", header).casefold()


def _retyped(content: Mapping[str, Any], wanted: Mapping[str, Mapping[str, Any]], now: Dropped) -> Iterable[str]:
    for column in columns(now):
        told = wanted.get(column.header, {})
        unit, before = told.get("unit", ""), content["seen"].get(column.header, "")
        kinds = _TYPED.get(told.get("type", ""), set()) | written_as(unit)
        if column.header in wanted and column.forbidden:
            yield _("In de kolom %(column)s staan nu nummers die Schakel nooit bewaart.") % {"column": column.header}
        elif before in kinds and not _still(before, unit, now.column(column.place)):
            text = _("De kolom %(column)s had %(before)s en heeft nu iets anders.")
            yield text % {"column": column.header, "before": kind_words(before)}
        elif before == "empty" and kinds and not _still(told["type"], unit, now.column(column.place)):
            text = _("De kolom %(column)s was leeg en heeft nu iets anders dan %(expected)s.")
            expected = kind_words({"decimal": "number"}.get(told["type"], told["type"]))
            yield text % {"column": column.header, "expected": expected}


def _still(kind: str, unit: str, values: Sequence[str]) -> bool:
    """Whether at least half of the filled cells are of the kind that they were: a few wrong ones are findings."""
    filled = [value for value in values if value]
    if kind == "date":
        same = [is_date(value) or bool(compact_day(value)) for value in filled]
    else:
        same = [is_number(value) or bool(unit and is_in_unit(value, unit)) for value in filled]
    return 2 * sum(same) >= len(filled)


def _dates(
    content: Mapping[str, Any], wanted: Mapping[str, Mapping[str, Any]], now: Dropped, name: str
) -> Iterable[str]:
    """Whether dates are written otherwise. Raises Unreadable where the file contradicts itself.

    A year in two figures among years in four is a finding at its cell.
    """
    dated = {h: now.column(p) for p, h in enumerate(now.headers) if wanted.get(h, {}).get("type") == "date"}
    found = date_form(dated, now.lines, name)
    before = content["format"]["date"].split("|")
    sure = set(found.form.split("|")).intersection(*(other.split("|") for other in found.others))
    strange = {form for form in sure if form and not _known(form, before)}
    for form in sorted(strange):
        if not ("%y" in form and sure - strange):
            words = {"now": shown_date(form), "before": shown_date(content["format"]["date"])}
            yield _("De datums staan er nu als %(now)s, en eerst als %(before)s.") % words


def _known(form: str, before: Sequence[str]) -> bool:
    """Whether dates had this order before, among those that were written in the same way."""
    same = [each for each in before if _way(each) == _way(form)]
    return _order(form) in map(_order, same or before)


def _way(form: str) -> tuple[str, bool]:
    """The sign between the parts of a date, and whether there is a time behind it."""
    return form.removeprefix(DAY_NAME).replace("%-", "%")[2:3], "%H" in form


def _order(form: str) -> str:
    return "".join(sign for sign in form if sign in "Yymbd")


def _decimals(content: Mapping[str, Any], wanted: Mapping[str, Mapping[str, Any]], now: Dropped) -> Iterable[str]:
    """Whether decimals are written otherwise, or what were whole numbers may now be thousands or have decimals.

    A few numbers with another sign are findings at their cells, but for 1.234 among them that would be read.
    """
    sign, sheet = content["format"]["decimal"], content["format"]["kind"] == "xlsx"
    other = "," if sign == "." else "."
    decimal = [(p, h) for p, h in enumerate(now.headers) if wanted.get(h, {}).get("type") == "decimal"]
    for place, header in decimal:
        values = now.column(place)
        if time_column(header, Counter(filter(None, values))):
            continue
        found = sign_cells(header, values, now.lines)
        unsure = [each for each in ("?.", "?,") if each in found.cells and not (sheet and each[1] == sign)]
        if found.cells[other] > found.cells[sign] or (found.cells[other] and unsure):
            text = _(
                "De kolom %(column)s heeft een %(now)s voor de decimalen (regel %(line)s: %(text)s), en deze vertaling "
                "leest een %(before)s."
            )
            yield text % {"now": _sign_words(other), "before": _sign_words(sign), **vars(found.first[other])}
        elif unsure and not found.cells[sign] and content["seen"].get(header) == "integer":
            text = _(
                "De kolom %(column)s had hele getallen, en nu %(text)s (regel %(line)s): dat kan een duizendtal zijn "
                "of een getal met decimalen."
            )
            yield text % vars(found.first[unsure[0]])


def _sign_words(sign: str) -> str:
    return _("komma") if sign == "," else _("punt")
