"""What stands above a proposal on the mapping screen: what is not complete, not known, or not read."""

from collections.abc import Mapping

from schakel.connectors.mapped_layout import known_as
from schakel.connectors.several_days import LAST_DAY, several_days
from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext
from schakel.operations.mapping_drafts import Opened, Rehearsed
from schakel.portal import figures
from schakel.portal.parts import Link, Note


def notes(found: Opened, mistakes: Mapping[str, str], rehearsed: Rehearsed | None, *, strange: bool) -> list[Note]:
    """Everything to be said first; `strange`: the file is like nothing that there is."""
    return [
        *_known_form(found),
        *_strange(strange),
        *_not_ready(mistakes, rehearsed),
        *_several_days(found),
        *_same_names(found),
    ]


def _not_ready(mistakes: Mapping[str, str], rehearsed: Rehearsed | None) -> list[Note]:
    if mistakes:
        text = " ".join(dict.fromkeys(mistakes.values()))
        return [Note(text, "warn", strong=_("Nog niet compleet."))]
    if rehearsed and rehearsed.problem:
        return [Note(rehearsed.problem, "bad", strong=_("Zo komt dit bestand niet binnen."))]
    return []


def _strange(strange: bool) -> list[Note]:
    """That what is proposed is hardly a proposal."""
    text = _(
        "Zijn kolommen lijken op niets dat Schakel kent. Kies bij ‘Elke rij is’ wat een rij is, en zeg zelf wat elke "
        "kolom is. Past niets, gooi het bestand dan weg: voor deze gegevens is nog geen plaats."
    )
    return [Note(text, "warn", strong=_("Schakel herkent dit bestand niet."))] if strange else []


def _known_form(found: Opened) -> list[Note]:
    """That a file of this name and with these headers, or the sheet that has them, is read without a mapping."""
    known, heads = known_as(found.draft.name), {column.header.casefold() for column in found.seen}
    if found.draft.source or known is None:
        return []
    sheets = {sheet for sheet in known.sheets.values() if sheet}
    if not (sheets <= set(found.dropped.sheets) if sheets else known.heads <= heads):
        return []
    text = _("Een bestand dat zo heet leest Schakel al, als %(title)s.") % {"title": known.layout.title.lower()}
    where = Link(_("Sluit het zo aan"), f"/bronnen/aansluiten?soort=inbox&gegevens={known.layout.name}")
    return [Note(text, strong=_("Een vertaling is hier niet nodig."), link=where)]


def _same_names(found: Opened) -> list[Note]:
    """That columns of one name were numbered, and how they are read where each is of a test."""
    plain = {header.casefold() for header in found.dropped.headers}
    again = [h for h in found.dropped.headers if h.endswith(" (2)") and h.casefold().removesuffix(" (2)") in plain]
    if found.draft.form.wide or not again:
        return []
    text = _(
        "De tweede «%(name)s» heet hier «%(again)s», en zo verder. Horen ze elk bij een andere toets, kies dan bij "
        "‘De kolommen zijn’ een paar kolommen voor elke toets."
    )
    words = {"name": again[0].removesuffix(" (2)"), "again": again[0]}
    return [Note(text % words, strong=_("Kolommen met dezelfde naam."))]


def _several_days(found: Opened) -> list[Note]:
    """What is left out of rows that last more than a day."""
    several = several_days(found.target, found.dropped, found.seen, found.draft.choices)
    if several is None:
        return []
    text = ngettext(
        "In één rij ligt «%(end)s» na «%(begin)s». Schakel leest daarvan alleen de eerste dag; de dagen daarna tellen "
        "niet mee.",
        "In %(count)s rijen ligt «%(end)s» na «%(begin)s». Schakel leest daarvan alleen de eerste dag; de dagen daarna "
        "tellen niet mee.",
        several.rows,
    )
    words = {"count": figures.number(several.rows), "begin": several.begin, "end": several.end}
    last = found.target.field(LAST_DAY)
    todo = (
        _("Kies bij de kolom «%(end)s» het gegeven «%(field)s».") % {"end": several.end, "field": last.label}
        if last
        else _("Vraag zo mogelijk een uitvoer met een rij per dag.")
    )
    return [Note(f"{text % words} {todo}", "warn", strong=_("Niet elke rij is één dag."))]
