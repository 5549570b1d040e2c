"""The skeleton of a connector in a package of its own: a folder that works, with tests, to change from there."""

import keyword
import re
from pathlib import Path
from string import Template

from schakel.lib.errors import Refused
from schakel.lib.text import gettext as _

_FILES = Path(__file__).with_name("skeleton_files")
_NAME = re.compile(r"[a-z][a-z0-9_]{1,39}")
_PLACES = {
    "pyproject.toml.tmpl": "pyproject.toml",
    "README.md.tmpl": "README.md",
    "init.py.tmpl": "schakel_{name}/__init__.py",
    "connector.py.tmpl": "schakel_{name}/connector.py",
    "test_connector.py.tmpl": "tests/test_connector.py",
}


def write(name: str, parent: Path) -> Path:
    """Write the skeleton in a new folder under `parent` and give that folder. Raises Refused."""
    if not _NAME.fullmatch(name) or keyword.iskeyword(name):
        message = _("De naam heeft 2 tot 40 kleine letters, cijfers en _, en begint met een letter.")
        raise Refused(message, code="name", where=name)
    folder = parent / f"schakel-{name.replace('_', '-')}"
    try:
        folder.mkdir(parents=True)
        for source, place in _PLACES.items():
            target = folder / place.format(name=name)
            target.parent.mkdir(exist_ok=True)
            text = Template((_FILES / source).read_text(encoding="utf-8"))
            target.write_text(text.substitute(name=name, dashed=name.replace("_", "-")), encoding="utf-8")
    except FileExistsError as error:
        message = _("Deze map bestaat al. Kies een andere naam of een andere plaats.")
        raise Refused(message, code="exists", where=str(folder)) from error
    except OSError as error:
        raise Refused(_("In deze map kan niet worden geschreven."), code="unwritable", where=str(parent)) from error
    return folder
