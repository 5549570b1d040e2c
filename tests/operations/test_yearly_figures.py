"""Yearly figures from file to school leader: what a need names comes in, of our own schools, and unknown stays unknown.

The nationwide file is made up: a file of the Inspectorate was not at hand. It is mapped as on the screen.
"""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from schakel.access.people import Person
from schakel.access.register import add_person, put
from schakel.chain import advice, deciding
from schakel.chain.needs import InformationNeed
from schakel.chain.systems import System
from schakel.collect import source_mappings
from schakel.collect.runs import Run
from schakel.collect.sources import Source
from schakel.connectors import own_mappings, proposals
from schakel.connectors.column_kinds import columns
from schakel.connectors.dropped_files import look
from schakel.distribute.deliveries import Delivered, deliver
from schakel.engine import duck
from schakel.kits.loading import load
from schakel.kits.stock import bring_in
from schakel.lib import clock
from schakel.lib.errors import SchakelError
from schakel.operations import flow
from schakel.portal.pages import board, goals
from schakel.process import snapshots
from tests.connectors.exam_files import all_marks, nationwide
from tests.desk import key_in, register_of_this_module
from tests.operations.yearly_files import COUNTRY, EXAM_MARKS, EXAMS, RESULTS, levels, package

pytestmark = pytest.mark.django_db

MAY = datetime(2027, 5, 10, 9, 0, tzinfo=clock.AMSTERDAM)
VO_NEEDS = ("vo_results_model", "exam_outcomes", "exam_marks")


def mapped(path: Path) -> dict[str, Any]:
    """The mapping of the nationwide file as the screen proposes it, with the school year that a person fills in."""
    dropped = look(path, path.name)
    seen = columns(dropped)
    target = proposals.best_target(seen, path.name)
    assert target.key == "vestigingscijfers-site_year"
    proposed = proposals.propose(target, seen)
    choices = proposals.Choices(proposed.columns, {"school_year": "2026-2027"}, proposed.values)
    assert own_mappings.mistakes(target, dropped.form, seen, choices) == {}
    return own_mappings.declaration(target, dropped.form, seen, choices, "Jaarbestand", "landelijk_*.csv", 1)


def approve(people: dict[str, Person], key: str) -> None:
    """Through the same four eyes as any need."""
    need = InformationNeed.objects.whole().get(key=key)
    deciding.assess(people["information_manager"], need)
    need = InformationNeed.objects.whole().get(key=key)
    if advice.due(need):
        deciding.advise(people["privacy_officer"], need, positive=True, text="Alleen tellingen per school.")
    deciding.approve(people["board_member"], need, need.fingerprint())
    deciding.go_live(people["ict_manager"], need)


def by_hand(ict: Person, system: System) -> None:
    """The nationwide file, mapped on the screen."""
    (flow.inbox() / "landelijk_2027.csv").write_text(COUNTRY, encoding="cp1252")
    source_mappings.begin(ict, "jaarbestand", "Jaarbestand", system, mapped(flow.inbox() / "landelijk_2027.csv"))


def founded(figures: Callable[[Person, System], None] = by_hand) -> dict[str, Person]:
    """A board with the needs of the kits, three sources and their files; only the roster is in use."""
    people = bring_in()
    people["neighbour"] = add_person(people["information_manager"], "vlonder@oeverscholen.example", "Leider B")
    load(people["information_manager"], "po", only=["needs:who_may_see_what", "needs:reference_levels"])
    load(people["information_manager"], "vo", only=[f"needs:{need}" for need in VO_NEEDS])
    load(people["information_manager"], "board", only=["needs:goals_state"])
    ict, inbox = people["ict_manager"], flow.inbox()
    systems = {system.key: system for system in System.objects.all()}
    ways = {"oneroster": "las", "referentieniveaus": "monitoring", "inspectiewaarden": "quality_data"}
    for key, system in ways.items():
        put(ict, "source.write", Source, key, name=key, system=systems[system], layout=key, pattern=f"{key[:5]}*")
    put(ict, "source.write", Source, "examens", name="Examens", system=systems["quality_data"],
        layout="duo_examens_vo", pattern="*examenkandidaten-en-geslaagden*.csv")  # fmt: skip
    nationwide(inbox, EXAMS, first=2021, name="examenkandidaten-en-geslaagden-2021-2026.csv")
    put(ict, "source.write", Source, "cijfers", name="Examencijfers", system=systems["quality_data"],
        layout="duo_examencijfers_vo", pattern="geslaagden*")  # fmt: skip
    all_marks(inbox, EXAM_MARKS, "geslaagden-gezakten-en-cijfers-2025-2026.csv")
    figures(ict, systems["quality_data"])
    (inbox / "referentieniveaus_2027.csv").write_text(levels(), encoding="cp1252")
    (inbox / "inspectiewaarden_2027.csv").write_text(RESULTS, encoding="utf-8")
    package(inbox)
    approve(people, "who_may_see_what")
    return people


