"""Where the program may connect to: every way to write an address that points inwards is met with a refusal."""

import pytest

from schakel.lib.addresses import Allowed, Closed, place, reachable

PUBLIC = "93.184.215.14"


def found(address: str, *numbers: str, allowed: str = "") -> list[str]:
    hosts = frozenset(allowed.split())
    return reachable(place(address), Allowed(hosts), lambda _host, _port: numbers)


def test_an_address_is_taken_apart():
    where = place("https://LAS.Example:8443/ims/oneroster?limit=1#top")
    assert (where.scheme, where.host, where.port, where.path) == (
        "https",
        "las.example",
        8443,
        "/ims/oneroster?limit=1",
    )
    assert (where.named, where.shown) == ("las.example:8443", "las.example:8443/ims/oneroster")
    assert place("https://las.example").path == "/"
    assert place("https://[2001:DB8::1]/").named == "[2001:db8::1]"
    assert place("https://las.example.").host == "las.example"


@pytest.mark.parametrize(
    "address",
    [
        "", "las.example", "//las.example/", "file:///etc/passwd", "ftp://las.example/", "gopher://las.example/",
        "javascript:alert(1)", "data:text/plain,x", "https://", "https:///pad", "https://:443/", "https://las.example:0/",
        "https://las.example:70000/", "https://las.example:x/", "https://las .example/", "https://las.example/a b",
        "https://las.example\\@evil.example/", "https://las.example/\r\nHost: x", "https://läs.example/",
        "https://-las.example/", "https://las..example/", "https://[::1", "https://[fe80::1%25eth0]/",
        "https://las.example/" + "a" * 2000,
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(address):
    with pytest.raises(Closed):
        place(address)


@pytest.mark.parametrize(
    "address", ["https://me:secret@las.example/", "https://me@las.example/", "https://@h.example/"]
)
def test_who_we_are_does_not_stand_in_an_address(address):
    with pytest.raises(Closed) as refused:
        place(address)
    assert "aparte velden" in str(refused.value)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("host", ["2130706433", "127.1", "0x7f.0.0.1", "0177.0.0.1", "0x7f000001", "017700000001",
                                  "127.0.0.01", "1.2.3", "las.0x10", "256.1.1.1"])  # fmt: skip
def test_a_number_is_written_in_its_plain_form_only(host):
    with pytest.raises(Closed):
        place(f"https://{host}/")


@pytest.mark.parametrize(
    "number",
    [
        "127.0.0.1", "127.255.255.254", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
        "100.64.0.1", "0.0.0.0", "255.255.255.255", "224.0.0.1", "198.18.0.1", "192.0.2.1", "240.0.0.1",
        "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1",
        "::ffff:10.0.0.1", "::127.0.0.1", "2002:7f00:1::", "2002:c0a8:101::", "64:ff9b::7f00:1", "64:ff9b::a00:1",
        "64:ff9b:1::a00:1", "fec0::1",
    ],
)  # fmt: skip
def test_a_name_that_leads_inwards_is_refused(number):
    with pytest.raises(Closed) as refused:
        found("https://las.example/", number)
    assert refused.value.where == "las.example"
    assert not refused.value.retry
    with pytest.raises(Closed):  # also when the others are well: the answer is not to be trusted
        found("https://las.example/", PUBLIC, number)


@pytest.mark.parametrize("number", ["127.0.0.1", "::1", "10.1.2.3", "169.254.169.254", "::ffff:7f00:1"])
def test_a_number_that_leads_inwards_is_refused(number):
    host = f"[{number}]" if ":" in number else number
    with pytest.raises(Closed):
        found(f"https://{host}/", number)


def test_what_is_public_is_looked_at_once_and_kept():
    assert found("https://las.example/", PUBLIC, PUBLIC, "2606:2800:21f:cb07:6820:80da:af6b:8b2c") == [
        PUBLIC,
        "2606:2800:21f:cb07:6820:80da:af6b:8b2c",
    ]
    assert found("https://las.example/", f"::ffff:{PUBLIC}") == ["::ffff:5db8:d70e"]


def test_without_tls_is_only_for_hosts_that_the_administrator_named():
    with pytest.raises(Closed) as refused:
        found("http://las.example/", PUBLIC)
    assert "https" in str(refused.value)
    assert found("http://las.example/", PUBLIC, allowed="las.example") == [PUBLIC]


@pytest.mark.parametrize("allowed", ["las.lan", "las.lan:8443", "ander.lan las.lan"])
def test_the_administrator_allows_a_host_of_the_own_network(allowed):
    assert found("https://las.lan:8443/", "10.0.0.5", allowed=allowed) == ["10.0.0.5"]


@pytest.mark.parametrize("allowed", ["", "las.lan:443", "lan", ".lan", "*", "10.0.0.5", "las.lan.evil"])
def test_another_host_is_not_allowed_by_it(allowed):
    with pytest.raises(Closed) as refused:
        found("https://las.lan:8443/", "10.0.0.5", allowed=allowed)
    assert "SCHAKEL_OUTGOING_ALLOW" in str(refused.value)


@pytest.mark.parametrize(
    "number", ["169.254.169.254", "fe80::1", "0.0.0.0", "::", "224.0.0.1", "::ffff:169.254.169.254"]
)
def test_some_places_cannot_be_allowed(number):
    with pytest.raises(Closed):
        found("https://las.lan/", number, allowed="las.lan")


@pytest.mark.parametrize("trouble", [OSError("no such host"), UnicodeError("label too long")])
def test_a_name_that_is_not_found_may_be_found_later(trouble):
    def broken(_host, _port):
        raise trouble

    with pytest.raises(Closed) as refused:
        reachable(place("https://las.example/"), Allowed(), broken)
    assert refused.value.retry
    with pytest.raises(Closed):
        found("https://las.example/")
