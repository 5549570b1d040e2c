"""The larger half of the sheet of parts: drawings and tables. The content is an example; it stays Dutch."""

from collections.abc import Mapping, Sequence

from schakel.portal import bars, charts, figures, tables, trends
from schakel.portal.charts import Chart, Key, Multiple, Multiples, RunBar, Segment
from schakel.portal.parts import Action, Link, Part, Status
from schakel.portal.tables import Cell, Column, Filter, Row, Table

HERE = "/onderdelen"
VALUES = (1.3, 1.5, 1.45, 1.5, None, 1.6, 1.55, 1.7, 1.8, 1.75, 1.85, 1.9)
REST = (1.2, 1.25, 1.3, 1.3, 1.35, 1.35, 1.4, 1.4, 1.45, 1.5, 1.5, 1.5)
Section = tuple[str, Sequence[Part]]


def drawings() -> list[Section]:
    """Charts, bars, the bar of a run, many small lines."""
    trend = trends.Trend(
        VALUES,
        [(0, "2024–25"), (4, "2025–26"), (8, "2026–27"), (11, "nu")],
        "Lijn van 1,3 naar 1,9 procent",
        "1,9%",
        1.5,
        "norm, 1,5%",
        "lower",
        "%",
    )
    wide, narrow = trends.line(trend)
    rows = [
        bars.Bar("Bakker, Noor", 17, "17", "b"),
        bars.Bar("El Idrissi, Sami", 14, "14", "m"),
        bars.Bar("Jansen, Lotte", 9, "9"),
        bars.Bar("Smit, Daan", None, "nog onbekend"),
    ]
    limits = [
        bars.Limit(12, "12 uur: let op", "12 uur", norm=False),
        bars.Limit(16, "16 uur: melden", "16 uur"),
    ]
    bar_wide, bar_narrow = bars.bars(
        rows, "Balken per leerling: Bakker 17, El Idrissi 14, Jansen 9 uur; Smit onbekend", limits
    )
    segments = [
        Segment("a", 48212, "overgenomen", "48.212"),
        Segment("b", 36, "hersteld en overgenomen", "36"),
        Segment("c", 212, "in quarantaine", "212"),
        Segment("d", 24, "buiten de deur", "24"),
        Segment("e", 1, "niet overgenomen", "1"),
    ]
    drawn = charts.multiple(VALUES, REST, "Noorderhaven: verloop van twaalf maanden", (0, 2), 1.5, "lower", True)
    many = [
        Multiple("Noorderhaven", "1,9%", drawn, "sinds januari boven de norm", "bad"),
        Multiple("De Sprong", "< 5", None, "Verborgen: minder dan 5 leerlingen.", "hid"),
    ]
    key = Key(
        [
            ("", "stand"),
            ("norm", "norm"),
            ("bandk", "waar de norm is gehaald"),
            ("full", "school haalt de norm"),
            ("open", "school nog niet"),
        ]
    )
    bar_key = Key([("bad", "over de grens"), ("m", "komt in de buurt"), ("r", "geen signaal")])
    return [
        (
            "Verloop",
            [
                Chart(
                    "Verzuim boven 16 uur groeit",
                    "Deel van de leerlingen, in procenten",
                    wide,
                    narrow,
                    key,
                    "Bron van de norm: inspectie, 2026.",
                )
            ],
        ),
        ("Balken", [Chart("Noor is over de grens", "Uren in 4 lesweken", bar_wide, bar_narrow, bar_key)]),
        ("Balk van een run", [RunBar("rijen", "48.212 overgenomen, 212 in quarantaine", segments)]),
        ("Scholen naast elkaar", [Multiples(many)]),
    ]


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
