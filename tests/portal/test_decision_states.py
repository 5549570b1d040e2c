"""Deciding in every state: which steps someone sees and may take, what is told beside it; nothing left out."""

import json
from pathlib import Path

import pytest

from schakel.access.register import put
from schakel.access.roles import Role
from schakel.chain import deciding
from schakel.chain.deciding import Wanted, ask
from schakel.chain.elements import DataElement
from schakel.chain.goals import Activity
from schakel.chain.needs import MATERIAL, InformationNeed
from schakel.lib.errors import Refused
from schakel.lib.text import spoken
from schakel.portal.pages import decision
from tests.desk import SENTENCE, Desk
from tests.portal.conftest import Seen, browser
from tests.portal.supplies import HOSTILE

CASES = Path(__file__).parents[1] / "cases" / "decision_buttons.tsv"
KEY = "x"


def need(key: str = KEY) -> InformationNeed:
    found: InformationNeed = InformationNeed.objects.whole().get(key=key)
    return found


def asked(room: Desk, who: str = "outsider", special: bool = False) -> None:
    elements = [Wanted(room.element("absence.kind"), "required", "nodig")]
    if special:
        fields = {"personal": True, "special": "art9_health"}
        element = put(room.manager, "element.write", DataElement, room.element("sick_leave.kind").key, **fields)[0]
        elements.append(Wanted(element, "wished", "handig"))
    ask(
        room.people[who], KEY, elements=elements, audience=[(Role.objects.get(key="teacher"), "own_groups")],
        role=Role.objects.get(key="teacher"), activity=room.activity, question="Wie is er?", level="group", **SENTENCE,
    )  # fmt: skip


def brought(room: Desk, state: str) -> InformationNeed:
    """The need in a state, by the steps that lead there."""
    asked(
        room,
        "information_manager" if state == "own" else "outsider",
        state in ("special", "advised", "advised_against", "advised_twice"),
    )
    if state == "asked":
        return need()
    deciding.assess(room.manager, need())
    if state.startswith("advised"):
        verdicts = {"advised": [True], "advised_against": [False], "advised_twice": [True, False]}[state]
        for positive in verdicts:
            deciding.advise(room.people["privacy_officer"], need(), positive=positive, text="Zo.")
    if state in ("assessed", "special", "own") or state.startswith("advised"):
        return need()
    if state == "refused":
        deciding.refuse(room.board_member, need(), "Niet nodig.")
        return need()
    room.approve(need())
    if state in ("live", "under_review"):
        deciding.go_live(room.people["ict_manager"], need())
    if state == "under_review":
        deciding.review(room.manager, need())
    if state == "changed":
        deciding.revise(room.manager, need(), rhythm="elke maand")
    if state == "ended":
        deciding.end(room.manager, need(), "Klaar.")
    return need()


def steps(found: decision.Decision | None) -> set[str]:
    """The steps of this test that a person sees a button for."""
    if found is None:
        return set()
    addresses = [action.href for action in found.actions if action.post] + [found.refuse, found.advise]
    known = {"beoordelen", "goedkeuren", "gebruiken", "herzien", "afwijzen", "adviseren"}
    return {address.rsplit("/", 1)[-1] for address in addresses if address} & known


