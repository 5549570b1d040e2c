"""Connections: the server that a source is read from, and how we make ourselves known there.

The secret is written and never shown. It goes to the server it was given for and to no other: with another address or
another name it has to be given again.
"""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models

from schakel.access.changes import change
from schakel.access.kept import Kept
from schakel.access.people import Person
from schakel.access.register import plain
from schakel.collect.providers import provider
from schakel.collect.sources import Source
from schakel.collect.vault import Vault
from schakel.lib import clock
from schakel.lib.addresses import local, origin, place, well_formed
from schakel.lib.errors import SchakelError
from schakel.lib.text import gettext as _

METHODS = {
    "oauth2": "OAuth 2 (client credentials)",
    "oauth1-sha256": "OAuth 1.0a, HMAC-SHA256",
    "oauth1-sha1": "OAuth 1.0a, HMAC-SHA1",
    "none": "Zonder aanmelden",
    "basic": "Naam en wachtwoord",
    "bearer": "Vast token (bearer)",
    "key": "Sleutelbestand (SSH)",
}
SECRETLESS = ("none",)
SOON = timedelta(days=30)  # before a secret expires
_LONGEST_SECRET = 2000
_LONGEST_KEY = 16_000


class Connection(Kept):
    """Where and how a source is fetched. `provider` is the kind of server, as its connector calls it.

    `details` is what only that kind has to know; in it, `host_key` is the fingerprint by which the server is known.
    """

    source = models.OneToOneField(Source, on_delete=models.PROTECT, related_name="connection")
    provider = models.SlugField(max_length=64)
    version = models.CharField(max_length=16, blank=True)
    address = models.CharField(max_length=500)
    method = models.CharField(max_length=16, choices=list(METHODS.items()))
    token_address = models.CharField(max_length=500, blank=True)
    client = models.CharField(max_length=200, blank=True)
    sealed = models.TextField(blank=True)
    secret_set_at = models.DateTimeField(null=True, blank=True)
    secret_expires_on = models.DateField(null=True, blank=True)
    every_hours = models.PositiveIntegerField(default=24)
    details = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["source"]

    def __str__(self) -> str:
        return self.address

    @property
    def key(self) -> str:
        """How the audit trail names it."""
        return self.source.key

    @property
    def secret(self) -> str:
        """The secret, to sign in with. Raises SchakelError when the key is not the one it was sealed with."""
        return vault().opened(_purpose(self.source), self.sealed) if self.sealed else ""

    @property
    def expires(self) -> str:
        """How it stands with the secret: none, unknown, good, soon or over."""
        if self.method in SECRETLESS:
            return "none"
        if self.secret_expires_on is None:
            return "unknown"
        if self.secret_expires_on <= clock.today():
            return "over"
        return "soon" if self.secret_expires_on <= clock.today() + SOON else "good"


def vault() -> Vault:
    """The keys of this installation."""
    return Vault(Path(settings.CREDENTIALS_KEY or Path(settings.DATA) / "credentials.key"))


def connection_of(source: Source) -> Connection | None:
    """The server that a source is read from; None when it is read from the inbox."""
    return Connection.objects.filter(source=source).select_related("source").first()


def connect(actor: Person, source: Source, *, secret: str = "", **fields: Any) -> Connection:
    """Read this source from a server from now on, or change how.

    An empty secret leaves the one that is there. Raises SchakelError when that may not go to the address that is given.
    """
    known = connection_of(source)
    thing = known or Connection(source=source)
    if fields.get("method", thing.method) in SECRETLESS:
        secret = ""
    _well_given(thing, known, secret, fields)
    if known is not None and "host_key" in known.details:
        kept = {} if _elsewhere(known, fields) else {"host_key": known.details["host_key"]}
        fields["details"] = {**fields.get("details", {}), **kept}
    changed = {n: [plain(getattr(thing, n)), plain(v)] for n, v in fields.items() if getattr(thing, n) != v}
    with change(actor, "source.write", changed=changed, secret="new" if secret else "same") as log:
        for name, value in fields.items():
            setattr(thing, name, value)
        if secret:
            thing.sealed, thing.secret_set_at = vault().sealed(_purpose(source), secret), clock.now()
        if thing.method in SECRETLESS:
            thing.sealed, thing.secret_set_at, thing.secret_expires_on = "", None, None
        thing.full_clean(validate_unique=False)
        thing.save()
        log.about(thing)
    return thing


