"""A server that breaks in the middle: recovered without loss or duplicate, or refused with a sentence."""

import json
import time
from email.utils import formatdate

import pytest

from schakel.collect.providers import PACKAGE, Wish
from schakel.connectors.checkpoints import Checkpoint
from schakel.connectors.oneroster_pages import Mark
from schakel.connectors.oneroster_rest import Reading
from schakel.connectors.rest_client import LONGEST_WAIT, TRIES
from schakel.connectors.rest_errors import ServerRefused
from schakel.lib.addresses import Allowed, Closed
from schakel.lib.errors import SchakelError
from schakel.lib.outgoing import Bounds, Broken, Outgoing
from tests.connectors.reference_provider import SECRET, providing
from tests.connectors.test_oneroster_rest import silent

NEEDED = {"orgs": frozenset({"sourcedId", "name"}), "users": frozenset({"sourcedId", "givenName"})}
WISH = Wish(NEEDED)
WHOLE = {f"u{n}" for n in range(1, 24)}
MIDDLE = 4  # of the questions: one page of orgs, six of users
WAY = Outgoing(Allowed(frozenset({"127.0.0.1"})), bounds=Bounds(size=2**20))
WAYS = [("1.2", "oauth2"), ("1.1", "oauth1-sha1")]


class Watch:
    """Runs readings without waiting, and remembers how long would have been waited."""

    def __init__(self, server, folder, way=WAY):
        self.server, self.folder, self.way, self.waits = server, folder, way, []

    def run(self):
        Reading(self.server.access, self.way, WISH, silent, sleep=self.waits.append).run(self.folder)

    @property
    def users(self):
        """The keys in the order in which they were written."""
        text = (self.folder / PACKAGE / "users.csv").read_text()
        return [line.partition(",")[0] for line in text.splitlines()[1:]]


def cut(_server, request, _found):
    request.connection.close()
    request.close_connection = True
    return True


