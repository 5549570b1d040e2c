"""The register as it stands, for comparing: what each thing says, and under which key or name it can be pointed at."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from schakel.kits.exchange.needs import NEEDS
from schakel.kits.exchange.nouns import Fields, Noun
from schakel.kits.exchange.people import ASSIGNMENTS, PEOPLE
from schakel.kits.exchange.responsibilities import RESPONSIBILITIES
from schakel.kits.exchange.simple import (
    ACTIVITIES,
    AREAS,
    COMPONENTS,
    ELEMENTS,
    GOALS,
    INDICATORS,
    LINKS,
    NORMS,
    OBJECTS,
    ORGANISATIONS,
    POLICIES,
    PROCESSES,
    PRODUCTS,
    ROLES,
    SOURCES,
    SYSTEMS,
)
from schakel.kits.exchange.values import BadValue
from schakel.lib.text import gettext as _

# In an order in which each can be written: what is pointed at comes first.
NOUNS: dict[str, Noun] = {
    noun.key: noun
    for noun in (
        ORGANISATIONS, ROLES, PEOPLE, GOALS, PROCESSES, ACTIVITIES, COMPONENTS, SYSTEMS, LINKS, SOURCES, OBJECTS,
        ELEMENTS, AREAS, POLICIES, NEEDS, INDICATORS, NORMS, PRODUCTS, RESPONSIBILITIES, ASSIGNMENTS,
    )
}  # fmt: skip
_LIKE = 0.6


class Standing:
    """What stands in the register now, each noun read once; and what a file adds to it."""

    def __init__(self) -> None:
        self._things: dict[str, dict[str, Any]] = {}
        self._fields: dict[tuple[str, str], Fields] = {}
        self._names: dict[str, dict[str, set[str]]] = {}
        self._offered: dict[str, dict[str, Iterable[str]]] = {}

    def offer(self, noun: str, key: str, names: Iterable[str]) -> None:
        """Let a thing of the file be pointed at too."""
        self._offered.setdefault(noun, {})[key] = tuple(filter(None, names))
        self._names.pop(noun, None)

    def things(self, noun: str) -> Mapping[str, Any]:
        """The things of a noun by key."""
        if noun not in self._things:
            one = NOUNS[noun]
            self._things[noun] = {one.key_of(thing): thing for thing in one.things()}
        return self._things[noun]

    def fields(self, noun: str, key: str) -> Fields | None:
        """What a thing says now; None when it is not there."""
        thing = self.things(noun).get(key)
        if thing is None:
            return None
        if (noun, key) not in self._fields:
            self._fields[noun, key] = NOUNS[noun].standing(thing)
        return self._fields[noun, key]

    def known(self, noun: str) -> frozenset[str]:
        """The keys that can be pointed at."""
        if noun not in NOUNS:
            return frozenset()
        return frozenset(self.things(noun)) | frozenset(self._offered.get(noun, ()))

    def key(self, noun: str, written: str) -> str:
        """The key of what is written: a key, or a name that only one thing has. Raises BadValue."""
        if written in self.things(noun) or written in self._offered.get(noun, ()):
            return written
        found = self._by_name(noun).get(written.casefold(), set())
        if len(found) == 1:
            return next(iter(found))
        if found:
            reason = _("Er zijn er meer die zo heten.")
            raise BadValue(reason, _("Gebruik de sleutel: %(keys)s.") % {"keys": ", ".join(sorted(found))})
        raise BadValue(_("Dit bestaat niet in het register en ook niet in dit bestand."), self._hint(noun, written))

    def _by_name(self, noun: str) -> dict[str, set[str]]:
        if noun not in self._names:
            found: dict[str, set[str]] = {}
            for key, thing in self.things(noun).items():
                for name in (key, *NOUNS[noun].names(thing)):
                    found.setdefault(name.casefold(), set()).add(key)
            for key, names in self._offered.get(noun, {}).items():
                for name in (key, *names):
                    found.setdefault(name.casefold(), set()).add(key)
            self._names[noun] = found
        return self._names[noun]

    def _hint(self, noun: str, written: str) -> str:
        if noun == "people":
            return _("Vul het werkadres in van iemand met een account.")
        near = get_close_matches(written.casefold(), self._by_name(noun), 1, _LIKE)
        if not near:
            return _("Kies uit de lijst, of voeg het eerst toe.")
        keys = sorted(self._by_name(noun)[near[0]])
        return _("Bedoelt u ‘%(key)s’?") % {"key": keys[0]}
