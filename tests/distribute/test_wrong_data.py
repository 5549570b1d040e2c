"""Wrong data: only about what one may see, to who repairs it for that school, read by nobody else, erased in time."""

from datetime import timedelta

import pytest

from schakel.access.audit import AuditLine, verify
from schakel.access.changes import change
from schakel.access.kept import UnrecordedWrite
from schakel.access.register import end_assignment
from schakel.access.roles import Role, RoleAssignment
from schakel.chain import deciding
from schakel.chain.needs import InformationNeed
from schakel.chain.systems import System
from schakel.cli import work
from schakel.collect.sources import Source
from schakel.distribute import wrong_data
from schakel.distribute.addressing import addressed
from schakel.distribute.entitlement import DeliveryRefused
from schakel.distribute.products import Product, write_product
from schakel.distribute.wrong_data import WrongData, WrongDataText
from schakel.lib import clock
from schakel.lib.errors import Refused, Unknown
from tests.desk import Desk

WORDS = "De geboortedatum van Zebedea Quist"


pytestmark = pytest.mark.django_db
FEEDS = {name: {"sources": ["las"]} for name in ("pupil", "absence")}


def need():
    return InformationNeed.objects.get(key="late")


def clerk(room, person, site):
    """This person repairs what comes from the LAS, for one school."""
    room.assign(
        person, "school_admin", clock.today() - timedelta(days=30), **({"organisation_key": site} if site else {})
    )
    return room.people[person]


@pytest.fixture
def repairing(room: Desk):
    """The small board, where the school administration repairs what comes from the LAS: one for each school."""
    with change(room.manager, "source.write"):
        las = System(key="las", name="LAS")
        las.save()
        Source(
            key="las", name="LAS", system=las, layout="oneroster", pattern="*.zip",
            repairs_role=Role.objects.get(key="school_admin"),
        ).save()  # fmt: skip
    write_product(room.manager, "late", columns=[{"key": "first_name", "nl": "Voornaam"}, {"key": "keren", "nl": "N"}])
    clerk(room, "niemand", "A")
    clerk(room, "oud", "B")
    with room.another_snapshot(tables=FEEDS):
        yield room


def report(room, who="leraar-A1", column="first_name", wrong=WORDS, should_be="3 mei"):
    return wrong_data.report(room.people[who], "late", column, wrong, should_be)


def test_it_goes_to_who_repairs_the_source(repairing):
    item = report(repairing)
    assert (item.state, item.role.key, item.sites, item.column) == ("reported", "school_admin", ["A"], "first_name")
    assert (item.text.wrong, item.text.should_be, item.text.answer) == (WORDS, "3 mei", "")
    assert wrong_data.addressed_to(repairing.people["niemand"]) == [item]
    assert wrong_data.reported_by(repairing.people["leraar-A1"]) == [item]


def test_who_repairs_for_another_school_reads_nothing(repairing):
    item = report(repairing)
    assert wrong_data.addressed_to(repairing.people["oud"]) == []
    with pytest.raises(Unknown):
        wrong_data.one(repairing.people["oud"], item.pk)


def test_who_repairs_for_the_whole_board_reads_all(repairing):
    item = report(repairing)
    assert wrong_data.addressed_to(clerk(repairing, "nieuw", "")) == [item]


@pytest.mark.parametrize(
    "who",
    ["information_manager", "board_member", "ict_manager", "privacy_officer", "leraar-B1", "leider-A", "outsider"],
)
def test_nobody_else_reads_or_moves_it(repairing, who):
    item = report(repairing)
    person = repairing.people[who]
    for attempt in (
        lambda: wrong_data.one(person, item.pk),
        lambda: wrong_data.take_up(person, item.pk),
        lambda: wrong_data.repaired(person, item.pk, "x"),
        lambda: wrong_data.decline(person, item.pk, "x"),
    ):
        with pytest.raises(Unknown) as refusal:
            attempt()
        assert "Zebedea" not in str(refusal.value)
    assert item not in wrong_data.addressed_to(person) + wrong_data.reported_by(person)
    item.refresh_from_db()
    assert item.state == "reported"


def test_a_role_that_ended_reads_nothing_any_more(repairing):
    item = report(repairing)
    person = repairing.people["niemand"]
    assignment = person.assignments.get(role__key="school_admin")
    with clock.held_at(clock.today() + timedelta(days=10)):
        end_assignment(repairing.manager, assignment, clock.today() - timedelta(days=1))
        assert wrong_data.addressed_to(person) == []
        with pytest.raises(Unknown):
            wrong_data.repaired(person, item.pk)


@pytest.mark.parametrize("who", ["leraar-B1", "bestuurder", "outsider", "information_manager"])
def test_only_about_what_one_may_see(repairing, who):
    if who == "leraar-B1":
        assert report(repairing, who).sites == ["B"]
        return
    with pytest.raises(DeliveryRefused):
        report(repairing, who)
    assert not WrongData.objects.exists()
    assert AuditLine.objects.latest("number").action == "product.refuse"


def test_without_an_approval_there_is_nothing_to_report_about(repairing):
    deciding.end(repairing.board_member, need(), "niet meer nodig")
    with pytest.raises(DeliveryRefused):
        report(repairing)


def test_an_overview_that_does_not_exist(repairing):
    with pytest.raises(Unknown):
        wrong_data.report(repairing.people["leraar-A1"], "nergens", "", WORDS)


@pytest.mark.parametrize(
    ("column", "wrong", "code"), [("password", WORDS, "column"), ("", "  ", "words"), ("first_name", "", "words")]
)
def test_what_cannot_be_reported_is_refused_whole(repairing, column, wrong, code):
    with pytest.raises(Refused) as refusal:
        report(repairing, column=column, wrong=wrong)
    assert refusal.value.code == code
    assert not WrongData.objects.exists()
    assert not WrongDataText.objects.exists()


