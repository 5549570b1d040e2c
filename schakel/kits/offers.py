"""The information products of a kit, as rows of the register; written after the needs that they belong to."""

from collections.abc import Iterator
from typing import Any

from schakel.chain.needs import InformationNeed
from schakel.distribute.products import Product
from schakel.kits.contents import Item, Kit
from schakel.kits.rows import Ref, Row
from schakel.lib.text import gettext as _


def offers(kit: Kit) -> Iterator[Row]:
    """Each product with its need, its question and its presentation; coded values carry their words along."""
    for item in kit.of("products"):
        words = kit.lists[item.kit]
        title = item.get("title")
        fields = {
            "need": Ref(InformationNeed, item.get("need")), "nl": title["nl"], "en": title["en"],
            "shape": item.get("shape"), "sql": item.get("sql"),
            "columns": [_column(item, said, words) for said in item.get("columns")],
            "sort": item.get("sort"), "chart": item.get("chart"), "signals": item.get("signals", {}),
            "finding": item.get("finding"), "empty": item.get("empty"),
        }  # fmt: skip
        yield Row("products", Product, "product.write", item.key, item, fields)


def _column(item: Item, said: dict[str, Any], words: dict[str, Any]) -> dict[str, Any]:
    """A column as the register keeps it: with the words for its values written out."""
    if "words" not in said:
        return said
    if said["words"] not in words:
        raise item.error(_("De woordenlijst '%(words)s' bestaat niet.") % {"words": said["words"]})
    return {**said, "words": words[said["words"]]}
