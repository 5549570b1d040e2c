"""The declaration of a source that is asked itself, as the page makes it: its columns and its rules."""

from schakel.connectors import declaring
from schakel.connectors.declared import asked
from schakel.connectors.mapped_layout import declared
from schakel.connectors.targets import target
from tests.connectors.declarations import VERZUIM


def test_columns_that_nobody_needs_are_not_asked_for():
    (relation,) = asked(VERZUIM, {"absence": frozenset({"kind"})})
    assert relation.headers == ("soort",)


def test_a_source_that_is_asked_is_held_against_the_rules_of_a_mapped_file():
    """Also against how many hours there are in a day, where its rows last several."""
    known = target("verzuim-absence")
    columns = {"pupil_number": "nummer", "site_identifier": "vestiging", "date": "datum", "until": "tot",
               "kind": "soort", "clock_hours": "uren"}  # fmt: skip
    told = declaring.declaration(known, {"table": "verzuim"}, columns, {}, "Verzuim", "v_*.csv", "%Y-%m-%d")
    (relation,) = told["relations"].values()
    rules = {each["rule"]: each for each in relation["rules"]}
    assert {"other-source", "not-before", "most-a-day"} <= set(rules)
    assert rules["most-a-day"]["column"] == "clock_hours" and "max" not in relation["columns"]["clock_hours"]
    assert declared(told).layout.meanings
