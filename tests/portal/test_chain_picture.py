"""The chain picture: it can be read, clicked and filtered, says what is missing, and the table carries the same."""

import re

import pytest
from django.test import Client
from lxml import etree

from schakel.access.register import put
from schakel.access.roles import Role
from schakel.chain import deciding, gaps, graph
from schakel.chain.goals import Activity, Goal
from schakel.chain.needs import InformationNeed
from schakel.chain.systems import System
from schakel.portal import holes
from schakel.portal.threads import LAYERS, Filters, all_threads, filtered, through
from tests.conftest import Board
from tests.portal.conftest import Seen, Step


@pytest.fixture
def manager(step_in: Step) -> Client:
    return step_in("information_manager")


def seen(client: Client, address: str) -> Seen:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return Seen(answer.content.decode())


def title(page: Seen) -> str:
    return page.title.removesuffix(" – Schakel")


def drawing(client: Client, address: str) -> etree._Element:
    """The drawing as XML: it must be well-formed, whatever things are called."""
    html = client.get(address).content.decode()
    found = re.search(r'<svg class="map".*?</figure>', html, re.S)
    assert found
    text = found.group(0)[: found.group(0).rindex("</svg>", 0, found.group(0).index("<ol ")) + 6]
    return etree.fromstring(text, etree.XMLParser(resolve_entities=False))


def blocks(svg: etree._Element, kind: str = "") -> list[str]:
    """What the blocks of a kind say aloud."""
    return [a.get("aria-label") for a in svg.findall("a") if not kind or kind in a.get("class", "").split()]


def test_the_whole_chain_in_seven_layers(manager: Client) -> None:
    page = seen(manager, "/keten")
    svg = drawing(manager, "/keten")
    assert re.match(r"In de keten ontbreekt op \d+ plaatsen iets", title(page))
    layers = [t.text for t in svg.findall("text") if t.get("class") == "laylab"]
    assert layers == ["Doel", "Activiteit", "Behoefte", "Gegevens", "Bron", "Voorziening", "Persoon"]
    assert "Dezelfde inhoud staat eronder als tabel" in svg.get("aria-label")
    assert all(a.get("href") for a in svg.findall("a"))


def test_a_chosen_goal_says_what_it_rests_on(board: Board, manager: Client) -> None:
    """Nothing rests on what stands at the top of the chain; that would be no finding above its picture."""
    goal = Goal.objects.filter(activities__needs__state="live", parent=None).first()
    assert goal is not None
    found = title(seen(manager, f"/keten?gekozen=doel:{goal.key}"))
    assert re.search(r" rust op \d+ gegevens uit \d+ applicaties", found)
    put(board.people["information_manager"], "goal.write", Goal, "lonely", nl="Nog niets")
    assert title(seen(manager, "/keten?gekozen=doel:lonely")) == "Op ‘Nog niets’ rust niets"


def test_no_sign_stands_on_words(manager: Client) -> None:
    """That of a group stands beside its count, that of a thing beside its note, that of a hole above its words."""
    for block in drawing(manager, "/keten").findall("a"):
        sign = block.find("svg")
        if sign is None:
            continue
        left, top = float(sign.get("x")), float(sign.get("y"))
        for words in block.findall("text/tspan"):
            half = len(words.text) * (5.6 if words.get("class") else 6.4) / 2
            beside = float(words.get("x")) + half <= left + 2 or float(words.get("x")) - half >= left + 14
            base = float(words.get("y"))
            assert beside or base <= top + 1 or base - 9 >= top + 13, (block.get("aria-label"), words.text)


def test_what_a_picture_adds_is_not_in_the_next_one(manager: Client) -> None:
    """All threads are worked out once for a graph; each picture has its own copy."""
    whole = graph.graph()
    first, other = filtered(whole, Filters()), all_threads(whole)
    assert (first.layers, first.pairs) == (other.layers, other.pairs)
    first.layers["goal"].clear()
    first.pairs[0].clear()
    second = filtered(whole, Filters())
    assert (second.layers, second.pairs) == (other.layers, other.pairs)


def test_what_is_missing_stands_out_by_shape_and_word(manager: Client) -> None:
    svg = drawing(manager, "/keten")
    assert "Bron: Geen bron" in blocks(svg, "gap")
    hole = next(a for a in svg.findall("a") if a.get("class") == "gap")
    assert hole.get("href") == "/hiaten?t-soort=need-without-source"
    assert hole.find("svg/use").get("href").endswith("#i-unk")
    assert any("gap" in path.get("class") for path in svg.findall("path"))
    assert any("1 hiaat. Doel zonder indicator" in said for said in blocks(svg))


