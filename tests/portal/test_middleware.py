"""What every answer passes: language, guard, headers; refusals and errors from the rooms below become pages."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpResponse
from django.test import Client, RequestFactory
from django.utils import translation

from schakel.access.audit import AuditLine
from schakel.access.register import close_account
from schakel.lib import text
from schakel.lib.errors import Refused, SchakelError, Unknown
from schakel.portal import guard
from schakel.portal.middleware import HEADERS, Guard, Headers, Language, spoken
from tests.desk import Desk
from tests.portal.conftest import browser


def request(path: str = "/x", person: Any = None, **more: Any) -> Any:
    made = RequestFactory().get(path, **more)
    if person is not None:
        made.user = person
    return made


def answer(**headers: str) -> Any:
    return lambda _request: HttpResponse("x", headers=headers)


# Headers


@pytest.mark.parametrize("path", ["/mijn", "/overzichten/late.csv", "/", "/staticx", "/static"])
def test_nothing_is_kept_by_a_shared_cache(path: str) -> None:
    assert Headers(answer())(request(path)).headers["Cache-Control"] == "no-store, private"


def test_files_of_the_look_may_be_kept() -> None:
    assert "Cache-Control" not in Headers(answer())(request("/static/schakel/base.css")).headers
    kept = Headers(answer(**{"Cache-Control": "max-age=60"}))(request("/mijn"))
    assert kept.headers["Cache-Control"] == "max-age=60", "an answer that says so itself decides"


def test_an_answer_may_be_stricter_and_never_loses_one() -> None:
    found = Headers(answer(**{"Referrer-Policy": "no-referrer"}))(request())
    assert found.headers["Referrer-Policy"] == "no-referrer"
    assert set(HEADERS) <= set(found.headers)


@pytest.mark.parametrize("part", ["unsafe-inline", "unsafe-eval", "http:", "https:", "*", "blob:"])
def test_the_policy_lets_nothing_in_from_elsewhere(part: str) -> None:
    assert part not in HEADERS["Content-Security-Policy"]


def test_https_is_remembered_when_the_page_came_so() -> None:
    assert "Strict-Transport-Security" not in Headers(answer())(request()).headers
    assert "includeSubDomains" in Headers(answer())(request(secure=True)).headers["Strict-Transport-Security"]


# Language


@pytest.mark.parametrize(
    ("cookie", "account", "language"),
    [(None, None, "nl"), ("en", None, "en"), (None, "en", "en"), ("nl", "en", "nl"), ("de", "en", "nl"),
     ("", "en", "en"), ("en-GB", None, "nl"), ("../en", None, "nl"), (None, "xx", "nl")],
)  # fmt: skip
def test_the_language_of_a_request(cookie: str | None, account: str | None, language: str) -> None:
    made = request()
    if cookie is not None:
        made.COOKIES["taal"] = cookie
    if account is not None:
        made.user = type("Person", (), {"language": account})()
    assert spoken(made) == language


def test_the_language_ends_with_the_request() -> None:
    heard = []

    def view(_request: Any) -> HttpResponse:
        heard.append((text.language(), translation.get_language()))
        return HttpResponse()

    made = request()
    made.COOKIES["taal"] = "en"
    assert Language(view)(made).headers["Content-Language"] == "en"
    assert heard == [("en", "en")]
    assert text.language() == "nl"


def test_the_language_ends_also_when_the_page_broke() -> None:
    def view(_request: Any) -> HttpResponse:
        raise RuntimeError("x")

    made = request()
    made.COOKIES["taal"] = "en"
    with pytest.raises(RuntimeError):
        Language(view)(made)
    assert text.language() == "nl"


# Guard


def declared(permission: str) -> Any:
    return guard.needs(permission)(lambda _request: HttpResponse())


def passed(person: Any, view: Any, path: str = "/x") -> Any:
    return Guard(lambda _request: HttpResponse()).process_view(request(path, person), view, (), {})


def test_what_was_declared_decides(room: Desk) -> None:
    manager, outsider = room.manager, room.people["outsider"]
    assert passed(manager, declared("audit.read")) is None
    assert passed(outsider, declared("audit.read")).status_code == 403
    assert passed(outsider, guard.signed_in(lambda _r: HttpResponse())) is None
    assert passed(outsider, guard.public(lambda _r: HttpResponse())) is None
    assert passed(manager, lambda _r: HttpResponse()).status_code == 403


def test_a_permission_that_does_not_exist_is_a_defect_and_never_open(room: Desk) -> None:
    with pytest.raises(KeyError):
        passed(room.manager, declared("everything.read"))


def test_a_refusal_at_the_door_leaves_one_line(room: Desk) -> None:
    before = AuditLine.objects.count()
    passed(room.people["outsider"], declared("audit.read"))
    passed(room.manager, declared("audit.read"))
    assert AuditLine.objects.count() == before + 1


@pytest.mark.parametrize("path", ["/behoeften?t-zoek=a&t-stand=live", "/bestuur", "/zoek?q=%26next%3D//elders"])
def test_a_stranger_comes_back_to_the_same_address(room: Desk, path: str) -> None:
    found = passed(AnonymousUser(), declared("chain.read"), path)
    assert found.status_code == 302
    assert found.headers["Location"].startswith("/aanmelden?next=%2F")
    assert "//elders" not in found.headers["Location"].split("?")[0]


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Refused("Zo niet.", code="state"), 403),
        (Unknown("Weg."), 404),
        (SchakelError("x"), None),
        (ValueError("x"), None),
    ],
)
def test_what_goes_wrong_in_a_room_below_becomes_a_page_or_goes_on(
    room: Desk, error: Exception, status: int | None
) -> None:
    found = Guard(lambda _r: HttpResponse()).process_exception(request(person=room.manager), error)
    assert (found.status_code if found else None) == status


def test_a_page_that_is_not_there_is_no_refusal(room: Desk) -> None:
    assert browser(room.manager).get("/onderdelen/nergens").status_code == 404
    assert Guard(lambda _r: HttpResponse()).process_exception(request(person=room.manager), Http404()) is None


def test_whoever_was_put_out_is_a_stranger_at_the_next_page(room: Desk) -> None:
    client = browser(room.people["mentor-B1"])
    assert client.get("/mijn").status_code == 200
    close_account(room.manager, type(room.manager).objects.get(pk=room.people["mentor-B1"].pk))
    for address in ("/mijn", "/overzichten/late", "/overzichten/late.csv", "/behoeften"):
        assert client.get(address).status_code == 302, address


def test_a_session_of_someone_else_is_not_taken_over_by_a_cookie(room: Desk) -> None:
    client = browser(room.people["outsider"])
    session = client.cookies["sessionid"].value
    for forged in (session[:-1] + ("a" if session[-1] != "a" else "b"), "", "1", "' OR 1=1"):
        stranger = Client()
        stranger.cookies["sessionid"] = forged
        assert stranger.get("/mijn").status_code == 302
