"""A product as someone received it: what it says in each state, why they see it, what stays hidden in every form."""

import io
import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from schakel.access.audit import AuditLine
from schakel.access.register import put
from schakel.access.roles import Role
from schakel.chain import deciding
from schakel.chain.needs import InformationNeed
from schakel.distribute.delivery import Delivery
from schakel.distribute.products import write_product
from schakel.lib import clock
from tests.desk import Desk
from tests.distribute.school import DAY, START
from tests.portal.conftest import Seen, browser, heading
from tests.portal.supplies import HOSTILE, gives_absence, source

LATE, KINDS = "/overzichten/late", "/overzichten/kinds"
SPEC: dict[str, Any] = {
    "columns": [
        {"key": "first_name", "nl": "Leerling", "en": "Pupil"},
        {"key": "keren", "nl": "Keren", "en": "Times", "format": "integer"},
    ],
    "sort": ["-keren"],
    "signals": {
        "norm": {"nl": "2 keer: bellen", "source": "Verzuimbeleid 2026", "confirmed": False},
        "rules": [
            {
                "key": "call",
                "column": "keren",
                "at_least": 2,
                "tone": "bad",
                "nl": "Bellen",
                "action_nl": "Bel vandaag",
            },
            {"key": "none", "otherwise": True, "tone": "no", "nl": "geen signaal"},
        ],
    },
    "finding": [{"when": "call", "one_nl": "Bel {top.first_name}", "many_nl": "{count} leerlingen bellen"}],
    "empty": {"nl": "Niemand in uw groep was afwezig.", "en": "Nobody in your group was absent."},
}


def page(room: Desk, name: str = "leraar-A1", address: str = LATE, **cookies: str) -> str:
    answer = browser(room.people[name], **cookies).get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def described(room: Desk, **more: Any) -> None:
    write_product(room.manager, "late", **{**SPEC, **more})


# What it says


def test_the_finding_is_the_title_and_the_name_stands_above_it(room: Desk) -> None:
    described(room)
    html = page(room)
    assert heading(html) == "Vier leerlingen bellen"
    assert '<p class="small quiet">late</p>' in html


def test_without_a_finding_the_title_is_the_name(room: Desk) -> None:
    described(room, finding=[])
    assert heading(page(room)) == "late"


def test_the_one_who_must_be_called_is_named_to_the_own_teacher_only(room: Desk) -> None:
    described(room)
    with room.another_snapshot("DELETE FROM absence WHERE pupil_id NOT IN ('pA12', 'pB13')"):
        assert heading(page(room)) == "Bel KindpA12"
        assert heading(page(room, "leraar-B1")) == "Bel KindpB13"
        refusal = browser(room.people["leider-A"]).get(LATE).content.decode()
        assert "KindpA12" not in refusal


def test_how_fresh_and_how_complete(room: Desk) -> None:
    html = Seen(page(room)).text
    assert "Bijgewerkt vandaag 06.10 uur" in html
    assert "6 rijen" in html
    assert "90,0% van de rijen van las is bruikbaar" in html


# Data that did not come in time


ONE = "DELETE FROM absence WHERE date > DATE '2026-09-01'"
OLD = "Er zijn gegevens niet op tijd binnengekomen."


@pytest.mark.parametrize(("hours", "told"), [(2, False), (26 * 9, True)])
def test_data_that_is_older_than_the_need_asks_is_told_of(room: Desk, hours: float, told: bool) -> None:
    described(room)
    gives_absence(room, hours)
    text = Seen(page(room)).text
    assert (OLD in text) is told
    since = re.search(r"Bron verzuim \(voor het laatst [0-9]+ nov, [0-9.]+ uur\)\. Wat daarna gebeurde staat", text)
    assert bool(since) is told


def test_who_calls_still_calls_and_a_list_without_anyone_claims_nothing(room: Desk) -> None:
    described(
        room,
        finding=[
            {"when": "call", "one_nl": "Bel", "many_nl": "Bel {count}"},
            {"when": "rows", "one_nl": "Niemand bellen", "many_nl": "Niemand bellen"},
        ],
    )
    assert heading(page(room)).startswith("Bel ")
    with room.another_snapshot(ONE):
        assert heading(page(room)) == "Niemand bellen"
    gives_absence(room, 26 * 9)
    assert heading(page(room)).startswith("Bel "), "what is known stays true"
    with room.another_snapshot(ONE):
        assert heading(page(room)) == "late", "that nobody is in it says nothing without the last data"


