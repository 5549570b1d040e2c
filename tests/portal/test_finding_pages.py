"""The pages of findings and the repair list: for whom they are, with one's own rows, masked, and a way on from each."""

import io
from datetime import timedelta

import pytest
from django.http import HttpResponse
from python_calamine import CalamineWorkbook

from schakel.access.audit import AuditLine
from schakel.access.register import put
from schakel.chain.elements import InformationObject
from schakel.chain.graph import Node
from schakel.collect.cases import Case
from schakel.collect.rules import KINDS
from schakel.lib import clock
from schakel.lib.text import spoken
from schakel.operations import case_work
from schakel.operations.case_effect import Effect
from schakel.portal.pages import finding, finding_words, findings, mine, repair_list, standing, supply
from tests.found import SECRET, Supply
from tests.portal.conftest import Seen, browser, heading


def get(faulty: Supply, who: str, address: str) -> HttpResponse:
    return browser(faulty.people[who]).get(address)


def text(faulty: Supply, who: str, address: str) -> str:
    answer = get(faulty, who, address)
    assert answer.status_code == 200
    assert SECRET not in answer.content.decode()
    return Seen(answer.content.decode()).text


def own(faulty: Supply) -> str:
    return f"/bevindingen/{faulty.case().pk}"


def cells(page: findings.Findings) -> list[list[str]]:
    assert page.table is not None
    return [[cell.text for _c, cell in row] for row in page.table.rows]


def sheet(answer: HttpResponse) -> list[list[object]]:
    assert answer.status_code == 200
    return CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()


# The list


def test_who_keeps_the_sources_sees_every_finding_once(faulty: Supply) -> None:
    page = findings.page(faulty.people["ict_manager"], {})
    assert page.head.title == "Eén bevinding is nieuw"
    assert [row[3] for row in cells(page)] == ["3"]
    assert page.sources is not None
    assert [cell.text for _c, cell in page.sources.rows[0]][:2] == ["Leerlingen", "1"]


def test_a_school_sees_how_many_are_its_own(faulty: Supply) -> None:
    page = findings.page(faulty.people["admin-A"], {})
    assert page.head.title == "Eén bevinding wacht op u"
    assert [row[3] for row in cells(page)] == ["2"]
    assert page.sources is None


@pytest.mark.parametrize("who", ["leraar-A1", "outsider"])
def test_for_who_repairs_nothing_it_says_why_it_is_empty(faulty: Supply, who: str) -> None:
    page = findings.page(faulty.people[who], {})
    assert page.table is None
    assert page.empty is not None
    assert "volgens uw rol van vandaag geen bron" in page.empty.line
    assert get(faulty, who, own(faulty)).status_code == 404


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ({"t-stand": "new"}, 1), ({"t-stand": "repaired"}, 0), ({"t-ernst": "error"}, 1), ({"t-ernst": "info"}, 0),
        ({"t-bron": "las"}, 1), ({"t-school": "A"}, 1), ({"t-school": "B"}, 1), ({"t-wie": "school_admin"}, 1),
        ({"t-wie": "u"}, 0), ({"t-zoek": "beginDate"}, 1), ({"t-zoek": "iets anders"}, 0),
    ],
)  # fmt: skip
def test_it_is_filtered(faulty: Supply, query: dict[str, str], rows: int) -> None:
    assert len(cells(findings.page(faulty.people["ict_manager"], query))) == rows


def test_a_school_without_rows_in_it_is_left_out(faulty: Supply) -> None:
    faulty.read(faulty.faulty(0))
    assert len(cells(findings.page(faulty.people["ict_manager"], {"t-school": "A"}))) == 1
    page = findings.page(faulty.people["ict_manager"], {"t-school": "B"})
    assert page.table is not None
    assert page.table.filters[3].value == "", "a school without rows is no choice"


def test_the_counts_of_each_reading_are_a_line_with_words(faulty: Supply) -> None:
    faulty.read(faulty.faulty(0))
    page = findings.page(faulty.people["ict_manager"], {})
    assert page.table is not None
    chart = page.table.rows[0][4][1].chart
    assert chart is not None
    assert chart.label == "Van 3 naar 1 in de laatste 2 keer lezen"
    assert finding_words.trend([3]) is None
    assert finding_words.trend([None, 3, None]) is None


