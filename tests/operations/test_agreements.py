"""What is agreed about a source counts in its readings: chosen answers, confirmed low counts, a contract."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ObjectDoesNotExist

from schakel.access.audit import AuditLine
from schakel.access.register import put
from schakel.chain.systems import System
from schakel.collect import low_counts, source_mappings
from schakel.collect.contracts import MISSING, WRONG, Choice, copied
from schakel.collect.landing import latest
from schakel.collect.odcs import text, writing
from schakel.collect.runs import Run
from schakel.collect.sources import Source
from schakel.lib import clock
from schakel.lib.errors import Refused, SchakelError, Unknown, Unreadable
from schakel.lib.plain_yaml import from_yaml
from schakel.operations import agreements, data_contracts
from schakel.operations.progress import Teller
from schakel.operations.readings import Reading

pytestmark = pytest.mark.django_db
FORMS = Path(__file__).parents[1] / "cases" / "checks" / "every_form.yaml"
NEEDED = {"trips": {"trip": frozenset({"number", "leader", "kind", "begins", "ends"})}}
HEAD = "Nummer;Leiding;Soort;Begin;Einde;Betaald;Plaatsen;Leerlingen;Bus;Volgt op\r\n"


@pytest.fixture
def trips(people) -> Source:
    system, _ = put(people["ict_manager"], "system.write", System, "trips", name="Uitjes")
    content = from_yaml(FORMS.read_text(encoding="utf-8")) | {"seen": {}}
    return source_mappings.begin(people["ict_manager"], "trips", "Uitjes", system, content).source


def trip_file(folder: Path, camps: int, day: str = "23", kind: str = "kamp") -> Path:
    path = folder / f"uitjes_{day}.csv"
    rows = (f"{n};P1;{kind};23-11-2026;25-11-2026;;;;;{n}\r\n" for n in range(camps))
    path.write_text(HEAD + "".join(rows), encoding="utf-8", newline="")
    return path


def read(source: Source, path: Path, data: Path) -> Run:
    teller = Teller(data)
    return Reading(None, data, NEEDED, teller).read(source, path)[0]


# answers


def test_a_chosen_answer_counts_in_the_next_reading_and_in_a_check(people, trips, tmp_path):
    path = trip_file(tmp_path, 3, kind="zwemmen")
    assert read(trips, path, tmp_path).rows_quarantined == 0
    choice = Choice("trip", "kind", WRONG, "drop row")
    agreements.choose(people["ict_manager"], trips, [choice], "anders telt het", tmp_path)
    assert read(trips, path, tmp_path).rows_quarantined == 3
    assert copied(tmp_path, path.name, "trips") == [choice]
    line = AuditLine.objects.filter(action="contract.write").last()
    assert (line.thing_key, line.facts["why"]) == ("trips", "anders telt het")
    assert line.facts["answers"] == [["trip", "kind", "wrong", "drop row"]]


def test_a_place_can_be_given_back_to_the_layout(people, trips, tmp_path):
    place = Choice("trip", "kind", WRONG, "stop")
    agreements.choose(people["ict_manager"], trips, [place], "eerst", tmp_path)
    assert agreements.choices_of(trips) == [place]
    agreements.choose(people["ict_manager"], trips, [Choice(*place.place, "")], "toch niet", tmp_path)
    assert agreements.choices_of(trips) == []
    assert trips.chosen_answers.count() == 2  # the history stays


@pytest.mark.parametrize(
    "choice",
    [
        Choice("trip", "number", MISSING, "accept"),
        Choice("trip", "begins", WRONG, "accept"),
        Choice("trip", "number", "bsn-key", "accept"),
        Choice("nowhere", "kind", WRONG, "stop"),
        Choice("trip", "kind", WRONG, "forget"),
    ],
)
def test_an_answer_that_is_not_open_is_refused_and_takes_the_others_with_it(people, trips, tmp_path, choice):
    both = [Choice("trip", "kind", WRONG, "stop"), choice]
    with pytest.raises(Refused):
        agreements.choose(people["ict_manager"], trips, both, "reden", tmp_path)
    assert agreements.choices_of(trips) == []
    assert not AuditLine.objects.filter(action="contract.write").exists()


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501])
def test_an_answer_needs_a_reason(people, trips, tmp_path, reason):
    with pytest.raises(SchakelError):
        agreements.choose(people["ict_manager"], trips, [Choice("trip", "kind", WRONG, "stop")], reason, tmp_path)


@pytest.mark.parametrize("who", ["board_member", "teacher", "privacy_officer", "school_admin"])
def test_who_does_not_look_after_sources_may_not_choose(people, trips, tmp_path, who):
    with pytest.raises(Refused):
        agreements.choose(people[who], trips, [Choice("trip", "kind", WRONG, "stop")], "reden", tmp_path)
    assert agreements.choices_of(trips) == []


def test_what_an_answer_would_have_done_to_the_last_delivery(people, trips, tmp_path):
    layout = agreements.layout_of(trips)
    term = next(t for t in agreements.contracts.terms(layout) if t.place == ("trip", "kind", WRONG))
    assert agreements.preview(trips, term, tmp_path) is None  # nothing was read yet
    read(trips, trip_file(tmp_path, 3, kind="zwemmen"), tmp_path)
    seen = agreements.preview(trips, term, tmp_path)
    assert (seen.values, seen.rows) == (3, 3)
    read(trips, trip_file(tmp_path, 4, "24"), tmp_path)
    assert agreements.preview(trips, term, tmp_path).values == 0


# counts


def test_far_fewer_than_before_stops_until_somebody_says_that_it_is_right(people, trips, tmp_path):
    assert read(trips, trip_file(tmp_path, 100), tmp_path).state in ("good", "repaired")
    run = read(trips, trip_file(tmp_path, 60, "24"), tmp_path)
    assert run.state == "stopped"
    assert "60 kampen" in run.message
    assert "100 (" in run.message
    assert latest(tmp_path, "trips").rows == {"trip": 100}  # what stood stays
    asked = low_counts.open_question(trips)
    assert [(c["before"], c["found"]) for c in asked.counts] == [(100, 60)]
    low_counts.confirm(people["ict_manager"], trips, "groep 8 is van school")
    assert low_counts.open_question(trips) is None
    trips.refresh_from_db()
    again = Reading(people["ict_manager"], tmp_path, NEEDED, Teller(tmp_path))
    path = trip_file(tmp_path, 60, "25")
    assert again.read(trips, path)[0].state in ("good", "repaired")
    assert latest(tmp_path, "trips").rows == {"trip": 60}
    line = AuditLine.objects.filter(action="contract.write").last()
    assert line.facts["why"] == "groep 8 is van school"
    assert line.facts["confirmed"] == [["trip::kind=camp", 100, 60]]


def test_the_very_file_that_was_stopped_is_read_once_somebody_said_that_it_is_right(people, trips, tmp_path):
    read(trips, trip_file(tmp_path, 100), tmp_path)
    path = trip_file(tmp_path, 60, "24")
    stopped = read(trips, path, tmp_path)
    assert read(trips, path, tmp_path) == stopped  # nothing changed: the answer is known
    low_counts.confirm(people["ict_manager"], trips, "groep 8 is van school")
    taken = read(trips, path, tmp_path)
    assert taken.state in ("good", "repaired")
    assert read(trips, path, tmp_path) == taken
    assert latest(tmp_path, "trips").rows == {"trip": 60}


def test_a_confirmed_count_says_nothing_about_a_lower_one_or_a_later_fall(people, trips, tmp_path):
    read(trips, trip_file(tmp_path, 100), tmp_path)
    read(trips, trip_file(tmp_path, 60, "24"), tmp_path)
    low_counts.confirm(people["ict_manager"], trips, "klopt")
    assert read(trips, trip_file(tmp_path, 30, "25"), tmp_path).state == "stopped"
    asked = low_counts.open_question(trips).counts
    assert [(c["before"], c["before_on"]) for c in asked] == [(60, clock.today().isoformat())]
    with clock.held_at(clock.now() + timedelta(minutes=1)):  # a landing tells its second
        assert read(trips, trip_file(tmp_path, 59, "26"), tmp_path).state in ("good", "repaired")
    assert agreements.confirmed(trips, tmp_path) == {}  # what stands landed after it
    assert read(trips, trip_file(tmp_path, 40, "27"), tmp_path).state == "stopped"


def test_a_number_that_drains_away_stops_against_the_highest_of_the_month(people, trips, tmp_path):
    """Each delivery is well against the one before; the fourth is not against the first."""
    for days, number in ((3, 100), (2, 88), (1, 77)):
        with clock.held_at(clock.now() - timedelta(days=days)):
            assert read(trips, trip_file(tmp_path, number, str(20 - days)), tmp_path).state in ("good", "repaired")
    run = read(trips, trip_file(tmp_path, 60, "24"), tmp_path)
    assert run.state == "stopped"
    assert "bij een eerdere levering 100 (" in run.message
    assert [c["before"] for c in low_counts.open_question(trips).counts] == [100]
    low_counts.confirm(people["ict_manager"], trips, "groep 8 is van school")
    again = Reading(people["ict_manager"], tmp_path, NEEDED, Teller(tmp_path))
    assert again.read(trips, trip_file(tmp_path, 60, "25"))[0].state in ("good", "repaired")
    told = json.loads((latest(tmp_path, "trips").folder / "landing.json").read_text(encoding="utf-8"))
    assert told["counts"]["trip::kind=camp"] == [[clock.today().isoformat(), 60]]  # of the higher ones nothing is left


def test_a_board_may_choose_that_a_fall_is_only_told(people, trips, tmp_path):
    read(trips, trip_file(tmp_path, 100), tmp_path)
    fall = Choice("trip", "trip::kind=camp", "count-drop", "accept")
    agreements.choose(people["ict_manager"], trips, [fall], "uitjes wisselen sterk", tmp_path)
    run = read(trips, trip_file(tmp_path, 10, "24"), tmp_path)
    assert run.state == "repaired"
    assert low_counts.open_question(trips) is None
    assert [f.action for f in latest(tmp_path, "trips").report.findings if f.rule == "count-drop"] == ["accept"]


def test_a_delivery_that_stops_for_something_else_too_asks_nothing(people, trips, tmp_path):
    read(trips, trip_file(tmp_path, 100), tmp_path)
    agreements.choose(people["ict_manager"], trips, [Choice("trip", "leader", MISSING, "stop")], "moet", tmp_path)
    path = trip_file(tmp_path, 50, "24")
    path.write_text(path.read_text(encoding="utf-8").replace("P1", "", 1), encoding="utf-8")
    assert read(trips, path, tmp_path).state == "stopped"
    assert low_counts.open_question(trips) is None
    with pytest.raises(Unknown):
        low_counts.confirm(people["ict_manager"], trips, "klopt")


def test_confirming_needs_a_reason_and_the_permission(people, trips, tmp_path):
    read(trips, trip_file(tmp_path, 100), tmp_path)
    read(trips, trip_file(tmp_path, 60, "24"), tmp_path)
    with pytest.raises(SchakelError):
        low_counts.confirm(people["ict_manager"], trips, " ")
    with pytest.raises(Refused):
        low_counts.confirm(people["teacher"], trips, "klopt")
    assert low_counts.open_question(trips) is not None


def test_another_source_is_compared_with_once_it_has_landed(people, trips, tmp_path):
    """Leaders must be in a roster: nothing is said while there is none, and then who is not in it."""
    from schakel.collect.connectors import open_package
    from schakel.collect.landing import land
    from tests.collect.small_roster import package, roster

    read(trips, trip_file(tmp_path, 2), tmp_path)
    assert "other-source" not in {f.rule for f in latest(tmp_path, "trips").report.findings}
    folder = tmp_path / "roster"
    folder.mkdir()
    users = {"users": frozenset({"sourcedId", "identifier"})}
    land(open_package(package(folder, roster())), "las", users, tmp_path)
    path = trip_file(tmp_path, 2, "24")
    path.write_text(path.read_text(encoding="utf-8").replace("P1", "000001", 1), encoding="utf-8")
    read(trips, path, tmp_path)
    found = [(f.row, f.column) for f in latest(tmp_path, "trips").report.findings if f.rule == "other-source"]
    assert found == [(3, "Leiding")]


# a contract in and out


def brought(source: Source, **answers: str) -> bytes:
    """Our contract, with other answers for wrong values of these columns."""
    document = writing.document(data_contracts.contract_of(source))
    for each in document["schema"][0]["properties"]:
        for quality in each.get("quality", []):
            if each["name"] in answers and quality["id"] == WRONG:
                quality["customProperties"][0]["value"] = answers[each["name"]]
    return text.written(document).encode()


def test_a_contract_out_and_in_again_changes_nothing(people, trips, tmp_path):
    agreements.choose(people["ict_manager"], trips, [Choice("trip", "kind", WRONG, "stop")], "eerst", tmp_path)
    assert text.faults(from_yaml(data_contracts.exported(trips))) == []
    assert data_contracts.compared(trips, data_contracts.exported(trips).encode()).differences == ()
    assert data_contracts.take(people["ict_manager"], trips, data_contracts.exported(trips).encode(), "x", tmp_path)
    assert trips.chosen_answers.count() == 1


def test_other_answers_are_shown_first_and_taken_over_together(people, trips, tmp_path):
    content = brought(trips, kind="drop row", pupils="stop")
    found = data_contracts.compared(trips, content)
    assert {(d.place, d.ours, d.theirs) for d in found.differences} == {
        ("trip.kind", "drop value", "drop row"),
        ("trip.pupils", "drop value", "stop"),
    }
    assert agreements.choices_of(trips) == []  # only looked at
    data_contracts.take(people["ict_manager"], trips, content, "afgesproken met de leverancier", tmp_path)
    assert {c.answer for c in agreements.choices_of(trips)} == {"drop row", "stop"}
    assert data_contracts.compared(trips, content).differences == ()


def test_one_thing_that_cannot_be_taken_over_holds_back_all(people, trips, tmp_path):
    content = brought(trips, kind="drop row").replace(b"required: true", b"required: false", 1)
    with pytest.raises((Refused, Unreadable)):
        data_contracts.take(people["ict_manager"], trips, content, "reden", tmp_path)
    other = brought(trips, kind="drop row").replace(b"maximum: 500", b"maximum: 900")
    found = data_contracts.compared(trips, other)
    assert [(d.place, d.what) for d in found.refused] == [("trip.places", "maximum")]
    with pytest.raises(Refused) as refused:
        data_contracts.take(people["ict_manager"], trips, other, "reden", tmp_path)
    assert "trip.places" in str(refused.value)
    assert agreements.choices_of(trips) == []


def test_an_answer_looser_than_is_open_is_not_taken_from_a_contract(people, trips, tmp_path):
    content = brought(trips, kind="drop row", begins="accept")
    assert [d.place for d in data_contracts.compared(trips, content).refused] == ["trip.begins"]
    with pytest.raises(Refused):
        data_contracts.take(people["ict_manager"], trips, content, "reden", tmp_path)
    assert agreements.choices_of(trips) == []


def test_a_contract_asks_the_permission_too(people, trips, tmp_path):
    with pytest.raises(Refused):
        data_contracts.take(people["teacher"], trips, brought(trips, kind="stop"), "reden", tmp_path)


def test_a_source_of_a_layout_that_nobody_has_is_unknown(people, trips):
    with pytest.raises((Unknown, ObjectDoesNotExist)):
        agreements.layout_of(Source(key="x", layout="nergens", system=trips.system, pk=999))
