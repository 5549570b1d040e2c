"""Secrets as they may lie in the register: encrypted with a key that lies outside it.

The file has one key a line. The first one writes, all of them read: so keys are renewed while others go on reading.
What is sealed for one purpose opens for that purpose only.
"""

import os
import secrets
import stat
from collections.abc import Callable
from contextlib import suppress
from json import dumps, loads
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from schakel.lib.errors import SchakelError
from schakel.lib.locks import held
from schakel.lib.text import gettext as _


class Vault:
    """The keys in one file, made at first use."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def sealed(self, purpose: str, secret: str) -> str:
        """The secret as it may lie in a database."""
        return MultiFernet(self._fernets()).encrypt(dumps([purpose, secret]).encode()).decode()

    def opened(self, purpose: str, sealed: str) -> str:
        """The secret again. Raises SchakelError when no key opens it, or it was sealed for something else."""
        try:
            said, secret = loads(MultiFernet(self._fernets()).decrypt(sealed.encode()))
        except (InvalidToken, ValueError, TypeError):
            raise _closed() from None
        if said != purpose:
            raise _closed()
        return str(secret)

    def renew(self, seal_again: Callable[[], None]) -> None:
        """Put a new key in front, let every secret be sealed again, and keep one key of before.

        The one of before stays for who read the file just now; a crash in between leaves all keys, and nothing is lost.
        """
        with held(self.path.with_name(f".{self.path.name}.lock")):
            before = self._keys()
            fresh = Fernet.generate_key().decode()
            self._write([fresh, *before])
            seal_again()
            self._write([fresh, before[0]])

    def _fernets(self) -> list[Fernet]:
        try:
            return [Fernet(key) for key in self._keys()]
        except ValueError:
            raise self._broken() from None

    def _keys(self) -> list[str]:
        if not os.path.lexists(self.path):
            self._make()
        try:
            loose = stat.S_IMODE(self.path.stat().st_mode) & 0o077
            keys = [line.strip() for line in self.path.read_text(encoding="ascii").splitlines() if line.strip()]
        except (OSError, ValueError):
            raise self._broken() from None
        if loose:
            text = _("Anderen kunnen %(path)s lezen. Zet de rechten op 600.")
            raise SchakelError(text % {"path": self.path.name}, code="setting")
        if not keys:
            raise self._broken()
        return keys

    def _make(self) -> None:
        """The first key. Of processes that start at the same moment one makes it."""
        aside = self._aside([Fernet.generate_key().decode()])
        try:
            with suppress(FileExistsError):
                os.link(aside, self.path)
        finally:
            aside.unlink()

    def _write(self, keys: list[str]) -> None:
        self._aside(keys).replace(self.path)

    def _aside(self, keys: list[str]) -> Path:
        aside = self.path.with_name(f".{self.path.name}.{secrets.token_hex(8)}")
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write("".join(f"{key}\n" for key in keys))
            file.flush()
            os.fsync(file.fileno())
        return aside

    def _broken(self) -> SchakelError:
        hint = _("Zet het bestand terug uit een reservekopie, of verwijder het en vul elk geheim opnieuw in.")
        return SchakelError(_("%(path)s bevat geen sleutels.") % {"path": self.path.name}, code="setting", hint=hint)


def _closed() -> SchakelError:
    text = _("Het bewaarde geheim is met de sleutel van deze installatie niet te openen. Vul het opnieuw in.")
    return SchakelError(text, code="key")
