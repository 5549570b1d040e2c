"""A kit with the kits that it stands on, put together: content stands once, in the lowest kit that needs it."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

from schakel.kits import parts
from schakel.kits.contents import HOME, Item, Kit, in_order, names, once, read_one
from schakel.kits.mistakes import BadKit
from schakel.lib.text import gettext as _

_Words = dict[str, dict[str, dict[str, str]]]


def read(name: str | Path) -> Kit:
    """The kit with this name, or in this folder or file, with all that it requires.

    BadKit says which file and line cannot be used, or which kit is missing, or which two say the same.
    """
    path = _find(name)
    own = of_schakel(str(name)) if str(name) in names() else read_one(path)
    members = [*_below(own, (own.id,), {}).values(), own]
    items = [item for kit in members for item in kit.items]
    once(items)
    whole = replace(
        own, items=in_order(items), whole=in_order(items), words=_merged(members),
        versions={kit.id: kit.version for kit in members}, lists={kit.id: _lists(kit, members) for kit in members},
    )  # fmt: skip
    return parts.taken(whole, own.takes, own.items) if own.takes else whole


@cache
def of_schakel(name: str) -> Kit:
    """A kit that comes with Schakel by itself, read once: its files do not change meanwhile."""
    return read_one(HOME / name / "kit.yaml", f"{name}/")


def _find(name: str | Path) -> Path:
    if str(name) in names():
        return HOME / str(name) / "kit.yaml"
    path = Path(name)
    path = path / "kit.yaml" if path.is_dir() else path
    if not path.is_file():
        text = _("Er is geen pakket of bestand '%(name)s'. Meegeleverd: %(names)s.")
        raise BadKit(text % {"name": name, "names": ", ".join(names())}, code="kit")
    return path


def _below(kit: Kit, chain: tuple[str, ...], found: dict[str, Kit]) -> dict[str, Kit]:
    """The kits that it requires and those that they require, the lowest first; only kits that come with Schakel."""
    for name in kit.requires:
        if name in chain or name not in names():
            text = (
                _("Het pakket '%(kit)s' staat op zichzelf: %(chain)s.")
                if name in chain
                else _("Het pakket '%(kit)s' vraagt '%(name)s', dat niet bij Schakel hoort.")
            )
            chained = " > ".join((*chain, str(name)))
            raise BadKit(text % {"kit": kit.id, "name": name, "chain": chained}, code="kit")
        if name not in found:
            lower = of_schakel(name)
            _below(lower, (*chain, name), found)
            found[name] = lower
    return found


def _merged(members: list[Kit]) -> _Words:
    words: _Words = {}
    for kit in members:
        words.update(kit.words)
    return words


def _lists(kit: Kit, members: list[Kit]) -> _Words:
    """The words for coded values that products of this kit may use: its own and those of the kits it stands on."""
    seen = {kit.id, *_required(kit, {each.id: each for each in members})}
    family = [each for each in members if each.id in seen]
    named = {section: _names(section, family) for section in ("roles", "indicators")}
    return {**_merged(family), **named}


def _required(kit: Kit, members: dict[str, Kit]) -> Iterator[str]:
    for name in kit.requires:
        yield name
        yield from _required(members[name], members)


def _names(section: str, family: list[Kit]) -> dict[str, dict[str, str]]:
    """What the things of a section are called; of an indicator its unit comes along, for a column of its figures."""
    items: list[Item] = [item for kit in family for item in kit.of(section)]
    return {item.key: {name: text for name in ("nl", "en", "unit") if (text := item.get(name, ""))} for item in items}


@cache
def delivered(name: str) -> Kit:
    """A kit that comes with Schakel, with all that it requires. BadKit for any other name."""
    if name not in names():
        text = _("Er is geen pakket '%(name)s'. Meegeleverd: %(names)s.")
        raise BadKit(text % {"name": name, "names": ", ".join(names())}, code="kit")
    return read(name)


def chosen(name: str | Path | Kit) -> Kit:
    """The kit that someone means: already read, by the name of one that comes with Schakel, or in a folder or file."""
    if isinstance(name, Kit):
        return name
    return delivered(str(name)) if str(name) in names() else read(name)


@cache
def everything() -> Kit:
    """All that comes with Schakel, as one kit: to look at, never to load."""
    kits = [delivered(name) for name in names()]
    items = {(item.section, item.key): item for kit in kits for item in kit.whole}
    first = kits[0]
    return replace(
        first, items=in_order(items.values()), whole=in_order(items.values()),
        versions={key: version for kit in kits for key, version in kit.versions.items()},
        lists={key: lists for kit in kits for key, lists in kit.lists.items()},
    )  # fmt: skip
