"""The foundation and its thirteen schools: all invented. School institution codes from 98 are never issued."""

from dataclasses import dataclass

import duckdb

from .loading import load

BOARD_NUMBER = "41288"
BOARD_NAME = "Stichting Oeverscholen"
PUPIL_SHARE = {"po": 0.50, "vo": 0.488, "so": 0.012}
TRACK_YEARS = {"po": 8, "so": 8, "K": 4, "T": 4, "H": 5, "V": 6}


@dataclass(frozen=True)
class School:
    """One school with one site. Factors are against the mean of the board: 1 is as everywhere."""

    name: str
    sector: str
    brin6: str
    region: str
    weight: float
    absence: float
    results: float
    sick: float
    tracks: tuple[tuple[str, float], ...] = ()


_PO = (("po", 1.0),)
SCHOOLS = (
    School("De Meerpaal", "po", "98AB00", "midden", 1.35, 0.9, 0.15, 0.9, _PO),
    School("Het Sluisje", "po", "98AD00", "midden", 0.90, 0.8, 0.35, 1.0, _PO),
    School("De Kiem", "po", "98AF00", "midden", 0.70, 1.1, -0.10, 1.3, _PO),
    School("De Zandloper", "po", "98AH00", "midden", 1.10, 1.5, -0.45, 1.2, _PO),
    School("De Wilgenhoek", "po", "98AK00", "midden", 1.00, 0.7, 0.25, 0.7, _PO),
    School("De Rietkraag", "po", "98AM00", "zuid", 0.60, 0.8, 0.05, 0.8, _PO),
    School("'t Veerhuis", "po", "98AP00", "zuid", 0.80, 1.0, -0.05, 1.1, _PO),
    School("De Vlonder", "po", "98AR00", "midden", 1.20, 1.2, -0.25, 1.0, _PO),
    School("De Windroos", "po", "98AT00", "midden", 1.15, 0.9, 0.10, 0.9, _PO),
    School("Het Baken", "po", "98AW00", "zuid", 1.20, 1.1, -0.15, 1.1, _PO),
    School("Veldlyceum", "vo", "98BC00", "midden", 0.56, 1.6, 0.10, 1.0, (("H", 1.0), ("V", 1.0))),
    School("Noorderhaven", "vo", "98BF00", "midden", 0.44, 2.1, -0.20, 1.2, (("K", 0.8), ("T", 1.2), ("H", 0.7))),
    School("De Sprong", "so", "98CD00", "midden", 1.00, 1.4, -0.80, 1.4, (("so", 1.0),)),
)
NUMBER = {school.name: number for number, school in enumerate(SCHOOLS)}


def sizes(pupils: int) -> list[int]:
    """Pupils per school, in the order of SCHOOLS; they sum to `pupils` exactly."""
    totals = {sector: sum(s.weight for s in SCHOOLS if s.sector == sector) for sector in PUPIL_SHARE}
    return shared_out(pupils, [PUPIL_SHARE[s.sector] * s.weight / totals[s.sector] for s in SCHOOLS])


def shared_out(total: int, weights: list[float]) -> list[int]:
    """A total divided by weight into whole parts (largest remainders)."""
    exact = [total * weight / sum(weights) for weight in weights]
    parts = [int(part) for part in exact]
    order = sorted(range(len(exact)), key=lambda i: parts[i] - exact[i])
    for i in order[: total - sum(parts)]:
        parts[i] += 1
    return parts


def keep(con: duckdb.DuckDBPyConnection) -> None:
    """Make the tables board and school."""
    columns = "s INTEGER; name VARCHAR; sector VARCHAR; brin6 VARCHAR; region VARCHAR; absence DOUBLE; results DOUBLE"
    rows = [(n, s.name, s.sector, s.brin6, s.region, s.absence, s.results) for n, s in enumerate(SCHOOLS)]
    load(con, "board", "name VARCHAR; number VARCHAR", [(BOARD_NAME, BOARD_NUMBER)])
    load(con, "school", columns, rows)
