"""Blocks, their order and their places: nothing is lost, nothing overlaps, and lines cross as little as can be."""

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.chain import bonds
from schakel.chain.graph import Edges, Graph, Node, Start
from schakel.portal import layers
from schakel.portal.blocks import MOST, Block, Blocks, Bond, Hole, blocks
from schakel.portal.layers import HEIGHT, LABELS, WIDTH, crossings, layout, ordered, wrapped
from schakel.portal.threads import LAYERS, all_threads, through, web

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=120)


def school(needs: int, *, goals: int = 5, systems: int = 8, roles: int = 6, seed: int = 1) -> Graph:
    """A chain of a size: activities spread over goals, needs over activities, elements over objects and systems."""
    chance, made = random.Random(seed), Graph()
    counts = {"goal": goals, "activity": goals * 4, "need": needs, "object": 20, "element": needs * 3,
              "system": systems, "product": needs, "role": roles}  # fmt: skip
    for kind, count in counts.items():
        for n in range(count):
            made.add(Node(kind, n, f"{kind}{n}", f"{kind} nummer {n}", state="live" if kind == "need" else ""))
    made.join(Edges("goal", bonds.SERVED_BY, "activity", [(n % goals, n) for n in range(goals * 4)]))
    made.join(Edges("activity", bonds.USES_ANSWER, "need", [(chance.randrange(goals * 4), n) for n in range(needs)]))
    made.join(Edges("element", bonds.PART_OF_OBJECT, "object", [(n, n % 20) for n in range(needs * 3)]))
    made.join(Edges("element", bonds.COMES_FROM, "system", [(n, n % systems) for n in range(needs * 3)]))
    lines = [(need, chance.randrange(needs * 3)) for need in range(needs) for _n in range(4)]
    made.join(Edges("need", bonds.NEEDS, "element", lines))
    made.join(Edges("product", bonds.ANSWERS, "need", [(n, n) for n in range(needs)]))
    made.join(Edges("role", bonds.RECEIVES, "product", [(n % roles, n) for n in range(needs)]))
    made.join(Edges("role", bonds.LEARNS, "need", [(n % roles, n) for n in range(needs)]))
    return made


def members(made: Blocks, layer: str) -> list[int]:
    return sorted(n for block in made.layers[layer] for n in block.members)


