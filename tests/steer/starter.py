"""The norms of the starter kit, as the judging of figures takes them; read without the register."""

from decimal import Decimal
from pathlib import Path
from typing import Any

from schakel.lib.plain_yaml import from_yaml
from schakel.steer.judging import Norm

FILE = Path(__file__).parents[2] / "schakel" / "kits" / "base" / "indicators.yaml"


def starter_norms() -> dict[str, tuple[Norm, ...]]:
    """By the key of their indicator."""
    found = from_yaml(FILE.read_text(encoding="utf-8"))["indicators"]
    return {item["key"]: tuple(_norm(said) for said in item["norms"]) for item in found}


def _norm(said: dict[str, Any]) -> Norm:
    amounts = {
        name: None if name not in said else Decimal(str(said[name])) for name in ("upper", "size_from", "size_below")
    }
    value = Decimal(str(said["value"]))
    return Norm(
        value,
        said["valid_from"],
        said["source"],
        said["kind"],
        sector=said.get("sector"),
        confirmed=said["confirmed"],
        **amounts,
    )
