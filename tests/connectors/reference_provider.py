"""A small OneRoster REST server of the tests' own: 1.1 behind OAuth 1.0a, 1.2 behind OAuth 2, from rows of CSV files.

It verifies signatures and tokens by itself, honours limit, offset, sort, fields and filter, and breaks where told.
"""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from schakel.collect.providers import Access
from schakel.connectors.oneroster_layout import layout
from tests.collect.small_roster import Rows, roster
from tests.servers import Request, Server, serving

OLD = "2026-09-01T00:00:00.000Z"
CLIENT, SECRET = "schakel", "zeer+geheim/!"
SERVICES = {"categories": "gradebook", "lineItems": "gradebook", "results": "gradebook", "resources": "resources"}
Fault = Callable[["Provider", Request, "Answer"], bool]  # whether the fault itself answered


def grown(version: str, users: int = 23) -> dict[str, Rows]:
    """The small roster with more users in it, each with a role, an enrolment and a date of birth."""
    files = roster("1.1" if version == "1.1" else "1.2.1")
    names = [("users", "u", {}), ("enrollments", "e", {"userSourcedId": "u"}), ("demographics", "u", {})]
    if version != "1.1":
        names.append(("roles", "r", {"userSourcedId": "u"}))
    for name, letter, refs in names:
        pattern = files[name][0]
        for n in range(7, users + 1):
            row = {"sourcedId": f"{letter}{n}", **{column: f"{ref}{n}" for column, ref in refs.items()}}
            files[name].append(pattern | row | ({"givenName": f'Noor, {n} "é"'} if name == "users" else {}))
    return files


class Answer(dict[str, Any]):
    """A page as it would be answered: objects, total, headers."""


