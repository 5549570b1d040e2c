"""Which elements suffer from one column: those that are made of it, or the whole table where it carries the row."""

import pytest

from schakel.process.resting import resting_on

ABSENCE = frozenset({"absence.kind", "absence.contact_on", "absence.clock_hours"})
EVERY = ABSENCE | {"pupil.first_name", "pupil.birth_date"}


@pytest.mark.parametrize(
    ("layout", "file", "column", "hit"),
    [
        ("verzuim", "absence", "contact_on", {"absence.contact_on"}),
        ("verzuim", "absence", "clock_hours", {"absence.clock_hours"}),
        ("verzuim", "absence", "pupil_number", ABSENCE),
        ("verzuim", "absence", "", ABSENCE),
        ("verzuim", "", "", ABSENCE),
        ("verzuim", "absence", "remark", set()),
        ("verzuim", "anders", "", set()),
        ("oneroster", "users", "givenName", {"pupil.first_name"}),
        ("oneroster", "demographics", "birthDate", {"pupil.birth_date"}),
        ("iets", "", "", set()),
    ],
)
def test_what_rests_on_a_column(layout: str, file: str, column: str, hit: set[str]) -> None:
    assert resting_on(EVERY, layout, file, column) == hit


def test_only_what_is_asked_for_is_told() -> None:
    assert resting_on(frozenset({"pupil.birth_date"}), "oneroster", "users", "givenName") == frozenset()
    assert resting_on(frozenset(), "oneroster") == frozenset()
