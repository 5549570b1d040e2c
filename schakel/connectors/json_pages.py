"""Walking a list at a JSON server page by page, in the ways that are met in practice.

    none     everything in one answer
    link     the Link header names the next page (RFC 8288)
    next     a field of the answer names the next page
    page     a number in the question, counted up until a page is empty
    offset   how many rows to skip, counted up until a page is empty
    cursor   a field of the answer goes into the next question

A page that came before, or a total that changes, is a list that shifted under the walk: then it is read anew.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from schakel.connectors.oneroster_pages import MOST_OBJECTS, Mark, Page, Shifted
from schakel.connectors.rest_client import Client
from schakel.lib.addresses import place
from schakel.lib.errors import SchakelError
from schakel.lib.identifiers import content_hash
from schakel.lib.text import gettext as _

KINDS = ("none", "link", "next", "page", "offset", "cursor")
COUNTED = ("page", "offset")
_NEXT = re.compile(r'<([^<>]*)>\s*;[^,]*?\brel\s*=\s*"?next"?(?=\s*(?:[;,]|$))', re.I)
_STEP = re.compile(r"\[(\d{1,6})\]")


@dataclass(frozen=True)
class Listed:
    """Where a list is and how its pages are asked for. `rows` and `following` are paths in the answer."""

    address: str
    rows: str = ""
    kind: str = "none"
    parameter: str = ""
    size_parameter: str = ""
    size: int = 0
    following: str = ""
    total: str = ""
    first: int = 1
    asked: Mapping[str, str] = field(default_factory=dict)

    def at(self, **more: str) -> str:
        """The address with what is asked in it."""
        parts = urlsplit(self.address)
        query = {**dict(parse_qsl(parts.query, keep_blank_values=True)), **self.asked, **more}
        return urlunsplit(parts._replace(query=urlencode(query)))

    @property
    def start(self) -> str:
        """The address of the first page."""
        return self.counted(0, 0)

    def counted(self, page: int, rows: int) -> str:
        """The address of a page by its number (from 0) or by the rows before it."""
        more = {self.size_parameter: str(self.size)} if self.size_parameter and self.size else {}
        if self.kind in COUNTED and self.parameter:
            more[self.parameter] = str(self.first + page if self.kind == "page" else rows)
        return self.at(**more)


def listed(base: str, told: Mapping[str, Any], fields: tuple[str, ...]) -> Listed:
    """How the rows of a relation are asked for, from its declaration; `fields` are the paths that are needed."""
    paging = told.get("paging", {})
    select = (
        {paging["select"]: ",".join(dict.fromkeys(_first(each) for each in fields))} if paging.get("select") else {}
    )
    return Listed(
        f"{base.rstrip('/')}/{str(told['path']).lstrip('/')}",
        str(told.get("rows", "")),
        paging.get("kind", "none"),
        paging.get("parameter", ""),
        paging.get("size_parameter", ""),
        int(paging.get("size", 0)),
        paging.get("following", ""),
        paging.get("total", ""),
        int(paging.get("first", 1)),
        select,
    )


def walk(client: Client, listed_: Listed, mark: Mark, seen: set[str]) -> Iterator[Page]:
    """The pages from this mark on; `seen` has a print of each page before it, and grows.

    Raises Shifted when pages come twice or do not add up, and SchakelError for what is no list.
    """
    while not mark.over:
        address = mark.next or listed_.start
        said, headers = client.read(address)
        rows = _rows(said, listed_)
        if rows:
            _new(rows, seen, listed_)
        mark = _onward(said, headers, listed_, address, mark, len(rows), len(seen))
        if mark.over and mark.total is not None and mark.total != mark.offset:
            raise _shifted(listed_)
        if mark.offset > MOST_OBJECTS:
            raise SchakelError(_("Deze server geeft geen einde aan de lijst."), where=place(listed_.address).shown)
        yield Page(rows, mark, headers)


def value_at(thing: Any, path: str) -> Any:
    """What stands at a path: names with dots between them, and [0] for a place in a list; None where nothing is.

    A name that has a dot itself, as `@odata.nextLink`, is found as it is.
    """
    while path:
        if isinstance(thing, Mapping) and path in thing:
            return thing[path]
        part, _dot, path = path.partition(".")
        name = part.partition("[")[0]
        if name:
            thing = thing.get(name) if isinstance(thing, Mapping) else None
        for at in _STEP.findall(part):
            thing = thing[int(at)] if isinstance(thing, list) and int(at) < len(thing) else None
    return thing


def _first(path: str) -> str:
    return re.split(r"[.\[]", path, maxsplit=1)[0]


def _rows(said: Any, listed_: Listed) -> list[Mapping[str, Any]]:
    found = value_at(said, listed_.rows)
    if not isinstance(found, list) or not all(isinstance(each, Mapping) for each in found):
        name = listed_.rows or _("het antwoord zelf")
        text = _("Op de plek '%(name)s' geeft deze server geen lijst van rijen.") % {"name": name}
        raise SchakelError(text, code="envelope", where=place(listed_.address).shown)
    return found


def _new(rows: list[Mapping[str, Any]], seen: set[str], listed_: Listed) -> None:
    print_ = content_hash(rows)
    if print_ in seen:
        raise _shifted(listed_)
    seen.add(print_)


def _onward(
    said: Any, headers: Mapping[str, str], listed_: Listed, address: str, mark: Mark, count: int, pages: int
) -> Mark:
    total = _total(said, headers, listed_)
    if mark.offset and total != mark.total:
        raise _shifted(listed_)
    rows = mark.offset + count
    following = ""
    if listed_.kind in COUNTED:
        whole = not count or (total is not None and rows >= total)
        following = "" if whole else listed_.counted(pages, rows)
    elif listed_.kind == "cursor":
        cursor = value_at(said, listed_.following)
        following = listed_.at(**{listed_.parameter: str(cursor)}) if cursor not in (None, "", False) else ""
    elif listed_.kind == "next":
        following = str(value_at(said, listed_.following) or "")
    elif listed_.kind == "link":
        found = _NEXT.search(headers.get("link", ""))
        following = found.group(1) if found else ""
    if following and count:
        return Mark(_here(listed_, address, following), rows, total)
    return Mark("", rows, total, over=True)


def _here(listed_: Listed, address: str, following: str) -> str:
    """The next page, when it is a page of the same list."""
    onward = urljoin(address, following)
    ours, theirs = place(listed_.address), place(onward)
    if theirs.origin != ours.origin or theirs.path.partition("?")[0] != ours.path.partition("?")[0]:
        text = _("De volgende bladzijde zou op een andere plek staan. Dat volgt Schakel niet.")
        raise SchakelError(text, code="outgoing", where=ours.shown)
    return onward


def _total(said: Any, headers: Mapping[str, str], listed_: Listed) -> int | None:
    value = value_at(said, listed_.total) if listed_.total else headers.get("x-total-count", "").strip()
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    text = str(value)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else None  # noqa: PLR2004


def _shifted(listed_: Listed) -> Shifted:
    text = _("De lijst veranderde terwijl Schakel hem las, of de server geeft een bladzijde twee keer.")
    return Shifted(text, where=place(listed_.address).shown)
