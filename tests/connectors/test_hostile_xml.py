"""XML that means harm or came to harm: a sentence with its place, and never a crash, a hang or a half delivery."""

import random
import time
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schakel.collect.checks import check
from schakel.collect.listings import listing
from schakel.connectors.edexml import recognised
from schakel.lib.errors import SchakelError, Unreadable
from tests.connectors.edexml_files import GOOD, UWLR_22, UWLR_23, board, opened

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BODY = GOOD.partition("<EDEX>")[2]
FEW = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def refused(folder: Path, text: str | bytes, name: str = "EDEX.XML") -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        opened(folder, text, name)
    return caught.value


@pytest.mark.parametrize(
    "doctype",
    [
        f'<!DOCTYPE EDEX [<!ENTITY l0 "ha">{LAUGHS}]>',
        '<!DOCTYPE EDEX [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE EDEX [<!ENTITY % x SYSTEM "http://127.0.0.1:1/x.dtd"> %x;]>',
        '<!DOCTYPE EDEX SYSTEM "http://127.0.0.1:1/edex.dtd">',
        f'<!DOCTYPE EDEX [<!ENTITY q "{"a" * 50_000}">]>',
    ],
    ids=["billion laughs", "external entity", "parameter entity", "external type", "quadratic"],
)
def test_a_document_type_is_refused_before_it_is_read(tmp_path: Path, doctype: str) -> None:
    error = refused(tmp_path, f"{doctype}<EDEX>{BODY}".replace("Jansen", "&l9;&x;"))
    assert error.code == "dtd"
    assert error.where.startswith("EDEX.XML, regel 1, kolom ")
    assert "DOCTYPE" in error.hint


def test_an_entity_that_nobody_declared_is_a_fault_with_its_place(tmp_path: Path) -> None:
    error = refused(tmp_path, GOOD.replace("Jansen", "&passwd;"))
    assert error.where == "EDEX.XML, regel 20, kolom 13"


def test_the_five_known_entities_are_signs(tmp_path: Path) -> None:
    package = opened(tmp_path, GOOD.replace("Jansen", "Jan&amp;&lt;&gt;&quot;&apos;&#233;"))
    assert 'Jan&<>""\'é'.encode() in b"".join(package.files["pupil"].entry.chunks())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (GOOD.replace("Jansen", "<a>" * 100 + "</a>" * 100), "too-deep"),
        (GOOD.replace('key="00002"', f'key="{"9" * 3_000_000}"'), "too-big"),
        (GOOD.replace("Jansen", "x" * 200_000), "too-big"),
        (GOOD.replace("Jansen", f"<!--{'x' * 3_000_000}-->"), "too-big"),
        (GOOD.replace('key="00002"', " ".join(f'a{n}="1"' for n in range(200))), "too-big"),
    ],
    ids=["depth", "attribute", "text", "comment", "attributes"],
)
def test_what_is_out_of_all_bounds_is_refused(tmp_path: Path, text: str, code: str) -> None:
    assert refused(tmp_path, text).code == code


def test_an_attribute_of_a_hundred_megabytes_costs_neither_time_nor_memory(tmp_path: Path) -> None:
    path, piece = tmp_path / "EDEX.XML", b"x" * 2**20
    with path.open("wb") as out:
        out.write(b'<EDEX><school><schooljaar a="')
        for _ in range(100):
            out.write(piece)
        out.write(b'"/></school></EDEX>')
    tracemalloc.start()
    begun = time.process_time()
    with pytest.raises(Unreadable) as caught:
        recognised(listing(path))
    assert caught.value.code == "too-big"
    assert time.process_time() - begun < 10
    assert tracemalloc.get_traced_memory()[1] < 50 * 2**20
    tracemalloc.stop()


@pytest.mark.parametrize("share", [0.1, 0.35, 0.5, 0.75, 0.9, 0.999])
@pytest.mark.parametrize("text", [GOOD, UWLR_23], ids=["edexml", "uwlr"])
def test_a_file_that_was_cut_off_is_refused_with_its_place(tmp_path: Path, text: str, share: float) -> None:
    content = text.encode()
    error = refused(tmp_path, content[: int(len(content.rstrip()) * share)])
    assert "regel" in error.where
    assert error.hint


def test_bytes_win_over_a_wrong_declaration(tmp_path: Path) -> None:
    cases = [
        (GOOD.encode("cp1252"), [("encoding", 21)]),
        (GOOD.replace("UTF-8", "ISO-8859-1").encode(), [("encoding", 21)]),
        (GOOD.replace("UTF-8", "ISO-8859-1").encode("cp1252"), []),
        (GOOD.replace("UTF-8", "windows-1252").encode("cp1252"), []),
        (GOOD.replace("UTF-8", "UTF-16").encode("utf-16"), []),
        (GOOD.replace("UTF-8", "UTF-16").encode(), [("encoding", 1)]),
        (b"\xef\xbb\xbf" + GOOD.encode(), []),
    ]
    for content, finds in cases:
        package = opened(tmp_path, content)
        assert "Zoë".encode() in b"".join(package.files["pupil"].entry.chunks())
        assert [(f.rule, f.row) for f in check(package).findings] == finds


