"""What the administrator allows: hosts by name, and certificates that can be read; anything else stops the start."""

import pytest

from schakel.config.outgoing import read
from schakel.lib.errors import SchakelError
from tests.servers import certificate


def test_nothing_is_allowed_by_itself():
    way = read({})
    assert way.allowed.hosts == frozenset()
    assert way.authorities == ""


def test_hosts_are_named_with_or_without_their_port(tmp_path):
    pem = certificate(tmp_path, "las.lan")
    said = {"SCHAKEL_OUTGOING_ALLOW": " LAS.lan, 10.0.0.5:8443,[::1] ,", "SCHAKEL_OUTGOING_CA_FILE": str(pem)}
    way = read(said)
    assert way.allowed.hosts == {"las.lan", "10.0.0.5:8443", "[::1]"}
    assert way.authorities == str(pem)


@pytest.mark.parametrize("host", ["*", "*.lan", "https://las.lan", "las.lan/", "las.lan/pad", "me@las.lan",
                                  "10.0.0.0/8", "a b", "las.lan:x", "0x7f.1"])  # fmt: skip
def test_what_is_no_host_stops_the_start(host):
    with pytest.raises(SchakelError) as refused:
        read({"SCHAKEL_OUTGOING_ALLOW": host})
    assert "SCHAKEL_OUTGOING_ALLOW" in str(refused.value)
    assert refused.value.code == "setting"


@pytest.mark.parametrize("content", [None, b"", b"geen certificaat"])
def test_certificates_that_cannot_be_read_stop_the_start(tmp_path, content):
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SchakelError) as refused:
        read({"SCHAKEL_OUTGOING_CA_FILE": str(path)})
    assert "SCHAKEL_OUTGOING_CA_FILE" in str(refused.value)


def test_folders_are_named_whole_and_are_there(tmp_path):
    (tmp_path / "uit").mkdir()
    found = read({"SCHAKEL_FOLDERS": f"{tmp_path}, {tmp_path}/uit"})
    assert found.allowed.folders == (str(tmp_path), f"{tmp_path}/uit")
    assert read({}).allowed.folders == ()


@pytest.mark.parametrize("listed", ["/", "uit", "/bestaat/niet", "/etc/hostname", "/srv/../"])
def test_what_is_no_folder_to_read_from_stops_the_start(listed):
    with pytest.raises(SchakelError, match="SCHAKEL_FOLDERS"):
        read({"SCHAKEL_FOLDERS": listed})
