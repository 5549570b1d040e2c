"""Connecting a source on the pages, as the ICT manager does: kind, form, try, key, and letting go."""

import re
import sqlite3

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from schakel.access.audit import AuditLine
from schakel.access.register import put
from schakel.chain.systems import System
from schakel.collect.connections import Connection, connection_of
from schakel.collect.runs import Run
from schakel.collect.source_mappings import SourceMapping
from schakel.collect.sources import Source
from schakel.lib.addresses import Allowed
from schakel.lib.outgoing import Outgoing
from tests.connectors.json_server import SECRET, json_serving
from tests.connectors.sftp_server import needs_sshd, sftp_server
from tests.portal.test_quarantine_pages import browser

pytestmark = pytest.mark.django_db
NEW = "/bronnen/aansluiten"
NEEDED = {"verzuim": {"absence": frozenset({"pupil_number", "site_identifier", "date", "kind"})}}
COLUMNS = {
    "veld-pupil_number": "nummer", "veld-site_identifier": "vestiging", "veld-date": "datum", "veld-kind": "soort",
    "woorden-kind": "G=authorised; O=unauthorised",
}  # fmt: skip
COMMON = {"name": "Verzuim nu", "system": "las", "every_hours": "24"}
TABLE = {**COMMON, **COLUMNS, "soort": "sql", "gegevens": "verzuim-absence", "method": "none", "table": "verzuim"}
SERVER = {**COMMON, **COLUMNS, "soort": "rest-json", "gegevens": "verzuim-absence", "method": "bearer",
          "address": "https://api.example/v2", "secret": "zeer geheim", "path": "/verzuim",
          "paging": "none"}  # fmt: skip
FOLDER = {**COMMON, "soort": "folder", "gegevens": "oneroster", "pattern": "las_*.zip"}


@pytest.fixture
def ict(people, settings, tmp_path, monkeypatch):
    settings.DATA = tmp_path / "data"
    settings.DATA.mkdir()
    settings.OUTGOING = Outgoing(Allowed(frozenset({"127.0.0.1"}), (str(tmp_path),)))
    monkeypatch.setattr("schakel.process.mappings.columns_for", lambda _elements: NEEDED)
    put(people["ict_manager"], "system.write", System, "las", name="LAS")
    return browser(people["ict_manager"])


def table(tmp_path, **more):
    with sqlite3.connect(tmp_path / "las.sqlite") as con:
        con.execute("CREATE TABLE verzuim (nummer, vestiging, datum, soort)")
        con.execute("INSERT INTO verzuim VALUES ('00123', '00AA00', NULL, 'G')")
    return {**TABLE, "address": f"sqlite://{tmp_path}/las.sqlite", **more}


def begin(browsing, given):
    return browsing.post(f"{NEW}/opslaan", given)


def test_first_the_kind_then_what_is_in_it_then_the_form(ict):
    text = ict.get(NEW).content.decode()
    for word in ("Database", "Server met JSON", "SFTP-server", "Map op deze server", "OneRoster-server"):
        assert word in text
    assert "Toon het formulier" not in text
    text = ict.get(f"{NEW}?soort=sql").content.decode()
    assert "Verzuimoverzicht" in text
    assert "opslaan" not in text
    text = ict.get(f"{NEW}?soort=sql&gegevens=verzuim-absence").content.decode()
    assert "Tabel of view" in text
    assert "Een behoefte noemt dit." in text
    assert "Geen behoefte noemt dit" in text
    assert "Tabel of view" not in ict.get(f"{NEW}?soort=sftp&gegevens=verzuim").content.decode()
    assert "verzuim_*.csv" in ict.get(f"{NEW}?soort=sftp&gegevens=verzuim").content.decode()
    assert ict.get(f"{NEW}?soort=fax&gegevens=x").status_code == 200


def test_a_table_is_connected_and_tried_and_nothing_is_kept(ict, tmp_path):
    answer = begin(ict, table(tmp_path))
    assert answer.headers["Location"] == "/bronnen/verzuim-nu/server"
    assert SourceMapping.objects.get().declaration["relations"]["absence"]["table"] == "verzuim"
    before = sorted(path for path in tmp_path.rglob("*") if path.is_file())
    text = ict.post("/bronnen/verzuim-nu/server/proberen").content.decode()
    assert "De database antwoordt" in text
    assert "pupil_number, site_identifier, kind" in text
    assert "00123" not in text
    assert sorted(path for path in tmp_path.rglob("*") if path.is_file()) == before
    text = ict.get("/bronnen/verzuim-nu/server").content.decode()
    assert "Verzuim nu wordt uit een database gelezen" in text
    assert "G=authorised; O=unauthorised" in text


