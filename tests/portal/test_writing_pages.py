"""The page to write an overview: what the need opens, a verdict with its line, saving what fits, and never a row."""

import re
from pathlib import Path

import pytest

from schakel import kits
from schakel.chain import deciding
from schakel.chain.needs import InformationNeed
from schakel.distribute import writing
from schakel.distribute.delivery import Delivery
from schakel.distribute.products import Product, write_product
from schakel.portal.pages import writing as pages
from tests.desk import Desk
from tests.portal.conftest import Seen, browser

pytestmark = pytest.mark.django_db
PLACE = "/behoeften/late/overzichten"
FORM = {
    "titel": "Namen op een rij", "vorm": "table", "orden": "-naam",
    "sql": "SELECT p.first_name AS naam\r\nFROM pupil AS p\r\nWHERE p.name_prefix IS NULL",
    "leeg": "Vandaag niemand.", "overzicht": "", "stand": "",
}  # fmt: skip


def seen(answer):
    return Seen(answer.content.decode())


def post(room, step="opslaan", who="information_manager", **more):
    return browser(room.people[who]).post(f"{PLACE}/{step}", {**FORM, **more})


def test_the_need_leads_to_the_page(room: Desk):
    page = seen(browser(room.manager).get("/behoeften/late"))
    assert f"{PLACE}/late" in [a.get("href") for a in page.all("a")]
    assert PLACE not in browser(room.people["leraar-A1"]).get("/behoeften/late").content.decode()


def test_an_empty_page_shows_what_the_need_opens_and_who_receives_it(room: Desk):
    page = seen(browser(room.manager).get(f"{PLACE}/nieuw"))
    for words in ("first_name", "name_prefix", "teacher", "voor de eigen groepen", "Per persoon", "elke schooldag"):
        assert words in page.text
    assert "birth_date" not in page.text
    assert "U ziet hier geen rijen en geen aantallen" in page.text


def test_looking_shows_columns_and_what_they_are_made_of_and_keeps_nothing(room: Desk):
    answer = post(room, "nakijken")
    page = seen(answer)
    assert answer.status_code == 200
    assert "Dit past bij de behoefte" in page.text
    assert "pupil.first_name" in page.text
    assert "om te filteren, te koppelen of te ordenen: pupil.name_prefix" in page.text
    assert [i["value"] for i in page.all("input") if i.get("name") == "kolom"] == ["naam"]
    assert not Product.objects.filter(nl="Namen op een rij").exists()
    assert not Delivery.objects.exists()
    assert "KindpA" not in answer.content.decode()


@pytest.mark.parametrize(("language", "word"), [("nl", "heel getal"), ("en", "whole number")])
def test_how_a_column_is_written_is_said_in_the_words_of_the_reader(room: Desk, language, word):
    client = browser(room.manager, taal=language)
    html = client.post(f"{PLACE}/nakijken", {**FORM, "kolom": ["naam"], "k-naam-vorm": "integer"}).content.decode()
    chosen = re.search(r'<select[^>]*name="k-naam-vorm".*?</select>', html, re.DOTALL)
    assert chosen is not None
    assert f'<option value="integer" selected>{word}</option>' in chosen[0]
    said = re.findall(r'<option value="(\w+)"[^>]*>([^<]+)</option>', chosen[0])
    assert [value for value, _said in said] == list(pages.FORMATS)
    english = {value for value, said_ in said if value == said_}
    assert english <= ({"week"} if language == "nl" else {"text", "percentage", "hours", "week", "month", "ratio"})


def test_every_way_that_the_kits_write_a_column_can_be_chosen():
    files = Path(kits.__file__).parent.rglob("*.yaml")
    used = {name for file in files for name in re.findall(r"\bformat: ([a-z]+)", file.read_text("utf-8"))}
    assert used
    assert used <= set(pages.FORMATS)


def test_what_would_be_refused_is_said_with_its_line_and_nothing_is_lost(room: Desk):
    sql = "SELECT p.first_name AS naam\nFROM pupil AS p\nWHERE p.birth_date IS NULL"
    page = seen(post(room, "nakijken", sql=sql))
    assert "Dit zou geweigerd worden." in page.text
    assert "Regel 3." in page.text
    assert "De behoefte noemt pupil.birth_date niet" in page.text
    assert "WHERE p.birth_date IS NULL" in page.text
    assert next(i for i in page.all("input") if i.get("name") == "titel")["value"] == "Namen op een rij"


def test_saving_makes_it_live_for_the_audience_and_for_nobody_else(room: Desk):
    answer = post(
        room, **{"kolom": ["naam"], "k-naam-nl": "Voornaam", "k-naam-en": "First name", "k-naam-vorm": "text"}
    )
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{PLACE}/namen-op-een-rij")
    made = Product.objects.get(key="namen-op-een-rij")
    assert made.columns == [{"key": "naam", "nl": "Voornaam", "en": "First name", "format": "text"}]
    assert (made.sort, made.empty, made.sql.count("\r")) == (["-naam"], {"nl": "Vandaag niemand."}, 0)
    assert browser(room.people["leraar-A1"]).get("/overzichten/namen-op-een-rij").status_code == 200
    assert browser(room.manager).get("/overzichten/namen-op-een-rij").status_code == 403


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"titel": " "}, "Geef het overzicht een titel."),
        ({"sql": "  "}, "Schrijf de vraag in SQL."),
        ({"sql": "SELECT p.family_name AS naam FROM pupil AS p"}, "pupil.family_name"),
        ({"sql": "DELETE FROM pupil"}, "Dit zou geweigerd worden."),
        ({"sql": "SELECT '" + "x" * 30_000 + "' AS a"}, "te groot"),
        ({"orden": "naam, weg"}, "Deze kolommen staan niet in het antwoord: weg."),
    ],
)
def test_what_is_not_right_is_named_and_not_saved(room: Desk, more, sentence):
    answer = post(room, **more)
    assert answer.status_code == 422
    assert sentence in seen(answer).text
    assert "Nog niet opgeslagen" in seen(answer).title
    assert not Product.objects.filter(key="namen-op-een-rij").exists()


