"""A file of any vendor at the pages: dropped, seen, adjusted, tried, saved, and read from then on by itself."""

import re
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from schakel.access.audit import AuditLine
from schakel.access.register import put
from schakel.collect import source_mappings
from schakel.collect.source_mappings import SourceMapping
from schakel.collect.sources import Source
from schakel.lib.plain_yaml import from_yaml
from schakel.operations import flow
from tests.conftest import Board
from tests.connectors import inspectorate_files
from tests.kits.sheet_files import book
from tests.portal.conftest import Seen, Step

PROPOSAL = "/vertalingen/voorstel"
ABSENCE = (
    "Uitvoer absentie 2026\r\n\r\n"
    "Stamnr;School;Dag;Soort;Uren;Telefoon ouders;Leerling BSN\r\n"
    "0012;11AA00;3-9-2026;Geoorloofd;2,5;0612345678;1\r\n"
    "0013;11AA00;14-9-2026;Te laat;1;0612345679;2\r\n"
    "0014;11AA00;15-9-2026;Spoorloos;1;0612345670;3\r\n"
)
NAMED = {"naam": "Absentie uit Magister", "bestanden": "absentie_*.csv", "applicatie": "las", "bron": ""}


@pytest.fixture(autouse=True)
def nothing_left(board: Board) -> Iterator[None]:
    """Files that a test leaves waiting are thrown away, and so is what it collected."""
    before = set(collected(board))
    yield
    for path in waiting(board):
        path.unlink()
    for path in set(collected(board)) - before:
        shutil.rmtree(path)
    for path in (board.data / "mappings").glob("*.yaml"):
        path.unlink()


def collected(board: Board) -> list[Path]:
    """Where the sources of the board have what was collected of them."""
    return [path for kind in ("landing", "quarantine") for path in (board.data / kind).glob("*")]


def waiting(board: Board) -> list[Path]:
    return sorted(path for path in (board.data / "dropped").rglob("*") if path.is_file())


def dropped(client: Any, content: bytes, name: str, source: str = "") -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post("/vertalingen/nakijken", {"bestand": file, "bron": source}, follow=True)


def filled(answer: Any, **more: str) -> dict[str, str]:
    """The fields of the form as they stand on the page, with what a person changes in them."""
    html = answer.content.decode()
    found = {}
    for name, body in re.findall(r'<select class="in" id="[^"]*" name="([^"]+)"[^>]*>(.*?)</select>', html, re.S):
        options = re.findall(r'<option value="([^"]*)"( selected)?', body)
        found[name] = next((value for value, chosen in options if chosen), options[0][0] if options else "")
    for tag in Seen(html).all("input"):
        if tag.get("name", "").startswith(("koprij", "vast-", "naam", "bestanden")):
            found[tag["name"]] = tag.get("value") or ""
    return {**found, **{name.replace("__", "-"): value for name, value in more.items()}}


def saved(client: Any, answer: Any, **more: str) -> Any:
    return client.post(f"{PROPOSAL}/bewaren", filled(answer, **{**NAMED, **more}), follow=True)


def test_what_is_in_a_file_is_shown_and_nothing_is_kept(step_in: Step, board: Board) -> None:
    answer = dropped(step_in("ict_manager"), ABSENCE.encode("cp1252"), "absentie_20260915.csv")
    page = Seen(answer.content.decode())
    assert answer.redirect_chain == [(PROPOSAL, 302)]
    fields = filled(answer)
    assert (fields["teken"], fields["koprij"], fields["decimaal"], fields["datum"]) == (";", "3", ",", "%-d-%-m-%Y")
    assert fields["doel"] == "verzuim-absence"
    chosen = {n: v for n, v in fields.items() if n.startswith("kolom-") and v}
    assert chosen == {
        "kolom-0": "pupil_number", "kolom-1": "site_identifier", "kolom-2": "date", "kolom-3": "kind",
    } | {k: v for k, v in chosen.items() if k == "kolom-4"}  # fmt: skip
    assert "Wordt nooit gelezen" in page.text and "Geweigerd" in page.text
    assert "1 zou worden geweigerd" in " ".join(page.text.split()) or "zou worden geweigerd" in page.text
    assert not SourceMapping.objects.exists()
    assert [path.name for path in waiting(board)] == ["absentie_20260915.csv"]


