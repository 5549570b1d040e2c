"""Law 3: the columns that a need opens, and no others. Columns used merely to filter, join, group or sort count."""

from collections.abc import Iterable
from functools import lru_cache

from schakel.engine.sql import Checked
from schakel.lib.errors import Refused
from schakel.lib.text import gettext as _
from schakel.process.model import school_model

# Tables of places, times and subjects: their structural columns come along with every need, for they name nobody.
COMMON = frozenset({"organisation", "site", "school_year", "period", "holiday", "group", "course", "subject"})


@lru_cache(maxsize=1024)
def permitted(elements: frozenset[str]) -> frozenset[str]:
    """All elements that a product of a need with these elements may use.

    They are the named ones, the structural columns of tables of which one is named, and those of the common tables.
    """
    model = school_model()
    tables = {element.partition(".")[0] for element in elements} | COMMON
    structural = {f"{name}.{column}" for name in tables & set(model) for column in model[name].structural}
    return frozenset(structural | {e for e in elements if _exists(e)})


def _exists(element: str) -> bool:
    table, _dot, column = element.partition(".")
    return table in school_model() and column in school_model()[table].columns


def require(query: Checked, elements: Iterable[str]) -> None:
    """Raises Refused (code `element`) naming what the query uses and the need does not name."""
    named = frozenset(elements)
    opened = permitted(named)
    beyond = sorted(query.elements - opened)
    tables = {element.partition(".")[0] for element in opened}
    beyond += sorted(table for table in query.tables if table not in tables)
    if beyond:
        raise Refused(
            _("De behoefte noemt %(elements)s niet; het product gebruikt het wel.") % {"elements": ", ".join(beyond)},
            code="element",
            hint=_("Vraag het gegeven aan in de behoefte, of haal het uit het product."),
            who_can=("information_manager",),
        )
