"""One source after a landing: what came in and what stayed outside add up, and what was wrong says who repairs it."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schakel.access.register import put
from schakel.access.roles import Role
from schakel.chain.elements import SourceOfRecord
from schakel.chain.systems import System
from schakel.collect import reports
from schakel.collect.findings import CheckReport
from schakel.lib.errors import Unknown
from schakel.portal.pages import source as one
from schakel.portal.pages.landing_bars import rows_bar
from schakel.portal.pages.source import SourcePage
from tests.desk import Desk
from tests.portal.conftest import Seen, browser
from tests.portal.supplies import HOSTILE, finding, landing, reading, source


def page(room: Desk, who: str = "ict_manager") -> SourcePage:
    return one.page(room.people[who], "las", {})


def landed(room: Desk, findings: tuple[dict[str, Any], ...] = (), run: str = "repaired", **told: Any) -> SourcePage:
    conformant = not any(f["severity"] == "error" for f in findings)
    report = {"findings": list(findings), "conformant": conformant, **told.pop("report", {})}
    quarantined = sum(told.get("quarantined", {}).values())
    folder = landing(report=report, **told)
    reading(room, source(room), run, folder=folder, rows_quarantined=quarantined, conformant=conformant, usable=True)
    return page(room)


# What came in and what did not


counts = st.integers(0, 40)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(counts, counts, counts, st.integers(0, 60), counts, counts)
def test_the_pieces_of_the_bar_are_all_rows_once(
    accepted: int, quarantined: int, outside: int, repaired: int, stayed: int, waiting: int
) -> None:
    """Accepted, repaired, refused and left out are the rows that were read; none is counted twice, none is negative.

    Beside them stands what stayed of earlier deliveries, and what of those still waits for repair.
    """
    found = [finding(row=n + 2) for n in range(repaired)]
    read = accepted + quarantined + outside
    report = CheckReport.from_json(
        {"layout": "x", "version": "", "conformant": False, "usable": True, "rows": {"f": read}, "findings": found}
    )
    told = {"rows": {"f": accepted + stayed}, "quarantined": {"f": quarantined}, "rows_stayed": {"f": stayed}}
    told |= {"quarantined_stayed": {"f": waiting}} if waiting else {}
    bar = rows_bar(told, report)
    segments = {segment.text: segment for segment in bar.bar.segments}
    before = segments.pop("al gelezen uit eerdere leveringen, en gebleven", None)
    assert (before.count if before else 0) == stayed
    apart = segments.pop("nog in quarantaine, uit eerdere leveringen", None)
    assert (apart.count if apart else 0) == waiting
    pieces = {segment.kind: segment.count for segment in segments.values()}
    assert sum(pieces.values()) == read
    assert min(pieces.values(), default=0) >= 0
    assert pieces.get("b", 0) == min(repaired, accepted)
    assert bar.total == f"{read} gelezen"


def test_what_is_wrong_with_a_column_as_a_whole_repairs_no_row() -> None:
    about = [finding(rule, row=1, column="BSN") for rule in ("bsn-name", "header-case", "column-renamed")]
    found = [*about, finding(row=3), finding("nul-byte", row=4, column=""), finding("gone-rule", row=5)]
    told = {"layout": "x", "version": "", "conformant": False, "usable": True, "rows": {"f": 60}, "findings": found}
    bar = rows_bar({"rows": {"f": 60}}, CheckReport.from_json(told))
    assert {segment.text: segment.count for segment in bar.bar.segments} == {
        "overgenomen": 57, "hersteld en overgenomen": 3, "in quarantaine": 0,
    }  # fmt: skip


def test_rows_that_were_left_out_are_not_said_to_be_of_a_file_that_nobody_asks() -> None:
    """Of 82 rows of an asked file one is a total; a file of 5 rows is asked by no need."""
    report = {"layout": "x", "version": "", "conformant": True, "usable": True, "findings": []}
    report["rows"] = {"verzuim.xlsx": 82, "vakken.csv": 5}
    told = {"rows": {"absence": 80}, "quarantined": {"absence": 1}}
    told["labels"] = {"absence": "verzuim.xlsx", "subject": "vakken.csv"}
    bar = rows_bar(told, CheckReport.from_json(report))
    assert {segment.text: segment.count for segment in bar.bar.segments} == {
        "overgenomen": 80, "in quarantaine": 1, "niet bewaard: geen behoefte vraagt dit bestand": 5,
        "weggelaten: totaal, herhaling, verwijdering of niet gewenst": 1,
    }  # fmt: skip


def test_columns_kept_dropped_refused_and_missing(room: Desk) -> None:
    found = landed(
        room,
        columns_kept=[["u", "a"], ["u", "b"]],
        columns_dropped=[["u", "c", "Niemand vraagt dit."], ["u", "bsn", "Mag nooit."]],
        columns_refused=[["u", "bsn", "Mag nooit."]],
        columns_missing=[["u", "d"]],
    )
    bar = found.bars[1]
    assert bar.total == "4 aangeboden", "what was not delivered was not offered"
    assert [(s.kind, s.count) for s in bar.bar.segments] == [("a", 2), ("d", 1), ("e", 1), ("c", 1)]
    assert found.columns is not None
    decisions = {row[0][1].figure.text: row[2][1].word for row in found.columns.rows}
    assert decisions == {"a": "Nodig", "b": "Nodig", "c": "Buiten de deur", "bsn": "Geweigerd", "d": "Niet geleverd"}
    why = {row[0][1].figure.text: row[3][1].figure.text for row in found.columns.rows}
    assert why["bsn"] == "Mag nooit."
    assert why["a"].startswith("Een goedgekeurde behoefte")


@pytest.mark.parametrize("kind", ["keep", "drop", "refuse", "missing"])
def test_a_choice_of_columns(room: Desk, kind: str) -> None:
    landed(room, columns_kept=[["u", "keep"]], columns_dropped=[["u", "drop", "x"], ["u", "refuse", "x"]],
           columns_refused=[["u", "refuse", "x"]], columns_missing=[["u", "missing"]])  # fmt: skip
    shown = one.page(room.people["ict_manager"], "las", {"k-besluit": kind}).columns
    assert shown is not None
    assert [row[0][1].figure.text for row in shown.rows] == [kind]


# What was wrong


@pytest.mark.parametrize(
    ("findings", "quarantined", "title"),
    [
        ((), 0, "Bron las: alle rijen zijn overgenomen"),
        ((finding(),), 0, "Bron las: alle rijen zijn overgenomen"),
        ((finding(action="drop row"),), 12, "Bron las: één fout houdt 12 rijen tegen"),
        ((finding(action="drop row"),), 1, "Bron las: één fout houdt 1 rij tegen"),
        (
            (finding(action="drop row"), finding(action="drop row", column="name")),
            12,
            "Bron las: twee soorten fouten houden 12 rijen tegen",
        ),
    ],
)
def test_the_title_is_what_is_the_case(
    room: Desk, findings: tuple[dict[str, Any], ...], quarantined: int, title: str
) -> None:
    assert landed(room, findings, quarantined={"users.csv": quarantined}).head.title == title


def test_alike_findings_are_one_line_with_the_first_place(room: Desk) -> None:
    put(room.manager, "role.write", Role, "school_admin", nl="leerlingadministratie", en="school administration")
    source(room, repairs_role=Role.objects.get(key="school_admin"))
    several = tuple(finding(row=row) for row in (3, 9, 27))
    found = landed(room, (*several, finding("known", severity="info", row=0, column="")))
    assert found.findings is not None
    rows = {row[0][1].note: [cell.text for _c, cell in row] for row in found.findings.rows}
    assert rows["regel type"][1] == "users.csv rij 3 en 2 andere, kolom email"
    assert rows["regel type"][2] == "3"
    assert rows["regel type"][4] == "Leerlingadministratie"
    assert rows["regel known"][1] == "users.csv het hele bestand"
    assert rows["regel known"][4] == "niemand", "what is only told need not be repaired"
    assert found.finding_count == "2 soorten, 4 in totaal"


def test_without_findings_it_says_that_every_rule_was_met(room: Desk) -> None:
    found = landed(room, run="good")
    assert found.findings is not None
    assert found.findings.table.empty == "Niets gevonden: dit bestand voldoet aan elke regel."
    assert found.findings.table.exports == ()
    assert found.head.state is not None
    assert found.head.state.word == "Bruikbaar"


@pytest.mark.parametrize(
    ("report", "words"),
    [
        ({"conformant": True, "usable": True}, ["Voldoet aan de standaard", "Bruikbaar"]),
        ({"conformant": False, "usable": True}, ["Voldoet niet aan de standaard", "Bruikbaar"]),
        ({"conformant": False, "usable": False}, ["Voldoet niet aan de standaard", "Niet bruikbaar"]),
    ],
)
def test_two_verdicts_that_are_not_the_same(room: Desk, report: dict[str, bool], words: list[str]) -> None:
    found = landed(room, report=report)
    assert found.verdicts is not None
    assert [check.title for check in found.verdicts.items] == words


def test_one_deviation_is_one(room: Desk) -> None:
    one_, two = (landed(room, tuple(finding(row=n + 2) for n in range(count))) for count in (1, 2))
    assert [page.verdicts.items[0].line for page in (one_, two)] == [
        "oneroster 1.2: 1 afwijking.", "oneroster 1.2: 2 afwijkingen."
    ]  # fmt: skip


def test_what_was_chosen_for_each_field_and_for_a_new_column(room: Desk) -> None:
    found = landed(room, (finding(action="drop value"), finding(action="drop row", column="name"), finding(column="")))
    rows = [[cell.text for _c, cell in row] for row in found.answers.rows]
    assert rows[0][:2] == ["users.csv · email", "laat de waarde weg en meldt het"]
    assert rows[1][:2] == ["users.csv · name", "zet de rij in quarantaine"]
    assert rows[-1] == ["elke nieuwe kolom", "laat hem vallen en meldt dat", "wet van de keten"]


# The chain and the times


def test_what_is_kept_of_an_application_that_nobody_named_is_not_called_nothing(room: Desk) -> None:
    kept = landed(room, columns_kept=[["users", "givenName"]])
    assert kept.relying.rows == []
    assert "Klopt de applicatie van deze bron?" in kept.relying.table.empty
    nothing = landed(room, columns_kept=[])
    assert "Er wordt niets van bewaard." in nothing.relying.table.empty


def test_the_chain_counts_what_rests_on_it(room: Desk) -> None:
    of = source(room)
    assert [station.place for station in page(room).chain.stations] == ["gap"] * 4 + ["here"] + ["gap"] * 2
    element = room.element("absence.kind")
    put(
        room.manager,
        "element.write",
        SourceOfRecord,
        "absence.kind@s-las",
        element=element,
        system=System.objects.get(pk=of.system_id),
    )
    labels = [station.label for station in page(room).chain.stations]
    assert labels == ["1 doel", "1 activiteit", "2 behoeften", "1 gegeven", "Bron las", "2 overzichten", "4 rollen"]


def test_the_last_times_newest_first(room: Desk) -> None:
    of = source(room)
    for hours, state in ((40.0, "good"), (30.0, "unchanged"), (20.0, "failed"), (10.0, "repaired")):
        reading(
            room,
            of,
            state,
            hours=hours,
            rows_read=5,
            rows_quarantined=2 if state == "repaired" else 0,
            message="Kapot." if state == "failed" else "",
        )
    events = page(room).runs.items
    assert [event.state.word for event in events] == ["Met reparaties", "Mislukt", "Ongewijzigd", "Goed"]
    assert [event.line for event in events] == [
        "2 in quarantaine, 3,0 seconden", "Kapot.", "niets te doen, 3,0 seconden", "5 rijen, 3,0 seconden",
    ]  # fmt: skip
    assert [event.href for event in events] == [f"/bronnen/las/keren/{run.pk}" for run in of.runs.all()]


def test_no_more_than_eight_times(room: Desk) -> None:
    of = source(room)
    for hours in range(12):
        reading(room, of, hours=hours)
    assert len(page(room).runs.items) == one.RUNS


@pytest.mark.parametrize("missing", ["report.json", "landing.json", ""])
def test_a_landing_that_is_broken_shows_the_rest(room: Desk, missing: str) -> None:
    landed(room, (finding(),))
    folder = one.landing_folder(source(room).runs.first())
    if missing:
        (folder / missing).unlink()
    else:
        (folder / "report.json").write_text("{half")
    found = page(room)
    assert found.bars == ()
    assert found.findings is None
    html = browser(room.people["ict_manager"]).get("/bronnen/las").content.decode()
    assert "Laatste keren" in html


def test_hostile_files_are_words(room: Desk) -> None:
    landed(
        room,
        (finding(file=HOSTILE, column=HOSTILE, message=HOSTILE, action="drop row"),),
        columns_dropped=[[HOSTILE, HOSTILE, HOSTILE]],
        quarantined={HOSTILE: 1},
    )
    html = browser(room.people["ict_manager"]).get("/bronnen/las").content.decode()
    assert "<b>&\"'" not in html
    assert HOSTILE in Seen(html).text


def test_what_does_not_exist_is_unknown(room: Desk) -> None:
    for key in ("", "x", "las'--"):
        with pytest.raises(Unknown):
            one.find(key)
    with pytest.raises(Unknown):
        reports.check_report(room.data / "nergens")
