"""The way out, against real servers: what is cut, too much, too slow or leads away is refused with a sentence."""

import socket
import threading
import time

import pytest

from schakel.lib.addresses import Allowed, Closed
from schakel.lib.errors import SchakelError
from schakel.lib.outgoing import Bounds, Broken, Outgoing
from tests.servers import certificate, serving


def way(server, **how):
    return Outgoing(Allowed(frozenset({"127.0.0.1", "las.example"})), **how)


def address(server, path="/", scheme="http", host="127.0.0.1"):
    return f"{scheme}://{host}:{server.server_port}{path}"


def test_an_answer_comes_whole():
    with serving(lambda r: r.answer(b"hallo", 200, X_Total_Count="3")) as server:
        got = way(server).ask(address(server, "/users?limit=1"), headers={"Accept": "application/json"})
    assert (got.status, got.body, got.headers["x-total-count"]) == (200, b"hallo", "3")
    assert server.asked == ["/users?limit=1"]
    assert "hallo" not in repr(got)


def test_without_being_allowed_this_machine_stays_closed():
    with serving(lambda r: r.answer(b"geheim")) as server:
        for host in ("127.0.0.1", "localhost"):
            with pytest.raises(Closed):
                Outgoing().ask(address(server, host=host))
            with pytest.raises(Closed):
                Outgoing().ask(address(server, host=host, scheme="https"))
    assert server.asked == []


def test_a_name_is_resolved_once_and_its_number_used():
    """A name that answers differently the second time (rebinding) never gets a second time."""
    answers = iter([["127.0.0.1"]])
    with serving(lambda r: r.answer(r.headers["Host"].encode())) as server:
        got = way(server, resolver=lambda _h, _p: next(answers)).ask(address(server, host="las.example"))
    assert got.body == f"las.example:{server.server_port}".encode()


def moved(target):
    def handle(request):
        if request.path == "/":
            request.answer(b"", 302, Location=target(request.server))
        else:
            request.answer(b"geheim")

    return handle


def test_a_redirect_on_the_same_server_is_followed_and_signed_anew():
    signed = []
    with serving(moved(lambda _s: "/verder?x=1")) as server:
        got = way(server).ask(address(server), signed=lambda m, a: signed.append((m, a)) or {"Authorization": "x"})
    assert got.body == b"geheim"
    assert [a.rpartition(str(server.server_port))[2] for _m, a in signed] == ["/", "/verder?x=1"]


@pytest.mark.parametrize(
    "target",
    ["http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/", "http://[::1]/", "file:///etc/passwd",
     "https://elders.example/", "//elders.example/", "http://localhost:{port}/verder", "https://127.0.0.1:{port}/x",
     "http://127.0.0.1:1/", "http://me:you@127.0.0.1:{port}/", "http://2130706433:{port}/verder"],
)  # fmt: skip
def test_a_redirect_to_another_place_is_not_followed(target):
    with serving(moved(lambda s: target.format(port=s.server_port))) as server, pytest.raises(Closed):
        way(server).ask(address(server))
    assert server.asked == ["/"]


def test_redirects_end():
    with serving(lambda r: r.answer(b"", 302, Location=r.path + "a")) as server, pytest.raises(Closed):
        way(server).ask(address(server))
    assert len(server.asked) == 4


def test_what_is_sent_is_never_sent_on():
    with serving(moved(lambda _s: "/verder")) as server, pytest.raises(Closed):
        way(server).ask(address(server), method="POST", body=b"grant_type=client_credentials")
    assert server.asked == ["/"]


@pytest.mark.parametrize("announced", [True, False])
def test_too_much_is_refused(announced):
    def handle(request):
        request.send_response(200)
        if announced:
            request.send_header("Content-Length", str(10**9))
        else:
            request.send_header("Connection", "close")
        request.end_headers()
        for _piece in range(64):
            request.wfile.write(b"x" * 2**16)
        request.close_connection = True

    with serving(handle) as server, pytest.raises(Closed) as refused:
        way(server, bounds=Bounds(size=2**20)).ask(address(server))
    assert "1 MB" in str(refused.value)
    assert not refused.value.retry


