"""The board's sign-in service is asked by the one way out as well (lib/outgoing.py).

allauth asks it with `requests`. In the session that it gets here nothing but the way out makes connections: no proxy or
password of the machine's own settings, no redirect to another server, no end without an end.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from requests import PreparedRequest, RequestException, Response, Session
from requests.adapters import BaseAdapter

from schakel.lib.addresses import Allowed, place
from schakel.lib.errors import SchakelError
from schakel.lib.outgoing import Bounds, Outgoing

BOUNDS = Bounds(size=2**20, seconds=10.0, silence=5.0)  # somebody waits, and a description or a token is small


class Unreached(RequestException):
    """The service was not asked, or gave no whole answer. The text names the server and holds nothing that it said."""


class _Through(BaseAdapter):
    """The transport of `requests` by the way out."""

    def __init__(self, way: Outgoing) -> None:
        super().__init__()
        self._way = way

    def send(
        self,
        request: PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: bool | str = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> Response:
        """The whole answer. Raises Unreached."""
        body = request.body.encode() if isinstance(request.body, str) else request.body  # a form, or nothing
        told: dict[str, Any] = {"method": request.method, "headers": dict(request.headers), "body": body}
        try:
            answer = self._way.ask(str(request.url), **told)
        except SchakelError as error:
            raise Unreached(f"{error.code}: {error}", request=request) from error
        response = Response()
        response.status_code, response.url, response.request = answer.status, str(request.url), request
        response.headers.update(answer.headers)
        response.encoding = "utf-8"  # JSON (RFC 8259, 8.1)
        response._content = answer.body
        return response

    def close(self) -> None:
        """Nothing is kept open."""


def session(way: Outgoing, issuer: str) -> Session:
    """To ask this service with; it may stand in the own network, for the administrator of the server named it."""
    where = place(issuer)
    hosts = way.allowed.hosts | {f"{where.host}:{where.port}"}
    made = Session()
    made.trust_env = False
    made.headers.clear()
    made.adapters.clear()
    made.mount("", _Through(replace(way, allowed=Allowed(hosts, way.allowed.folders), bounds=BOUNDS)))
    return made
