"""A large file in a zip is unpacked a piece at a time: it gives what a buffer in memory gives, and holds far less."""

import codecs
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from schakel.collect import listings, streams
from schakel.collect.streams import Buffer, Packed
from schakel.lib.errors import Unreadable

TEXTS = st.binary(max_size=200) | st.text("ab\n", max_size=200).map(str.encode)


def packed(folder: Path, content: bytes) -> Packed:
    """The buffer of a file in a zip, after it was gone through once, as every file is."""
    path = folder / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("users.csv", content)
    (entry,) = listings.listing(path).entries
    made = Packed(entry)
    made.write(content.removeprefix(b"\xef\xbb\xbf"))
    return made


def plain(content: bytes) -> Buffer:
    made = Buffer()
    made.write(content.removeprefix(b"\xef\xbb\xbf"))
    return made


def pieces(buffer: Buffer, most: int) -> list[bytes]:
    found, at = list[bytes](), 0
    while piece := buffer.piece(at, most):
        found.append(piece)
        at += len(piece)
    return found


@example(content=b"\0", most=1, chunk=3, marked=True)
@example(content=b"", most=1, chunk=1, marked=True)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TEXTS, st.integers(1, 90), st.integers(1, 90), st.booleans())
def test_it_gives_what_a_buffer_in_memory_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, most: int, chunk: int, marked: bool
) -> None:
    monkeypatch.setattr(listings, "CHUNK", chunk)
    content = b"\xef\xbb\xbf" * marked + content
    one, other = packed(tmp_path, content), plain(content)
    assert one.start(most) == other.start(most)
    assert pieces(one, most) == pieces(other, most)
    assert pieces(one, most) == pieces(other, most)  # and once more from the start
    assert one.piece(7, most) == other.piece(7, most)
    assert (one.size, one.content()) == (other.size, other.content())
    assert Path(one.path).read_bytes() == other.content()
    one.close()
    other.close()
    one.close()  # more than once does no harm


@given(st.binary(max_size=12), st.lists(st.integers(0, 5), max_size=8), st.booleans())
def test_a_mark_is_met_in_whatever_pieces_it_comes(content: bytes, cuts: list[int], marked: bool) -> None:
    whole, pieces = codecs.BOM_UTF8 * marked + content, list[bytes]()
    for cut in cuts:
        pieces, whole = [*pieces, whole[:cut]], whole[cut:]
    made = list(streams.unmarked([*pieces, whole]))
    assert b"".join(made) == (codecs.BOM_UTF8 * marked + content).removeprefix(codecs.BOM_UTF8) and b"" not in made


def test_it_is_chosen_only_for_what_is_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packed(tmp_path, b"a,b\n1,2\n" * 99)
    (entry,) = listings.listing(tmp_path / "a.zip").entries
    assert type(streams.read(entry).buffer) is Buffer
    monkeypatch.setattr(streams, "HELD", 100)
    assert type(streams.read(entry).buffer) is Packed


def test_what_must_be_rewritten_is_rewritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "HELD", 10)
    packed(tmp_path, "naam\r\nJosé\rZoë\n".encode("cp1252"))
    (entry,) = listings.listing(tmp_path / "a.zip").entries
    stream = streams.read(entry)
    assert stream.buffer.content().decode() == "naam\nJosé\nZoë\n"
    assert stream.facts.encoding == "cp1252"


def test_reading_in_pieces_never_holds_it_whole(tmp_path: Path) -> None:
    line = b"leerling,2026-11-26,ziek\n"
    buffer = packed(tmp_path, line * 2_000_000)  # 50 MB
    tracemalloc.start()
    at = 0
    while piece := buffer.piece(at, 2**20):
        at += len(piece)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert at == 50_000_000
    assert most < 20_000_000
    assert buffer._held is None


def test_damage_in_the_middle_is_told_whatever_look_meets_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listings, "CHUNK", 1000)
    lines = b"".join(b"%d,%d\n" % (n * n * 7919, n) for n in range(5000))
    buffer = packed(tmp_path, lines)
    raw = bytearray((tmp_path / "a.zip").read_bytes())
    raw[len(raw) // 2] ^= 255
    (tmp_path / "a.zip").write_bytes(raw)
    for look in (lambda: pieces(buffer, 5000), buffer.content, lambda: buffer.path):
        with pytest.raises(Unreadable, match="beschadigd"):
            look()
