"""Hostile packages: they are refused with a sentence, and nothing of them touches the disk."""

import os
import struct
import zipfile
from pathlib import Path

import pytest

from schakel.collect.checks import check
from schakel.collect.connectors import open_package
from schakel.collect.listings import listing
from schakel.lib.errors import Unreadable
from tests.collect.small_roster import package, roster, texts, zipped


def test_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="nergens.zip"):
        open_package(tmp_path / "nergens.zip")


def test_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(Unreadable):
        open_package(tmp_path)


@pytest.mark.parametrize("content", [b"", b"PK", b"PK\x03\x04" + b"\0" * 40, b"geen zip"])
def test_a_damaged_zip(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "kapot.zip"
    path.write_bytes(content)
    with pytest.raises(Unreadable):
        open_package(path)


def test_a_zip_cut_in_half(tmp_path: Path) -> None:
    path = package(tmp_path)
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(Unreadable):
        check(open_package(path))


def test_a_zip_with_damaged_content(tmp_path: Path) -> None:
    path = package(tmp_path)
    content = bytearray(path.read_bytes())
    content[80:120] = b"\xff" * 40
    path.write_bytes(bytes(content))
    with pytest.raises(Unreadable):
        check(open_package(path))


@pytest.mark.parametrize(
    "name", ["../users.csv", "/etc/users.csv", "a/../../users.csv", "..\\users.csv", "C:users.csv"]
)
def test_a_name_that_leads_outside(tmp_path: Path, name: str) -> None:
    path = zipped(tmp_path / "weg.zip", texts(roster()) | {name: "sourcedId\n"})
    with pytest.raises(Unreadable, match="weg.zip"):
        open_package(path)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["weg.zip"]


def test_a_bomb_of_one_file(tmp_path: Path) -> None:
    path = zipped(tmp_path / "bom.zip", texts(roster()) | {"results.csv": "0" * 200_000_000})
    with pytest.raises(Unreadable) as refused:
        open_package(path)
    assert refused.value.code == "bomb"


def test_a_bomb_of_many_files(tmp_path: Path) -> None:
    many = {f"x{n}.csv": "0" * 4_000_000 for n in range(50)}
    with pytest.raises(Unreadable) as refused:
        open_package(zipped(tmp_path / "bom.zip", texts(roster()) | many))
    assert refused.value.code == "bomb"


def test_too_many_files(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="te veel"):
        open_package(zipped(tmp_path / "veel.zip", {f"x{n}.csv": "a\n" for n in range(1500)}))


def test_a_size_that_lies(tmp_path: Path) -> None:
    """A header that says 10 bytes for a file of thousands: what is more than announced is never read."""
    path = package(tmp_path)
    with zipfile.ZipFile(path) as archive:
        real = archive.getinfo("users.csv").file_size
    content = path.read_bytes().replace(struct.pack("<I", real), struct.pack("<I", 10))
    path.write_bytes(content)
    with pytest.raises(Unreadable):
        check(open_package(path))


def test_two_files_of_one_name(tmp_path: Path) -> None:
    path = tmp_path / "dubbel.zip"
    with zipfile.ZipFile(path, "w") as archive, pytest.warns(UserWarning):
        archive.writestr("users.csv", "a\n")
        archive.writestr("users.csv", "b\n")
    with pytest.raises(Unreadable, match="heten hetzelfde"):
        open_package(path)


def test_a_locked_zip(tmp_path: Path) -> None:
    path = package(tmp_path)
    content = bytearray(path.read_bytes())
    at = content.find(b"PK\x01\x02")
    while at >= 0:
        content[at + 8] |= 1
        at = content.find(b"PK\x01\x02", at + 4)
    path.write_bytes(bytes(content))
    with pytest.raises(Unreadable, match="wachtwoord"):
        open_package(path)


def test_a_link_in_a_zip(tmp_path: Path) -> None:
    path = tmp_path / "link.zip"
    member = zipfile.ZipInfo("users.csv")
    member.external_attr = 0o120777 << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(member, "/etc/passwd")
    with pytest.raises(Unreadable, match="snelkoppeling"):
        open_package(path)


def test_a_link_in_a_folder(tmp_path: Path) -> None:
    (tmp_path / "map").mkdir()
    (tmp_path / "map" / "users.csv").symlink_to("/etc/passwd")
    with pytest.raises(Unreadable, match="users.csv"):
        open_package(tmp_path / "map")


def test_a_pipe_in_a_folder_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "users.csv")
    with pytest.raises(Unreadable):
        open_package(tmp_path)


def test_a_pipe_itself_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "users.csv")
    with pytest.raises(Unreadable):
        open_package(tmp_path / "users.csv")


def test_a_package_inside_a_package_stays_closed_and_is_told(tmp_path: Path) -> None:
    inner = package(tmp_path).read_bytes()
    path = zipped(tmp_path / "buiten.zip", texts(roster()) | {"oud.zip": inner})
    assert [(f.file, f.rule) for f in check(open_package(path)).findings] == [("oud.zip", "file-nested")]


def test_a_package_that_is_only_packed_again_is_unknown(tmp_path: Path) -> None:
    with pytest.raises(Unreadable):
        open_package(zipped(tmp_path / "buiten.zip", {"roster.zip": package(tmp_path).read_bytes()}))


def test_the_digest_follows_the_content_and_the_name(tmp_path: Path) -> None:
    for name, text in (("a.csv", "1"), ("b.csv", "2")):
        (tmp_path / name).write_text(text)
    before = listing(tmp_path).digest()
    assert before == listing(tmp_path).digest()
    (tmp_path / "b.csv").rename(tmp_path / "c.csv")
    renamed = listing(tmp_path).digest()
    (tmp_path / "a.csv").write_text("3")
    assert len({before, renamed, listing(tmp_path).digest()}) == 3
