"""A JSON server by declaration: every way of paging and signing in, broken in the middle and recovered."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest

from schakel.collect.connectors import open_package
from schakel.collect.examination import examine
from schakel.collect.providers import PACKAGE, Wish
from schakel.connectors.json_pages import KINDS, listed, value_at
from schakel.connectors.oneroster_pages import Shifted
from schakel.connectors.rest_client import TRIES
from schakel.connectors.rest_json import PROVIDER, Reading, text_of
from schakel.connectors.rest_reading import STARTS
from schakel.lib.addresses import Allowed
from schakel.lib.errors import SchakelError
from schakel.lib.outgoing import Bounds, Broken, Outgoing
from tests.connectors.declarations import VERZUIM
from tests.connectors.json_server import json_serving, many

WAY = Outgoing(Allowed(frozenset({"127.0.0.1"})), bounds=Bounds(size=2**20))
NEEDED = {"absence": frozenset({"pupil_number", "site_identifier", "date", "kind"})}
PAGING = {
    "none": {"kind": "none"},
    "link": {"kind": "link", "total": "meta.totaal"},
    "next": {"kind": "next", "following": "@odata.nextLink"},
    "page": {"kind": "page", "parameter": "page", "size_parameter": "size", "size": 4, "total": "meta.totaal"},
    "offset": {"kind": "offset", "parameter": "offset", "size_parameter": "size", "size": 3},
    "cursor": {"kind": "cursor", "parameter": "na", "following": "volgende", "total": "meta.totaal"},
}
_HEADERS = {"pupil_number": "leerling.nummer", "site_identifier": "vestigingen[0].code", "date": "moment",
            "kind": "soort", "remark": "opmerking", "hour": "lesuur"}  # fmt: skip
MIDDLE = 3  # of the questions
WHOLE = [f"{n:05}" for n in range(1, 24)]


def wish(kind: str, **paging: object) -> Wish:
    relation = VERZUIM["relations"]["absence"]
    columns = {name: {**told, "header": _HEADERS[name]} for name, told in relation["columns"].items()}
    told = {**relation, "columns": columns, "path": "/v2/verzuim", "rows": "data.items",
            "paging": {**PAGING[kind], **paging}}  # fmt: skip
    return Wish(NEEDED, declared={**VERZUIM, "relations": {"absence": told}})


class Watch:
    """Runs readings without waiting, and remembers how long would have been waited."""

    def __init__(self, server, folder: Path, way=WAY, **paging) -> None:
        self.server, self.folder, self.way, self.waits = server, folder, way, []
        self.wish = wish(server.kind, **paging)

    def run(self):
        return Reading(self.server.access, self.way, self.wish, self.heard, sleep=self.waits.append).run(self.folder)

    def heard(self, _file, _rows):
        """Nobody watches."""

    @property
    def rows(self):
        with (self.folder / PACKAGE / "absence.csv").open(encoding="utf-8") as file:
            return list(csv.DictReader(file))

    @property
    def numbers(self):
        return [row["leerling.nummer"] for row in self.rows]


@pytest.mark.parametrize("kind", KINDS)
def test_every_way_of_paging_brings_all_rows_once(tmp_path, kind):
    with json_serving(kind) as server:
        watch = Watch(server, tmp_path)
        assert watch.run().changed
    assert watch.numbers == WHOLE
    assert watch.waits == []


@pytest.mark.parametrize("method", ["none", "bearer", "basic", "oauth2"])
def test_every_way_of_signing_in(tmp_path, method):
    with json_serving("link", method) as server:
        watch = Watch(server, tmp_path)
        watch.run()
        assert watch.numbers == WHOLE
        if method == "oauth2":
            assert server.questions_of_token == {
                "grant_type": "client_credentials", "scope": "lezen leerlingen",
            }  # fmt: skip
        else:
            server.method = "basic" if method == "bearer" else "bearer"
            with pytest.raises(SchakelError, match="herkent ons niet") as refused:
                Reading(replace(server.access, method=method), WAY, watch.wish, watch.heard).run(tmp_path / "f")
            assert not refused.value.retry


def test_what_comes_of_it_passes_its_checks_and_has_needed_fields_only(tmp_path):
    with json_serving("page") as server:
        watch = Watch(server, tmp_path, select="velden")
        watch.run()
        assert server.questions[0]["velden"] == "leerling,vestigingen,moment,soort"
    assert list(watch.rows[0].values()) == ["00001", "00AA00", "2026-09-03", "G"]  # the day in Dutch time
    assert "geheime" not in "".join(path.read_text() for path in tmp_path.rglob("*") if path.is_file())
    report = examine(open_package(tmp_path / PACKAGE), NEEDED).report
    assert (report.usable, report.conformant, sum(report.rows.values())) == (True, True, 23)


def cut(_server, request, _asked):
    request.connection.close()
    request.close_connection = True


def half(_server, request, _asked):
    request.send_response(200)
    request.send_header("Content-Type", "application/json")
    request.send_header("Content-Length", "1000")
    request.end_headers()
    request.wfile.write(b'{"data": {"items": [')
    request.close_connection = True


def refusing(status, **headers):
    def fault(_server, request, _asked):
        request.answer(b'{"error": "nee"}', status, Content_Type="application/json", **headers)

    return fault


def expired(server, request, asked):
    server.tokens = []
    refusing(401)(server, request, asked)


FAULTS = {"cut": cut, "half": half, "500": refusing(500), "503": refusing(503), "429": refusing(429, Retry_After="7")}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("kind", ["page", "cursor"])
def test_a_break_in_the_middle_is_asked_again(tmp_path, kind, fault):
    with json_serving(kind) as server:
        server.faults = {1: FAULTS[fault], MIDDLE: FAULTS[fault]}
        watch = Watch(server, tmp_path)
        watch.run()
    assert watch.numbers == WHOLE
    assert watch.waits == [7.0, 7.0] if fault == "429" else [0.5, 0.5]


def test_a_token_that_is_over_is_renewed(tmp_path):
    with json_serving("offset", "oauth2") as server:
        server.faults = {MIDDLE: expired}
        watch = Watch(server, tmp_path)
        watch.run()
    assert watch.numbers == WHOLE


@pytest.mark.parametrize("kind", ["link", "next", "page", "offset", "cursor"])
def test_what_stays_broken_goes_on_with_the_page_that_broke(tmp_path, kind):
    with json_serving(kind) as server:
        server.faults = dict.fromkeys(range(MIDDLE, MIDDLE + TRIES), cut)
        watch = Watch(server, tmp_path)
        with pytest.raises(Broken) as broken:
            watch.run()
        assert broken.value.retry
        assert not (tmp_path / PACKAGE).exists()
        broke = server.questions[-1]
        watch.run()
        assert server.questions[MIDDLE + TRIES - 1] == broke
    assert watch.numbers == WHOLE


def again(server, request, asked):
    """The page before, once more."""
    server.send(request, {**asked, "page": "1", "na": "0", "van": "0", "offset": "0"})


@pytest.mark.parametrize("kind", ["link", "next", "page", "offset", "cursor"])
def test_a_wrong_page_is_seen_and_the_list_read_anew(tmp_path, kind):
    with json_serving(kind) as server:
        server.faults = {MIDDLE: again}
        watch = Watch(server, tmp_path)
        watch.run()
    assert watch.numbers == WHOLE


def test_a_list_that_grows_meanwhile_is_read_anew(tmp_path):
    with json_serving("page") as server:

        def grow(_server, request, asked):
            server.rows = [*many(24)]
            server.send(request, asked)

        server.faults = {MIDDLE: grow}
        watch = Watch(server, tmp_path)
        watch.run()
    assert watch.numbers == [*WHOLE, "00024"]


def test_a_server_that_never_ends_or_never_adds_up_is_given_up(tmp_path):
    with json_serving("page") as server:
        server.faults = dict.fromkeys(range(2, 60), again)
        watch = Watch(server, tmp_path)
        with pytest.raises(Shifted) as shifted:
            watch.run()
        assert shifted.value.retry
        assert len(server.questions) == 2 * STARTS
    assert not (tmp_path / PACKAGE).exists()


def test_a_next_page_elsewhere_is_not_followed(tmp_path):
    def elsewhere(server, request, asked):
        said = {"data": {"items": server.rows[:1]}, "@odata.nextLink": "https://elders.example/api?van=1"}
        request.answer(json.dumps(said).encode(), 200, Content_Type="application/json")

    with json_serving("next") as server:
        server.faults = {1: elsewhere}
        with pytest.raises(SchakelError, match="op een andere plek"):
            Watch(server, tmp_path).run()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"data": {}}, "geeft deze server geen lijst"),
        ({"data": {"items": {"a": 1}}}, "geeft deze server geen lijst"),
        ({"data": {"items": [1, 2]}}, "geeft deze server geen lijst"),
        ([], "geeft deze server geen lijst"),
        ({"data": {"items": [{"soort": {"diep": 1}}]}}, "geen losse waarden"),
    ],
)
def test_what_is_no_list_of_rows_is_refused(tmp_path, body, said):
    def answer(_server, request, _asked):
        request.answer(json.dumps(body).encode(), 200, Content_Type="application/json")

    with json_serving("none") as server:
        server.faults = {1: answer}
        with pytest.raises(SchakelError, match=said):
            Watch(server, tmp_path).run()
    assert not (tmp_path / PACKAGE).exists()


def test_an_empty_list_is_known_to_be_empty(tmp_path):
    with json_serving("page", rows=[]) as server:
        watch = Watch(server, tmp_path)
        watch.run()
    assert watch.rows == []
    assert open_package(tmp_path / PACKAGE).files.keys() == {"absence"}


def test_a_part_that_is_not_there_is_refused_and_not_asked_again(tmp_path):
    with json_serving("page") as server:
        access = replace(server.access, address=f"{server.base}/ander")
        with pytest.raises(SchakelError, match="niet op deze server"):
            Reading(access, WAY, wish("page"), lambda _f, _r: None).run(tmp_path)
        assert len(server.questions) == 1


def test_a_try_looks_at_one_page_and_keeps_nothing(tmp_path):
    with json_serving("cursor") as server:
        (offer,) = PROVIDER.probe(server.access, WAY, replace(wish("cursor"), needed={
            "absence": frozenset({"pupil_number", "hour"})
        }))  # fmt: skip
        assert (offer.rows, offer.there, offer.lacking) == (23, ("pupil_number",), ("hour",))
        assert len(server.questions) == 1
        (refused,) = PROVIDER.probe(replace(server.access, address=f"{server.base}/ander"), WAY, wish("cursor"))
        assert "niet op deze server" in refused.refused
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [("a.b", 1), ("lijst[1].c", 2), ("lijst[0]", {"c": 1}), ("a.b.c", None), ("lijst[9].c", None), ("lijst.c", None),
     ("weg", None), ("a[0]", None), ("@type", "x"), ("a.@odata.next", 3)],
)  # fmt: skip
def test_a_path_finds_one_value_or_nothing(path, value):
    assert value_at({"a": {"b": 1, "@odata.next": 3}, "lijst": [{"c": 1}, {"c": 2}], "@type": "x"}, path) == value


@pytest.mark.parametrize(
    ("value", "dated", "text"),
    [(None, False, ""), (True, False, "true"), (12, False, "12"), (1e-7, False, "0.0000001"),
     (["a", "b"], False, "a,b"),
     ("2026-09-01T22:30:00Z", True, "2026-09-02"), ("2026-09-01T22:30:00", True, "2026-09-01"),
     ("2026-09-01", True, "2026-09-01"), ("morgen of later", True, "morgen of later"),
     ("2026-09-01T22:30:00Z", False, "2026-09-01T22:30:00Z")],
)  # fmt: skip
def test_a_value_is_written_in_one_way(value, dated, text):
    assert text_of(value, dated=dated) == text


def test_what_the_address_asks_already_stays():
    told = {"path": "v2/x?soort=a b", "paging": {"kind": "page", "parameter": "p", "first": 0}}
    assert listed("https://x.example/api/", told, ()).start == "https://x.example/api/v2/x?soort=a+b&p=0"
