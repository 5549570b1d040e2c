"""A data contract that is brought: every difference with ours, and whether it can be taken over."""

from collections.abc import Sequence
from dataclasses import dataclass

from schakel.collect.chosen_answers import LONGEST
from schakel.collect.odcs.agreed import Difference
from schakel.collect.sources import Source
from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext
from schakel.operations.data_contracts import Compared
from schakel.portal import figures, tables
from schakel.portal.pages.agreements import answer_state, crumbs, here
from schakel.portal.pages.sources import source_name
from schakel.portal.parts import Head, Link, Note, Status
from schakel.portal.tables import Cell, Column, Row, Shown, Table


@dataclass(frozen=True)
class Bringing:
    """The way in, and after a file was looked at what it would change."""

    head: Head
    note: Note | None
    table: Shown | None
    held: str
    key: str
    back: str
    longest: int = LONGEST


def page(source: Source, found: Compared | None = None, held: str = "", wrong: str = "") -> Bringing:
    """The page; `held` is the file itself, signed, while it can be taken over."""
    title = _("Lees een contract in voor %(name)s") % {"name": source_name(source)}
    lede = _("U ziet eerst elk verschil. Daarna gaat alles over, of niets. Alleen antwoorden gaan over.")
    return Bringing(
        head=Head(title, lede=lede, crumbs=crumbs(source, Link(_("Contract"), f"{here(source)}/contract"))),
        note=_note(found, wrong),
        table=tables.shown(_table(found.differences), {}) if found and found.differences else None,
        held=held if found and found.choices and not found.refused else "",
        key=source.key,
        back=here(source),
    )


def _note(found: Compared | None, wrong: str) -> Note | None:
    if wrong:
        return Note(wrong, "bad", _("Er is niets overgenomen."))
    if found is None:
        return None
    if not found.differences:
        return Note(_("Dit contract zegt hetzelfde als het onze. Er is niets te doen."), "ok")
    if found.refused:
        text = ngettext(
            "%(n)s verschil kan zo niet worden overgenomen; daarom wordt niets overgenomen.",
            "%(n)s verschillen kunnen zo niet worden overgenomen; daarom wordt niets overgenomen.",
            len(found.refused),
        )
        return Note(text % {"n": figures.number(len(found.refused))}, "warn")
    return None


def _table(found: Sequence[Difference]) -> Table:
    headings = [
        Column("place", _("Waar"), sorts=False),
        Column("what", _("Wat"), sorts=False),
        Column("ours", _("Nu"), wide=True, sorts=False),
        Column("theirs", _("In het bestand"), wide=True, sorts=False),
        Column("can", _("Gaat over"), sorts=False),
    ]
    return Table(_("Verschillen"), headings, [_row(each) for each in found], key="v")


def _row(each: Difference) -> Row:
    can = Status(_("ja"), "ok") if each.choice else Status(_("nee"), "bad")
    return Row(
        {
            "place": tables.words(each.place or "–"),
            "what": tables.words(each.what),
            "ours": _said(each.ours),
            "theirs": _said(each.theirs),
            "can": Cell(state=can),
        }
    )


def _said(text: str) -> Cell:
    if text in {"accept", "drop value", "drop row", "stop"}:
        return Cell(state=answer_state(text))
    return tables.words(text[:200] or "–")
