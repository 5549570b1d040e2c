"""How findings are said: how one stands, how bad it is, what it spoils, how its counts went."""

from collections.abc import Mapping, Sequence

from schakel.chain.elements import object_names
from schakel.collect.cases import ACCEPTED, STATES, Case
from schakel.collect.rules import rules
from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext
from schakel.operations.case_effect import Effect
from schakel.portal import charts, figures
from schakel.portal.charts import Drawing
from schakel.portal.pages.words import said
from schakel.portal.parts import Status

LEAST = 0.001
STANDINGS = (*STATES, ACCEPTED)


def standing(case: Case) -> Status:
    """How a finding stands as a chip."""
    return standing_chip(case.standing)


def standing_chip(key: str) -> Status:
    """A standing as a chip."""
    return {
        "new": Status(_("Nieuw"), "warn"),
        "seen": Status(_("Gezien"), "now"),
        "reported": Status(_("Doorgegeven"), "now", "way"),
        "reopened": Status(_("Teruggekomen"), "bad"),
        "repaired": Status(_("Hersteld bij de bron"), "ok"),
        ACCEPTED: Status(_("Aanvaard"), "no", "clock"),
    }[key]


def severity(level: str) -> Status:
    """How bad a finding is."""
    return {
        "error": Status(_("Fout"), "bad", fill=False),
        "warning": Status(_("Waarschuwing"), "warn", fill=False),
        "info": Status(_("Ter kennis"), "info", fill=False),
    }[level]


def where(case: Case, names: Mapping[str, str]) -> str:
    """File and column; `names` says what a file that is a table of our own is called."""
    parts = [
        names.get(case.file, case.file) or _("de levering als geheel"),
        *([_("kolom %(column)s") % {"column": case.column}] * bool(case.column)),
    ]
    return ", ".join(parts)


def files() -> dict[str, str]:
    """What the files are called that are a table of our own: by the information object that they are about."""
    return object_names()


def rule_word(case: Case) -> str:
    """What kind of rule was broken, and its name in the declared rules."""
    word = kind_word(case)
    return word if word == case.rule else f"{word} ({case.rule})"


def kind_word(case: Case) -> str:
    """What kind of rule was broken; of a rule that is no longer declared only its name is known."""
    known = rules().get(case.rule)
    return _kinds()[known.kind] if known else case.rule


def of_form(case: Case) -> bool:
    """Whether what was expected is a form, which machines write as an expression."""
    known = rules().get(case.rule)
    return bool(known and known.kind == "pattern" and case.expected)


def _kinds() -> dict[str, str]:
    return {
        "required": _("moet gevuld zijn"),
        "type": _("soort waarde"),
        "vocabulary": _("vaste lijst van waarden"),
        "pattern": _("vaste vorm"),
        "range": _("grenzen"),
        "unique": _("mag maar één keer voorkomen"),
        "reference": _("verwijzing"),
        "date order": _("volgorde van data"),
        "cross-field": _("kolommen onderling"),
        "cross-file": _("bestanden onderling"),
        "cross-source": _("bronnen onderling"),
        "drift": _("heel anders dan eerst"),
        "form": _("opbouw van het bestand"),
        "law": _("mag niet binnenkomen"),
    }


def whose(case: Case) -> str:
    """Who takes care of it: a person by name, else the role that repairs it."""
    if case.assignee is not None:
        return case.assignee.name
    return figures.capital(said(case.role)) if case.role else _("niemand toegewezen")


def done(case: Case) -> str:
    """What Schakel does with it, and how many rows are lost by that."""
    if case.action == "drop row" and case.read:
        words = {"rows": figures.number(case.refused), "share": share(case.refused / case.read)}
        text = ngettext(
            "%(rows)s rij niet overgenomen, %(share)s van dit bestand",
            "%(rows)s rijen niet overgenomen, %(share)s van dit bestand",
            case.refused,
        )
        return text % words
    return {
        "accept": _("overgenomen zoals het er staat"),
        "drop value": _("de waarde is weggelaten, de rij kwam binnen"),
        "drop row": _("de rij is niet overgenomen"),
        "stop": _("de levering is gestopt; de vorige stand bleef staan"),
    }[case.action]


def share(value: float) -> str:
    """A share of the rows; one that would round to nothing says that it is less than what can be shown."""
    return (
        figures.number(value, "%")
        if value >= LEAST
        else _("minder dan %(share)s") % {"share": figures.number(LEAST, "%")}
    )


def spoils(effect: Effect) -> str:
    """What rests on it, counted."""
    counted = [
        ngettext("%(count)s behoefte", "%(count)s behoeften", len(effect.needs)) % _count(effect.needs),
        ngettext("%(count)s overzicht", "%(count)s overzichten", len(effect.products)) % _count(effect.products),
        ngettext("%(count)s indicator", "%(count)s indicatoren", len(effect.indicators)) % _count(effect.indicators),
    ]
    each = zip(counted, (effect.needs, effect.products, effect.indicators), strict=True)
    return ", ".join(text for text, nodes in each if nodes)


def _count(nodes: Sequence[object]) -> dict[str, str]:
    return {"count": figures.number(len(nodes))}


def trend(counts: Sequence[int | None]) -> Drawing | None:
    """The counts of the last readings as a small line; None for fewer than two that could tell."""
    known = [count for count in counts if count is not None]
    if len(known) < 2:  # noqa: PLR2004
        return None
    words = {"first": figures.number(known[0]), "last": figures.number(known[-1]), "times": figures.number(len(counts))}
    return charts.spark(counts, _("Van %(first)s naar %(last)s in de laatste %(times)s keer lezen") % words)
