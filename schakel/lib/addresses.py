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
from urllib.parse import urlsplit

from schakel.lib.errors import SchakelError
from schakel.lib.text import gettext as _

LONGEST = 2000  # signs in an address
_NAME = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?)*")
_NUMBER = re.compile(r"(0x[0-9a-f]*|[0-9]+)")
_PORTS = {"https": 443, "http": 80}
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


def place(address: str) -> Place:
    """Take an address apart. Raises Closed for whatever is not a plain https (or http) address."""
    if len(address) > LONGEST or not address.isascii() or not address.isprintable() or {" ", "\\"} & set(address):
        raise Closed(_("Dit adres bevat tekens die er niet in horen, of is te lang."))
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        raise Closed(_("Dit is geen adres van een server.")) from None
    if parts.scheme not in _PORTS:
        raise Closed(_("Alleen adressen die met https:// beginnen kunnen."))
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
    """What the administrator allows beside the public internet: hosts of the own network, as `host` or `host:port`."""

    hosts: frozenset[str] = frozenset()

    def inside(self, where: Place) -> bool:
        """Whether the administrator named this host."""
        return bool({where.host, f"{where.host}:{where.port}", where.named} & self.hosts)


def resolve(host: str, port: int) -> list[str]:
    """The numbers of a host, as this machine finds them."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def reachable(where: Place, allowed: Allowed, resolver: Resolve = resolve) -> list[str]:
    """The numbers to connect to, all of them looked at. Raises Closed when any of them lies where we may not come."""
    inside = allowed.inside(where)
    if where.scheme != "https" and not inside:
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