def test_saving_makes_a_source_that_reads_the_next_file_by_itself(step_in: Step, board: Board, tmp_path: Path) -> None:
    client = step_in("ict_manager")
    answer = dropped(client, ABSENCE.encode("cp1252"), "absentie_20260915.csv")
    done = saved(client, answer)
    assert done.redirect_chain == [("/bronnen/absentie-uit-magister", 302)], done.content.decode()[:3000]
    assert waiting(board) == [], "the file goes once it was used"
    made = SourceMapping.objects.get()
    assert (made.number, made.declaration["layout"], made.source.pattern) == (1, "verzuim", "absentie_*.csv")
    line = AuditLine.objects.filter(action="source.write").latest("number")
    assert (line.thing_kind, line.thing_key) == ("source", "absentie-uit-magister")
    path = tmp_path / "absentie_20260922.csv"
    path.write_bytes(ABSENCE.replace("Geoorloofd", "Te laat").encode("cp1252"))
    run, landed = flow.collect(None, path)
    assert (run.source.key, run.state) == ("absentie-uit-magister", "repaired")
    rows = duckdb.sql(f"SELECT pupil_number, kind, date FROM '{landed.folder}/absence.parquet' ORDER BY 1").fetchall()
    assert [(row[0], row[1], str(row[2])) for row in rows] == [
        ("0012", "late", "2026-09-03"),
        ("0013", "late", "2026-09-14"),
    ]
    assert landed.quarantined == {"absence": 1}
    assert {c for _f, c, _r in landed.columns_dropped} >= {"Telefoon ouders", "Leerling BSN"}


def test_drift_is_said_with_a_way_to_the_next_version(step_in: Step, board: Board, tmp_path: Path) -> None:
    client = step_in("ict_manager")
    saved(client, dropped(client, ABSENCE.encode("cp1252"), "absentie_1.csv"))
    path = tmp_path / "absentie_2.csv"
    path.write_bytes(ABSENCE.replace("Stamnr", "Stamnummer").encode("cp1252"))
    run, landed = flow.collect(None, path)
    assert (run.state, landed) == ("failed", None)
    assert "De kolom Stamnr is er niet meer; waarschijnlijk heet zij nu Stamnummer." in run.message
    html = client.get("/bronnen/absentie-uit-magister").content.decode()
    assert "/vertalingen?bron=absentie-uit-magister" in html and "waarschijnlijk heet zij nu Stamnummer" in html
    answer = dropped(client, path.read_bytes(), path.name, "absentie-uit-magister")
    saved(client, answer, bron="absentie-uit-magister")
    assert source_mappings.in_force(Source.objects.get(key="absentie-uit-magister")).number == 2
    again, landed = flow.collect(None, path)
    assert again.state == "repaired", "the same file goes in with the next version"
    assert landed.version == "2"


def test_what_is_missing_is_asked_and_kept_out_until_answered(step_in: Step, board: Board) -> None:
    client = step_in("ict_manager")
    text = "Lln nr;Datum;Soort\n0012;03-04-2026;O\n0013;05-06-2026;G\n"
    answer = dropped(client, text.encode(), "verzuimlijst.csv")
    page = answer.content.decode()
    assert "Nog niet compleet" in page
    assert "Dag en maand kunnen in elke datum verwisseld zijn" in page
    refused = saved(client, answer)
    assert refused.status_code == 422 and not SourceMapping.objects.exists()
    fixed = filled(answer, vast__site_identifier="11AA00", datum="%d-%m-%Y")
    answer = client.post(f"{PROPOSAL}/doen", fixed, follow=True)
    assert "Nog niet compleet" not in answer.content.decode()
    saved(client, answer, bestanden="verzuimlijst*.csv")
    told = SourceMapping.objects.get().declaration["relations"]["absence"]["columns"]
    assert told["site_identifier"] == {"label": "Vestiging", "type": "text", "constant": "11AA00"}
    assert told["pupil_number"]["header"] == "Lln nr"


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b" ", "leeg.csv", "leeg"),
        (b"\x89PNG\x00\x01", "foto.csv", "geen tekstbestand"),
        (b"PK\x03\x04kapot", "lijst.xlsx", "geen werkboek"),
        (b"Naam;Dag\na;13-01-2026\nb;01-13-2026\n", "mix.csv", "regel 2, kolom Dag (13-01-2026)"),
        (b'Naam;Dag\n"' + b"x" * 131_073 + b'";1\n', "open.csv", "Regel 2 is niet te volgen"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(
    step_in: Step, board: Board, content: bytes, name: str, words: str
) -> None:
    answer = dropped(step_in("ict_manager"), content, name)
    assert answer.status_code == 422
    assert words in Seen(answer.content.decode()).text
    assert waiting(board) == []


def test_no_file_and_no_draft_lead_somewhere(step_in: Step) -> None:
    client = step_in("ict_manager")
    assert "Kies eerst een bestand" in client.post("/vertalingen/nakijken").content.decode()
    assert "Er wacht geen bestand" in client.get(PROPOSAL).content.decode()
    for act in ("doen", "bewaren"):
        assert client.post(f"{PROPOSAL}/{act}").headers["Location"] == PROPOSAL
    assert client.post(f"{PROPOSAL}/weggooien").headers["Location"] == "/vertalingen"


def test_a_file_that_waits_is_its_owners_and_can_be_thrown_away(step_in: Step, board: Board) -> None:
    client = step_in("ict_manager")
    dropped(client, ABSENCE.encode(), "absentie_1.csv")
    assert "absentie_1.csv" in client.get("/vertalingen").content.decode()
    assert "absentie_1.csv" not in step_in("information_manager").get(PROPOSAL).content.decode()
    client.post(f"{PROPOSAL}/weggooien")
    assert waiting(board) == []


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("naam", "!!", "naam met letters"),
        ("bestanden", "*.csv", "te ruim"),
        ("bestanden", "../x", "te ruim"),
        ("applicatie", "bestaat-niet", "applicatie"),
    ],
)
def test_a_mapping_without_a_name_of_its_own_is_not_saved(
    step_in: Step, board: Board, field: str, value: str, words: str
) -> None:
    client = step_in("ict_manager")
    answer = saved(client, dropped(client, ABSENCE.encode("cp1252"), "absentie_1.csv"), **{field: value})
    assert answer.status_code == 422 and words in answer.content.decode()
    assert not SourceMapping.objects.exists()


