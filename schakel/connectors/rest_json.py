"""Reading a server that answers in JSON, by declaration: where each list is, how it pages, which fields are needed.

Page by page on disk (checkpoints.py): a break costs one page, and what nobody asked for is not written.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from schakel.collect.providers import Access, Fetched, Offer, Told, Wish
from schakel.connectors.checkpoints import Checkpoint
from schakel.connectors.declared import TELLS, Relation, as_told, asked
from schakel.connectors.json_pages import Listed, listed, value_at, walk
from schakel.connectors.oneroster_pages import Mark
from schakel.connectors.rest_client import Client
from schakel.connectors.rest_reading import RestProvider, first_page, steadily
from schakel.lib import clock
from schakel.lib.addresses import place
from schakel.lib.errors import SchakelError
from schakel.lib.identifiers import content_hash
from schakel.lib.outgoing import Outgoing
from schakel.lib.text import gettext as _

KIND = "rest-json"


class Reading:
    """One reading of a server."""

    def __init__(self, access: Access, way: Outgoing, wish: Wish, heard: Told, **how: Any) -> None:
        self.access, self.wish, self.heard = access, wish, heard
        self.relations = asked(wish.declared, wish.needed)
        self.client = Client(access, way, tuple(str(access.details.get("scope", "")).split()), **how)

    def run(self, folder: Path) -> Fetched:
        """All lists, or what is left of them."""
        kept = Checkpoint(folder, self._plan())
        if not kept.complete:
            for relation in self.relations:
                if relation.name not in kept.state.done:
                    self._list(kept, relation)
            self._empty_files(kept)
            kept.publish(as_told(self.wish.declared, self.relations), TELLS)
        return Fetched(changed=True)

    def offers(self) -> Iterator[Offer]:
        """What the server has of each list, by its first page."""
        for relation in self.relations:
            name = str(relation.told["path"])
            page = first_page(walk(self.client, self._listed(relation), Mark(), set()))
            if isinstance(page, SchakelError):
                yield Offer(name, None, refused=str(page))
                continue
            filled = [h for h in relation.headers if any(value_at(row, h) not in (None, "") for row in page.objects)]
            there = relation.fields(filled)
            lacking = tuple(each for each in relation.fields(relation.headers) if each not in there)
            yield Offer(name, page.after.total, there, lacking)

    def _plan(self) -> str:
        """What is asked of whom: a checkpoint of something else is of no use."""
        facts = [self.access.address, self.access.client, dict(self.wish.declared)]
        return content_hash([*facts, [[each.name, each.headers] for each in self.relations]])

    def _listed(self, relation: Relation) -> Listed:
        return listed(self.access.address, relation.told, relation.headers)

    def _list(self, kept: Checkpoint, relation: Relation) -> None:
        """One list to its end; from its start again when it changed meanwhile."""
        steadily(kept, lambda: self._walk(kept, relation))
        kept.finish({relation.name: "bulk"})

    def _walk(self, kept: Checkpoint, relation: Relation) -> None:
        mark, seen = kept.begin(relation.name)
        for page in walk(self.client, self._listed(relation), mark, seen):
            lines = [[self._text(row, header, relation) for header in relation.headers] for row in page.objects]
            met = [content_hash(page.objects)] if page.objects else []
            kept.add({relation.name: lines}, {relation.name: list(relation.headers)}, page.after, met)
            self.heard(f"{relation.name}.csv", len(lines))

    def _text(self, row: Mapping[str, Any], header: str, relation: Relation) -> str:
        try:
            return text_of(value_at(row, header), dated=header in relation.dated)
        except ValueError:
            text = _("Op de plek '%(path)s' staan geen losse waarden, dus die is zo niet te lezen.")
            where = place(self._listed(relation).address).shown
            raise SchakelError(text % {"path": header}, code="value", where=where) from None

    def _empty_files(self, kept: Checkpoint) -> None:
        """A list without rows is a file with a header alone: there is nothing, and that is known."""
        for relation in self.relations:
            path = kept.parts / f"{relation.name}.csv"
            if not path.exists():
                path.write_text(",".join(f'"{h.replace(chr(34), chr(34) * 2)}"' for h in relation.headers) + "\n")


PROVIDER = RestProvider(Reading, {"": ("oauth2", "bearer", "basic", "none")})


def text_of(value: Any, *, dated: bool = False) -> str:
    """A value as it stands in the file. A moment of which only the day is needed is the day in Dutch time.

    Raises ValueError for an object, or a list of objects.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return format(Decimal(repr(value)), "f")
    if isinstance(value, list):
        return ",".join(_single(each) for each in value)
    return _day(_single(value)) if dated else _single(value)


def _single(value: Any) -> str:
    if isinstance(value, Mapping | list):
        raise ValueError(type(value).__name__)
    return text_of(value) if isinstance(value, float | bool) or value is None else str(value)


def _day(text: str) -> str:
    if len(text) <= len("2026-01-31"):
        return text
    try:
        return clock.day_of(datetime.fromisoformat(text)).isoformat()
    except ValueError:
        return text
