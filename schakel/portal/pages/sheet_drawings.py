"""The larger half of the sheet of parts: drawings and tables. The content is an example; it stays Dutch."""

from collections.abc import Mapping, Sequence

from schakel.engine.charts.bars import Bar, Limit
from schakel.engine.charts.lines import Norm
from schakel.portal import charts, figures, graphics, tables
from schakel.portal.charts import Chart, Key, RunBar, Segment
from schakel.portal.graphics import Multiple, Multiples, Trend
from schakel.portal.parts import Action, Link, Part, Status
from schakel.portal.tables import Cell, Column, Filter, Row, Table

HERE = "/onderdelen"
VALUES = (1.3, 1.5, 1.45, 1.5, None, 1.6, 1.55, 1.7, 1.8, 1.75, 1.85, 1.9)
REST = (1.2, 1.25, 1.3, 1.3, 1.35, 1.35, 1.4, 1.4, 1.45, 1.5, 1.5, 1.5)
Section = tuple[str, Sequence[Part]]
TREND = Trend(
    VALUES,
    [(0, "2024–25"), (4, "2025–26"), (8, "2026–27"), (11, "nu")],
    "Lijn van 1,3 naar 1,9 procent; van één maand ontbreken de cijfers",
    "1,9%",
    Norm(1.5, "norm, 1,5%", "norm", "lower"),
    "%",
)
BARS = [
    Bar("Bakker, Noor", 17, "17", "bad"),
    Bar("El Idrissi, Sami", 14, "14", "close"),
    Bar("Jansen, Lotte", 9, "9"),
    Bar("Smit, Daan", None, "nog onbekend", known="unknown"),
    Bar("De rest van H3a", None, "verborgen, < 5", known="hidden"),
]
LIMITS = [
    Limit(12, "12 uur: let op", "12 uur", norm=False),
    Limit(16, "16 uur: melden", "16 uur"),
]
BAR_LABEL = "Balken per leerling: Bakker 17, El Idrissi 14, Jansen 9 uur; Smit onbekend, de rest verborgen"
SEGMENTS = [
    Segment("a", 48212, "overgenomen", "48.212"),
    Segment("b", 36, "hersteld en overgenomen", "36"),
    Segment("c", 212, "in quarantaine", "212"),
    Segment("d", 24, "buiten de deur", "24"),
    Segment("e", 1, "niet overgenomen", "1"),
]
LABEL = "Noorderhaven: verloop van twaalf maanden"
MANY = [
    Multiple("Noorderhaven", "1,9%", VALUES, LABEL, "sinds januari boven de norm", "bad"),
    Multiple("Het Sluisje", "1,5%", REST, "Het Sluisje: verloop van twaalf maanden"),
    Multiple("De Sprong", "< 5", None, line="Verborgen: minder dan 5 leerlingen.", kind="hid"),
]
KEY = Key(
    [
        ("", "stand"),
        ("norm", "norm"),
        ("bandk", "waar de norm is gehaald"),
        ("full", "school haalt de norm"),
        ("open", "school nog niet"),
    ]
)
BAR_KEY = Key([("bad", "over de grens"), ("close", "komt in de buurt"), ("rest", "geen signaal")])


def drawings() -> list[Section]:
    """Charts, bars, the bar of a run, many small lines."""
    return [
        ("Verloop", [_trend()]),
        ("Balken", [_bars()]),
        ("Balk van een run", [RunBar("rijen", "48.212 overgenomen, 212 in quarantaine", SEGMENTS)]),
        ("Scholen naast elkaar", [Multiples(MANY, (0, 2), REST, 1.5, "lower")]),
    ]


def _trend() -> Chart:
    wide, narrow = graphics.line(TREND)
    about = ("Verzuim boven 16 uur groeit", "Deel van de leerlingen, in procenten")
    return Chart(*about, wide, narrow, KEY, "Bron van de norm: inspectie, 2026.")


def _bars() -> Chart:
    wide, narrow = graphics.bar_chart(BARS, BAR_LABEL, LIMITS)
    return Chart("Noor is over de grens", "Uren in 4 lesweken", wide, narrow, BAR_KEY)


def tables_of(query: Mapping[str, str]) -> list[Section]:
    """A table with every kind of value, a worklist, an empty one."""
    columns = [
        Column("school", "School"),
        Column("n", "Leerlingen boven 16 uur", number=True),
        Column("meaning", "Betekenis", sorts=False),
    ]
    meanings = [
        ("De Windroos", figures.figure(0), 0, "geteld: niemand"),
        ("De Sprong", figures.hidden(), None, "verborgen: minder dan 5 leerlingen"),
        ("De Kiem", figures.unknown(), None, "geen gegevens over oktober"),
        ("Het Sluisje", figures.not_applicable(), None, "niemand telt mee: 0 van 0"),
    ]
    rows = [
        Row({"school": tables.words(s, href=HERE), "n": Cell(f, n), "meaning": tables.words(m)}, {"soort": f.known})
        for s, f, n, m in meanings
    ]
    kinds = Filter("soort", "Soort", [("", "Alles"), ("known", "Bekend"), ("hidden", "Verborgen")])
    unknown = Table(
        "Verschil tussen onbekend, nul en verborgen",
        columns,
        rows,
        search="school",
        filters=[kinds],
        exports=[Link("Spreadsheet", HERE)],
        middle=True,
        order="school",
    )
    return [
        ("Onbekend, nul en verborgen", [tables.shown(unknown, query)]),
        ("Werklijst", [tables.shown(_work(), query)]),
        (
            "Lege tabel",
            [
                tables.shown(
                    Table(
                        "Niets",
                        columns,
                        [],
                        key="leeg",
                        empty="Hier staat nog niets: er is nog geen bron gelezen.",
                    ),
                    query,
                )
            ],
        ),
    ]


def _work() -> Table:
    columns = [
        Column("name", "Leerling"),
        Column("hours", "Uren in 4 weken", number=True),
        Column("weeks", "Acht weken", sorts=False, optional=True),
        Column("sign", "Signaal"),
        Column("do", "Actie", sorts=False, hidden_label=True),
    ]
    line = charts.spark([4, 6, 7, 9, 12, 14, 16, 17], "van 4 naar 17 uur in acht weken", 16, "lower", True)
    strip = charts.strip(
        [(1.0, True), (1.2, True), (1.4, True), (2.4, False), (3.6, False)],
        "Vijf scholen, twee boven de norm",
        1.5,
        "lower",
        True,
    )
    people = [
        (
            "Bakker, Noor",
            figures.figure(17),
            17,
            line,
            Status("Melden, vóór 27 nov", "bad"),
            Action("Start melding", HERE, main=True),
        ),
        (
            "Smit, Daan",
            figures.unknown(),
            None,
            strip,
            Status("Nog geen gegevens", "unk"),
            Action("Vraag vorige school", HERE),
        ),
    ]
    rows = [
        Row(
            {
                "name": tables.words(name, href=HERE, note="nieuw sinds 16 nov"),
                "hours": Cell(f, n, strong=True),
                "weeks": Cell(chart=chart),
                "sign": Cell(state=state, order=state.word),
                "do": Cell(action=action),
            }
        )
        for name, f, n, chart, state, action in people
    ]
    return Table("Leerlingen met verzuim", columns, rows, key="w", order="-hours", work=True, middle=True)
