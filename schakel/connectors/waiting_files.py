"""Files that wait somewhere: a folder at a server, or a folder of this machine. Any file of any layout.

A file is taken when it is whole: its size and its time stood still over two looks, or the marker that its sender puts
beside it is there. It is copied, never read in place; the names that lead elsewhere are refused. Which file was taken
last is remembered, and the same content twice is once at the door.
"""

import json
import re
import shutil
import time
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import IO, Protocol

from schakel.collect.providers import PACKAGE, Access, Fetched, Offer, Told, Wish
from schakel.lib.errors import SchakelError
from schakel.lib.file_names import order
from schakel.lib.outgoing import Broken, Outgoing
from schakel.lib.text import gettext as _
from schakel.lib.text import printable

MOST_BYTES = 4 * 2**30
MOST_FILES = 20_000  # in the folder
MOST_SECONDS = 3600.0  # of one file
STILL = 20.0  # seconds between two looks
TRIES = 3
MOST_OFFERS = 10
_PIECE = 2**18
_LONGEST = 200
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.I)


@dataclass(frozen=True)
class Waiting:
    """A file that lies there. `plain` is false for a link, a pipe or a device."""

    name: str
    size: int
    changed: float
    plain: bool = True

    @property
    def facts(self) -> tuple[str, int, int]:
        """By which it is known again."""
        return self.name, self.size, int(self.changed)


class Shelf(Protocol):
    """A folder that was opened to look into."""

    def files(self) -> Iterator[Waiting]:
        """What lies in it, folders left out."""

    def read(self, name: str) -> AbstractContextManager[IO[bytes]]:
        """The content of a file."""

    def move(self, name: str, folder: str, becomes: str) -> None:
        """Put a file in a folder inside this one."""


Opened = Callable[[Access, Outgoing], AbstractContextManager[Shelf]]


@dataclass(frozen=True)
class WaitingFiles:
    """The provider. `details` may have `marker` (an ending), `archive` (a folder), `each` (every file, in order)."""

    opened: Opened
    SCHEMES: tuple[str, ...]
    methods: tuple[str, ...]
    pause: Callable[[float], None] = time.sleep

    @property
    def VERSIONS(self) -> Mapping[str, tuple[str, ...]]:  # noqa: N802 as the others call it
        """The methods of signing in."""
        return {"": self.methods}

    def fetch(self, access: Access, way: Outgoing, wish: Wish, folder: Path, told: Told) -> Fetched:
        """The next file, when there is one and it is whole; asked again a few times where the connection breaks."""
        for attempt in range(1, TRIES + 1):
            try:
                return self._fetch(access, way, wish, folder, told)
            except Broken:
                if attempt == TRIES:
                    raise
                self.pause(2.0**attempt)
        raise AssertionError("the last try answers or raises")

    def probe(self, access: Access, way: Outgoing, wish: Wish) -> list[Offer]:
        """The files that are there, the last name first; nothing is read of them."""
        with self.opened(access, way) as shelf:
            found, marked = _looked(shelf, wish.pattern, access)
        return [
            Offer(
                each.name, each.size, (str(int(each.changed)),), () if marked is None or each.name in marked else ("",)
            )
            for each in sorted(found.values(), key=lambda each: order(each.name), reverse=True)[:MOST_OFFERS]
        ]

    def settle(self, access: Access, way: Outgoing, until: str) -> None:
        """Put what is in aside, where that is asked."""
        taken = _taken(until)
        if taken and access.details.get("archive"):
            with self.opened(access, way) as shelf:
                self._aside(shelf, access, taken)

    def _fetch(self, access: Access, way: Outgoing, wish: Wish, folder: Path, told: Told) -> Fetched:
        shutil.rmtree(folder, ignore_errors=True)
        taken = _taken(wish.last)
        with self.opened(access, way) as shelf:
            if taken and wish.since and access.details.get("archive"):
                self._aside(shelf, access, taken)
            found, marked = _looked(shelf, wish.pattern, access)
            queue = _queue(found, taken if wish.since or access.details.get("each") else None, access, wish)
            if marked is not None:
                queue = [each for each in queue if each.name in marked]
            if not queue:
                return self._nothing(wish)
            chosen = queue[0]
            if marked is None and not self._still(shelf, chosen, wish, access):
                if wish.standing is not None:
                    return Fetched(changed=False, until=wish.last, more=True)
                text = _("Dit bestand wordt nog geschreven. Schakel kijkt later weer.")
                raise SchakelError(text, code="writing", where=chosen.name, retry=True)
            self._copy(shelf, chosen, folder / PACKAGE, told)
            _same(shelf, chosen, wish, access)
        return Fetched(changed=True, until=json.dumps(chosen.facts), file=chosen.name, more=len(queue) > 1)

    def _nothing(self, wish: Wish) -> Fetched:
        if wish.standing is not None:
            return Fetched(changed=False, until=wish.last)
        text = _("Er staat nog geen bestand klaar dat heet als %(pattern)s.") % {"pattern": wish.pattern}
        raise SchakelError(text, code="no-file", retry=True)

    def _still(self, shelf: Shelf, chosen: Waiting, wish: Wish, access: Access) -> bool:
        """Whether size and time are the same at a second look."""
        self.pause(STILL)
        again, _marked = _looked(shelf, wish.pattern, access)
        return chosen.name in again and again[chosen.name].facts == chosen.facts

    def _copy(self, shelf: Shelf, chosen: Waiting, folder: Path, told: Told) -> None:
        folder.mkdir(parents=True, mode=0o700)
        size, end = 0, time.monotonic() + MOST_SECONDS
        with shelf.read(chosen.name) as source, (folder / chosen.name).open("xb") as target:
            while piece := source.read(_PIECE):
                size += len(piece)
                if size > chosen.size or time.monotonic() > end:
                    break
                target.write(piece)
                told(chosen.name, len(piece))
        if size != chosen.size:
            raise Broken(_("Dit bestand kwam niet heel over."), where=chosen.name)

    def _aside(self, shelf: Shelf, access: Access, taken: tuple[str, int, int]) -> None:
        """Move the file that was taken, when it is still that file. Its marker goes along."""
        there = {each.name: each for each in _bounded(shelf)}
        name, folder = taken[0], str(access.details["archive"])
        if name not in there or there[name].facts != taken:
            return
        marker = f"{name}{access.details.get('marker', '')}"
        for each in dict.fromkeys([name, marker]):
            if each in there:
                shelf.move(each, folder, f"{taken[2]}-{each}")


