"""Who is who over sources: per source how sure it is, and the pairs that a person decides."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from schakel.access.people import Person
from schakel.access.permissions import decide
from schakel.collect.match_decisions import DIFFERENT, OPEN, SAME, MatchDecision
from schakel.collect.sources import Source
from schakel.lib.errors import Unknown
from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext
from schakel.operations import who_is_who
from schakel.portal import figures, tables
from schakel.portal.pages.sources import source_name
from schakel.portal.parts import Action, Empty, Event, Events, Fact, Head, Link, Note, Status, Tile, Tiles
from schakel.portal.tables import Cell, Column, Row, Shown, Table
from schakel.process.matching import LIMIT, Candidate, Pairing, Told

SLUGS = {"pupil": "leerlingen", "staff": "medewerkers", "organisation": "scholen"}
HISTORY = 12


@dataclass(frozen=True)
class Overview:
    """Every pairing."""

    head: Head
    table: Shown | None
    empty: Empty | None


@dataclass(frozen=True)
class Section:
    """A heading with what it means, and a table of pairs."""

    heading: str
    line: str
    table: Shown


@dataclass(frozen=True)
class Page:
    """One pairing: the counts, what was compared, the pairs to decide, what was decided."""

    head: Head
    tiles: Tiles
    note: Note | None
    sections: Sequence[Section]
    empty: Empty | None
    history: Events


def kind_of(slug: str) -> str:
    """What a word in an address means; Unknown for any other word."""
    found = next((kind for kind, word in SLUGS.items() if word == slug), None)
    if found is None:
        raise Unknown(_("Deze bladzijde bestaat niet."), code="unknown")
    return found


def overview(person: Person, query: Mapping[str, str]) -> Overview:
    """Every source that names people or schools by numbers of its own."""
    found = who_is_who.pairings(person)
    open_ = sum(each.probable + each.conflicts for each in found)
    lede = _(
        "Bronnen noemen dezelfde mensen en scholen elk op hun eigen manier. Wat zeker is gaat vanzelf; "
        "wat waarschijnlijk is beslist een mens; van wat niet is gevonden blijft de rij buiten de overzichten."
    )
    if not found:
        line = _("Er is nog geen bron gelezen die mensen of scholen noemt.")
        return Overview(Head(_("Wie is wie"), lede=lede), None, Empty(_("Nog niets te vergelijken"), line))
    text = ngettext("%(count)s paar vraagt om een besluit", "%(count)s paren vragen om een besluit", open_)
    title = text % {"count": figures.number(open_)} if open_ else _("Geen paar vraagt om een besluit")
    return Overview(Head(title, lede=lede), tables.shown(_pairings(found), query), None)


def _pairings(found: Sequence[Pairing]) -> Table:
    columns = [
        Column("source", _("Bron")),
        Column("kind", _("Wie")),
        Column("certain", _("Zeker"), number=True),
        Column("probable", _("Waarschijnlijk"), number=True),
        Column("conflicts", _("Botst"), number=True),
        Column("unmatched", _("Niet gevonden"), number=True),
    ]
    names = {source.key: source_name(source) for source in Source.objects.all()}
    rows = [_pairing(each, names.get(each.source, each.source)) for each in found]
    return Table(_("Bronnen en hoe zeker zij mensen en scholen noemen"), columns, rows, middle=True)


def _pairing(each: Pairing, name: str) -> Row:
    counts = {key: getattr(each, key) for key in ("certain", "probable", "conflicts", "unmatched")}
    cells = {key: Cell(figures.figure(value), order=value) for key, value in counts.items()}
    address = f"/wie-is-wie/{SLUGS[each.kind]}/{each.source}"
    return Row({"source": tables.words(name, href=address), "kind": tables.words(_kind(each.kind)), **cells})


def _kind(kind: str) -> str:
    return {"pupil": _("leerlingen"), "staff": _("medewerkers"), "organisation": _("scholen")}[kind]


def page(person: Person, slug: str, key: str) -> Page:
    """One source against the roster, as this person may see it."""
    kind = kind_of(slug)
    seen = who_is_who.view(person, kind, key)
    sections = [each for each in _sections(person, seen) if each.table.total]
    empty = None if sections else Empty(_("Niets om te beslissen"), _nothing(seen))
    events = [_event(each) for each in who_is_who.history(person, kind, key)[:HISTORY]]
    return Page(_head(seen), _tiles(seen.pairing), _note(seen), sections, empty, Events(events))


def _head(seen: who_is_who.View) -> Head:
    pairing, name = seen.pairing, source_name(seen.source)
    count = pairing.probable + pairing.conflicts
    words = {"name": name, "kind": _kind(pairing.kind), "count": figures.number(count)}
    text = _("%(name)s: alle %(kind)s zijn zeker")
    if pairing.unmatched:
        text = _("%(name)s: niet alle %(kind)s zijn gevonden")
    if count:
        text = ngettext(
            "%(name)s: %(count)s paar vraagt om een besluit", "%(name)s: %(count)s paren vragen om een besluit", count
        )
    facts = [Fact("search", _("vergeleken: %(fields)s") % {"fields": _fields(pairing.compared)})]
    if seen.people and seen.rows:
        facts.append(Fact("shield", _("Dit bezoek staat in het logboek")))
    crumbs = [Link(_("Wie is wie"), "/wie-is-wie"), Link(name, f"/wie-is-wie/{SLUGS[pairing.kind]}/{pairing.source}")]
    return Head(text % words, crumbs=crumbs, facts=facts)


def _fields(names: Iterable[str]) -> str:
    words = {"number": _("nummer"), "name": _("naam"), "birth_date": _("geboortedatum")}
    return ", ".join(words[name] for name in names)


def _tiles(pairing: Pairing) -> Tiles:
    return Tiles(
        [
            Tile(_("Zeker"), figures.number(pairing.certain), _("zelfde nummer, of door een mens beslist")),
            Tile(_("Waarschijnlijk"), figures.number(pairing.probable), _("wacht op een mens")),
            Tile(_("Botst"), figures.number(pairing.conflicts), _("twee kandidaten: niemand gebruikt het")),
            Tile(_("Niet gevonden"), figures.number(pairing.unmatched), _("herstel het nummer bij de bron")),
        ]
    )


def _note(seen: who_is_who.View) -> Note | None:
    if seen.people and not seen.sees_people:
        return Note(
            _("U ziet hier aantallen. Namen ziet wie vandaag de administratie van de school van die mensen heeft.")
        )
    shown = {item.their_key for item in (*seen.likely, *seen.conflicts)}
    if seen.people and len(shown) < seen.pairing.probable + seen.pairing.conflicts:
        return Note(_("U ziet de mensen van uw eigen school. Over de andere beslist de administratie van hun school."))
    if seen.pairing.missing:
        words = {"fields": _fields(seen.pairing.missing)}
        return Note(
            _("Niet vergeleken: %(fields)s. Dat is niet in beide bronnen bekend, of geen behoefte vraagt erom.") % words
        )
    return None


def _nothing(seen: who_is_who.View) -> str:
    if seen.people and not seen.sees_people:
        return _("Er zijn hier geen mensen van een school waarvan u vandaag de administratie hebt.")
    return _("Hier komen paren te staan die op elkaar lijken en die een mens beslist.")


def _sections(person: Person, seen: who_is_who.View) -> Iterable[Section]:
    may = decide(person, "match.decide").allowed
    wrong = [(_("Niet dezelfde"), DIFFERENT)]
    yield Section(
        _("Botst"),
        _("Hier wijzen twee zekere paren naar dezelfde. Tot een van de twee weg is telt geen van beide mee."),
        _table(_("Paren die botsen"), "x", seen, [(item, _("botst"), "") for item in seen.conflicts], wrong, may),
    )
    both = [(_("Zelfde"), SAME), *wrong]
    yield Section(
        _("Waarschijnlijk"),
        _("Deze lijken op elkaar. Beslis per paar; weet u het niet, laat het dan staan."),
        _table(_("Waarschijnlijke paren"), "w", seen, [(i, _why(i), _unlike(i)) for i in seen.likely], both, may),
    )
    yield Section(
        _("Zelfde nummer, andere naam of datum"),
        _("Deze tellen mee, want het nummer is gelijk. Is een nummer opnieuw uitgegeven, zeg dan dat het niet klopt."),
        _table(_("Twijfel"), "t", seen, [(i, _("zelfde nummer"), _unlike(i)) for i in seen.doubted], wrong, may),
    )
    yield Section(
        _("Beslist"),
        _("Wat hier is beslist geldt tot iemand het terugneemt."),
        _table(_("Beslist"), "b", seen, [_decided(*each) for each in seen.decided], [(_("Neem terug"), OPEN)], may),
    )


def _decided(word: MatchDecision, item: Candidate) -> tuple[Candidate, str, str]:
    verdict = _("zelfde") if word.verdict == SAME else _("niet dezelfde")
    return item, verdict, _said(word)


def _said(word: MatchDecision) -> str:
    words = {"name": word.decided_by.name, "day": figures.day(word.decided_at)}
    return _("%(name)s, %(day)s") % words


def _table(
    caption: str,
    key: str,
    seen: who_is_who.View,
    items: Sequence[tuple[Candidate, str, str]],
    verdicts: Sequence[tuple[str, str]],
    may: bool,
) -> Shown:
    columns = [
        Column("theirs", _("In %(source)s") % {"source": source_name(seen.source)}, sorts=False),
        Column("ours", _("In het rooster"), sorts=False),
        Column("why", _("Waarom"), sorts=False, wide=True),
        Column("rows", _("Rijen"), number=True, sorts=False),
        *(Column(verdict, label, sorts=False, hidden_label=True) for label, verdict in verdicts if may),
    ]
    rows = [_row(seen, item, why, unlike, verdicts if may else []) for item, why, unlike in items]
    return tables.shown(Table(caption, columns, rows, key=key, middle=True, private=seen.people, size=LIMIT))


def _row(seen: who_is_who.View, item: Candidate, why: str, unlike: str, verdicts: Sequence[tuple[str, str]]) -> Row:
    address = f"/wie-is-wie/{SLUGS[seen.pairing.kind]}/{seen.pairing.source}/beslissen"
    buttons = {
        verdict: Cell(
            action=Action(
                label, address, post=True, fields={"daar": item.their_key, "hier": item.our_key, "besluit": verdict}
            )
        )
        for label, verdict in verdicts
    }
    return Row(
        {
            "theirs": _told(item.theirs),
            "ours": _told(item.ours),
            "why": tables.words(why, note=unlike),
            "rows": Cell(figures.figure(item.rows), order=item.rows),
            **buttons,
        }
    )


def _told(told: Told) -> Cell:
    born = figures.full_day(told.birth_date) if told.birth_date else ""
    site = _("vestiging %(site)s") % {"site": told.site} if told.site else ""
    note = ", ".join(text for text in (told.name or "", born, site) if text)
    return tables.words(told.number or _("geen nummer"), note=note)


def _why(item: Candidate) -> str:
    return {
        "number": _("zelfde nummer op nullen na"),
        "birth": _("zelfde geboortedatum, naam lijkt"),
        "near": _("zelfde naam, geboortedatum bijna gelijk"),
        "name": _("zelfde naam, en de enige met die naam"),
        "place": _("zelfde BRIN, andere vestiging"),
        "shared": _("zelfde nummer, maar dat hebben er meer"),
    }[item.why]


def _unlike(item: Candidate) -> str:
    """What differs, in words; nothing where a side does not tell."""
    theirs, ours, found = item.theirs, item.ours, []
    if theirs.number != ours.number:
        found.append(_("nummer"))
    if theirs.birth_date and ours.birth_date and theirs.birth_date != ours.birth_date:
        found.append(_("geboortedatum"))
    if item.differs:
        found.append(_("naam"))
    return _("verschilt: %(what)s") % {"what": ", ".join(found)} if found else ""


def _event(word: MatchDecision) -> Event:
    title = {SAME: _("Zelfde"), DIFFERENT: _("Niet dezelfde"), OPEN: _("Teruggenomen")}[word.verdict]
    tones: dict[str, Status] = {
        SAME: Status(title, "ok"),
        DIFFERENT: Status(title, "no"),
        OPEN: Status(title, "unk"),
    }
    return Event(figures.moment(word.decided_at), word.decided_by.name, word.reason, tones[word.verdict])
