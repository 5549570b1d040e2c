"""The command line as scripts use it: real processes on a real data folder."""

import csv
import io
import json
import os
import pty
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from schakel.lib import clock
from tests.cli.nest import schakel

DOMAIN = "oeverscholen.example"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    done = schakel(folder, "demo", "--pupils", "500", "--no-serve")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "in gebruik" in done.stdout
    return folder


def delivered(demo: Path, product: str, who: str) -> list[dict[str, str]]:
    done = schakel(demo, "deliver", product, "--as", who)
    assert done.returncode == 0, done.stderr
    return list(csv.DictReader(io.StringIO(done.stdout.lstrip("\ufeff")), delimiter=";"))


def test_the_demo_of_today_is_made_once(demo):
    done = schakel(demo, "demo", "--pupils", "500", "--no-serve")
    assert done.returncode == 0
    assert "staat klaar" in done.stdout


def test_a_folder_with_something_else_is_left_alone(tmp_path):
    (tmp_path / "van mij.txt").write_text("belangrijk")
    done = schakel(tmp_path, "demo", "--no-serve")
    assert done.returncode == 2
    assert "niet leeg" in done.stderr
    assert (tmp_path / "van mij.txt").read_text() == "belangrijk"


def test_two_folders_are_two_boards(demo, tmp_path):
    assert json.loads(schakel(tmp_path, "gaps", "--json").stdout) == []
    assert json.loads(schakel(demo, "gaps", "--json").stdout) != []


def test_gaps_tell_id_severity_and_next_action(demo):
    gaps = json.loads(schakel(demo, "gaps", "--json").stdout)
    told = {"id", "rule", "severity", "title", "kind", "key", "name", "owner", "detail", "action", "why"}
    assert told | {"first_seen", "accepted_until", "accepted_reason"} == set(gaps[0])
    assert "need-without-source:safety_monitor" in {gap["id"] for gap in gaps}
    assert "Behoefte zonder bron" in schakel(demo, "gaps").stdout


def test_the_trail_holds_and_a_forged_line_is_found(demo, tmp_path):
    done = schakel(demo, "audit", "verify", "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["holds"]
    forged = tmp_path / "forged"
    forged.mkdir()
    (forged / "schakel.db").write_bytes((demo / "schakel.db").read_bytes())
    with sqlite3.connect(forged / "schakel.db") as con:
        con.execute("DROP TRIGGER access_auditline_no_update")
        con.execute("UPDATE access_auditline SET action = 'need.approve' WHERE number = 40")
    done = schakel(forged, "audit", "verify")
    assert done.returncode == 1
    assert "40" in done.stdout


def test_a_mentor_receives_her_own_class_and_nobody_else(demo):
    rows = delivered(demo, "absence_16h", "sanne.de.wit")
    assert rows
    assert {row["Klas"] for row in rows} == {"H3a"}


def test_each_person_receives_another_list(demo):
    teacher = delivered(demo, "absence_16h", f"tom.bakker@{DOMAIN}")
    assert {row["Klas"] for row in teacher} == {"6a"}
    leader = delivered(demo, "absence_16h", "karin.de.boer")
    assert len(leader) > len(teacher)


def test_a_file_has_the_order_and_the_words_of_the_product(demo):
    rows = delivered(demo, "absence_16h", "sanne.de.wit")
    hours = [float(row["Uren in 4 lesweken"].replace(",", ".")) for row in rows if row["Uren in 4 lesweken"]]
    assert hours == sorted(hours, reverse=True)
    assert {row["Geteld in"] for row in rows} <= {"lesuren", ""}


@pytest.mark.parametrize("who", ["marijke.terpstra", "olivier.smit", "daan.verhoeven", "henk.nijland"])
def test_who_is_not_in_the_audience_is_refused_with_the_reason(demo, who):
    done = schakel(demo, "deliver", "absence_16h", "--as", who)
    assert done.returncode == 1
    assert done.stdout == ""
    assert len(done.stderr) > 20
    assert "Traceback" not in done.stderr


def test_a_role_that_ended_opens_nothing(demo):
    after = f"{clock.school_year_start(clock.today()).year + 1}-08-01"
    done = schakel(demo, "deliver", "absence_16h", "--as", "sanne.de.wit", SCHAKEL_TODAY=after)
    assert done.returncode == 1
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("product", "who"),
    [("bestaat_niet", "sanne.de.wit"), ("absence_16h", "niemand"), ("absence_16h", "%"), ("../x", "sanne.de.wit")],
)
def test_what_does_not_exist_is_one_sentence(demo, product, who):
    done = schakel(demo, "deliver", product, "--as", who)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


def test_a_spreadsheet_and_json_hold_the_same_rows(demo, tmp_path):
    rows = delivered(demo, "class_size", "karin.de.boer")
    file = tmp_path / "out.xlsx"
    schakel(demo, "deliver", "class_size", "--as", "karin.de.boer", "--format", "xlsx", "--out", str(file), check=True)
    assert len(CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python()) == len(rows) + 1
    as_json = schakel(demo, "deliver", "class_size", "--as", "karin.de.boer", "--format", "json", check=True).stdout
    found = json.loads(as_json)
    assert len(found["rows"] if isinstance(found, dict) else found) == len(rows)


def test_collecting_the_same_again_changes_nothing(demo):
    before = (demo / "snapshots" / "current").read_text()
    done = schakel(demo, "collect", "verzuim", "--json", "--as", "daan.verhoeven")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["snapshot"] == before.strip()


def test_collecting_tells_what_stayed_outside(demo):
    told = json.loads(schakel(demo, "collect", "verzuim", "--json").stdout)
    assert "BSN" in {column for _file, column, _reason in told["columns_dropped"]}
    assert all(reason for _file, _column, reason in told["columns_dropped"])


