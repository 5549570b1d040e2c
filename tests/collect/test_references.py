"""What refers to nothing, or to what was refused: held against a small model, and by hand where it is told."""

import csv
import io
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schakel.collect.checks import check
from schakel.collect.landing import Landed, land
from schakel.collect.layouts import Field, File, Layout, Reference
from schakel.collect.reports import quarantine_files, quarantined
from tests.collect.small_layout import KEY, layout, packages, rows

SOME = settings(max_examples=20, suppress_health_check=list(HealthCheck))
KEYS = ["a", "b", "c"]
PARENTS = File("parents", (KEY, Field("name", required=True), Field("type")), ("id",))
KIDS = File(
    "kids",
    (
        KEY,
        Field("parent", type="reference", required=True, ref=Reference("parents")),
        Field("second", type="reference", ref=Reference("parents")),
        Field("several", type="references", ref=Reference("parents")),
        Field("friend", type="reference", ref=Reference("kids")),
    ),
    ("id",),
)
FAMILY = layout(PARENTS, KIDS)
NEEDED = {file.name: frozenset(file.names) for file in FAMILY.files.values()}
Row = dict[str, str]


def text(file: File, found: list[Row]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, file.names, lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(found)
    return out.getvalue()


def taken(folder: Path, parents: list[Row], kids: list[Row], shape: Layout = FAMILY, needed: Any = None) -> Landed:
    delivery = folder / "delivery"
    delivery.mkdir(exist_ok=True)
    files = {"parents": text(shape.files["parents"], parents), "kids": text(shape.files["kids"], kids)}
    return land(packages(delivery, shape, files), "klein", NEEDED if needed is None else needed, folder / "data")


class Model:
    """The same decisions, in the order in which people would make them: row by row, parents first."""

    def __init__(self, parents: list[Row], kids: list[Row]) -> None:
        self.delivered = {row["id"] for row in parents}
        good = [bool(row["name"]) for row in parents]
        self.parents = self._first(parents, good)
        standing = {row["id"] for row, stays in zip(parents, self.parents, strict=True) if stays}
        self.gone = self.delivered - standing
        good = [row["parent"] in standing for row in kids]
        self.kids = self._first(kids, good)
        alive = {row["id"] for row, stays in zip(kids, self.kids, strict=True) if stays}
        self.values = [self._values(row, standing, alive) for row, stays in zip(kids, self.kids, strict=True) if stays]

    @staticmethod
    def _first(found: list[Row], good: list[bool]) -> list[bool]:
        """Of each key the first row that is good otherwise."""
        seen: set[str] = set()
        kept = []
        for row, fine in zip(found, good, strict=True):
            kept.append(fine and row["id"] not in seen)
            seen |= {row["id"]} if fine else set()
        return kept

    def _values(self, row: Row, standing: set[str], alive: set[str]) -> tuple[str | None, ...]:
        several = [item for item in row["several"].split(",") if item.strip() in self.delivered]
        return (
            row["id"],
            row["parent"],
            row["second"] if row["second"] in standing else None,
            ",".join(several) or None,
            row["friend"] if row["friend"] in alive else None,
        )


some_key = st.sampled_from(KEYS)
parent_rows = st.lists(st.fixed_dictionaries({"id": some_key, "name": st.sampled_from(["x", "x", ""])}), max_size=5)
kid_rows = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.sampled_from(["k1", "k2", "k3", "k4"]),
            "parent": st.sampled_from([*KEYS, "z", ""]),
            "second": st.sampled_from([*KEYS, "z", ""]),
            "several": st.lists(st.sampled_from([*KEYS, "z"]), max_size=3).map(",".join),
            "friend": st.sampled_from(["k1", "k2", "k9", ""]),
        }
    ),
    min_size=1,
    max_size=6,
)


@SOME
@given(parent_rows.filter(bool), kid_rows)
def test_any_family_gives_what_the_model_gives(parents, kids):
    model = Model(parents, kids)
    with tempfile.TemporaryDirectory() as folder:
        landed = taken(Path(folder), parents, kids)
        found = rows(landed, "id, parent, second, several, friend", "kids")
        assert sorted(found, key=str) == sorted(model.values, key=str)
        assert landed.rows == {"parents": sum(model.parents), "kids": sum(model.kids)}
        assert landed.quarantined == {"parents": model.parents.count(False), "kids": model.kids.count(False)}
        assert landed.report.rows == {"parents.csv": len(parents), "kids.csv": len(kids)}


GOOD_PARENTS = [{"id": "a", "name": "x"}, {"id": "b", "name": "x", "type": "school"}]


def kid(**cells: str) -> Row:
    return {"id": "k1", "parent": "a", **cells}


@pytest.mark.parametrize(
    ("cells", "told", "kept"),
    [
        ({}, [], 1),
        ({"parent": "z"}, [("kids.csv", 2, "parent", "reference", "drop row")], 0),
        ({"parent": ""}, [("kids.csv", 2, "parent", "required", "drop row")], 0),
        ({"second": "z"}, [("kids.csv", 2, "second", "reference", "drop value")], 1),
        ({"several": "a, z ,b"}, [("kids.csv", 2, "several", "reference", "drop value")], 1),
        ({"friend": "k1"}, [], 1),
        ({"friend": "k2"}, [("kids.csv", 2, "friend", "reference", "drop value")], 1),
    ],
)
def test_what_refers_to_nothing_is_told_with_what_was_done(tmp_path, cells, told, kept):
    landed = taken(tmp_path, GOOD_PARENTS, [kid(**cells)])
    assert [(f.file, f.row, f.column, f.rule, f.action) for f in landed.report.findings] == told
    assert landed.rows["kids"] == kept


