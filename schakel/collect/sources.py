"""Sources: how a system is read, how often, who answers for it and who repairs what is wrong in it."""

from collections.abc import Collection
from fnmatch import fnmatch

from django.db import models

from schakel.access.kept import Kept
from schakel.access.roles import Role
from schakel.chain.systems import System
from schakel.lib.errors import Unknown
from schakel.lib.text import gettext as _


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
    cron = models.CharField(max_length=120, blank=True)  # when it is read by itself (schedules.py); empty: as it comes
    not_in_holidays = models.BooleanField(default=False)
    region = models.CharField(max_length=8, blank=True, choices=[(r, r) for r in ("noord", "midden", "zuid")])
    scheduled_at = models.DateTimeField(null=True, blank=True)
    # The desk of the supplier, and until when what we sign in with there is good, where no connection says so.
    contact_name = models.CharField(max_length=120, blank=True)
    contact_email = models.EmailField(blank=True)
    contact_phone = models.CharField(max_length=40, blank=True)
    credentials_expire_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def takes(self, name: str) -> bool:
        """Whether its files are called like this one."""
        return fnmatch(name.casefold(), self.pattern.casefold())


def called_like(sources: Collection[Source], name: str) -> list[Source]:
    """The sources whose files are called like this one."""
    return [each for each in sources if each.takes(name)]


def only_one(sources: Collection[Source], name: str) -> Source:
    """The one that a file called like this belongs to: what one school delivers never comes in as that of another.

    Raises Unknown when its name fits none of several, or several.
    """
    found = called_like(sources, name) if len(sources) > 1 else list(sources)
    if len(found) != 1:
        told = ", ".join(sorted(f"{each.key} ({each.pattern})" for each in sources))
        text = _("De naam van dit bestand zegt niet van welke bron het is: %(sources)s.") % {"sources": told}
        hint = _("Noem het zoals precies één van die bronnen het verwacht.")
        raise Unknown(text, code="several-sources", where=name, hint=hint)
    return found[0]
