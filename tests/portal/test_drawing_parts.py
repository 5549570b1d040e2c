"""Drawing parts and cells: each with its own template, every text escaped, states as shape and word."""

import dataclasses
from html import unescape
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.template import Context, Engine, engines
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from schakel.portal import figures, parts, tables, urls
from schakel.portal.figures import Figure
from schakel.portal.parts import Action, DiffRow, Link, Part, Status, Todo, TodoList
from schakel.portal.tables import Cell
from schakel.portal.templatetags.schakel import breakable
from tests.portal.conftest import Seen
from tests.portal.supplies import HOSTILE

FOLDER = Path(parts.__file__).parents[1] / "templates" / "schakel" / "parts"


def engine() -> Engine:
    return engines["django"].engine  # type: ignore[no-any-return,attr-defined]


def drawn(it: Any, tag: str = "part") -> str:
    template = engine().from_string(f"{{% load schakel %}}{{% {tag} it %}}")
    return template.render(Context({"it": it, "csrf_token": "TOKEN", "path": "/hier"}))


def every_part() -> list[type[Part]]:
    assert urls.urlpatterns  # that module brings in every page, and so every part
    found, todo = [], [Part]
    while todo:
        kind = todo.pop()
        todo += kind.__subclasses__()
        found += [kind] if kind.template and kind.__module__.startswith("schakel.") else []
    return found


@pytest.mark.parametrize("kind", every_part(), ids=lambda kind: kind.__name__)
def test_every_part_has_its_template(kind: type[Part]) -> None:
    assert (FOLDER / f"{kind.template}.html").exists()


def test_no_template_of_a_part_is_left_over() -> None:
    used = {kind.template for kind in every_part()} | {"cell"}
    pages = "".join(path.read_text() for path in FOLDER.parents[1].rglob("*.html"))
    for path in FOLDER.glob("*.html"):
        assert path.stem in used or f"schakel/parts/{path.name}" in pages, path.name


def test_nothing_is_drawn_as_nothing() -> None:
    assert drawn(None) == ""
    assert drawn("") == ""


@pytest.mark.parametrize(
    "it",
    [
        Status(HOSTILE, "bad"),
        Action(HOSTILE, "/x", main=True),
        Action(HOSTILE, "/x", post=True, fields={"a": HOSTILE}),
        parts.Head(HOSTILE, HOSTILE, [(HOSTILE, True), (HOSTILE, False)], HOSTILE, Status(HOSTILE),
                   [Link(HOSTILE, "/x")], [parts.Fact("clock", HOSTILE)]),
        TodoList([Todo("bad", HOSTILE, HOSTILE, HOSTILE, Action(HOSTILE, "/x"))], HOSTILE),
        TodoList([], HOSTILE, HOSTILE),
        parts.Tiles([parts.Tile(HOSTILE, HOSTILE, HOSTILE, "/x")]),
        parts.Doors([parts.Door(HOSTILE, HOSTILE, "/x", Status(HOSTILE)), parts.Door(HOSTILE, HOSTILE)]),
        parts.Near([parts.Item(HOSTILE, HOSTILE, Link(HOSTILE, "/x"))]),
        parts.Why(HOSTILE, [parts.Item(HOSTILE, HOSTILE, Link(HOSTILE, "/x"))]),
        parts.Chain([parts.Station(HOSTILE, HOSTILE, place, "/x") for place in ("done", "here", "gap")], label=HOSTILE),
        parts.Events([parts.Event(HOSTILE, HOSTILE, HOSTILE, Status(HOSTILE))]),
        parts.Events([parts.Event(HOSTILE, HOSTILE, HOSTILE, Status(HOSTILE))], narrow=True),
        parts.Life([parts.Step(HOSTILE, "here", HOSTILE)]),
        parts.Checks([parts.Check("ok", HOSTILE, HOSTILE)]),
        parts.Diff(HOSTILE, HOSTILE, [DiffRow(HOSTILE, HOSTILE, HOSTILE, [HOSTILE], [HOSTILE], True)]),
        parts.Diff(HOSTILE, HOSTILE, [DiffRow(HOSTILE, after=HOSTILE)], first=True),
        parts.Gaps([parts.Gap(HOSTILE, "bad", HOSTILE, HOSTILE, HOSTILE, Link(HOSTILE, "/x"))]),
        parts.Note(HOSTILE, "bad", HOSTILE, Link(HOSTILE, "/x")),
        parts.Toast(HOSTILE, Link(HOSTILE, "/x")),
        parts.Empty(HOSTILE, HOSTILE, Action(HOSTILE, "/x")),
        parts.Progress(HOSTILE, 1, 3, HOSTILE, [parts.Check("ok", HOSTILE)]),
        tables.shown(tables.Table(HOSTILE, [tables.Column("a", HOSTILE), tables.Column("b", HOSTILE, sorts=False)],
                                  [tables.Row({"a": tables.words(HOSTILE, note=HOSTILE)})], search=HOSTILE,
                                  filters=[tables.Filter("f", HOSTILE, [("", HOSTILE), (HOSTILE, HOSTILE)])],
                                  exports=[Link(HOSTILE, "/x")]), {"t-zoek": HOSTILE[:3], "t-f": HOSTILE}),
    ],
    ids=lambda it: type(it).__name__,
)  # fmt: skip
def test_no_word_of_anyone_becomes_a_tag(it: Part) -> None:
    html = drawn(it)
    assert "<b>&\"'" not in html
    assert "&lt;b&gt;&amp;&quot;&#x27;{{ x }}" in html
    assert not Seen(html).all("script")


# Cells