def test_of_a_list_only_what_refers_to_nothing_goes(tmp_path):
    landed = taken(
        tmp_path, GOOD_PARENTS, [kid(several="a, z ,b"), kid(id="k2", several="z"), kid(id="k3", several="b")]
    )
    assert rows(landed, "several", "kids") == [("a,b",), (None,), ("b",)]


def test_a_refused_parent_takes_what_needs_it_along_and_says_so(tmp_path):
    landed = taken(
        tmp_path, [{"id": "a", "name": ""}, {"id": "b", "name": "x"}], [kid(), kid(id="k2", parent="b", second="a")]
    )
    told = {(f.file, f.row, f.column, f.rule, f.severity, f.action) for f in landed.report.findings}
    assert told == {
        ("parents.csv", 2, "name", "required", "error", "drop row"),
        ("kids.csv", 2, "parent", "reference-dropped", "info", "drop row"),
        ("kids.csv", 3, "second", "reference-dropped", "info", "drop value"),
    }
    assert rows(landed, "id, second", "kids") == [("k2", None)]


def test_a_duplicate_that_is_good_stands_in_for_a_first_row_that_lost_its_parent(tmp_path):
    parents = [{"id": "a", "name": ""}, {"id": "b", "name": "x"}]
    landed = taken(tmp_path, parents, [kid(parent="a"), kid(parent="b")])
    assert rows(landed, "id, parent", "kids") == [("k1", "b")]


def test_a_kind_that_is_asked_for_and_another_that_is_found(tmp_path):
    """It exists and is of another kind: told, and kept."""
    shape = layout(
        PARENTS, File("kids", (KEY, Field("parent", type="reference", ref=Reference("parents", "school"))), ("id",))
    )
    needed = {"kids": frozenset({"id", "parent"})}
    landed = taken(tmp_path, GOOD_PARENTS, [kid(), kid(id="k2", parent="b"), kid(id="k3", parent="z")], shape, needed)
    assert [(f.row, f.rule, f.action) for f in landed.report.findings if f.file == "kids.csv"] == [
        (2, "reference-type", "accept"),
        (4, "reference", "drop value"),
    ]
    assert rows(landed, "parent", "kids") == [("a",), ("b",), (None,)]


def test_where_the_other_file_is_not_delivered_only_the_form_is_judged(tmp_path):
    found = packages(tmp_path, FAMILY, {"kids": text(KIDS, [kid(), kid(id="k2", parent="a b", several="a, b;c")])})
    told = [(f.file, f.row, f.column, f.rule) for f in check(found).findings]
    assert told == [
        ("kids.csv", 3, "parent", "identifier"),
        ("kids.csv", 3, "several", "identifier"),
        ("parents.csv", 0, "", "file-missing"),
    ]


def test_a_file_that_nothing_refers_to_may_be_absent(tmp_path):
    assert check(packages(tmp_path, FAMILY, {"parents": text(PARENTS, GOOD_PARENTS)})).findings == []


def test_files_that_refer_to_each_other_are_read_all_the_same(tmp_path):
    one = File("one", (KEY, Field("to", type="reference", ref=Reference("two"))), ("id",))
    two = File("two", (KEY, Field("to", type="reference", ref=Reference("one"))), ("id",))
    found = packages(tmp_path, layout(one, two), {"one": "id,to\nx,y\n", "two": "id,to\ny,x\n"})
    assert check(found).rows == {"one.csv": 1, "two.csv": 1}


def test_refused_rows_stand_in_quarantine_by_line_with_every_reason(tmp_path):
    kids = [kid(), kid(id="k2", parent="z", second="q"), kid(id="k3", parent=""), kid(id="k1")]
    landed = taken(tmp_path, GOOD_PARENTS, kids)
    assert landed.quarantine is not None
    found = quarantined(landed.quarantine, "kids")
    told = [dict(zip(found.columns, row, strict=True)) for row in found.rows]
    assert [(each["_row"], each["_rule"], each["_column"]) for each in told] == [
        (3, "reference", "parent"),
        (4, "required", "parent"),
        (5, "duplicate-key", "id"),
    ]
    assert [each["_reason"] for each in told] == [
        "Waar parent naar verwijst, staat niet in parents.",
        "De kolom parent moet gevuld zijn.",
        "De sleutel id staat al op een eerdere regel; de eerste telt.",
    ]
    assert landed.quarantined == {"parents": 0, "kids": 3}


def test_quarantine_shows_no_value_whole_and_comes_in_pages(tmp_path):
    """What was wrong is masked; the line is what one needs to repair it at the source."""
    kids = [kid(id=f"geheim{n}", parent="weggevallen") for n in range(25)]
    landed = taken(tmp_path, GOOD_PARENTS, kids)
    pages = [quarantined(landed.quarantine, "kids", limit=10, offset=at) for at in (0, 10, 20, 30)]
    assert [len(page.rows) for page in pages] == [10, 10, 5, 0]
    assert {page.total for page in pages} == {25}
    line = pages[0].columns.index("_row")
    assert [row[line] for page in pages for row in page.rows] == list(range(2, 27))
    shown = str([page.rows for page in pages])
    assert "geheim" not in shown and "weggevallen" not in shown
    assert "g***** (" in shown
    assert quarantine_files(landed.quarantine) == {"kids": 25}


def test_quarantine_holds_only_what_a_need_names(tmp_path):
    needed = {"kids": frozenset({"id"})}
    landed = taken(tmp_path, GOOD_PARENTS, [kid(parent="Geheimzinnig")], needed=needed)
    assert landed.quarantined == {"kids": 1}
    assert quarantined(landed.quarantine, "kids").columns == (
        "id", "_row", "_rule", "_column", "_reason", "_mark", "_package",
    )  # fmt: skip
    stored = b"".join(path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file())
    assert b"Geheimzinnig" not in stored