def stored(data: Path) -> dict[str, set[str]]:
    """Source -> the columns of it that lie in storage, refused rows included."""
    found: dict[str, set[str]] = {}
    for path in [*data.glob("landing/*/*/*.parquet"), *data.glob("quarantine/*/*/*.parquet")]:
        names = {row[0] for row in duckdb.sql(f"DESCRIBE SELECT * FROM '{path}'").fetchall()}
        found.setdefault(path.parent.parent.name, set()).update(n for n in names if not n.startswith("_"))
    return found


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[dict[str, Any]]:
    """The board before the need was approved, and after; made once for the tests of this module."""
    from django.test import override_settings

    data = key_in(tmp_path_factory.mktemp("figures"))
    with register_of_this_module(django_db_blocker), override_settings(DATA=data), clock.held_at(MAY):
        with django_db_blocker.unblock():
            people = founded()
            flow.run_all(people["ict_manager"])
            before = stored(data)
            approve(people, "reference_levels")
            flow.run_all(people["ict_manager"])
            between = stored(data)
            for need in VO_NEEDS:
                approve(people, need)
            approve(people, "goals_state")
            flow.run_all(people["ict_manager"])
        yield {"data": data, "people": people, "before": before, "between": between}


def rows(made: dict[str, Any], sql: str) -> list[tuple[Any, ...]]:
    """What the snapshot in use answers."""
    current = snapshots.current(made["data"])
    assert current is not None
    with duck.reader(current.model) as con:
        return con.execute(sql).fetchall()


def read_by(made: dict[str, Any], who: str, product: str) -> Delivered:
    with clock.held_at(MAY):
        return deliver(made["people"][who], product)


def told(delivered: Delivered, *names: str) -> list[tuple[Any, ...]]:
    """The rows of a delivery, of these columns; amounts as plain numbers."""
    places = [delivered.answer.names.index(name) for name in names]
    return [tuple(plain(row[place]) for place in places) for row in delivered.answer.rows]


def plain(cell: Any) -> Any:
    return round(float(cell), 4) if isinstance(cell, Decimal | float) else cell


def test_without_the_need_no_column_of_these_files_is_kept(made: dict[str, Any]) -> None:
    assert set(made["before"]) == {"oneroster"}
    assert set(made["between"]) == {"oneroster", "referentieniveaus", "jaarbestand", "inspectiewaarden"}
    assert "examens" in stored(made["data"])


def test_with_the_need_only_its_own_columns_are_kept(made: dict[str, Any]) -> None:
    assert made["between"]["jaarbestand"] == {
        "site_identifier", "school_year", "school_weighting", "signal_value_1s2f",
    }  # fmt: skip
    assert made["between"]["referentieniveaus"] == {
        "pupil_number", "site_identifier", "school_year", "domain", "level_reached", "exempt",
    }  # fmt: skip
    assert made["between"]["inspectiewaarden"] == {
        "site_identifier", "education_type", "code", "period", "value",
    }, "the norm is for another need"  # fmt: skip
    held = {f"{t}.{c}" for t, c in rows(made, "SELECT table_name, column_name FROM duckdb_columns()")}
    assert "site_year.signal_value_1s2f" in held and "site_year.disadvantage_score" not in held