def test_what_does_not_fit_leaves_what_is_live_alone(room: Desk):
    before = Product.objects.get(key="late")
    sql = "SELECT p.family_name AS naam FROM pupil AS p"
    answer = post(room, overzicht="late", stand=writing.fingerprint(before), sql=sql)
    assert answer.status_code == 422
    assert Product.objects.get(key="late").sql == before.sql
    assert browser(room.people["leraar-A1"]).get("/overzichten/late").status_code == 200


def test_changing_keeps_what_the_page_does_not_ask(room: Desk):
    columns = [
        {"key": "first_name", "nl": "Naam", "en": "Name", "format": "state", "words": {"x": {"nl": "y"}}},
        {"key": "name_prefix", "nl": "Voorvoegsel", "format": "text", "optional": True},
    ]
    write_product(room.manager, "late", columns=columns, chart={"kind": "bars"}, signals={"rules": []})
    page = seen(browser(room.manager).get(f"{PLACE}/late"))
    form = {i["name"]: i.get("value") or "" for i in page.all("input") if i.get("name") and i.get("type") != "checkbox"}
    checked = {i["name"]: "on" for i in page.all("input") if i.get("type") == "checkbox" and "checked" in i}
    keys = [i["value"] for i in page.all("input") if i.get("name") == "kolom"]
    sql = Product.objects.get(key="late").sql
    answer = post(
        room, **{**form, **checked, "kolom": keys, "sql": sql, "titel": "Anders", "k-first_name-vorm": "state"}
    )
    assert answer.status_code == 302
    made = Product.objects.get(key="late")
    described = {each["key"]: each for each in made.columns}
    assert described["first_name"]["words"] == {"x": {"nl": "y"}}
    assert described["name_prefix"]["optional"] is True
    assert (made.nl, made.chart, made.need.key) == ("Anders", {"kind": "bars"}, "late")


def test_a_column_that_may_be_missing_stays_described_while_it_is(room: Desk):
    need = InformationNeed.objects.whole().get(key="late")
    deciding.decline_element(room.manager, need, "pupil.name_prefix", "niet nodig")
    deciding.assess(room.manager, need)
    room.approve(need)
    page = seen(browser(room.manager).get(f"{PLACE}/late"))
    keys = [i["value"] for i in page.all("input") if i.get("name") == "kolom"]
    assert "name_prefix" in keys
    assert "k-name_prefix-missen" in [i.get("name") for i in page.all("input")]


def test_saving_over_a_colleague_is_told_and_loses_nothing(room: Desk):
    before = writing.fingerprint(Product.objects.get(key="late"))
    write_product(room.manager, "late", nl="Door een ander")
    answer = post(room, overzicht="late", stand=before, sql=Product.objects.get(key="late").sql, orden="")
    assert answer.status_code == 409
    page = seen(answer)
    assert "Iemand anders heeft dit overzicht intussen gewijzigd" in page.text
    assert next(i for i in page.all("input") if i.get("name") == "titel")["value"] == "Namen op een rij"
    assert Product.objects.get(key="late").nl == "Door een ander"


def test_versions_can_be_read_back(room: Desk):
    write_product(room.manager, "late", nl="Tweede titel")
    page = seen(browser(room.manager).get(f"{PLACE}/late"))
    assert "Versie 2," in page.text
    assert "Versie 1," in page.text


@pytest.mark.parametrize("who", ["leraar-A1", "board_member", "privacy_officer", "outsider"])
def test_who_may_not_write_gets_no_page(room: Desk, who):
    client = browser(room.people[who])
    answers = [
        client.get(f"{PLACE}/nieuw"),
        client.get(f"{PLACE}/late"),
        post(room, who=who),
        post(room, "nakijken", who),
    ]
    assert [answer.status_code for answer in answers] == [403] * 4
    assert not Product.objects.filter(key="namen-op-een-rij").exists()


def test_without_an_approval_there_is_a_page_that_says_so(room: Desk):
    deciding.revise(room.manager, InformationNeed.objects.get(key="late"), decision="Iets anders.")
    for answer in (browser(room.manager).get(f"{PLACE}/nieuw"), post(room), post(room, "nakijken")):
        assert answer.status_code == 403
        assert "geen geldig besluit" in answer.content.decode()
    assert PLACE not in browser(room.manager).get("/behoeften/late").content.decode()


@pytest.mark.parametrize("address", [f"{PLACE}/nergens", f"{PLACE}/kinds", "/behoeften/nergens/overzichten/nieuw"])
def test_what_is_not_here_is_a_page(room: Desk, address):
    assert browser(room.manager).get(address).status_code == 404


def test_another_needs_product_cannot_be_named_in_the_form(room: Desk):
    assert post(room, overzicht="kinds").status_code == 404
    assert Product.objects.get(key="kinds").need.key == "kinds"


def test_two_with_the_same_title_get_their_own_address(room: Desk):
    assert [post(room).headers["Location"] for _ in range(2)] == [
        f"{PLACE}/namen-op-een-rij", f"{PLACE}/namen-op-een-rij-2",
    ]  # fmt: skip


def test_hostile_columns_are_words(room: Desk):
    html = post(room, "nakijken", kolom=["<script>x</script>"], titel="<script>y</script>").content.decode()
    assert "<script>x" not in html
    assert "<script>y" not in html
