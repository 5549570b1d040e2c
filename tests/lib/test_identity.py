"""Numbers and names that may never come in, and the fingerprint that an approval holds."""

import csv
import hashlib
import re
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.engine.duck import worker
from schakel.lib.identifiers import content_hash, eck_number, forbidden_name, is_bsn, number_sql

CASES = Path(__file__).parents[1] / "cases" / "forbidden_names.csv"
NAMES = {row["header"]: row["forbidden"] == "yes" for row in csv.DictReader(CASES.open(encoding="utf-8"))}
FORBIDDEN = [name for name, yes in NAMES.items() if yes]


@pytest.mark.parametrize(("name", "forbidden"), NAMES.items())
def test_each_name_of_the_table(name, forbidden):
    assert forbidden_name(name) == forbidden


@given(st.sampled_from(FORBIDDEN), st.sampled_from([str.upper, str.lower, str.title, str.capitalize]))
def test_the_case_of_letters_hides_no_name(name, written):
    assert forbidden_name(written(name))


@given(
    st.sampled_from(["bsn", "pgn", "sofinummer", "onderwijsnummer"]), st.sampled_from("\u200b\u200c\u00ad\u2060\ufeff")
)
def test_a_sign_that_does_not_show_hides_no_name(name, sign):
    for at in range(len(name) + 1):
        assert forbidden_name(name[:at] + sign + name[at:])


@pytest.mark.parametrize("name", ["ＢＳＮ", "ｐｇｎ", "Ｏｎｄｅｒｗｉｊｓｎｕｍｍｅｒ", "𝐁𝐒𝐍", "ⓑⓢⓝ"])
def test_letters_that_only_look_otherwise_hide_no_name(name):
    assert forbidden_name(name)


@given(
    st.sampled_from(["bsn", "pgn", "sofi", "burgerservicenummer"]),
    st.sampled_from(["_", "-", ".", " ", "/", ":", "(", "[", "1", "2"]),
    st.sampled_from(["", "moeder", "kind", "van", "code"]),
)
def test_other_words_around_it_hide_no_name(name, sign, word):
    assert forbidden_name(f"{word}{sign}{name}")
    assert forbidden_name(f"{name}{sign}{word}")


@given(st.text(max_size=40))
def test_any_header_gets_an_answer(header):
    assert forbidden_name(header) in {True, False}


def passing(value: int) -> bool:
    """The eleven-test written out another way: nine weights, the last one minus one, remainder 0 or 5."""
    digits = [int(d) for d in f"{value:09d}"]
    return sum(w * d for w, d in zip([9, 8, 7, 6, 5, 4, 3, 2, -1], digits, strict=True)) % 11 in {0, 5}


@given(st.integers(1, 999_999_999))
def test_eight_digits_are_nine_with_a_lost_zero(value):
    text = str(value)
    assert is_bsn(text) == (len(text) >= 8 and passing(value))
    if len(text) == 8:
        assert is_bsn(text) == is_bsn(f"0{text}")
    assert is_bsn(f" {text} ") == is_bsn(text)


@given(st.integers(10_000_000, 999_999_999), st.integers(0, 8), st.integers(1, 9))
def test_one_digit_mistaken_is_found_unless_it_makes_an_education_number(value, at, more):
    """What the test is for: a BSN with one digit wrong has another remainder."""
    digits = [int(d) for d in f"{value:09d}"]
    total = sum(w * d for w, d in zip([9, 8, 7, 6, 5, 4, 3, 2, -1], digits, strict=True))
    if total % 11 == 0:
        digits[at] = (digits[at] + more) % 10
        changed = sum(w * d for w, d in zip([9, 8, 7, 6, 5, 4, 3, 2, -1], digits, strict=True)) % 11
        assert changed != 0
        assert is_bsn("".join(map(str, digits))) == (changed == 5 and any(digits))


@pytest.mark.parametrize(
    "text",
    [
        "²²²²²²²²²",
        "①①①①①①①①①",
        "12345678²",
        "-11122233",
        "+11122233",
        "1112223.3",
        "0x1122233",
        "111_222_33",
        "11122233e",
    ],
)
def test_what_only_looks_like_digits_is_no_number_and_no_crash(text):
    assert not is_bsn(text)


def test_digits_of_another_script_are_digits():
    assert is_bsn("１１１２２２３３３")
    assert is_bsn("١١١٢٢٢٣٣٣")
    assert not is_bsn("１２３４５６７８９")


json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@given(json_like, json_like)
def test_equal_content_has_one_fingerprint_and_other_content_another(one, other):
    assert content_hash(one) == content_hash(one)
    assert len(content_hash(one)) == 64
    if repr(one) == repr(other):
        assert content_hash(one) == content_hash(other)
    elif one != other:
        assert content_hash(one) != content_hash(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (["a", "b"], ["b", "a"]),
        ({"a": 1}, {"a": "1"}),
        ({"a": None}, {}),
        ({"a": ""}, {"a": None}),
        ({"a": False}, {"a": 0}),
        (["ab", "c"], ["a", "bc"]),
        ({"a": {"b": 1}}, {"a": {}, "b": 1}),
        ("é", "e\u0301"),
    ],
)
def test_what_differs_in_meaning_differs_in_fingerprint(one, other):
    assert content_hash(one) != content_hash(other)


def test_a_day_and_an_amount_have_a_fingerprint_too():
    assert content_hash({"d": date(2026, 8, 1)}) == content_hash({"d": "2026-08-01"})
    assert content_hash({"d": Decimal("1.50")}) == content_hash({"d": "1.50"})


def test_the_fingerprint_is_the_hash_of_canonical_json():
    """Anyone can make it again with a few lines in any language."""
    text = '{"a":[1,2],"é":"x"}'
    assert content_hash({"é": "x", "a": [1, 2]}) == hashlib.sha256(text.encode()).hexdigest()


def test_a_set_has_the_same_fingerprint_in_every_process():
    """The order of a set differs from run to run."""
    words = [f"element.{n}" for n in range(30)]
    code = f"from schakel.lib.identifiers import content_hash; print(content_hash({{'a': set({words!r})}}))"
    root = Path(__file__).resolve().parents[2]
    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(root)}, capture_output=True, text=True, check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }  # fmt: skip
    assert told == {content_hash({"a": set(words)})}
    assert content_hash({"a": set(words)}) == content_hash({"a": frozenset(reversed(words))})


def test_an_eck_id_is_the_same_number_in_python_and_in_sql():
    eck_id = "https://ketenid.nl/201703/" + "0" * 128
    with worker() as con:
        asked = f"SELECT {number_sql('c')} FROM (SELECT CAST(? AS VARCHAR) AS c)"
        told = [con.execute(asked, [c]).fetchone() for c in (eck_id, "0012", None)]
    assert told == [(eck_number(eck_id),), ("0012",), (None,)]
    assert re.fullmatch("eck-[0-9a-f]{40}", eck_number(eck_id))
