"""Rows of a tiny board, as the door leaves them."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.process.parquet_rows import Rows, write


@dataclass(frozen=True)
class LandedHere:
    """The little that a build asks of a landing."""

    layout: str
    source: str
    folder: Path


def land(data: Path, source: str, layout: str, files: dict[str, Rows], digest: str = "d1", **report: Any) -> LandedHere:
    """Write rows as parquet, the way the door leaves them."""
    folder = data / "landing" / source / digest
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in files.items():
        write(folder / f"{name}.parquet", rows)
    content = {"source": source, "layout": layout, "digest": digest, "landed_at": "2026-11-23T06:00:00+01:00", **report}
    (folder / "landing.json").write_text(json.dumps(content), encoding="utf-8")
    return LandedHere(layout, source, folder)
