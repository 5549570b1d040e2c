"""How the keys of one OneRoster source are read where other rosters stand beside it.

OneRoster names whatever it refers to by a `sourcedId`, which is unique within the system that gave it (OneRoster 1.2,
CSV binding, section 4). EDEXML needs none of this: its keys are made of the site and a number.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from schakel.engine.duck import literal, quoted

LAYOUT = "oneroster"
ORGS = "orgs"
KEY = "sourcedId"
_OF_ORGS = frozenset({"orgSourcedId", "orgSourcedIds", "primaryOrgSourcedId", "schoolSourcedId"})


@dataclass(frozen=True)
class Keys:
    """`prefix` stands before each key of a source that gave keys of another to others; `orgs` has, by its own key,
    that of each organisation that another roster brought first; `elsewhere` are those that it still brings.
    """

    prefix: str = ""
    orgs: Mapping[str, str] = field(default_factory=dict)
    elsewhere: tuple[str, ...] = ()

    @classmethod
    def told(cls, known: Mapping[str, Any]) -> "Keys":
        """As a manifest tells them."""
        return cls(str(known["prefix"]), dict(known["orgs"]), tuple(known["elsewhere"]))

    def described(self) -> dict[str, Any]:
        """As a manifest tells them."""
        return {"prefix": self.prefix, "orgs": dict(sorted(self.orgs.items())), "elsewhere": list(self.elsewhere)}

    def read_all(self, layout: str, file: str, column: str, keys: Iterable[str]) -> list[str]:
        """The values of a column as they are read; those of a column that holds no key as they stand."""
        if layout != LAYOUT or not is_key(column):
            return list(keys)
        known = self.orgs if is_org(file, column) else {}
        return [known.get(key) or f"{self.prefix}{key}" for key in keys]

    def sql(self, file: str, column: str) -> str:
        """SQL of a column of the relation `f` as it is read; empty for a column that holds no key."""
        if not is_key(column):
            return ""
        org, cell = is_org(file, column), f"f.{quoted(column)}"
        if not column.endswith("s"):
            return self._sql(cell, org=org)
        return f"array_to_string(list_transform(string_split({cell}, ','), lambda k: {self._sql('k', org=org)}), ',')"

    def left_out(self, file: str) -> str:
        """The condition on `f` by which an organisation that another roster brings comes in once; empty without any."""
        if file != ORGS or not self.elsewhere:
            return ""
        return f"f.{KEY} NOT IN ({', '.join(map(literal, self.elsewhere))})"

    def _sql(self, cell: str, *, org: bool) -> str:
        text = f"{literal(self.prefix)} || {cell}" if self.prefix else cell
        if not org or not self.orgs:
            return text
        pairs = ", ".join(f"{literal(own)}: {literal(known)}" for own, known in sorted(self.orgs.items()))
        return f"coalesce(MAP {{{pairs}}}[{cell}], {text})"


AS_THEY_STAND: Mapping[str, Keys] = MappingProxyType({})  # by source


def is_key(column: str) -> bool:
    """Whether a column of OneRoster holds a key, or keys with commas: all are named so."""
    return column.casefold().endswith(("sourcedid", "sourcedids"))


def is_org(file: str, column: str) -> bool:
    """Whether these keys are of organisations."""
    return column in _OF_ORGS or (file == ORGS and column in {KEY, "parentSourcedId"})
