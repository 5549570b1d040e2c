"""Which part of the time a file tells of, in words: everything, or whole weeks, months or school years."""

from schakel.collect.coverage import Coverage
from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext


def periods() -> dict[str, tuple[str, str]]:
    """Each choice in words, with what becomes of what stood; the empty one is a file that tells everything."""
    return {
        "": (_("alles"), _("Een nieuw bestand vervangt alles wat er stond.")),
        "school_year": (_("hele schooljaren"), _("Wat er van andere schooljaren staat, blijft.")),
        "month": (_("hele maanden"), _("Wat er van andere maanden staat, blijft.")),
        "week": (_("hele weken"), _("Wat er van andere weken staat, blijft.")),
    }


def years(count: int) -> str:
    """So many school years."""
    return ngettext("%(n)s schooljaar", "%(n)s schooljaren", count) % {"n": count}


def told(coverage: Coverage) -> str:
    """What the files of a source tell of, what stays beside it, and for how long."""
    which, effect = periods()[coverage.each]
    text = _("%(which)s. %(effect)s Bewaard: %(years)s.")
    return text % {"which": which.capitalize(), "effect": effect, "years": years(coverage.years)}
