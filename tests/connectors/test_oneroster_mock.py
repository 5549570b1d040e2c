"""OneRoster REST against a mock that others made (pytest-httpserver, on Werkzeug): it answers as it was told, once each
and in order, and fails the test for any other question.

The answers follow the examples of the standard (1EdTech OneRoster 1.1 and 1.2, REST binding).
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from schakel.collect.providers import PACKAGE, Access, Wish
from schakel.connectors.oneroster_rest import Reading
from schakel.lib.addresses import Allowed
from schakel.lib.errors import SchakelError
from schakel.lib.outgoing import Outgoing

NEEDED = {"users": frozenset({"sourcedId", "givenName"})}
PEOPLE = [{"sourcedId": f"u{n}", "status": "active", "givenName": name} for n, name in enumerate(("Ali", "Bo", "Cas"))]
SECRET = "Z8-vijf-q"
WHOLE = ["u0", "u1", "u2"]
USERS = "/ims/oneroster/rostering/v1p2/users"
USERS_1_1 = "/ims/oneroster/v1p1/users"
WAY = Outgoing(Allowed(frozenset({"127.0.0.1"})))


@pytest.fixture
def mock() -> Iterator[HTTPServer]:
    """The mock on a port of its own; at the end every answer was asked for, and nothing else was."""
    with HTTPServer(host="127.0.0.1") as server:
        yield server
        server.check()
        assert not server.ordered_handlers, "an answer that nobody asked for"


class Desk:
    """Readings of the mock that wait for nothing, and what would have been waited."""

    def __init__(self, mock: HTTPServer, folder: Path, version: str = "1.2", method: str = "oauth2") -> None:
        token = mock.url_for("/token") if method == "oauth2" else ""
        base = mock.url_for("/ims/oneroster" if version == "1.2" else "/ims/oneroster/v1p1")
        self.access = Access(base, version, method, "schakel", SECRET, token)
        self.folder, self.waits = folder, list[float]()

    def read(self, wish: Wish | None = None) -> bool:
        """Whether there was anything new."""
        wish = wish or Wish(NEEDED)
        reading = Reading(self.access, WAY, wish, lambda _file, _rows: None, sleep=self.waits.append)
        return reading.run(self.folder).changed

    @property
    def keys(self) -> list[str]:
        """Whom the package has, in the order in which they were written."""
        lines = (self.folder / PACKAGE / "users.csv").read_text(encoding="utf-8").splitlines()
        return [line.partition(",")[0] for line in lines[1:]]


def token(mock: HTTPServer, word: str = "w1") -> None:
    """Expect that a token is asked for, as RFC 6749 has it, with the right to read and no more."""
    expected = mock.expect_ordered_request("/token", method="POST")
    expected.respond_with_handler(lambda request: _token(request, word))


def _token(request: Request, word: str) -> Response:
    scope = "https://purl.imsglobal.org/spec/or/v1p2/scope/roster-core.readonly"
    right = (request.authorization and request.authorization.parameters) == {"username": "schakel", "password": SECRET}
    if not right or request.form.to_dict() != {"grant_type": "client_credentials", "scope": scope}:
        return told({"error": "invalid_client", "said": request.form.to_dict()}, 400)
    return told({"access_token": word, "token_type": "bearer", "expires_in": 3600})


def told(body: Any, status: int = 200, **headers: str) -> Response:
    """An answer in JSON."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(json.dumps(body), status, named, content_type="application/json; charset=UTF-8")


def page(mock: HTTPServer, offset: int, word: str = "w1", uri: str = USERS) -> Any:
    """Expect the question for the page that begins there."""
    said = {"limit": "1000", "offset": str(offset), "sort": "sourcedId", "orderBy": "asc",
            "fields": "sourcedId,status,dateLastModified,givenName"}  # fmt: skip
    headers = {"Authorization": f"Bearer {word}", "Accept": "application/json"} if word else {}
    return mock.expect_ordered_request(uri, method="GET", query_string=said, headers=headers)


def people(some: list[dict[str, str]], total: int = 3, link: str = "") -> Response:
    """A page of users."""
    return told({"users": some}, X_Total_Count=str(total), **({"Link": link} if link else {}))


def refusal(status: int, code: str, **headers: str) -> Response:
    """An answer that refuses, as in the standard."""
    minor = {"imsx_codeMinorField": [{"imsx_codeMinorFieldName": "TargetEndSystem", "imsx_codeMinorFieldValue": code}]}
    body = {"imsx_codeMajor": "failure", "imsx_severity": "error", "imsx_CodeMinor": minor}
    return told(body, status, **headers)


def answer(mock: HTTPServer, offset: int, response: Response, word: str = "w1") -> None:
    """Expect a question, and answer it so."""
    page(mock, offset, word).respond_with_response(response)


def test_pages_are_asked_for_one_after_the_other_until_all_are_there(mock: HTTPServer, tmp_path: Path) -> None:
    token(mock)
    answer(mock, 0, people(PEOPLE[:2]))
    answer(mock, 2, people(PEOPLE[2:]))
    desk = Desk(mock, tmp_path)
    assert desk.read()
    assert desk.keys == WHOLE
    assert desk.waits == []


def test_a_server_that_is_too_busy_is_given_the_time_it_asks_for(mock: HTTPServer, tmp_path: Path) -> None:
    token(mock)
    answer(mock, 0, refusal(429, "server_busy", Retry_After="7"))
    answer(mock, 0, people(PEOPLE[:2]))
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    answer(mock, 2, refusal(429, "server_busy", Retry_After=soon))
    answer(mock, 2, people(PEOPLE[2:]))
    desk = Desk(mock, tmp_path)
    assert desk.read()
    assert desk.keys == WHOLE
    assert desk.waits[0] == 7
    assert 20 < desk.waits[1] <= 30


