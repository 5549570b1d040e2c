"""Forms in words: what a pattern asks for, in the language of the reader, and nothing where it cannot be said."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.collect.rules import rule
from schakel.collect.written_forms import in_words
from schakel.connectors.edexml_layout import elements
from schakel.lib.text import spoken


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("[0-9]{4}", "4 cijfers"),
        ("[0-9]", "1 cijfer"),
        (r"\d{2}", "2 cijfers"),
        ("[0-9]{4}-[0-9]{4}", "4 cijfers, ‘-’, 4 cijfers"),
        ("20[0-9]{2}-20[0-9]{2}", "‘20’, 2 cijfers, ‘-20’, 2 cijfers"),
        ("[0-9]{2}[A-Z]{2}[0-9]{2}|[0-9]{5}", "2 cijfers, 2 hoofdletters, 2 cijfers; of 5 cijfers"),
        ("[0-9]{4} ?[A-Z]{2}", "4 cijfers, eventueel een spatie, 2 hoofdletters"),
        ("[0-9]{4} [A-Z]", "4 cijfers, een spatie, 1 hoofdletter"),
        ("[0-9]{1,12}", "1 tot en met 12 cijfers"),
        (r"https://ketenid\.nl/[0-9]+", "‘https://ketenid.nl/’, een of meer cijfers"),
        (r"\?|[A-Z]{2}", "‘?’; of 2 hoofdletters"),
        (r"a\|b|c", "‘a|b’; of ‘c’"),
        ("[019]", "1 teken uit 0 1 9"),
        (".{1,20}", "1 tot en met 20 tekens"),
        (".+", "een of meer tekens"),
        ("([0-9]{2}[A-Z]{2})?[0-9]{2}", "eventueel (2 cijfers, 2 hoofdletters), 2 cijfers"),
        (
            "[0-9]{1,3}([.,][0-9]+)?%?|<5",
            "1 tot en met 3 cijfers, eventueel (1 teken uit ‘.’ ‘,’, een of meer cijfers), eventueel ‘%’; of ‘<5’",
        ),
    ],
)
def test_a_pattern_in_words(pattern: str, words: str) -> None:
    assert in_words(pattern) == words


def test_in_english() -> None:
    with spoken("en"):
        assert in_words("[0-9]{1,4} [A-Z]|x") == "1 to 4 digits, a space, 1 capital letter; or ‘x’"


@pytest.mark.parametrize(
    "pattern",
    ["", "(a|b)", "[^x]", "[0-9]*", "[0-9]{2,}", "[.,][0-9]+?", "([0-9]*)?", "((a))?", "([0-9]|x)?", "()?", "(", r"\w+",
     r"\bx", "x{2}", "x+", "[A-Fa-f0-9]", "^x", "x$", "[", "[0-9", "a||b", "[abcdefghijkl]"],
)  # fmt: skip
def test_what_cannot_be_said_in_a_line_is_not_guessed_at(pattern: str) -> None:
    assert in_words(pattern) == ""


@given(st.text(alphabet="[]0-9AZaz{},|?+*.\\ x", max_size=14))
def test_no_pattern_breaks_it_and_words_hold_no_machinery(pattern: str) -> None:
    words = in_words(pattern)
    assert words == "" or not re.search(r"\[.-.\]|\{\d", re.sub("‘[^’]*’", "", words))


def test_every_form_of_the_exchange_formats_that_people_meet_can_be_said() -> None:
    patterns = {each.pattern for relation in elements().values() for each in relation.values() if each.pattern}
    assert patterns
    assert [pattern for pattern in patterns if not in_words(pattern)] == []


def test_a_finding_says_the_form_in_words() -> None:
    told = {"column": "Schooljaar", "expected": "[0-9]{4}-[0-9]{4}"}
    assert rule("pattern").sentence(told) == (
        "De waarde in Schooljaar heeft niet de vorm die is afgesproken (4 cijfers, ‘-’, 4 cijfers)."
    )
    told["expected"] = "([0-9]{4}|x)?"
    assert rule("pattern").sentence(told).endswith("(een vaste vorm).")
    assert "[0-9]" in rule("vocabulary").sentence({"column": "x", "expected": "[0-9]"})