def test_the_rest_of_the_country_is_left_out_and_counted(made: dict[str, Any]) -> None:
    sites = "SELECT site_id, school_year, school_weighting::DOUBLE, signal_value_1s2f::DOUBLE FROM site_year ORDER BY 1"
    assert rows(made, sites) == [("s1", "2026-2027", 28.4, 49.6), ("s2", "2026-2027", 41.5, None)]
    current = snapshots.current(made["data"])
    assert current is not None
    counted = {name: [u["rows"] for u in told["unplaced"]] for name, told in current.manifest["tables"].items()}
    assert (counted["site_year"], counted["inspection_value"], counted["reference_level"]) == ([2], [1], [1])


def test_what_is_wrong_is_found_at_its_row_and_column(made: dict[str, Any]) -> None:
    def found(source: str) -> set[tuple[Any, ...]]:
        run = Run.objects.filter(source__key=source, state__in=("good", "repaired")).first()
        assert run is not None
        report = json.loads((made["data"] / run.folder / "report.json").read_text(encoding="utf-8"))
        return {(line["row"], line["column"], line["rule"]) for line in report["findings"]}

    assert found("jaarbestand") == {
        (4, "Gemiddelde schoolweging", "usual-range"),
        (5, "Signaleringswaarde 1S/2F", "bounds"),
    }
    assert (122, "Domein", "vocabulary") in found("referentieniveaus")
    assert (123, "Leerlingnummer", "other-source") in found("referentieniveaus")


def test_unknown_is_not_below_and_exempt_does_not_count(made: dict[str, Any]) -> None:
    figures = (
        "SELECT indicator_key, site_id, numerator::INT, denominator::INT, people, norm_state, norm "
        "FROM indicator_value "
        "WHERE indicator_key LIKE 'I_1%' AND period = '2026-2027' ORDER BY ALL"
    )
    assert rows(made, figures) == [
        ("I_1F", "s1", 49, 56, 19, "above", Decimal("0.85")),  # 49 of 59 would be below the norm of 85%
        ("I_1F", "s2", 60, 60, 20, "above", Decimal("0.85")),
        ("I_1S2F", "s1", 24, 56, 19, "below", Decimal("0.496")),  # the signal value of the school itself
        ("I_1S2F", "s2", 0, 60, 20, "no_norm", None),  # the file has none for this school
    ]


def test_the_leader_receives_the_figures_of_the_own_school_beside_its_signal_value(made: dict[str, Any]) -> None:
    got = read_by(made, "school_leader", "reference_levels")
    latest = [row for row in told(got, "school_year", "site", "indicator", "share", "signal_value", "difference")
              if row[0] == "2026-2027"]  # fmt: skip
    assert {row[1] for row in told(got, "school_year", "site")} == {"De Kiem"}
    assert sorted(latest) == [
        ("2026-2027", "De Kiem", "I_1F", 0.875, None, None),
        ("2026-2027", "De Kiem", "I_1S2F", 0.4286, 0.496, -0.0674),
    ]


def levels_of(made: dict[str, Any], who: str) -> goals.GoalState:
    """What this person receives of the goal that 1S/2F tells of."""
    with clock.held_at(MAY):
        return next(s for s in goals.received(made["people"][who]).states if s.indicator.key == "I_1S2F")


def test_the_board_sees_who_falls_short_of_its_own_signal_value(made: dict[str, Any]) -> None:
    state = levels_of(made, "board_member")
    assert (state.each_its_own, state.met, state.limit) == (True, False, None)
    assert [(s.name, s.norm) for s in state.short_of_their_own] == [("De Kiem", 0.496)]
    cells = board.row(state).cells
    assert (cells["norm"].figure.text, cells["verdict"].word) == ("verschilt per school", "Niet gehaald")
    each = next(s for s in goals.received(made["people"]["board_member"]).states if s.indicator.key == "I_1F")
    assert (each.norm_words(), each.met) == ("signaalwaarde 85%", True)


def test_the_leader_sees_the_own_school_against_its_own_signal_value(made: dict[str, Any]) -> None:
    with clock.held_at(MAY):
        states = goals.of(deliver(made["people"]["school_leader"], goals.EACH))
    state = next(s for s in states if s.indicator.key == "I_1S2F")
    assert (state.limit, state.norm_words(), state.verdict().word) == (0.496, "49,6%", "Niet gehaald")
    neighbour = next(s for s in goals.of(read_by(made, "neighbour", goals.EACH)) if s.indicator.key == "I_1S2F")
    assert (neighbour.limit, neighbour.verdict().word) == (None, "Ter informatie")