def test_a_fault_of_the_server_is_tried_again(mock: HTTPServer, tmp_path: Path) -> None:
    token(mock)
    answer(mock, 0, refusal(500, "internal_server_error"))
    answer(mock, 0, people(PEOPLE[:2]))
    answer(mock, 2, Response("<h1>Bad gateway</h1>", 502))
    answer(mock, 2, people(PEOPLE[2:]))
    desk = Desk(mock, tmp_path)
    assert desk.read()
    assert desk.keys == WHOLE
    assert len(desk.waits) == 2


def test_an_expired_token_is_asked_for_anew_and_the_page_again(mock: HTTPServer, tmp_path: Path) -> None:
    token(mock)
    answer(mock, 0, people(PEOPLE[:2]))
    answer(mock, 2, refusal(401, "unauthorisedrequest"))
    token(mock, "w2")
    answer(mock, 2, people(PEOPLE[2:]), "w2")
    desk = Desk(mock, tmp_path)
    assert desk.read()
    assert desk.keys == WHOLE


def test_half_an_answer_is_none(mock: HTTPServer, tmp_path: Path) -> None:
    whole = people(PEOPLE[:2])
    half = Response(whole.get_data()[:30], 200, {"X-Total-Count": "3", "Content-Type": "application/json"})
    token(mock)
    answer(mock, 0, half)
    answer(mock, 0, people(PEOPLE[:2]))
    answer(mock, 2, people(PEOPLE[2:]))
    desk = Desk(mock, tmp_path)
    assert desk.read()
    assert desk.keys == WHOLE


def test_a_cut_connection_goes_on_where_it_was_with_the_next_run(mock: HTTPServer, tmp_path: Path) -> None:
    """Cut in the same page each time: the run ends with a sentence, and the next one asks for that page only."""
    desk = Desk(mock, tmp_path)
    token(mock)
    answer(mock, 0, people(PEOPLE[:2]))
    for _try in range(4):
        page(mock, 2).respond_with_handler(_cut)
    with pytest.raises(SchakelError) as refused:
        desk.read()
    assert str(refused.value)
    mock.clear_handler_errors()
    left = len(mock.ordered_handlers)
    mock.clear_all_handlers()
    assert left < 4
    token(mock, "w2")
    answer(mock, 2, people(PEOPLE[2:]), "w2")
    assert desk.read()
    assert desk.keys == WHOLE


def _cut(request: Request) -> Response:
    """End the connection without an answer."""
    request.environ["werkzeug.socket"].shutdown(2)
    return Response()


def test_the_same_page_again_is_no_next_page(mock: HTTPServer, tmp_path: Path) -> None:
    """A server that forgets the offset would give two people twice and one never: nothing comes in."""
    desk = Desk(mock, tmp_path)
    token(mock)
    for _question in range(40):
        mock.expect_oneshot_request(USERS).respond_with_response(people(PEOPLE[:2]))
    with pytest.raises(SchakelError) as refused:
        desk.read()
    assert str(refused.value)
    assert not (tmp_path / PACKAGE / "users.csv").exists()
    mock.clear_all_handlers()


def test_after_a_whole_reading_only_what_changed_is_asked_for(mock: HTTPServer, tmp_path: Path) -> None:
    said = {"limit": "1000", "offset": "0", "sort": "sourcedId", "orderBy": "asc",
            "fields": "sourcedId,status,dateLastModified,givenName",
            "filter": "dateLastModified>'2026-11-25T06:00:00.000Z'"}  # fmt: skip
    token(mock)
    mock.expect_ordered_request(USERS, query_string=said).respond_with_response(people([], 0))
    assert not Desk(mock, tmp_path).read(Wish(NEEDED, since="2026-11-25T06:00:00.000Z"))


def test_who_is_not_let_in_hears_it_and_nothing_is_kept(mock: HTTPServer, tmp_path: Path) -> None:
    mock.expect_ordered_request("/token", method="POST").respond_with_json({"error": "invalid_client"}, 401)
    with pytest.raises(SchakelError) as refused:
        Desk(mock, tmp_path).read()
    assert SECRET not in str(refused.value)
    assert not (tmp_path / PACKAGE / "users.csv").exists()


def test_1_1_without_a_count_is_followed_by_its_links_and_each_question_is_signed(
    mock: HTTPServer, tmp_path: Path
) -> None:
    desk, signed = Desk(mock, tmp_path, "1.1", "oauth1-sha1"), list[str]()

    def of(offset: int, some: list[dict[str, str]], link: str = "") -> None:
        def answered(request: Request) -> Response:
            signed.append(request.headers["Authorization"])
            found = people(some, link=link)
            del found.headers["X-Total-Count"]
            return found

        page(mock, offset, "", USERS_1_1).respond_with_handler(answered)

    said = "limit=1000&sort=sourcedId&orderBy=asc&fields=sourcedId%2Cstatus%2CdateLastModified%2CgivenName"
    of(0, PEOPLE[:2], f'<{mock.url_for(USERS_1_1)}?{said}&offset=2>; rel="next"')
    of(2, PEOPLE[2:], f'<{mock.url_for(USERS_1_1)}?{said}&offset=0>; rel="first"')
    assert desk.read()
    assert desk.keys == WHOLE
    assert all(said.startswith("OAuth ") and 'oauth_consumer_key="schakel"' in said for said in signed)
    assert len(set(signed)) == 2  # a moment and a word of its own for each