def half(server, request, found):
    body = json.dumps({found["name"]: found["objects"]}).encode()
    request.send_response(200)
    request.send_header("Content-Type", "application/json")
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body[: len(body) // 2])
    request.close_connection = True
    return True


def half_without_length(_server, request, found):
    body = json.dumps({found["name"]: found["objects"]}).encode()
    request.send_response(200)
    request.send_header("Content-Type", "application/json")
    request.send_header("Connection", "close")
    request.end_headers()
    request.wfile.write(body[: len(body) // 2])
    request.close_connection = True
    return True


def refusing(status, code="internal_server_error", shape="", **headers):
    def fault(server, request, _found):
        server.refuse(request, status, code, shape, **headers)
        return True

    return fault


def forgotten(server, request, _found):
    """The token is over."""
    server.tokens.append("another one")
    server.refuse(request, 401, "unauthorisedrequest")
    return True


@pytest.mark.parametrize("fault", [cut, half, half_without_length, refusing(500), refusing(502), refusing(503)],
                         ids=["cut", "half", "half-without-length", "500", "502", "503"])  # fmt: skip
@pytest.mark.parametrize(("version", "method"), WAYS)
def test_a_break_is_asked_again_and_nothing_is_lost(tmp_path, version, method, fault):
    with providing(version, method) as server:
        server.faults = {1: fault, MIDDLE: fault, MIDDLE + 1: fault}
        watch = Watch(server, tmp_path)
        watch.run()
    assert sorted(watch.users) == sorted(WHOLE)
    assert len(watch.waits) == 3
    assert watch.waits == sorted(watch.waits[:1]) + [0.5, 1.0]


@pytest.mark.parametrize(("said", "least", "most"), [("7", 7, 7), ("0", 0, 0), ("when", 30, 60), ("wat?", 0.5, 0.5)])
@pytest.mark.parametrize("status", [429, 503])
def test_who_asks_us_to_wait_is_heard(tmp_path, said, least, most, status):
    said = formatdate(time.time() + 60, usegmt=True) if said == "when" else said
    with providing() as server:
        server.faults = {MIDDLE: refusing(status, "server_busy", Retry_After=said)}
        watch = Watch(server, tmp_path)
        watch.run()
    assert sorted(watch.users) == sorted(WHOLE)
    assert least <= watch.waits[0] <= most


def test_who_asks_for_too_long_is_left_until_later(tmp_path):
    with providing() as server:
        server.faults = {MIDDLE: refusing(429, "server_busy", Retry_After=str(int(LONGEST_WAIT) + 1))}
        watch = Watch(server, tmp_path)
        with pytest.raises(SchakelError) as refused:
            watch.run()
        assert refused.value.retry
        assert watch.waits == []
        before = len(server.questions)
        watch.run()  # goes on with the page that was refused
    assert server.questions[before]["offset"] == server.questions[before - 1]["offset"] != "0"
    assert watch.users == sorted(WHOLE)


def test_what_stays_broken_ends_and_is_taken_up_where_it_broke(tmp_path):
    with providing() as server:
        server.faults = dict.fromkeys(range(MIDDLE, MIDDLE + TRIES), cut)
        watch = Watch(server, tmp_path)
        with pytest.raises(Broken) as broken:
            watch.run()
        assert broken.value.retry
        assert not (tmp_path / PACKAGE).exists()  # whole or not at all
        count = len(server.questions)
        watch.run()
    assert [q["offset"] for q in server.questions[count:]] == ["8", "12", "16", "20"]
    assert watch.users == sorted(WHOLE)


def test_after_a_page_with_nothing_in_it_a_broken_reading_goes_on(tmp_path):
    """Killed between such a page and the next one: there is no key yet, and nothing is missing."""
    begun = Checkpoint(tmp_path / "las", "plan")
    assert begun.begin("users") == (Mark(), set())
    begun.add({"users": []}, {"users": ["sourcedId"]}, Mark(next="?offset=10", offset=10), [])
    for _broken in range(2):
        again = Checkpoint(tmp_path / "las", "plan")
        assert again.begin("users") == (Mark(next="?offset=10", offset=10), set())
    again.add({"users": [["u1"]]}, {"users": ["sourcedId"]}, Mark(over=True), ["u1"])
    assert Checkpoint(tmp_path / "las", "plan").begin("users") == (Mark(over=True), {"u1"})


def test_rows_that_a_crash_left_half_are_cut_off(tmp_path):
    with providing() as server:
        server.faults = dict.fromkeys(range(MIDDLE, MIDDLE + TRIES), cut)
        watch = Watch(server, tmp_path)
        with pytest.raises(Broken):
            watch.run()
        with (tmp_path / "parts" / "users.csv").open("a") as file:
            file.write("u9,Noor\nu10,No")
        (tmp_path / "parts" / "roles.csv").write_text("rest")
        watch.run()
    assert watch.users == sorted(WHOLE)
    assert {path.name for path in (tmp_path / PACKAGE).iterdir()} == {"orgs.csv", "users.csv", "fetched.json"}


@pytest.mark.parametrize("spoil", ["shorter", "gone", "no state", "odd state"])
def test_a_checkpoint_that_does_not_hold_is_let_go_of(tmp_path, spoil):
    with providing() as server:
        server.faults = dict.fromkeys(range(MIDDLE, MIDDLE + TRIES), cut)
        watch = Watch(server, tmp_path)
        with pytest.raises(Broken):
            watch.run()
        path = tmp_path / "parts" / "users.csv"
        if spoil == "shorter":
            path.write_text("sourcedId")
        elif spoil == "gone":
            path.unlink()
        else:
            (tmp_path / "state.json").write_text("" if spoil == "no state" else '{"plan": 1, "extra": 2}')
        watch.run()
    assert watch.users == sorted(WHOLE)


def test_another_question_does_not_go_on_with_this_one(tmp_path):
    with providing() as server:
        server.faults = dict.fromkeys(range(MIDDLE, MIDDLE + TRIES), cut)
        with pytest.raises(Broken):
            Watch(server, tmp_path).run()
        other = Wish({"users": frozenset({"sourcedId", "familyName"})})
        Reading(server.access, WAY, other, silent).run(tmp_path)
    assert {path.name for path in (tmp_path / PACKAGE).iterdir()} == {"users.csv", "fetched.json"}
    assert "Noor" not in (tmp_path / PACKAGE / "users.csv").read_text()


@pytest.mark.parametrize("when", [1, MIDDLE])
def test_an_expired_token_is_renewed_once(tmp_path, when):
    with providing() as server:
        server.faults = {when: forgotten}
        watch = Watch(server, tmp_path)
        watch.run()
        assert watch.users == sorted(WHOLE)
        assert len([t for t in server.tokens if t.startswith("token")]) == 2
        assert watch.waits == []


@pytest.mark.parametrize(("version", "method"), WAYS)
@pytest.mark.parametrize("status", [401, 403, 400, 422])
def test_a_refusal_is_not_asked_again(tmp_path, version, method, status):
    with providing(version, method) as server:
        server.faults = dict.fromkeys((MIDDLE, MIDDLE + 1), refusing(status, "forbidden"))
        watch = Watch(server, tmp_path)
        with pytest.raises(ServerRefused) as refused:
            watch.run()
        assert (refused.value.status, refused.value.retry) == (status, False)
        assert refused.value.codes == ("forbidden",)
        assert len(server.questions) == MIDDLE + (status == 401 and method == "oauth2")
        assert watch.waits == []
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize("shape", ["bare", "set", "wrapped"])
def test_each_shape_of_an_error_is_read(tmp_path, shape):
    with providing() as server:
        server.faults = {1: refusing(403, "forbidden", shape)}
        with pytest.raises(ServerRefused) as refused:
            Watch(server, tmp_path).run()
    assert refused.value.codes == ("forbidden",)
    assert "leesrecht" in str(refused.value)
    assert "De server zegt: forbidden Zo niet." in str(refused.value)


@pytest.mark.parametrize("shape", ["bare", "set", "wrapped"])
def test_a_failure_that_says_200_is_one_all_the_same(tmp_path, shape):
    with providing() as server:
        server.faults = {MIDDLE: refusing(200, "internal_server_error", shape)}
        with pytest.raises(ServerRefused):
            Watch(server, tmp_path).run()
    assert not (tmp_path / PACKAGE).exists()


@pytest.mark.parametrize(("version", "method"), WAYS)
def test_a_wrong_secret_is_told_without_telling_it(tmp_path, version, method):
    from dataclasses import replace

    with providing(version, method) as server:
        wrong = replace(server.access, secret="heel ander geheim")
        with pytest.raises(ServerRefused) as refused:
            Reading(wrong, WAY, WISH, silent).run(tmp_path)
    assert "geheim" in str(refused.value)
    assert "heel ander" not in str(refused.value) + repr(wrong)


def changed(change):
    def fault(_server, _request, found):
        change(found)
        return False

    return fault


SHIFTS = {
    "a row again": lambda found: found["objects"].insert(0, {"sourcedId": "u1", "status": "active"}),
    "a row less": lambda found: found["objects"].pop(),
    "another total": lambda found: found.update(total=found["total"] + 1),
    "the first page again": lambda found: found.update(objects=[{"sourcedId": f"u{n}"} for n in (1, 10, 11, 12)]),
    "an empty page": lambda found: found.update(objects=[]),
}


@pytest.mark.parametrize("shift", SHIFTS)
def test_pages_that_do_not_add_up_are_read_again(tmp_path, shift):
    with providing() as server:
        server.faults = {MIDDLE: changed(SHIFTS[shift])}
        watch = Watch(server, tmp_path)
        watch.run()
    assert watch.users == sorted(WHOLE)
    assert len(server.questions) > 7


@pytest.mark.parametrize("shift", ["a row less", "a row again"])
def test_pages_that_never_add_up_are_refused(tmp_path, shift):
    with providing() as server:
        server.faults = dict.fromkeys(range(3, 60), changed(SHIFTS[shift]))
        with pytest.raises(SchakelError) as refused:
            Watch(server, tmp_path).run()
    assert (refused.value.code, refused.value.retry) == ("shifted", True)
    assert len(server.questions) < 30
    assert not (tmp_path / PACKAGE).exists()


def test_a_list_without_an_end_ends(tmp_path):
    """A server that gives the same page for ever is found out at its second page."""
    with providing() as server:
        server.says_total = False
        again = lambda found: found["links"].update(next=found["links"]["first"])  # noqa: E731
        server.faults = dict.fromkeys(range(2, 60), changed(again))
        with pytest.raises(SchakelError) as refused:
            Watch(server, tmp_path).run()
    assert refused.value.code == "shifted"
    assert len(server.questions) < 10


@pytest.mark.parametrize(
    "link", ["https://elders.example/users?offset=4", "http://169.254.169.254/x", "/ims/oneroster/rostering/v1p2/orgs",
             "file:///etc/passwd", "http://me:you@127.0.0.1/"],
)  # fmt: skip
def test_a_next_page_elsewhere_is_not_followed(tmp_path, link):
    with providing() as server:
        server.faults = {MIDDLE: changed(lambda found: found["links"].update(next=link))}
        with pytest.raises(SchakelError) as refused:
            Watch(server, tmp_path).run()
    assert refused.value.code == "outgoing"
    assert len(server.questions) == MIDDLE


def answering(body, kind="application/json"):
    def fault(_server, request, _found):
        request.answer(body, 200, Content_Type=kind)
        return True

    return fault


@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [
        (b"<html>Log in</html>", "text/html", "content-type"),
        (b'{"users": []}', "text/plain", "content-type"),
        (b"[]", "application/json", "error"),
        (b'{"orgs": []}', "application/json", "envelope"),
        (b'{"users": {"sourcedId": "u1"}}', "application/json", "envelope"),
        (b'{"users": ["u1"]}', "application/json", "envelope"),
        (b'{"users": [{"status": "active"}]}', "application/json", "no-key"),
        (b'{"users": [{"sourcedId": 7}]}', "application/json", "no-key"),
        (b'{"users": ' + b"[" * 100_000, "application/json", "connection"),
    ],
)
def test_what_is_no_page_is_refused(tmp_path, body, kind, code):
    with providing() as server:
        server.faults = dict.fromkeys(range(MIDDLE, MIDDLE + TRIES), answering(body, kind))
        with pytest.raises(SchakelError) as refused:
            Watch(server, tmp_path).run()
    assert refused.value.code == code
    assert not (tmp_path / PACKAGE).exists()


def test_a_huge_body_is_refused(tmp_path):
    with providing() as server:
        server.faults = {MIDDLE: answering(b'{"users": [' + b" " * 2**21 + b"]}")}
        with pytest.raises(Closed) as refused:
            Watch(server, tmp_path).run()
    assert "1 MB" in str(refused.value)


def test_a_slow_drip_is_let_go_of_and_asked_again(tmp_path):
    def drip(_server, request, _found):
        request.send_response(200)
        request.send_header("Content-Length", "1000")
        request.end_headers()
        for _byte in range(60):
            request.wfile.write(b" ")
            time.sleep(0.05)
        request.close_connection = True
        return True

    with providing() as server:
        server.faults = {MIDDLE: drip}
        way = Outgoing(WAY.allowed, bounds=Bounds(seconds=2.0))
        watch = Watch(server, tmp_path, way)
        watch.run()
    assert watch.users == sorted(WHOLE)
    assert watch.waits == [0.5]