@pytest.mark.parametrize(
    ("sources", "says"),
    [
        ([{"source": "las", "rows": 0, "quarantined": 0}], "volledigheid onbekend"),
        ([{"source": "las"}], "volledigheid onbekend"),
        ([], "volledigheid onbekend"),
        ([{"source": "las", "rows": 0, "quarantined": 5}], "0,0% van de rijen van las is bruikbaar"),
        (
            [{"source": "a", "rows": 9, "quarantined": 1}, {"source": "b", "rows": 1, "quarantined": 1}],
            "50,0% van de rijen van b",
        ),
    ],
)
def test_nothing_of_nothing_is_not_a_share(room: Desk, sources: list[dict[str, Any]], says: str) -> None:
    with room.another_snapshot(sources=sources):
        assert says in Seen(page(room)).text


def test_a_snapshot_of_four_days_ago_says_so(room: Desk) -> None:
    with clock.held_at(clock.now() + timedelta(days=4)):
        assert "Bijgewerkt 23 nov, 06.10 uur" in Seen(page(room)).text


def test_no_rows_says_what_that_means(room: Desk) -> None:
    described(room)
    with room.another_snapshot("DELETE FROM absence"):
        html = page(room)
        assert heading(html) == "late"
        assert "Vandaag staat hier niets" in html
        assert "Niemand in uw groep was afwezig." in html
        assert "<table" not in html
        assert "Nobody in your group was absent." in page(room, taal="en")


def test_a_wished_column_that_is_not_there_is_named(room: Desk) -> None:
    need = InformationNeed.objects.get(key="late")
    deciding.decline_element(room.manager, need, "pupil.name_prefix", "niet nodig")
    deciding.assess(room.manager, InformationNeed.objects.get(key="late"))
    room.approve(need)
    html = Seen(page(room)).text
    assert "Zonder deze gewenste kolommen: name_prefix." in html


def test_a_review_that_is_overdue_is_said(room: Desk) -> None:
    deciding.revise(room.manager, InformationNeed.objects.get(key="late"), review_on=DAY - timedelta(days=1))
    assert "De behoefte hierachter had al herzien moeten zijn." in Seen(page(room)).text


@pytest.mark.parametrize(
    ("confirmed", "says"),
    [(True, "Bron: Verzuimbeleid 2026."), (False, "Bron, nog niet bevestigd: Verzuimbeleid 2026.")],
)
def test_a_norm_says_whence_it_is_and_whether_that_is_sure(room: Desk, confirmed: bool, says: str) -> None:
    norm = {**SPEC["signals"]["norm"], "confirmed": confirmed}
    described(room, signals={**SPEC["signals"], "norm": norm})
    assert f"Norm: 2 keer: bellen. {says}" in Seen(page(room)).text


# Why (law 10)


@pytest.mark.parametrize(
    ("name", "address"), [("leraar-A1", LATE), ("mentor-B1", LATE), ("leider-A", KINDS), ("bestuurder", KINDS)]
)
def test_every_page_explains_itself(room: Desk, name: str, address: str) -> None:
    put(room.manager, "role.write", Role, "school_admin", nl="administratie", en="administration")
    source(room, repairs_role=Role.objects.get(key="school_admin"))
    html = unescape(page(room, name, address))
    need = InformationNeed.objects.get(key=address.rsplit("/", 1)[-1])
    for part in (
        "Waarom zie ik dit?", "U bent ", "Sinds 1 aug", need.purpose, need.legal_basis, f"behoefte {need.number}",
        "Door Marijke Terpstra op 23 nov.", "Wie ziet dit nog meer", "Bron las, gelezen vandaag 06.00 uur",
        "Meld het aan: administratie.", "Elke leerling op school",
    ):  # fmt: skip
        assert part in html, part
    number = Delivery.objects.latest("line_id").line_id
    assert f"Staat in het logboek als regel {number}." in html


