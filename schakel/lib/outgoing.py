"""The only way out: every connection that the program makes by itself passes here.

It goes to numbers that were looked at (addresses.py), verifies certificates, follows nothing to another server, and is
bounded in size and in time as a whole: a server that drips one byte a second is let go of too. It stands on the
standard library because that lets us connect to a number and still hold the certificate against the name.
"""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urljoin

from schakel.lib.addresses import Allowed, Closed, Place, Resolve, place, reachable, resolve
from schakel.lib.errors import SchakelError
from schakel.lib.text import gettext as _

MOST_BYTES = 64 * 2**20  # one answer
MOST_SECONDS = 120.0  # one answer, from connecting to its last byte
CONNECTING = 10.0  # seconds
SILENCE = 30.0  # seconds without a byte
REDIRECTS = 3
_PIECE = 2**16
_MOVED = (301, 302, 303, 307, 308)

Signer = Callable[[str, str], Mapping[str, str]]  # (method, address) -> headers


@dataclass
class Broken(SchakelError):
    """A connection that did not come about, or broke off; the same question may succeed later."""

    code: str = "connection"
    retry: bool = True


@dataclass(frozen=True)
class Answer:
    """What a server answered. Names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


@dataclass(frozen=True)
class Bounds:
    """How much and how long."""

    size: int = MOST_BYTES
    seconds: float = MOST_SECONDS
    silence: float = SILENCE


@dataclass(frozen=True)
class Outgoing:
    """The way out, as the administrator allows it. `authorities` is a file with certificates of own authorities."""

    allowed: Allowed = field(default_factory=Allowed)
    authorities: str = ""
    bounds: Bounds = field(default_factory=Bounds)
    resolver: Resolve = resolve

    def ask(
        self, address: str, *, method: str = "GET", headers: Mapping[str, str] | None = None, body: bytes | None = None,
        signed: Signer | None = None,
    ) -> Answer:  # fmt: skip
        """The answer to one question. A redirect is followed a few times, for a GET, and to the very same server only.

        `signed` gives the headers that say who we are, for each address anew. Raises Closed and Broken.
        """
        where = place(address)
        until = time.monotonic() + self.bounds.seconds
        for _hop in range(REDIRECTS + 1):
            own = signed(method, address) if signed else {}
            answer = self._once(where, method, {**(headers or {}), **own}, body, until)
            if answer.status not in _MOVED:
                return answer
            address = self._onward(where, address, answer, method)
            where = place(address)
        raise Closed(_("Deze server verwijst steeds weer door."), where=where.host)

    def _onward(self, where: Place, address: str, answer: Answer, method: str) -> str:
        onward = urljoin(address, answer.headers.get("location", ""))
        if method != "GET" or place(onward).origin != where.origin:
            text = _("Deze server verwijst door naar een ander adres. Dat volgt Schakel niet.")
            hint = _("Vraag de leverancier naar het juiste adres en vul dat in.")
            raise Closed(text, where=where.host, hint=hint)
        return onward

    def _once(self, where: Place, method: str, headers: Mapping[str, str], body: bytes | None, until: float) -> Answer:
        numbers = reachable(where, self.allowed, self.resolver)
        try:
            with self._connected(where, numbers, until) as connection:
                connection.request(method, where.path, body, {**_headers(where), **headers})
                got = connection.getresponse()
                told = {name.lower(): value for name, value in got.getheaders()}
                return Answer(got.status, told, self._body(got, told, where, until))
        except ssl.SSLCertVerificationError:
            text = _("Het certificaat van deze server klopt niet, dus is niet zeker wie er antwoordt.")
            raise Closed(text, where=where.host) from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise _broken(where, error, until) from None

    @contextmanager
    def _connected(self, where: Place, numbers: list[str], until: float) -> Iterator[http.client.HTTPConnection]:
        """A connection that is cut when its time is over, in whatever it is doing."""
        wire = self._wire(where, numbers)
        clock = threading.Timer(max(until - time.monotonic(), 0.0), _cut, [wire])
        clock.daemon = True
        clock.start()
        try:
            if isinstance(wire, ssl.SSLSocket):
                wire.do_handshake()
            connection = http.client.HTTPConnection(where.host, where.port)
            connection.sock = wire
            yield connection
        finally:
            clock.cancel()
            wire.close()

    def _wire(self, where: Place, numbers: list[str]) -> socket.socket:
        wire = _first(numbers, where.port)
        wire.settimeout(self.bounds.silence)
        if where.scheme != "https":
            return wire
        context = ssl.create_default_context()
        if self.authorities:
            context.load_verify_locations(self.authorities)
        try:
            return context.wrap_socket(wire, server_hostname=where.host, do_handshake_on_connect=False)
        except BaseException:
            wire.close()
            raise

    def _body(self, got: http.client.HTTPResponse, told: Mapping[str, str], where: Place, until: float) -> bytes:
        if told.get("content-encoding", "identity").lower() not in ("identity", ""):
            raise Closed(_("Deze server antwoordt ingepakt, terwijl daar niet om gevraagd is."), where=where.shown)
        announced = told.get("content-length", "")
        if announced.isdecimal() and int(announced) > self.bounds.size:
            raise self._too_much(where)
        content = bytearray()
        while piece := got.read1(_PIECE):
            content += piece
            if len(content) > self.bounds.size:
                raise self._too_much(where)
            if time.monotonic() > until:
                raise TimeoutError
        if announced.isdecimal() and len(content) < int(announced) and got.status not in (204, 304):
            raise http.client.IncompleteRead(b"")
        if time.monotonic() > until:  # cut off by the clock, which looks like an end
            raise TimeoutError
        return bytes(content)

    def _too_much(self, where: Place) -> Closed:
        text = _("Deze server antwoordt met meer dan %(size)s MB in één keer. Zoveel neemt Schakel niet aan.")
        return Closed(text % {"size": max(self.bounds.size // 2**20, 1)}, where=where.shown)


def _headers(where: Place) -> dict[str, str]:
    return {"Host": where.named, "Accept-Encoding": "identity", "Connection": "close", "User-Agent": "Schakel"}


def _first(numbers: list[str], port: int) -> socket.socket:
    """A connection to the first number that answers."""
    trouble: OSError = OSError("no address")
    for number in numbers:
        try:
            return socket.create_connection((number, port), timeout=CONNECTING)
        except OSError as error:
            trouble = error
    raise trouble


def _cut(wire: socket.socket) -> None:
    with suppress(OSError):
        wire.shutdown(socket.SHUT_RDWR)


def _broken(where: Place, error: Exception, until: float) -> Broken:
    if isinstance(error, TimeoutError) or time.monotonic() > until:
        return Broken(_("Deze server antwoordt te traag; de verbinding is verbroken."), where=where.shown)
    if isinstance(error, ConnectionRefusedError):
        return Broken(_("Deze server neemt geen verbinding aan."), where=where.shown)
    return Broken(_("De verbinding met deze server brak af."), where=where.shown)
