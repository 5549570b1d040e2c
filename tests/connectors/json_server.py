"""A JSON server of the tests' own: one list, paged in every way that is met in practice, broken where told."""

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from schakel.collect.providers import Access
from tests.servers import Request, Server, serving

CLIENT, SECRET = "schakel", "zeer+geheim/!"
Fault = Callable[["JsonServer", Request, dict[str, Any]], None]
PATH = "/api/v2/verzuim"


class JsonServer:
    """The content and manners of the server."""

    def __init__(self, kind: str, method: str, rows: list[dict[str, Any]]) -> None:
        self.kind, self.method, self.rows = kind, method, rows
        self.page = 4
        self.says_total = True
        self.tokens: list[str] = []
        self.questions: list[dict[str, str]] = []
        self.faults: dict[int, Fault] = {}
        self.server: Server

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    @property
    def access(self) -> Access:
        token = f"{self.base}/token" if self.method == "oauth2" else ""
        return Access(f"{self.base}/api", "", self.method, CLIENT, SECRET, token, {"scope": "lezen leerlingen"})

    def handle(self, request: Request) -> None:
        if request.path == "/token":
            self._token(request)
        elif not self._known(request.headers.get("Authorization", "")):
            request.answer(b'{"error": "unauthorized"}', 401, Content_Type="application/json")
        else:
            parts = urlsplit(request.path)
            asked = dict(parse_qsl(parts.query))
            self.questions.append(asked)
            fault = self.faults.pop(len(self.questions), None)
            if parts.path != PATH:
                request.answer(b"{}", 404, Content_Type="application/json")
            elif fault:
                fault(self, request, asked)
            else:
                self.send(request, asked)

    def send(self, request: Request, asked: dict[str, str]) -> None:
        """A good page."""
        size = min(int(asked.get("size", self.page)), self.page) if self.kind != "none" else len(self.rows)
        start = {
            "page": (int(asked.get("page", "1")) - 1) * size, "offset": int(asked.get("offset", "0")),
            "cursor": int(asked.get("na", "0")), "link": int(asked.get("van", "0")), "next": int(asked.get("van", "0")),
        }.get(self.kind, 0)  # fmt: skip
        more = start + size < len(self.rows)
        said: dict[str, Any] = {"data": {"items": self.rows[start : start + size]}}
        headers = {"Content-Type": "application/json; charset=utf-8"}
        if self.says_total:
            said["meta"] = {"totaal": len(self.rows)}
        if self.kind == "cursor":
            said["volgende"] = str(start + size) if more else None
        elif self.kind == "next":
            said["@odata.nextLink"] = f"{self.base}{PATH}?van={start + size}" if more else None
        elif self.kind == "link" and more:
            headers["Link"] = f'<{PATH}?van={start + size}>; rel="next", <{PATH}>; rel="first"'
        request.answer(json.dumps(said).encode(), 200, **headers)

    def _known(self, told: str) -> bool:
        if self.method == "oauth2":
            return told.removeprefix("Bearer ") in self.tokens
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        return told == {"none": "", "bearer": f"Bearer {SECRET}", "basic": f"Basic {basic}"}[self.method]

    def _token(self, request: Request) -> None:
        length = int(request.headers.get("Content-Length", "0"))
        self.questions_of_token = dict(parse_qsl(request.rfile.read(length).decode()))
        self.tokens = [f"token-{len(self.server.asked)}"]
        said = {"access_token": self.tokens[0], "token_type": "Bearer", "expires_in": 3600}
        request.answer(json.dumps(said).encode(), 200, Content_Type="application/json")


@contextmanager
def json_serving(
    kind: str = "link", method: str = "bearer", rows: list[dict[str, Any]] | None = None
) -> Iterator[JsonServer]:
    """The server, until the block ends."""
    content = JsonServer(kind, method, rows if rows is not None else many())
    with serving(content.handle) as server:
        content.server = server
        yield content


def many(count: int = 23) -> list[dict[str, Any]]:
    """Rows with more in them than anybody needs."""
    return [
        {
            "leerling": {"nummer": f"{n:05}", "naam": "geheime naam"},
            "vestigingen": [{"code": "00AA00"}],
            "moment": f"2026-09-{n % 28 + 1:02}T22:30:00Z",
            "soort": "G",
            "opmerking": "geheime opmerking",
            "uren": n / 2,
        }
        for n in range(1, count + 1)
    ]