def test_what_is_repaired_goes_from_the_list_after_a_while(faulty: Supply) -> None:
    faulty.read()
    page = findings.page(faulty.people["ict_manager"], {})
    assert page.head.title == "Er is niets te herstellen"
    assert [row[-1].split()[0] for row in cells(page)] == ["Leerlingadministratie"] or cells(page)
    with clock.held_at(clock.now() + findings.KEPT + timedelta(days=5)):
        assert findings.page(faulty.people["ict_manager"], {}).empty is not None


def test_the_spreadsheet_has_causes_and_no_rows(faulty: Supply) -> None:
    rows = sheet(get(faulty, "ict_manager", "/bevindingen.xlsx"))
    assert rows[0][:2] == ["Wat is er mis", "Ernst"]
    assert len(rows) == 2
    assert sheet(get(faulty, "outsider", "/bevindingen.xlsx"))[1:] == []


# One finding


def test_the_page_says_what_where_and_who(faulty: Supply) -> None:
    seen = text(faulty, "ict_manager", own(faulty))
    assert "In beginDate staat geen bestaande datum" in seen
    assert "Enrollments, kolom beginDate: de waarde is weggelaten, de rij kwam binnen." in seen
    assert "Henk Nijland, admin-A, admin-B" in seen
    assert "e1" not in seen.split()


def test_who_repairs_finds_the_own_rows_by_their_key(faulty: Supply) -> None:
    seen = text(faulty, "admin-A", own(faulty)).split()
    assert {"e1", "e2"} <= set(seen)
    assert "e4" not in seen
    line = AuditLine.objects.filter(action="repair_list.read").latest("number")
    assert (line.facts["rows"], line.thing_key) == (2, faulty.case().key)


def test_who_may_see_no_row_reads_why(faulty: Supply) -> None:
    assert "Rijen ziet alleen wie deze bron herstelt" in text(faulty, "board_member", own(faulty))
    assert not AuditLine.objects.filter(action="repair_list.read").exists()


def test_the_buttons_are_for_who_may_press_them(faulty: Supply) -> None:
    for who, handles, accepts in (
        ("ict_manager", True, True), ("board_member", False, True), ("admin-A", True, False),
        ("privacy_officer", False, False),
    ):  # fmt: skip
        page = finding.page(faulty.people[who], faulty.case().pk, {})
        assert (page.may_see, bool(page.people), page.may_accept) == (handles, handles, accepts), who


def test_seen_and_handed_over_and_then_on_the_front_door(faulty: Supply) -> None:
    client = browser(faulty.people["ict_manager"])
    assert client.post(f"{own(faulty)}/gezien").headers["Location"] == own(faulty)
    to = faulty.people["admin-B"].pk
    answer = client.post(f"{own(faulty)}/doorgeven", {"aan": str(to)}, follow=True)
    assert "Het staat nu op de voordeur van admin-B." in answer.content.decode()
    assert faulty.case().assignee == faulty.people["admin-B"]
    near = findings.near(faulty.people["admin-B"])
    assert near is not None
    assert near.title == "Eén bevinding wacht op u"
    assert findings.near(faulty.people["admin-A"]) is None


@pytest.mark.parametrize("to", ["", "x", "0", "999999999999999", "-1"])
def test_handing_over_to_nobody_is_a_sentence(faulty: Supply, to: str) -> None:
    answer = browser(faulty.people["ict_manager"]).post(f"{own(faulty)}/doorgeven", {"aan": to})
    assert answer.status_code == 403
    assert "Kies iemand uit de lijst" in answer.content.decode()


def test_accepted_with_its_reason_and_opened_again(faulty: Supply) -> None:
    client = browser(faulty.people["ict_manager"])
    until = clock.today() + timedelta(days=9)
    client.post(f"{own(faulty)}/aanvaarden", {"reden": "De leverancier herstelt het.", "tot": until.isoformat()})
    assert "‘De leverancier herstelt het.’" in text(faulty, "board_member", own(faulty))
    assert standing.Counts().findings == 0
    client.post(f"{own(faulty)}/terug")
    assert standing.Counts().findings == 1