def test_what_the_database_calls_a_school_is_kept_and_shown_again(ict, tmp_path):
    begin(ict, table(tmp_path) | {"woorden-site_identifier": "De Kiem=98AB00; Zuid=98AB01"})
    told = SourceMapping.objects.get().declaration["relations"]["absence"]["columns"]["site_identifier"]
    assert told["same_as"] == {"De Kiem": "98AB00", "Zuid": "98AB01"}
    assert "De Kiem=98AB00; Zuid=98AB01" in ict.get("/bronnen/verzuim-nu/server").content.decode()


def test_another_column_is_a_new_version_and_the_same_is_none(ict, tmp_path):
    given = table(tmp_path)
    begin(ict, given)
    save = "/bronnen/verzuim-nu/server/opslaan"
    assert ict.post(save, given).status_code == 302
    assert SourceMapping.objects.count() == 1
    assert ict.post(save, {**given, "veld-kind": "verzuimsoort"}).status_code == 302
    assert SourceMapping.objects.count() == 2
    assert AuditLine.objects.filter(action="source.write").count() >= 4


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "!!!"}, "naam met letters"),
        ({"name": "Aansluiten"}, "naam met letters"),
        ({"system": "weg"}, "Kies uit welke applicatie"),
        ({"gegevens": "weg"}, "Kies eerst wat er in de bron staat"),
        ({"gegevens": ""}, "Kies eerst wat er in de bron staat"),
        ({"address": "http"}, "beginnen kunnen"),
        ({"address": "sftp://api.example"}, "beginnen kunnen"),
        ({"secret": ""}, "Vul het geheim in"),
        ({"method": "key", "client": "x"}, "hoort niet bij"),
        ({"method": "oauth2"}, "naam (client id)"),
        ({"method": "oauth2", "client": "x"}, "token te halen"),
        ({"path": ""}, "pad van de lijst"),
        ({"path": "https://elders.example"}, "pad van de lijst"),
        ({"paging": "raden"}, "Kies een manier"),
        ({"paging": "cursor"}, "hoort dit veld"),
        ({"paging": "page", "parameter": "page", "size": "veel"}, "aantal in van 1"),
        ({"veld-kind": ""}, "in elke rij nodig"),
        ({"veld-remark": "leerling.bsn"}, "nooit"),
        ({"veld-remark": "x" * 300}, "te lang"),
        ({"woorden-kind": "zomaar"}, "waarde=wordt"),
        ({"woorden-kind": "G=banaan"}, "banaan kan dit gegeven niet worden"),
        ({"woorden-site_identifier": "De Kiem=Kiem"}, "Kiem is geen school"),
        ({"every_hours": "0"}, "aantal uren"),
        ({"secret_expires_on": "ooit"}, "geen dag"),
    ],
)
def test_what_cannot_be_kept_is_told_and_stays_on_the_form(ict, change, said):
    answer = begin(ict, {**SERVER, **change})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert said in text
    assert "zeer geheim" not in text
    assert not Source.objects.exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [({"pattern": ""}, "alleen * is te ruim"), ({"pattern": "*"}, "alleen * is te ruim"),
     ({"pattern": "../*.zip"}, "alleen * is te ruim"), ({"archive": "../weg"}, "kan geen naam zijn"),
     ({"marker": "/"}, "kan geen naam zijn"), ({"address": "uit"}, "hele pad")],
)  # fmt: skip
def test_what_cannot_be_of_a_folder_is_told(ict, tmp_path, change, said):
    answer = begin(ict, {**FOLDER, "address": str(tmp_path), **change})
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert not Source.objects.exists()


def test_a_folder_is_connected_and_shows_what_waits(ict, tmp_path):
    (tmp_path / "uit voer").mkdir()
    (tmp_path / "uit voer" / "las_1.zip").write_bytes(b"x" * 1234)
    given = {**FOLDER, "address": f"{tmp_path}/uit voer", "each": "1", "marker": ".ok", "archive": "verwerkt"}
    begin(ict, given)
    known = connection_of(Source.objects.get())
    assert known.details == {"marker": ".ok", "archive": "verwerkt", "each": True}
    assert (known.sealed, known.expires) == ("", "none")
    text = ict.get("/bronnen/verzuim-nu/server").content.decode()
    assert f'value="{tmp_path}/uit voer"' in text
    assert "Zonder geheim" in text
    text = ict.post("/bronnen/verzuim-nu/server/proberen").content.decode()
    assert "las_1.zip" in text
    assert "1.234" in text
    assert "Nog zonder teken" in text
    (tmp_path / "uit voer" / "las_1.zip").unlink()
    assert "geen bestand in dat zo heet" in ict.post("/bronnen/verzuim-nu/server/proberen").content.decode()


