"""Addresses that are no web page: servers of other kinds, and files of this machine."""

from pathlib import Path

import pytest

from schakel.lib.addresses import SERVERS, Allowed, Closed, inside_folders, local, named, origin, place, well_formed


def test_a_server_of_another_kind_is_taken_apart_only_where_it_may_be():
    where = place("postgresql://db.example/las", SERVERS)
    assert (where.port, where.named, where.path) == (5432, "db.example", "/las")
    assert place("sftp://db.example:2222/uit", SERVERS).named == "db.example:2222"
    with pytest.raises(Closed, match="https://"):
        place("sftp://db.example/uit")


@pytest.mark.parametrize(
    "address",
    ["ftp://x.example/", "gopher://x", "postgresql://me:you@db.example/las", "file://uit", "file:///srv/../etc",
     "sqlite:///srv/a\nb", "uit", ""],
)  # fmt: skip
def test_what_can_be_read_from_nowhere_is_refused(address):
    with pytest.raises(Closed):
        well_formed(address)


@pytest.mark.parametrize(
    "address", ["file:///srv/uit", "sqlite:///srv/a.db", "sftp://x.example/u", "https://x.example"]
)
def test_what_can_be_read_from_is_fine(address):
    well_formed(address)


def test_a_file_of_this_machine_is_known_as_such():
    assert local("file:///srv/uit%20voer") == Path("/srv/uit voer")
    assert local("https://x.example/srv") is None
    assert named("file:///srv/uit") == "/srv/uit"
    assert origin("file:///srv/uit") != origin("file:///srv/in")
    assert origin("sftp://x.example/a") == origin("sftp://x.example/b") != origin("sftp://x.example:23/a")


def test_a_link_leads_no_further_than_is_allowed(tmp_path):
    (tmp_path / "mag").mkdir()
    (tmp_path / "mag" / "weg").symlink_to("/etc")
    allowed = Allowed(folders=(str(tmp_path / "mag"),))
    assert inside_folders(tmp_path / "mag" / "a.csv", allowed) == tmp_path / "mag" / "a.csv"
    for path in (tmp_path / "mag" / "weg" / "passwd", tmp_path, tmp_path / "mag2"):
        with pytest.raises(Closed, match="SCHAKEL_FOLDERS"):
            inside_folders(path, allowed)
