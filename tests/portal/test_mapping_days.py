"""Days on the mapping screen: rows of several, how many hours a whole day has, and how dates are written."""

import re

import pytest

from schakel.collect.source_mappings import SourceMapping
from schakel.operations.mapping_drafts import title_of
from tests.conftest import Board
from tests.portal.conftest import Seen, Step
from tests.portal.test_mapping import PROPOSAL, dropped, filled, nothing_left, saved

__all__ = ["nothing_left"]


def test_rows_of_several_days_are_not_read_in_silence(step_in: Step, board: Board) -> None:
    head = "Leerlingnummer;Datum begin;Datum eind;Absentiereden"
    text = f"{head}\n100217;23-11-2026;25-11-2026;Ziek\n100218;24-11-2026;24-11-2026;Ziek\n"
    client = step_in("ict_manager")
    answer = dropped(client, text.encode(), "absentie.csv")
    assert filled(answer)["kolom-2"] == "until"
    assert "Niet elke rij" not in answer.content.decode(), "each day is read"
    unread = client.post(f"{PROPOSAL}/doen", filled(answer, kolom__2=""), follow=True)
    page = " ".join(Seen(unread.content.decode()).text.split())
    assert "Niet elke rij is één dag." in page
    assert "In één rij ligt «Datum eind» na «Datum begin»." in page
    assert "Kies bij de kolom «Datum eind» het gegeven «Tot en met»." in page
    one = text.replace("25-11-2026", "23-11-2026")
    assert "Niet elke rij" not in dropped(step_in("ict_manager"), one.encode(), "absentie.csv").content.decode()


def test_beside_a_last_day_the_hours_of_a_whole_day_are_asked(step_in: Step, board: Board) -> None:
    client = step_in("ict_manager")
    head = "Leerlingnummer;Vestiging;Datum begin;Datum eind;Soort"
    answer = dropped(client, f"{head}\n100217;11AA00;23-11-2026;25-11-2026;G\n".encode(), "absentie.csv")
    page = " ".join(Seen(answer.content.decode()).text.split())
    assert "Klokuren van een hele dag" in page
    assert "Zonder telt zo'n dag niet mee in de percentages en de 16 uur." in page
    wrong = client.post(f"{PROPOSAL}/doen", filled(answer, vast__day_hours="vijf"), follow=True)
    assert "Klokuren van een hele dag kan niet vijf zijn. Schrijf een getal van 0 tot en met 12." in (
        " ".join(Seen(wrong.content.decode()).text.split()))  # fmt: skip
    right = client.post(f"{PROPOSAL}/doen", filled(wrong, vast__day_hours="5,5"), follow=True)
    assert "kan niet" not in right.content.decode()
    saved(client, right)
    made = SourceMapping.objects.get()
    assert made.declaration["relations"]["absence"]["columns"]["day_hours"]["constant"] == "5.5"
    agreed = " ".join(Seen(client.get(f"/bronnen/{made.source.key}/afspraken").content.decode()).text.split())
    assert "Klokuren van een hele dag Afwezigheid in elke rij 5,5" in agreed
    assert "datum, van 1 jan 2000 tot en met 1 jan 2100" in agreed
    single = dropped(client, b"Leerlingnummer;Vestiging;Datum;Soort\n100217;11AA00;23-11-2026;G\n", "verzuim.csv")
    assert "vast-day_hours" not in single.content.decode(), "nobody is asked for what has no use"


