"""Of which indicators a product gives figures: what its WHERE names, wherever the figures are read."""

import pytest

from schakel.distribute.named_figures import ANY, named_figures

FROM = "SELECT i.value AS value FROM indicator_value AS i JOIN site AS s ON s.site_id = i.site_id"


@pytest.mark.parametrize(
    ("sql", "named"),
    [
        (f"{FROM} WHERE i.indicator_key = 'I_1F'", {"I_1F"}),
        (f"{FROM} WHERE s.name <> '' AND i.indicator_key IN ('I_1F', 'I_1S2F')", {"I_1F", "I_1S2F"}),
        ("SELECT value AS v FROM indicator_value WHERE indicator_key = 'I_1F' AND period > '2026'", {"I_1F"}),
        (f"WITH a AS ({FROM} WHERE i.indicator_key = 'I_1F') SELECT a.value AS value FROM a", {"I_1F"}),
        (
            f"{FROM} WHERE i.indicator_key = 'I_1F' UNION ALL {FROM} WHERE i.indicator_key = 'I_LATE'",
            {"I_1F", "I_LATE"},
        ),
        ("SELECT s.name AS n FROM site AS s, indicator_value AS i WHERE i.indicator_key = 'I_1F'", {"I_1F"}),
    ],
)
def test_what_the_where_names(sql: str, named: set[str]) -> None:
    assert named_figures(sql) == named


@pytest.mark.parametrize(
    "sql",
    [
        FROM,
        f"{FROM} WHERE i.indicator_key LIKE 'I_1%'",
        f"{FROM} WHERE i.indicator_key NOT IN ('I_1F')",
        f"{FROM} WHERE i.indicator_key <> 'I_1F'",
        f"{FROM} WHERE i.indicator_key = 'I_1F' OR s.name = 'De Kiem'",
        f"{FROM} WHERE i.indicator_key = s.name",
        f"{FROM} WHERE s.indicator_key = 'I_1F'",
        f"{FROM} WHERE i.indicator_key IN ('I_1F', s.name)",
        f"{FROM} WHERE i.indicator_key = 'I_1F' UNION ALL {FROM}",
        "SELECT CASE WHEN i.indicator_key = 'I_1F' THEN i.value END AS value FROM indicator_value AS i",
        "SELECT s.name AS name FROM site AS s WHERE s.name = 'I_1F'",
    ],
)
def test_where_it_names_none_it_may_be_any(sql: str) -> None:
    assert named_figures(sql) == ANY
