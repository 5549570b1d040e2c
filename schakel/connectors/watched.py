"""A folder of this machine in which another program leaves files; only inside the folders that are allowed for it."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from schakel.collect.providers import Access
from schakel.connectors.waiting_files import Waiting
from schakel.lib.addresses import inside_folders, local
from schakel.lib.errors import SchakelError
from schakel.lib.outgoing import Broken, Outgoing
from schakel.lib.text import gettext as _

KIND = "folder"
SCHEMES = ("file",)


@contextmanager
def opened(access: Access, way: Outgoing) -> Iterator["Folder"]:
    """The folder. Raises Closed for one that is not allowed, and SchakelError for one that cannot be read."""
    path = local(access.address)
    if path is None:
        raise SchakelError(_("Dit is geen map van deze machine."), code="address")
    folder = Folder(inside_folders(path, way.allowed))
    try:
        yield folder
    except FileNotFoundError:
        raise Broken(_("Deze map of dit bestand is er niet meer."), where=str(path)) from None
    except PermissionError:
        text = _("Schakel mag hier niet lezen of verplaatsen. Geef de gebruiker van Schakel recht op deze map.")
        raise SchakelError(text, code="no-right", where=str(path)) from None
    except OSError:
        raise Broken(_("Deze map is niet te lezen."), where=str(path)) from None


class Folder:
    """A folder on disk."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def files(self) -> Iterator[Waiting]:
        """What lies in it; links are told, not followed."""
        with os.scandir(self.path) as found:
            for each in found:
                facts = each.stat(follow_symlinks=False)
                if not stat.S_ISDIR(facts.st_mode):
                    yield Waiting(each.name, facts.st_size, facts.st_mtime, plain=stat.S_ISREG(facts.st_mode))

    @contextmanager
    def read(self, name: str) -> Iterator[IO[bytes]]:
        """The content, never through a link."""
        with os.fdopen(os.open(self.path / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise PermissionError
            yield file

    def move(self, name: str, folder: str, becomes: str) -> None:
        """Into a folder in this one."""
        target = self.path / folder
        target.mkdir(mode=0o700, exist_ok=True)
        if target.is_symlink():
            raise PermissionError
        (self.path / name).replace(target / becomes)