class Provider:
    """The server's content and manners."""

    def __init__(self, version: str, method: str, files: dict[str, Rows]) -> None:
        self.version, self.method, self.files = version, method, files
        self.page = 4  # the most objects a page
        self.says_total = self.says_link = True
        self.modified: dict[tuple[str, str], str] = {}
        self.deleted: set[tuple[str, str]] = set()
        self.faults: dict[int, Fault] = {}
        self.unknown = set[str]()  # parameters that it refuses
        self.lacks = set[str]()  # collections that it does not have
        self.tokens: list[str] = []
        self.questions: list[dict[str, str]] = []
        self.server: Server

    @property
    def access(self) -> Access:
        """How to reach it."""
        base = f"http://127.0.0.1:{self.server.server_port}"
        token = f"{base}/token" if self.method == "oauth2" else ""
        path = "/ims/oneroster" if self.version == "1.2" else "/ims/oneroster/v1p1"
        return Access(base + path, self.version, self.method, CLIENT, SECRET, token)

    def handle(self, request: Request) -> None:
        """Answer a question, well or with the fault that was asked for."""
        if request.path == "/token":
            self._token(request)
            return
        if not self._signed(request):
            self.refuse(request, 401, "unauthorisedrequest")
            return
        parts = urlsplit(request.path)
        asked = dict(parse_qsl(parts.query))
        name = parts.path.rpartition("/")[2]
        self.questions.append({"collection": name, **asked})
        found = self._answer(name, parts.path, asked)
        fault = self.faults.pop(len(self.questions), None)
        if fault and fault(self, request, found):
            return
        if "status" in found:
            self.refuse(request, found["status"], found["code"])
            return
        self.send(request, found)

    def send(self, request: Request, found: "Answer") -> None:
        """A good answer."""
        headers = {"Content-Type": "application/json; charset=UTF-8"}
        if self.says_total:
            headers["X-Total-Count"] = str(found["total"])
        if self.says_link:
            headers["Link"] = ", ".join(f'<{address}>; rel="{rel}"' for rel, address in found["links"].items())
        request.answer(json.dumps({found["name"]: found["objects"]}).encode(), 200, **headers)

    def refuse(self, request: Request, status: int, code: str, shape: str = "", **headers: str) -> None:
        """An answer that refuses, in the shape of its version (or another one)."""
        minor = {
            "imsx_codeMinorField": [{"imsx_codeMinorFieldName": "TargetEndSystem", "imsx_codeMinorFieldValue": code}]
        }
        bare = {
            "imsx_codeMajor": "failure",
            "imsx_severity": "error",
            "imsx_description": "Zo niet",
            "imsx_CodeMinor": minor,
        }
        set_ = {"statusInfoSet": [{"imsx_codeMajor": "failure", "imsx_description": "Zo niet", "imsx_codeMinor": code}]}
        shapes = {"bare": bare, "set": set_, "wrapped": {"imsx_StatusInfo": bare}}
        body = shapes[shape or ("set" if self.version == "1.1" else "bare")]
        request.answer(json.dumps(body).encode(), status, Content_Type="application/json", **headers)

    def _answer(self, name: str, path: str, asked: dict[str, str]) -> "Answer":
        base = (
            "/ims/oneroster/v1p1" if self.version == "1.1" else f"/ims/oneroster/{SERVICES.get(name, 'rostering')}/v1p2"
        )
        if path != f"{base}/{name}" or name not in self.files or name in self.lacks or name == "roles":
            return Answer(status=404, code="unknownobject")
        for parameter, code in (("sort", "invalid_sort_field"), ("fields", "invalid_selection_field"),
                                ("filter", "invalid_filter_field")):  # fmt: skip
            if parameter in asked and parameter in self.unknown:
                return Answer(status=400, code=code)
        found = [each for each in self.objects(name) if self._fits(each, asked.get("filter", ""))]
        if asked.get("sort"):
            found.sort(key=lambda each: each[asked["sort"]])
        limit, offset = min(int(asked.get("limit", 100)), self.page), int(asked.get("offset", 0))
        wanted = asked["fields"].split(",") if asked.get("fields") else None
        page = [
            {k: v for k, v in each.items() if wanted is None or k in wanted} for each in found[offset : offset + limit]
        ]
        links = {"first": self._link(path, asked, 0)}
        if offset + limit < len(found):
            links["next"] = self._link(path, asked, offset + limit)
        return Answer(name=name, objects=page, total=len(found), links=links)

    def _link(self, path: str, asked: dict[str, str], offset: int) -> str:
        query = "&".join(f"{k}={quote(v)}" for k, v in {**asked, "offset": str(offset)}.items())
        return f"http://127.0.0.1:{self.server.server_port}{path}?{query}"

    def _fits(self, each: dict[str, Any], wanted: str) -> bool:
        said = re.fullmatch(r"dateLastModified>'([^']+)'", wanted)
        return not wanted or (said is not None and each["dateLastModified"] > said.group(1))

    def objects(self, name: str) -> list[dict[str, Any]]:
        """The rows of a file as the objects of the standard."""
        return [self._object(name, row) for row in self.files[name]]

    def _object(self, name: str, row: dict[str, str]) -> dict[str, Any]:
        key = (name, row["sourcedId"])
        made: dict[str, Any] = {
            "sourcedId": row["sourcedId"],
            "status": "tobedeleted" if key in self.deleted else "active",
            "dateLastModified": self.modified.get(key, OLD),
            "metadata": {"eigen": "x"},
        }
        types = {f.name: f for f in layout("1.1" if self.version == "1.1" else "1.2.1").files[name].fields}
        for column, value in row.items():
            if column not in ("sourcedId", "status", "dateLastModified"):
                made |= self._property(column, value, types[column].type)
        if name == "users" and self.version == "1.2":
            mine = [r for r in self.files["roles"] if r["userSourcedId"] == row["sourcedId"]]
            made["roles"] = [
                {"roleType": r["roleType"], "role": r["role"], "beginDate": r.get("beginDate"),
                 "org": self._ref(r["orgSourcedId"], "org")} for r in mine
            ]  # fmt: skip
        return made

    def _property(self, column: str, value: str, kind: str) -> dict[str, Any]:
        if column.endswith("SourcedIds"):
            return {f"{column[:-10]}s": [self._ref(each, column[:-10]) for each in value.split(",") if each]}
        if column.endswith("SourcedId"):
            return {column[:-9]: self._ref(value, column[:-9]) if value else None}
        if column == "userIds":
            pairs = re.findall(r"\{([^:]+):([^}]+)\}", value)
            return {column: [{"type": kind, "identifier": number} for kind, number in pairs]}
        if kind in ("list", "choices"):
            return {column: value.split(",") if value else []}
        if value in ("true", "false") and self.version == "1.2":
            return {column: value == "true"}
        if kind == "number" and value:
            return {column: float(value)}
        other = {"preferredGivenName": "preferredFirstName", "preferredFamilyName": "preferredLastName"}
        return {other.get(column, column): value or None}

    def _ref(self, key: str, kind: str) -> dict[str, str]:
        return {"href": f"https://las.example/{kind}s/{key}", "sourcedId": key, "type": kind}

    def _token(self, request: Request) -> None:
        body = dict(parse_qsl(request.rfile.read(int(request.headers["Content-Length"])).decode()))
        said = request.headers.get("Authorization", "").removeprefix("Basic ")
        name, _colon, secret = base64.b64decode(said).decode().partition(":")
        if (unquote(name), unquote(secret)) != (CLIENT, SECRET) or body.get("grant_type") != "client_credentials":
            request.answer(
                b'{"error": "invalid_client", "error_description": "Wie?"}', 401, Content_Type="application/json"
            )
            return
        self.scope = body.get("scope", "")
        self.tokens.append(f"token-{len(self.tokens) + 1}")
        said = json.dumps({"access_token": self.tokens[-1], "token_type": "bearer", "expires_in": 3600})
        request.answer(said.encode(), 200, Content_Type="application/json")

    def _signed(self, request: Request) -> bool:
        said = request.headers.get("Authorization", "")
        if self.method == "oauth2":
            return bool(self.tokens) and said == f"Bearer {self.tokens[-1]}"
        return _verified(request, said, f"http://127.0.0.1:{self.server.server_port}", self.method)