@pytest.mark.parametrize(("extra", "broad"), [(3, False), (4, True)])
def test_a_table_that_needs_all_of_the_width_has_the_reason_above_it(room: Desk, extra: int, broad: bool) -> None:
    """Beside it the column with the signal would have to be scrolled to."""
    more = [{"key": "keren", "nl": f"Keren {n}", "format": "integer"} for n in range(extra - 1)]
    described(room, columns=[*SPEC["columns"], *more])
    assert ('class="split product broad"' in page(room)) is broad


def test_until_when_someone_sees_it(room: Desk) -> None:
    room.assign("niemand", "school_leader", START, organisation_key="school-A", end=DAY)
    assert "Sinds 1 aug, tot en met 23 nov." in unescape(page(room, "niemand", KINDS))


# Hidden in every form (law 5)


def shown(room: Desk, name: str, language: str = "nl") -> tuple[list[list[str]], list[list[str]], list[list[str]]]:
    """The cells of page, CSV and sheet."""
    client = browser(room.people[name], taal=language)
    html = client.get(KINDS).content.decode()
    body = html.split("<tbody>")[1].split("</tbody>")[0]
    rows = [
        [unescape(re.sub(r"<[^>]*>", "", c)) for c in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)]
        for row in body.split("</tr>")[:-1]
    ]
    csv_rows = [line.split(";") for line in client.get(f"{KINDS}.csv").content.decode("utf-8-sig").splitlines()[1:]]
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(client.get(f"{KINDS}.xlsx").content)).get_sheet_by_index(0)
    whole = [[str(int(v)) if isinstance(v, float) else str(v) for v in row] for row in sheet.to_python()[1:]]
    return rows, csv_rows, whole


@pytest.mark.parametrize(("language", "word"), [("nl", "verborgen"), ("en", "hidden")])
def test_the_same_cells_are_hidden_in_page_csv_and_sheet(room: Desk, language: str, word: str) -> None:
    described_kinds(room)
    page_rows, csv_rows, sheet_rows = shown(room, "bestuurder", language)
    assert page_rows == csv_rows == sheet_rows
    assert word in [row[2] for row in page_rows]
    assert not [row for row in page_rows if row[1] == "late" and row[2].isdecimal()]


def described_kinds(room: Desk) -> None:
    columns = [{"key": key, "nl": key} for key in ("site_id", "kind", "leerlingen")]
    write_product(room.manager, "kinds", columns=columns)


def test_hidden_figures_cannot_be_found_by_searching_or_sorting(room: Desk) -> None:
    described_kinds(room)
    client = browser(room.people["bestuurder"])
    whole = client.get(KINDS).content.decode()
    assert "2 rijen, 2 met verborgen cijfers" not in whole
    for figure in ("1", "2", "3", "4"):
        found = client.post(KINDS, {"t-zoek": figure}).content.decode()
        rows = found.split("<tbody>")[1].split("</tbody>")[0]
        assert "verborgen" not in rows, figure
    up, down = (client.get(KINDS, {"t-sorteer": order}).content.decode() for order in ("leerlingen", "-leerlingen"))
    for html in (up, down):
        cells = re.findall(r'<span class="hide5">', html.split("<tbody>")[1])
        last = html.split("<tbody>")[1].split("</tr>")[-len(cells) - 1 : -1]
        assert all("hide5" in row for row in last)


def test_the_page_counts_rows_with_hidden_figures(room: Desk) -> None:
    described_kinds(room)
    assert re.search(r"4 rijen, [1-4] met verborgen cijfers", Seen(page(room, "bestuurder", KINDS)).text)


# The table


def test_a_table_can_be_searched_filtered_and_turned(room: Desk) -> None:
    described(room)
    assert looked_for(room, "KindpA13").count('scope="row"') == 1
    html = page(room, address=f"{LATE}?t-signaal=call&t-sorteer=keren")
    assert html.count('scope="row"') == 4
    assert 'aria-sort="ascending"' in html
    assert "Alles (6)" in html
    assert "Bellen (4)" in html
    assert "Bel vandaag" in html


