"""What a column must be, in the words and signs of who reads the page."""

import pytest

from schakel.collect.layouts import Field
from schakel.lib.text import spoken
from schakel.portal.pages.demands import demands


@pytest.mark.parametrize(
    ("field", "language", "said"),
    [
        (Field("a", constant="3.5"), "nl", "in elke rij 3,5"),
        (Field("a", constant="3.50"), "en", "3.50 in every row"),
        (Field("a", constant="98AB00"), "nl", "in elke rij 98AB00"),
        (Field("a", constant="2026-02-30"), "nl", "in elke rij 2026-02-30"),
        (Field("a", constant="authorised"), "nl", "in elke rij geoorloofd"),
        (Field("a", type="date", minimum="2000-01-01", maximum="2100-01-01"), "nl",
         "mag leeg, datum, van 1 jan 2000 tot en met 1 jan 2100"),
        (Field("a", type="number", required=True, minimum="0", maximum="0.5"), "nl",
         "verplicht, getal, van 0 tot en met 0,5"),
        (Field("a", type="number", maximum="-1.25"), "nl", "mag leeg, getal, van … tot en met -1,25"),
    ],
)  # fmt: skip
def test_days_and_decimals_are_written_as_people_do(field: Field, language: str, said: str) -> None:
    with spoken(language):
        assert demands(field) == said