CELLS = {
    "figure": [None, Figure(HOSTILE), figures.unknown(), figures.hidden(), figures.not_applicable()],
    "note": ["", HOSTILE],
    "href": ["", "/x"],
    "state": [None, Status(HOSTILE, "warn")],
    "action": [None, Action(HOSTILE, "/x")],
    "strong": [False, True],
}


def test_every_kind_of_cell_is_escaped_and_keeps_its_words() -> None:
    for values in product(*CELLS.values()):
        cell = Cell(**dict(zip(CELLS, values, strict=True)))
        html = drawn(cell, "cell")
        assert "<b>&\"'" not in html, cell
        if cell.figure is not None and cell.figure.known in ("unknown", "hidden"):
            assert cell.figure.text.replace("<", "&lt;") in html, cell
            assert ("hide5" if cell.figure.known == "hidden" else "unk") in html, cell


@settings(max_examples=50)
@given(st.text(max_size=12), st.sampled_from(["known", "unknown", "none", "hidden"]))
def test_the_short_way_of_drawing_a_cell_gives_the_same_as_its_template(text: str, known: str) -> None:
    """Most cells are only words and skip the template: what they say may not differ from it."""
    cell = Cell(Figure(text, known))  # type: ignore[arg-type]
    assert cell.only_words
    whole = engine().get_template("schakel/parts/cell.html").render(Context({"cell": cell}))
    assert drawn(cell, "cell").strip() == whole.strip()


def test_an_unknown_cell_a_hidden_one_and_a_zero_look_different() -> None:
    shown = {drawn(Cell(figure), "cell") for figure in (figures.unknown(), figures.hidden(), figures.figure(0))}
    assert len(shown) == 3
    assert '<span class="hide5">&lt; 5</span>' in shown


# Small things of parts


@pytest.mark.parametrize("tone", ["ok", "warn", "bad", "now", "info", "unk", "no"])
def test_a_state_is_a_shape_and_a_word(tone: str) -> None:
    html = drawn(Status("Stand", tone))  # type: ignore[arg-type]
    assert f"#i-{tone}" in html
    assert "Stand" in html
    assert Status("x", tone, "clock").icon == "clock"  # type: ignore[arg-type]


def test_the_shapes_of_all_tones_stand_in_the_sprite() -> None:
    sprite = (FOLDER.parents[2] / "static" / "schakel" / "icons.svg").read_text()
    for tone in ("ok", "warn", "bad", "now", "info", "unk", "no", "clock", "way", "lock", "shield", "save", "eyeoff"):
        assert f'id="i-{tone}"' in sprite, tone


def test_a_list_of_things_to_do_stops_at_seven() -> None:
    items = [Todo("now", f"ding {n}", "") for n in range(10)]
    html = drawn(TodoList(items))
    assert [f"ding {n}" in html for n in range(10)] == [True] * 7 + [False] * 3


def test_a_button_that_changes_something_is_a_form_with_a_token() -> None:
    page = Seen(drawn(Action("Doe", "/x", post=True, fields={"a": "1"})))
    assert page.all("form")[0]["method"] == "post"
    assert {(f["name"], f["value"]) for f in page.all("input")} == {("csrfmiddlewaretoken", "TOKEN"), ("a", "1")}
    assert not page.all("a")
    assert not Seen(drawn(Action("Kijk", "/x"))).all("form")
    assert Seen(drawn(Action("Kan niet", "/x", disabled=True))).all("button")[0].get("disabled") is None
    assert "/x" not in drawn(Action("Kan niet", "/x", disabled=True))


@pytest.mark.parametrize(
    ("row", "same"),
    [
        (DiffRow("a", "x", "x"), True),
        (DiffRow("a", gone=["x"]), False),
        (DiffRow("a", new=["x"]), False),
        (DiffRow("a"), True),
    ],
)
def test_a_row_in_which_nothing_changed_says_so(row: DiffRow, same: bool) -> None:
    assert row.same is same
    assert ("ongewijzigd" in drawn(parts.Diff("1", "2", [row]))) is same


def test_parts_cannot_be_changed_after_they_were_made() -> None:
    for kind in every_part():
        assert dataclasses.fields(kind) is not None
        assert kind.__dataclass_params__.frozen, kind  # type: ignore[attr-defined]


def test_the_sheet_of_parts_shows_every_part(db: None) -> None:
    """What is not on the sheet is looked at by nobody."""
    html = Client().get("/onderdelen").content.decode()
    classes = {name for _tag, attrs in Seen(html).tags for name in (attrs.get("class") or "").split()}
    for name in (
        "todo",
        "tiles",
        "door",
        "near",
        "st",
        "chain",
        "life",
        "events",
        "diff",
        "gaps",
        "note",
        "empty",
        "why",
        "stack",
        "steps2",
    ):
        assert name in classes, name
    assert Client().get("/onderdelen", {"t-sorteer": "-n", "t-zoek": "x"}).status_code == 200


NAME = "20250926+gemiddelde_per_school_2223_2324_2425.ods"


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("", ""),
        ("leerling_nummer", "leerling_nummer"),
        ("het werkblad van gisteren, dat nieuw is", "het werkblad van gisteren, dat nieuw is"),
        (NAME, "20250926+<wbr>gemiddelde_<wbr>per_<wbr>school_<wbr>2223_<wbr>2324_<wbr>2425.<wbr>ods"),
        (f"<b>_{'x' * 30}", f"&lt;b&gt;_<wbr>{'x' * 30}"),
        ("'_" + "y" * 30, "&#x27;_<wbr>" + "y" * 30),
    ],
)
def test_a_very_long_word_may_go_on_below_and_nothing_else_changes(text: str, drawn: str) -> None:
    assert breakable(text) == drawn
    assert unescape(str(breakable(text)).replace("<wbr>", "")) == text
