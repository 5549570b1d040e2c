"""The chart of a product, drawn from its answer: bars for what differs, a line for what moves, many small ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from schakel.engine.charts.bars import Bar, Limit, Tone
from schakel.engine.charts.lines import Norm
from schakel.engine.charts.series import Better, bounds, last
from schakel.engine.hidden import Hidden
from schakel.lib.text import gettext as _
from schakel.portal import figures, graphics, periods
from schakel.portal.charts import Chart, Key
from schakel.portal.graphics import Multiple, Multiples, Trend
from schakel.portal.parts import Part
from schakel.portal.presentation import Cells, ColumnSpec, Presented, told, written

MOST_BARS = 10
MOST_LINES = 14  # more than this says nothing beside each other; the table does
Group = tuple[str, list[Cells]]


@dataclass(frozen=True)
class Picture:
    """What to draw: the description, the answer, and a sentence that says the finding without the drawing."""

    spec: Mapping[str, Any]
    answer: Presented
    finding: str

    def column(self, role: str) -> ColumnSpec | None:
        """The column that plays a part (x, y, series, facet, label); None when it was not delivered."""
        wanted = self.spec.get(role)
        return next((c for c in self.answer.present if c.key == wanted), None)


def picture(spec: Mapping[str, Any], answer: Presented, finding: str) -> Part | None:
    """The chart of a product; None when it has none, or when there is nothing that can be drawn."""
    drawn = Picture(spec, answer, finding)
    maker = {"strip": _strip, "bar": _bar, "line": _line}.get(str(spec.get("kind", "none")))
    return maker(drawn) if maker and answer.rows else None


def _number(value: Any) -> float | None:
    """A value that can be drawn; hidden and unknown cannot."""
    return None if value is None or isinstance(value, (Hidden, str, date)) else float(value)


def _text(p: Picture, column: ColumnSpec, value: float) -> str:
    return written(value, column, p.answer.words)


def _limits(p: Picture, column: ColumnSpec) -> list[Limit]:
    norm = p.spec.get("norm")
    if not norm:
        return []
    value, text = float(norm["value"]), told(norm)
    short = text.split(":")[0] if ":" in text else _text(p, column, value)
    return [Limit(value, text, short, better=_better(norm))]


def _strip(p: Picture) -> Part | None:
    """People or things on one measure: those that ask for attention first, those without a figure dashed."""
    measure = p.column("x")
    if measure is None:
        return None
    asking = [i for i, row in enumerate(p.answer.rows) if (_number(p.answer.value(row, measure.key)) or 0) > 0]
    unknown = [i for i, row in enumerate(p.answer.rows) if p.answer.value(row, measure.key) is None]
    shown = [*asking[: MOST_BARS - min(len(unknown), 2)], *unknown[:2]]
    rest = len(p.answer.rows) - len(shown)
    under = _("%(count)s staan alleen in de tabel.") % {"count": figures.number(rest)} if rest else ""
    return _bars_chart(p, shown, measure, under) if shown else None


def _bar(p: Picture) -> Part | None:
    """Categories beside each other, in the order of the product."""
    measure = p.column("y")
    if measure is None:
        return None
    shown = list(range(min(len(p.answer.rows), MOST_BARS)))
    rest = len(p.answer.rows) - len(shown)
    under = _("%(count)s staan alleen in de tabel.") % {"count": figures.number(rest)} if rest else ""
    return _bars_chart(p, shown, measure, under)


def _bars_chart(p: Picture, shown: Sequence[int], measure: ColumnSpec, under: str) -> Chart:
    rows = [_one_bar(p, place, measure) for place in shown]
    wide, narrow = graphics.bar_chart(rows, _alternative(p, rows), _limits(p, measure))
    return Chart(_title(p, rows), f"{measure.label}. {under}".strip(), wide, narrow, _key(p, shown, rows))


def _one_bar(p: Picture, place: int, measure: ColumnSpec) -> Bar:
    row = p.answer.rows[place]
    shown = p.answer.figure(row, measure)
    tone = _TONES.get(str(p.answer.tone(place)), "rest") if p.answer.signals.get("rules") else "close"
    number = _number(p.answer.value(row, measure.key))
    if number is not None:
        return Bar(_name(p, row), number, shown.text, tone)
    if shown.known == "hidden":
        return Bar(_name(p, row), None, _closed(shown.text), tone, "hidden")
    return Bar(_name(p, row), None, shown.text, tone, "unknown")


def _closed(text: str) -> str:
    """A hidden figure in a drawing: the word, and the threshold when that may be said."""
    word = _("verborgen")
    return word if text == word else f"{word}, {text}"


_TONES: dict[str, Tone] = {"bad": "bad", "warn": "close", "info": "close"}


def _name(p: Picture, row: Cells) -> str:
    """What a bar is called: a person by name, a thing by its columns."""
    person = person_name(p.answer, row)
    if p.spec.get("label") == "family_name" and person:
        return person
    columns = [p.column(role) for role in ("facet", "label", "x", "series")]
    if p.spec.get("kind") == "strip":
        columns = [p.column("label"), p.column("facet")]
    names = [p.answer.figure(row, c).text for c in columns if c is not None]
    return " · ".join(dict.fromkeys(names))


def person_name(answer: Presented, row: Cells) -> str:
    """Wit, Sanne de: as a class list has it; empty when the answer has no names."""
    family, first = answer.value(row, "family_name"), answer.value(row, "first_name")
    if not family:
        return ""
    prefix = answer.value(row, "name_prefix")
    return f"{family}, {first or ''} {prefix or ''}".strip().rstrip(",")


def _title(p: Picture, rows: Sequence[Bar]) -> str:
    """The finding of the drawing itself: who is at the top."""
    top = max((r for r in rows if r.value is not None), key=lambda r: r.value or 0.0, default=None)
    return _("Het hoogst: %(name)s (%(value)s)") % {"name": top.name, "value": top.text} if top else p.finding


def _alternative(p: Picture, rows: Sequence[Bar]) -> str:
    told_rows = "; ".join(f"{row.name} {row.text}" for row in rows)
    return _("%(finding)s. Balken: %(rows)s.") % {"finding": p.finding, "rows": told_rows}


def _key(p: Picture, shown: Sequence[int], rows: Sequence[Bar]) -> Key | None:
    """What the colours mean, in the words of the signals of what is drawn; none when there is only one."""
    kinds: dict[Tone, dict[str, None]] = {"bad": {}, "close": {}, "rest": {}}
    for place, row in zip(shown, rows, strict=True):
        if row.value is not None and p.answer.signal_of:
            kinds[row.tone][told(p.answer.rule(p.answer.signal_of[place]))] = None
    items = [(tone, ", ".join(filter(None, words))) for tone, words in kinds.items() if any(words)]
    return Key(items) if len(items) > 1 else None


def _line(p: Picture) -> Part | None:
    """A line over time; several as small multiples on one scale."""
    across, up = p.column("x"), p.column("y")
    if across is None or up is None:
        return None
    groups = _groups(p)
    if len(groups) == 1:
        return _trend(p, across, up, groups[0][1])
    return _multiples(p, across, up, groups) if len(groups) <= MOST_LINES else None


def _groups(p: Picture) -> list[Group]:
    columns = [c for c in (p.column("facet"), p.column("series")) if c is not None]
    groups: dict[str, list[Cells]] = {}
    for row in p.answer.rows:
        name = " · ".join(p.answer.figure(row, c).text for c in columns)
        groups.setdefault(name, []).append(row)
    return list(groups.items())


def _times(p: Picture, across: ColumnSpec, rows: Sequence[Cells]) -> list[Any]:
    """The periods under the axis, also those without a row."""
    times = [p.answer.value(row, across.key) for row in rows]
    return periods.unbroken([t for t in times if t is not None and not isinstance(t, Hidden)], across.format)


def _over(
    p: Picture, across: ColumnSpec, up: ColumnSpec, rows: Sequence[Cells], times: Sequence[Any]
) -> list[float | None]:
    by_time = {p.answer.value(row, across.key): _number(p.answer.value(row, up.key)) for row in rows}
    return [by_time.get(moment) for moment in times]


def _trend(p: Picture, across: ColumnSpec, up: ColumnSpec, rows: Sequence[Cells]) -> Chart | None:
    times = _times(p, across, rows)
    values = _over(p, across, up, rows, times)
    final = _final(values)
    if final is None:
        return None
    scale = 100.0 if up.format == "percent" else 1.0
    shown = _text(p, up, final)
    open_ = _holes(values)
    label = _("%(finding)s. De laatste stand is %(value)s.") % {"finding": p.finding, "value": shown}
    drawn = Trend(
        values=[None if v is None else v * scale for v in values],
        places=_places(p, across, times),
        label=f"{label} {open_}".strip(),
        last=shown,
        norm=_norm(p, up, scale),
        unit="%" if up.format == "percent" else "",
    )
    wide, narrow = graphics.line(drawn)
    title = _("De laatste stand is %(value)s") % {"value": shown}
    return Chart(title, f"{up.label}. {open_}" if open_ else up.label, wide, narrow)


def _norm(p: Picture, up: ColumnSpec, scale: float) -> Norm | None:
    norm = p.spec.get("norm")
    if not norm:
        return None
    value = float(norm["value"])
    return Norm(value * scale, told(norm), _text(p, up, value), _better(norm))


def _better(norm: Mapping[str, Any]) -> Better | None:
    """On which side of a norm one should be, when its own words say so."""
    text = str(norm.get("nl", ""))
    if text.startswith("ten minste"):
        return "higher"
    return "lower" if text.startswith("hoogstens") else None


def _holes(values: Sequence[float | None]) -> str:
    """How often nothing is known or shown after the first figure; empty when the line is whole."""
    known = [i for i, v in enumerate(values) if v is not None]
    count = sum(1 for v in values[known[0] :] if v is None) if known else 0
    return _("%(count)s keer zonder cijfers.") % {"count": figures.number(count)} if count else ""


def _places(p: Picture, across: ColumnSpec, times: Sequence[Any]) -> list[tuple[int, str]]:
    """The first, the last and what lies between, at most five names under the axis."""
    step = max((len(times) - 1) // 4, 1)
    return [(i, _place(p, across, times[i])) for i in range(0, len(times), step)]


def _place(p: Picture, across: ColumnSpec, value: Any) -> str:
    """A name under the axis: months in short, for there is little room."""
    if isinstance(value, date) and across.format == "month":
        return f"{figures.month(value)} {value.year}"
    return written(value, across, p.answer.words)


def _multiples(p: Picture, across: ColumnSpec, up: ColumnSpec, groups: Sequence[Group]) -> Multiples | None:
    times = _times(p, across, [row for _name, rows in groups for row in rows])
    lines = [(name, _over(p, across, up, rows, times), rows) for name, rows in groups]
    if all(_final(values) is None for _name, values, _rows in lines):
        return None
    scale = bounds(*(values for _name, values, _rows in lines), [0.0])
    lines.sort(key=lambda line: -(_final(line[1]) or 0.0))
    return Multiples([_multiple(p, up, *line) for line in lines], scale)


def _final(values: Sequence[float | None]) -> float | None:
    place = last(values)
    return None if place is None else values[place]


def _multiple(p: Picture, up: ColumnSpec, name: str, values: list[float | None], rows: Sequence[Cells]) -> Multiple:
    final = _final(values)
    if final is not None:
        shown = _text(p, up, final)
        label = _("%(name)s: verloop, nu %(value)s") % {"name": name, "value": shown}
        return Multiple(name, shown, values, label, _holes(values))
    hidden = [p.answer.figure(row, up).text for row in rows if p.answer.figure(row, up).known == "hidden"]
    if hidden:
        return Multiple(name, hidden[-1], None, line=_("Verborgen: te weinig mensen."), kind="hid")
    return Multiple(name, figures.unknown().text, None, line=_("Er zijn nog geen cijfers."), kind="hid")
