"""A product as someone received it: the finding, the chart, the table, how fresh and complete, and why they see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schakel.distribute.deliveries import Delivered
from schakel.distribute.explanation import SourceFact
from schakel.distribute.explanation import Why as Explained
from schakel.distribute.rendering import ordered
from schakel.engine.hidden import Hidden
from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext
from schakel.operations.promises import Late, Lateness
from schakel.portal import figures, picturing, tables
from schakel.portal.charts import Chart
from schakel.portal.pages import goal_rows, missing
from schakel.portal.pages.words import said
from schakel.portal.parts import Empty, Fact, Head, Item, Link, Note, Part, Why
from schakel.portal.presentation import Cells, ColumnSpec, Presented, told
from schakel.portal.tables import Cell, Column, Filter, Row, Shown, Table

NAMES = ("family_name", "name_prefix", "first_name")
CALLING = ("bad", "warn")  # the tones of rows that ask for someone
_ALMOST = 0.98
BESIDE = 5  # columns of a table that has room beside the reason why one sees it


@dataclass(frozen=True)
class ProductPage:
    """The page of a product; `broad` when its table needs all of the width, so that the reason stands above it."""

    head: Head
    notes: Sequence[Note]
    picture: Part | None
    picture_is_chart: bool
    table: Shown | None
    empty: Empty | None
    why: Why
    under: str
    broad: bool = False


def presented(delivered: Delivered) -> Presented:
    """The answer with the description of its product, in the order of the product."""
    product, answer = delivered.product, delivered.answer
    return Presented(
        columns=[ColumnSpec(spec) for spec in product.columns],
        rows=ordered(answer.rows, answer.names, product.sort),
        names=answer.names,
        signals=product.signals or {},
        findings=product.finding or (),
    )


def page(delivered: Delivered, query: Mapping[str, str]) -> ProductPage:
    """The page of what was delivered."""
    answer = presented(delivered)
    why = delivered.why()
    late = Lateness().of(delivered.need, delivered.product.figures)
    finding = _finding(delivered, answer, late)
    chart = delivered.product.chart or {}
    rows = goal_rows.picture(delivered) if chart.get("kind") == goal_rows.KIND else None
    picture = rows or picturing.picture(chart, answer, finding)
    listed = table(delivered, answer) if answer.rows else None
    return ProductPage(
        head=_head(delivered, answer, why, finding),
        notes=[*missing.notes(late), *_notes(why)],
        picture=picture,
        picture_is_chart=isinstance(picture, Chart | Shown),
        table=tables.shown(listed, query) if listed else None,
        empty=None if answer.rows else _empty(delivered),
        why=_why(delivered, why),
        under=_under(delivered),
        broad=bool(listed and not picture and len(listed.columns) > BESIDE),
    )


def _head(delivered: Delivered, answer: Presented, why: Explained, finding: str) -> Head:
    facts = []
    if why.snapshot_at:
        facts.append(Fact("clock", _("Bijgewerkt %(moment)s") % {"moment": figures.moment(why.snapshot_at)}))
    facts.append(Fact("users" if delivered.need.level == "person" else "info", _rows(answer)))
    facts.append(_complete(why.sources))
    name = said(delivered.product)
    return Head(
        finding if answer.rows else name,
        kicker="" if finding == name else name,
        crumbs=[Link(_("Mijn overzichten"), "/overzichten"), Link(name, f"/overzichten/{delivered.product.key}")],
        facts=facts,
    )


def _rows(answer: Presented) -> str:
    """How many rows, and of how many the figure is hidden or unknown."""
    count = len(answer.rows)
    text = ngettext("%(count)s rij", "%(count)s rijen", count) % {"count": figures.number(count)}
    hidden = sum(1 for row in answer.rows if any(isinstance(v, Hidden) for v in row))
    unknown = sum(1 for key in answer.signal_of if key in ("unknown", "no_data"))
    more = [_("%(count)s met verborgen cijfers") % {"count": figures.number(hidden)}] if hidden else []
    more += [_("van %(count)s nog geen gegevens") % {"count": figures.number(unknown)}] if unknown else []
    return ", ".join([text, *more])


def _complete(sources: Sequence[SourceFact]) -> Fact:
    """How much of what the sources delivered could be used; the worst source speaks."""
    known = [(fact.complete, fact.name) for fact in sources if fact.complete is not None]
    if not known:
        return Fact("unk", _("volledigheid onbekend"))
    least, name = min(known)
    share = figures.number(least or 0.0, "%")
    icon = "ok" if (least or 0.0) >= _ALMOST else "warn"
    return Fact(icon, _("%(share)s van de rijen van %(name)s is bruikbaar") % {"share": share, "name": name})


def _finding(delivered: Delivered, answer: Presented, late: Sequence[Late]) -> str:
    """What the rows say; nothing where data is missing and no row calls: that nobody is in them proves nothing then."""
    calls = any(answer.tone(place) in CALLING for place in range(len(answer.rows)))
    return (answer.finding if calls or not late else "") or said(delivered.product)


def _notes(why: Explained) -> list[Note]:
    notes = []
    if why.left_out:
        names = ", ".join(why.left_out)
        notes.append(
            Note(
                _("Zonder deze gewenste kolommen: %(names)s. Er is geen bron voor, of ze zijn niet goedgekeurd.")
                % {"names": names}
            )
        )
    if why.review_due:
        notes.append(Note(_("De behoefte hierachter had al herzien moeten zijn."), "warn"))
    return notes


def _empty(delivered: Delivered) -> Empty:
    return Empty(_("Vandaag staat hier niets"), told(delivered.product.empty or {}))


def _why(delivered: Delivered, why: Explained) -> Why:
    """Waarom zie ik dit? In the order in which someone would ask."""
    items = [
        Item(_("U bent %(standing)s") % {"standing": "; ".join(why.standings)}, _since(why)),
        Item(
            _("Waarvoor"),
            f"{why.purpose} {_goal(why)}".strip(),
            Link(_("behoefte %(number)s") % {"number": why.number}, f"/behoeften/{why.need}"),
        ),
        Item(_("Op grond van"), "; ".join(t for t in (why.legal_basis, why.art9_exception) if t)),
        Item(_("Goedgekeurd"), _approved(why)),
        Item(_("Wie ziet dit nog meer"), "; ".join(why.others) or _("niemand")),
        Item(_("Waar het vandaan komt"), "; ".join(_source(fact) for fact in why.sources) or _("onbekend")),
    ]
    helpers = ", ".join(why.whom_to_tell)
    tell = _("Meld het aan: %(roles)s. Zij herstellen het bij de bron.") % {"roles": helpers or _("informatiemanager")}
    place = Link(_("Meld het"), f"/overzichten/{delivered.product.key}/melden")
    items.append(Item(_("Klopt er iets niet?"), tell, place))
    number = figures.number(delivered.number)
    items.append(Item(_("Dit bezoek"), _("Staat in het logboek als regel %(number)s.") % {"number": number}))
    return Why(_("Waarom zie ik dit?"), items)


def _since(why: Explained) -> str:
    since = _("sinds %(day)s") % {"day": figures.day(why.since)} if why.since else ""
    until = _("tot en met %(day)s") % {"day": figures.day(why.until)} if why.until else ""
    period = figures.capital(", ".join(t for t in (since, until) if t))
    ground = _("Daarom ziet u deze rijen, en alleen deze.")
    return f"{period}. {ground}" if period else ground


def _goal(why: Explained) -> str:
    return _("Voor het doel ‘%(goal)s’.") % {"goal": why.goal} if why.goal else ""


def _approved(why: Explained) -> str:
    words = {"name": why.approved_by, "day": figures.day(why.approved_on) if why.approved_on else _("onbekend")}
    return _("Door %(name)s op %(day)s.") % words


def _source(fact: SourceFact) -> str:
    read = figures.moment(fact.landed_at) if fact.landed_at else _("onbekend")
    return _("%(name)s, gelezen %(moment)s") % {"name": fact.name, "moment": read}


def _under(delivered: Delivered) -> str:
    """What a download holds, and by which norm the signals judge."""
    text = _("Een download bevat dezelfde rijen als deze pagina en komt in het logboek.")
    norm = (delivered.product.signals or {}).get("norm")
    if not norm:
        return text
    words = {"norm": told(norm), "source": norm.get("source", "")}
    sure = _("Norm: %(norm)s. Bron: %(source)s.")
    unsure = _("Norm: %(norm)s. Bron, nog niet bevestigd: %(source)s.")
    return f"{text} {(sure if norm.get('confirmed') else unsure) % words}"


def table(delivered: Delivered, answer: Presented) -> Table:
    """The answer as a table: names of a person in one column, the signal at the end."""
    product = delivered.product
    work = product.shape == "worklist"
    named = "family_name" in answer.place
    shown = [c for c in answer.present if c.shown and not (named and c.key in NAMES)]
    columns = [Column("person", _("Naam"))] if named else []
    figure = next((c.key for c in shown if c.number), "")
    columns += [_column(c, work and named and c.key != figure) for c in shown]
    if any(answer.status(key) for key in set(answer.signal_of)):
        columns.append(Column("signal", _("Signaal")))
    rows = [_row(answer, place, shown, named) for place in range(len(answer.rows))]
    return Table(
        said(product),
        columns,
        rows,
        search=_("naam of waarde"),
        filters=_filters(answer, shown),
        exports=[
            Link(_("Spreadsheet"), f"/overzichten/{product.key}.xlsx"),
            Link("CSV", f"/overzichten/{product.key}.csv"),
        ],
        work=work and named,
        middle=work,
        private=True,
    )


def _column(column: ColumnSpec, optional: bool) -> Column:
    return Column(column.key, column.label, number=column.number, optional=optional)


def _row(answer: Presented, place: int, shown: Sequence[ColumnSpec], named: bool) -> Row:
    row = answer.rows[place]
    cells = {column.key: _cell(answer, row, column) for column in shown}
    if named:
        name = picturing.person_name(answer, row)
        cells["person"] = tables.words(name) if name else Cell(figures.unknown())
    key = answer.signal_of[place] if answer.signal_of else ""
    cells["signal"] = _signal(answer, key)
    return Row(cells, {"signaal": key, **_tags(answer, row, shown)})


def _cell(answer: Presented, row: Cells, column: ColumnSpec) -> Cell:
    value = answer.value(row, column.key)
    order = None if isinstance(value, Hidden) else value
    return Cell(answer.figure(row, column), order=order.casefold() if isinstance(order, str) else order)


def _signal(answer: Presented, key: str) -> Cell:
    rule = answer.rule(key)
    order = [r["key"] for r in answer.signals.get("rules", ())].index(key) if rule else None
    status = answer.status(key)
    if status is None:
        return Cell(figures.Figure(told(rule), "none"), order=order) if rule else Cell()
    return Cell(state=status, order=order, note=told(rule, "action"))


_TAGGED = ("group_name", "site", "school", "subject", "period", "indicator")


def _tags(answer: Presented, row: Cells, shown: Sequence[ColumnSpec]) -> dict[str, str]:
    return {c.key: answer.figure(row, c).text for c in shown if c.key in _TAGGED}


def _filters(answer: Presented, shown: Sequence[ColumnSpec]) -> list[Filter]:
    """A choice by signal, and by class, school or subject when there is more than one."""
    filters = []
    rules = [r for r in answer.signals.get("rules", ()) if r["key"] in set(answer.signal_of)]
    if len(rules) > 1:
        options = [("", _("Alles (%(count)s)") % {"count": len(answer.rows)})]
        options += [(r["key"], f"{told(r)} ({answer.signal_of.count(r['key'])})") for r in rules]
        filters.append(Filter("signaal", _("Signaal"), options))
    for column in shown:
        found = _different(answer, column) if column.key in _TAGGED else []
        if 1 < len(found) <= 60:  # noqa: PLR2004
            filters.append(Filter(column.key, column.label, [("", _("Alles")), *((text, text) for text in found)]))
    return filters[:3]


def _different(answer: Presented, column: ColumnSpec) -> list[str]:
    """The different values of a column as they are written, in their order; of periods the last one first."""
    if column.format != "period":
        return sorted({answer.figure(row, column).text for row in answer.rows})
    last_first = sorted(answer.rows, key=lambda row: str(answer.value(row, column.key)), reverse=True)
    return list(dict.fromkeys(answer.figure(row, column).text for row in last_first))
