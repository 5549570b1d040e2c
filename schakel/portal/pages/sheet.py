"""The sheet of parts: every part in every state, with invented content, to look at and to test.

The content is an example, not a text of the product: it stays Dutch.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schakel.portal.pages import sheet_drawings
from schakel.portal.parts import (
    Action,
    Chain,
    Check,
    Checks,
    Diff,
    DiffRow,
    Door,
    Doors,
    Empty,
    Event,
    Events,
    Fact,
    Gap,
    Gaps,
    Head,
    Item,
    Life,
    Link,
    Near,
    Note,
    Part,
    Progress,
    Reading,
    Station,
    Status,
    Step,
    Tile,
    Tiles,
    Toast,
    Todo,
    TodoList,
    Why,
)

HERE = "/onderdelen"
Section = tuple[str, Sequence[Part]]
STATES = [
    Status("Gehaald", "ok"),
    Status("Op weg", "warn", "way"),
    Status("Niet gehaald", "bad"),
    Status("In herziening", "now"),
    Status("Vaak te laat", "info"),
    Status("Onbekend", "unk"),
    Status("Geweigerd", "no", fill=False),
]
BUTTONS = [
    Action("Keur versie 4 goed", HERE, main=True),
    Action("Bewaar", HERE, post=True, fields={"a": "b"}),
    Action("Wijs af met reden", HERE, tone="no"),
    Action("Publiceer (nog 1 goedkeuring nodig)", HERE, disabled=True),
    Action("Spreadsheet", HERE, icon="save", small=True),
    Action("Meld een fout in gegevens", HERE, icon="flag", wide=True),
]
NOTES = [
    Note("U ziet de stand van gisteren. Vandaag is de bron nog niet gelezen."),
    Note("Vanaf morgen 06.15 uur zien 22 mentoren de nieuwe kolom.", "ok", "Goedgekeurd."),
    Note("Deze wijziging maakt de goedkeuring van versie 3 ongeldig.", "warn"),
    Note(
        "Iemand anders heeft dit om 10.42 uur gewijzigd.",
        "bad",
        "Niet opgeslagen.",
        Link("Vergelijk en kies.", HERE),
    ),
]
TODO = TodoList(
    [
        Todo(
            "bad",
            "Besluit over hulp bij verzuim op Noorderhaven",
            "3,6% van de leerlingen zit boven de 16 uur.",
            "vóór do 26 nov",
            Action("Lees voorstel", HERE, main=True),
        ),
        Todo(
            "warn",
            "Stel de zelfevaluatie IBP vast",
            "33 normen wachten nog op bewijs.",
            "nog 39 dagen",
            Action("Bekijk stand", HERE),
        ),
        Todo("now", "Keur de koers goed", "De GMR heeft ingestemd.", "overleg 3 dec"),
    ]
)
TILES = Tiles(
    [
        Tile("Gevraagd", "6", "3 zonder eigenaar", HERE),
        Tile("Beoordeeld", "4", "2 wachten op advies", HERE),
        Tile("In gebruik", "87", "voor 412 mensen"),
    ]
)
DOORS = Doors(
    [
        Door(
            "3 leerlingen van H3a naderen de 16 uur",
            "Verzuim per week · klas H3a",
            HERE,
            Status("Nu doen", "bad", fill=False),
        ),
        Door("Het kan niet wachten", "Bel de zorgcoördinator."),
    ]
)
NEAR = Near(
    [
        Item("ICT", "De Kiem levert al vier dagen niet.", Link("Bekijk bron", HERE)),
        Item("Bestuur", "Beslist donderdag."),
    ]
)
GAPS = Gaps(
    [
        Gap(
            "H-0311",
            "bad",
            "Hoog",
            "Applicatie zonder overeenkomst",
            "Leesmeter verwerkt toetsresultaten.",
            Link("Vraag overeenkomst", HERE),
        ),
        Gap(
            "H-0287",
            "warn",
            "Midden",
            "Gegeven met twee leidende bronnen",
            "Ze verschillen bij 14 leerlingen.",
            Link("Kies bron"),
        ),
    ]
)
WHY = Why(
    "Waarom zie ik dit?",
    [
        Item("U bent mentor van H3a", "sinds 1 augustus 2026, volgens het rooster."),
        Item("Waarvoor", "Hoort bij", Link("behoefte B-0142", HERE)),
    ],
)
CHECKS = Checks(
    [Check("ok", "U bent bekend", "Sanne de Wit"), Check("bad", "Geen rol bij H4b", "Die eindigde op 31 juli.")],
    large=True,
)
LISTS: Sequence[Section] = (
    ("Te doen", [TODO]),
    ("Niets te doen", [TodoList([], empty="Nieuwe vragen en fouten komen hier vanzelf te staan.")]),
    ("Tegels", [TILES]),
    ("Deuren", [DOORS]),
    ("Buren", [NEAR]),
    ("Hiaten", [GAPS]),
    ("Waarom", [WHY]),
    ("Controles", [CHECKS]),
)


@dataclass(frozen=True)
class Sheet:
    """Sections, each with its parts."""

    head: Head
    sections: Sequence[Section]


def page(query: Mapping[str, str]) -> Sheet:
    """All parts."""
    head = Head(
        "Onderdelen",
        lede="Alles waaruit de pagina’s zijn gemaakt, in elke stand. De inhoud is verzonnen.",
        kicker="Alleen in de demonstratie",
        state=Status("In herziening", "now"),
        crumbs=[Link("Behoeften", HERE), Link("B-0142", HERE)],
        facts=[Fact("clock", "vandaag 05.48 uur"), Fact("users", "28 leerlingen, van 1 nog geen gegevens")],
        actions=[Action("Bewaar", HERE), Action("Keur versie 4 goed", HERE, main=True, icon="ok")],
    )
    return Sheet(head, [*_small(), *LISTS, *_chain(), *sheet_drawings.drawings(), *sheet_drawings.tables_of(query)])


def _small() -> list[Section]:
    steps = [
        Check("ok", "Bestand ontvangen, 9 onderdelen"),
        Check("now", "Rijen controleren"),
        Check("unk", "Nieuwe momentopname klaarzetten"),
    ]
    line = "30.140 van 48.461 rijen, nog ongeveer 2 seconden. U mag deze pagina verlaten."
    return [
        ("Stand", STATES),
        ("Knoppen", BUTTONS),
        ("Meldingen op de pagina", NOTES),
        ("Lang werk", [Reading("", HERE, Progress("LAS Veldlyceum wordt gelezen", 30140, 48461, line, steps))]),
        ("Bericht na een handeling", [Toast("Gesprek met Sami gepland.", Link("Maak ongedaan", HERE), True)]),
        (
            "Leeg",
            [
                Empty(
                    "Geen quarantaine",
                    "Alle rijen van vanochtend zijn overgenomen.",
                    Action("Bekijk de laatste keer", HERE),
                )
            ],
        ),
    ]


def _chain() -> list[Section]:
    stations = [
        Station("Doel", "Gelijke kansen bij het advies", "done", HERE),
        Station("Activiteit", "Adviseren groep 8", "done", HERE),
        Station("Behoefte", "Bijgestelde adviezen", "here"),
        Station("Gegevens", "4 gegevens"),
        Station("Bron", "Geen bron", "gap"),
        Station("Voorziening", "Nog niet gemaakt", "gap"),
        Station("Persoon", "10 schoolleiders", "", HERE),
    ]
    steps = [
        Step("Gevraagd", "done", "4 sep"),
        Step("Beoordeeld", "done", "9 sep"),
        Step("Goedgekeurd", "done", "16 sep"),
        Step("In aanleg", "done", "1 okt"),
        Step("In gebruik", "done", "14 okt"),
        Step("In herziening", "here", "sinds 18 nov"),
        Step("Beëindigd"),
    ]
    events = [
        Event("18 nov 2026", "Sanne de Wit vroeg een wijziging", "‘Ik wil zien of een collega al gebeld heeft.’"),
        Event("19 nov", "", "niets te doen, 0,2 seconden", Status("Ongewijzigd", "ok", fill=False)),
    ]
    rows = [
        DiffRow(
            "Gegevens",
            "Naam, klas",
            "Naam, klas",
            ["reden van verzuim (gewenst)"],
            ["laatste contact met ouders (nodig)"],
        ),
        DiffRow("Hoe vaak", gone=["elke maandag"], new=["elke schooldag"], replaced=True),
        DiffRow("Grondslag", "Leerplichtwet 1969, art. 21", "Leerplichtwet 1969, art. 21"),
    ]
    return [
        ("Keten met een hiaat", [Chain(stations)]),
        (
            "Levensloop",
            [Life(steps), Events(events), Life([Step("Gevraagd", "done"), Step("Afgewezen", "stop")])],
        ),
        ("Verschil", [Diff("Versie 3", "Versie 4", rows), Diff("", "Versie 1", rows[2:], first=True)]),
    ]
