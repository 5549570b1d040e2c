"""How a roster is read beside other rosters, for who looks after it."""

from pathlib import Path

from django.conf import settings

from schakel.collect.sources import Source
from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext
from schakel.portal import figures
from schakel.portal.parts import Fact
from schakel.process import snapshots
from schakel.process.rosters import told_keys


def facts(source: Source) -> list[Fact]:
    """What is one with another roster, and what is kept apart from it; nothing for what is read as it stands."""
    now = snapshots.current(Path(settings.DATA))
    keys = told_keys(now.manifest).get(source.key) if now else None
    if keys is None:
        return []
    shared = ngettext(
        "%(count)s organisatie komt ook uit een andere bron; zij telt als één",
        "%(count)s organisaties komen ook uit een andere bron; elk telt als één",
        len(keys.elsewhere),
    )
    told = [shared % {"count": figures.number(len(keys.elsewhere))}] if keys.elsewhere else []
    if keys.prefix:
        told.append(_("geeft sleutels die ook een andere bron gaf; Schakel houdt ze uit elkaar"))
    return [Fact("info", text) for text in told]