def looked_for(room: Desk, words: str, **more: str) -> str:
    return browser(room.people["leraar-A1"]).post(LATE, {"t-zoek": words, **more}).content.decode()


def test_what_is_looked_for_stands_in_no_address(room: Desk) -> None:
    described(room)
    html = looked_for(room, "KindpA13", **{"t-sorteer": "keren"})
    assert html.count('scope="row"') == 1
    seen = Seen(html)
    assert [a for a in seen.all("a") if "KindpA13" in str(a.get("href"))] == []
    forms = [form for form in seen.all("form") if form.get("role") == "search" and form.get("id") == "t-kies"]
    assert [(form["method"], form.get("hx-post"), form.get("hx-push-url")) for form in forms] == [("post", LATE, None)]
    assert next(i for i in seen.all("input") if i.get("id") == "t-zoek")["value"] == "KindpA13"


def test_words_in_an_old_address_are_not_followed(room: Desk) -> None:
    described(room)
    html = page(room, address=f"{LATE}?t-zoek=KindpA13&t-sorteer=keren")
    assert html.count('scope="row"') == 6
    assert next(i for i in Seen(html).all("input") if i.get("id") == "t-zoek")["value"] == ""


def test_turning_a_column_keeps_what_was_looked_for(room: Desk) -> None:
    described(room)
    seen = Seen(looked_for(room, "Kind", **{"t-sorteer": "keren"}))
    turn = next(b for b in seen.all("button") if b.get("name") == "t-sorteer" and b.get("id") == "t-kop-keren")
    assert (turn["form"], turn["value"]) == ("t-kies", "-keren")
    turned = looked_for(room, "KindpA13", **{"t-sorteer": turn["value"] or ""})
    assert turned.count('scope="row"') == 1
    assert 'aria-sort="descending"' in turned


@pytest.mark.parametrize(
    "query", ["t-signaal=nergens", "t-signaal=' OR 1=1", "t-vanaf=-1", "t-vanaf=999999999", "t-sorteer=sql", "x=1"]
)
def test_what_was_made_up_shows_the_whole_table(room: Desk, query: str) -> None:
    described(room)
    assert page(room, address=f"{LATE}?{query}").count('scope="row"') == 6


def test_every_look_is_a_delivery_also_of_a_part(room: Desk) -> None:
    before = Delivery.objects.count()
    looked_for(room, "zzz")
    page(room, address=LATE)
    assert Delivery.objects.count() == before + 2
    facts = AuditLine.objects.filter(action="product.deliver").latest("number").facts
    assert "zzz" not in str(facts)


# Names and addresses


def test_hostile_names_in_data_and_register_are_words(room: Desk) -> None:
    described(room, nl=HOSTILE, finding=[{"when": "call", "one_nl": HOSTILE, "many_nl": HOSTILE}])
    quoted = HOSTILE.replace("'", "''")
    with room.another_snapshot(f"UPDATE pupil SET first_name = '{quoted}' || pupil_id"):
        for name in ("leraar-A1", "outsider"):
            html = browser(room.people[name]).get(LATE).content.decode()
            assert "<b>&\"'" not in html
        assert "&lt;b&gt;&amp;&quot;&#x27;{{ x }}pA1" in page(room)


def test_no_link_and_no_heading_of_an_answer_holds_a_pupil(room: Desk) -> None:
    described(room)
    answer = browser(room.people["leraar-A1"]).get(LATE)
    page_of = Seen(answer.content.decode())
    for tag, attrs in page_of.tags:
        for name in ("href", "action", "hx-get", "src", "id", "name"):
            assert "Kind" not in (attrs.get(name) or ""), (tag, name)
    assert "Kind" not in str(answer.headers)
    for kind in ("csv", "xlsx"):
        assert "Kind" not in str(browser(room.people["leraar-A1"]).get(f"{LATE}.{kind}").headers)


def test_page_and_file_are_not_kept_by_anyone(room: Desk) -> None:
    for address in (LATE, f"{LATE}.csv", f"{LATE}.xlsx"):
        assert browser(room.people["leraar-A1"]).get(address).headers["Cache-Control"] == "no-store, private"
