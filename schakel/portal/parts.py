"""The parts of a page as plain data. A page is a few of these; `{% part %}` draws each with its own template."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Literal

Tone = Literal["ok", "warn", "bad", "now", "info", "unk", "no"]
Place = Literal["done", "here", "gap", "stop", ""]


@dataclass(frozen=True)
class Part:
    """Anything that can be drawn: it knows its template."""

    template: ClassVar[str] = ""


@dataclass(frozen=True)
class Link:
    """Words that lead somewhere."""

    label: str
    href: str = ""


@dataclass(frozen=True)
class Action(Part):
    """One verb with its object: a link, or a small form when it changes something (`post`)."""

    template: ClassVar[str] = "action"
    label: str
    href: str
    main: bool = False
    post: bool = False
    tone: str = ""
    icon: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    small: bool = False
    disabled: bool = False
    wide: bool = False


@dataclass(frozen=True)
class Status(Part):
    """A state: shape and word, never colour alone."""

    template: ClassVar[str] = "status"
    word: str
    tone: Tone = "unk"
    shape: str = ""
    fill: bool = True

    @property
    def icon(self) -> str:
        """The shape; by default the one that belongs to the tone."""
        return self.shape or self.tone


@dataclass(frozen=True)
class Fact:
    """A small true thing under the title, with its icon."""

    icon: str
    text: str


@dataclass(frozen=True)
class Head(Part):
    """The opening of a page: the finding as title, then one or two sentences, then what can be done."""

    template: ClassVar[str] = "head"
    title: str
    lede: str = ""
    sentence: Sequence[tuple[str, bool]] = ()  # a lede in pieces; True for what was filled in
    kicker: str = ""
    state: Status | None = None
    crumbs: Sequence[Link] = ()
    facts: Sequence[Fact] = ()
    actions: Sequence[Action] = ()


@dataclass(frozen=True)
class Todo:
    """One thing to do: shape, sentence, reason, when, one verb."""

    tone: Tone
    title: str
    reason: str
    when: str = ""
    action: Action | None = None


@dataclass(frozen=True)
class TodoList(Part):
    """What asks for a person, most urgent first; at most seven."""

    template: ClassVar[str] = "todo"
    items: Sequence[Todo]
    heading: str = ""
    empty: str = ""

    LIMIT: ClassVar[int] = 7

    @property
    def shown(self) -> Sequence[Todo]:
        """The first seven."""
        return self.items[: self.LIMIT]


@dataclass(frozen=True)
class Tile:
    """A number, a word, a consequence."""

    label: str
    value: str
    note: str = ""
    href: str = ""


@dataclass(frozen=True)
class Tiles(Part):
    """Counts of one thing in its stages."""

    template: ClassVar[str] = "tiles"
    items: Sequence[Tile]


@dataclass(frozen=True)
class Door:
    """A link with a line about what is behind it. Without `href` it only tells."""

    title: str
    line: str = ""
    href: str = ""
    state: Status | None = None


@dataclass(frozen=True)
class Doors(Part):
    """A list of doors."""

    template: ClassVar[str] = "doors"
    items: Sequence[Door]


@dataclass(frozen=True)
class Item:
    """A term with what is said about it, and perhaps where to read on."""

    term: str
    text: str
    link: Link | None = None


@dataclass(frozen=True)
class Near(Part):
    """Bij de buren: what the other front doors are doing that touches you."""

    template: ClassVar[str] = "near"
    items: Sequence[Item]
    more: Link | None = None


@dataclass(frozen=True)
class Why(Part):
    """The panel beside every product and every decision."""

    template: ClassVar[str] = "why"
    heading: str
    items: Sequence[Item]


@dataclass(frozen=True)
class Station:
    """One of the seven stations of the chain."""

    kind: str
    label: str
    place: Place = "done"
    href: str = ""


@dataclass(frozen=True)
class Chain(Part):
    """The chain on an object page: filled where you are, dashed where something is missing."""

    template: ClassVar[str] = "chain"
    stations: Sequence[Station]
    down: bool = False
    label: str = ""


@dataclass(frozen=True)
class Step:
    """A state in the life of a need, and since when."""

    word: str
    place: Place = ""
    when: str = ""


@dataclass(frozen=True)
class Event:
    """Who did what, when, in their own words."""

    when: str
    title: str = ""
    line: str = ""
    state: Status | None = None
    href: str = ""  # where the details are


@dataclass(frozen=True)
class Events(Part):
    """Events, newest first."""

    template: ClassVar[str] = "events"
    items: Sequence[Event]
    narrow: bool = False


@dataclass(frozen=True)
class Life(Part):
    """The life of a need: seven states, then what happened."""

    template: ClassVar[str] = "life"
    steps: Sequence[Step]


@dataclass(frozen=True)
class Check:
    """Something that was looked at: what, how it stands, why."""

    tone: Tone
    title: str
    line: str = ""


@dataclass(frozen=True)
class Checks(Part):
    """A list of checks."""

    template: ClassVar[str] = "checks"
    items: Sequence[Check]
    large: bool = False


@dataclass(frozen=True)
class DiffRow:
    """One part of a need in two versions. `before` and `after` stay; `gone` falls away, `new` comes."""

    part: str
    before: str = ""
    after: str = ""
    gone: Sequence[str] = ()
    new: Sequence[str] = ()
    replaced: bool = False

    @property
    def same(self) -> bool:
        """Nothing changed here."""
        return not self.gone and not self.new


@dataclass(frozen=True)
class Diff(Part):
    """Two versions beside each other."""

    template: ClassVar[str] = "diff"
    before: str
    after: str
    rows: Sequence[DiffRow]
    first: bool = False


@dataclass(frozen=True)
class Gap:
    """Something the chain misses."""

    key: str
    tone: Tone
    word: str
    title: str
    line: str
    action: Link | None = None


@dataclass(frozen=True)
class Gaps(Part):
    """Gaps, the worst first."""

    template: ClassVar[str] = "gaps"
    items: Sequence[Gap]


@dataclass(frozen=True)
class Note(Part):
    """A message on the page itself."""

    template: ClassVar[str] = "note"
    text: str
    tone: Literal["info", "ok", "warn", "bad"] = "info"
    strong: str = ""
    link: Link | None = None


@dataclass(frozen=True)
class Toast(Part):
    """A message after something was done."""

    template: ClassVar[str] = "toast"
    text: str
    link: Link | None = None
    here: bool = False


@dataclass(frozen=True)
class Empty(Part):
    """That it is empty, why, what would stand here, one next step."""

    template: ClassVar[str] = "empty"
    title: str
    line: str
    action: Action | None = None


@dataclass(frozen=True)
class Progress(Part):
    """Long work: how far, how long still, which steps."""

    template: ClassVar[str] = "progress"
    title: str
    done: int
    total: int
    line: str
    steps: Sequence[Check] = ()


@dataclass(frozen=True)
class Reading(Part):
    """Reading that somebody asked for, followed while it goes on.

    `said` is for who listens: it changes with each step, not with each percent. `poll` asks how far it is; empty when
    it is over. `page` is the address of the page that it stands on.
    """

    template: ClassVar[str] = "reading"
    said: str
    page: str
    progress: Progress | None = None
    note: Note | None = None
    poll: str = ""

    PLACE: ClassVar[str] = "lezen"