def test_a_json_server_is_connected_and_tried(ict):
    with json_serving("cursor", "basic") as server:
        columns = {"veld-pupil_number": "leerling.nummer", "veld-site_identifier": "vestigingen[0].code",
                   "veld-date": "moment", "veld-kind": "soort"}  # fmt: skip
        given = {**SERVER, **columns, "address": f"{server.base}/api", "method": "basic", "client": "schakel",
                 "secret": SECRET, "path": "v2/verzuim", "rows": "data.items", "paging": "cursor", "parameter": "na",
                 "following": "volgende", "total": "meta.totaal"}  # fmt: skip
        assert begin(ict, given).status_code == 302
        text = ict.post("/bronnen/verzuim-nu/server/proberen").content.decode()
        assert "De server antwoordt" in text
        assert "23" in text
        assert "geheime" not in text
        assert SECRET not in text
        assert 'value="meta.totaal"' in text


@needs_sshd
def test_a_person_approves_the_key_of_a_server(ict, tmp_path):
    with sftp_server(tmp_path) as server:
        access = server.access()
        given = {**FOLDER, "soort": "sftp", "address": server.address, "method": "key", "client": access.client,
                 "key": access.secret.replace("\n", "\r\n")}  # fmt: skip
        assert begin(ict, given).status_code == 302
        text = ict.post("/bronnen/verzuim-nu/server/proberen").content.decode()
        assert server.fingerprint in text
        assert "keur deze sleutel goed" in text
        assert "PRIVATE KEY" not in text
        approve = "/bronnen/verzuim-nu/server/sleutel"
        text = ict.post(approve, {"sleutel": "ssh-ed25519 SHA256:iets"}, follow=True).content.decode()
        assert "andere sleutel dan die u zag" in text
        assert "host_key" not in Connection.objects.get().details
        assert "goedgekeurd" in ict.post(approve, {"sleutel": server.fingerprint}, follow=True).content.decode()
        assert "geen bestand in dat zo heet" in ict.post("/bronnen/verzuim-nu/server/proberen").content.decode()
        server.renew_key()
        text = ict.post("/bronnen/verzuim-nu/server/proberen").content.decode()
        assert "andere sleutel dan die is goedgekeurd" in text


def test_letting_go_is_one_button_and_leaves_the_source(ict, tmp_path):
    begin(ict, SERVER)
    text = ict.post("/bronnen/verzuim-nu/server/verbreken", follow=True).content.decode()
    assert "Het geheim is weg" in text
    assert not Connection.objects.exists()
    assert Source.objects.count() == 1
    assert "zeer geheim" not in str(list(AuditLine.objects.values()))
    ict.post("/bronnen/verzuim-nu/server/verbreken")  # nothing left to let go of
    assert "geen server met een sleutel" in ict.post("/bronnen/verzuim-nu/server/sleutel", follow=True).content.decode()


@pytest.mark.parametrize("who", ["teacher", "board_member", "privacy_officer"])
def test_who_may_not_change_sources_comes_nowhere(ict, people, who):
    begin(ict, SERVER)
    client = browser(people[who])
    assert client.get(NEW).status_code == 403
    assert begin(client, {**SERVER, "name": "Nog een"}).status_code == 403
    for act in ("opslaan", "proberen", "sleutel", "verbreken"):
        assert client.post(f"/bronnen/verzuim-nu/server/{act}").status_code == 403
    assert Connection.objects.count() == 1
    assert "aansluiten" not in client.get("/bronnen").content.decode()


BROUGHT = {
    "name": "EDEXML van De Kiem",
    "system": "las",
    "soort": "inbox",
    "gegevens": "edexml",
    "pattern": "edex_*.xml",
}


@pytest.mark.parametrize("kind", ["inbox", "sftp", "folder"])
def test_what_nobody_asks_for_is_said_before_it_is_connected(ict, kind):
    page = ict.get(f"{NEW}?soort={kind}").content.decode()
    first, second, *rest = re.findall(r"<option[^>]*>([^<]*)</option>", page)
    assert (first, second) == ("Kies", "Verzuimoverzicht")
    assert len(rest) > 5 and all(each.endswith(" (vraagt niemand)") for each in rest)


