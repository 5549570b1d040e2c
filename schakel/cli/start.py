"""Opening the register for a verb: settings first, then the tables up to date. Only verbs that need it import this."""

import gc
import os
from pathlib import Path

import django

from schakel.lib.loading import loading

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "schakel.config.settings")
with loading():
    django.setup()
gc.freeze()  # what was loaded stays: it is not looked through again each time the memory is tidied

# Tables can be imported only now.
from django.apps import apps  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import Error, connection  # noqa: E402
from django.db.migrations.recorder import MigrationRecorder  # noqa: E402

from schakel.access.people import Person  # noqa: E402
from schakel.lib.errors import SchakelError, Unknown  # noqa: E402
from schakel.lib.text import gettext as _  # noqa: E402


def open_register() -> None:
    """Bring the tables up to date when that is needed. Raises SchakelError where the register cannot be opened."""
    try:
        if not _up_to_date():
            call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
    except Error as error:
        text = _("Het register is niet te openen: %(reason)s.")
        reason = str(error).strip().partition("\n")[0].rstrip(".")
        hint = _("Kijk of de database draait en of de datamap de goede is.")
        raise SchakelError(text % {"reason": reason}, code="register", hint=hint, retry=True) from None


def _up_to_date() -> bool:
    """Whether every migration that lies on disk was done. Only their names are looked at: to load them takes longer."""
    found = {app.label: Path(app.path, "migrations").glob("[0-9]*.py") for app in apps.get_app_configs()}
    there = {(label, file.stem) for label, files in found.items() for file in files}
    return there <= MigrationRecorder(connection).applied_migrations().keys()


def person(name: str) -> Person:
    """A person by work address, or by the part before the @. Unknown when there is none, or more than one."""
    found = list(Person.objects.filter(email__iexact=name) or Person.objects.filter(email__istartswith=f"{name}@"))
    if len(found) > 1:
        text = _("'%(name)s' kan meer dan één persoon zijn: %(all)s. Geef het hele adres.")
        raise Unknown(text % {"name": name, "all": ", ".join(sorted(each.email for each in found))})
    if not found:
        raise Unknown(_("Er is niemand met het adres '%(name)s'.") % {"name": name})
    only: Person = found[0]
    return only
