"""The board's front door: decisions that are due, goals with their figures, the one that goes wrong, each school."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from schakel.access.people import Person
from schakel.access.permissions import decide
from schakel.chain.needs import InformationNeed
from schakel.engine.charts.lines import Norm
from schakel.engine.charts.series import bounds
from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext, worded
from schakel.portal import charts, figures, graphics, tables
from schakel.portal.charts import Chart, Key
from schakel.portal.figures import Figure
from schakel.portal.graphics import Multiple, Multiples, Trend
from schakel.portal.pages import decision, goals, missing, needs, neighbours, own_gaps
from schakel.portal.pages.goals import GoalState, Received, Series
from schakel.portal.pages.own_gaps import OwnGaps
from schakel.portal.pages.words import question, said
from schakel.portal.parts import Action, Head, Near, Note, Todo, TodoList
from schakel.portal.tables import Cell, Column, Row, Shown, Table

PERIODS = 36
RECENT = 12


@dataclass(frozen=True)
class Board:
    """The front door."""

    head: Head
    notes: Sequence[Note]
    todo: TodoList
    goals: Shown
    further: Shown | None
    all_indicators: str
    key: Key
    trend: Chart | None
    figures: Shown | None
    gaps: OwnGaps
    near: Near
    schools_title: str
    schools: Multiples | None


def page(person: Person) -> Board:
    """The front door for this person."""
    received = goals.received(person)
    worst, rest = _worst(received.states), received.further
    return Board(
        head=_head(received),
        notes=_notes(received),
        todo=TodoList(
            _todo(person, received), _("Dit vraagt een besluit"), _("Alle voorgelegde besluiten zijn genomen.")
        ),
        goals=tables.shown(_table("d", _("Doelen met indicator, norm, verloop en scholen"), received.leading)),
        further=tables.shown(_table("i", _("De andere indicatoren van deze doelen"), rest)) if rest else None,
        all_indicators=_further(len(rest)),
        key=_key(),
        trend=_trend(worst) if worst else None,
        figures=tables.shown(_figures(worst)) if worst else None,
        gaps=own_gaps.of(person),
        near=neighbours.for_board(),
        schools_title=said(worst.indicator) if worst else "",
        schools=_multiples(worst) if worst else None,
    )


def _notes(received: Received) -> list[Note]:
    if received.refusal:
        return [Note(received.refusal, "warn", _("De cijfers zijn er vandaag niet."))]
    return missing.notes(received.late)


def _worst(states: Sequence[GoalState]) -> GoalState | None:
    """The goal that is drawn large: the one that asks for someone first, if it has a line at all."""
    drawable = [s for s in states if sum(v is not None for v in s.total.values) > 1]
    return drawable[0] if drawable else None


def _head(received: Received) -> Head:
    measured = [s for s in received.leading if s.met is not None]
    work = [s for s in measured if not s.met]
    if not measured:
        return Head(_("Van geen enkel doel is de stand bekend"))
    if not work:
        return Head(_("Alle doelen met een norm zijn gehaald"), lede=_lede(measured), actions=_actions(received))
    text = _("%(work)s van de %(all)s doelen vragen nog werk")
    if len(measured) == 1:
        text = _("Het doel met een norm vraagt nog werk")
    elif len(work) == 1:
        text = _("%(work)s van de %(all)s doelen vraagt nog werk")
    words = {"work": figures.counted(len(work)), "all": figures.counted(len(measured))}
    return Head(figures.capital(text % words), lede=_lede(measured), actions=_actions(received))


def _actions(received: Received) -> list[Action]:
    if not received.delivered:
        return []
    return [Action(_("Alle cijfers"), f"/overzichten/{goals.EACH}", icon="save")]


def _lede(measured: Sequence[GoalState]) -> str:
    """Which go wrong, how many are on their way, how many are met."""
    wrong = [s for s in measured if s.act or s.worse]
    way = sum(1 for s in measured if s.met is False and s not in wrong)
    met = sum(1 for s in measured if s.met)
    parts = []
    if wrong:
        names = ", ".join(figures.inside(said(s.indicator)) for s in wrong[:3])
        text = ngettext(
            "Eén gaat de verkeerde kant op: %(names)s.", "%(count)s gaan de verkeerde kant op: %(names)s.", len(wrong)
        )
        parts.append(figures.capital(text % {"count": figures.counted(len(wrong)), "names": names}))
    if way:
        text = ngettext(
            "Eén ligt nog niet op de norm, maar wordt niet slechter.",
            "%(count)s liggen nog niet op de norm, maar worden niet slechter.",
            way,
        )
        parts.append(figures.capital(text % {"count": figures.counted(way)}))
    if met:
        text = ngettext("Eén is gehaald.", "%(count)s zijn gehaald.", met)
        parts.append(figures.capital(text % {"count": figures.counted(met)}))
    return " ".join(parts)


def _todo(person: Person, received: Received) -> list[Todo]:
    """Decisions on needs, broken norms, goals that nothing measures."""
    items = [*_decisions(person), *_broken(received.states), *_unmeasured(received)]
    return [_main(todo) if place == 0 else todo for place, todo in enumerate(items[: TodoList.LIMIT])]


def _main(todo: Todo) -> Todo:
    action = Action(todo.action.label, todo.action.href, main=True) if todo.action else None
    return Todo(todo.tone, todo.title, todo.reason, todo.when, action)


def _decisions(person: Person) -> list[Todo]:
    if not decide(person, "need.approve").allowed:
        return []
    waiting = needs.changed(InformationNeed.objects.filter(state="assessed"))
    return [_decision(need) for need in waiting if decision.waits_on(person, need)][:4]


def _decision(need: InformationNeed) -> Todo:
    reason = _("Gevraagd door %(name)s, voor %(role)s. %(purpose)s")
    words = {"name": need.requester.name, "role": said(need.role), "purpose": worded(need, "purpose")}
    when = needs.waits(need)
    return Todo(
        "bad",
        _("Besluit over ‘%(question)s’") % {"question": question(need)},
        reason % words,
        when,
        Action(_("Lees voorstel"), f"/behoeften/{need.key}"),
    )


def _broken(states: Sequence[GoalState]) -> list[Todo]:
    todo = []
    for state in [s for s in states if s.act or s.worse][:2]:
        words = {"value": state.written(state.total.last).text, "norm": state.norm_words()}
        reason = _("De stand is %(value)s; de norm is %(norm)s.") % words
        if state.each_its_own:
            reason = f"{figures.capital(state.short_words())}."
        worst = _outliers(state)
        if worst:
            reason = f"{reason} {_('Het verst weg: %(names)s.') % {'names': worst}}"
        title = _("Bespreek %(name)s") % {"name": figures.inside(said(state.indicator))}
        todo.append(Todo("warn", title, reason, "", _schools_of(state, drawn=state is _worst(states))))
    return todo


def _schools_of(state: GoalState, *, drawn: bool) -> Action:
    """To the schools below on this page; of a goal that is not drawn there, to all its figures."""
    below = drawn and any(value is not None for school in state.schools for value in school.values[-RECENT:])
    return Action(_("Bekijk scholen"), "#scholen") if below else Action(_("Alle cijfers"), f"/overzichten/{goals.EACH}")


def _outliers(state: GoalState) -> str:
    """The schools that break the norm most, at most two."""
    broken = [s for s in state.schools if s.last is not None and not state.meets(s)]
    broken.sort(key=lambda s: (s.last or 0.0) - (s.norm or 0.0), reverse=state.better == "lower")
    return ", ".join(f"{s.name} {state.written(s.last).text}" for s in broken[:2])


def _unmeasured(received: Received) -> list[Todo]:
    bare = received.without_indicator
    if not bare:
        return []
    text = ngettext("Eén doel heeft nog geen indicator", "%(count)s doelen hebben nog geen indicator", len(bare))
    names = "; ".join(said(goal) for goal in bare[:2])
    return [
        Todo(
            "now",
            figures.capital(text % {"count": figures.counted(len(bare))}),
            names,
            "",
            Action(_("Bekijk hiaten"), "/hiaten"),
        )
    ]


def _further(count: int) -> str:
    text = ngettext("Toon nog één indicator van deze doelen", "Toon nog %(count)s indicatoren van deze doelen", count)
    return text % {"count": figures.number(count)}


def _table(key: str, title: str, states: Sequence[GoalState]) -> Table:
    columns = [
        Column("goal", _("Doel en indicator"), sorts=False),
        Column("value", _("Stand"), number=True, sorts=False),
        Column("norm", _("Norm"), sorts=False),
        Column("trend", _("Verloop"), sorts=False),
        Column("schools", _("Scholen naast elkaar"), sorts=False),
        Column("verdict", _("Oordeel"), sorts=False),
    ]
    rows = [row(state) for state in states]
    return Table(
        title,
        columns,
        rows,
        key=key,
        middle=True,
        empty=_("Er is nog geen doel met een indicator."),
    )


def row(state: GoalState) -> Row:
    """A goal on one line."""
    return Row(
        {
            "goal": Cell(Figure(said(state.goal)), note=said(state.indicator)),
            "value": Cell(state.written(state.total.last), note=state.when(), strong=True),
            "norm": Cell(Figure(state.norm_words(), "none" if state.limit is None else "known")),
            "trend": _spark(state),
            "schools": _strip(state),
            "verdict": Cell(state=state.verdict()),
        }
    )


def _spark(state: GoalState) -> Cell:
    values = state.total.values[-PERIODS:]
    known = [v for v in values if v is not None]
    if len(known) < 2:  # noqa: PLR2004
        return Cell(Figure(_("nog geen verloop"), "none"))
    words = {
        "name": said(state.indicator),
        "first": state.written(known[0]).text,
        "last": state.written(known[-1]).text,
    }
    label = _("%(name)s: van %(first)s naar %(last)s") % words
    return Cell(chart=charts.spark(values, label, state.limit, state.better, state.act))


def _strip(state: GoalState) -> Cell:
    if not state.schools:
        return Cell(Figure(_("geldt voor het bestuur"), "none"))
    shown = [(s.last, state.meets(s)) for s in state.schools if s.last is not None]
    if not shown:
        return Cell(figures.unknown())
    words = {
        "shown": figures.number(len(shown)),
        "met": figures.number(sum(met for _value, met in shown)),
        "hidden": figures.number(len(state.schools) - len(shown)),
    }
    text = _("%(shown)s scholen op een rij, %(met)s halen de norm; van %(hidden)s is de stand niet te tonen")
    return Cell(chart=charts.strip(shown, text % words, state.limit, state.better, state.act))


def _key() -> Key:
    return Key(
        [
            ("", _("stand")),
            ("norm", _("norm")),
            ("bandk", _("waar de norm is gehaald")),
            ("full", _("school haalt de norm")),
            ("open", _("school nog niet")),
        ]
    )


def _trend(state: GoalState) -> Chart:
    scale = 100.0 if state.percent else 1.0
    values = [None if v is None else v * scale for v in state.total.values[-PERIODS:]]
    shown = state.written(state.total.last).text
    words = {"name": said(state.indicator), "value": shown, "norm": state.norm_words()}
    drawn = Trend(
        values=values,
        places=_places(state.periods[-PERIODS:]),
        label=_("%(name)s: de laatste stand is %(value)s; de norm is %(norm)s") % words,
        last=shown,
        norm=_norm(state, scale),
        unit="%" if state.percent else "",
        zero=state.percent,
    )
    wide, narrow = graphics.line(drawn)
    source = (
        _("Norm: %(norm)s. Bron: %(source)s.") % {"norm": said(state.norm), "source": state.norm.source}
        if state.norm
        else ""
    )
    return Chart(
        _title(state), _("%(name)s, alle scholen samen") % {"name": said(state.indicator)}, wide, narrow, None, source
    )


def _norm(state: GoalState, scale: float) -> Norm | None:
    if state.limit is None:
        return None
    return Norm(state.limit * scale, f"{_('norm')}, {state.written(state.limit).text}", _("norm"), state.better)


def _title(state: GoalState) -> str:
    """The finding of the line: which way it goes, and on which side of the norm it lies."""
    name = said(state.indicator)
    change = state.change or 0.0
    if state.each_its_own and state.met is False:
        return f"{name}: {state.short_words()}"
    if state.met is None:
        return _("%(name)s in de loop van de tijd") % {"name": name}
    if state.met:
        return _("%(name)s ligt op of voorbij de norm") % {"name": name}
    if change < 0:
        return _("%(name)s wordt slechter en haalt de norm niet") % {"name": name}
    return (
        _("%(name)s wordt beter, maar haalt de norm nog niet") % {"name": name}
        if change
        else _("%(name)s haalt de norm nog niet") % {"name": name}
    )


def _places(periods: Sequence[str]) -> list[tuple[int, str]]:
    """At most five names under the axis."""
    step = max((len(periods) - 1) // 4, 1)
    return [(i, figures.period(periods[i])) for i in range(0, len(periods), step)]


def _figures(state: GoalState) -> Table:
    """The figures of the line: the same as in the drawing."""
    columns = [
        Column("period", _("Periode"), sorts=False),
        Column("value", _("Stand"), number=True, sorts=False),
        Column("norm", _("Norm"), sorts=False),
    ]
    pairs = list(zip(state.periods, state.total.values, strict=True))[-PERIODS:]
    norm = tables.words(state.norm_words())
    rows = [
        Row({"period": tables.words(figures.period(each)), "value": Cell(state.written(value)), "norm": norm})
        for each, value in pairs
    ]
    return Table(said(state.indicator), columns, rows, key="f")


def _multiples(state: GoalState) -> Multiples | None:
    """Each school on one scale, the ones that ask for attention first; hidden ones say so."""
    recent = [replace(s, values=s.values[-RECENT:]) for s in state.schools]
    rest = list(state.total.values[-RECENT:])
    if not any(v is not None for s in recent for v in s.values):
        return None
    scale = bounds(*(s.values for s in recent), rest, [0.0, state.limit])
    sign = 1 if state.better == "higher" else -1
    recent.sort(key=lambda s: (s.last is None, sign * (s.last or 0.0), s.name))
    return Multiples([_multiple(state, school) for school in recent], scale, rest, state.limit, state.better)


def _multiple(state: GoalState, school: Series) -> Multiple:
    if school.hidden:
        return Multiple(
            school.name,
            figures.hidden().text,
            None,
            line=_("Verborgen: te weinig mensen. In het totaal tellen zij mee."),
            kind="hid",
        )
    if school.last is None:
        line = _("Geen cijfers over de laatste periode.")
        return Multiple(school.name, figures.unknown().text, None, line=line, kind="hid")
    bad = state.act and not state.meets(school)
    text = state.written(school.last).text
    label = _("%(name)s: verloop, nu %(value)s") % {"name": school.name, "value": text}
    holes = (
        ngettext("%(count)s periode zonder cijfers", "%(count)s perioden zonder cijfers", school.holes)
        if school.holes
        else ""
    )
    line = holes % {"count": figures.number(school.holes)} if holes else ""
    if state.limit is None and school.norm is not None:
        line = " · ".join(filter(None, [_("eigen norm %(norm)s") % {"norm": state.written(school.norm).text}, line]))
    return Multiple(school.name, text, school.values, label, line, "bad" if bad else "")