def test_files_that_somebody_brings_ask_for_their_name_and_nothing_else(ict):
    text = ict.get(f"{NEW}?soort=inbox&gegevens=verzuim").content.decode()
    assert "verzuim_*.csv" in text
    assert "Aanmelden" not in text and "Lees elke zoveel uur" not in text and "Verplaats" not in text
    answer = begin(ict, BROUGHT)
    source = Source.objects.get()
    assert (answer.url, source.layout, source.pattern) == (f"/bronnen/{source.key}", "edexml", "edex_*.xml")
    assert connection_of(source) is None
    text = ict.get(answer.url).content.decode()
    assert "Zet hier het eerste bestand neer" in text
    assert "Zet neer en lees" in text and "edex_*.xml" in text


@pytest.mark.parametrize(
    ("change", "said"),
    [({"pattern": ""}, "alleen * is te ruim"), ({"gegevens": "nergens"}, "wat er in de bron staat"),
     ({"system": ""}, "uit welke applicatie"), ({"name": "!!"}, "naam met letters"),
     ({"gegevens": "verzuim", "pattern": "absentie_*.csv"}, "heten als verzuim_*.csv")],
)  # fmt: skip
def test_what_cannot_be_brought_is_told(ict, change, said):
    answer = begin(ict, {**BROUGHT, **change})
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert not Source.objects.exists()


def test_two_sources_do_not_read_the_same_files(ict):
    begin(ict, BROUGHT)
    answer = begin(ict, {**BROUGHT, "name": "Nog een"})
    assert (answer.status_code, "leest al bestanden die zo heten" in answer.content.decode()) == (422, True)
    assert begin(ict, {**BROUGHT, "name": "Nog een", "pattern": "edex_vlonder_*.xml"}).status_code == 302


def test_files_of_a_known_form_may_be_called_more_narrowly(ict):
    given = {**BROUGHT, "gegevens": "verzuim", "pattern": "verzuim_vo_*.csv"}
    assert begin(ict, given).status_code == 302
    wide = {**given, "name": "Werkboek", "pattern": "verzuim_po_*.xlsx"}
    assert begin(ict, wide).status_code == 302, "a workbook of that name is read too"


def upload(browsing, name, content=b"<EDEX/>"):
    return browsing.post("/bronnen/edexml-van-de-kiem/bestand/opslaan", {"bestand": SimpleUploadedFile(name, content)})


def test_a_file_is_brought_and_asked_for(ict, settings):
    begin(ict, BROUGHT)
    answer = upload(ict, "edex_2026.xml")
    assert answer.url.startswith("/bronnen/edexml-van-de-kiem?")
    assert (settings.DATA / "brought" / "edexml-van-de-kiem" / "edex_2026.xml").read_bytes() == b"<EDEX/>"
    assert Run.objects.waiting().get().source.key == "edexml-van-de-kiem"


@pytest.mark.parametrize(("name", "said"), [("las_1.zip", "heten als edex_*.xml"), ("", "Kies eerst een bestand")])
def test_a_file_that_cannot_be_brought_is_told_and_not_kept(ict, settings, name, said):
    assert 'class="note done ok"' in ict.get(begin(ict, BROUGHT).url).content.decode()
    answer = upload(ict, name) if name else ict.post("/bronnen/edexml-van-de-kiem/bestand/opslaan")
    assert answer.url == "/bronnen/edexml-van-de-kiem"
    page = ict.get(answer.url).content.decode()
    assert said in page
    assert 'class="note done bad"' in page and "note done ok" not in page, "what was not done does not look done"
    assert not (settings.DATA / "brought").exists()
    assert not Run.objects.waiting().exists()


def test_a_file_that_waits_is_shown_and_can_be_thrown_away(ict):
    begin(ict, BROUGHT)
    upload(ict, "edex_2026.xml")
    page = ict.get("/bronnen/edexml-van-de-kiem").content.decode()
    assert "edex_2026.xml ligt klaar en is nog niet binnen." in page
    away = "/bronnen/edexml-van-de-kiem/bestand/weggooien"
    assert ict.post(away, {"naam": "edex_2026.xml"}).url == "/bronnen/edexml-van-de-kiem"
    page = ict.get("/bronnen/edexml-van-de-kiem").content.decode()
    assert "Het bestand is weggegooid" in page and "ligt klaar" not in page
    ict.post(away, {"naam": "edex_2026.xml"})
    assert "ligt er niet meer" in ict.get("/bronnen/edexml-van-de-kiem").content.decode()
