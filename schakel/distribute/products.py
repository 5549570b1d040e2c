"""Information products: one question in SQL that belongs to one need, and how its answer is shown.

A product opens nothing by itself. What it may use, whom it reaches and at which level follows from its need, and is
held against the need again at every delivery; a product that could never be delivered is refused when it is written.
"""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models

from schakel.access.kept import Kept, KeptQuerySet
from schakel.access.people import Person
from schakel.access.register import put
from schakel.chain.needs import InformationNeed
from schakel.distribute.named_figures import named_figures
from schakel.distribute.query import judge
from schakel.lib.errors import Refused

SHAPES = ("worklist", "table", "trend", "score", "roster")


class Product(Kept):
    """A question with its presentation. `columns`, `chart`, `finding` and the like are as the kit describes them."""

    key = models.SlugField(max_length=64, unique=True)
    need = models.ForeignKey(InformationNeed, on_delete=models.PROTECT, related_name="products")
    nl = models.CharField(max_length=200)
    en = models.CharField(max_length=200, blank=True)
    shape = models.CharField(max_length=12, choices=[(shape, shape) for shape in SHAPES])
    sql = models.TextField()
    columns = models.JSONField(default=list, blank=True)
    sort = models.JSONField(default=list, blank=True)
    chart = models.JSONField(default=dict, blank=True)
    signals = models.JSONField(default=dict, blank=True)
    finding = models.JSONField(default=list, blank=True)
    empty = models.JSONField(default=dict, blank=True)
    active = models.BooleanField(default=True)

    objects: ClassVar[Any] = KeptQuerySet.as_manager()

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.nl

    @property
    def level(self) -> str:
        """The level of detail: that of the need, never another."""
        return str(self.need.level)

    @property
    def optional(self) -> frozenset[str]:
        """The columns that may be left out when a wished-for element is not there."""
        return frozenset(c["key"] for c in self.columns if isinstance(c, dict) and c.get("optional"))

    @property
    def figures(self) -> frozenset[str]:
        """The indicators that it can give figures of; none named is any."""
        return named_figures(self.sql)

    def clean(self) -> None:
        """Raises ValidationError when its SQL is not allowed, uses more than the need names, or could show people."""
        super().clean()
        try:
            judge(self.sql, self.need.element_keys(), level=self.level, optional=self.optional)
        except Refused as refusal:
            raise ValidationError({"sql": str(refusal)}) from refusal


def write_product(actor: Person, key: str, **fields: Any) -> Product:
    """Add a product, or change the fields that differ. Raises Refused, or ValidationError with the reason."""
    product: Product = put(actor, "product.write", Product, key, **fields)[0]
    return product
