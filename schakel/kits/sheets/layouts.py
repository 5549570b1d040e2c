"""Which sheets there are: one for each noun that people edit, and two for the lines of a need."""

from collections.abc import Iterable
from dataclasses import dataclass

from schakel.kits.exchange.columns import Column
from schakel.kits.exchange.needs import AUDIENCE_COLUMNS, LINE_COLUMNS
from schakel.kits.exchange.register import NOUNS
from schakel.kits.exchange.words import Said, both, titles
from schakel.lib.errors import Unknown
from schakel.lib.text import gettext as _

ALL = "all"
MAX_ROWS, MAX_COLUMNS = 20_000, 120


@dataclass(frozen=True)
class Sheet:
    """A sheet: its noun, its titles in both languages, its columns."""

    key: str
    noun: str
    titles: Said
    columns: tuple[Column, ...]

    def title(self, language: str) -> str:
        """What it is called in a language."""
        return self.titles[language != "nl"]

    @property
    def read(self) -> str:
        """Which permission reading it asks."""
        return NOUNS[self.noun].read

    @property
    def about_people(self) -> bool:
        """Whether its values are about people."""
        return self.read == "person.write"

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns that say which thing a row is about."""
        return _KEYS.get(self.key, ("key",))


_KEYS = {
    "need_elements": ("need", "element"),
    "need_audience": ("need", "receiver", "scope"),
    "responsibilities": ("thing_kind", "thing_key", "aspect", "role"),
    "assignments": ("person", "role", "organisation_key", "start"),
}
# What someone asks for -> the sheets that belong to it.
GROUPS: dict[str, tuple[str, ...]] = {
    "needs": ("needs", "need_elements", "need_audience"),
    "activities": ("activities", "processes"),
    "goals": ("goals",),
    "systems": ("systems",),
    "links": ("links",),
    "elements": ("elements", "objects"),
    "responsibilities": ("responsibilities", "areas"),
    "roles": ("roles",),
    "people": ("people", "assignments"),
}


def _made() -> dict[str, Sheet]:
    named = both(titles)
    lines = {"need_elements": LINE_COLUMNS, "need_audience": AUDIENCE_COLUMNS}
    return {
        key: Sheet(key, "needs" if key in lines else key, named[key], lines.get(key) or NOUNS[key].columns)
        for group in GROUPS.values()
        for key in group
    }


SHEETS: dict[str, Sheet] = _made()


def chosen(name: str = ALL) -> list[Sheet]:
    """The sheets of a group, one sheet by its own key, or all of them. Unknown says which names there are."""
    if name == ALL:
        return list(SHEETS.values())
    keys: Iterable[str] | None = GROUPS.get(name) or ((name,) if name in SHEETS else None)
    if keys is None:
        words = {"name": name, "names": ", ".join((ALL, *SHEETS))}
        raise Unknown(_("Er is geen onderdeel '%(name)s'. Wel: %(names)s.") % words)
    return [SHEETS[key] for key in keys]
