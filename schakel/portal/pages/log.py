"""The log: every change, delivery and refusal, for who may read it; and whether the trail still holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from schakel.access import audit
from schakel.access.audit import AuditLine
from schakel.lib.text import gettext as _
from schakel.portal import figures, tables
from schakel.portal.pages.words import action_word
from schakel.portal.parts import Fact, Head
from schakel.portal.tables import Cell, Column, Filter, Row, Shown, Table

RECENT = 1000


@dataclass(frozen=True)
class Log:
    """The page with the latest lines."""

    head: Head
    table: Shown


def page(query: Mapping[str, str]) -> Log:
    """The last thousand lines, newest first."""
    total = AuditLine.objects.count()
    lines = list(AuditLine.objects.select_related("actor").order_by("-number")[:RECENT])
    return Log(_head(total), tables.shown(_table(lines), query))


def _head(total: int) -> Head:
    count, verdict = figures.number(total), audit.verify_if_short()
    if verdict is None:
        title = _("Het logboek telt %(count)s regels") % {"count": count}
        fact = Fact("clock", _("Controleer het met de opdracht: schakel audit verify"))
        return Head(title, lede=_lede(), facts=[fact])
    if verdict.holds:
        title = _("Het logboek klopt: %(count)s regels, geen enkele gewijzigd") % {"count": count}
        return Head(
            title, lede=_lede(), facts=[Fact("shield", _("zojuist gecontroleerd, van de eerste tot de laatste regel"))]
        )
    title = _("Het logboek klopt niet: regel %(number)s is beschadigd") % {"number": verdict.broken_at}
    return Head(title, lede=verdict.reason, facts=[Fact("bad", _("Waarschuw de functionaris gegevensbescherming."))])


def _lede() -> str:
    return _("Elke wijziging, elke levering en elke weigering staat hier. Een regel kan niemand wijzigen of wissen.")


def _table(lines: list[AuditLine]) -> Table:
    columns = [
        Column("at", _("Wanneer")),
        Column("who", _("Wie")),
        Column("what", _("Wat")),
        Column("thing", _("Waarover")),
        Column("facts", _("Bijzonderheden"), sorts=False),
        Column("number", _("Regel"), number=True),
    ]
    kinds = sorted({line.action.split(".")[0].split(":")[0] for line in lines})
    return Table(
        _("Logboek"),
        columns,
        [_row(line) for line in lines],
        order="-number",
        search=_("naam, handeling of nummer"),
        filters=[Filter("soort", _("Soort"), [("", _("Alles")), *((kind, _kind(kind)) for kind in kinds)])],
        empty=_("Er is nog niets gebeurd."),
        size=50,
    )


def _kind(kind: str) -> str:
    words = {
        "need": _("Behoeften"),
        "refused": _("Weigeringen"),
        "source": _("Bronnen"),
        "snapshot": _("Momentopnamen"),
        "role": _("Rollen"),
        "person": _("Accounts"),
        "account": _("Aanmeldingen"),
        "kit": _("Startpakketten"),
        "system": _("Applicaties"),
        "link": _("Koppelingen"),
        "element": _("Gegevens"),
        "goal": _("Doelen"),
        "activity": _("Activiteiten"),
        "product": _("Overzichten"),
        "wrong_data": _("Meldingen"),
        "indicator": _("Indicatoren"),
        "norm": _("Normen"),
        "organisation": _("Organisaties"),
        "retention": _("Bewaarregels"),
        "board": _("Bestuur"),
        "quarantine": _("Quarantaine"),
        "responsibility": _("Verantwoordelijkheden"),
    }
    return words.get(kind, kind)


def _row(line: AuditLine) -> Row:
    who = line.actor.name if line.actor else "Schakel"
    thing = f"{line.thing_kind} {line.thing_key}".strip()
    return Row(
        {
            "at": Cell(figures.Figure(figures.moment(line.at)), order=line.at.isoformat()),
            "who": tables.words(who),
            "what": tables.words(action_word(line.action)),
            "thing": tables.words(thing) if thing else Cell(),
            "facts": tables.words(_facts(line.facts)),
            "number": Cell(figures.Figure(figures.number(line.number)), order=line.number),
        },
        {"soort": line.action.split(".")[0].split(":")[0]},
    )


def _facts(facts: Mapping[str, Any]) -> str:
    """The facts of a line, short; a fingerprint by its first signs."""
    shown = []
    for name, value in facts.items():
        text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        if isinstance(value, dict):
            text = ", ".join(value)
        shown.append(f"{name}: {text[:60]}{'…' if len(text) > 60 else ''}")  # noqa: PLR2004
    return " · ".join(shown)