def test_beside_a_part_of_the_day_the_hours_of_each_part_are_asked(step_in: Step, board: Board) -> None:
    client = step_in("ict_manager")
    head = "Leerlingnummer;Vestiging;Datum;Dagdeel;Soort"
    rows = "100217;11AA00;23-11-2026;Ochtend;G\n100217;11AA00;23-11-2026;nm;G\n100218;11AA00;23-11-2026;Avond;O\n"
    answer = dropped(client, f"{head}\n{rows}".encode(), "dagdelen.csv")
    page = Seen(answer.content.decode())
    for asked in ("Klokuren van een ochtend", "Klokuren van een middag", "Klokuren van een hele dag"):
        assert asked in page.text, asked
    form = filled(answer, vast__morning_hours="3,5", vast__afternoon_hours="2")
    assert {form[name] for name in form if name.startswith("waarde-day_part")} == {"morning", "afternoon", ""}
    right = client.post(f"{PROPOSAL}/doen", form, follow=True)
    assert "kan niet" not in right.content.decode()
    saved(client, right)
    columns = SourceMapping.objects.get().declaration["relations"]["absence"]["columns"]
    assert columns["day_part"]["vocabulary"] == {"Ochtend": "morning", "nm": "afternoon"}
    assert (columns["morning_hours"]["constant"], columns["afternoon_hours"]["constant"]) == ("3.5", "2")
    assert "day_hours" not in columns, "a whole day is a morning and an afternoon"


def test_beside_a_lesson_the_lesson_hours_of_a_whole_day_are_asked(step_in: Step, board: Board) -> None:
    client = step_in("ict_manager")
    head = "Stamnr;Vestiging;Datum begin;Lesuur begin;Lesuur eind;Absentiesoort"
    rows = "100217;11AA00;23-11-2026;3;5;O\n100218;11AA00;23-11-2026;;;G\n"
    answer = dropped(client, f"{head}\n{rows}".encode(), "lessen.csv")
    form = filled(answer)
    columns = {name: form[name] for name in form if name.startswith("kolom-")}
    assert list(columns.values()) == ["pupil_number", "site_identifier", "date", "hour", "hour_until", "kind"]
    assert "Een rij met een lesuur is één lesuur." in Seen(answer.content.decode()).text
    saved(client, client.post(f"{PROPOSAL}/doen", filled(answer, vast__day_lesson_hours="6"), follow=True))
    kept = SourceMapping.objects.get().declaration["relations"]["absence"]["columns"]
    assert (kept["hour_until"]["header"], kept["day_lesson_hours"]["constant"]) == ("Lesuur eind", "6")


def test_a_week_that_an_earlier_row_would_take_away_cannot_be_chosen(step_in: Step, board: Board) -> None:
    client = step_in("ict_manager")
    head = "Leerlingnummer;Vestiging;Datum begin;Datum eind;Soort"
    rows = "100217;11AA00;2-11-2026;25-11-2026;G\n100218;11AA00;24-11-2026;25-11-2026;G\n"
    answer = dropped(client, f"{head}\n{rows}".encode(), "absentie_2026-W48.csv")
    for period, wrong in (("week", True), ("month", True), ("school_year", False), ("", False)):
        answer = client.post(f"{PROPOSAL}/doen", filled(answer, periode=period), follow=True)
        text = "Een rij van meer dagen kan eerder zijn begonnen"
        assert (text in answer.content.decode()) is wrong, period
    refused = saved(client, answer, periode="week")
    assert "Nog niet compleet." in refused.content.decode() and not SourceMapping.objects.exists()
    days = client.post(f"{PROPOSAL}/doen", filled(answer, periode="week", kolom__3=""), follow=True)
    assert "Een rij van meer dagen" not in days.content.decode(), "of rows of one day a week tells all"


def test_how_dates_with_a_short_year_are_written_is_chosen_from_all_ways(step_in: Step) -> None:
    client = step_in("ict_manager")
    text = "Lln nr;Vestiging;Datum;Soort\n0012;11AA00;26-11-04;O\n0013;11AA00;26-11-30;G\n"
    answer = dropped(client, text.encode(), "verzuimlijst.csv")
    page = answer.content.decode()
    assert "Dag, maand en jaar kunnen in elke datum verwisseld zijn" in page
    ways = re.search(r'<select class="in" id="datum".*?</select>', page, re.S)
    assert ways and re.findall(r'<option value="([^"]*)"', ways[0]) == ["", "%-d-%-m-%y", "%y-%-m-%-d"]
    answer = client.post(f"{PROPOSAL}/doen", filled(answer, datum="%y-%-m-%-d"), follow=True)
    page = answer.content.decode()
    assert "Nog niet compleet" not in page
    assert "woensdag 4 november 2026 tot en met maandag 30 november 2026" in " ".join(page.split())
    assert '<option value="%y-%-m-%-d" selected>JJ-MM-DD' in page and '<option value="%-d-%-m-%y">DD-MM-JJ' in page


