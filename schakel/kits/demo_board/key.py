"""The key file: every planted mistake, and every column that nobody may or need keep.

With it a test holds findings against truth.
"""

import json
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from .defects import Defect


@dataclass(frozen=True)
class ColumnFact:
    """A column that the door must refuse (`forbidden name`, `forbidden values`) or drop (`nobody asked`)."""

    file: str
    sheet: str
    column: str
    kind: str


def column_facts(names: dict[str, str]) -> list[ColumnFact]:
    """The columns that every demonstration carries, whatever the rate of mistakes. `names` by kind of file."""
    return [
        ColumnFact(names["verzuim"], "", "BSN", "forbidden name"),
        ColumnFact(f"{names['personeel']}#Aanstellingen", "Aanstellingen", "Relatienummer", "forbidden values"),
        ColumnFact(names["verzuim"], "", "Opmerking", "nobody asked"),
        ColumnFact("users.csv", "", "metadata.kluisnummer", "nobody asked"),
    ]


@dataclass(frozen=True)
class Key:
    """What is true about a generated board."""

    seed: int
    today: date
    pupils: int
    rows: dict[str, int]
    columns: list[ColumnFact]
    defects: list[Defect]

    def write(self, folder: Path) -> Path:
        """Write `sleutel.json`; each of its `defects` is as Defect says, with the member of a zip as its file."""
        path = folder / "sleutel.json"
        path.write_text(json.dumps(asdict(self), default=str, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        return path
