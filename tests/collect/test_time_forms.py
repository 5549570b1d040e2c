"""Times of day as people and packages write them: read as the time that they are, or refused."""

from datetime import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schakel.collect.conditions import kept_value, suspect
from schakel.collect.layouts import Field
from schakel.collect.time_forms import is_time
from schakel.engine import duck

FIELD = Field("from_time", type="time")
BEHIND = ("", " uur", "uur", " u", "u.", " Uur")


def read(texts: list[str]) -> list[time | None]:
    """These cells as the engine keeps them; each is suspect where it is kept as nothing."""
    with duck.worker() as con:
        sql = f"SELECT {kept_value(FIELD, 't.c')}, {suspect(FIELD, 't.c')} FROM (SELECT unnest(?) AS c) AS t"
        found = con.execute(sql, [texts]).fetchall()
    assert all(wrong == (kept is None) for kept, wrong in found)
    return [kept for kept, _wrong in found]


@given(st.lists(st.tuples(st.times(), st.sampled_from(":."), st.booleans(), st.sampled_from(BEHIND)), min_size=1))
@settings(max_examples=60, deadline=None)
def test_a_time_is_read_however_it_is_written(times: list[tuple[time, str, bool, str]]) -> None:
    texts = [f"{t.hour:02}"[0 if zero or t.hour > 9 else 1 :] + f"{sign}{t:%M}{u}" for t, sign, zero, u in times]
    assert read(texts) == [t.replace(second=0, microsecond=0) for t, _sign, _zero, _behind in times]
    assert all(map(is_time, texts))


def test_seconds_are_read_behind_a_colon() -> None:
    assert read(["08:30:15", "8:30:15 uur"]) == [time(8, 30, 15)] * 2


@pytest.mark.parametrize(
    "text", ["8.3", "24.00", "10.75", "8.30.15", "8", "8 uur", "8,30", "8.30 uren", "uur", "8:30 pm"]
)
def test_what_is_no_time_of_day_is_none(text: str) -> None:
    assert read([text]) == [None]
    assert not is_time(text)