def cases() -> list[tuple[str, str, frozenset[str]]]:
    lines = [line for line in CASES.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return [(s, w, frozenset(b.replace(".", "").split())) for s, w, b in (line.split("\t") for line in lines)]


@pytest.mark.parametrize(("state", "who", "buttons"), cases(), ids=lambda part: part if isinstance(part, str) else "")
def test_who_sees_which_step(room: Desk, state: str, who: str, buttons: frozenset[str]) -> None:
    found = decision.of(room.people[who], brought(room, state))
    assert steps(found) == buttons


@pytest.mark.parametrize("state", sorted({state for state, _who, _buttons in cases()}))
def test_a_step_that_is_shown_can_be_taken_and_the_others_cannot(room: Desk, state: str) -> None:
    """The button to approve and the approval itself never say different things."""
    made = brought(room, state)
    for who in ("board_member", "information_manager", "outsider", "ict_manager"):
        shown = "goedkeuren" in steps(decision.of(room.people[who], made))
        version = made.versions.order_by("-number").first()
        answer = browser(room.people[who]).post(f"/behoeften/{KEY}/goedkeuren", {"vingerafdruk": version.content_hash})
        assert (answer.status_code == 302) is shown, (who, state)
        if shown:
            return


@pytest.mark.parametrize(
    ("state", "who"), [("assessed", "board_member"), ("special", "privacy_officer"), ("approved", "ict_manager")]
)
def test_never_two_filled_buttons(room: Desk, state: str, who: str) -> None:
    brought(room, state)
    html = browser(room.people[who]).get(f"/behoeften/{KEY}").content.decode()
    assert html.split('<form class="reveal"')[0].count("btn go") == 1


# Beside the buttons


@pytest.mark.parametrize(
    ("state", "who", "says"),
    [
        ("asked", "board_member", "Wacht op beoordeling bij Youssef Haddou."),
        (
            "special",
            "board_member",
            "Er staat een bijzonder gegeven in. Eerst adviseert Ineke Postma over deze versie.",
        ),
        (
            "own",
            "information_manager",
            "U vroeg of schreef deze behoefte zelf. Iemand anders beslist: Marijke Terpstra.",
        ),
        ("assessed", "outsider", "Wacht op een besluit van"),
        ("assessed", "leraar-A1", "Marijke Terpstra"),
    ],
)
def test_who_has_no_button_reads_who_has(room: Desk, state: str, who: str, says: str) -> None:
    found = decision.of(room.people[who], brought(room, state))
    assert found is not None
    assert found.note is not None
    assert says in found.note.text


def test_the_requester_is_never_named_as_the_one_who_decides(room: Desk) -> None:
    found = decision.of(room.people["outsider"], brought(room, "own"))
    assert found is not None
    assert found.note is not None
    assert "Youssef Haddou" not in found.note.text


# What changes


def effects(found: decision.Decision | None) -> dict[str, str]:
    assert found is not None
    return {item.term: item.text for item in found.effects.items}


def test_what_is_newly_collected_is_named(room: Desk) -> None:
    told = effects(decision.of(room.board_member, brought(room, "assessed")))
    assert told["Nieuw verzameld"] == "Niets: alles wordt al verzameld voor een andere behoefte."
    deciding.revise(room.manager, need(), elements=[Wanted(room.element("pupil.birth_date"), "required", "leeftijd")])
    told = effects(decision.of(room.board_member, need()))
    assert told["Nieuw verzameld"] == "Schakel gaat 1 gegeven nieuw verzamelen: pupil.birth_date."
    assert told["Wie het ziet"] == "teacher (eigen groepen)"


def test_what_goes_is_only_what_no_other_need_names(room: Desk) -> None:
    """absence.kind stands in two other needs: it does not go when this one no longer asks for it."""
    asked(room)
    wanted = [
        Wanted(room.element(key), "required", "nodig") for key in ("absence.kind", "pupil.birth_date", "pupil.sex")
    ]
    deciding.revise(room.people["information_manager"], need(), elements=wanted)
    deciding.assess(room.manager, need())
    room.approve(need())
    deciding.revise(room.manager, need(), elements=[wanted[2]])
    told = effects(decision.of(room.board_member, need()))
    assert told["Gegevens weg"].startswith("Geen andere behoefte noemt nog: pupil.birth_date.")
    assert "absence.kind" not in told["Gegevens weg"]


def test_nothing_goes_when_another_need_names_all_of_it(room: Desk) -> None:
    asked(room)
    wanted = [Wanted(room.element(key), "required", "nodig") for key in ("absence.kind", "pupil.sex")]
    deciding.revise(room.manager, need(), elements=wanted)
    deciding.assess(room.manager, need())
    room.approve(need())
    deciding.revise(room.manager, need(), elements=[wanted[1]])
    assert "Gegevens weg" not in effects(decision.of(room.board_member, need()))


# The difference leaves nothing out


@pytest.mark.parametrize("field", sorted({*MATERIAL, "role", "activity"}))
def test_every_change_that_voids_an_approval_is_shown(room: Desk, field: str) -> None:
    """Four eyes see nothing when the page says 'ongewijzigd' beside what was changed."""
    before = brought(room, "assessed").content()
    values = {"level": "person", "expires_on": "2027-01-01"}
    after = {**before, field: values.get(field, "iets anders")}
    changed = [row for row in decision.difference(before, after, 1, 2).rows if not row.same or row.before != row.after]
    assert len(changed) == 1, field
    assert json.dumps([list(changed[0].new), changed[0].after]) != json.dumps(
        [list(changed[0].gone), changed[0].before]
    )


def test_a_step_from_figures_to_persons_cannot_be_missed(room: Desk) -> None:
    brought(room, "approved")
    deciding.revise(room.manager, need(), level="person")
    page = Seen(browser(room.board_member).get(f"/behoeften/{KEY}").content.decode()).text
    assert "Was per groep" in page
    assert "Wordt per persoon" in page


def test_another_reason_for_an_element_is_shown(room: Desk) -> None:
    before = brought(room, "assessed").content()
    lines = {key: [line[0], "een heel andere reden", *line[2:]] for key, line in before["elements"].items()}
    (row,) = [r for r in decision.difference(before, {**before, "elements": lines}, 1, 2).rows if not r.same]
    assert row.gone == ["absence.kind: nodig"]
    assert row.new == ["absence.kind: een heel andere reden"]


def test_names_of_role_and_activity_not_their_keys(room: Desk) -> None:
    put(room.manager, "role.write", Role, "teacher", nl="leraar", en="teacher")
    put(room.manager, "activity.write", Activity, "A1", nl="Verzuim melden", en="Report absence")
    content = brought(room, "assessed").content()
    rows = {row.part: row.after for row in decision.difference(None, content, 0, 1).rows}
    assert (rows["Wie vraagt het"], rows["Activiteit"], rows["Niveau"]) == ("leraar", "Verzuim melden", "per groep")
    with spoken("en"):
        rows = {row.part: row.after for row in decision.difference(None, content, 0, 1).rows}
        assert (rows["Who asks"], rows["Activity"], rows["Level"]) == ("teacher", "Report absence", "per group")


def test_a_role_that_is_gone_is_called_by_its_key(room: Desk) -> None:
    content = {**brought(room, "assessed").content(), "role": "verdwenen", "activity": "weg"}
    rows = {row.part: row.after for row in decision.difference(None, content, 0, 1).rows}
    assert (rows["Wie vraagt het"], rows["Activiteit"]) == ("verdwenen", "weg")


# Hostile words, forged steps


def test_words_of_people_stay_words(room: Desk) -> None:
    brought(room, "assessed")
    deciding.revise(room.manager, need(), question=HOSTILE, decision=HOSTILE, rhythm=HOSTILE, purpose=HOSTILE)
    for who in ("board_member", "information_manager", "outsider"):
        html = browser(room.people[who]).get(f"/behoeften/{KEY}").content.decode()
        assert "<b>&\"'" not in html
        assert "&lt;b&gt;&amp;&quot;&#x27;" in html


@pytest.mark.parametrize("step", ["beoordelen", "goedkeuren", "afwijzen", "adviseren", "gebruiken", "herzien"])
def test_no_step_on_a_need_that_does_not_exist(room: Desk, step: str) -> None:
    for who in ("board_member", "information_manager", "ict_manager", "privacy_officer"):
        answer = browser(room.people[who]).post(f"/behoeften/bestaat-niet/{step}", {"reden": "x", "tekst": "x"})
        assert answer.status_code in (403, 404)


@pytest.mark.parametrize("reason", ["", "   ", "\n\t"])
def test_no_refusal_and_no_advice_without_words(room: Desk, reason: str) -> None:
    brought(room, "special")
    assert browser(room.board_member).post(f"/behoeften/{KEY}/afwijzen", {"reden": reason}).status_code == 403
    answer = browser(room.people["privacy_officer"]).post(f"/behoeften/{KEY}/adviseren", {"tekst": reason})
    assert answer.status_code == 403
    assert need().state == "assessed"
    assert not need().advices.exists()


def test_a_very_long_reason_is_kept_as_far_as_it_goes(room: Desk) -> None:
    brought(room, "assessed")
    browser(room.board_member).post(f"/behoeften/{KEY}/afwijzen", {"reden": "x" * 50_000})
    assert len(need().refusal_reason) == 2000


def test_advice_without_a_clear_yes_is_no(room: Desk) -> None:
    brought(room, "special")
    for verdict in ("", "ja", "POSITIEF", "negatief"):
        browser(room.people["privacy_officer"]).post(f"/behoeften/{KEY}/adviseren", {"oordeel": verdict, "tekst": "x"})
        assert not need().advices.order_by("-at", "-pk").first().positive
    with pytest.raises(Refused):
        room.approve(need())


@pytest.mark.parametrize(
    ("who", "decides"), [("board_member", True), ("information_manager", True), ("teacher", False), ("outsider", False)]
)
def test_only_who_decides_is_told_that_they_approve(room: Desk, who: str, decides: bool) -> None:
    """The outsider asked it, the teacher may not; they read what a decision is about."""
    found = decision.of(room.people[who], brought(room, "assessed"))
    assert found is not None
    assert (found.who == "U keurt precies deze tekst goed.") is decides
    assert (found.effects.heading == "Wat verandert er als u goedkeurt?") is decides


def test_who_decides_once_there_is_advice_is_told_so_beforehand(room: Desk) -> None:
    found = decision.of(room.board_member, brought(room, "special"))
    assert found is not None
    assert found.actions == []
    assert found.who == "U keurt precies deze tekst goed."


def test_a_first_version_says_its_number_once(room: Desk) -> None:
    """On a phone each cell says its column; here there is only one."""
    brought(room, "assessed")
    html = browser(room.board_member).get(f"/behoeften/{KEY}").content.decode()
    assert 'data-l="Versie 1"' not in html
