"""Who is whom where pupils and staff come in by EDEXML: one number at two schools, and never one for the other."""

import hashlib
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schakel.process import matching
from schakel.process.landings import Reread
from schakel.process.matching import Verdict
from tests.amounts import inputs
from tests.connectors.edexml_files import HASH
from tests.process import boards
from tests.process.edexml_board import ABSENCE, ADVICE, Line, absence, advice, found, roster, school
from tests.process.landed import LandedHere
from tests.process.pairing import Someone, against

KETEN = f"https://ketenid.nl/201703/{HASH}"
SUM = "eck-" + hashlib.sha256(KETEN.encode()).hexdigest()[:40]
HERE, THERE = "99ZZ00", "98YY00"
NAMES = frozenset({"staff_contract.fte", "staff.family_name", "staff.birth_date"})


def same(their: str, our: str, source: str = "adviezen", kind: str = "pupil", verdict: bool = True) -> Verdict:
    return Verdict(kind, source, their, our, verdict)


@pytest.fixture
def schools(tmp_path: Path) -> list[LandedHere]:
    """Two schools that both have a pupil 00001 and a teacher L1."""
    teachers = [{"id": "L1", "achternaam": "Vos"}, {"id": "L2", "achternaam": "Bakker", "voorvoegsel": "de"}]
    return [
        school(tmp_path, HERE, [{"id": "00001"}, {"id": "00002"}, {"id": SUM}], teachers),
        school(tmp_path, THERE, [{"id": "00001"}, {"id": "00003"}], teachers[:1]),
    ]


def test_a_number_that_two_schools_have_is_probable_and_never_certain(tmp_path, schools):
    landed = [*schools, advice(tmp_path, ["00001", "00002"])]
    with matching.matching(landed, ADVICE, "pupil", "adviezen", []) as each:
        counted = each.pairing()
        assert (counted.certain, counted.probable, counted.conflicts, counted.unmatched) == (1, 1, 0, 0)
        assert [(item.our_key, item.why) for item in each.candidates()] == [
            (f"{THERE}.00001", "shared"), (f"{HERE}.00001", "shared")
        ]  # fmt: skip
        assert [item.our_source for item in each.candidates({f"{HERE}.00001"})] == [f"las-{HERE}"]
        assert each.renamed() == ()
    assert found(landed, ADVICE) == [(f"{HERE}.00002",), (None,)]


@pytest.mark.parametrize("ours", [f"{HERE}.00001", f"{THERE}.00001"])
def test_what_is_decided_is_read_as_the_pupil_of_that_school(tmp_path, schools, ours):
    landed = [*schools, advice(tmp_path, ["00001", "00002"])]
    renames = matching.renames(landed, ADVICE, [same("00001", ours)])
    assert renames == {("adviezen", "pupil"): (Reread("00001", None, f"\0{ours}"),)}
    assert set(found(landed, ADVICE, renames)) == {(ours,), (f"{HERE}.00002",)}
    with matching.matching(landed, ADVICE, "pupil", "adviezen", [same("00001", ours)]) as each:
        assert (each.pairing().certain, each.candidates(), each.doubted()) == (2, [], [])
        assert each.taken("00002", ours)
        assert not each.taken("00001", ours)


def test_taking_one_of_two_away_makes_the_other_not_certain(tmp_path, schools):
    landed = [*schools, advice(tmp_path, ["00001"])]
    other = same("00001", f"{THERE}.00001", verdict=False)
    with matching.matching(landed, ADVICE, "pupil", "adviezen", [other]) as each:
        assert each.pairing().certain == 0
        assert [item.our_key for item in each.candidates()] == [f"{HERE}.00001"]
    assert found(landed, ADVICE, matching.renames(landed, ADVICE, [other])) == [(None,)]


def test_where_the_file_tells_the_site_a_number_is_of_that_site(tmp_path, schools):
    lines = [Line("00001", HERE), Line("00001", THERE), Line("1", HERE), Line("1", THERE), Line("00001")]
    landed = [*schools, absence(tmp_path, lines)]
    assert found(landed, ABSENCE) == [(f"{HERE}.00001",), (f"{THERE}.00001",), (None,), (None,), (None,)]
    with matching.matching(landed, ABSENCE, "pupil", "verzuim", []) as each:
        counted = each.pairing()
        assert (counted.certain, counted.probable, counted.conflicts, counted.unmatched) == (2, 1, 0, 2)
        assert {(item.their_key, item.our_key) for item in each.candidates()} == {
            ("00001", f"{HERE}.00001"), ("00001", f"{THERE}.00001")
        }  # fmt: skip


