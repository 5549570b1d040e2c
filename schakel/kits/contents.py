"""A kit as it is written: plain YAML, read safely, where each thing still knows its file and line.

A kit is a folder with `kit.yaml` and a file per section, or one file that holds everything. Reading writes nothing.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from schakel.kits import shapes
from schakel.kits.mistakes import BadKit, bad
from schakel.lib.plain_yaml import LOADER
from schakel.lib.text import gettext as _

MAX_BYTES = 2_000_000
MAX_DEPTH = 12
MAX_EVENTS = 200_000
_NAME = re.compile(r"[a-z][a-z_]{0,40}")  # of one of several files with the same sections
HOME = Path(__file__).parent


@dataclass(frozen=True)
class Item:
    """One thing in a kit: its section, its key, what is said about it, where that stands and in which kit."""

    section: str
    key: str
    fields: dict[str, Any]
    file: str
    line: int
    kit: str = ""

    def get(self, name: str, default: Any = "") -> Any:
        """A field, or the default where the kit says nothing."""
        value = self.fields.get(name)
        return default if value is None else value

    def error(self, message: str) -> BadKit:
        """The error for this thing."""
        return bad(message, self.file, self.line)


@dataclass(frozen=True)
class Kit:
    """A whole kit: who made it, which version, and its things in the order of their sections.

    `requires` names the kits that it stands on, `takes` the parts of them when it does not take all. `whole` has all
    things that it could bring, `items` those that were chosen. `versions` has each kit that it is made of, in the order
    of loading; `lists` the words that the products of each may use.
    """

    id: str
    version: str
    language: str
    provider: str
    licence: str
    name: dict[str, str]
    items: tuple[Item, ...] = ()
    words: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)
    description: dict[str, str] = field(default_factory=dict)
    requires: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    versions: dict[str, str] = field(default_factory=dict)
    lists: dict[str, dict[str, dict[str, dict[str, str]]]] = field(default_factory=dict)
    whole: tuple[Item, ...] = ()

    def of(self, section: str) -> list[Item]:
        """The things of one section."""
        return [item for item in self.items if item.section == section]


class _Mapping(dict[str, Any]):
    """A mapping that knows the line it starts on."""

    line: int = 0


class _Loader(LOADER):  # type: ignore[misc]
    """Plain values only; a name that stands twice in one mapping is an error instead of a silent choice."""


def _mapping(loader: Any, node: yaml.MappingNode) -> Iterator[_Mapping]:
    found = _Mapping()
    found.line = node.start_mark.line + 1
    yield found
    for name_node, _value in node.value:
        name = str(getattr(name_node, "value", ""))
        if name_node.tag != "tag:yaml.org,2002:str" or name in found:
            raise yaml.MarkedYAMLError(None, None, f"'{name}'", name_node.start_mark)
        found[name] = None
    found.update(loader.construct_mapping(node, deep=True))


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def read_one(path: Path, before: str = "") -> Kit:
    """The kit in this file, without the kits that it requires. `before` stands before the names of its files.

    BadKit says which file and line cannot be used.
    """
    head = _document(path)
    shapes.check("kit", head, before + path.name, 1)
    items: list[Item] = []
    words: dict[str, dict[str, dict[str, str]]] = {}
    for file, document in _documents(path, head):
        words.update(document.get("words") or {})
        items += _items(head["id"], before + file, document)
    once(items)
    return Kit(
        id=head["id"], version=head["version"], language=head["language"], provider=head["provider"],
        licence=head["licence"], name=dict(head["name"]), description=dict(head.get("description") or {}),
        requires=tuple(head.get("requires") or ()), takes=tuple(head.get("takes") or ()),
        items=in_order(items), words=words,
    )  # fmt: skip


def names() -> list[str]:
    """The kits that come with Schakel."""
    return sorted(path.parent.name for path in HOME.glob("*/kit.yaml"))


def in_order(items: Iterable[Item]) -> tuple[Item, ...]:
    """In the order in which they can be written: what others point at comes first."""
    order = list(shapes.SECTIONS)
    return tuple(sorted(items, key=lambda item: order.index(item.section)))


def once(items: Iterable[Item]) -> None:
    """BadKit when a key stands twice in one section, with the place of the first."""
    seen: dict[tuple[str, str], Item] = {}
    for item in items:
        first = seen.setdefault((item.section, item.key), item)
        if first is not item:
            text = _("'%(key)s' staat ook al op regel %(line)s van %(file)s.")
            raise item.error(text % {"key": item.key, "line": first.line, "file": first.file})


def _documents(path: Path, head: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each part of the kit: the file beside `kit.yaml` per named part, or the one file itself.

    A part may be spread over files in a folder of its name: `needs/attendance`.
    """
    parts = head.get("contains")
    if not parts:
        yield path.name, {name: value for name, value in head.items() if name in (*shapes.SECTIONS, "words")}
        return
    for part in parts:
        kind, slash, about = str(part).partition("/")
        if kind not in shapes.FILES or (slash and not _NAME.fullmatch(about)):
            raise bad(_("Het onderdeel '%(part)s' bestaat niet.") % {"part": part}, path.name, getattr(head, "line", 1))
        document = _document(path.parent / f"{part}.yaml")
        for name in document:
            if name not in shapes.FILES[kind]:
                raise bad(_("'%(name)s' hoort hier niet.") % {"name": name}, f"{part}.yaml", 1)
        yield f"{part}.yaml", document