def test_from_reported_to_repaired(repairing):
    item, person = report(repairing), repairing.people["niemand"]
    assert wrong_data.take_up(person, item.pk).state == "repairing"
    assert wrong_data.addressed_to(person) == [item]
    done = wrong_data.repaired(person, item.pk, "Hersteld in het LAS.")
    assert (done.state, done.handler, done.text.answer) == ("repaired", person, "Hersteld in het LAS.")
    assert done.closed_at is not None
    assert wrong_data.addressed_to(person) == []
    assert wrong_data.one(repairing.people["leraar-A1"], item.pk).text.answer == "Hersteld in het LAS."


def test_declining_takes_a_reason_and_closes(repairing):
    item, person = report(repairing), repairing.people["niemand"]
    with pytest.raises(Refused, match="waarom"):
        wrong_data.decline(person, item.pk, "  ")
    assert wrong_data.decline(person, item.pk, "Het staat zo in de akte.").state == "declined"
    for again in (lambda: wrong_data.take_up(person, item.pk), lambda: wrong_data.repaired(person, item.pk)):
        with pytest.raises(Refused) as refusal:
            again()
        assert refusal.value.code == "state"


def test_taking_up_twice_is_said(repairing):
    item, person = report(repairing), repairing.people["niemand"]
    wrong_data.take_up(person, item.pk)
    with pytest.raises(Refused) as refusal:
        wrong_data.take_up(person, item.pk)
    assert refusal.value.code == "state"


def test_the_reporter_does_not_say_that_it_was_repaired(repairing):
    item = report(repairing)
    with pytest.raises(Refused) as refusal:
        wrong_data.repaired(repairing.people["leraar-A1"], item.pk)
    assert (refusal.value.code, refusal.value.who_can) == ("not_yours", ("school_admin",))


def test_each_step_leaves_a_line_without_a_word_of_what_was_written(repairing):
    item, person = report(repairing), repairing.people["niemand"]
    wrong_data.take_up(person, item.pk)
    wrong_data.decline(person, item.pk, "Zebedea heet zo.")
    lines = AuditLine.objects.filter(thing_kind="wrongdata", thing_key=item.key).order_by("number")
    assert [line.action for line in lines] == ["wrong_data.report", *["wrong_data.handle"] * 2]
    assert lines[0].facts["to"] == "school_admin"
    assert not [line for line in AuditLine.objects.all() if "Zebedea" in str(line.facts) or "3 mei" in str(line.facts)]
    assert verify().holds


def test_the_words_of_a_closed_item_are_erased_after_a_term(repairing):
    item, person = report(repairing), repairing.people["niemand"]
    wrong_data.repaired(person, item.pk)
    begin = clock.today()
    with clock.held_at(begin + wrong_data.AFTER_CLOSING - timedelta(days=1)):
        assert wrong_data.erase() == 0
    with clock.held_at(begin + wrong_data.AFTER_CLOSING + timedelta(days=2)):
        assert wrong_data.erase() == 1
        assert wrong_data.erase() == 0
    item = WrongData.objects.get(pk=item.pk)
    assert (item.text, item.state) == (None, "repaired")
    line = AuditLine.objects.latest("number")
    assert (line.action, line.actor, line.facts["items"]) == ("wrong_data.erase", None, [item.pk])


def test_the_schedule_erases_also_when_its_round_breaks_off(repairing, monkeypatch, capsys):
    item = report(repairing)
    wrong_data.repaired(repairing.people["niemand"], item.pk)

    def broken(_actor):
        raise Refused("De bron is weg.")

    monkeypatch.setattr("schakel.operations.flow.run_all", broken)
    with clock.held_at(clock.today() + timedelta(days=120)), pytest.raises(Refused, match="bron is weg"):
        work.round_()
    assert WrongData.objects.get(pk=item.pk).text is None
    told = capsys.readouterr().out
    assert "De tekst van 1 oude melding is gewist." in told
    assert "Zebedea" not in told


def test_what_nobody_closes_does_not_stay_for_ever(repairing):
    item = report(repairing)
    with clock.held_at(clock.today() + wrong_data.AFTER_CLOSING + timedelta(days=2)):
        assert wrong_data.erase() == 0
    with clock.held_at(clock.today() + wrong_data.AT_MOST + timedelta(days=2)):
        assert wrong_data.erase() == 1
    assert WrongData.objects.get(pk=item.pk).text is None


def test_what_was_erased_can_still_be_closed(repairing):
    item, person = report(repairing), repairing.people["niemand"]
    with change(None, "wrong_data.erase"):
        WrongDataText.objects.all().delete()
    assert wrong_data.decline(person, item.pk, "Te laat.").text is None


def test_where_nobody_holds_the_role_the_next_one_reads_it(repairing):
    for assignment in RoleAssignment.objects.filter(role__key="school_admin", end=None):
        start = min(assignment.start, clock.today() - timedelta(days=1))
        assignment.start = start
        end_assignment(repairing.manager, assignment, clock.today() - timedelta(days=1))
    product = Product.objects.get(key="late")
    assert addressed(product, "first_name").key == "information_manager"


def test_without_a_source_the_owner_of_the_need_repairs(repairing):
    leader = Role.objects.get(key="school_leader")
    deciding.revise(repairing.manager, need(), owner_role=leader)
    with repairing.another_snapshot(tables={}):
        assert addressed(Product.objects.get(key="late")).key == "school_leader"


def test_the_words_are_written_only_inside_a_change(repairing):
    item = report(repairing)
    with pytest.raises(UnrecordedWrite):
        item.text.save()
