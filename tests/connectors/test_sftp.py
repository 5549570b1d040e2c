"""SFTP against a real OpenSSH server: known by its key, broken in the middle, and nothing told to a stranger."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from schakel.collect.providers import PACKAGE, Wish
from schakel.connectors import sftp
from schakel.connectors.sftp import Stranger, fingerprint_of, private_key
from schakel.connectors.waiting_files import WaitingFiles
from schakel.lib.addresses import Allowed, Closed
from schakel.lib.errors import SchakelError
from schakel.lib.outgoing import Broken, Outgoing
from tests.connectors.sftp_server import needs_sshd, sftp_server

WAY = Outgoing(Allowed(frozenset({"127.0.0.1"})))
WISH = Wish({}, pattern="las_*.zip")


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    with sftp_server(tmp_path_factory.mktemp("sftp")) as server:
        yield server


@pytest.fixture
def server(running):
    for path in running.folder.iterdir():
        path.unlink() if path.is_file() else [each.unlink() for each in path.iterdir()] and path.rmdir()
    return running


def files(pause=lambda _seconds: None):
    return WaitingFiles(sftp.opened, sftp.SCHEMES, ("key",), pause)


def fetch(server, folder: Path, told=lambda _name, _size: None, pause=lambda _seconds: None, **details):
    return files(pause).fetch(server.access(**details), WAY, WISH, folder, told)


@needs_sshd
def test_a_file_comes_over_whole(server, tmp_path):
    content = bytes(range(256)) * 20_000
    (server.folder / "las_1.zip").write_bytes(content)
    got = fetch(server, tmp_path / "f")
    assert (tmp_path / "f" / PACKAGE / got.file).read_bytes() == content


@needs_sshd
def test_the_key_is_the_one_that_ssh_keygen_shows(server):
    assert fingerprint_of(server.address, WAY) == server.fingerprint


@needs_sshd
@pytest.mark.parametrize("approved", ["", "ssh-ed25519 SHA256:iets"])
def test_a_server_that_is_not_approved_hears_nothing_of_us(server, tmp_path, approved, monkeypatch):
    (server.folder / "las_1.zip").write_bytes(b"x")
    monkeypatch.setattr(sftp, "_sign_in", lambda *_told: pytest.fail("it signed in"))
    with pytest.raises(Stranger) as stranger:
        fetch(server, tmp_path / "f", host_key=approved)
    assert "Er is niets verstuurd" in str(stranger.value)
    assert not stranger.value.retry
    assert stranger.value.fingerprint == server.fingerprint


@needs_sshd
def test_a_conversation_that_is_cut_in_the_middle_begins_again(server, tmp_path):
    content = bytes(range(256)) * 40_000
    (server.folder / "las_1.zip").write_bytes(content)
    cuts = []

    def told(_name, _size):
        if not cuts:
            cuts.append(1)
            server.cut()

    got = fetch(server, tmp_path / "f", told)
    assert cuts
    assert (tmp_path / "f" / PACKAGE / got.file).read_bytes() == content


@needs_sshd
def test_what_stays_cut_fails_and_may_be_tried_later(server, tmp_path):
    (server.folder / "las_1.zip").write_bytes(b"x" * 2_000_000)
    with pytest.raises(Broken) as broken:
        fetch(server, tmp_path / "f", lambda _name, _size: server.cut())
    assert broken.value.retry


@needs_sshd
def test_a_file_that_is_still_sent_is_left(server, tmp_path):
    path = server.folder / "las_1.zip"
    path.write_bytes(b"half")
    with pytest.raises(SchakelError, match="nog geschreven"):
        fetch(server, tmp_path / "f", pause=lambda _seconds: path.write_bytes(b"half en meer"))


@needs_sshd
def test_moving_aside_at_the_server(server, tmp_path):
    (server.folder / "las_1.zip").write_bytes(b"x")
    got = fetch(server, tmp_path / "f", archive="verwerkt")
    files().settle(server.access(archive="verwerkt"), WAY, got.until)
    files().settle(server.access(archive="verwerkt"), WAY, got.until)  # nothing left to do
    assert [path.name.partition("-")[2] for path in (server.folder / "verwerkt").iterdir()] == ["las_1.zip"]
    assert not (server.folder / "las_1.zip").exists()


@needs_sshd
def test_a_link_at_the_server_is_not_followed(server, tmp_path):
    (server.folder / "las_1.zip").symlink_to("/etc/hostname")
    with pytest.raises(SchakelError, match="geen gewoon bestand"):
        fetch(server, tmp_path / "f")


@needs_sshd
@pytest.mark.parametrize("change", [{"client": "iemand-anders"}, {"method": "basic", "secret": "fout wachtwoord"}])
def test_who_is_not_let_in_hears_why(server, tmp_path, change):
    access = replace(server.access(), **change)
    with pytest.raises(SchakelError, match="laat ons niet") as refused:
        files().fetch(access, WAY, WISH, tmp_path / "f", lambda _name, _size: None)
    assert not refused.value.retry


@needs_sshd
def test_a_folder_that_is_not_there(server, tmp_path):
    access = replace(server.access(), address=f"{server.address}/weg")
    with pytest.raises(Broken, match="niet op de server"):
        files().fetch(access, WAY, WISH, tmp_path / "f", lambda _name, _size: None)


@needs_sshd
def test_a_server_that_got_another_key_is_a_stranger(tmp_path):
    with sftp_server(tmp_path) as server:
        (server.folder / "las_1.zip").write_bytes(b"x")
        known = server.access()
        server.renew_key()
        with pytest.raises(Stranger, match="andere sleutel"):
            files().fetch(known, WAY, WISH, tmp_path / "f", lambda _name, _size: None)


def test_the_own_network_stays_closed_unless_it_is_allowed(tmp_path):
    with pytest.raises(Closed, match="eigen netwerk"):
        fingerprint_of("sftp://127.0.0.1:2222/uit", Outgoing())
    with pytest.raises(Broken):
        fingerprint_of("sftp://127.0.0.1:1/uit", WAY)
    with pytest.raises(Closed, match="sftp://"):
        fingerprint_of("https://las.example/uit", WAY)


def test_a_private_key_is_read_or_refused_with_a_sentence(tmp_path):
    def made(*how: str) -> str:
        path = tmp_path / "-".join(["sleutel", *how])
        subprocess.run(["ssh-keygen", "-q", "-f", str(path), *how], check=True)
        return path.read_text()

    assert private_key(made("-t", "ed25519", "-N", "")).get_name() == "ssh-ed25519"
    assert private_key(made("-t", "ecdsa", "-N", "").replace("\n", "\r\n")).get_name().startswith("ecdsa")
    with pytest.raises(SchakelError, match="met een wachtwoord gesloten"):
        private_key(made("-t", "ed25519", "-N", "geheim"))
    for text in ("", "zomaar iets", "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----"):
        with pytest.raises(SchakelError, match="geen privésleutel"):
            private_key(text)