def test_a_choice_lights_its_path(manager: Client) -> None:
    page, svg = seen(manager, "/keten?gekozen=bron:rooster"), drawing(manager, "/keten?gekozen=bron:rooster")
    assert re.match(r"Als Rooster uitvalt, merken \d+ mensen dat", title(page))
    assert any(said.startswith("Bron: Roosterprogramma") for said in blocks(svg, "on"))
    assert any(said.startswith("Bron: 7 andere") for said in blocks(svg, "off"))
    assert any("on" in path.get("class").split() for path in svg.findall("path"))
    assert "loopt via Rooster" in page.text
    assert "/keten/bron/rooster/gevolgen" in {a["href"] for a in page.all("a")}


def test_what_was_chosen_is_marked_as_the_current_one(manager: Client) -> None:
    svg = drawing(manager, "/keten?gekozen=behoefte:absence_16h")
    current = [a for a in svg.findall("a") if a.get("aria-current") == "true"]
    assert [a.get("class") for a in current] == ["sel"]
    assert current[0].get("aria-label").startswith("Behoefte: Welke leerlingen naderen 16 uur")


def test_a_block_is_a_link_that_chooses_and_a_group_opens(manager: Client) -> None:
    svg = drawing(manager, "/keten?rol=mentor")
    hrefs = {a.get("aria-label").split(".")[0]: a.get("href") for a in svg.findall("a")}
    assert hrefs["Doel: Elke leerling is op school, en wie wegblijft wordt op tijd gezien"] == (
        "/keten?gekozen=doel%3AG03&rol=mentor"
    )
    groups = {a.get("aria-label"): a.get("href") for a in svg.findall("a") if "many" in a.get("class", "")}
    assert "/keten?gekozen=informatieobject%3Aabsence&rol=mentor" in groups.values()
    for href in [*hrefs.values(), *groups.values()]:
        if href.startswith("/"):
            assert manager.get(href).status_code == 200, href


@pytest.mark.parametrize(
    ("query", "there", "gone"),
    [
        ("doel=G03", "Elke leerling is op school", "Financieel pakket"),
        ("rol=mentor", "Mentor. 21 mensen", "Controller"),
        ("school=org-11&rol=mentor", "Mentor. 10 mensen", "Controller"),
        ("applicatie=finance", "Financieel pakket", "Roosterprogramma"),
    ],
)
def test_filters_leave_only_what_was_asked(manager: Client, query: str, there: str, gone: str) -> None:
    said = " | ".join(blocks(drawing(manager, f"/keten?{query}")))
    assert there in said
    assert gone not in said
    page = seen(manager, f"/keten?{query}")
    assert [a for a in page.all("option") if "selected" in a and a["value"]]


def test_a_choice_within_a_filter_keeps_both(manager: Client) -> None:
    page = seen(manager, "/keten?gekozen=rol:mentor&doel=G03")
    assert {a["value"] for a in page.all("input") if a.get("name") == "gekozen"} == {"rol:mentor"}
    kept = [a["href"] or "" for a in page.all("a") if "k-sorteer=" in (a["href"] or "")]
    assert kept and all("gekozen=rol%3Amentor&doel=G03" in href for href in kept)


def test_filters_that_exclude_each_other_say_so(manager: Client) -> None:
    page = seen(manager, "/keten?rol=controller&applicatie=monitoring&doel=G05")
    assert "Geen behoefte past bij deze keuze" in page.text


def test_the_table_carries_every_thread(manager: Client) -> None:
    found: list[str] = []
    address = "/keten"
    for _page in range(9):
        page = seen(manager, address)
        found += re.findall(r"B-\d{4}", page.text)
        after = [a["href"] for a in page.all("a") if "k-vanaf=" in (a["href"] or "")]
        if len(after) < (2 if "k-vanaf" in address else 1):
            break
        address = str(after[-1])
    needs = InformationNeed.objects.exclude(state__in=("ended", "refused"))
    assert {need.number for need in needs} <= set(found)


def test_the_narrow_list_says_the_same_as_the_drawing(manager: Client) -> None:
    html = manager.get("/keten?gekozen=bron:rooster").content.decode()
    listed = Seen(html[html.index('<ol class="treelist') : html.index("</ol>", html.index('<ol class="treelist'))])
    assert [a["href"] for a in listed.all("a")] == [
        a.get("href") for a in drawing(manager, "/keten?gekozen=bron:rooster").findall("a")
    ]
    for layer in ("Doel", "Activiteit", "Behoefte", "Gegevens", "Bron", "Voorziening", "Persoon"):
        assert layer in listed.words