def test_zeros_that_were_lost_are_decided_for_each_site_apart(tmp_path):
    lines = [Line("1", HERE), Line("1", THERE), Line("1", "77XX00"), Line("1")]
    landed = [school(tmp_path, site, [{"id": "00001"}]) for site in (HERE, THERE)] + [absence(tmp_path, lines)]
    with matching.matching(landed, ABSENCE, "pupil", "verzuim", []) as each:
        sited = [item for item in each.candidates() if item.theirs.site]
        assert {(item.theirs.number, item.theirs.site, item.our_key) for item in sited} == {
            ("1", HERE, f"{HERE}.00001"), ("1", THERE, f"{THERE}.00001")
        }  # fmt: skip
    decided = [same(f"1 @ {site}", f"{site}.00001", "verzuim") for site in (HERE, THERE)]
    assert found(landed, ABSENCE, matching.renames(landed, ABSENCE, decided[:1])) == [
        (f"{HERE}.00001",), (None,), (None,), (None,)
    ]  # fmt: skip
    assert found(landed, ABSENCE, matching.renames(landed, ABSENCE, decided)) == [
        (f"{HERE}.00001",), (f"{THERE}.00001",), (None,), (None,)
    ]  # fmt: skip


def test_a_decision_of_before_about_a_pupil_of_the_roster_keeps_working(tmp_path, schools):
    """It holds the bare number, which is of everywhere but the sites with numbers of their own."""
    lines = [Line("1", "16AH00"), Line("1"), Line("1", HERE), Line("001", "16AH00")]
    landed = [*schools, roster(tmp_path, {"u1": "001x"}), absence(tmp_path, lines)]
    renames = matching.renames(landed, ABSENCE, [same("1", "u1", "verzuim")])
    assert found(landed, ABSENCE, renames) == [("u1",), ("u1",), (None,), (None,)]


def test_staff_who_are_decided_are_found_whatever_number_others_have(tmp_path, schools):
    lines = [contract("L1", None), contract("7", None)]
    landed = [*schools, boards.land(tmp_path, "hr", "personeel", {"staff_contract": lines})]
    for our in (f"{HERE}.L1", f"{THERE}.L1"):
        renames = matching.renames(landed, NAMES, [same("L1", our, "hr", "staff")])
        assert found(landed, frozenset({"staff_contract.fte"}), renames) == [(None,), (our,)]


def test_the_eck_id_is_held_against_its_sum(tmp_path, schools):
    landed = [*schools, advice(tmp_path, [KETEN])]
    with matching.matching(landed, ADVICE, "pupil", "adviezen", []) as each:
        assert each.pairing().certain == 1
        assert each.con.execute("SELECT key FROM theirs").fetchall() == [(SUM,)]
    assert found(landed, ADVICE) == [(f"{HERE}.{SUM}",)]
    wrong = [same(SUM, f"{HERE}.{SUM}", verdict=False)]
    assert found(landed, ADVICE, matching.renames(landed, ADVICE, wrong)) == [(None,)]
    moved = [*wrong, same(SUM, f"{THERE}.00001")]
    assert found(landed, ADVICE, matching.renames(landed, ADVICE, moved)) == [(f"{THERE}.00001",)]


def test_two_files_of_one_school_are_one_and_count_once(tmp_path, schools):
    again = school(tmp_path, HERE, [{"id": "00001"}, {"id": "00002"}], source="uwlr")
    landed = [*schools, again, advice(tmp_path, ["00002"])]
    with matching.matching(landed, ADVICE, "pupil", "adviezen", []) as each:
        assert (each.pairing().certain, each.pairing().conflicts) == (1, 0)
        assert each.con.execute("SELECT count(*) FROM ours").fetchone() == (5,)
    twice = [*schools, again, absence(tmp_path, [Line("00001", HERE)])]
    assert found(twice, ABSENCE) == [(f"{HERE}.00001",)]


