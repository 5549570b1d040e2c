"""The pages of the kits: what each brings, choosing parts, who changed what, and what the refused needs teach."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from schakel.access.audit import AuditLine
from schakel.access.register import put
from schakel.chain import deciding
from schakel.chain.approvals import standing_approval
from schakel.chain.goals import Goal
from schakel.chain.needs import InformationNeed
from schakel.distribute.products import Product
from schakel.kits import contents, families
from schakel.kits.contents import Item, Kit
from schakel.kits.loading import load
from schakel.portal.pages import kit_differences
from schakel.steer.norms import Norm
from tests.conftest import Board
from tests.portal.conftest import Seen, Step

NEW = "reference_levels"  # in the kit po, not in the starter kit


def need(key: str) -> InformationNeed:
    found: InformationNeed = InformationNeed.objects.whole().get(key=key)
    return found


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The base as a next version of Schakel would bring it: one goal and two needs say something else."""

    def edited(item: Item) -> Item:
        changes = {
            "G03": {"nl": "Elke leerling is op school", "en": "Every pupil is at school"},
            "class_size": {"question_nl": "Welke groepen zijn te groot?"},
            "health_instructions": {"purpose_nl": "Helpen in nood."},
        }
        return replace(item, fields={**item.fields, **changes.get(item.key, {})})

    def changed(kit: Kit) -> Kit:
        return replace(kit, items=tuple(map(edited, kit.items)), whole=tuple(map(edited, kit.whole)))

    kits = {name: changed(families.delivered(name)) for name in contents.names()}
    monkeypatch.setattr(families, "delivered", lambda name: kits[name])
    everything = changed(families.everything())
    monkeypatch.setattr(families, "everything", lambda: everything)
    yield


def page(step_in: Step, address: str, who: str = "information_manager") -> Seen:
    answer = step_in(who).get(address)
    assert answer.status_code == 200
    return Seen(answer.content.decode())


def test_the_list_names_every_kit_with_what_is_there(step_in: Step) -> None:
    found = page(step_in, "/startpakketten")
    for kit in contents.names():
        assert families.delivered(kit).name["nl"] in found.words
        assert f"/startpakketten/{kit}" in {a.get("href") for a in found.all("a")}
    assert found.title.startswith("82 behoeften van anderen")
    assert "Geladen" in found.words and "Nog niet geladen" in found.words and "Deels geladen" in found.words


def test_it_can_be_reached_from_the_needs(step_in: Step) -> None:
    links = {a.get("href") for a in page(step_in, "/behoeften").all("a")}
    assert "/startpakketten" in links


def test_a_kit_offers_its_own_needs_to_who_may_load(step_in: Step) -> None:
    found = page(step_in, "/startpakketten/po")
    boxes = {box["value"] for box in found.all("input") if box.get("name") == "deel"}
    assert f"needs:{NEW}" in boxes and "needs:skills_growth" in boxes
    assert "needs:absence_16h" not in boxes, "those stand on the page of the base"
    assert "needs:medical_school_list" not in boxes, "a refused need is a lesson, not an offer"


@pytest.mark.parametrize("who", ["teacher", "board_member", "outsider"])
def test_others_look_and_read_who_may(step_in: Step, who: str) -> None:
    found = page(step_in, "/startpakketten/po", who)
    assert not [box for box in found.all("input") if box.get("name") == "deel"]
    assert "Youssef Haddou" in found.text and "Bekijk wat er meekomt" not in found.text
    assert "Laad dit in het register" not in page(step_in, f"/startpakketten/po/keuze?deel=needs:{NEW}", who).text
    answer = step_in(who).post("/startpakketten/po/laden", {"deel": f"needs:{NEW}"})
    assert answer.status_code == 403 and not InformationNeed.objects.filter(key=NEW).exists()


def test_before_loading_it_says_what_comes_along(step_in: Step) -> None:
    lines = AuditLine.objects.filter(action__startswith="need.").count()
    found = page(step_in, f"/startpakketten/po/keuze?deel=needs:{NEW}")
    assert found.title.startswith("Negen dingen komen erbij")
    for each in ("Referentieniveau", "Cijfers over een vestiging", "Waarde van de Inspectie"):
        assert each in found.text
    assert not InformationNeed.objects.filter(key=NEW).exists()
    assert AuditLine.objects.filter(action__startswith="need.").count() == lines


def test_loading_a_part_brings_it_as_a_question(step_in: Step, board: Board) -> None:
    client = step_in("information_manager")
    answer = client.post("/startpakketten/po/laden", {"deel": f"needs:{NEW}"}, follow=True)
    assert "Negen dingen staan nu in uw register." in answer.content.decode()
    assert need(NEW).state == "asked" and need(NEW).requester == board.people["information_manager"]
    assert not InformationNeed.objects.filter(key="tests_missing").exists(), "what was not chosen stayed out"
    shown = Product.objects.filter(need__key=NEW).values_list("key", flat=True)
    assert set(shown) == {"reference_levels", "reference_levels_by_domain"}
    assert Norm.objects.get(indicator__key="I_1F").value == Decimal("0.85")
    again = client.post("/startpakketten/po/laden", {"deel": f"needs:{NEW}"}, follow=True)
    assert "Alles stond er al." in again.content.decode()


def test_the_whole_kit_can_be_taken_at_once(step_in: Step) -> None:
    step_in("information_manager").post("/startpakketten/so/laden", {})
    assert {"tlv_expiry", "attendance_so"} <= set(InformationNeed.objects.values_list("key", flat=True))


