"""OneRoster REST 1.1 and 1.2 (1EdTech): asking a server for what needs name, and for nothing else.

What comes of it is the same delivery as a zip with CSV files. After a whole reading only what changed is asked for
(filter on dateLastModified), until something makes that unsure; then it is read whole again.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from schakel.collect.providers import Access, Fetched, Offer, Told, Wish
from schakel.connectors import oneroster_objects as objects
from schakel.connectors.checkpoints import Checkpoint
from schakel.connectors.oneroster_fetched import TELLS, asked_layout, told
from schakel.connectors.oneroster_layout import layout
from schakel.connectors.oneroster_pages import Mark, Page, Question, Shifted, pages
from schakel.connectors.oneroster_roles import earlier_roles
from schakel.connectors.rest_client import Client
from schakel.connectors.rest_errors import ServerRefused
from schakel.connectors.rest_reading import RestProvider, first_page, steadily
from schakel.lib.errors import SchakelError, Unreadable
from schakel.lib.identifiers import content_hash
from schakel.lib.outgoing import Outgoing
from schakel.lib.text import gettext as _

KIND = "oneroster-rest"
VERSIONS: Mapping[str, tuple[str, ...]] = {
    "1.2": ("oauth2",),
    "1.1": ("oauth1-sha256", "oauth1-sha1", "oauth2"),
}
OVERLAP = timedelta(minutes=5)  # asked for twice, so that clocks and late writes lose nothing
_SCOPE = "https://purl.imsglobal.org/spec/or/{version}/scope/{name}.readonly"


class Reading:
    """One reading of a server."""

    def __init__(self, access: Access, way: Outgoing, wish: Wish, heard: Told, **how: Any) -> None:
        self.access, self.wish, self.heard = access, wish, heard
        self.columns = objects.wanted(wish.needed, access.version)
        self.collections = [c for c in objects.COLLECTIONS if self._files(c)]
        self.client = Client(access, way, scopes(access.version, self.collections), **how)
        self.roles = earlier_roles(wish.standing) if wish.since and "roles" in self.columns else None
        lost = bool(wish.since) and "roles" in self.columns and self.roles is None
        self.since = "" if lost else wish.since

    def run(self, folder: Path) -> Fetched:
        """All collections, or what is left of them."""
        if not self.collections:
            raise SchakelError(_("Geen enkele goedgekeurde behoefte vraagt iets van deze bron."), code="no-need")
        try:
            return self._run(folder)
        except ServerRefused as error:
            if not self.since or "invalid_filter_field" not in error.codes:
                raise
        self.since, self.roles = "", None  # this server cannot tell what changed: then all of it
        return self._run(folder)

    def _run(self, folder: Path) -> Fetched:
        kept = Checkpoint(folder, self._plan())
        if not kept.complete:
            for collection in self.collections:
                if collection not in kept.state.done:
                    self._collection(kept, collection)
            if self.since and not kept.state.sizes:
                return Fetched(changed=False, until=kept.state.until)
            modes = kept.state.modes
            kept.publish(told(self.access.version, self.columns, modes), TELLS)
        return Fetched(changed=True, until=kept.state.until)

    def offers(self) -> Iterator[Offer]:
        """What the server has of each file, by its first page."""
        for collection in self.collections:
            files = self._files(collection)
            page = first_page(pages(self.client, self._question(collection, limit=50), Mark(), set()))
            if isinstance(page, Page):
                yield from (self._offer(file, collection, page) for file in files)
            elif not isinstance(page, Shifted):  # one page of more does not add up, and need not
                yield from (Offer(file, None, refused=str(page)) for file in files)

    def _offer(self, file: str, collection: str, page: Page) -> Offer:
        rows = [
            row for each in page.objects for name, row in objects.rows(collection, each, self.columns) if name == file
        ]
        filled = {name for row in rows for name, value in row.items() if value}
        columns = self.columns[file]
        total = page.after.total if file == collection else None
        return Offer(
            file, total, tuple(c for c in columns if c in filled), tuple(c for c in columns if c not in filled)
        )

    def _files(self, collection: str) -> list[str]:
        return [file for file in objects.files_of(collection, self.access.version) if file in self.columns]

    def _plan(self) -> str:
        """What is asked of whom: a checkpoint of something else is of no use."""
        facts = [self.access.address, self.access.version, self.access.client, self.since]
        return content_hash([*facts, {name: list(columns) for name, columns in self.columns.items()}])

    def _question(self, collection: str, **how: Any) -> Question:
        fields = objects.asked_fields(collection, self.columns, self.access.version)
        return Question(address_of(self.access, collection), collection, fields, self._filter(), **how)

    def _filter(self) -> str:
        return f"dateLastModified>'{self.since}'" if self.since else ""

    def _collection(self, kept: Checkpoint, collection: str) -> None:
        """One collection to its end; from its start again when it changed meanwhile."""
        try:
            steadily(kept, lambda: self._walk(kept, collection))
        except ServerRefused as error:
            if not self._may_lack(collection, error):
                raise
            kept.again()
        files = self._files(collection)
        self._distrust_nothing(kept, files)
        kept.finish(dict.fromkeys(files, "delta" if self.since else "bulk"))

    def _walk(self, kept: Checkpoint, collection: str) -> None:
        mark, seen = kept.begin(collection)
        for page in pages(self.client, self._question(collection), mark, seen):
            if not kept.state.until:
                kept.state.until = _moment(page.headers)
            lines, met = self._lines(collection, page)
            kept.add(lines, {name: self._header(name) for name in lines}, page.after, met)
            for name, rows in lines.items():
                self.heard(f"{name}.csv", len(rows))

    def _lines(self, collection: str, page: Page) -> tuple[dict[str, list[list[str]]], list[str]]:
        lines: dict[str, list[list[str]]] = {name: [] for name in self._files(collection)}
        for each in page.objects:
            for name, row in self._rows(collection, each):
                lines[name].append([row.get(column, "") for column in self._header(name)])
        return lines, [str(each["sourcedId"]) for each in page.objects]

    def _rows(self, collection: str, found: Mapping[str, Any]) -> Iterator[tuple[str, objects.Row]]:
        """The rows of an object. What is deleted says so in a delta, and is not there in a whole."""
        gone = str(found.get("status", "")).lower() == "tobedeleted"
        if not self.since:
            yield from () if gone else objects.rows(collection, found, self.columns)
            return
        now = list(objects.rows(collection, found, self.columns))
        for name, row in now:
            if name != "roles" or not gone:
                yield name, row | {"status": "tobedeleted" if gone else "active"}
        if collection == "users" and self.roles is not None:
            left = set() if gone else {row["sourcedId"] for name, row in now if name == "roles"}
            for row in self.roles.get(str(found["sourcedId"]), ()):
                if row["sourcedId"] not in left:
                    date = objects.text_of(found.get("dateLastModified"))
                    yield "roles", row | {"status": "tobedeleted", "dateLastModified": date}

    def _header(self, name: str) -> list[str]:
        shape = asked_layout(
            self.access.version, {name: list(self.columns[name])}, {name: "delta" if self.since else ""}
        )
        return list(shape.files[name].names)

    def _may_lack(self, collection: str, error: ServerRefused) -> bool:
        """Whether the server simply does not have this part, and never had: then its columns are missing, and told."""
        shape = layout(objects.LAYOUTS[self.access.version])
        files = self._files(collection)
        absent = error.status in (404, 501)
        return absent and not any(shape.files[name].required or name in self.wish.had for name in files)

    def _distrust_nothing(self, kept: Checkpoint, files: list[str]) -> None:
        """A server that suddenly has none at all of what it had is not believed."""
        shape = layout(objects.LAYOUTS[self.access.version])
        for name in files:
            if not self.since and shape.files[name].required and name in self.wish.had and name not in kept.state.sizes:
                text = _("De server geeft geen enkele rij '%(name)s', terwijl die er eerder wel waren.")
                raise Unreadable(text % {"name": name}, code="emptied", hint=_("Wat er stond bleef staan."))


PROVIDER = RestProvider(Reading, VERSIONS)


def address_of(access: Access, collection: str) -> str:
    """Where a collection is: the address that was given, with the path of the standard behind it where that lacks."""
    base = access.address.rstrip("/")
    if access.version == "1.1":
        return f"{base}/{collection}" if base.endswith("/v1p1") else f"{base}/ims/oneroster/v1p1/{collection}"
    service = next(name for name, known in _SERVICES.items() if collection in known)
    for name in _SERVICES:  # the address of one service tells where the others are
        base = base.removesuffix(f"/{name}/v1p2")
    base = base if base.endswith("/ims/oneroster") else f"{base}/ims/oneroster"
    return f"{base}/{service}/v1p2/{collection}"


_SERVICES = {"rostering": objects.ROSTERING, "gradebook": objects.GRADEBOOK, "resources": objects.RESOURCES}


def scopes(version: str, collections: list[str]) -> tuple[str, ...]:
    """The least that these collections ask for."""
    names = list[str]()
    for collection in collections:
        name = "roster-core"
        if collection == "demographics":
            name = "roster-demographics"
        elif collection in objects.GRADEBOOK:
            name = "gradebook-core"
        elif collection in objects.RESOURCES:
            name = "resource-core"
        if name not in names:
            names.append(name)
    return tuple(_SCOPE.format(version=f"v{version.replace('.', 'p')}", name=name) for name in names)


def _moment(headers: Mapping[str, str]) -> str:
    """The moment on the clock of the server, with some overlap; our own clock when it does not tell."""
    try:
        now = parsedate_to_datetime(headers.get("date", "")).astimezone(UTC)
    except ValueError:
        now = datetime.now(UTC)
    return f"{now - OVERLAP:%Y-%m-%dT%H:%M:%S.000Z}"
