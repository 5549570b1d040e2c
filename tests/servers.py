"""Real servers on 127.0.0.1 that a test starts: plain or behind TLS, well-behaved or not."""

import datetime
import ipaddress
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Handle = Callable[["Request"], None]
PIECES = 4  # of an answer, at a slow server


class Request(BaseHTTPRequestHandler):
    """One question to a server of a test."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.handle(self)  # type: ignore[attr-defined]

    do_POST = do_GET  # noqa: N815 the standard library names it

    def log_message(self, *_args: Any) -> None:
        """Quiet."""

    def answer(self, body: bytes, status: int = 200, **headers: str) -> None:
        """Answer whole, with its length; piece by piece at a server that is slow."""
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        pause = self.server.pause  # type: ignore[attr-defined]
        size = len(body) // PIECES + 1 if pause else len(body)
        for start in range(0, len(body), size or 1):
            time.sleep(pause)
            self.wfile.write(body[start : start + size])


class Server(ThreadingHTTPServer):
    """Gives every question to one function; what it is asked stands in `asked`."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, handle: Handle) -> None:
        super().__init__(("127.0.0.1", 0), Request)
        self.asked: list[str] = []
        self.pause = 0.0  # seconds before each piece of an answer
        self._handle = handle

    def handle(self, request: Request) -> None:
        self.asked.append(request.path)
        self._handle(request)

    def handle_error(self, *_args: Any) -> None:
        """A client that goes away is no news here."""


@contextmanager
def serving(handle: Handle, certificate: Path | None = None) -> Iterator[Server]:
    """A server that answers with this function until the block ends."""
    server = Server(handle)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def certificate(folder: Path, name: str) -> Path:
    """A certificate that vouches for itself, with its key, for a name or a number."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    try:
        other: x509.GeneralName = x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        other = x509.DNSName(name)
    moment = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(moment - datetime.timedelta(days=1))
        .not_valid_after(moment + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([other]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path