@pytest.mark.parametrize("address", ["/startpakketten/nergens", "/startpakketten/po/keuze?deel=needs:nergens"])
def test_what_is_not_there_is_a_page_with_a_way_on(step_in: Step, address: str) -> None:
    answer = step_in("information_manager").get(address)
    assert answer.status_code == 404 and "Wat kunt u doen?" in answer.content.decode()


def test_a_forged_part_loads_nothing_and_says_why(step_in: Step) -> None:
    before = AuditLine.objects.count()
    answer = step_in("information_manager").post("/startpakketten/po/laden", {"deel": "needs:nergens"}, follow=True)
    assert "needs:nergens" in answer.content.decode()
    assert AuditLine.objects.filter(number__gt=before, action="kit.load").count() == 0


def test_refused_needs_are_lessons_with_what_serves_instead(step_in: Step) -> None:
    found = page(step_in, "/startpakketten/po")
    assert "Wat anderen vroegen en niet kregen" in found.words and "Te breed." in found.text
    assert {"href": "/behoeften/health_instructions"} in found.all("a")
    assert "health_instructions" not in found.text, "people read a question, not a key"
    client = step_in("information_manager")
    client.post("/taal", {"taal": "en", "terug": "/mijn"})
    assert "Too wide." in client.get("/startpakketten/po").content.decode()


def test_names_that_are_not_established_say_so(step_in: Step) -> None:
    found = page(step_in, "/startpakketten/base?r-vast=nee")
    assert "niet vastgesteld: ons voorstel" in found.words and "niet vastgesteld: afgeleid" in found.words
    sure = page(step_in, "/startpakketten/base?r-vast=ja&r-zoek=verzuimco")
    assert "Verzuimcoördinatie" in sure.words and "vastgesteld" in sure.words
    assert "niet vastgesteld: ons voorstel" not in sure.words


def test_who_changed_what_is_told_apart(step_in: Step, board: Board, newer: None) -> None:
    put(board.people["information_manager"], "goal.write", Goal, "G05", nl="Wij zijn veilig")
    found = page(step_in, "/startpakketten/base")
    assert "Gewijzigd door het pakket" in found.words, "the goal, which the board left as it was"
    assert "Gewijzigd door het pakket, maar van u" in found.words, "the need, which is in use"
    assert "Gewijzigd door uw bestuur" in found.words and "Wij zijn veilig" in found.text
    ticks = {(box.get("name"), box.get("value")) for box in found.all("input")}
    assert {("deel", "goals:G03"), ("neem", "needs:class_size")} <= ticks
    assert ("neem", "goals:G05") not in ticks, "there is nothing new to take over"
    put(board.people["information_manager"], "goal.write", Goal, "G03", nl="Iedereen is er")
    found = page(step_in, "/startpakketten/base")
    assert "Gewijzigd door allebei" in found.words


def test_taking_over_says_first_that_the_approval_goes(step_in: Step, newer: None) -> None:
    assert need("class_size").state == "live"
    client = step_in("information_manager")
    found = page(step_in, "/startpakketten/base/keuze?neem=needs:class_size")
    assert "vervalt de goedkeuring" in found.text and "Welke groepen zijn te groot?" in found.text
    assert need("class_size").state == "live" and standing_approval(need("class_size"))
    hidden = {(box.get("name"), box.get("value")) for box in found.all("input")}
    assert {("deel", "needs:class_size"), ("neem", "needs:class_size")} <= hidden
    client.post("/startpakketten/base/laden", {"deel": "needs:class_size", "neem": "needs:class_size"})
    assert need("class_size").question == "Welke groepen zijn te groot?"
    assert need("class_size").state == "asked" and standing_approval(need("class_size")) is None


def test_loading_the_newer_kit_leaves_what_was_decided_on(step_in: Step, board: Board, newer: None) -> None:
    client = step_in("information_manager")
    client.post("/startpakketten/base/laden", {})
    assert Goal.objects.get(key="G03").nl == "Elke leerling is op school"
    assert need("class_size").question.startswith("Hoe groot zijn onze groepen")
    assert need("class_size").state == "live" and standing_approval(need("class_size"))


@pytest.mark.parametrize(
    ("field", "word"),
    [
        ("question", "vraag"),
        ("question_en", "vraag (Engels)"),
        ("en", "naam (Engels)"),
        ("element pupil.first_name", "gegeven pupil.first_name"),
        ("audience mentor:own_pupils", "ontvanger mentor, eigen leerlingen"),
        ("content A", "inhoud, A"),
        ("biv_field", "biv_field"),
    ],
)
def test_a_field_has_a_word(field: str, word: str) -> None:
    assert kit_differences.field_word(field) == word


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "niets"), ("", "niets"), ([], "niets"), (True, "ja"), (False, "nee"), (["a", "b"], "a, b"), (3, "3"),
     ("x" * 400, "x" * 300 + " …")],
)  # fmt: skip
def test_a_value_reads_well(value: object, text: str) -> None:
    assert kit_differences.shown(value) == text


def test_deciding_on_a_loaded_part_goes_the_usual_way(step_in: Step, board: Board) -> None:
    load(board.people["information_manager"], "po", only=["needs:tests_missing"])
    deciding.assess(board.people["information_manager"], need("tests_missing"))
    answer = step_in("board_member").get("/behoeften/tests_missing").content.decode()
    assert "Keur versie 1 goed" in answer
