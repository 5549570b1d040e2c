"""The page of time that came back, and correcting what it rests on."""

import pytest

from schakel.chain.needs import InformationNeed
from schakel.chain.time_returned import TimeCorrection
from schakel.distribute.deliveries import deliver
from tests.portal.conftest import Seen

pytestmark = pytest.mark.django_db


def seen(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, address
    return Seen(answer.content.decode())


def test_before_anything_is_opened_it_says_so(step_in):
    page = seen(step_in("teacher"), "/tijd")
    assert "nog geen tijd teruggekomen" in page.title or "uur kwam terug" in page.title


def test_opening_an_overview_counts_for_need_school_and_role(step_in, board):
    deliver(board.people["mentor"], "absence_16h")
    page = seen(step_in("mentor"), "/tijd")
    assert "uur kwam terug voor het onderwijs" in page.title
    need = InformationNeed.objects.get(key="absence_16h")
    assert need.question in page.text
    assert "Mentor" in page.text
    assert "Veldlyceum" in page.text


def test_who_uses_it_corrects_it(step_in, board):
    deliver(board.people["mentor"], "absence_16h")
    client = step_in("mentor")
    assert "Verbeter de tijd" in seen(client, "/tijd/absence_16h").text
    answer = client.post("/tijd/absence_16h/verbeteren", {"eerst": "50", "nu": "5", "toelichting": "Met de hand."})
    assert answer.status_code == 302
    page = seen(client, "/tijd/absence_16h")
    assert "eerst 50 minuten, nu 5 minuten per keer" in page.text
    assert "Met de hand." in page.text


@pytest.mark.parametrize(
    "form",
    [{}, {"eerst": "x", "nu": "1"}, {"eerst": "10"}, {"eerst": "-5", "nu": "1"}, {"eerst": "99999", "nu": "1"}],
)
def test_what_is_no_number_of_minutes_is_refused_with_a_sentence(step_in, board, form):
    deliver(board.people["mentor"], "absence_16h")
    answer = step_in("mentor").post("/tijd/absence_16h/verbeteren", form)
    assert answer.status_code == 403
    assert "aantal minuten" in answer.content.decode()
    assert not TimeCorrection.objects.exists()


def test_who_does_not_use_it_sees_no_form_and_changes_nothing(step_in):
    client = step_in("outsider")
    assert "Verbeter de tijd" not in seen(client, "/tijd/absence_16h").text
    assert client.post("/tijd/absence_16h/verbeteren", {"eerst": "5", "nu": "1"}).status_code == 403


@pytest.mark.parametrize(
    ("who", "door"),
    [("board_member", "/bestuur"), ("information_manager", "/informatiemanager"), ("ict_manager", "/ict"),
     ("mentor", "/mijn")],
)  # fmt: skip
def test_the_total_is_on_every_front_door(step_in, board, who, door):
    deliver(board.people["mentor"], "absence_16h")
    page = seen(step_in(who), door)
    assert "Teruggegeven tijd" in page.text
    assert "/tijd" in [a.get("href") for a in page.all("a")]
