"""A folder at an SFTP server (SSH file transfer). The server is known by its key, which a person approved.

The key is compared before anybody signs in: a server with another key hears neither name nor secret.
"""

import base64
import hashlib
import io
import logging
import socket
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import IO
from urllib.parse import unquote

import paramiko  # type: ignore[import-untyped]

from schakel.collect.providers import Access
from schakel.connectors.waiting_files import Waiting
from schakel.lib.addresses import Place, place, reachable
from schakel.lib.errors import SchakelError
from schakel.lib.outgoing import CONNECTING, SILENCE, Broken, Outgoing
from schakel.lib.text import gettext as _

KIND = "sftp"
SCHEMES = ("sftp",)
_KEYS = (
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "rsa-sha2-512",
    "rsa-sha2-256",
)
_PIECE = 2**17
_KINDS = (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey)
logging.getLogger("paramiko").setLevel(logging.CRITICAL)  # what goes wrong is told by our own sentences


@dataclass
class Stranger(SchakelError):
    """A server that nobody approved yet, or that has another key than the one that was approved."""

    code: str = "host-key"
    fingerprint: str = ""


@contextmanager
def opened(access: Access, way: Outgoing) -> Iterator["Folder"]:
    """The folder, signed in. Raises Stranger before anything of us is told to a server that is not known."""
    where = place(access.address, SCHEMES)
    try:
        with _met(where, way) as transport:
            _recognise(transport, str(access.details.get("host_key", "")), where)
            _sign_in(transport, access, where)
            client = paramiko.SFTPClient.from_transport(transport)
            client.get_channel().settimeout(SILENCE)
            yield Folder(client, unquote(where.path))
    except paramiko.AuthenticationException:
        text = _("Deze server laat ons niet binnen. Kloppen de naam en het geheim?")
        raise SchakelError(text, code="sign-in", where=where.named) from None
    except PermissionError:
        text = _("Op deze server mag ons account hier niet lezen of verplaatsen.")
        raise SchakelError(text, code="no-right", where=where.named) from None
    except FileNotFoundError:
        raise Broken(_("Deze map of dit bestand is er niet op de server."), where=where.named) from None
    except (OSError, EOFError, paramiko.SSHException):
        raise Broken(_("De verbinding met deze server kwam niet tot stand of brak af."), where=where.named) from None


def fingerprint_of(address: str, way: Outgoing) -> str:
    """The key by which a server makes itself known now, as `kind SHA256:print`. Nobody signs in."""
    where = place(address, SCHEMES)
    try:
        with _met(where, way) as transport:
            return _print(transport.get_remote_server_key())
    except (OSError, EOFError, paramiko.SSHException):
        raise Broken(_("De verbinding met deze server kwam niet tot stand of brak af."), where=where.named) from None


@contextmanager
def _met(where: Place, way: Outgoing) -> Iterator[paramiko.Transport]:
    wire = _wire(reachable(where, way.allowed, way.resolver), where.port)
    transport = paramiko.Transport(wire)
    try:
        options = transport.get_security_options()
        options.key_types = [each for each in _KEYS if each in options.key_types]
        transport.start_client(timeout=CONNECTING)
        yield transport
    finally:
        transport.close()
        with suppress(OSError):
            wire.close()


def _wire(numbers: list[str], port: int) -> socket.socket:
    trouble: OSError = OSError("no address")
    for number in numbers:
        try:
            wire = socket.create_connection((number, port), timeout=CONNECTING)
        except OSError as error:
            trouble = error
        else:
            wire.settimeout(SILENCE)
            return wire
    raise trouble


def _recognise(transport: paramiko.Transport, approved: str, where: Place) -> None:
    shown = _print(transport.get_remote_server_key())
    if shown == approved:
        return
    if approved:
        text = _("Deze server heeft een andere sleutel dan die is goedgekeurd. Er is niets verstuurd.")
        hint = _("Vraag de leverancier of de sleutel is vernieuwd, en keur haar alleen dan goed.")
        raise Stranger(text, where=where.named, hint=hint, fingerprint=shown)
    text = _("De sleutel van deze server is nog niet goedgekeurd. Er is niets verstuurd.")
    raise Stranger(text, where=where.named, fingerprint=shown)


def _print(key: paramiko.PKey) -> str:
    """As `ssh-keygen -lf` shows it."""
    digest = base64.b64encode(hashlib.sha256(key.asbytes()).digest()).decode().rstrip("=")
    return f"{key.get_name()} SHA256:{digest}"


def _sign_in(transport: paramiko.Transport, access: Access, where: Place) -> None:
    transport.auth_timeout = CONNECTING
    if access.method == "key":
        transport.auth_publickey(access.client, private_key(access.secret))
    else:
        transport.auth_password(access.client, access.secret, fallback=False)
    if not transport.is_authenticated():
        text = _("Deze server vraagt meer dan een naam en een geheim. Dat kan Schakel niet.")
        raise SchakelError(text, code="sign-in", where=where.named)


def private_key(text: str) -> paramiko.PKey:
    """A key from its file. Raises SchakelError for one that is locked, or is none."""
    for kind in _KINDS:
        try:
            return kind.from_private_key(io.StringIO(text.replace("\r\n", "\n").strip() + "\n"))
        except paramiko.PasswordRequiredException:
            break
        except (paramiko.SSHException, ValueError, IndexError, TypeError):
            continue
    else:
        hint = _("Plak het hele bestand, van de regel met BEGIN tot en met de regel met END.")
        raise SchakelError(_("Dit is geen privésleutel die Schakel kan lezen."), code="secret", hint=hint)
    raise SchakelError(
        _("Deze privésleutel is met een wachtwoord gesloten."),
        code="secret",
        hint=_("Maak er een zonder wachtwoord; Schakel bewaart haar versleuteld."),
    )


class Folder:
    """A folder at the server."""

    def __init__(self, client: paramiko.SFTPClient, path: str) -> None:
        self.client, self.path = client, path.rstrip("/") or "/"

    def files(self) -> Iterator[Waiting]:
        """What lies in it; links are told, not followed."""
        for each in self.client.listdir_iter(self.path):
            mode = each.st_mode or 0
            if not stat.S_ISDIR(mode):
                yield Waiting(each.filename, each.st_size or 0, float(each.st_mtime or 0), plain=stat.S_ISREG(mode))

    @contextmanager
    def read(self, name: str) -> Iterator[IO[bytes]]:
        """The content."""
        with self.client.open(self._at(name), "rb") as file:
            file.MAX_REQUEST_SIZE = _PIECE  # no prefetching: its thread outlives a cut, and asks for all of it at once
            yield file

    def move(self, name: str, folder: str, becomes: str) -> None:
        """Into a folder in this one."""
        with suppress(OSError):  # it is there already
            self.client.mkdir(self._at(folder), 0o700)
        self.client.rename(self._at(name), self._at(f"{folder}/{becomes}"))

    def _at(self, name: str) -> str:
        return f"{self.path.rstrip('/')}/{name}"
