"""The page of a source's server, as the ICT manager uses it: write-only secret, a try that keeps nothing."""

import pytest

from schakel.access.register import put
from schakel.chain.systems import System
from schakel.collect.connections import Connection, connect
from schakel.collect.sources import Source
from schakel.lib.addresses import Allowed
from schakel.lib.outgoing import Outgoing
from schakel.portal.pages import server as server_page
from tests.connectors.reference_provider import SECRET, providing
from tests.connectors.test_oneroster_rest import NEEDED
from tests.portal.test_quarantine_pages import browser

pytestmark = pytest.mark.django_db
ADDRESS = "/bronnen/las/server"
GIVEN = {
    "version": "1.2", "address": "https://las.example/ims/oneroster", "method": "oauth2", "client": "schakel",
    "token_address": "https://las.example/token", "secret": "zeer geheim", "secret_expires_on": "", "every_hours": "24",
}  # fmt: skip


@pytest.fixture
def ict(people, settings, tmp_path):
    settings.DATA = tmp_path
    actor = people["ict_manager"]
    system, _new = put(actor, "system.write", System, "las", name="LAS")
    for key, layout in (("las", "oneroster"), ("verzuim", "verzuim")):
        put(actor, "source.write", Source, key, name=key.upper(), system=system, layout=layout, pattern=f"{key}_*")
    return browser(actor)


def saved(browsing, /, **other):
    return browsing.post(f"{ADDRESS}/opslaan", {**GIVEN, **other})


def test_an_empty_form_says_what_it_is_for(ict):
    text = ict.get(ADDRESS).content.decode()
    assert "LAS wordt uit de inbox gelezen" in text
    assert "/proberen" not in text
    assert ADDRESS in ict.get("/bronnen/las").content.decode()


def test_what_is_filled_in_is_kept_and_the_secret_never_shown(ict):
    answer = saved(ict, secret_expires_on="2099-06-30")
    assert (answer.status_code, answer.headers["Location"]) == (302, ADDRESS)
    assert Connection.objects.get().secret == "zeer geheim"
    for address in (ADDRESS, "/bronnen/las"):
        text = ict.get(address).content.decode()
        assert "zeer geheim" not in text
        assert "Geheim geldig tot" in text
    assert "las.example/token" in ict.get(ADDRESS).content.decode()
    assert saved(ict, secret="", every_hours="6").status_code == 302
    assert (Connection.objects.get().every_hours, Connection.objects.get().secret) == (6, "zeer geheim")


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"address": "http"}, "beginnen kunnen"),
        ({"address": "https://me:you@las.example/"}, "aparte velden"),
        ({"token_address": ""}, "token te halen"),
        ({"secret": ""}, "Vul het geheim in"),
        ({"version": "1.2", "method": "oauth1-sha1"}, "hoort niet bij deze versie"),
        ({"version": "9"}, "hoort niet bij deze versie"),
        ({"every_hours": "0"}, "aantal uren"),
        ({"every_hours": "ѧ"}, "aantal uren"),
        ({"secret_expires_on": "morgen"}, "geen dag"),
        ({"client": ""}, "client id"),
        ({"client": "x" * 300}, "niet te lang"),
    ],
)
def test_what_cannot_be_kept_is_told_and_stays_in_the_form(ict, other, said):
    answer = saved(ict, **other)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert said in text
    assert "zeer geheim" not in text
    assert not Connection.objects.exists()


def test_a_secret_does_not_go_along_to_another_server(ict):
    saved(ict)
    answer = saved(ict, secret="", token_address="https://elders.example/token")
    assert answer.status_code == 422
    assert Connection.objects.get().token_address == GIVEN["token_address"]


@pytest.mark.parametrize("who", ["teacher", "board_member", "privacy_officer"])
def test_who_may_not_change_sources_does_not_come_in(ict, people, who):
    client = browser(people[who])
    assert client.get(ADDRESS).status_code == 403
    assert saved(client).status_code == 403
    assert client.post(f"{ADDRESS}/proberen").status_code == 403


def test_a_source_of_files_is_fetched_as_files_only(ict):
    text = ict.get("/bronnen/verzuim/server").content.decode()
    assert "SFTP-server" in text
    assert "Map op deze server" in text
    assert "OneRoster-server" not in text
    assert "/bronnen/verzuim/server" in ict.get("/bronnen/verzuim").content.decode()
    answer = ict.post("/bronnen/verzuim/server/opslaan", {**GIVEN, "soort": "oneroster-rest"})
    assert answer.status_code == 422
    assert not Connection.objects.exists()


def test_trying_says_what_is_there_and_keeps_nothing(ict, people, settings, tmp_path, monkeypatch):
    settings.OUTGOING = Outgoing(Allowed(frozenset({"127.0.0.1"})))
    monkeypatch.setattr("schakel.process.mappings.columns_for", lambda _elements: {"oneroster": NEEDED})
    with providing() as server:
        said = server.access
        connect(
            people["ict_manager"], Source.objects.get(key="las"), provider="oneroster-rest", version=said.version,
            address=said.address, method=said.method, token_address=said.token_address, client=said.client,
            secret=SECRET,
        )  # fmt: skip
        before = sorted(path for path in tmp_path.rglob("*") if path.is_file())
        text = ict.post(f"{ADDRESS}/proberen").content.decode()
        assert "niets bewaard" in text
        assert "givenName" in text
        assert "Noor" not in text
        assert "-sorteer=" not in text  # no link asks this again by looking
        assert sorted(path for path in tmp_path.rglob("*") if path.is_file()) == before
        server.lacks = {"results"}
        assert "niet op deze server" in ict.post(f"{ADDRESS}/proberen").content.decode()
        settings.OUTGOING = Outgoing()
        asked = len(server.server.asked)
        assert "https://" in ict.post(f"{ADDRESS}/proberen").content.decode()
        assert len(server.server.asked) == asked


def test_trying_without_a_server_leads_to_the_form(ict):
    assert ict.post(f"{ADDRESS}/proberen").headers["Location"] == ADDRESS


@pytest.mark.parametrize(("day", "tone"), [(None, "unk"), ("2000-01-01", "bad"), ("2099-01-01", "ok")])
def test_how_it_stands_with_the_secret_is_said_in_words(day, tone):
    from datetime import date

    known = Connection(secret_expires_on=date.fromisoformat(day) if day else None)
    assert server_page.expiry(known).tone == tone
    assert server_page.expiry(known).word
