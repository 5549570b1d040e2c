"""YAML of our own and of others: plain values only, whichever reader there is."""

from datetime import date

import pytest
import yaml

from schakel.lib.plain_yaml import from_yaml


def test_it_makes_plain_values() -> None:
    text = "naam: Zoë\nleeg:\nlijst: [1, 2.5, ja, true]\ndag: 2026-11-26\nplaats: {a: {b: 'x'}}\n"
    assert from_yaml(text) == {
        "naam": "Zoë",
        "leeg": None,
        "lijst": [1, 2.5, "ja", True],
        "dag": date(2026, 11, 26),
        "plaats": {"a": {"b": "x"}},
    }
    assert from_yaml("") is None


@pytest.mark.parametrize(
    "text",
    ["!!python/object/apply:os.system ['true']", "a: !!python/name:os.system", "a: [", "a: b: c", "\ta: 1", "a: *x"],
)
def test_it_makes_nothing_else(text: str) -> None:
    with pytest.raises(yaml.YAMLError):
        from_yaml(text)


def test_it_reads_what_the_reader_in_python_reads() -> None:
    text = "a: 'één'\nb: |\n  regel\n  nog een\nc: >-\n  op\n  één\nd: [0x1F, 1_000, ~, .inf]\n'e': \"\\u00e9\"\n"
    assert from_yaml(text) == yaml.safe_load(text)