def test_a_school_without_a_key_gives_nobody(tmp_path):
    nameless = boards.land(tmp_path, "las", "edexml", {"school": [{"schooljaar": "2026-2027"}], "pupil": [{"id": "1"}]})
    with matching.matching([nameless, advice(tmp_path, ["1"])], ADVICE, "pupil", "adviezen", []) as each:
        assert each.con.execute("SELECT count(*) FROM ours").fetchone() == (0,)
        assert each.pairing().unmatched == 1


def contract(number: str, name: str | None) -> dict[str, object]:
    return {"contract_number": number, "staff_number": number, "site_identifier": HERE, "family_name": name, "fte": 1.0}


def test_staff_are_compared_by_name_and_a_shared_number_only_with_whom_it_could_be(tmp_path, schools):
    lines = [contract("900", "Bakker"), contract("L1", "Mol"), contract("901", "Vos")]
    landed = [*schools, boards.land(tmp_path, "hr", "personeel", {"staff_contract": lines})]
    with matching.matching(landed, NAMES, "staff", "hr", []) as each:
        assert [(item.their_key, item.our_key, item.why) for item in each.candidates()] == [
            ("900", f"{HERE}.L2", "name")  # L1 is called otherwise, and Vos is at both schools
        ]
        assert each.pairing().missing == ("birth_date",)
    without = NAMES - {"staff.family_name"}
    with matching.matching(landed, without, "staff", "hr", []) as each:
        assert {item.our_key for item in each.candidates()} == {f"{HERE}.L1", f"{THERE}.L1"}
        assert each.con.execute("SELECT count(shown) FROM ours").fetchone() == (0,)  # law 1


def test_schools_are_known_by_their_brin_and_called_as_duo_calls_them(tmp_path, schools):
    site = {"site_code": HERE, "brin": HERE[:4], "board_number": "41288", "name": "De Kiem"}
    money = [{"organisation_identifier": number, "year": 2025, "kind": "actual", "equity": 1.0}
             for number in (THERE, "41288", "99ZZ", "77XX00")]  # fmt: skip
    landed = [
        *schools, boards.land(tmp_path, "duo", "duo_vestigingen_po", {"site": [site]}),
        boards.land(tmp_path, "financien", "financien", {"finance_year": money}),
    ]  # fmt: skip
    needs = frozenset({"finance_year.equity", "site.name"})
    with matching.matching(landed, needs, "organisation", "financien", []) as each:
        assert (each.pairing().certain, each.pairing().probable, each.pairing().unmatched) == (2, 1, 1)
        (item,) = each.candidates()
        assert (item.our_key, item.ours.name, item.why) == (HERE, "De Kiem", "place")
    renames = matching.renames(landed, needs, [same("99ZZ", HERE, "financien", "organisation")])
    assert renames["financien", "organisation"] == (Reread("99ZZ", None, HERE),)


def test_a_school_of_both_rosters_is_one(tmp_path, schools):
    named = {"sourcedId": "s1", "type": "school", "name": "De Kiem", "identifier": HERE}
    free = [{"site_identifier": HERE, "start_date": None}]
    landed = [
        *schools, boards.land(tmp_path, "oneroster", "oneroster", {"orgs": [named]}),
        boards.land(tmp_path, "vakanties", "vakanties", {"holiday": free}),
    ]  # fmt: skip
    with matching.matching(landed, frozenset({"holiday.holiday_region"}), "organisation", "vakanties", []) as each:
        assert (each.pairing().certain, each.pairing().conflicts) == (1, 0)
        assert each.con.execute("SELECT key FROM ours ORDER BY ALL").fetchall() == [(THERE,), ("s1",)]


def test_a_number_of_a_site_makes_one_elsewhere_not_certain_either():
    ours = [Someone("1", key="a"), Someone("1", key=f"{HERE}.1", site=HERE)]
    with against([Someone("1"), Someone("1", site=HERE)], ours) as each:
        assert [(item.their_key, item.our_key) for item in each.candidates()] == [("1", f"{HERE}.1"), ("1", "a")]
        assert each.pairing().certain == 1