@pytest.mark.parametrize("form", [{"reden": "", "tot": "2026-12-01"}, {"reden": "x", "tot": "morgen"}, {}])
def test_a_half_acceptance_is_refused(faulty: Supply, form: dict[str, str]) -> None:
    answer = browser(faulty.people["ict_manager"]).post(f"{own(faulty)}/aanvaarden", form)
    assert answer.status_code == 403
    assert faulty.case().standing == "new"


def test_repaired_says_since_when_and_asks_nothing(faulty: Supply) -> None:
    faulty.read()
    page = finding.page(faulty.people["ict_manager"], faulty.case().pk, {})
    assert page.note is not None
    assert page.note.strong == "Hersteld bij de bron."
    assert not (page.may_see or page.people or page.may_accept or page.rows)


def test_what_people_did_is_told_with_their_names(faulty: Supply) -> None:
    case_work.see(faulty.people["keeper"], faulty.case().pk)
    (event,) = finding.page(faulty.people["ict_manager"], faulty.case().pk, {}).events.items
    assert (event.title, event.line) == ("keeper", "zag het")


# The repair list


def test_one_school_is_its_list_and_more_are_a_choice(faulty: Supply) -> None:
    assert repair_list.page(faulty.people["admin-A"], {}).head.title == "De Meerpaal: 2 rijen om te herstellen"
    every = repair_list.page(faulty.people["school_admin"], {})
    assert every.schools is not None
    assert [(door.title, door.line) for door in every.schools.items] == [
        ("De Meerpaal", "2 rijen, 1 bevinding"), ("Veldlyceum", "1 rij, 1 bevinding"),
    ]  # fmt: skip


@pytest.mark.parametrize("school", ["B", "C", "onbekend", "<b>", ""])
def test_another_school_in_the_address_opens_nothing_more(faulty: Supply, school: str) -> None:
    seen = repair_list.page(faulty.people["admin-A"], {"school": school})
    assert seen.head.title == "De Meerpaal: 2 rijen om te herstellen"
    assert browser(faulty.people["admin-A"]).get("/herstellijst.xlsx", {"school": school}).status_code == 404


def test_the_spreadsheet_has_the_rows_of_the_page_and_no_others(faulty: Supply) -> None:
    rows = sheet(get(faulty, "admin-A", "/herstellijst.xlsx?school=A"))
    assert rows[0] == ["Wat is er mis", "Bron en bestand", "Regel", "Sleutel in de bron", "Waarde", "Wat deed Schakel"]
    assert [(row[2], row[3], row[4]) for row in rows[1:]] == [(2.0, "e1", "3**** (5)"), (3.0, "e2", "3**** (5)")]
    line = AuditLine.objects.filter(action="repair_list.read").latest("number")
    assert (line.facts["rows"], line.facts["school"]) == (2, "A")


def test_a_key_like_a_formula_stays_a_text(faulty: Supply) -> None:
    files = faulty.faulty(0)
    files["enrollments"][0]["sourcedId"] = "=1+1"
    faulty.read(files)
    rows = sheet(get(faulty, "admin-A", "/herstellijst.xlsx?school=A"))
    assert "=1+1" in [row[3] for row in rows[1:]]


def test_rows_of_an_unknown_school_are_apart_and_masked(faulty: Supply) -> None:
    files = faulty.faulty(0)
    files["enrollments"][0] |= {"schoolSourcedId": "nergens", "classSourcedId": "nergens"}
    faulty.read(files)
    seen = text(faulty, "keeper", "/herstellijst?school=onbekend")
    assert "Daarom zijn ook de sleutels afgeschermd" in seen
    assert "e1" not in seen.split()


def test_nothing_to_repair_is_said(faulty: Supply) -> None:
    faulty.read()
    assert heading(get(faulty, "admin-A", "/herstellijst").content.decode()) == "Er is niets te herstellen"
    assert heading(get(faulty, "outsider", "/herstellijst").content.decode()) == "Er is niets te herstellen"


def test_what_is_accepted_is_not_on_the_list(faulty: Supply) -> None:
    until = clock.today() + timedelta(days=9)
    case_work.accept(faulty.people["ict_manager"], faulty.case().pk, "Komt in mei.", until)
    assert repair_list.page(faulty.people["admin-A"], {}).empty is not None


