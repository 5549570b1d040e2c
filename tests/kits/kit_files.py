"""The kits that come with Schakel, read as a sceptical reader would: the YAML by itself, not through the loader.

So a mistake in the loader cannot hide one in the content.
"""

from functools import cache
from pathlib import Path
from typing import Any

from schakel.lib.plain_yaml import from_yaml

HOME = Path(__file__).resolve().parents[2] / "schakel" / "kits"
KITS = (
    "base",
    "po",
    "vo",
    "so",
    "board",
)  # those with content of their own, in the order in which they stand on others
_HEAD = ("id", "version", "language", "languages", "name", "provider", "licence", "description", "contains", "requires")


@cache
def head(kit: str) -> dict[str, Any]:
    """What `kit.yaml` says."""
    return from_yaml((HOME / kit / "kit.yaml").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


@cache
def files(kit: str) -> dict[str, dict[str, Any]]:
    """Every file of a kit beside `kit.yaml`, by its name without the ending."""
    paths = sorted(path for path in (HOME / kit).rglob("*.yaml") if path.name != "kit.yaml")
    found = {path: from_yaml(path.read_text(encoding="utf-8")) for path in paths}
    return {str(path.relative_to(HOME / kit).with_suffix("")): content for path, content in found.items()}


def of(kit: str, section: str) -> list[dict[str, Any]]:
    """The things of one section in one kit."""
    return [each for content in files(kit).values() for each in content.get(section) or []]


def section(name: str) -> list[dict[str, Any]]:
    """The things of one section in all kits."""
    return [each for kit in KITS for each in of(kit, name)]


def words() -> dict[str, dict[str, dict[str, str]]]:
    """The word lists for coded values of all kits."""
    return {
        name: said for kit in KITS for content in files(kit).values() for name, said in content.get("words", {}).items()
    }


def taken(name: str) -> list[str]:
    """The keys of one section that the starter kit takes."""
    wishes = [wish.partition(":") for wish in head("starter")["takes"]]
    return [key for chosen, _colon, key in wishes if chosen == name and key]
