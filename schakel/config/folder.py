"""The data folder of a board and the key in it: made at the first start, readable by their owner only."""

import contextlib
import os
import secrets
from pathlib import Path

from schakel.lib.errors import SchakelError
from schakel.lib.text import gettext as _

KEY = "secret.key"
LEAST_KEY = 32  # signs


def prepared(path: Path) -> Path:
    """The folder, made where it is not there yet. Raises SchakelError where it cannot be one."""
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError:
        text = _("De datamap %(path)s is er niet en kan niet worden gemaakt.")
        raise SchakelError(text % {"path": path}, code="setting") from None
    if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        raise SchakelError(_("In de datamap %(path)s mag niet worden geschreven.") % {"path": path}, code="setting")
    return path


def secret(data: Path) -> str:
    """The key of this board. Of processes that start at the same moment one makes it; the others read it whole."""
    path = data / KEY
    if not os.path.lexists(path):
        _make(path)
    try:
        key = path.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        raise _broken(path) from None
    if len(key) < LEAST_KEY:
        raise _broken(path)
    return key


def _make(path: Path) -> None:
    """Write it aside and give it its name in one step, so that nobody ever reads half a key."""
    aside = path.with_name(f".{KEY}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(48))
    try:
        with contextlib.suppress(FileExistsError):  # another process was first
            os.link(aside, path)
    finally:
        aside.unlink()


def _broken(path: Path) -> SchakelError:
    text = _("%(path)s is geen sleutel.")
    hint = _("Zet het bestand terug uit een reservekopie, of verwijder het: dan meldt iedereen opnieuw aan.")
    return SchakelError(text % {"path": path}, code="setting", hint=hint)