@pytest.mark.parametrize("length", ["Content-Length", "Transfer-Encoding"])
def test_half_a_body_is_a_broken_connection(length):
    def handle(request):
        request.send_response(200)
        request.send_header(length, "100" if length == "Content-Length" else "chunked")
        request.end_headers()
        request.wfile.write(b'5\r\n{"use\r\n')
        request.close_connection = True

    with serving(handle) as server, pytest.raises(Broken) as broken:
        way(server).ask(address(server, "/users?filter=geheim"))
    assert broken.value.retry
    assert "geheim" not in str(broken.value)
    assert broken.value.where.endswith("/users")


@pytest.mark.parametrize("part", ["status", "headers", "body", "chunks"])
def test_a_drip_is_let_go_of(part):
    """A byte now and then keeps every single read alive; the time of the whole answer ends it."""
    head = b"HTTP/1.1 200 OK\r\n"
    starts = {"status": b"", "headers": head, "body": head + b"Content-Length: 999\r\n\r\n", "chunks": head + b"\r\n"}
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def drip():
            wire, _who = listener.accept()
            with wire:
                wire.sendall(starts[part])
                for _byte in range(1000):
                    try:
                        wire.sendall(b"H")
                    except OSError:
                        return
                    time.sleep(0.03)

        threading.Thread(target=drip, daemon=True).start()
        begun = time.monotonic()
        with pytest.raises(Broken) as broken:
            Outgoing(Allowed(frozenset({"127.0.0.1"})), bounds=Bounds(seconds=0.3)).ask(
                f"http://127.0.0.1:{listener.getsockname()[1]}/"
            )
    assert time.monotonic() - begun < 15  # the drip itself lasts half a minute
    assert "te traag" in str(broken.value)


def test_silence_ends():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(Broken):
            Outgoing(Allowed(frozenset({"127.0.0.1"})), bounds=Bounds(silence=0.2)).ask(f"http://127.0.0.1:{port}/")
    with pytest.raises(Broken) as broken:  # and now nobody listens
        Outgoing(Allowed(frozenset({"127.0.0.1"}))).ask(f"http://127.0.0.1:{port}/")
    assert "geen verbinding aan" in str(broken.value)


@pytest.mark.parametrize(
    "wrong", [b"niet wat het moet zijn\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n", b"", b"\x16\x03\x01\x00"]
)
def test_what_is_no_answer_is_a_broken_connection(wrong):
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def say():
            wire, _who = listener.accept()
            with wire:
                wire.recv(2**16)
                wire.sendall(wrong)

        threading.Thread(target=say, daemon=True).start()
        with pytest.raises(Broken):
            way(None).ask(f"http://127.0.0.1:{listener.getsockname()[1]}/")


def test_too_many_headers_are_no_answer():
    with serving(lambda r: r.answer(b"", **{f"X{n}": "1" for n in range(300)})) as server, pytest.raises(SchakelError):
        way(server).ask(address(server))


def test_packed_answers_are_refused():
    with serving(lambda r: r.answer(b"\x1f\x8b", Content_Encoding="gzip")) as server, pytest.raises(Closed):
        way(server).ask(address(server))


def test_a_certificate_is_held_against_the_name(tmp_path):
    for name, host, trusted in (("127.0.0.1", "127.0.0.1", True), ("las.example", "las.example", True)):
        pem = certificate(tmp_path, name)
        with serving(lambda r: r.answer(b"ja"), pem) as server:
            how = {"authorities": str(pem) if trusted else "", "resolver": lambda _h, _p: ["127.0.0.1"]}
            assert way(server, **how).ask(address(server, scheme="https", host=host)).body == b"ja"


@pytest.mark.parametrize("case", ["unknown authority", "other name"])
def test_a_certificate_that_does_not_fit_is_refused(tmp_path, case):
    pem = certificate(tmp_path, "las.example" if case == "unknown authority" else "elders.example")
    how = {"authorities": "" if case == "unknown authority" else str(pem), "resolver": lambda _h, _p: ["127.0.0.1"]}
    with serving(lambda r: r.answer(b"geheim"), pem) as server, pytest.raises(Closed) as refused:
        way(server, **how).ask(address(server, scheme="https", host="las.example"))
    assert "certificaat" in str(refused.value)
    assert server.asked == []
