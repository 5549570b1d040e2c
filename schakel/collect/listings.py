"""What lies in a delivered zip, folder or file, looked at with distrust: nothing is unpacked, nothing leads outside."""

import hashlib
import stat
import zipfile
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from schakel.lib.errors import Unreadable
from schakel.lib.text import gettext as _

MAX_ENTRIES = 1000
MAX_BYTES = 16 * 2**30  # one file, unpacked
MAX_RATIO = 250  # unpacked : packed; OneRoster files reach 5 to 40
RATIO_FROM = 50 * 2**20  # below this size a high ratio does no harm
CHUNK = 2**22
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")  # zips inside, most of them, and one file all the same
# What the reader of zips says of a damaged one; the last of a part without any name.
_DAMAGED = (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError, ValueError, RuntimeError, IndexError)
_BYCATCH = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


@dataclass(frozen=True)
class Entry:
    """One file in a listing, by its path inside it."""

    path: str
    size: int
    disk: Path
    packed: bool = False
    on_disk: bool = True  # and not made while reading, like a sheet of a workbook

    @property
    def name(self) -> str:
        """The last part of the path."""
        return PurePosixPath(self.path).name

    @property
    def is_workbook(self) -> bool:
        """Whether it is called as a workbook is, old or new."""
        return self.name.casefold().endswith(WORKBOOKS)

    @property
    def nested(self) -> bool:
        """Whether it lies in a folder of the package."""
        return "/" in self.path

    @property
    def bycatch(self) -> bool:
        """Whether a packing program left it behind."""
        return any(mark in self.path for mark in _BYCATCH) or self.name.startswith("._")

    def chunks(self) -> Iterator[bytes]:
        """The content in pieces. Raises Unreadable where the bytes are damaged or more than was announced."""
        seen = 0
        try:
            with self._opened() as stream:
                while piece := stream.read(CHUNK):
                    seen += len(piece)
                    if seen > max(self.size, 0):
                        raise Unreadable(_("Het bestand is groter dan het zegt te zijn."), where=self.path)
                    yield piece
        except (OSError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError) as error:
            raise Unreadable(_("Het bestand is beschadigd of versleuteld."), where=self.path) from error

    def head(self, size: int = 2**16) -> bytes:
        """The first bytes."""
        got = b""
        for piece in self.chunks():
            got += piece
            if len(got) >= size:
                break
        return got[:size]

    @contextmanager
    def _opened(self):  # type: ignore[no-untyped-def]
        if not self.packed:
            with self.disk.open("rb") as stream:
                yield stream
            return
        with zipfile.ZipFile(self.disk) as archive, archive.open(self.path) as stream:
            yield stream


@dataclass(frozen=True)
class Listing:
    """The files of one delivery."""

    path: Path
    entries: tuple[Entry, ...]

    def digest(self) -> str:
        """SHA-256 over the delivered bytes (of a zip: as packed), with their names."""
        total, disks = hashlib.sha256(), sorted({entry.disk for entry in self.entries})
        with ThreadPoolExecutor(2) as both:
            for disk, digest in zip(disks, both.map(_digest, disks), strict=True):
                total.update(disk.relative_to(self.path).as_posix().encode() if disk != self.path else b".")
                total.update(digest)
        return total.hexdigest()


def _digest(disk: Path) -> bytes:
    with disk.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").digest()


def listing(path: Path) -> Listing:
    """What lies at this path. Raises Unreadable for what is missing, damaged, dangerous or empty."""
    where = path.name or str(path)
    try:
        entries = _folder(path) if path.is_dir() else _file(path)
    except OSError as error:
        raise Unreadable(_("Dit bestand of deze map is niet te openen."), where=where) from error
    if not _written_in_text([where, *(entry.path for entry in entries)]):
        raise Unreadable(_("Een bestandsnaam bestaat niet uit leesbare tekens. Geef het bestand een andere naam."))
    if len(entries) > MAX_ENTRIES:
        raise Unreadable(_("Er staan te veel bestanden in deze levering."), where=where)
    if not entries:
        raise Unreadable(_("Hier staat geen enkel bestand in."), where=where)
    return Listing(path, tuple(sorted(entries, key=lambda e: e.path)))


def _written_in_text(names: list[str]) -> bool:
    """Whether names are text in a known encoding: others can stand in no report and no table."""
    try:
        "".join(names).encode()
    except UnicodeEncodeError:
        return False
    return True


def _folder(path: Path) -> list[Entry]:
    found = list[Entry]()
    for each in path.rglob("*"):
        if len(found) > MAX_ENTRIES:
            break
        if each.is_symlink() or not each.is_file():
            _refuse_link(each, path)
            continue
        found.append(Entry(each.relative_to(path).as_posix(), each.stat().st_size, each))
    return found


def _refuse_link(each: Path, root: Path) -> None:
    if not each.is_dir() or each.is_symlink():
        message = _("Een snelkoppeling of bijzonder bestand in een levering wordt niet gevolgd.")
        raise Unreadable(message, where=each.relative_to(root).as_posix())


def _file(path: Path) -> list[Entry]:
    details = path.stat()
    if not stat.S_ISREG(details.st_mode):
        raise Unreadable(_("Dit is geen gewoon bestand."), where=path.name)
    if path.suffix.lower() == ".zip" or (zipfile.is_zipfile(path) and path.suffix.lower() not in WORKBOOKS):
        return _zip(path)
    return [Entry(path.name, details.st_size, path)]


def _zip(path: Path) -> list[Entry]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = [m for m in archive.infolist() if not m.is_dir()]
    except _DAMAGED as error:
        raise Unreadable(_("Dit zipbestand is beschadigd."), where=path.name) from error
    if len(members) > MAX_ENTRIES:
        raise Unreadable(_("Er staan te veel bestanden in deze levering."), where=path.name)
    if len({m.filename for m in members}) < len(members):
        raise Unreadable(_("Twee bestanden in dit zipbestand heten hetzelfde."), where=path.name)
    for member in members:
        _distrust(member, path.name)
    _refuse_bomb(sum(m.file_size for m in members), path.stat().st_size, path.name)
    return [Entry(m.filename, m.file_size, path, packed=True) for m in members]


def _distrust(member: zipfile.ZipInfo, package: str) -> None:
    parts = PurePosixPath(member.filename.replace("\\", "/"))
    if parts.is_absolute() or ".." in parts.parts or ":" in member.filename or "\\" in member.filename:
        raise Unreadable(_("Een bestandsnaam in dit zipbestand wijst naar buiten het pakket."), where=package)
    if stat.S_ISLNK(member.external_attr >> 16):
        raise Unreadable(_("Een snelkoppeling in een zipbestand wordt niet gevolgd."), where=package)
    if member.flag_bits & 0x1:
        raise Unreadable(_("Dit zipbestand is versleuteld met een wachtwoord."), where=package)
    _refuse_bomb(member.file_size, member.compress_size, package)


def _refuse_bomb(size: int, packed: int, package: str) -> None:
    if size > MAX_BYTES or (size > RATIO_FROM and size > MAX_RATIO * max(packed, 1)):
        message = _("Dit zipbestand zwelt bij het uitpakken op tot een omvang die niet bij een levering past.")
        raise Unreadable(message, code="bomb", where=package)
