"""Packages made to do harm, by hand and by machine: each is a listing or a sentence, and nothing of it is unpacked."""

import io
import os
import socket
import struct
import tempfile
import warnings
import zipfile
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schakel.collect import listings
from schakel.collect.checks import check
from schakel.collect.connectors import open_package
from schakel.collect.listings import Listing, listing
from schakel.lib.errors import Unreadable
from tests.collect.small_roster import package, roster, texts, zipped

SOME = settings(max_examples=100)
PARTS = [
    "..",
    ".",
    "/",
    "\\",
    "users",
    ".csv",
    "a",
    " ",
    ":",
    "C:",
    "~",
    "\u2025",
    "．",
    "\u202e",
    "é",
    "%2e",
    "\n",
    "CON",
]
NAME = st.lists(st.sampled_from(PARTS), min_size=1, max_size=6).map("".join)
GOOD = dict(texts(roster()))


def listed(content: dict[str, str | bytes]) -> Listing:
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = zipped(Path(folder) / "x.zip", content)
        try:
            return listing(path)
        finally:
            assert [each.name for each in Path(folder).iterdir()] == ["x.zip"], "nothing is unpacked"


@SOME
@given(st.lists(NAME, min_size=1, max_size=4, unique=True))
def test_no_name_in_a_listing_leads_outside_it(names):
    try:
        found = listed(dict.fromkeys(names, "a"))
    except Unreadable as refused:
        assert refused.where == "x.zip"
        assert str(refused)
        return
    for entry in found.entries:
        place = PurePosixPath("/package") / entry.path
        assert ".." not in place.parts
        assert place.is_relative_to("/package")
        assert "\\" not in entry.path and ":" not in entry.path
        assert Path(os.path.normpath(f"/package/{entry.path}")).is_relative_to("/package")


