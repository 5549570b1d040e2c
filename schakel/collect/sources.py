"""Sources: how a system is read, how often, who answers for it and who repairs what is wrong in it."""

from django.db import models

from schakel.access.kept import Kept
from schakel.access.roles import Role
from schakel.chain.systems import System


class Source(Kept):
    """One way in. `layout` is what its files look like; `pattern` finds them in the inbox."""

    key = models.SlugField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="sources")
    layout = models.SlugField(max_length=64)
    pattern = models.CharField(max_length=200)
    rhythm = models.CharField(max_length=120, blank=True)
    expected_hours = models.PositiveIntegerField(default=26)  # older than this is late
    owner_role = models.ForeignKey(Role, on_delete=models.PROTECT, null=True, blank=True, related_name="sources")
    repairs_role = models.ForeignKey(Role, on_delete=models.PROTECT, null=True, blank=True, related_name="repairs")
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
