"""What a cell may hold, by kind of field: held against a second opinion in Python, and against edges by hand."""

import csv
import io
import re
import tempfile
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schakel.collect import conditions
from schakel.collect.layouts import Field
from schakel.collect.rules import rule
from schakel.engine.duck import worker
from tests.collect.small_layout import KEY, rows, taken

SOME = settings(max_examples=4, suppress_health_check=list(HealthCheck))
NEAR = st.text(st.sampled_from("0123456789-./,:TZ+eE abnif\u00a0٣"), min_size=1, max_size=12).filter(str.strip)
DAY = st.dates(date(1, 1, 1)).map(date.isoformat)


def judged(field: Field, values: list[str]) -> tuple[list[Any], dict[int, list[str]]]:
    """Per value what is kept of it (rows that are refused left out), and the rules it breaks."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(
        [["id", field.source], *([f"x{n}", v] for n, v in enumerate(values))]
    )
    with tempfile.TemporaryDirectory() as folder:
        landed = taken(Path(folder), out.getvalue().encode(), (KEY, field))
        kept = dict(rows(landed, f'id, "{field.name}"'))
        broken: dict[int, list[str]] = {}
        for found in landed.report.findings:
            broken.setdefault(found.row - 2, []).append(found.rule)
    return [kept.get(f"x{n}", "refused") for n in range(len(values))], broken


def agrees(field: Field, values: list[str], meant: Callable[[str], Any], name: str) -> None:
    """The value is what Python makes of it; where Python makes nothing of it, exactly this rule is broken."""
    kept, broken = judged(field, values)
    expected = [meant(value) for value in values]
    assert kept == expected
    assert broken == {n: [name] for n, value in enumerate(expected) if value is None}


def strictly(form: str, pattern: str) -> Callable[[str], Any]:
    """A day by its form: the digits where they belong, and a day that exists."""

    def meant(text: str) -> date | None:
        if not re.fullmatch(pattern, text, re.ASCII):
            return None
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            return None

    return meant


ISO = strictly("%Y-%m-%d", r"\d{4}-\d\d-\d\d")
DUTCH = strictly("%d-%m-%Y", r"\d\d-\d\d-\d{4}")
PACKED = strictly("%Y%m%d", r"\d{8}")


@SOME
@given(st.lists(DAY | NEAR, min_size=100, max_size=150))
def test_days_of_the_standard(values):
    agrees(Field("v", type="date"), values, ISO, "date")


@SOME
@given(
    st.lists(
        st.dates(date(1, 1, 1)).map(lambda d: f"{d.day:02}-{d.month:02}-{d.year:04}") | DAY | NEAR,
        min_size=1,
        max_size=30,
    )
)
def test_days_written_the_dutch_way(values):
    agrees(Field("v", type="date", date_format="%d-%m-%Y"), values, DUTCH, "date")


@SOME
@given(st.lists(DAY | st.dates(date(1000, 1, 1)).map(lambda d: f"{d:%Y%m%d}") | NEAR, min_size=100, max_size=150))
def test_days_of_several_forms(values):
    field = Field("v", type="date", date_format="%Y-%m-%d|%Y%m%d")
    agrees(field, values, lambda text: ISO(text) or PACKED(text), "date")


@SOME
@given(
    st.lists(
        st.integers(-(10**20), 10**20).map(str) | st.sampled_from(["+7", "007", "-0", "1e3", "1.0"]) | NEAR,
        min_size=1,
        max_size=30,
    )
)
def test_whole_numbers(values):
    meant = lambda text: int(text) if re.fullmatch(r"[+-]?[0-9]{1,18}", text) else None  # noqa: E731
    agrees(Field("v", type="integer"), values, meant, "integer")


def point(text: str) -> float | None:
    return float(text) if re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?", text) else None


def comma(text: str) -> float | None:
    plain = re.fullmatch(r"[+-]?([0-9]+|[1-9][0-9]{0,2}(\.[0-9]{3})+)(,[0-9]+)?", text)
    return float(text.replace(".", "").replace(",", ".")) if plain else None


AMOUNTS = st.decimals(-(10**9), 10**9, places=2).map(lambda d: f"{d:,}".translate(str.maketrans(",.", ".,")))
FLOATS = st.floats(-1e12, 1e12).map(repr)


@SOME
@given(st.lists(FLOATS | NEAR, min_size=100, max_size=150))
def test_numbers_with_a_point(values):
    agrees(Field("v", type="number"), values, point, "number")


@SOME
@given(st.lists(AMOUNTS | NEAR, min_size=100, max_size=150))
def test_numbers_with_a_comma(values):
    agrees(Field("v", type="number", decimal=","), values, comma, "number")


TIMES = st.sampled_from(["8:30", "24:00", "08:30:15", "8.30", "8.30 uur", "10:15uur", "8.3"])


@SOME
@given(st.lists(st.times().map(lambda t: f"{t:%H:%M}") | TIMES | NEAR,
                min_size=100, max_size=150))  # fmt: skip
def test_times_of_the_day(values):
    def meant(text: str) -> time | None:
        clock = re.fullmatch(r"(([01]?[0-9]|2[0-3])(:[0-5][0-9]){1,2}|([01]?[0-9]|2[0-3])\.[0-5][0-9])( ?uur)?", text)
        return time(*map(int, re.split("[:.]", clock[1]))) if clock else None

    agrees(Field("v", type="time"), values, meant, "time")


@SOME
@given(
    st.lists(
        st.datetimes(datetime(1, 1, 1)).map(lambda m: f"{m:%Y-%m-%dT%H:%M:%S}.000Z".zfill(24)) | NEAR,
        min_size=1,
        max_size=20,
    )
)
def test_moments_of_the_standard(values):
    def meant(text: str) -> datetime | None:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z", text):
            return None
        try:
            return datetime.fromisoformat(text).replace(tzinfo=None)
        except ValueError:
            return None

    agrees(Field("v", type="datetime"), values, meant, "datetime")


@pytest.mark.parametrize("form", ["%d-%m-%Y", "%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y"])
def test_days_that_do_not_exist_are_none(form):
    days = ["29-02-2023", "31-04-2026", "00-01-2026", "01-00-2026", "32-01-2026", "01-13-2026"]
    written = ["".join(re.sub("%d", d[:2], re.sub("%m", d[3:5], form)).replace("%Y", d[6:])) for d in days]
    kept, broken = judged(Field("v", type="date", date_format=form), written)
    assert kept == [None] * len(days)
    assert set(broken) == set(range(len(days)))


def test_leap_days_are_days():
    kept, broken = judged(Field("v", type="date"), ["2024-02-29", "2000-02-29", "1900-02-28"])
    assert (kept, broken) == ([date(2024, 2, 29), date(2000, 2, 29), date(1900, 2, 28)], {})


WORDS = (("G", "authorised"), ("O", "unauthorised"), ("L", "late"), ("?", "unknown"))


@SOME
@given(
    st.lists(
        st.sampled_from(["G", "O", "L", "?", "g", "l", "X", "GG", "'", '"', "%", "authorised"]),
        min_size=100,
        max_size=150,
    )
)
def test_words_of_a_list_are_translated_and_others_become_unknown(values):
    field = Field("v", type="choice", vocabulary=WORDS, unknown_value="unknown")
    kept, broken = judged(field, values)
    known = {**dict(WORDS), **{word.lower(): meant for word, meant in WORDS}}
    assert kept == [known.get(value, "unknown") for value in values]
    for n, value in enumerate(values):
        rules = [] if value in dict(WORDS) else ["vocabulary-case" if value in known else "vocabulary"]
        assert broken.get(n, []) == rules


def test_a_word_with_signs_of_sql_is_a_word():
    words = (("it's", "a"), ("x' OR '1'='1", "b"), ("%", "c"), ("--", "d"))
    kept, broken = judged(Field("v", type="choice", vocabulary=words), [word for word, _meant in words])
    assert (kept, broken) == (["a", "b", "c", "d"], {})


@pytest.mark.parametrize(
    ("answer", "required", "kept"),
    [
        ("", False, None),
        ("", True, "refused"),
        ("drop value", True, None),
        ("drop row", False, "refused"),
        ("accept", False, "xx"),
    ],
)
def test_the_four_answers_to_a_wrong_value(answer, required, kept):
    """Accept, drop the value, drop the row (and stop, for what concerns a whole file); a field may say otherwise."""
    field = Field("v", type="choice", vocabulary=(("a", "a"),), required=required, answer=answer)
    found, broken = judged(field, ["a", "xx"])
    assert found == ["a", kept]
    assert broken == {1: ["vocabulary"]}


@pytest.mark.parametrize(("if_missing", "kept"), [("", "refused"), ("drop value", None), ("accept", None)])
def test_the_answers_to_an_empty_value_that_is_required(if_missing, kept):
    found, broken = judged(Field("v", required=True, if_missing=if_missing), ["a", ""])
    assert (found, broken) == (["a", kept], {1: ["required"]})


def test_an_empty_value_breaks_no_other_rule_and_stays_unknown():
    """Missing is not zero (law 11)."""
    for kind in ("text", "date", "number", "integer", "time", "year", "datetime", "choice"):
        field = Field(
            "v",
            type=kind,
            pattern="x+",
            minimum="5" if kind == "integer" else "",
            vocabulary=(("x", "x"),) * (kind == "choice"),
        )
        assert judged(field, ["", ""]) == ([None, None], {})


@pytest.mark.parametrize(
    ("field", "values", "kept"),
    [
        (Field("v", type="integer", minimum="0", maximum="12"), ["0", "12", "-1", "13"], [0, 12, None, None]),
        (
            Field("v", type="number", decimal=",", minimum="0", maximum="24"),
            ["0,5", "24", "24,01", "-0,1"],
            [0.5, 24.0, None, None],
        ),
        (Field("v", type="date", minimum="2000-01-01"), ["1999-12-31", "2000-01-01"], [None, date(2000, 1, 1)]),
        (Field("v", type="date", maximum="2030-12-31"), ["2030-12-31", "2031-01-01"], [date(2030, 12, 31), None]),
        (Field("v", pattern="[0-9]{6}"), ["001234", "1234", "0012345", "00123x"], ["001234", None, None, None]),
    ],
)
def test_what_lies_outside_what_can_be_is_left_out_and_told(field, values, kept):
    found, broken = judged(field, values)
    assert found == kept
    assert set(broken) == {n for n, value in enumerate(kept) if value is None}
    assert {name for names in broken.values() for name in names} == {"pattern" if field.pattern else "bounds"}


def test_a_text_longer_than_agreed_is_told_and_kept_whole():
    kept, broken = judged(Field("v", max_length=5), ["12345", "123456", "é" * 5])
    assert kept == ["12345", "123456", "é" * 5]
    assert broken == {1: ["length"]}


@pytest.mark.parametrize(
    ("text", "good"),
    [("a", True), ("A.b/c@d_e-f", True), ("x" * 255, True), ("x" * 256, False), ("a b", False), ("é", False),
     ("a,b", False), ("a;DROP", False), ("a'b", False), ("a\tb", False)],
)  # fmt: skip
def test_a_key_of_the_standard(text, good):
    kept, broken = judged(Field("v", type="identifier"), [text])
    assert kept == [text]
    assert broken == ({} if good else {0: ["identifier"]})


@pytest.mark.parametrize("kind", ["date", "number", "integer", "time", "year", "datetime", "identifier", "pairs"])
def test_every_kind_has_a_rule_of_its_own_name(kind):
    assert rule(kind).severity == "error"
    assert any(breach.rule == kind for breach in conditions.breaches(Field("v", type=kind), "cell0"))


@pytest.mark.parametrize(
    "kind", ["text", "date", "number", "integer", "time", "year", "datetime", "choice", "identifier"]
)
@pytest.mark.parametrize("required", [True, False])
def test_the_quick_question_agrees_with_the_slow_one(kind, required):
    """Whether anything is wrong with a row is asked first, and cheaply; it may not overlook what is told after."""
    bounds = {"integer": ("3", "9"), "number": ("0", "5"), "date": ("2020-01-01", "")}.get(kind, ("", ""))
    field = Field("v", type=kind, required=required, minimum=bounds[0], maximum=bounds[1], max_length=30,
                  vocabulary=(("a", "a"), ("b", "b")) * (kind == "choice"))  # fmt: skip
    values = [None, "a", "A", "3", "2", "99", "2026-11-23", "1999-01-01", "2026-13-01", "1.5", "-1", "08:30", "x'y",
              "2026", "2026-11-23T08:30:00.000Z", "-", "infinity", "nan", "é", "x" * 31]  # fmt: skip
    slow = " OR ".join(f"coalesce({breach.sql}, false)" for breach in conditions.breaches(field, "c")) or "false"
    quick = conditions.suspect(field, "c") or "false"
    with worker() as con:
        asked = f"SELECT c, coalesce({quick}, false), {slow} FROM (SELECT unnest(?) AS c)"
        found = con.execute(asked, [values]).fetchall()
    assert [value for value, quickly, slowly in found if quickly != slowly] == []
    assert {slowly for _value, _quickly, slowly in found} == {True, False}


@pytest.mark.parametrize("text", ["", "a", "é" * 3, "🤦🏼" * 2, "x" * 256, "x" * 257, "a\nb", "\n", "a\tb", " "])
def test_so_many_signs_of_any_kind_is_judged_by_length_as_the_pattern_would(text: str) -> None:
    for pattern in (".{1,256}", ".{0,3}", ".{2,4}", ".+"):
        breach = next(b for b in conditions.breaches(Field("x", pattern=pattern), "c") if b.rule == "pattern")
        assert "regexp" not in breach.sql
        ours, theirs = duckdb.execute(
            f"SELECT {breach.sql}, c IS NOT NULL AND NOT regexp_full_match(c, ?) FROM (SELECT ? AS c)", [pattern, text]
        ).fetchall()[0]
        assert ours == theirs