@SOME
@given(st.binary(max_size=200), st.integers(0, 400), st.binary(min_size=1, max_size=8))
def test_bytes_before_within_and_after_a_zip(before, at, within):
    """Whatever the damage: what is read is what was announced, or a sentence."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("users.csv", "sourcedId\n" + "u1\n" * 50)
    content = bytearray(out.getvalue())
    content[at % len(content) : at % len(content) + len(within)] = within
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.zip"
        path.write_bytes(before + bytes(content))
        try:
            for entry in listing(path).entries:
                assert sum(map(len, entry.chunks())) <= max(entry.size, 0)
        except Unreadable as refused:
            assert refused.message


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_every_usual_way_of_packing_is_read(tmp_path, method):
    with zipfile.ZipFile(tmp_path / "x.zip", "w", method) as archive:
        for name, text in GOOD.items():
            archive.writestr(name, text)
    assert check(open_package(tmp_path / "x.zip")).findings == []


def test_an_unknown_way_of_packing_is_a_sentence(tmp_path):
    content = bytearray(package(tmp_path).read_bytes())
    for sign, offset in ((b"PK\x01\x02", 10), (b"PK\x03\x04", 8)):
        at = content.find(sign)
        while at >= 0:
            struct.pack_into("<H", content, at + offset, 99)
            at = content.find(sign, at + 4)
    (tmp_path / "roster.zip").write_bytes(bytes(content))
    with pytest.raises(Unreadable):
        check(open_package(tmp_path / "roster.zip"))


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_bomb_is_refused_before_it_is_opened(tmp_path, method):
    with zipfile.ZipFile(tmp_path / "bom.zip", "w", method) as archive:
        archive.writestr("users.csv", b"0" * (listings.RATIO_FROM + 1))
    with pytest.raises(Unreadable) as refused:
        listing(tmp_path / "bom.zip")
    assert refused.value.code == "bomb"


def test_a_bomb_of_files_that_lie_over_one_another_is_refused(tmp_path):
    """Many names for the same packed bytes: each alone is harmless, together they are not."""
    with zipfile.ZipFile(tmp_path / "bom.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"0" * 40_000_000)
        first = archive.filelist[0]
        for n in range(30):
            twin = zipfile.ZipInfo(f"b{n}.csv")
            for field in ("header_offset", "CRC", "compress_size", "file_size", "compress_type"):
                setattr(twin, field, getattr(first, field))
            archive.filelist.append(twin)
            archive.NameToInfo[twin.filename] = twin
    with pytest.raises(Unreadable) as refused:
        listing(tmp_path / "bom.zip")
    assert refused.value.code == "bomb"


def test_just_under_the_bounds_is_read(tmp_path, monkeypatch):
    """The bounds do not stand in the way of a delivery: small files may shrink as much as they like."""
    monkeypatch.setattr(listings, "MAX_ENTRIES", 3)
    assert len(listed({f"x{n}.csv": "0" * 1_000_000 for n in range(3)}).entries) == 3
    with pytest.raises(Unreadable, match="te veel"):
        listed({f"x{n}.csv": "0" for n in range(4)})
    for n in range(4):
        (tmp_path / f"x{n}.csv").write_text("0")
    with pytest.raises(Unreadable, match="te veel"):
        listing(tmp_path)


@pytest.mark.parametrize("depth", [2, 5])
def test_packages_within_packages_stay_closed(tmp_path, depth):
    inner = package(tmp_path).read_bytes()
    for n in range(depth):
        inner = zipped(tmp_path / f"{n}.zip", {"dieper.zip": inner}).read_bytes()
    with pytest.raises(Unreadable, match="vorm niet bekend"):
        open_package(tmp_path / f"{depth - 1}.zip")


@pytest.mark.parametrize("name", ["Users.csv", "USERS.CSV", "map/users.csv", "./users.csv", "users.CSV"])
def test_two_files_that_mean_the_same_one_count_once_and_are_told(tmp_path, name):
    """A second roster under another letter case or in a folder does not come in beside the first."""
    files = roster()
    other = files["users"][0] | {"sourcedId": "indringer"}
    path = zipped(tmp_path / "x.zip", GOOD | {name: texts({"users": [other]})["users.csv"]})
    report = check(open_package(path))
    assert report.rows["users.csv"] in {1, 6}
    assert "file-duplicate" in {f.rule for f in report.findings} or "file-unknown" in {f.rule for f in report.findings}


def test_a_zip_that_calls_itself_a_folder_of_links(tmp_path):
    for kind in (0o120777, 0o120000):
        member = zipfile.ZipInfo("users.csv")
        member.external_attr = kind << 16
        member.create_system = 3
        with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
            archive.writestr(member, "../../etc/passwd")
        with pytest.raises(Unreadable, match="snelkoppeling"):
            listing(tmp_path / "x.zip")


def folder_with(tmp_path: Path) -> Path:
    for name, text in GOOD.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "users.csv").unlink()
    return tmp_path


@pytest.mark.parametrize("target", ["/etc/passwd", "nergens", ".", "..", "orgs.csv"])
def test_no_link_in_a_folder_is_followed_wherever_it_leads(tmp_path, target):
    (folder_with(tmp_path) / "users.csv").symlink_to(target)
    with pytest.raises(Unreadable, match="snelkoppeling"):
        listing(tmp_path)


def test_a_linked_folder_within_a_folder_is_not_walked(tmp_path):
    outside = tmp_path / "buiten"
    outside.mkdir()
    (outside / "users.csv").write_text("sourcedId\n")
    inside = tmp_path / "binnen"
    inside.mkdir()
    (inside / "meer").symlink_to(outside, target_is_directory=True)
    with pytest.raises(Unreadable, match="meer"):
        listing(inside)


def test_what_is_no_file_in_a_folder_is_refused_and_does_not_hang(tmp_path):
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(folder_with(tmp_path) / "users.csv"))
        with pytest.raises(Unreadable, match="users.csv"):
            listing(tmp_path)


@pytest.mark.parametrize("path", ["/dev/null", "/dev/zero", "/nergens/x.zip", "x" * 300, "/etc/passwd/x.csv"])
def test_a_path_that_is_no_delivery_is_a_sentence(path):
    with pytest.raises(Unreadable):
        open_package(Path(path))


def test_a_file_that_grows_while_it_is_read_is_not_read_beyond_what_was_announced(tmp_path):
    path = tmp_path / "users.csv"
    path.write_bytes(b"sourcedId\n")
    (entry,) = listing(path).entries
    path.write_bytes(b"sourcedId\n" + b"u1\n" * 1000)
    with pytest.raises(Unreadable, match="groter"):
        list(entry.chunks())


def test_the_digest_is_of_the_bytes_as_they_were_delivered(tmp_path):
    """The same files packed otherwise are another delivery; the same bytes under another name are the same one."""
    one = zipped(tmp_path / "one.zip", GOOD)
    (tmp_path / "two.zip").write_bytes(one.read_bytes())
    with zipfile.ZipFile(tmp_path / "three.zip", "w", zipfile.ZIP_STORED) as archive:
        for name, text in GOOD.items():
            archive.writestr(name, text)
    digests = [listing(tmp_path / f"{name}.zip").digest() for name in ("one", "two", "three")]
    assert digests[0] == digests[1] != digests[2]
    assert all(len(digest) == 64 for digest in digests)