@pytest.mark.parametrize("needs", [1, 5, 30, 300, 2000])
def test_every_thing_stands_in_one_block_and_every_layer_fits(needs: int) -> None:
    whole = school(needs, systems=max(needs // 4, 2), roles=max(needs // 20, 2), goals=max(needs // 30, 2))
    drawn = all_threads(whole)
    made = blocks(whole, drawn, None, None)
    for layer in LAYERS:
        assert members(made, layer) == sorted(drawn.layers[layer])
        assert 1 <= len(made.layers[layer]) <= MOST


@pytest.mark.parametrize(("kind", "number"), [("goal", 1), ("need", 7), ("element", 3), ("system", 2), ("role", 0)])
def test_the_path_of_a_choice_stands_apart_at_300_needs(kind: str, number: int) -> None:
    whole = school(300)
    chosen = whole.numbers[kind][number]
    drawn = all_threads(whole)
    on = through(whole, Start(whole.nodes[chosen], chosen))
    made = blocks(whole, drawn, on, chosen)
    for layer in LAYERS:
        lit = {n for block in made.layers[layer] if block.state in ("on", "sel") for n in block.members}
        assert lit == on.layers[layer] & drawn.layers[layer]
        assert members(made, layer) == sorted(drawn.layers[layer])
        assert len(made.layers[layer]) <= MOST
        assert sum(block.state == "off" for block in made.layers[layer]) <= 1
    assert [b.members for b in made.layers[kind] if b.state == "sel"] == [(chosen,)]


def test_a_line_is_on_the_path_only_between_blocks_that_are() -> None:
    whole = school(60)
    chosen = whole.numbers["need"][3]
    made = blocks(whole, all_threads(whole), through(whole, Start(whole.nodes[chosen], chosen)), chosen)
    lit = [bond for found in made.lines for bond in found if bond.state == "on"]
    assert lit
    assert all("off" not in (bond.upper.state, bond.lower.state) for bond in lit)


def test_lines_join_what_hangs_together() -> None:
    whole = school(3, goals=2, systems=2, roles=2)
    drawn = all_threads(whole)
    made = blocks(whole, drawn, None, None)
    for gutter, found in enumerate(made.lines):
        assert {
            (b.upper.members[0], b.lower.members[0]) for b in found if b.upper.single and b.lower.single
        } <= drawn.pairs[gutter]


def test_what_is_missing_is_a_dashed_block_on_what_misses_it() -> None:
    whole = school(3, goals=2, systems=2, roles=2)
    element = min(all_threads(whole).layers["element"])
    hole = Hole("need-without-source", "system", frozenset({element}), frozenset())
    made = blocks(whole, all_threads(whole), None, None, [hole, Hole("x", "goal", frozenset(), frozenset({10**6}))])
    missing = [block for found in made.layers.values() for block in found if block.missing]
    assert [(b.layer, b.missing, b.members) for b in missing] == [("system", "need-without-source", ())]
    assert [(b.upper.members, b.lower) for found in made.lines for b in found if b.state == "gap"] == [
        ((element,), missing[0])
    ]


def test_a_web_of_no_needs_draws_nothing() -> None:
    whole = school(4)
    assert web(whole, []).everything() == set()
    assert layout(blocks(whole, web(whole, []), None, None)).height == 0


@pytest.mark.parametrize("needs", [1, 8, 40, 300])
def test_blocks_lie_beside_each_other_within_the_picture(needs: int) -> None:
    whole = school(needs)
    placed = layout(blocks(whole, all_threads(whole), None, None))
    boxes = [box for found in placed.boxes.values() for box in found]
    for box in boxes:
        assert box.x >= LABELS
        assert box.x + box.width <= WIDTH
        assert box.width >= 90
        assert 0 <= box.y <= placed.height - HEIGHT
    for n, one in enumerate(boxes):
        for other in boxes[n + 1 :]:
            apart = one.x + one.width <= other.x or other.x + other.width <= one.x
            assert apart or one.y + HEIGHT <= other.y or other.y + HEIGHT <= one.y


def test_every_line_begins_and_ends_on_a_block() -> None:
    whole = school(40)
    placed = layout(blocks(whole, all_threads(whole), None, None))
    boxes = [box for found in placed.boxes.values() for box in found]
    bottoms = {(layers.point(b.middle), layers.point(b.y + HEIGHT)) for b in boxes}
    tops = {(layers.point(b.middle), layers.point(b.y)) for b in boxes}
    assert placed.lines
    for line in placed.lines:
        start = re.match(r"M(\S+) (\S+) V", line.path)
        end = re.search(r" (\S+) \S+ V(\S+)$", line.path)
        assert start and (start[1], start[2]) in bottoms
        assert end and (end[1], end[2]) in tops


@pytest.mark.parametrize(
    ("many", "state", "drawn"),
    [(50, "", ""), (51, "", "faint"), (100, "", "faint"), (101, "", "faint dense"), (24, "on", "on"),
     (25, "on", "on fine"), (200, "gap", "gap")],
)  # fmt: skip
def test_the_more_lines_between_two_layers_the_finer_they_are(many: int, state: str, drawn: str) -> None:
    found = grid(1, 1)
    bonds = [Bond(found[LAYERS[0]][0], found[LAYERS[1]][0], state) for _n in range(many)]
    made = Blocks(layers={**Blocks().layers, **found}, lines=[bonds, *([] for _ in LAYERS[2:])])
    assert {line.state for line in layout(made).lines} == {drawn}


def test_the_path_of_the_chosen_thing_lies_on_top() -> None:
    found = grid(1, 1)
    ends = (found[LAYERS[0]][0], found[LAYERS[1]][0])
    bonds = [Bond(*ends, state) for state in ("on",) * 25 + ("gap",) + ("",) * 60]
    made = Blocks(layers={**Blocks().layers, **found}, lines=[bonds, *([] for _ in LAYERS[2:])])
    states = [line.state for line in layout(made).lines]
    assert states == ["faint"] * 60 + ["gap"] + ["on fine"] * 25


def grid(*widths: int) -> dict[str, list[Block]]:
    return {layer: [Block(layer, (n,)) for n in range(w)] for layer, w in zip(LAYERS, widths, strict=False)}


def test_crossed_lines_are_untangled() -> None:
    """A ladder drawn upside down has no crossing left."""
    found = grid(5, 5, 5)
    lines = [[Bond(found[a][n], found[b][4 - n]) for n in range(5)] for a, b in (LAYERS[:2], LAYERS[1:3])]
    lines += [[] for _ in LAYERS[3:]]
    assert crossings(found, lines) == 20
    assert crossings(ordered(found, lines), lines) == 0


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=30))
def test_crossings_are_those_of_each_pair_of_lines(ends: list[tuple[int, int]]) -> None:
    found = grid(7, 7)
    lines = [[Bond(found[LAYERS[0]][a], found[LAYERS[1]][b]) for a, b in ends]]
    assert crossings(found, lines) == sum(1 for a, b in ends for c, d in ends if a < c and b > d)


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=30), st.integers(0, 5))
def test_ordering_never_makes_it_worse_and_loses_nothing(ends: list[tuple[int, int]], gutter: int) -> None:
    found = grid(*([7] * len(LAYERS)))
    lines: list[list[Bond]] = [[] for _ in LAYERS[1:]]
    lines[gutter] = [Bond(found[LAYERS[gutter]][a], found[LAYERS[gutter + 1]][b]) for a, b in ends]
    after = ordered(found, lines)
    assert crossings(after, lines) <= crossings(found, lines)
    assert {layer: set(order) for layer, order in after.items()} == {layer: set(o) for layer, o in found.items()}
    assert ordered(found, lines) == after  # the same every time


@given(TEXT, st.floats(60, 300), st.integers(1, 3))
def test_words_are_wrapped_within_their_block(text: str, width: float, lines: int) -> None:
    found = wrapped(text, width, lines)
    room = max(int((width - 10) / layers.LETTER), 4)
    assert 1 <= len(found) <= lines
    assert all(len(line) <= room for line in found)
    if not any("…" in line for line in found) and "-" not in text:
        assert "".join(found).replace("-", "").replace(" ", "") == "".join(text.split())


def test_a_text_that_does_not_fit_says_so() -> None:
    assert wrapped("Elke leerling is op school, en wie wegblijft wordt op tijd gezien", 120, 2)[-1].endswith("…")
    assert wrapped("Verzuim", 120, 2) == ["Verzuim"]
    assert wrapped("Leerlingvolgsysteem", 90, 2) == ["Leerlingv-", "olgsysteem"]  # no hyphen on the edge
