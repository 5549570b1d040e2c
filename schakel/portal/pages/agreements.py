"""The agreements of a source: per column what it must be, what happens when it is not, who chose that, who needs it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings

from schakel.access.people import Person
from schakel.access.permissions import decide
from schakel.chain.needs import InformationNeed
from schakel.collect import chosen_answers, contracts, low_counts
from schakel.collect.chosen_answers import PERMISSION, ChosenAnswer
from schakel.collect.contracts import MISSING, WRONG, Term
from schakel.collect.layouts import Layout, Subject
from schakel.collect.low_counts import LowCount
from schakel.collect.rules import rule, rules
from schakel.collect.sources import Source
from schakel.lib.errors import Unknown
from schakel.lib.text import gettext as _
from schakel.lib.text import language, ngettext
from schakel.operations import agreements
from schakel.operations.agreements import Preview
from schakel.portal import figures, tables
from schakel.portal.pages import covered, finding_words
from schakel.portal.pages.demands import demands, shortened
from schakel.portal.pages.sources import source_name
from schakel.portal.pages.words import question, short
from schakel.portal.parts import Action, Check, Checks, Fact, Head, Link, Note, Status
from schakel.portal.tables import Cell, Column, Filter, Row, Shown, Table

FIELDS = ("tabel", "kolom", "regel")
SHOWN = 40  # lines on one page


@dataclass(frozen=True)
class Agreements:
    """The page with everything that is agreed about a source."""

    head: Head
    note: Note | None
    asked: "Asked | None"
    table: Shown
    key: str
    may: bool


@dataclass(frozen=True)
class Asked:
    """What was so far from before that it waits for somebody who says that it is right."""

    note: Note
    counts: Checks
    may: bool


@dataclass(frozen=True)
class Line:
    """One line of the table before it is drawn."""

    file: str
    column: str
    demand: str
    term: Term | None
    needs: Sequence[str]
    chosen: ChosenAnswer | None = None
    header: str = ""


def page(person: Person, source: Source, query: Mapping[str, str], wrong: str = "") -> Agreements:
    """All that is agreed about this source."""
    layout = agreements.layout_of(source)
    chosen = chosen_answers.in_effect(source)
    effective = contracts.agreed(layout, [each.choice for each in chosen.values()])
    lines = _lines(effective, chosen, agreements.needed_columns(layout.name))
    may = decide(person, PERMISSION).allowed
    return Agreements(
        head=_head(source, layout, lines, len(chosen), may),
        note=Note(wrong, "bad", _("Er is niets gewijzigd.")) if wrong else None,
        asked=_asked(source, may),
        table=tables.shown(_table(source, lines, may), query),
        key=source.key,
        may=may,
    )


def link(person: Person, source: Source) -> list[Action]:
    """The way to this page from the page of the source; first when a question waits for an answer."""
    asked = low_counts.open_question(source)
    if asked is None or not decide(person, PERMISSION).allowed:
        return [Action(_("Afspraken"), here(source))]
    label = _("Klopt deze school?") if any(map(_of_whom, _told(asked))) else _("Klopt dit aantal?")
    return [Action(label, here(source), main=True)]


def here(source: Source) -> str:
    """The address of the page."""
    return f"/bronnen/{source.key}/afspraken"


def address(source: Source, term: Term) -> str:
    """The address of the page of one answer."""
    return f"{here(source)}/antwoord?{urlencode(dict(zip(FIELDS, term.place, strict=True)))}"


def crumbs(source: Source, *more: Link) -> list[Link]:
    """Where this page stands."""
    first = [Link(_("Bronnen"), "/bronnen"), Link(source_name(source), f"/bronnen/{source.key}")]
    return [*first, Link(_("Afspraken"), here(source)), *more]


def answer_state(answer: str) -> Status:
    """One of the four answers in words."""
    return {
        "accept": Status(_("Neemt over en meldt"), "info"),
        "drop value": Status(_("Laat de waarde weg"), "warn"),
        "drop row": Status(_("Zet de rij apart"), "warn"),
        "stop": Status(_("Stopt de levering"), "bad"),
    }[answer]


def _head(source: Source, layout: Layout, lines: Sequence[Line], chosen: int, may: bool) -> Head:
    read = len({(line.file, line.column) for line in lines if line.needs})
    words = {"name": source_name(source), "read": figures.number(read)}
    title = ngettext(
        "%(name)s: afspraken over %(read)s kolom die gelezen wordt",
        "%(name)s: afspraken over %(read)s kolommen die gelezen worden",
        read,
    )
    none = _("Elk antwoord is dat van de indeling")
    own = ngettext("%(n)s antwoord koos ons bestuur zelf", "%(n)s antwoorden koos ons bestuur zelf", chosen)
    lede = _("Wat er in elke kolom hoort, en wat Schakel doet als dat niet zo is. Indeling: %(layout)s.")
    own = figures.capital(own % {"n": figures.counted(chosen)})
    actions = [Action(_("Haal het contract op (ODCS)"), f"{here(source)}.yaml")]
    if may:
        actions.append(Action(_("Lees een contract in"), f"{here(source)}/contract"))
    said = f"{lede % {'layout': layout.title or layout.name}} {own if chosen else none}."
    covers = next((file.covers for file in layout.files.values() if file.covers), None)
    if covers:
        said = f"{said} {_('Een bestand bevat %(what)s') % {'what': figures.inside(covered.told(covers))}}"
    return Head(title % words, lede=said, crumbs=crumbs(source), actions=actions)


def _asked(source: Source, may: bool) -> Asked | None:
    asked = low_counts.open_question(source)
    if asked is None:
        return None
    text = _("De laatste levering had veel minder dan een eerdere, en is niet overgenomen. Klopt het aantal?")
    if any(map(_of_whom, _told(asked))):
        text = _("De laatste levering gaat over een andere school dan eerst, en is niet overgenomen. Klopt dat?")
    return Asked(Note(text, "warn"), Checks([_compared(each) for each in _told(asked)]), may)


def _told(asked: LowCount) -> list[dict[str, str]]:
    return list(asked.counts)


def _of_whom(told: Mapping[str, str]) -> bool:
    """Whether it asks about a school, not about a count: that has no word for what is counted."""
    return "nl" not in told


def _compared(told: Mapping[str, str]) -> Check:
    if _of_whom(told):
        title = _("School %(now)s, en eerst %(then)s") % {"now": told["found"], "then": told["before"]}
        return Check("bad", title, _("Daarover ging de levering van %(day)s.") % {"day": _day(told["before_on"])})
    what = told["en"] if language() == "en" else told["nl"]
    words = {"now": figures.number(int(told["found"])), "then": figures.number(int(told["before"])), "what": what}
    title = _("%(now)s %(what)s, en eerst %(then)s") % words
    then = _("Zoveel waren het in de levering van %(day)s.") % {"day": _day(told["before_on"])}
    goes = (
        _("Zegt u dat het klopt, dan gaan de rijen weg die er van deze periode stonden.") if told.get("period") else ""
    )
    return Check("bad", title, f"{then} {goes}".strip())


def _day(iso: str) -> str:
    year, month, day = iso.split("-")
    return f"{day}-{month}-{year}"


def _lines(layout: Layout, chosen: Mapping[chosen_answers.Place, ChosenAnswer], needs: agreements.Needed) -> list[Line]:
    """What is read first; then the rest, which stays outside whatever is agreed about it."""
    terms: dict[tuple[str, str], list[Term]] = {}
    for known in contracts.terms(layout):
        terms.setdefault((known.file, known.column), []).append(known)
    found = list[Line]()
    for file in layout.files.values():
        for each in file.fields:
            place, demand = (file.name, each.name), demands(each, file.key)
            own_terms: list[Term | None] = [*terms.pop(place, ())]
            for term in own_terms or [None]:  # a column that nothing can go wrong with
                own = chosen.get(term.place) if term else None
                said = demand if term is None or term.rule in {WRONG, MISSING} else ""
                found.append(Line(*place, said, term, needs.get(place, ()), own, each.source))
    for (name, column), rest in terms.items():  # counts, which are of no column
        reading = sorted({key for (file, _c), keys in needs.items() if file == name for key in keys})
        found += [Line(name, column, "", each, reading, chosen.get(each.place)) for each in rest]
    return sorted(found, key=lambda line: not line.needs)


def when_words(term: Term) -> str:
    """When the answer of a term is given, in words."""
    if term.rule == MISSING:
        return _("als de waarde ontbreekt")
    if term.rule == WRONG:
        return _("als de waarde niet klopt")
    if term.rule == Subject.rule:
        return _("als de levering over een andere school gaat dan eerst")
    if rule(term.rule).kind == "drift":
        return _("als er veel minder zijn dan in de leveringen van de laatste maand")
    return sentence(term, 0)


def sentence(term: Term, number: int) -> str:
    """One of the rules of a term, in words."""
    known, expected = rules()[term.rules[number]], term.expected[number]
    expected = expected if known.kind == "pattern" else shortened(expected)
    return known.sentence({"column": term.header or term.file, "expected": expected or "…", "found": "…"})


def _expressions(term: Term) -> list[Fact]:
    """The patterns behind the words, for who makes the export."""
    pairs = zip(term.rules, term.expected, strict=True)
    found = [expected for name, expected in pairs if rules()[name].kind == "pattern"]
    return [Fact("search", _("als uitdrukking: %(pattern)s") % {"pattern": pattern}) for pattern in found]


def _table(source: Source, lines: Sequence[Line], may: bool) -> Table:
    headings = [
        Column("what", _("Kolom"), wide=True),
        Column("when", _("Afspraak"), wide=True, sorts=False),
        Column("answer", _("Schakel doet")),
        Column("by", _("Gekozen door")),
        Column("need", _("Nodig voor"), optional=True),
        *([Column("change", _("Wijzigen"), sorts=False, hidden_label=True)] if may else []),
    ]
    files = list(dict.fromkeys(line.file for line in lines))
    known = finding_words.files()
    asked = {key for line in lines for key in line.needs}
    named = {need.key: question(need) for need in InformationNeed.objects.filter(key__in=asked)}
    return Table(
        _("Afspraken per kolom"),
        headings,
        [_row(source, line, (named, known), may) for line in lines],
        key="f",
        search=_("kolom of afspraak"),
        filters=[
            Filter("tabel", _("Tabel"), [("", _("Alle tabellen")), *((name, known.get(name, name)) for name in files)]),
            Filter(
                "gelezen", _("Gelezen"), [("", _("Alles")), ("ja", _("wordt gelezen")), ("nee", _("nooit gelezen"))]
            ),
            Filter("van", _("Gekozen door"), [("", _("Iedereen")), ("ons", _("ons bestuur"))]),
        ],
        empty=_("Deze indeling heeft geen kolommen."),
        size=SHOWN,
    )


def _row(source: Source, line: Line, names: tuple[Mapping[str, str], Mapping[str, str]], may: bool) -> Row:
    """One agreement; `names` are those of the needs and of the files."""
    term, need, file = line.term, _need(line.needs, names[0]), names[1].get(line.file, line.file)
    cells = {
        "what": tables.words(line.header or file, note=file, strong=bool(line.needs)),
        "when": tables.words(when_words(term) if term else line.demand, note=line.demand if term else ""),
        "answer": Cell(state=answer_state(term.answer), order=term.answer) if term else tables.words("–"),
        "by": _by(line),
        "need": need,
    }
    if may and term and term.possible:
        cells["change"] = Cell(action=Action(_("Wijzig"), address(source, term), small=True))
    tags = {"tabel": line.file, "gelezen": "ja" if line.needs else "nee", "van": "ons" if line.chosen else ""}
    return Row(cells, tags)


def _need(keys: Sequence[str], named: Mapping[str, str]) -> Cell:
    if not keys:
        return Cell(state=Status(_("Nooit gelezen"), "unk"), order=0)
    text = ngettext("%(n)s behoefte", "%(n)s behoeften", len(keys)) % {"n": figures.number(len(keys))}
    return Cell(figures.Figure(text), order=len(keys), note=named.get(keys[0], ""), href=f"/behoeften/{keys[0]}")


def _by(line: Line) -> Cell:
    if line.chosen is None:
        return tables.words(_("de indeling") if line.term else _("de wet") if _never(line) else "–")
    words = {"who": short(line.chosen.chosen_by), "when": figures.day(line.chosen.chosen_at)}
    return tables.words(_("%(who)s, %(when)s") % words, note=line.chosen.reason)


def _never(line: Line) -> bool:
    return line.demand == _("komt nooit binnen")


# one answer


@dataclass(frozen=True)
class Answer:
    """Choosing another answer for one place, with what it would have done to the last delivery."""

    head: Head
    note: Note | None
    choices: Sequence[tuple[str, str, bool]]
    would: Checks
    place: Sequence[tuple[str, str]]
    own: bool
    reason: str
    key: str
    back: str
    longest: int = chosen_answers.LONGEST
    preview: Sequence[str] = field(default_factory=tuple)


def term_of(source: Source, place: tuple[str, str, str]) -> Term:
    """The term in a place, with the answer in effect. Raises Unknown for a place without one."""
    layout = contracts.agreed(agreements.layout_of(source), agreements.choices_of(source))
    found = next((term for term in contracts.terms(layout) if term.place == place), None)
    if found is None:
        raise Unknown(_("Hierover is bij deze bron niets af te spreken."), code="unknown")
    return found


def answer(source: Source, term: Term, given: Mapping[str, str], wrong: str = "") -> Answer:
    """The page of one answer."""
    chosen = chosen_answers.in_effect(source).get(term.place)
    seen = agreements.preview(source, term, Path(settings.DATA))
    name = term.header or term.file
    title = _("Wat doet Schakel bij %(column)s, %(when)s?") % {"column": name, "when": _when_short(term)}
    lede = " ".join(sentence(term, number) for number in range(len(term.rules)))
    asked = given.get("antwoord", term.answer)
    return Answer(
        head=Head(
            title,
            lede=lede,
            crumbs=crumbs(source, Link(name, address(source, term))),
            state=answer_state(term.answer),
            facts=_expressions(term),
        ),
        note=Note(wrong, "bad", _("Er is niets gewijzigd.")) if wrong else None,
        choices=[(each, answer_state(each).word, each == asked) for each in term.possible],
        would=Checks([_would(each, seen) for each in term.possible]),
        place=list(zip(FIELDS, term.place, strict=True)),
        own=chosen is not None,
        reason=given.get("reden", ""),
        key=source.key,
        back=here(source),
    )


def _when_short(term: Term) -> str:
    return when_words(term) if term.rule in {WRONG, MISSING} else _("als deze regel niet klopt")


def _would(each: str, seen: Preview | None) -> Check:
    word = answer_state(each).word
    if seen is None:
        return Check("unk", word, _("Van de laatste levering is niet te zeggen wat dit had gedaan."))
    if not seen.values:
        day = {"day": figures.day(seen.on)}
        return Check("ok", word, _("In de levering van %(day)s was hier niets mis: er was niets veranderd.") % day)
    words = {"values": figures.number(seen.values), "rows": figures.number(seen.rows), "day": figures.day(seen.on)}
    line = {
        "accept": _("In de levering van %(day)s waren %(rows)s rijen gebleven, elk met een melding."),
        "drop value": _("In de levering van %(day)s waren %(values)s waarden weggevallen; hun rijen waren gebleven."),
        "drop row": _("In de levering van %(day)s waren %(rows)s rijen apart gezet."),
        "stop": _("De levering van %(day)s was om %(rows)s rijen helemaal niet binnengekomen."),
    }[each]
    return Check(answer_state(each).tone, word, line % words)
