"""The page of time that came back, and correcting what it rests on."""

import pytest

from schakel.chain import deciding
from schakel.chain.needs import InformationNeed
from schakel.chain.time_returned import TimeCorrection
from schakel.distribute.deliveries import deliver
from schakel.distribute.time_returned import returned
from schakel.kits.decisions import estimate_minutes
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


def test_on_the_demo_board_the_time_it_costs_now_is_taken_off(step_in, board):
    """An estimate that stands in the register like any other, is visible, and that counts on every front door."""
    deliver(board.people["mentor"], "absence_16h")
    need = InformationNeed.objects.get(key="absence_16h")
    assert 0 < need.minutes_now < need.minutes_before
    found = returned()
    assert found.minutes == need.minutes_before - need.minutes_now
    assert found.whole == []
    told = seen(step_in("mentor"), "/behoeften/absence_16h").text
    assert f"Met Schakel {need.minutes_now} minuten per keer (opgegeven)." in told
    door = seen(step_in("information_manager"), "/informatiemanager").text
    assert "1 keer geopend (geteld), maal de minuten die het scheelt (opgegeven)." in door


def test_what_nobody_said_about_now_is_named(step_in, board):
    deliver(board.people["mentor"], "absence_16h")
    deciding.revise(
        board.people["information_manager"], InformationNeed.objects.get(key="absence_16h"), minutes_now=None
    )
    page = seen(step_in("mentor"), "/tijd")
    assert "Van één behoefte zei nog niemand hoeveel tijd zij nu kost; daar telt alle tijd van eerst." in page.text


def test_every_need_in_use_on_the_demo_board_has_its_estimate(board):
    for need in InformationNeed.objects.filter(state="live", minutes_before__isnull=False):
        assert need.minutes_now <= need.minutes_before / 2, need.key
    assert estimate_minutes(board.people) == 0  # once: what somebody said since is not written over


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