def test_a_day_with_a_time_behind_it_is_chosen_in_either_order(step_in: Step) -> None:
    client = step_in("ict_manager")
    text = "Lln nr;Vestiging;Datum;Soort\n0012;11AA00;03-04-2026 08:30;O\n0013;11AA00;05-06-2026 09:15;G\n"
    answer = dropped(client, text.encode(), "verzuimlijst.csv")
    assert "Nog niet compleet" in answer.content.decode()
    chosen = filled(answer, datum="%m-%d-%Y|%m-%d-%Y %H:%M")
    page = client.post(f"{PROPOSAL}/doen", chosen, follow=True).content.decode()
    assert "Nog niet compleet" not in page
    assert "woensdag 4 maart 2026" in page and "woensdag 6 mei 2026" in page


def test_dates_that_cannot_be_read_are_told_at_their_column(step_in: Step) -> None:
    client = step_in("ict_manager")
    answer = dropped(client, b"Lln nr;Vestiging;Datum;Soort\n0012;11AA00;gisteren;O\n", "verzuimlijst.csv")
    page = client.post(f"{PROPOSAL}/doen", filled(answer, kolom__2="date"), follow=True).content.decode()
    assert "Wat in de kolom Datum staat, is niet als datum te lezen." in page and "23-11-2026" in page
    assert "Zeg hoe de datums" not in page and 'id="datum"' not in page


def test_how_dates_are_written_is_asked_where_their_column_is_still_empty(step_in: Step) -> None:
    client = step_in("ict_manager")
    answer = dropped(client, b"Lln nr;Vestiging;Datum;Soort\n0012;11AA00;;O\n", "verzuimlijst.csv")
    answer = client.post(f"{PROPOSAL}/doen", filled(answer, kolom__2="date"), follow=True)
    page = answer.content.decode()
    assert "Zeg hoe de datums in dit bestand zijn geschreven." in page and 'id="datum"' in page
    answer = client.post(f"{PROPOSAL}/doen", filled(answer, datum="%m-%d-%Y"), follow=True)
    page = client.post(f"{PROPOSAL}/doen", filled(answer, kolom__2="date"), follow=True).content.decode()
    assert "Zeg hoe de datums" not in page and "Nog niet compleet" not in page


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Verzuimmeldingen personeel Q3.csv", "Verzuimmeldingen personeel"),
        ("AFAS medewerkers.xlsx", "AFAS medewerkers"),
        ("absentie_2026-11-23.csv", "Absentie"),
        ("toetsen groep 8a november 2026.csv", "Toetsen groep"),
        ("2026.csv", "2026.csv"),
    ],
)
def test_a_mapping_is_called_after_its_file_without_what_differs(name: str, title: str) -> None:
    assert title_of(name) == title


def test_a_file_that_is_like_nothing_is_not_called_something(step_in: Step) -> None:
    client = step_in("ict_manager")
    text = "Kostenplaats;Omschrijving;Realisatie;Begroting\nDe Kiem;Personele lasten;€ 100,00;€ 90,-\n"
    answer = dropped(client, text.encode(), "Exploitatie per school.csv")
    page = answer.content.decode()
    assert "<h1>Wat staat er in Exploitatie per school.csv?</h1>" in page and "wordt gelezen als" not in page
    assert "Schakel herkent dit bestand niet." in page
    known = dropped(client, b"Lln nr;Datum;Soort\n0012;13-04-2026;O\n", "lijst.csv").content.decode()
    assert "herkent dit bestand niet" not in known and "wordt gelezen als verzuimoverzicht" in known
