"""A file that somebody brings by hand: it is read under its own name, as one from the inbox, and then goes."""

from collections.abc import Iterable
from pathlib import Path

from schakel.access.changes import change
from schakel.access.people import Person
from schakel.collect.connections import connection_of
from schakel.collect.runs import GOOD
from schakel.collect.sources import Source
from schakel.connectors.waiting_files import safe_name
from schakel.lib.errors import SchakelError, Unknown, Unreadable
from schakel.lib.file_names import order
from schakel.lib.text import gettext as _
from schakel.operations import brought
from schakel.operations.flow import data_folder, files_of, inbox, newest_file
from schakel.operations.mapped_sources import coverage_of


def may_be_brought(source: Source) -> bool:
    """Whether a source is read from the inbox, so that somebody can bring its files."""
    return source.active and connection_of(source) is None


def brought_as(pattern: str) -> Source | None:
    """The source in use whose files in the inbox are called just like this."""
    others = Source.objects.filter(active=True, connection__isnull=True)
    return next((each for each in others if each.pattern.casefold() == pattern.casefold()), None)


def bring(actor: Person, source: Source, name: str, pieces: Iterable[bytes]) -> Path:
    """Lay a file down, whole or not at all. Raises SchakelError where it would not be read as this source's."""
    with change(actor, "source.collect", source, brought=True):
        if not may_be_brought(source):
            raise SchakelError(_("Deze bron staat uit, of wordt van een server gelezen."), code="no-inbox")
        _refuse_name(source, name)
        # Where the board keeps files of this source in the inbox it joins those: else an older one would count once it
        # is gone.
        kept = [path for path in files_of(source) if path.parent == inbox()]
        return brought.laid_down((inbox() if kept else brought.folder(data_folder(), source.key)) / name, pieces)


def waiting(source: Source) -> list[Path]:
    """What was brought and did not come in yet, in the order of reading."""
    return sorted(brought.files(data_folder(), source.key), key=lambda path: order(path.name))


def throw_away(actor: Person, source: Source, name: str) -> None:
    """Let go of a file that was brought and did not come in. Raises Unknown when it is not there."""
    with change(actor, "source.collect", source, thrown_away=True):
        path = next((each for each in waiting(source) if each.name == name), None)
        if path is None:
            raise Unknown(_("Dit bestand ligt er niet meer."), code="gone")
        path.unlink()


def _refuse_name(source: Source, name: str) -> None:
    """Raises Unreadable for a name under which the file would be read as something else, or not at all."""
    if name.startswith(".") or not safe_name(name):
        text = _("Dit kan geen naam zijn: er staat een pad, een apparaat of een onzichtbaar teken in.")
        raise Unreadable(text, code="name", where=name)
    if not source.takes(name):
        text = _("Bestanden van deze bron heten als %(pattern)s.") % {"pattern": source.pattern}
        raise Unreadable(text, code="name", where=name, hint=_("Noem het bestand zo, of kies het goede."))
    newest = max(_names_that_count(source), key=order, default="")
    if newest and order(newest) > order(name) and not coverage_of(source):
        text = _("Er is al een bestand met een latere naam, %(name)s; dat telt.") % {"name": newest}
        raise Unreadable(
            text, code="older", where=name, hint=_("Geef dit bestand een latere datum of een hoger nummer.")
        )


def _names_that_count(source: Source) -> list[str]:
    """The newest file that lies there, and the last that came in: what was brought is gone by then."""
    lies, came_in = newest_file(source), source.runs.finished().filter(state__in=GOOD).first()
    names = [lies.name if lies else "", came_in.file_name if came_in else ""]
    return [name for name in names if name and source.takes(name)]