def _verified(request: Request, said: str, base: str, method: str) -> bool:
    """Whether an OAuth 1.0a signature holds (RFC 5849, 3.4), worked out here anew."""
    told = {k: unquote(v) for k, v in re.findall(r'(oauth_\w+)="([^"]*)"', said)}
    signature = told.pop("oauth_signature", "")
    parts = urlsplit(request.path)
    pairs = [*told.items(), *parse_qsl(parts.query, keep_blank_values=True)]
    q = lambda text: quote(text, safe="~")  # noqa: E731
    normal = "&".join(f"{k}={v}" for k, v in sorted((q(k), q(v)) for k, v in pairs))
    text = "&".join([request.command, q(base + parts.path), q(normal)])
    digest = {"oauth1-sha1": hashlib.sha1, "oauth1-sha256": hashlib.sha256}[method]
    named = {"oauth1-sha1": "HMAC-SHA1", "oauth1-sha256": "HMAC-SHA256"}[method]
    expected = base64.b64encode(hmac.new(f"{q(SECRET)}&".encode(), text.encode(), digest).digest()).decode()
    return told.get("oauth_signature_method") == named and told.get("oauth_consumer_key") == CLIENT \
        and hmac.compare_digest(expected, signature)  # fmt: skip


@contextmanager
def providing(version: str = "1.2", method: str = "oauth2", files: dict[str, Rows] | None = None) -> Iterator[Provider]:
    """A provider that runs until the block ends."""
    provider = Provider(version, method, files or grown(version))
    with serving(provider.handle) as server:
        provider.server = server
        yield provider
