"""Begun, kept, gone on with, sent: a question that is not finished is not lost, and is nobody else's business."""

import pytest

from schakel.chain import unsent
from schakel.chain.needs import InformationNeed
from schakel.chain.unsent import UnsentQuestion
from schakel.portal import figures
from tests.portal.conftest import Seen
from tests.portal.test_asking import WHOLE

pytestmark = pytest.mark.django_db
HALF = {name: value for name, value in WHOLE.items() if name not in ("besluit", "r-absence.minutes_late")}


def seen(answer):
    return Seen(answer.content.decode())


def kept(person):
    return unsent.own(person)[0].pk


def test_half_a_question_is_kept_and_found_again(step_in, board):
    before = InformationNeed.objects.count()
    client = step_in("mentor")
    answer = client.post("/vragen/bewaren", HALF)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/vragen")
    assert InformationNeed.objects.count() == before
    number = kept(board.people["mentor"])
    assert "Eén vraag is nog niet ingestuurd" in seen(client.get("/vragen")).title
    until = figures.day(unsent.one(board.people["mentor"], number).until)
    for place in ("/vragen", "/mijn"):
        page = seen(client.get(place))
        assert f"wordt bewaard tot en met {until}. Alleen u ziet dit." in page.text
        assert "Welke leerlingen vaak het eerste uur te laat zijn" in page.text
        assert f"/vragen/bewaard/{number}" in [a.get("href") for a in page.all("a")]
        assert f"/vragen/bewaard/{number}/weggooien" in [form.get("action") for form in page.all("form")]


def test_going_on_shows_everything_as_it_was_left(step_in, board):
    client = step_in("mentor")
    client.post("/vragen/bewaren", HALF)
    number = kept(board.people["mentor"])
    answer = client.get(f"/vragen/bewaard/{number}")
    page, html = seen(answer), answer.content.decode()
    assert answer.status_code == 200
    assert HALF["vraag"] in page.text
    values = {i.get("name"): i.get("value") for i in page.all("input")}
    assert (values["bewaard"], values["minuten"], values["keer"], values["mensen"]) == (str(number), "25", "40", "22")
    assert (values["nu"], values["r-pupil.family_name"]) == ("lijst uit het LAS", "weten wie")
    assert values["r-absence.minutes_late"] in ("", None)
    chosen = [o["value"] for o in page.all("option") if "selected" in o]
    assert {"mentor", "elke week", "own_pupils", "A09"} <= set(chosen)
    assert html.count('name="g" value="absence.minutes_late"') == 1


def test_keeping_again_writes_over_and_sending_in_lets_go(step_in, board):
    client = step_in("mentor")
    client.post("/vragen/bewaren", HALF)
    number = kept(board.people["mentor"])
    client.post("/vragen/bewaren", {**WHOLE, "bewaard": number})
    assert UnsentQuestion.objects.count() == 1
    answer = client.post("/vragen/insturen", {**WHOLE, "bewaard": number})
    assert answer.headers["Location"].startswith("/behoeften/")
    assert not UnsentQuestion.objects.exists()
    assert "Nog niet ingestuurd" not in seen(client.get("/vragen")).text


def test_what_is_not_complete_stays_kept(step_in, board):
    client = step_in("mentor")
    client.post("/vragen/bewaren", HALF)
    number = kept(board.people["mentor"])
    answer = client.post("/vragen/insturen", {**HALF, "bewaard": number})
    assert answer.status_code == 422
    assert {"name": "bewaard", "value": str(number), "type": "hidden"} in seen(answer).all("input")
    assert UnsentQuestion.objects.count() == 1


def test_throwing_away(step_in, board):
    client = step_in("mentor")
    client.post("/vragen/bewaren", HALF)
    number = kept(board.people["mentor"])
    assert client.get(f"/vragen/bewaard/{number}/weggooien").status_code == 405
    answer = client.post(f"/vragen/bewaard/{number}/weggooien", follow=True)
    assert "Er is niets ingestuurd" in seen(answer).text
    assert client.get(f"/vragen/bewaard/{number}").status_code == 404


@pytest.mark.parametrize("who", ["teacher", "information_manager", "board_member", "outsider"])
def test_nobody_opens_the_question_of_another(step_in, board, who):
    step_in("mentor").post("/vragen/bewaren", HALF)
    number, client = kept(board.people["mentor"]), step_in(who)
    for answer in (
        client.get(f"/vragen/bewaard/{number}"),
        client.post(f"/vragen/bewaard/{number}/weggooien"),
        client.post("/vragen/bewaren", {**WHOLE, "bewaard": number}),
        client.post("/vragen/insturen", {**WHOLE, "bewaard": number}),
    ):
        page = seen(answer)
        assert answer.status_code == 404
        assert "Wat kunt u doen?" in page.text
        assert "eerste uur te laat" not in page.text
    assert kept(board.people["mentor"]) == number
    assert "te laat zijn" not in seen(client.get("/vragen")).text
    assert not InformationNeed.objects.filter(question__startswith="Welke leerlingen vaak het eerste uur").exists()


@pytest.mark.parametrize("number", ["x", "-1", "9" * 40, "1; DROP", "²"])
def test_a_number_that_is_none_is_no_number(step_in, board, number):
    assert step_in("mentor").post("/vragen/bewaren", {**HALF, "bewaard": number}).status_code == 302
    assert UnsentQuestion.objects.count() == 1


def test_nothing_written_is_nothing_to_keep(step_in, board):
    answer = step_in("mentor").post("/vragen/bewaren", {"rol": "mentor", "ritme": "elke week"})
    assert answer.status_code == 422
    assert "er is nog niets om te bewaren" in seen(answer).text
    assert not UnsentQuestion.objects.exists()


def test_a_stranger_keeps_nothing(client, board):
    assert client.post("/vragen/bewaren", HALF).headers["Location"].startswith("/aanmelden")
    assert not UnsentQuestion.objects.exists()


def test_an_element_that_left_the_register_falls_out(step_in, board):
    client = step_in("mentor")
    client.post("/vragen/bewaren", HALF)
    number = kept(board.people["mentor"])
    row = UnsentQuestion.objects.get(pk=number)
    unsent.keep(
        board.people["mentor"], {**row.content, "lines": [["weg.weg", "required", "x"], *row.content["lines"]]}, number
    )
    answer = client.get(f"/vragen/bewaard/{number}")
    assert answer.status_code == 200
    assert "weg.weg" not in answer.content.decode()