def test_collecting_tells_a_person_in_words(demo):
    told = schakel(demo, "collect", "verzuim", check=True).stdout
    assert "rijen gelezen" in told
    assert "met reparaties" in told
    assert "BSN" in told
    assert told.count("Geen goedgekeurde behoefte noemt dit gegeven.") == 1


@pytest.mark.parametrize("what", ["bestaat-niet", "onbekend.zip"])
def test_collecting_what_is_not_there(demo, what):
    done = schakel(demo, "collect", what)
    assert done.returncode == 2
    assert what in done.stderr


def test_a_bar_is_shown_only_when_a_person_watches(demo):
    path = next((demo / "inbox").glob("rooster_*.csv"))
    command = [sys.executable, "-m", "schakel.cli.main", "--data", str(demo), "collect", str(path)]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("SCHAKEL_")}
    ours, theirs = pty.openpty()
    watched = subprocess.run(command, stdout=subprocess.PIPE, stderr=theirs, check=True, env=environment)
    os.close(theirs)
    assert "Inlezen" in os.read(ours, 4096).decode()
    os.close(ours)
    assert b"Inlezen" not in watched.stdout
    assert schakel(demo, "collect", str(path)).stderr == ""


def test_who_may_not_collect_is_refused(demo):
    done = schakel(demo, "collect", "verzuim", "--as", "olivier.smit")
    assert done.returncode == 2
    assert "Dit mag alleen" in done.stderr


def test_a_broken_file_is_one_sentence_and_exit_2(demo, tmp_path):
    broken = tmp_path / "las_20300101.zip"
    broken.write_bytes(b"no zip at all")
    done = schakel(demo, "collect", str(broken))
    assert done.returncode == 2
    assert "Traceback" not in done.stderr + done.stdout


def test_publishing_without_reading(demo):
    before = (demo / "snapshots" / "current").read_text().strip()
    same = schakel(demo, "publish", "--as", "daan.verhoeven")
    assert same.returncode == 0, same.stderr
    assert f"Momentopname {before} staat klaar; 0 standen" in same.stdout
    anew = schakel(demo, "publish", "--as", "daan.verhoeven", "--anew", check=True)
    now = (demo / "snapshots" / "current").read_text().strip()
    assert now != before
    assert now in anew.stdout
    with sqlite3.connect(demo / "schakel.db") as con:
        facts = con.execute("SELECT facts FROM access_auditline WHERE thing_key = ?", [now]).fetchall()
    assert [json.loads(each).get("anew") for (each,) in facts] == [True]


@pytest.mark.parametrize("who", ["olivier.smit", "marijke.terpstra"])
def test_who_may_not_publish_is_refused(demo, who):
    before = (demo / "snapshots" / "current").read_text()
    done = schakel(demo, "publish", "--as", who, "--anew")
    assert done.returncode == 2
    assert "Dit mag alleen" in done.stderr
    assert (demo / "snapshots" / "current").read_text() == before


def test_with_nothing_in_there_is_nothing_to_publish(tmp_path):
    schakel(tmp_path, "people", "add", "youssef@board.example", "Youssef", check=True)
    done = schakel(tmp_path, "publish", "--as", "youssef")
    assert done.returncode == 0, done.stderr
    assert "nog niets binnen" in done.stdout


def test_one_round_of_work(demo):
    done = schakel(demo, "work", "--once")
    assert done.returncode == 0, done.stderr
    assert "in gebruik" in done.stdout


def test_the_doctor_is_content(demo):
    done = schakel(demo, "doctor", "--json")
    assert done.returncode == 0, done.stdout
    assert "bad" not in {finding["state"] for finding in json.loads(done.stdout)}


def test_english_is_spoken_when_asked(demo):
    done = schakel(demo, "--language", "en", "audit", "verify")
    assert done.returncode == 0
    assert "klopt" not in done.stdout


def test_the_server_lives_on_this_machine_only(demo):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("SCHAKEL_")}
    command = [
        sys.executable,
        "-m",
        "schakel.cli.main",
        "--data",
        str(demo),
        "serve",
        "--port",
        str(port),
        "--workers",
        "1",
    ]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        health = _answer(f"http://127.0.0.1:{port}/gezondheid")
        assert json.loads(health) == {"status": "ok", "version": "0.1.0"}
        page = _answer(f"http://127.0.0.1:{port}/")
        assert "Aanmelden" in page
        assert "Stap in" not in page  # the bar is for the demo only
        assert _listens_on(port) == {"0100007F"}, "127.0.0.1 and nothing else"
    finally:
        server.terminate()
        server.wait(timeout=60)


def test_the_charts_are_warmed_up_beside_the_start_not_before_it():
    code = (
        "import sys; from schakel.cli.serve import warm_up; print('vl_convert' in sys.modules);"
        "warming = warm_up(None); print(warming.daemon); warming.join(60); print('vl_convert' in sys.modules);"
        "from schakel.engine.charts import rendering; print(rendering._drawn.cache_info().currsize)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True", "True", "1"]


def _listens_on(port: int) -> set[str]:
    """The addresses (hexadecimal, as the kernel writes them) on which something listens at a port."""
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    listening = [line.split()[1].split(":") for line in lines if line.split()[3] == "0A"]
    return {address for address, there in listening if int(there, 16) == port}


def _answer(url: str) -> str:
    for _ in range(100):
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return str(answer.read().decode())
        except OSError:  # not yet, or too busy to answer in time
            time.sleep(0.2)
    raise AssertionError(f"nobody answers at {url}")