def test_two_sources_never_read_one_file(step_in: Step, board: Board) -> None:
    """The file of one school would come in as that of another."""
    client = step_in("ict_manager")
    again = partial(dropped, client, ABSENCE.encode("cp1252"), "absentie_1.csv")
    assert saved(client, again()).status_code == 200
    answer = saved(client, again(), naam="Absentie van de Kiem")
    assert answer.status_code == 422
    assert "Bron ‘Absentie uit Magister’ leest al bestanden die zo heten" in answer.content.decode()
    assert SourceMapping.objects.count() == 1
    other = partial(dropped, client, ABSENCE.encode("cp1252"), "kiem_absentie_1.csv")
    assert saved(client, other(), naam="Absentie van de Kiem", bestanden="kiem_absentie_*.csv").status_code == 200
    assert saved(client, again("absentie-uit-magister"), bron="absentie-uit-magister").status_code == 200
    put(board.people["ict_manager"], "source.write", Source, "absentie-uit-magister", active=False)
    assert saved(client, again(), naam="Absentie van nu").status_code == 200


def test_a_number_that_is_never_kept_is_refused_as_a_fixed_value_too(step_in: Step, board: Board) -> None:
    client = step_in("ict_manager")
    answer = dropped(client, b"Lln nr;Datum;Soort\n0012;23-04-2026;O\n", "verzuimlijst.csv")
    answer = client.post(f"{PROPOSAL}/doen", filled(answer, vast__site_identifier="111222333"), follow=True)
    assert "Zo&#x27;n nummer bewaart Schakel nooit" in answer.content.decode()


def test_a_workbook_with_a_title_above_its_header_goes_the_same_way(
    step_in: Step, board: Board, tmp_path: Path
) -> None:
    client = step_in("ict_manager")
    rows = [["Verzuim"], [], ["Lln nr", "Vestiging", "Datum", "Soort"], ["0012", "11AA00", "14-09-2026", "O"]]
    content = book(Leeswijzer=[["niets"]], Verzuim=rows)
    answer = dropped(client, content, "verzuim week 1.xlsx")
    answer = client.post(f"{PROPOSAL}/doen", filled(answer, blad="Verzuim", koprij="3"), follow=True)
    answer = client.post(f"{PROPOSAL}/doen", filled(answer, doel="verzuim-absence"), follow=True)
    saved(client, answer, bestanden="verzuim week *.xlsx")
    path = tmp_path / "verzuim week 2.xlsx"
    path.write_bytes(content)
    run, landed = flow.collect(None, path)
    assert landed is not None, run.message
    assert landed.rows == {"absence": 1}
    assert duckdb.sql(f"SELECT pupil_number FROM '{landed.folder}/absence.parquet'").fetchall() == [("0012",)]


