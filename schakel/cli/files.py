"""Files that a verb writes: whole, or not at all and a sentence."""

import contextlib
import os
from pathlib import Path

from schakel.lib.errors import SchakelError
from schakel.lib.text import gettext as _


def write_whole(path: Path, content: bytes) -> None:
    """Write aside and put in place in one step: what was there stays until the new one is whole.

    Raises SchakelError where it cannot be written.
    """
    aside = path.with_name(f".{path.name}.{os.getpid()}") if path.name else path
    try:
        aside.write_bytes(content)
        aside.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            aside.unlink(missing_ok=True)
        text = _("%(path)s is niet te schrijven: %(why)s.")
        raise SchakelError(text % {"path": path, "why": error.strerror}, code="unwritable") from None