def _document(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise bad(_("Het bestand is te groot: ten hoogste %(n)s bytes.") % {"n": MAX_BYTES}, path.name)
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        text = _("Dit bestand is er niet. Zet het naast kit.yaml, of haal het daar uit 'contains'.")
        raise bad(text, path.name) from error
    except (OSError, UnicodeDecodeError) as error:
        raise bad(_("Het bestand is niet te lezen als tekst (UTF-8)."), path.name) from error
    try:
        _guard(text, path.name)
        found = yaml.load(text, Loader=_Loader)  # noqa: S506 -- a loader that makes plain values only
    except yaml.MarkedYAMLError as error:
        raise _unreadable(error, path.name) from error
    except (yaml.YAMLError, ValueError) as error:
        raise bad(_("Het bestand is geen leesbare YAML."), path.name) from error
    if not isinstance(found, dict):
        raise bad(_("Het bestand begint niet met namen en waarden."), path.name, 1)
    return found


def _guard(text: str, file: str) -> None:
    """Refuse what can grow without end: references to other parts, deep nesting, endless lists."""
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=LOADER)):
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise bad(_("Een verwijzing binnen het bestand (& of *) kan hier niet."), file, line)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH or count > MAX_EVENTS:
            raise bad(_("Het bestand is te diep of te lang."), file, line)


def _unreadable(error: yaml.MarkedYAMLError, file: str) -> BadKit:
    line = error.problem_mark.line + 1 if error.problem_mark else 0
    problem = str(error.problem or "")
    if problem.startswith("'"):
        return bad(_("De naam %(name)s staat er twee keer of is geen tekst.") % {"name": problem}, file, line)
    return bad(_("Dit is geen leesbare YAML (%(problem)s).") % {"problem": problem[:120]}, file, line)


def _items(kit: str, file: str, document: dict[str, Any]) -> Iterator[Item]:
    for section in (name for name in document if name in shapes.SECTIONS):
        listed = document[section]
        if not isinstance(listed, list):
            raise bad(_("'%(section)s' is geen lijst.") % {"section": section}, file, 1)
        for number, entry in enumerate(listed, 1):
            line = getattr(entry, "line", 0)
            if not isinstance(entry, dict):
                text = _("Nummer %(n)s van '%(section)s' heeft geen namen en waarden.")
                raise bad(text % {"n": number, "section": section}, file)
            shapes.check(section, entry, file, line)
            yield Item(section, entry["key"], dict(entry), file, line, kit)