def safe_name(name: str) -> bool:
    """Whether a name is that of a file here, and nothing else: no path, no device, no sign that cannot be seen."""
    hidden = any(unicodedata.category(sign)[0] == "C" for sign in name)
    edges = name.strip(" .") != name
    return bool(name) and len(name) <= _LONGEST and not (hidden or edges or set(name) & set('/\\:*?"<>|')) and not (
        _DEVICE.fullmatch(name)
    )  # fmt: skip


def _bounded(shelf: Shelf) -> Iterator[Waiting]:
    for number, each in enumerate(shelf.files()):
        if number >= MOST_FILES:
            text = _("In deze map staan meer dan %(count)s bestanden. Laat Schakel in een eigen map kijken.")
            raise SchakelError(text % {"count": MOST_FILES}, code="too-many")
        yield each


def _looked(shelf: Shelf, pattern: str, access: Access) -> tuple[dict[str, Waiting], set[str] | None]:
    """The files of this source, and which of them have their marker (None: there are no markers)."""
    every = list(_bounded(shelf))
    marker = str(access.details.get("marker", ""))
    found = {}
    for each in every:
        if fnmatch(each.name.casefold(), pattern.casefold()) and not (marker and each.name.endswith(marker)):
            _distrust(each)
            found[each.name] = each
    names = {each.name for each in every}
    return found, {name for name in found if f"{name}{marker}" in names} if marker else None


def _distrust(each: Waiting) -> None:
    shown = " ".join(printable(each.name).split())[:_LONGEST]
    if not safe_name(each.name):
        text = _("Deze bestandsnaam kan hier niet: er staat een pad, een apparaat of een onzichtbaar teken in.")
        raise SchakelError(text, code="unsafe-name", where=shown, hint=_("Geef het bestand een andere naam."))
    if not each.plain:
        text = _("Dit is geen gewoon bestand maar een snelkoppeling of apparaat. Dat volgt Schakel niet.")
        raise SchakelError(text, code="unsafe-name", where=shown)
    if each.size > MOST_BYTES:
        text = _("Dit bestand is groter dan %(size)s GB. Zoveel neemt Schakel niet aan.")
        raise SchakelError(text % {"size": MOST_BYTES // 2**30}, code="too-much", where=shown)


def _queue(
    found: Mapping[str, Waiting], taken: tuple[str, int, int] | None, access: Access, wish: Wish
) -> list[Waiting]:
    """What is to be taken, the first first: only the last name, or every one after the one that was taken."""
    named = sorted(found.values(), key=lambda each: order(each.name))
    if not access.details.get("each"):
        return [each for each in named[-1:] if each.facts != taken]
    if taken is None:
        return named
    return [
        each
        for each in named
        if (each.name == taken[0] and (each.facts != taken or not wish.since)) or order(each.name) > order(taken[0])
    ]


def _same(shelf: Shelf, chosen: Waiting, wish: Wish, access: Access) -> None:
    """After the copy it must be the file that it was before."""
    again, _marked = _looked(shelf, wish.pattern, access)
    if chosen.name not in again or again[chosen.name].facts != chosen.facts:
        raise Broken(_("Dit bestand veranderde terwijl Schakel het haalde."), where=chosen.name)


def _taken(said: str) -> tuple[str, int, int] | None:
    try:
        name, size, changed = json.loads(said)
        return str(name), int(size), int(changed)
    except (ValueError, TypeError):
        return None
