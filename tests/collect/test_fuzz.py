"""Whatever the bytes: a report or a sentence, never a stack trace, and never a finding without a place."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schakel.collect.checks import check
from schakel.collect.connectors import open_package
from schakel.collect.rules import ANSWERS, SEVERITIES, rules
from schakel.lib.errors import SchakelError
from tests.amounts import inputs
from tests.collect.small_roster import package, texts, zipped
from tests.connectors.test_mapped import CASES

FEW = settings(max_examples=inputs(40, 15), deadline=None, suppress_health_check=[HealthCheck.too_slow])
MANY = settings(max_examples=1500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
GOOD = texts(
    {
        "users": [{"sourcedId": "u1", "username": "u1"}],
        "orgs": [{"sourcedId": "s1", "name": "De Kiem", "type": "school"}],
    }
)
SIGNS = st.text(
    alphabet=st.sampled_from(['"', ",", ";", "\n", "\r", "\0", " ", "'", "é", "a", "1", "\ufeff", "\u2028", "{", ":"]),
    max_size=60,
)


def looked_at(name: str, content: bytes) -> None:
    """Check a file or package of this content; all findings must be well-formed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        judged(path)


def judged(path: Path) -> None:
    try:
        report = check(open_package(path))
    except SchakelError as error:
        assert str(error)
        return
    for found in report.findings:
        assert found.rule in rules()
        assert found.severity in SEVERITIES
        assert found.action in ANSWERS
        assert found.row >= 0
        assert found.message


def in_roster(file: str, content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        judged(zipped(Path(folder) / "x.zip", GOOD | {file: content}))


@FEW
@given(st.binary(max_size=300))
def test_any_bytes_as_a_zip(content: bytes) -> None:
    looked_at("x.zip", content)


@FEW
@given(st.binary(max_size=300))
def test_any_bytes_as_a_workbook(content: bytes) -> None:
    looked_at("personeel_1.xlsx", content)


@FEW
@given(st.binary(max_size=300))
def test_any_bytes_as_a_file_of_the_roster(content: bytes) -> None:
    in_roster("orgs.csv", content)


@FEW
@given(SIGNS)
def test_any_signs_after_a_good_header(text: str) -> None:
    in_roster("orgs.csv", (GOOD["orgs.csv"] + text).encode())


@FEW
@given(SIGNS)
def test_any_signs_as_a_manifest(text: str) -> None:
    in_roster("manifest.csv", text.encode())


@FEW
@given(SIGNS)
def test_any_signs_in_a_mapped_file(text: str) -> None:
    looked_at("verzuim_1.csv", (CASES[0]["text"] + text).encode("cp1252", "replace"))


@FEW
@given(st.lists(st.tuples(st.integers(0, 10_000), st.binary(min_size=1, max_size=4)), max_size=8))
def test_a_good_package_with_bytes_changed(changes: list[tuple[int, bytes]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = package(Path(folder))
        content = bytearray(path.read_bytes())
        for at, piece in changes:
            content[at % len(content) : at % len(content) + len(piece)] = piece
        path.write_bytes(bytes(content))
        judged(path)


@pytest.mark.soak
@MANY
@given(SIGNS, st.sampled_from(["orgs.csv", "users.csv", "manifest.csv"]), st.booleans())
def test_any_signs_many_times(text: str, file: str, after_header: bool) -> None:
    in_roster(file, (GOOD[file] * after_header + text).encode())


@pytest.mark.soak
@MANY
@given(st.integers(0, 2**32))
def test_random_bytes_many_times(seed: int) -> None:
    source = __import__("random").Random(seed)
    in_roster("orgs.csv", GOOD["orgs.csv"].encode()[: source.randrange(200)] + source.randbytes(source.randrange(400)))


def test_no_memory_file_stays_open() -> None:
    """Every buffer is let go of, also where a file cannot be read."""
    before = len(list(Path("/proc/self/fd").iterdir()))
    for content in (b"", b"\xff\0\xfe\0\x80" * 900, b'"', GOOD["orgs.csv"].encode() + b'x,"'):
        in_roster("orgs.csv", content)
    assert len(list(Path("/proc/self/fd").iterdir())) <= before + 1
