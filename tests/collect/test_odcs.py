"""A contract as ODCS: it fits the published schema, comes back whole, and what is hostile or strange is refused."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schakel.collect.contracts import WRONG, Choice
from schakel.collect.coverage import EACH, Coverage
from schakel.collect.layouts import Drift, Field, File, Layout, Meaning, Reference, Subject
from schakel.collect.odcs import reading, text, writing
from schakel.collect.odcs.agreed import Contract, differences, explicit, in_effect
from schakel.collect.rules import rules
from schakel.connectors.edexml_layout import LVS, Edition
from schakel.connectors.edexml_layout import layout as edexml
from schakel.connectors.mapped_layout import mappings
from schakel.connectors.oneroster_layout import layout as oneroster
from schakel.lib.errors import Unreadable

OURS = [oneroster("1.1"), edexml(Edition("2.1")), edexml(Edition("2.3", LVS)), *(m.layout for m in mappings())]
SMALL = next(m.layout for m in mappings() if m.layout.name == "verzuim")

name = st.from_regex(r"[A-Za-z_][A-Za-z0-9_-]{0,11}", fullmatch=True)
words = st.text(st.characters(blacklist_categories=["Cs", "Cc", "Co", "Cn"]), max_size=20)
TYPES = ["text", "identifier", "choice", "choices", "date", "datetime", "time", "number", "integer", "year", "pairs"]
bound = st.sampled_from(["", "0", "12", "-3", "0.5", "1e9", "2000-01-01", "007", "veel", "nan", "inf"])
fields_ = st.builds(
    Field,
    name=name,
    header=words,
    type=st.sampled_from(TYPES),
    required=st.booleans(),
    delta_only=st.booleans(),
    vocabulary=st.lists(st.tuples(words, words), max_size=3, unique_by=lambda pair: pair[0]).map(tuple),
    extensible=st.booleans(),
    ref=st.none() | st.builds(Reference, file=name, kind=words),
    pattern=words,
    minimum=bound,
    maximum=bound,
    max_length=st.integers(0, 5000),
    unknown_value=words,
    date_format=st.sampled_from(["%Y-%m-%d", "%d-%m-%Y", "%d-%m-%Y|%Y-%m-%d"]),
    decimal=st.sampled_from([".", ","]),
    unit=st.sampled_from(["", "hours", "money", "percentage"]),
    secret=st.booleans(),
    forbidden=st.sampled_from(["", "field-forbidden"]),
    tolerated=st.booleans(),
    answer=st.sampled_from(["", "accept", "drop value", "drop row", "stop"]),
    if_missing=st.sampled_from(["", "accept", "drop row", "stop"]),
    constant=words,
    from_name=words,
    leave_out=st.lists(words, max_size=2).map(tuple),
    also=st.lists(words, max_size=2).map(tuple),
)


@st.composite
def files(draw: st.DrawFn) -> File:
    columns = draw(st.lists(fields_, min_size=1, max_size=4, unique_by=lambda f: f.name))
    key = draw(st.permutations([f.name for f in columns]))[: draw(st.integers(0, len(columns)))]
    day = st.sampled_from([f.name for f in columns])
    covers = draw(st.none() | st.builds(Coverage, day, st.sampled_from(EACH), st.integers(1, 9)))
    return File(
        draw(name),
        tuple(columns),
        tuple(key),
        draw(st.booleans()),
        covers,
        draw(st.booleans()),
        draw(st.lists(words, max_size=2).map(tuple)),
    )


@st.composite
def contracts(draw: st.DrawFn) -> Contract:
    made = {file.name: file for file in draw(st.lists(files(), min_size=1, max_size=3))}
    places = [(file.name, f.name) for file in made.values() for f in file.fields]
    part = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True)
    meanings = draw(
        st.lists(
            st.builds(
                Meaning,
                rule=st.sampled_from(sorted(rules())),
                file=st.sampled_from(sorted(made)),
                column=words,
                sql=words,
                uses=st.lists(st.tuples(part, words), max_size=2).map(tuple),
                expected=words,
                answer=st.sampled_from(["accept", "drop row"]),
                elsewhere=st.lists(st.tuples(part, part, part), max_size=2).map(tuple),
                form=words,
            ),
            max_size=2,
        )
    )
    drifts = draw(
        st.lists(
            st.builds(Drift, file=st.sampled_from(sorted(made)), nl=words, en=words, fewer=st.integers(1, 99),
                      count=words, where=st.lists(st.tuples(words, words), max_size=2).map(tuple),
                      least=st.integers(0, 99), answer=st.sampled_from(["", "accept", "stop"])),
            max_size=2,
        )
    )  # fmt: skip
    way = st.lists(st.tuples(words, words), min_size=1, max_size=2).map(tuple)
    subject = st.builds(Subject, file=st.sampled_from(sorted(made)),
                        ways=st.lists(way, min_size=1, max_size=2).map(tuple),
                        answer=st.sampled_from(["", "accept", "stop"]))  # fmt: skip
    subjects = draw(st.lists(subject, max_size=2, unique_by=lambda each: each.file))
    shape = Layout(draw(name), draw(name), made, tuple(meanings), draw(st.booleans()), draw(words), tuple(drifts),
                   tuple(subjects))  # fmt: skip
    free = [place for place in places if not _barred(made[place[0]].field(place[1]))]
    return Contract(
        source=draw(name),
        name=draw(words),
        layout=explicit(shape),
        system=draw(words),
        hours=draw(st.integers(1, 9999)),
        rhythm=draw(words),
        owner=draw(words),
        repairs=draw(words),
        read=frozenset(draw(st.lists(st.sampled_from(places), max_size=3))),
        classes={p: "personal" for p in draw(st.lists(st.sampled_from(free), max_size=3)) if free} if free else {},
    )


def _barred(field: Field) -> bool:
    from schakel.collect.contracts import barred

    return barred(field)


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(contracts())
def test_a_round_trip_loses_nothing_that_the_contract_holds(contract: Contract) -> None:
    document = writing.document(contract)
    assert text.read(text.written(document).encode()) == document  # fits the schema, and YAML keeps every text
    back = reading.contract(document)
    assert back == contract
    assert differences(contract, back) == []


@pytest.mark.parametrize("shape", OURS, ids=[f"{x.name}-{x.version}" for x in OURS])
def test_every_layout_of_our_own_goes_out_and_comes_back(shape: Layout) -> None:
    contract = Contract("bron", "Bron", explicit(shape), "Pakket", 26, "elke nacht", "functional_admin", "school_admin")
    document = writing.document(contract)
    assert text.faults(document) == []
    assert reading.contract(document) == contract


def test_a_document_names_rules_and_answers_in_the_words_of_the_standard() -> None:
    shape = in_effect(SMALL, [Choice("absence", "kind", WRONG, "stop")])
    document = writing.document(Contract("verzuim", "Verzuim", shape, hours=30, read=frozenset({("absence", "kind")})))
    (table,) = document["schema"]
    kind = next(p for p in table["properties"] if p["name"] == "kind")
    assert (kind["physicalName"], kind["logicalType"], kind["required"]) == ("Soort", "string", True)
    assert kind["enum"][0] == {"value": "G", "label": "authorised"}
    answers = {q["id"]: q["customProperties"][0]["value"] for q in kind["quality"]}
    assert answers == {"missing": "drop row", "wrong": "stop"}
    assert {q["name"] for q in table["quality"]} == {
        "filled-together",
        "not-before",
        "not-more-than",
        "other-source",
        "period-order",
        "same-school-year",
    }
    assert document["slaProperties"][0] == {"property": "latency", "value": 30, "unit": "h"}


def test_a_column_that_the_law_keeps_out_says_never_and_has_no_answer() -> None:
    users = next(o for o in _document(oneroster("1.1"))["schema"] if o["name"] == "users")
    password = next(p for p in users["properties"] if p["name"] == "password")
    assert password["classification"] == "never"
    assert "quality" not in password


def _document(shape: Layout = SMALL) -> dict[str, Any]:
    return writing.document(Contract("bron", "Bron", explicit(shape)))


def _covers(document: dict[str, Any], **told: Any) -> None:
    """Say of the one table of which periods its files tell."""
    table = document["schema"][0]
    table["customProperties"] = [*table.get("customProperties", []), {"property": "covers", "value": told}]


# what is refused, with its place

STRANGE: dict[str, Any] = {
    "a property we do not have": lambda d: d["schema"][0]["properties"][0].update(partitioned=True),
    "a rule of another engine": lambda d: (
        d["schema"][0]
        .setdefault("quality", [])
        .append({"name": "x", "type": "custom", "engine": "soda", "implementation": "checks for absence"})
    ),
    "an answer that is none": lambda d: d["schema"][0]["properties"][0]["quality"][0]["customProperties"][0].update(
        value="forget"
    ),
    "a rule that does not exist": lambda d: d["schema"][0]["quality"][0].update(name="no-such-rule"),
    "no layout": lambda d: d["customProperties"].clear(),
    "a table twice": lambda d: d["schema"].append(d["schema"][0]),
    "a column twice": lambda d: d["schema"][0]["properties"].append(d["schema"][0]["properties"][0]),
    "periods of a column that is not there": lambda d: _covers(d, column="nergens", each="week", years=3),
    "periods of no such length": lambda d: _covers(d, column="date", each="quarter", years=3),
    "periods that are kept for no year": lambda d: _covers(d, column="date", each="week", years=0),
    "periods without a length": lambda d: _covers(d, column="date", years=3),
    "a price": lambda d: d.update(price={"priceAmount": 1, "priceCurrency": "EUR", "priceUnit": "GB"}),
    "a classification of what the law keeps out": lambda d: d.update(description={"usage": "alles"}),
}


@pytest.mark.parametrize("what", STRANGE)
def test_what_a_contract_of_ours_cannot_hold_is_refused(what: str) -> None:
    document = _document()
    STRANGE[what](document)
    with pytest.raises(Unreadable) as refused:
        reading.contract(document)
    assert refused.value.code == "contract"
    assert refused.value.hint


@pytest.mark.parametrize(
    ("change", "where"),
    [({"kind": "Anders"}, "kind"), ({"apiVersion": "v9"}, "apiVersion"), ({"schema": "geen lijst"}, "schema")],
)
def test_what_does_not_fit_the_schema_is_refused_with_its_place(change: dict[str, Any], where: str) -> None:
    with pytest.raises(Unreadable) as refused:
        text.read(text.written(_document() | change).encode(), "contract.yaml")
    assert refused.value.code == "schema"
    assert where in str(refused.value)


BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"
HOSTILE = {
    "an alias bomb": (BOMB.encode(), "alias"),
    "an anchor": (b"kind: &k DataContract\n", "alias"),
    "an object of Python": (b"!!python/object/apply:os.system ['true']\n", "yaml"),
    "a tag": (b"kind: !!binary aGFsbG8=\nversion: !evil 1\n", "yaml"),
    "a key twice": (b"kind: DataContract\nkind: DataContract\n", "yaml"),
    "too deep": (b"[" * 50 + b"]" * 50, "size"),
    "too large": (b"# " + b"x" * text.MOST_BYTES, "size"),
    "not UTF-8": (b"name: \xff\xfe\x00", "encoding"),
    "no YAML": (b"a: [1, 2\nb: }", "yaml"),
    "a list": (b"- a\n- b\n", "contract"),
    "nothing": (b"", "contract"),
    "a NUL": (b"a: \x00", "yaml"),
    "two documents": (b"a: 1\n---\nb: 2\n", "yaml"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_is_refused_with_a_sentence(what: str) -> None:
    content, code = HOSTILE[what]
    with pytest.raises(Unreadable) as refused:
        text.read(content, "contract.yaml")
    assert refused.value.code == code
    assert "contract.yaml" in str(refused.value)


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_whatever_is_sent_is_read_or_refused(content: bytes) -> None:
    try:
        reading.contract(text.read(content))
    except Unreadable:
        return


def test_a_day_and_a_yes_stay_what_is_written() -> None:
    assert text.read(text.written(_document() | {"tags": ["2026-01-01", "yes"]}).encode())["tags"] == [
        "2026-01-01",
        "yes",
    ]


def test_a_check_waits_for_none_of_this() -> None:
    code = "import sys, schakel.cli.check; print([m for m in sys.modules if m in ('jsonschema', 'yaml', 'django')])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_the_schema_is_the_published_one_and_its_licence_lies_beside_it() -> None:
    folder = text.SCHEMA.parent
    assert "Apache License" in (folder / "LICENSE-Apache-2.0.txt").read_text(encoding="utf-8")
    assert text.SCHEMA.name in (folder / "README.md").read_text(encoding="utf-8")
    assert Path(text.SCHEMA).stat().st_size > 100_000
