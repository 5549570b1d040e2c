"""Ten gigabytes of one line, however it comes: a sentence, within seconds, in a process that may hold little memory.

None of it is ever written: a file with a hole in it, and a zip of one packed piece repeated.
"""

import json
import random
import subprocess
import sys
import time
import zipfile
import zlib
from pathlib import Path

import pytest

from schakel.collect import streams
from schakel.collect.checks import check
from schakel.collect.connectors import open_package
from schakel.lib.errors import Unreadable

SIZE, PIECE = 10 * 2**30, 2**20
HEADER = b"Leerlingnummer;Vestiging;Datum;Lesuur;Soort;Reden;Klokuren;Lesuren;Minuten te laat;Contact op\r\n"
WITHIN = 10  # seconds of computing
MEMORY = 2**30
# A memory file counts as a file and not as memory of the process: it has its own bound.
ALONE = """
import json, resource, sys, time
from pathlib import Path
from schakel.collect.checks import check
from schakel.collect.connectors import open_package
from schakel.lib.errors import SchakelError
from tests.collect.mutations import most_memory
resource.setrlimit(resource.RLIMIT_FSIZE, (2**30, 2**30))
said, where, code = "", "", ""
try:
    check(open_package(Path(sys.argv[1])))
except SchakelError as error:
    said, where, code = error.message, error.where, error.code
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps([said, where, code, used.ru_utime + used.ru_stime, most_memory()]))
"""


def holed(path: Path, start: bytes) -> Path:
    """A file of ten gigabytes that takes no place: behind its start lie only noughts."""
    with path.open("wb") as out:
        out.write(start)
        out.truncate(SIZE)
    assert path.stat().st_blocks * 512 < 2**20
    return path


def swollen(path: Path, name: str, start: bytes, noise: int) -> Path:
    """A zip of a file of ten gigabytes: one packed piece with so many random letters, over and over."""
    dice = random.Random(1)
    letters = bytes(dice.choices(b"abcdefghijklmnopqrstuvwxyz", k=noise)).ljust(PIECE, b"a")
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    first = packer.compress(start) + packer.flush(zlib.Z_FULL_FLUSH)
    piece = packer.compress(letters) + packer.flush(zlib.Z_FULL_FLUSH)
    pieces, last = SIZE // PIECE, packer.flush()
    member = zipfile.ZipInfo(name)
    member.compress_type, member.CRC, member.header_offset = zipfile.ZIP_DEFLATED, 0, 0
    member.file_size = len(start) + pieces * PIECE
    member.compress_size = len(first) + pieces * len(piece) + len(last)
    with zipfile.ZipFile(path, "w") as archive:
        out = archive.fp
        assert out is not None
        out.write(member.FileHeader(zip64=True))
        out.write(first)
        for _each in range(pieces):
            out.write(piece)
        out.write(last)
        archive.filelist.append(member)
        archive.start_dir = out.tell()
        archive._didModify = True  # type: ignore[attr-defined]
    assert path.stat().st_size < SIZE / 100
    return path


def refused(path: Path) -> tuple[str, str, str]:
    """The sentence by which it is refused, its place and its code, in a process of its own within its bounds."""
    done = subprocess.run([sys.executable, "-c", ALONE, str(path)], check=True, capture_output=True, text=True)
    said, where, code, seconds, memory = json.loads(done.stdout)
    assert seconds < WITHIN
    assert memory < MEMORY
    return said, where, code


@pytest.mark.parametrize("start", [b"", HEADER], ids=["no header", "a header"])
def test_a_file_of_one_line(tmp_path: Path, start: bytes) -> None:
    said, where, _code = refused(holed(tmp_path / "verzuim_1.csv", start))
    assert said
    assert where == "verzuim_1.csv"


def test_a_file_of_one_line_with_a_good_header_says_what_is_wrong(tmp_path: Path) -> None:
    said, _where, code = refused(holed(tmp_path / "verzuim_1.csv", HEADER))
    assert code == "endless-line"
    assert "langer dan 64 MB" in said


def test_a_zip_that_swells_a_thousandfold_is_not_opened(tmp_path: Path) -> None:
    _said, where, code = refused(swollen(tmp_path / "las.zip", "verzuim_1.csv", HEADER, noise=0))
    assert (where, code) == ("las.zip", "bomb")


def test_a_zip_within_its_ratio_is_read_no_further_than_a_line_may_go(tmp_path: Path) -> None:
    _said, where, code = refused(swollen(tmp_path / "las.zip", "verzuim_1.csv", HEADER, noise=8000))
    assert (where, code) == ("verzuim_1.csv", "endless-line")


def test_xml_of_one_line_and_a_workbook_of_ten_gigabytes(tmp_path: Path) -> None:
    assert refused(holed(tmp_path / "EDEX.XML", b"<?xml version='1.0'?><EDEX><school><brincode>"))[0]
    assert refused(holed(tmp_path / "personeel_1.xlsx", b"PK\3\4"))[0]
    assert refused(holed(tmp_path / "personeel_1.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"))[0]


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
def test_long_lines_that_end_are_read_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: bytes) -> None:
    """The bound is of a line and not of a file: pieces with an end in them never add up."""
    monkeypatch.setattr(streams, "MAX_LINE", 2**23)
    line = b"1234;00AA00;01-09-2026;;G;" + b"x" * 2**18 + b";;;;"
    path = tmp_path / "verzuim_1.csv"
    path.write_bytes(end.join([HEADER.strip(), *[line] * 50]))
    assert check(open_package(path)).rows == {"verzuim_1.csv": 50}
    path.write_bytes(end.join([HEADER.strip(), b"x" * 13 * 2**20]))
    with pytest.raises(Unreadable, match="langer dan"):
        check(open_package(path))


def test_it_takes_as_little_time_from_here(tmp_path: Path) -> None:
    begun = time.process_time()
    with pytest.raises(Unreadable):
        check(open_package(holed(tmp_path / "verzuim_1.csv", HEADER)))
    assert time.process_time() - begun < WITHIN
