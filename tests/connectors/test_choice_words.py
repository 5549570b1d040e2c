"""What a person chooses on the mapping screen has a Dutch word, and each word is for something that can be chosen."""

import re

import pytest
from django.utils import translation

from schakel.connectors.targets import choice_words, synonyms, targets

# Said as they are written: levels of tests and of the law, what the Inspectorate numbers, school advice, regions.
SAID_SO = re.compile(
    r"[A-E]|I{1,3}|IV|V|R[1-4]|[12][FS](/?2F)?|pro|vmbo-[a-z/]+|havo(/vwo)?|vwo|noord|midden|zuid", re.I
)
KEPT = sorted({value for target in targets() for field in target.fields for value in field.choices})


@pytest.mark.parametrize("value", KEPT)
def test_a_value_that_is_chosen_has_a_dutch_word(value: str) -> None:
    assert SAID_SO.fullmatch(value) or value in synonyms()["choices"]
    with translation.override("nl"):
        assert choice_words(value)


def test_no_word_is_for_a_value_that_nothing_keeps() -> None:
    assert set(synonyms()["choices"]) <= set(KEPT)


def test_a_replacement_of_staff_is_called_so() -> None:
    with translation.override("nl"):
        assert choice_words("replacement") == "vervanging"
