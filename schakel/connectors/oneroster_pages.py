"""Walking a collection page by page, and seeing that nothing is missed or met twice.

A roster that changes while it is read shifts under the walk: rows move to a page that was read, or come again. The
total before paging (X-Total-Count) and the keys that were met tell; then the collection is read again from its start.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode, urljoin

from schakel.connectors.rest_client import Client
from schakel.connectors.rest_errors import ServerRefused
from schakel.lib.addresses import place
from schakel.lib.errors import SchakelError
from schakel.lib.text import gettext as _

LIMIT = 1000  # objects a page that we ask for; a server may give less
MOST_OBJECTS = 20_000_000
_NEXT = re.compile(r'<([^<>]*)>\s*;[^,]*?\brel\s*=\s*"?next"?(?=\s*(?:[;,]|$))', re.I)


@dataclass
class Shifted(SchakelError):
    """The collection changed while it was read."""

    code: str = "shifted"
    retry: bool = True


@dataclass(frozen=True)
class Mark:
    """Where the walk is: the next page, how many objects came before, and the total that the server said."""

    next: str = ""
    offset: int = 0
    total: int | None = None
    over: bool = False


@dataclass(frozen=True)
class Page:
    """One page: its objects, the headers, and where to go on after it."""

    objects: list[Mapping[str, Any]]
    after: Mark
    headers: Mapping[str, str]


@dataclass
class Question:
    """What is asked of a collection. What a server says it does not know (fields, sort) is left out from then on."""

    address: str
    name: str
    fields: list[str] = field(default_factory=list)
    filter: str = ""
    limit: int = LIMIT
    sort: str = "sourcedId"

    def page(self, offset: int) -> str:
        """The address of a page."""
        asked = {"limit": str(self.limit), "offset": str(offset)}
        if self.sort:
            asked |= {"sort": self.sort, "orderBy": "asc"}
        if self.fields:
            asked["fields"] = ",".join(self.fields)
        if self.filter:
            asked["filter"] = self.filter
        return f"{self.address}?{urlencode(asked, quote_via=quote)}"

    def simpler(self, error: ServerRefused) -> bool:
        """Leave out what the server says it does not know; whether there was something to leave out."""
        if error.status != 400:  # noqa: PLR2004
            return False
        for code, name in (("invalid_sort_field", "sort"), ("invalid_selection_field", "fields")):
            if code in error.codes and getattr(self, name):
                setattr(self, name, "" if name == "sort" else [])
                return True
        return False


def pages(client: Client, question: Question, mark: Mark, seen: set[str]) -> Iterator[Page]:
    """The pages from this mark on. `seen` are the keys met before it, and grows.

    Raises Shifted when the pages do not add up, and SchakelError for what is no page of a collection.
    """
    while not mark.over:
        said, headers = _asked(client, question, mark)
        objects = _objects(said, question)
        _meet(objects, seen, question)
        mark = _onward(question, mark, len(objects), headers)
        if mark.over and mark.total is not None and mark.total != mark.offset:
            raise _shifted(question)
        if mark.offset > MOST_OBJECTS:
            raise SchakelError(_("Deze server geeft geen einde aan de lijst."), where=question.name)
        yield Page(objects, mark, headers)


def _asked(client: Client, question: Question, mark: Mark) -> tuple[dict[str, Any], Mapping[str, str]]:
    while True:
        try:
            return client.get(mark.next or question.page(mark.offset))
        except ServerRefused as error:
            if mark.offset or not question.simpler(error):
                raise


def _objects(said: Mapping[str, Any], question: Question) -> list[Mapping[str, Any]]:
    found = said.get(question.name)
    if not isinstance(found, list) or not all(isinstance(each, Mapping) for each in found):
        text = _("Het antwoord van deze server bevat geen lijst '%(name)s'.") % {"name": question.name}
        raise SchakelError(text, code="envelope", where=place(question.address).shown)
    return found


def _meet(objects: list[Mapping[str, Any]], seen: set[str], question: Question) -> None:
    """Each key once: a page that brings what was met before has shifted, or the list never ends."""
    for each in objects:
        key = each.get("sourcedId")
        if not isinstance(key, str) or not key:
            text = _("Een object in '%(name)s' heeft geen sourcedId.") % {"name": question.name}
            raise SchakelError(text, code="no-key", where=place(question.address).shown)
        if key in seen:
            raise _shifted(question)
        seen.add(key)


def _onward(question: Question, mark: Mark, count: int, headers: Mapping[str, str]) -> Mark:
    total = _total(headers)
    if mark.offset and total != mark.total:
        raise _shifted(question)
    offset = mark.offset + count
    link = headers.get("link")
    following = _NEXT.search(link) if link else None
    if following and count:
        return Mark(_followed(question, mark, following.group(1)), offset, total)
    if total is not None and count and offset < total and not link:
        return Mark("", offset, total)
    unknown = total is None and link is None and count > 0
    return Mark("", offset, total, over=not unknown)


def _followed(question: Question, mark: Mark, link: str) -> str:
    """The next page as the server names it, when that is a page of the same collection."""
    address = urljoin(mark.next or question.address, link)
    ours, theirs = place(question.address), place(address)
    if theirs.origin != ours.origin or theirs.path.partition("?")[0] != ours.path:
        text = _("De volgende bladzijde zou op een andere plek staan. Dat volgt Schakel niet.")
        raise SchakelError(text, code="outgoing", where=ours.shown)
    return address


def _total(headers: Mapping[str, str]) -> int | None:
    said = headers.get("x-total-count", "").strip()
    return int(said) if said.isdecimal() and len(said) < 12 else None  # noqa: PLR2004


def _shifted(question: Question) -> Shifted:
    text = _("De lijst '%(name)s' veranderde terwijl Schakel hem las, of de server telt verkeerd.")
    return Shifted(text % {"name": question.name}, where=place(question.address).shown)
