"""What is wrong with a kit, said with the file and the line, so that its maker can repair it."""

from schakel.lib.errors import SchakelError
from schakel.lib.text import gettext as _


class BadKit(SchakelError):
    """A kit that cannot be used as it is written; `where` names the file and the line."""


def bad(message: str, file: str, line: int = 0) -> BadKit:
    """The error for one place in a kit."""
    where = _("%(file)s, regel %(line)s") % {"file": file, "line": line} if line else file
    return BadKit(message, code="kit", where=where)
