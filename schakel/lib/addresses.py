"""Where the program itself may connect to: which addresses on the internet, and which of the board's own network.

An address that a person typed, or that another server names, may point inwards: at this machine, at the router, at the
keys of a cloud machine. Each is taken apart and resolved here, once; who connects uses exactly the numbers that were
looked at, so that a name that changes its answer afterwards (DNS rebinding) leads nowhere.
"""

import ipaddress
import re
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from schakel.lib.errors import SchakelError
from schakel.lib.text import gettext as _

LONGEST = 2000  # signs in an address
_NAME = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?)*")
_NUMBER = re.compile(r"(0x[0-9a-f]*|[0-9]+)")
WEB = ("https", "http")
SERVERS = ("sftp", "postgresql", "mysql", "mariadb", "mssql", "oracle")
_LOCAL = ("file", "sqlite")  # on this machine itself
_PORTS = {
    "https": 443, "http": 80, "sftp": 22, "postgresql": 5432, "mysql": 3306, "mariadb": 3306, "mssql": 1433,
    "oracle": 1521,
}  # fmt: skip
_NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
_COMPATIBLE = ipaddress.ip_network("::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Iterable[str]]


@dataclass
class Closed(SchakelError):
    """An address to which the program does not connect."""

    code: str = "outgoing"


@dataclass(frozen=True)
class Place:
    """An address taken apart, without who we are and without a part behind #."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> tuple[str, str, int]:
        """Whose it is: what goes to another origin goes to somebody else."""
        return self.scheme, self.host, self.port

    @property
    def shown(self) -> str:
        """As it may stand in a log or a message: without the question behind it."""
        return f"{self.named}{self.path.partition('?')[0]}"

    @property
    def named(self) -> str:
        """The host as it stands in a request, with its port where that is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def place(address: str, schemes: tuple[str, ...] = WEB) -> Place:
    """Take an address apart. Raises Closed for whatever is not a plain https (or http) address, or of these schemes."""
    if len(address) > LONGEST or not address.isascii() or not address.isprintable() or {" ", "\\"} & set(address):
        raise Closed(_("Dit adres bevat tekens die er niet in horen, of is te lang."))
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        raise Closed(_("Dit is geen adres van een server.")) from None
    if parts.scheme not in schemes:
        text = _("Alleen adressen die met %(scheme)s:// beginnen kunnen.")
        raise Closed(text % {"scheme": schemes[0]})
    if "@" in parts.netloc:
        raise Closed(_("Zet geen naam of wachtwoord in het adres; daar zijn aparte velden voor."), where=host)
    if port == 0 or not _well_named(host):
        raise Closed(_("Dit is geen adres van een server."), where=host[:100])
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Place(parts.scheme, host, port or _PORTS[parts.scheme], path)


def _well_named(host: str) -> bool:
    """A name, or a number in its plain form: 127.1, 0x7f.0.0.1, 0177.0.0.1 and 2130706433 are no names."""
    if ":" in host:
        return "%" not in host and _number(host) is not None
    if _NUMBER.fullmatch(host.rpartition(".")[2]):
        return _number(host) is not None
    return len(host) <= 253 and _NAME.fullmatch(host) is not None  # noqa: PLR2004 the longest name in DNS


def _number(text: str) -> Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


@dataclass(frozen=True)
class Allowed:
    """What the administrator allows beside the public internet.

    Hosts of the own network, as `host` or `host:port`; and folders of this machine in which sources lie.
    """

    hosts: frozenset[str] = frozenset()
    folders: tuple[str, ...] = ()

    def inside(self, where: Place) -> bool:
        """Whether the administrator named this host."""
        return bool({where.host, f"{where.host}:{where.port}", where.named} & self.hosts)


def local(address: str) -> Path | None:
    """The file or folder of this machine that an address names; None when it is an address of a server."""
    scheme, parted, path = address.partition("://")
    return Path(unquote(path)) if parted and scheme in _LOCAL else None


def well_formed(address: str) -> None:
    """Raises Closed for an address of no kind that can be read from."""
    path = local(address)
    if path is None:
        place(address, (*WEB, *SERVERS))
    elif not path.is_absolute() or not address.isprintable() or len(address) > LONGEST or ".." in path.parts:
        raise Closed(_("Vul het hele pad in, dat met / begint."))


def named(address: str) -> str:
    """What an address is called where people read it: the host, or the folder."""
    path = local(address)
    return str(path) if path is not None else place(address, (*WEB, *SERVERS)).named


def origin(address: str) -> tuple[str, str, int]:
    """Whose an address is: a secret for one is for no other."""
    path = local(address)
    return ("file", str(path), 0) if path is not None else place(address, (*WEB, *SERVERS)).origin


def inside_folders(path: Path, allowed: Allowed) -> Path:
    """The real path, all links followed. Raises Closed when it lies in no folder that the administrator allows."""
    real = path.resolve()
    if any(real.is_relative_to(Path(folder).resolve()) for folder in allowed.folders):
        return real
    text = _("Uit deze map leest Schakel niet.")
    hint = _("Moet het toch, dan zet de beheerder van de server de map in SCHAKEL_FOLDERS.")
    raise Closed(text, where=str(path), hint=hint)


def resolve(host: str, port: int) -> list[str]:
    """The numbers of a host, as this machine finds them."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def reachable(where: Place, allowed: Allowed, resolver: Resolve = resolve) -> list[str]:
    """The numbers to connect to, all of them looked at. Raises Closed when any of them lies where we may not come."""
    inside = allowed.inside(where)
    if where.scheme == "http" and not inside:
        raise Closed(_("Alleen adressen die met https:// beginnen kunnen."), where=where.host)
    try:
        numbers = [ipaddress.ip_address(text.partition("%")[0]) for text in resolver(where.host, where.port)]
    except (OSError, ValueError, UnicodeError):
        text = _("Deze server is niet te vinden. Klopt de naam?")
        raise Closed(text, code="connection", where=where.host, retry=True) from None
    if not numbers:
        raise Closed(_("Deze server is niet te vinden. Klopt de naam?"), code="connection", where=where.host)
    for number in numbers:
        _refuse(number, where, inside=inside)
    return list(dict.fromkeys(map(str, numbers)))


def _refuse(number: Address, where: Place, *, inside: bool) -> None:
    forms = _forms(number)
    if any(form.is_link_local or form.is_multicast or form.is_unspecified for form in forms):
        raise Closed(_("Dit adres wijst naar een plek waar Schakel nooit verbinding mee maakt."), where=where.host)
    if not inside and not all(_public(form) for form in forms):
        text = _("Dit adres ligt in het eigen netwerk. Daar maakt Schakel geen verbinding mee.")
        hint = _("Moet het toch, dan zet de beheerder van de server het in SCHAKEL_OUTGOING_ALLOW.")
        raise Closed(text, where=where.host, hint=hint)


def _public(number: Address) -> bool:
    return number.is_global and not (isinstance(number, ipaddress.IPv6Address) and number.is_site_local)


def _forms(number: Address) -> list[Address]:
    """A number and the older number that is written inside it, when there is one."""
    if isinstance(number, ipaddress.IPv4Address):
        return [number]
    mapped = number.ipv4_mapped
    if mapped is not None:
        return [mapped]
    found: list[Address] = [number]
    if number.sixtofour is not None:
        found.append(number.sixtofour)
    if number.teredo is not None:
        found.extend(number.teredo)
    if number in _COMPATIBLE or any(number in network for network in _NAT64):
        found.append(ipaddress.IPv4Address(int(number) & 0xFFFFFFFF))
    return found