def test_without_a_signal_value_there_is_no_judgement(made: dict[str, Any]) -> None:
    got = read_by(made, "neighbour", "reference_levels")
    (row,) = [r for r in told(got, "indicator", "school_year", "signal_value", "difference", "norm_state")
              if r[:2] == ("I_1S2F", "2026-2027")]  # fmt: skip
    assert row[2:] == (None, None, "no_norm")


def test_two_cohorts_are_not_three(made: dict[str, Any]) -> None:
    got = read_by(made, "neighbour", "reference_levels")
    early = {
        row[1]: row[2:] for row in told(got, "indicator", "school_year", "share", "norm_state") if row[0] == "I_1F"
    }
    assert early["2025-2026"][0] is None and early["2026-2027"][0] == 1


def test_per_domain_the_leader_sees_who_is_enrolled_now(made: dict[str, Any]) -> None:
    got = told(read_by(made, "school_leader", "reference_levels_by_domain"), "site", "school_year", "domain", "pupils")
    assert sorted(got) == [
        ("De Kiem", "2026-2027", d, n) for d, n in (("arithmetic", 7), ("language", 8), ("reading", 8))
    ]


def test_published_results_stand_beside_the_norm_of_the_department(made: dict[str, Any]) -> None:
    got = read_by(made, "school_leader", "vo_results_model")
    assert told(got, "site", "department", "code", "period", "difference") == [
        ("De Kiem", "havo", "R2", "2023-2026", 1.9),
        ("De Kiem", "havo", "R4", "2023-2026", -0.1),
        ("De Kiem", "vwo", "R1", "2023-2026", None),
    ]


def test_exam_outcomes_stand_beside_those_of_the_country(made: dict[str, Any]) -> None:
    """A programme of which no number is told is in neither figure, and said to be left out. 0.8972 is 925 of 1,031."""
    got = read_by(made, "school_leader", "exam_outcomes")
    names = (
        "site",
        "education_type",
        "school_year",
        "candidates",
        "pass_rate",
        "national_rate",
        "difference",
        "hidden",
    )
    assert told(got, *names) == [
        ("De Kiem", "HAVO", "2025-2026", 31, 0.8065, 0.8972, -0.0907, 1),
        ("De Kiem", "VWO", "2025-2026", 20, 1, 0.902, 0.098, 0),
    ]
    (row,) = told(read_by(made, "neighbour", "exam_outcomes"), *names)
    assert row == ("De Vlonder", "VWO", "2025-2026", None, None, 0.902, None, 1)


def test_school_exams_stand_beside_central_ones(made: dict[str, Any]) -> None:
    """HAVO of De Kiem: 0,8 apart, where the country (31 of it our own) is 0,12 apart."""
    names = ("site", "education_type", "candidates", "school_exam", "central_exam", "difference", "hidden")
    got = read_by(made, "school_leader", "exam_marks")
    assert told(got, *names) == [
        ("De Kiem", "HAVO", 31, 7.1, 6.3, 0.8, 1),
        ("De Kiem", "VMBO-TL", 12, 6.5, 6.4, 0.1, 0),
    ]
    assert told(got, "national_difference", "beyond") == [(0.121, 0.679), (0.1, 0)]
    assert told(read_by(made, "neighbour", "exam_marks"), *names) == [
        ("De Vlonder", "VMBO-BL", None, None, None, None, 1)
    ]


def test_exam_outcomes_of_each_year_are_a_trend(made: dict[str, Any]) -> None:
    got = told(
        read_by(made, "board_member", "exam_outcomes_by_year"), "school_year", "site", "education_type", "pass_rate"
    )
    assert sorted(row for row in got if row[2] == "HAVO") == [
        ("2024-2025", "De Kiem", "HAVO", 0.8),
        ("2025-2026", "De Kiem", "HAVO", 0.8065),
    ]


@pytest.mark.parametrize("product", ["reference_levels", "reference_levels_by_domain", *VO_NEEDS])
@pytest.mark.parametrize("who", ["outsider", "teacher", "ict_manager"])
def test_nobody_else_receives_them(made: dict[str, Any], product: str, who: str) -> None:
    with pytest.raises(SchakelError):
        read_by(made, who, product)