# The front doors


def test_icts_door_says_what_is_new(faulty: Supply) -> None:
    titles = [todo.title for todo in supply.page(faulty.people["ict_manager"], {}).todo.items]
    assert "Bekijk één nieuwe bevinding" in titles
    case_work.see(faulty.people["ict_manager"], faulty.case().pk)
    assert findings.todo(faulty.people["ict_manager"]) == []


def test_what_came_back_is_said_first(faulty: Supply) -> None:
    faulty.read()
    faulty.read(faulty.faulty(0))
    (todo,) = findings.todo(faulty.people["ict_manager"])
    assert todo.reason.startswith("Eén kwam terug na herstel.")


def test_the_school_administrators_door_shows_the_own_work(faulty: Supply) -> None:
    page = mine.page(faulty.people["admin-A"])
    assert page.head.title == "Eén bevinding wacht op u"
    assert page.repairs is not None
    assert "2 keer gevonden" in page.repairs.doors.items[0].line
    assert mine.page(faulty.people["outsider"]).repairs is None


# In words


@pytest.mark.parametrize(("value", "said"), [(0.5, "50,0%"), (0.001, "0,1%"), (0.0003, "minder dan 0,1%")])
def test_a_share_that_is_small_is_not_nothing(value: float, said: str) -> None:
    assert finding_words.share(value) == said


@pytest.mark.parametrize("key", finding_words.STANDINGS)
def test_every_standing_has_a_shape_and_a_word(key: str) -> None:
    chip = finding_words.standing_chip(key)
    assert chip.word
    assert chip.icon


# In words


def told(**fields: object) -> Case:
    given = {"file": "finance_year", "column": "Soort", "rule": "vocabulary", "action": "drop row", "read": 56}
    return Case(**{**given, **fields})


@pytest.mark.parametrize(
    ("refused", "words"),
    [(1, "1 rij niet overgenomen, 1,8% van dit bestand"), (2, "2 rijen niet overgenomen, 3,6% van dit bestand")],
)
def test_one_row_is_one(refused: int, words: str) -> None:
    assert finding_words.done(told(refused=refused)) == words


@pytest.mark.parametrize(("refused", "line"), [(1, "1 rij ontbreekt in"), (2, "2 rijen ontbreken in")])
def test_one_row_that_is_missing_is_one(refused: int, line: str) -> None:
    (check,) = finding._spoils(told(refused=refused), Effect((), (), (), (), refused / 56)).items
    assert check.line.startswith(line)


def test_questions_keep_their_own_marks_and_no_others() -> None:
    needs = tuple(Node("need", n, f"n{n}", f"Vraag {n}?") for n in range(6))
    (check,) = finding._spoils(told(), Effect((), needs, (), (), None)).items
    assert check.line == "Vraag 0? · Vraag 1? · Vraag 2? · Vraag 3? en nog 2"


def test_the_expression_of_a_form_is_a_small_note() -> None:
    assert finding_words.of_form(told(rule="pattern", expected="[0-9]{4}"))
    assert not finding_words.of_form(told(rule="pattern", expected=""))
    assert not finding_words.of_form(told(expected="G, O"))
    assert not finding_words.of_form(told(rule="gone", expected="x"))


def test_a_table_of_our_own_is_called_by_its_word(faulty: Supply) -> None:
    words = {"nl": "financiën per jaar", "en": "finance"}
    put(faulty.room.manager, "element.write", InformationObject, "finance_year", **words)
    assert finding_words.where(told(), finding_words.files()) == "financiën per jaar, kolom Soort"
    assert finding_words.where(told(file="users"), finding_words.files()) == "users, kolom Soort"
    assert finding_words.where(told(file="", column=""), {}) == "de levering als geheel"
    with spoken("en"):
        assert finding_words.where(told(), finding_words.files()).startswith("finance, ")


def test_a_rule_is_called_by_its_kind_and_every_kind_has_a_word() -> None:
    assert finding_words.rule_word(told()) == "vaste lijst van waarden (vocabulary)"
    assert finding_words.rule_word(told(rule="gone")) == "gone"
    assert set(finding_words._kinds()) == set(KINDS)