def test_the_mapping_is_a_file_that_check_reads_without_the_register(
    step_in: Step, board: Board, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from click.testing import CliRunner

    from schakel.cli.check import command

    client = step_in("ict_manager")
    saved(client, dropped(client, ABSENCE.encode("cp1252"), "absentie_1.csv"))
    told = client.get("/vertalingen/absentie-uit-magister.yaml").content.decode()
    assert from_yaml(told)["relations"]["absence"]["columns"]["pupil_number"]["header"] == "Stamnr"
    (tmp_path / "eigen.yaml").write_text(told, encoding="utf-8")
    path = tmp_path / "absentie_3.csv"
    path.write_bytes(ABSENCE.encode("cp1252"))
    monkeypatch.setenv("SCHAKEL_DATA", str(board.data))
    for arguments in ([str(path)], [str(path), "--mapping", str(tmp_path / "eigen.yaml")]):
        answer = CliRunner().invoke(command, arguments)
        assert "Absentie uit Magister" in answer.output, answer.output
        assert "Bruikbaar: ja" in answer.output


def test_the_mapping_of_a_source_that_comes_with_schakel_can_be_taken_out_too(step_in: Step) -> None:
    client = step_in("ict_manager")
    assert from_yaml(client.get("/vertalingen/verzuim.yaml").content)["layout"] == "verzuim"
    assert client.get("/vertalingen/oneroster.yaml").status_code == 404


def test_columns_are_read_again_when_the_form_changes(step_in: Step) -> None:
    client = step_in("ict_manager")
    answer = dropped(client, ABSENCE.encode("cp1252"), "absentie_1.csv")
    answer = client.post(f"{PROPOSAL}/doen", filled(answer, teken=","), follow=True)
    assert filled(answer)["teken"] == ","
    assert sum(name.startswith("kolom-") for name in filled(answer)) == 1
    far = client.post(f"{PROPOSAL}/doen", filled(answer, koprij="999"), follow=True)
    assert far.status_code == 422 and "minder regels" in far.content.decode()


WEEKS = "Stamnr;School;wk 36;wk 37;wk 2\n0012;11AA00;O;;G\n0013;11AA00;-;P;X\n"


def test_a_column_per_week_is_seen_asked_about_and_read_from_then_on(
    step_in: Step, board: Board, tmp_path: Path
) -> None:
    client = step_in("ict_manager")
    answer = dropped(client, WEEKS.encode(), "weken_1.csv")
    fields = filled(answer)
    assert (fields["breed"], fields["doel"]) == ("week", "verzuim-absence")
    assert "De kolomkoppen noemen geen jaar" in answer.content.decode()
    assert saved(client, answer, bestanden="weken_*.csv").status_code == 422
    answer = client.post(f"{PROPOSAL}/doen", {**fields, "schooljaar": "2026-2027"}, follow=True)
    page = answer.content.decode()
    assert "Datum uit de kolomkop" in page and "laat deze rij weg" in page
    told = filled(answer)
    assert {told[f"kolom-{n}"] for n in range(4)} >= {"pupil_number", "site_identifier", "date", "kind"}
    places = {value: name for name, value in re.findall(r'for="(waarde-kind-\d)">[^<]*: (\w)</label>', page)}
    answer = client.post(f"{PROPOSAL}/doen", {**told, places["P"]: "~"}, follow=True)
    seen = " ".join(Seen(answer.content.decode()).text.split())
    assert "weggelaten" in seen
    done = saved(client, answer, bestanden="weken_*.csv")
    assert done.redirect_chain[-1][0].startswith("/bronnen/"), done.content.decode()[:2000]
    made = SourceMapping.objects.get().declaration["relations"]["absence"]
    assert made["wide"] == {"columns": "week", "school_year": "2026-2027"}
    assert made["columns"]["kind"]["leave_out"] == ["P"]
    path = tmp_path / "weken_2.csv"
    path.write_bytes(WEEKS.replace("wk 37", "wk 38").encode())
    _run, landed = flow.collect(None, path)
    rows = duckdb.sql(
        f"SELECT pupil_number, CAST(date AS VARCHAR), kind FROM '{landed.folder}/absence.parquet' ORDER BY 2"
    )
    assert rows.fetchall() == [("0012", "2026-08-31", "unauthorised"), ("0012", "2027-01-11", "authorised")]
    assert landed.quarantined == {"absence": 1}
    assert [(f.row, f.column) for f in landed.report.findings if f.rule == "vocabulary"] == [(3, "wk 2")]


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_old_and_open_workbooks_are_seen_with_their_hidden_sheet(step_in: Step, board: Board, kind: str) -> None:
    content = (Path(__file__).parents[1] / "cases" / "workbooks" / f"blad.{kind}").read_bytes()
    page = dropped(step_in("ict_manager"), content, f"lijst.{kind}").content.decode()
    assert "Verborgen (verborgen)" in page and "2026-09-03" in page


def test_a_file_of_a_week_leaves_the_other_weeks_and_the_next_version_knows_it(step_in: Step, board: Board) -> None:
    client = step_in("ict_manager")
    answer = dropped(client, ABSENCE.encode("cp1252"), "absentie_20260915.csv")
    assert filled(answer)["periode"] == "" and "jaren" not in filled(answer), "until somebody says so"
    assert (
        "Dit bestand gaat over donderdag 3 september 2026 tot en met dinsdag 15 september 2026."
        in answer.content.decode()
    )
    answer = client.post(f"{PROPOSAL}/doen", filled(answer, periode="week"), follow=True)
    fields = filled(answer)
    assert (fields["periode"], fields["jaren"]) == ("week", "3")
    assert "Wat er van andere weken staat, blijft." in answer.content.decode()
    forged = client.post(f"{PROPOSAL}/doen", {**fields, "periode": "dag", "jaren": "900"}, follow=True)
    assert (filled(forged)["periode"], filled(forged)["jaren"]) == ("week", "3"), "only what can be chosen"
    saved(client, forged, jaren="2")
    made = SourceMapping.objects.get()
    assert made.declaration["relations"]["absence"]["covers"] == {"column": "date", "each": "week", "years": 2}
    page = " ".join(Seen(client.get(f"/bronnen/{made.source.key}").content.decode()).text.split())
    assert "Hele weken. Wat er van andere weken staat, blijft. Bewaard: 2 schooljaren." in page
    agreed = " ".join(Seen(client.get(f"/bronnen/{made.source.key}/afspraken").content.decode()).text.split())
    assert "Een bestand bevat hele weken. Wat er van andere weken staat, blijft." in agreed
    contract = from_yaml(client.get(f"/bronnen/{made.source.key}/afspraken.yaml").content.decode())
    told = {each["property"]: each["value"] for each in contract["schema"][0]["customProperties"]}
    assert told["covers"] == {"column": "date", "each": "week", "years": 2}
    again = dropped(client, ABSENCE.encode("cp1252"), "absentie_20260922.csv", made.source.key)
    assert (filled(again)["periode"], filled(again)["jaren"]) == ("week", "2")


def test_a_file_without_a_date_in_each_row_is_not_asked_for_its_periods(step_in: Step, board: Board) -> None:
    text = "sourcedId;Naam;Soort\ns1;De Beuk;school\ns2;De Eik;school\n"
    answer = dropped(step_in("ict_manager"), text.encode(), "scholen.csv")
    assert answer.status_code == 200 and 'name="periode"' not in answer.content.decode()


RESULTS = "Vestiging;Afdeling;Indicator;Periode;Waarde;Norm\r\n98AB00;havo;R2;2023-2026;95,1;93,2\r\n"


@pytest.mark.parametrize(
    ("name", "content", "source", "said"),
    [
        ("inspectiewaarden_2026.csv", RESULTS, "", True),
        ("uitvoer_2026.csv", RESULTS, "", False),
        ("inspectiewaarden_2026.csv", RESULTS.replace("Vestiging", "BRIN6"), "", False),
        ("inspectiewaarden_2026.csv", RESULTS, "verzuim", False),
    ],
)
def test_who_brings_a_file_that_needs_no_mapping_is_told_so(
    step_in: Step, board: Board, name: str, content: str, source: str, said: bool
) -> None:
    page = dropped(step_in("ict_manager"), content.encode(), name, source).content.decode()
    assert ("Een vertaling is hier niet nodig." in page) is said
    assert ("soort=inbox&amp;gegevens=inspectiewaarden" in page) is said


@pytest.mark.parametrize(("sheet", "said"), [("Data", True), ("Cijfers", False)])
def test_of_a_workbook_the_sheet_tells_whether_it_needs_no_mapping(
    step_in: Step, board: Board, sheet: str, said: bool
) -> None:
    """The one that is seen first is an explanation."""
    content = book(**{"Toelichting": [["Wat", "Uitleg"], ["a", "b"]], sheet: [["ovt"], ["98AB|C1"]]})
    name = inspectorate_files.NAME.replace(".ods", ".xlsx")
    page = dropped(step_in("ict_manager"), content, name).content.decode()
    assert ("Een vertaling is hier niet nodig." in page) is said