def trust(actor: Person, source: Source, fingerprint: str) -> Connection:
    """From now on the server is known by this key, because this person compared it with what the supplier says."""
    thing = connection_of(source)
    if thing is None:
        raise SchakelError(_("Vul eerst in waar de bron te vinden is."), code="no-server")
    with change(actor, "source.write", thing, host_key=fingerprint, address=thing.address):
        thing.details = {**thing.details, "host_key": fingerprint}
        thing.save()
    return thing


def disconnect(actor: Person, source: Source) -> None:
    """Read this source from the inbox again; the secret is gone."""
    thing = connection_of(source)
    if thing is not None:
        with change(actor, "source.write", thing, removed=thing.address):
            thing.delete()


def renew_keys(actor: Person | None) -> int:
    """Encrypt every secret with a new key, while others go on reading; how many there were."""
    count = 0

    def seal_again() -> None:
        nonlocal count
        with change(actor, "credentials.renew", keys="new"):
            for thing in Connection.objects.select_related("source").select_for_update():
                if not thing.sealed:
                    continue
                purpose = _purpose(thing.source)
                thing.sealed = vault().sealed(purpose, vault().opened(purpose, thing.sealed))
                thing.save()
                count += 1

    vault().renew(seal_again)
    return count


def next_at(thing: Connection, last: datetime | None) -> datetime:
    """When the source is due again after a reading at this moment."""
    return last + timedelta(hours=thing.every_hours) if last else clock.now()


def expiring(until: date) -> list[Connection]:
    """The connections whose secret ends on this day or before it."""
    found = Connection.objects.filter(secret_expires_on__lte=until, source__active=True)
    return list(found.select_related("source").order_by("secret_expires_on"))


def _purpose(source: Source) -> str:
    return f"source:{source.key}"


def _well_given(thing: Connection, known: Connection | None, secret: str, fields: dict[str, Any]) -> None:
    if fields.get("address"):
        well_formed(fields["address"])
    if fields.get("token_address"):
        place(fields["token_address"])
    _fitting({name: fields.get(name, getattr(thing, name)) for name in ("provider", "version", "address", "method")})
    if fields.get("method", thing.method) == "oauth2" and not fields.get("token_address", thing.token_address):
        raise SchakelError(_("Vul het adres in waar een token te halen is."), code="token-address")
    method = fields.get("method", thing.method)
    most, shown = (_LONGEST_KEY, secret.replace("\n", "")) if method == "key" else (_LONGEST_SECRET, secret)
    if len(secret) > most or not shown.isprintable():
        raise SchakelError(_("Dit geheim bevat tekens die er niet in horen, of is te lang."), code="secret")
    if (
        method not in SECRETLESS
        and not secret
        and (known is None or known.method != method or _elsewhere(known, fields))
    ):
        text = _("Vul het geheim in. Bij een ander adres of een andere naam geeft Schakel het oude niet door.")
        raise SchakelError(text, code="secret")


def _fitting(told: dict[str, str]) -> None:
    """Raises SchakelError for an address or a way of signing in that does not belong to this kind of server."""
    kind = provider(told["provider"])
    if told["method"] not in kind.VERSIONS.get(told["version"], ()):
        text = _("Deze manier van aanmelden hoort niet bij deze versie of dit soort server.")
        raise SchakelError(text, code="method")
    if local(told["address"]) is None:
        place(told["address"], kind.SCHEMES)
    elif told["address"].partition("://")[0] not in kind.SCHEMES:
        raise SchakelError(_("Dit is geen adres van een server."), code="address")


def _elsewhere(known: Connection, fields: dict[str, Any]) -> bool:
    """Whether the secret would go to another server, or be another one's."""
    if fields.get("client", known.client) != known.client:
        return True
    for name in ("address", "token_address"):
        before, after = getattr(known, name), fields.get(name, getattr(known, name))
        if after and (not before or origin(before) != origin(after)):
            return True
    return False