def test_an_encoding_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, GOOD.replace("UTF-8", "klingon")).where.startswith("EDEX.XML, regel 1")


def test_a_zip_around_one_file_is_opened_and_around_two_is_not(tmp_path: Path) -> None:
    path = tmp_path / "edex.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("map/EDEX.XML", GOOD)
        out.writestr("lees mij.txt", "hallo")
    package = recognised(listing(path))
    assert package is not None
    assert [(f.file, f.rule) for f in check(package).findings] == [("lees mij.txt", "file-unknown")]
    with zipfile.ZipFile(path, "a") as out:
        out.writestr("twee.xml", GOOD)
    with pytest.raises(Unreadable, match="meer dan één XML-bestand"):
        recognised(listing(path))


@pytest.mark.parametrize("text", ["<html><body>Log in</body></html>", "<rss/>", "hallo", "", "<leerling/>"])
def test_what_is_no_edexml_is_left_to_others(tmp_path: Path, text: str) -> None:
    path = tmp_path / "iets.txt"
    path.write_text(text)
    assert recognised(listing(path)) is None


NONE = UWLR_23[: UWLR_23.index("<le:leerlinggegevens>")] + "</le:leerlinggegevens_antwoord></soap:Body></soap:Envelope>"
FAULT = NONE.replace(
    "<le:leerlinggegevens_antwoord>", "<soap:Fault><faultstring>Sleutel onbekend</faultstring></soap:Fault>"
)
STEP = NONE.replace("leerlinggegevens_antwoord", "structuur_antwoord")


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        (NONE, "no-data", "geen (nieuwe) gegevens"),
        (FAULT.replace("</le:leerlinggegevens_antwoord>", ""), "fault", "Sleutel onbekend"),
        (STEP, "no-data", "structuur_antwoord"),
    ],
)
def test_an_answer_without_data_is_a_sentence(tmp_path: Path, text: str, code: str, says: str) -> None:
    error = refused(tmp_path, text)
    assert error.code == code
    assert says in error.message


def test_lines_are_right_beyond_sixteen_bits(tmp_path: Path) -> None:
    text = GOOD.replace("<leerlingen>", "<leerlingen>" + "\n" * 70_000).replace("<geslacht>9", "<geslacht>X")
    assert [f.row for f in check(opened(tmp_path, text)).findings] == [70_034]


def mutated(dice: random.Random, content: bytes) -> bytes:
    """A document of which a few bytes or pieces were changed, doubled, dropped or cut."""
    made = bytearray(content)
    for _ in range(dice.randint(1, 4)):
        at, size = dice.randrange(len(made)), dice.choice([1, 1, 3, 40])
        match dice.randrange(5):
            case 0:
                made[at] = dice.randrange(256)
            case 1:
                del made[at : at + size]
            case 2:
                made[at:at] = made[at : at + size]
            case 3:
                made[at:at] = dice.choice(
                    [b"<", b"&", b'"', b"\0", b"<!--", b"]]>", b"<x/>", "é".encode(), b"\xff", b"&#0;"]
                )
            case _:
                made = made[: max(at, 1)] if dice.random() < 0.1 else made
    return bytes(made)


def judged(folder: Path, content: bytes) -> None:
    path = folder / "x.xml"
    path.write_bytes(content)
    begun = time.process_time()
    try:
        package = recognised(listing(path))
        report = check(package) if package else None
    except SchakelError as error:
        assert str(error)
    else:
        assert report is None or all(f.row >= 0 and f.message for f in report.findings)
    assert time.process_time() - begun < 10


@pytest.mark.parametrize("seed", range(3))
def test_mutations_never_crash(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    for text in (GOOD, UWLR_22, UWLR_23):
        for _ in range(6):
            judged(tmp_path, mutated(dice, text.encode()))


@FEW
@given(st.text(alphabet=st.sampled_from(list("<>/&;\"'= \nEDXab!-[]?")), max_size=200))
def test_any_signs_as_a_document(tmp_path: Path, text: str) -> None:
    judged(tmp_path, f"<EDEX>{text}</EDEX>".encode())


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(1000, 1040))
def test_many_mutations_never_crash(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    texts = [GOOD, UWLR_22, UWLR_23, board(seed).text()]
    for number in range(500):
        judged(tmp_path, mutated(dice, texts[number % 4].encode()))
