"""The chart of a product, drawn from its answer: bars for what differs, a line for what moves, many small ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from schakel.engine.hidden import Hidden
from schakel.lib.text import gettext as _
from schakel.portal import bars, charts, figures, trends
from schakel.portal.charts import Chart, Key, Multiple, Multiples
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


def _norm(p: Picture, column: ColumnSpec) -> list[bars.Limit]:
    norm = p.spec.get("norm")
    if not norm:
        return []
    return [bars.Limit(float(norm["value"]), told(norm), _text(p, column, float(norm["value"])))]


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
    wide, narrow = bars.bars(rows, _alternative(p, rows), _norm(p, measure))
    return Chart(_title(p, rows), f"{measure.label}. {under}".strip(), wide, narrow, _key(p, rows))


def _one_bar(p: Picture, place: int, measure: ColumnSpec) -> bars.Bar:
    row = p.answer.rows[place]
    value = p.answer.value(row, measure.key)
    number = _number(value)
    text = p.answer.figure(row, measure).text
    tone = _TONES.get(str(p.answer.tone(place)), "r") if p.answer.signals.get("rules") else "m"
    return bars.Bar(_name(p, row), number, text, tone)


_TONES: dict[str, bars.Tone] = {"bad": "b", "warn": "m", "info": "m"}


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


def _title(p: Picture, rows: Sequence[bars.Bar]) -> str:
    """The finding of the drawing itself: who is at the top."""
    top = max((r for r in rows if r.value is not None), key=lambda r: r.value or 0.0, default=None)
    return _("Het hoogst: %(name)s (%(value)s)") % {"name": top.name, "value": top.text} if top else p.finding


def _alternative(p: Picture, rows: Sequence[bars.Bar]) -> str:
    told_rows = "; ".join(f"{row.name} {row.text}" for row in rows)
    return _("%(finding)s. Balken: %(rows)s.") % {"finding": p.finding, "rows": told_rows}


def _key(p: Picture, rows: Sequence[bars.Bar]) -> Key | None:
    """What the colours mean, in the words of the signals; none when there is only one."""
    kinds: dict[str, str] = {}
    for rule in (r for r in p.answer.signals.get("rules", ()) if not r.get("empty")):
        shape = {"b": "bad", "m": "m"}.get(_TONES.get(str(rule.get("tone")), "r"), "r")
        kinds.setdefault(shape, told(rule))
    used = {{"b": "bad", "m": "m", "w": "m"}.get(row.tone, "r") for row in rows if row.value is not None}
    items = [(shape, words) for shape, words in kinds.items() if shape in used]
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


def _in_time(p: Picture, across: ColumnSpec, rows: Sequence[Cells]) -> list[Cells]:
    return sorted(rows, key=lambda row: str(p.answer.value(row, across.key)))


def _trend(p: Picture, across: ColumnSpec, up: ColumnSpec, rows: Sequence[Cells]) -> Chart | None:
    ordered = _in_time(p, across, rows)
    scale = 100.0 if up.format == "percent" else 1.0
    values = [_scaled(_number(p.answer.value(row, up.key)), scale) for row in ordered]
    if not any(v is not None for v in values):
        return None
    last = next(row for row in reversed(ordered) if _number(p.answer.value(row, up.key)) is not None)
    shown = p.answer.figure(last, up).text
    norm = p.spec.get("norm")
    drawn = trends.Trend(
        values=values,
        places=_places(p, across, ordered),
        label=_("%(finding)s. De laatste stand is %(value)s.") % {"finding": p.finding, "value": shown},
        last=shown,
        norm=float(norm["value"]) * scale if norm else None,
        norm_text=told(norm) if norm else "",
        better=_better(norm),
        unit="%" if scale > 1 else "",
    )
    wide, narrow = trends.line(drawn)
    title = _("De laatste stand is %(value)s") % {"value": shown}
    return Chart(title, up.label, wide, narrow)


def _scaled(value: float | None, scale: float) -> float | None:
    return None if value is None else value * scale


def _better(norm: Mapping[str, Any] | None) -> charts.Better | None:
    """On which side of a norm one should be, when its own words say so."""
    text = str(norm.get("nl", "")) if norm else ""
    if text.startswith("ten minste"):
        return "higher"
    return "lower" if text.startswith("hoogstens") else None


def _places(p: Picture, across: ColumnSpec, rows: Sequence[Cells]) -> list[tuple[int, str]]:
    """The first, the last and what lies between, at most five names under the axis."""
    step = max((len(rows) - 1) // 4, 1)
    places = list(range(0, len(rows), step))
    return [(i, _place(p, across, rows[i])) for i in places]


def _place(p: Picture, across: ColumnSpec, row: Cells) -> str:
    """A name under the axis: months in short, for there is little room."""
    value = p.answer.value(row, across.key)
    if isinstance(value, date) and across.format == "month":
        return f"{figures.month(value)} {value.year}"
    return p.answer.figure(row, across).text


def _multiples(p: Picture, across: ColumnSpec, up: ColumnSpec, groups: Sequence[Group]) -> Multiples | None:
    times = sorted({str(p.answer.value(row, across.key)) for _name, rows in groups for row in rows})
    lines = [(name, _over(p, across, up, rows, times), rows) for name, rows in groups]
    known = [v for _name, values, _rows in lines for v in values if v is not None]
    if not known:
        return None
    bounds = (min(0.0, *known), max(known))
    lines.sort(key=lambda line: -(_final(line[1]) or 0.0))
    return Multiples([_multiple(p, up, name, values, bounds) for name, values, _rows in lines])


def _over(
    p: Picture, across: ColumnSpec, up: ColumnSpec, rows: Sequence[Cells], times: Sequence[str]
) -> list[float | None]:
    by_time = {str(p.answer.value(row, across.key)): _number(p.answer.value(row, up.key)) for row in rows}
    return [by_time.get(moment) for moment in times]


def _final(values: Sequence[float | None]) -> float | None:
    return next((v for v in reversed(values) if v is not None), None)


def _multiple(
    p: Picture, up: ColumnSpec, name: str, values: list[float | None], bounds: tuple[float, float]
) -> Multiple:
    final = _final(values)
    if final is None:
        return Multiple(name, _("onbekend"), None, _("nog geen cijfers die getoond mogen worden"), "hid")
    shown = _text(p, up, final)
    label = _("%(name)s: verloop, nu %(value)s") % {"name": name, "value": shown}
    drawn = charts.multiple(values, [], label, bounds)
    holes = sum(1 for v in values if v is None)
    line = _("%(count)s keer zonder cijfers") % {"count": figures.number(holes)} if holes else ""
    return Multiple(name, shown, drawn, line)
