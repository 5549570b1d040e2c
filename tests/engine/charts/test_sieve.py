"""The sieve: whatever a renderer might put in an SVG, only shapes, places, our colours and text come through."""

import pytest

from schakel.engine.charts import sieve
from schakel.engine.charts.sieve import Undrawable

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 10 20">'


def body(inside: str) -> str:
    (piece,) = sieve.pieces(f"{HEAD}{inside}</svg>", "page")
    return piece.body


def test_shapes_places_and_inks_come_through() -> None:
    (piece,) = sieve.pieces(f'{HEAD}<path d="M0,0L1,1" stroke="$main" stroke-width="2"/></svg>', "page")
    assert (piece.width, piece.height) == ("10", "20")
    assert piece.body == '<path d="M0,0L1,1" stroke-width="2" stroke="var(--c-main)"/>'


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        "<style>*{fill:red}</style>",
        "<foreignObject><p>x</p></foreignObject>",
        '<image href="https://example.org/x.png"/>',
        '<a href="https://example.org"><text fill="$ink">x</text></a>',
        '<use href="#x"/>',
        '<animate attributeName="href" to="javascript:alert(1)"/>',
        "<defs><linearGradient/></defs>",
        '<text fill="$ink">a<tspan>b</tspan></text>',
        '<rect fill="url(#x)" width="1" height="1"/>',
        '<rect fill="url(https://example.org/x)" width="1" height="1"/>',
        '<rect fill="red" width="1" height="1"/>',
        '<rect fill="#00566a" width="1" height="1"/>',
        '<rect fill="$nothing" width="1" height="1"/>',
        '<rect fill="$main" width="calc(1px;x)" height="1"/>',
        '<rect fill="$main" transform="url(#x)"/>',
        "<path d='M0,0\"/><script>' fill='$main'/>",
        "&unknown;",
        "<rect",
    ],
)
def test_what_has_no_place_in_a_chart_stops_the_drawing(inside: str) -> None:
    with pytest.raises(Undrawable, match="De tekening lukte niet"):
        body(inside)


def test_attributes_that_are_not_a_place_or_a_line_are_left_behind() -> None:
    told = (
        '<rect id="a" class="b" style="fill:red" onclick="alert(1)" aria-label="x" role="y" tabindex="0"'
        ' xlink:href="https://example.org" font-family="Arial" clip-path="url(#a)" fill="$main" width="1" height="2"/>'
    )
    assert body(told) == '<rect width="1" height="2" fill="var(--c-main)"/>'


def test_a_group_keeps_where_it_moves_and_which_marks_it_holds() -> None:
    inner = '<line x2="1" y2="0" stroke="$grid"/>'
    assert body(f'<g class="mark-rule role-mark norm_marks">{inner}</g>').startswith('<g class="norm"><line')
    assert body(f'<g transform="translate(0.123456,2)">{inner}</g>').startswith('<g transform="translate(0.12,2)">')
    assert body(f'<g class="x" transform="translate(0,0)"><g>{inner}</g></g>').startswith("<line")
    assert "evil" not in body(f'<g class="evil role-mark evil&quot;_marks">{inner}</g>')
    assert body('<g class="mark-rule role-mark norm_marks"></g>') == ""


def test_what_cannot_be_seen_is_left_behind() -> None:
    assert body('<path d="M0,0h1v1h-1Z"/>') == ""
    assert body('<path d="" fill="$main"/>') == ""
    assert body('<text opacity="0" fill="$ink">maakte plaats</text>') == ""
    assert body("<!-- a comment --><?php echo 1 ?>") == ""


def test_text_stays_text() -> None:
    shown = body('<text fill="$ink">&lt;script&gt;alert("1")&lt;/script&gt; &amp; $main</text>')
    assert shown == '<text fill="var(--ink)">&lt;script&gt;alert("1")&lt;/script&gt; &amp; $main</text>'


def test_an_entity_that_grows_is_not_opened() -> None:
    grow = '<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    for name in ("b", "f"):
        try:
            found = sieve.pieces(f'{grow}{HEAD}<text fill="$ink">&{name};</text></svg>', "page")
        except Undrawable:
            continue
        assert "aaaa" not in found[0].body
        assert "root:" not in found[0].body


def test_an_svg_without_a_size_is_refused() -> None:
    with pytest.raises(Undrawable):
        sieve.pieces("<svg><path d='M0,0L1,1' stroke='$main'/></svg>", "page")
    with pytest.raises(Undrawable):
        sieve.pieces("", "page")


def test_in_the_plain_look_the_colours_are_written_out() -> None:
    (piece,) = sieve.pieces(f'{HEAD}<rect fill="$bad" stroke="$paper" width="1" height="1"/></svg>', "plain")
    assert piece.body == '<rect width="1" height="1" fill="#a51e18" stroke="#fff"/>'
