"""A file that waits on the mapping screen: kept aside for its owner, briefly, and what would come of it."""

import os
import time
from dataclasses import replace
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

from schakel.connectors.proposals import Choices
from schakel.lib.errors import Unreadable
from schakel.operations import mapping_drafts
from schakel.operations.mapping_drafts import discard, from_words, keep, opened, pattern_of, rehearse, reread

TEXT = b"Lln nr;Vestiging;Datum;Soort\n0012;11AA00;13-01-2026;O\n;11AA00;14-01-2026;G\n0014;11AA00;15-01-2026;?\n"
NEEDED = {"verzuim": {"absence": frozenset({"pupil_number", "date", "kind"})}}


def files(data: Path) -> list[str]:
    return sorted(path.name for path in (data / "dropped").rglob("*") if path.is_file())


def test_a_draft_travels_as_words_and_finds_its_file_again(people: Any, tmp_path: Path) -> None:
    draft = keep(tmp_path, people["ict_manager"], TEXT, "verzuim 2026-01.csv")
    assert from_words(draft.words()) == draft
    found = opened(tmp_path, people["ict_manager"], draft)
    assert (found.target.key, draft.title, draft.pattern) == ("verzuim-absence", "Verzuim", "verzuim *.csv")
    assert "0012" not in str(draft.words()), "no value of a person travels in the session, only words of a choice"
    folders = [tmp_path / "dropped", *(tmp_path / "dropped").iterdir()]
    assert [folder.stat().st_mode & 0o077 for folder in folders] == [0, 0]


def test_somebody_else_finds_nothing_and_nobody_after_it_was_thrown_away(people: Any, tmp_path: Path) -> None:
    draft = keep(tmp_path, people["ict_manager"], TEXT, "lijst.csv")
    with pytest.raises(Unreadable, match="wacht niet meer"):
        opened(tmp_path, people["information_manager"], draft)
    discard(tmp_path, people["ict_manager"], draft)
    assert files(tmp_path) == []
    with pytest.raises(Unreadable, match="wacht niet meer"):
        opened(tmp_path, people["ict_manager"], replace(draft, token="../../x"))


def test_what_waits_longer_than_an_hour_goes_with_the_next_file(people: Any, tmp_path: Path) -> None:
    keep(tmp_path, people["ict_manager"], TEXT, "oud.csv")
    for folder in (tmp_path / "dropped").iterdir():
        os.utime(folder, (time.time() - 4000, time.time() - 4000))
    keep(tmp_path, people["ict_manager"], TEXT, "nieuw.csv")
    assert files(tmp_path) == ["nieuw.csv"]


@pytest.mark.parametrize(
    "name",
    ["'t Veerhuis verzuim & verlof, wk 46.csv", "verzuim [1].csv", "a;b*.csv", "Verzuim (3) + één.csv", "x?.csv"],
)
def test_the_files_of_a_mapping_are_called_like_the_one_that_it_was_made_with(
    people: Any, tmp_path: Path, name: str
) -> None:
    draft = keep(tmp_path, people["ict_manager"], TEXT, name)
    assert fnmatch(name.casefold(), draft.pattern.casefold())
    assert not fnmatch("iets anders.csv", draft.pattern)


def test_a_mapping_is_called_as_its_file_is(people: Any, tmp_path: Path) -> None:
    name = "'t Veerhuis verzuim & verlof, wk 46.csv"
    assert keep(tmp_path, people["ict_manager"], TEXT, name).title == "'t Veerhuis verzuim & verlof, wk"


@pytest.mark.parametrize(
    ("name", "kept"),
    [("../../etc/passwd.csv", "passwd.csv"), ("..\\x\\lijst.csv", "lijst.csv"), ("a;b*.csv", "a_b_.csv"),
     (".verborgen.csv", "verborgen.csv"), ("", "bestand.csv")],
)  # fmt: skip
def test_the_name_of_a_file_leads_nowhere_else(people: Any, tmp_path: Path, name: str, kept: str) -> None:
    assert keep(tmp_path, people["ict_manager"], TEXT, name).name == kept
    assert files(tmp_path) == [kept]


@pytest.mark.parametrize("content", [b"", b"  \n", b"%PDF-1.7 \x00"])
def test_what_cannot_be_read_is_not_kept(people: Any, tmp_path: Path, content: bytes) -> None:
    with pytest.raises(Unreadable):
        keep(tmp_path, people["ict_manager"], content, "lijst.csv")
    assert files(tmp_path) == []


def test_a_file_that_is_too_large_is_refused_with_what_to_do(
    people: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mapping_drafts, "MAX_MB", 0)
    with pytest.raises(Unreadable, match="Neem er een deel van"):
        keep(tmp_path, people["ict_manager"], TEXT, "lijst.csv")


def test_a_rehearsal_counts_what_would_be_kept_and_keeps_nothing(people: Any, tmp_path: Path) -> None:
    draft = keep(tmp_path, people["ict_manager"], TEXT, "lijst.csv")
    told = rehearse(opened(tmp_path, people["ict_manager"], draft), NEEDED)
    assert (told.read, told.kept, told.refused, told.problem) == (3, 2, 1, "")
    assert [(g.rule, g.first[0].row) for g in told.groups if g.action == "drop row"] == [("required", 3)]
    assert {d.column: d.decision for d in told.decisions} == {
        "pupil_number": "keep", "site_identifier": "drop", "date": "keep", "kind": "keep",
    }  # fmt: skip
    assert sorted(path.name for path in tmp_path.iterdir()) == ["dropped"]


def test_what_no_need_asks_for_would_not_be_kept(people: Any, tmp_path: Path) -> None:
    draft = keep(tmp_path, people["ict_manager"], TEXT, "lijst.csv")
    told = rehearse(opened(tmp_path, people["ict_manager"], draft), {})
    assert (told.read, told.kept) == (3, 0)


def test_another_target_proposes_the_columns_anew(people: Any, tmp_path: Path) -> None:
    draft = keep(tmp_path, people["ict_manager"], TEXT, "lijst.csv")
    other = reread(tmp_path, people["ict_manager"], draft, draft.form, "pupils")
    assert other.choices.columns.get("identifier") == 0 and "kind" not in other.choices.columns
    with pytest.raises(Unreadable, match="Kies uit de lijst"):
        reread(tmp_path, people["ict_manager"], draft, draft.form, "bestaat-niet")


def test_a_password_is_never_read_whatever_was_chosen(people: Any, tmp_path: Path) -> None:
    draft = keep(tmp_path, people["ict_manager"], b"ID,Password\n1,geheim\n", "students.csv")
    found = opened(tmp_path, people["ict_manager"], replace(draft, choices=Choices({"sourcedId": 0, "email": 1})))
    assert "wordt nooit gelezen" in found.mistakes()["email"]


@pytest.mark.parametrize(
    ("name", "pattern"),
    [("verzuim_20260915.csv", "verzuim_*.csv"), ("Export 2026-01-02 v3.xlsx", "Export * v*.xlsx"),
     ("leerlingen.csv", "leerlingen.csv"), ("2026.csv", "*.csv"),
     ("Verzuim per school november 2026.xlsx", "Verzuim per school *.xlsx"), ("verzuim_nov.csv", "verzuim_*.csv"),
     ("Mei_2026_verzuim.csv", "*_verzuim.csv"), ("meiboom.csv", "meiboom.csv"), ("12 t-m 16 sept.csv", "* t-m *.csv")],
)  # fmt: skip
def test_the_name_of_next_files_follows_from_this_one(name: str, pattern: str) -> None:
    assert pattern_of(name) == pattern
    assert fnmatch(name, pattern), "this file as well"