HOSTILE = (
    '"><script>alert(1)</script>',
    "</text></svg><img src=x onerror=alert(1)>",
    "a & b < c ' \" %(it)s",
    "\u202e omgekeerd",
)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_only_words(manager: Client, board: Board, name: str) -> None:
    admin, ict = board.people["information_manager"], board.people["ict_manager"]
    put(admin, "goal.write", Goal, "G03", nl=name)
    put(ict, "system.write", System, "las", name=name)
    put(admin, "role.write", Role, "mentor", nl=name, en=name, side="use")
    for address in ("/keten", "/keten?gekozen=doel:G03", "/keten?doel=G03", "/keten?applicatie=las&rol=mentor"):
        html = manager.get(address).content.decode()
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        svg = drawing(manager, address)
        assert not [e for e in svg.iter() if isinstance(e.tag, str) and e.tag in ("script", "img")]
        assert not [k for e in svg.iter() for k in e.attrib if k.startswith("on") or k == "style"]
    assert any(name in said for said in blocks(drawing(manager, "/keten?gekozen=doel:G03")))


def test_nothing_in_the_picture_needs_a_style_or_a_script(manager: Client) -> None:
    html = manager.get("/keten").content.decode()
    assert " style=" not in html
    assert "<script>" not in html


def fresh(rule: str) -> list[holes.Hole]:
    found = holes.broken(graph.graph(), gaps.find_all())
    return [hole for hole in found.holes if hole.rule == rule]


def number(kind: str, key: str) -> int:
    found = graph.graph().find(kind, key)
    assert found is not None
    return found


def test_each_break_is_drawn_where_it_is(manager: Client, board: Board) -> None:
    admin = board.people["information_manager"]
    put(admin, "goal.write", Goal, "G99", nl="Los doel")
    put(admin, "activity.write", Activity, "A99", nl="Los werk")
    need = InformationNeed.objects.get(key="late_often")
    deciding.revise(admin, need, activity=None, audience=[])
    [hole] = fresh("goal-without-activity")
    assert (hole.layer, hole.above) == ("activity", {number("goal", "G99")})
    [hole] = fresh("activity-without-goal")
    assert (hole.layer, hole.below) == ("goal", {number("activity", "A99")})
    [hole] = fresh("need-without-goal")
    assert (hole.layer, hole.below) == ("activity", {number("need", "late_often")})
    [hole] = fresh("need-without-audience")
    assert hole.layer == "role"
    [hole] = fresh("need-without-source")
    assert number("element", "contact.phone") in hole.above
    said = blocks(drawing(manager, "/keten?gekozen=doel:G99"), "gap")
    assert said == ["Activiteit: Geen activiteit"]


def test_every_rule_that_is_drawn_has_its_words() -> None:
    for rule in holes._HOLES:
        assert holes.missing_words(rule)
        assert rule in gaps.RULES


def test_a_need_without_product_hangs_between_system_and_person(board: Board, db: None) -> None:
    from schakel.distribute.products import Product, write_product

    for product in Product.objects.filter(need__key="class_size"):
        write_product(board.people["information_manager"], product.key, active=False)
    [hole] = fresh("need-without-product")
    assert hole.layer == "product"
    assert number("system", "las") in hole.above
    assert number("role", "school_leader") in hole.below


def test_threads_equal_a_walk_over_the_register(board: Board, db: None) -> None:
    """Per filter: the needs that a person would pick by hand."""
    whole = graph.graph()
    needs = InformationNeed.objects.exclude(state__in=("ended", "refused"))

    def keys(drawn: object) -> set[str]:
        return {whole.nodes[n].key for n in drawn.layers["need"]}  # type: ignore[attr-defined]

    assert keys(all_threads(whole)) == {n.key for n in needs}
    assert keys(filtered(whole, Filters(goal="G03"))) == {n.key for n in needs.filter(activity__goal__key="G03")}
    by_role = needs.filter(audiences__role__key="mentor")
    assert keys(filtered(whole, Filters(role="mentor"))) == {n.key for n in by_role}
    both = filtered(whole, Filters(goal="G03", role="mentor"))
    assert keys(both) == {n.key for n in by_role.filter(activity__goal__key="G03")}
    for layer in LAYERS:
        assert both.layers[layer] <= all_threads(whole).layers[layer]


def test_the_path_of_a_system_holds_only_its_own_elements(board: Board, db: None) -> None:
    whole = graph.graph()
    drawn = through(whole, graph.start(whole, "system", "finance"))
    tables = {whole.nodes[n].key.split(".")[0] for n in drawn.layers["element"]}
    assert "pupil" not in tables
    assert {whole.nodes[n].key for n in drawn.layers["system"]} == {"finance"}


def test_a_choice_on_which_nothing_hangs_is_drawn_all_the_same(manager: Client, board: Board) -> None:
    put(board.people["ict_manager"], "system.write", System, "idle", name="Klasfoto")
    svg = drawing(manager, "/keten?gekozen=applicatie:idle")
    assert [said.split(".")[0] for said in blocks(svg, "sel")] == ["Bron: Klasfoto"]
    assert title(seen(manager, "/keten?gekozen=applicatie:idle")) == "Op Klasfoto rust niets"