def test_one_number_at_two_sites_is_one_partner_and_two_numbers_are_a_conflict():
    ours = [
        Someone("1", key="u1"),
        Someone("2", key=f"{HERE}.2", site=HERE),
        Someone("3", key=f"{THERE}.3", site=THERE),
    ]
    theirs = [Someone("1", site=HERE), Someone("1", site=THERE), Someone("1")]
    with against(theirs, ours) as each:
        assert (each.pairing().certain, each.pairing().conflicts) == (3, 0)
    with against([*theirs, Someone("01", site=HERE)], ours, [(f"01 @ {HERE}", "u1", True)]) as each:
        assert each.pairing().conflicts == 4
        assert {item.means for item in each.renamed()} == {None}


def test_a_number_of_one_site_is_nobodys_at_another():
    ours = [Someone("1", key=f"{HERE}.1", site=HERE), Someone("2", key=f"{THERE}.2", site=THERE)]
    elsewhere = [Someone("1", site=THERE), Someone("1", site="77XX00")]
    with against([Someone("1", site=HERE), *elsewhere], ours) as each:
        counts = each.pairing()
        assert (counts.certain, counts.probable, counts.unmatched) == (1, 1, 1)
        assert [(item.theirs.site, item.why) for item in each.candidates()] == [(None, "shared")], "somebody may say so"
    with against([Someone("1")], ours) as each:
        assert each.pairing().certain == 1, "it names no site, and one alone has it"


def test_a_number_with_the_sign_that_parts_it_from_its_site_is_compared_with_nobody():
    """Or a decision about one line could be about another."""
    ours = [Someone("1", key=f"{HERE}.1", site=HERE), Someone(f"1 @ {HERE}", key="odd")]
    with against([Someone("1", site=HERE), Someone(f"1 @ {HERE}")], ours) as each:
        assert each.con.execute("SELECT key, number, site FROM theirs").fetchall() == [(f"1 @ {HERE}", "1", HERE)]


SIGNS = st.characters(exclude_categories=("Cs",), exclude_characters="\0")
ODD = st.sampled_from(["1", "01", "2", "u1", f"{HERE}.1", f"1 @ {HERE}", "'"])
NUMBERS = ODD | st.text(SIGNS, min_size=1, max_size=2)
SITES = st.sampled_from([HERE, THERE, "77XX00", None])
IDS = st.lists(NUMBERS, max_size=3, unique=True)
LINES = st.lists(st.builds(Line, NUMBERS, SITES), min_size=1, max_size=5, unique=True)


@settings(max_examples=inputs(400, 12))
@given(here=IDS, there=IDS, users=IDS, lines=LINES, pick=st.data())
def test_a_decided_pair_reads_as_exactly_that_pupil_and_nothing_else_is_read_otherwise(here, there, users, lines, pick):
    """Whatever numbers others have, at one site or everywhere."""
    ours = [f"{site}.{key}" for site, ids in ((HERE, here), (THERE, there)) for key in ids]
    keyed = {f"u{place}": number for place, number in enumerate(users)}
    our = pick.draw(st.sampled_from([*ours, *keyed, "weg"]), "our")
    sited = {site for site, ids in ((HERE, here), (THERE, there)) if ids}
    keys = [key_of(line, sited) for line in lines]
    their = pick.draw(st.sampled_from([key for key in keys if key] or ["weg"]), "their")
    with TemporaryDirectory() as data:
        landed = [roster(Path(data), keyed), *(school(Path(data), site, [{"id": key} for key in ids])
                  for site, ids in ((HERE, here), (THERE, there)) if ids), absence(Path(data), lines)]  # fmt: skip
        decided = [same(their, our, "verzuim")]
        before = [row[0] for row in found(landed, ABSENCE)]
        after = [row[0] for row in found(landed, ABSENCE, matching.renames(landed, ABSENCE, decided))]
    number = their.partition(" @ ")[0]
    argues = any(  # whom a number finds by itself is a partner too
        (key == their and was not in (None, our)) or (key and was == our and line.number != number)
        for line, key, was in zip(lines, keys, before, strict=True)
    )
    for line, key, was, now in zip(lines, keys, before, after, strict=True):
        if our == "weg":
            assert now == was
        elif key == their:
            assert now == (None if argues else our)
        elif was == our and key:
            assert now in ((None, our) if argues else (our,))
        else:
            assert now == was, line


def key_of(line: Line, sited: set[str]) -> str | None:
    """How a decision calls a line; None for a number that has the sign between number and site itself."""
    if " @ " in line.number:
        return None
    return f"{line.number} @ {line.site}" if line.site in sited else line.number
