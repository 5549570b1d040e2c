"""OneRoster REST against a server that verifies who asks: what comes of it equals the CSV of the same roster."""

from pathlib import Path
from typing import Any

import duckdb
import pytest

from schakel.collect.connectors import open_package
from schakel.collect.landing import Landed, land
from schakel.collect.providers import PACKAGE, Access, Fetched, Wish, provider
from schakel.connectors.oneroster_rest import Reading, address_of, scopes
from schakel.lib.addresses import Allowed
from schakel.lib.errors import SchakelError, Unknown
from schakel.lib.outgoing import Bounds, Outgoing
from tests.collect.small_roster import package
from tests.connectors.reference_provider import OLD, Provider, providing

WAYS = [("1.2", "oauth2"), ("1.1", "oauth1-sha1"), ("1.1", "oauth1-sha256"), ("1.1", "oauth2")]
NEEDED = {
    "academicSessions": frozenset({"sourcedId", "title", "type", "startDate", "endDate", "parentSourcedId"}),
    "orgs": frozenset({"sourcedId", "name", "type", "identifier", "parentSourcedId"}),
    "courses": frozenset({"sourcedId", "title", "orgSourcedId", "subjects"}),
    "classes": frozenset({"sourcedId", "title", "classType", "grades", "courseSourcedId", "schoolSourcedId",
                          "termSourcedIds"}),
    "users": frozenset({"sourcedId", "givenName", "familyName", "enabledUser", "userIds", "role", "orgSourcedIds"}),
    "roles": frozenset({"sourcedId", "userSourcedId", "orgSourcedId", "role", "roleType", "beginDate", "endDate"}),
    "enrollments": frozenset({"sourcedId", "classSourcedId", "userSourcedId", "role", "primary", "beginDate",
                              "endDate"}),
    "demographics": frozenset({"sourcedId", "birthDate"}),
    "categories": frozenset({"sourcedId", "title"}),
    "lineItems": frozenset({"sourcedId", "title", "classSourcedId", "categorySourcedId", "dueDate"}),
    "results": frozenset({"sourcedId", "lineItemSourcedId", "studentSourcedId", "score", "scoreDate"}),
}  # fmt: skip
WAY = Outgoing(Allowed(frozenset({"127.0.0.1"})), bounds=Bounds(size=2**20))


def silent(_file: str, _rows: int) -> None:
    """Nobody watches."""


def reading(server: Provider, wish: Wish | None = None, way: Outgoing = WAY, access: Access | None = None) -> Reading:
    """A reading in which waiting takes no time; what was waited stands in its client."""
    return Reading(access or server.access, way, wish or Wish(NEEDED), silent, sleep=lambda _seconds: None)


def fetched(server: Provider, folder: Path, wish: Wish | None = None, **how: Any) -> Fetched:
    return reading(server, wish, **how).run(folder / "fetching")


def landed(folder: Path, needed: dict[str, frozenset[str]] = NEEDED) -> Landed:
    return land(open_package(folder / "fetching" / PACKAGE), "las", needed, folder / "data")


def tables(landing: Landed) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that landed, by file; the keys of roles are made here and differ."""
    found = {}
    for path in sorted(landing.folder.glob("*.parquet")):
        less = "* EXCLUDE sourcedId" if path.stem == "roles" else "*"
        found[path.stem] = duckdb.sql(f"SELECT {less} FROM '{path}' ORDER BY ALL").fetchall()
    return found


def by_file(server: Provider, folder: Path) -> Landed:
    """The same roster as a zip with CSV files."""
    folder.mkdir(exist_ok=True)
    version = "1.1" if server.version == "1.1" else "1.2.1"
    return land(open_package(package(folder, server.files, version)), "las", NEEDED, folder / "data")


@pytest.mark.parametrize(("version", "method"), WAYS)
def test_the_result_equals_the_csv_delivery(tmp_path, version, method):
    with providing(version, method) as server:
        assert fetched(server, tmp_path).changed
        rest, file = landed(tmp_path), by_file(server, tmp_path / "csv")
    assert tables(rest) == tables(file)
    assert rest.rows == file.rows
    assert sum(rest.rows.values()) > 80
    assert (rest.layout, rest.version, rest.quarantined) == (file.layout, file.version, file.quarantined)
    assert rest.report.usable
    assert rest.report.conformant, rest.report.findings[:3]


@pytest.mark.parametrize(("total", "link"), [(True, False), (False, True), (False, False), (True, True)])
def test_each_way_to_page_reads_all(tmp_path, total, link):
    with providing() as server:
        server.says_total, server.says_link = total, link
        fetched(server, tmp_path)
        assert landed(tmp_path).rows["users"] == 23
    assert {q["limit"] for q in server.questions} == {"1000"}


def test_only_what_needs_name_is_asked_for(tmp_path):
    needed = {"users": frozenset({"sourcedId", "givenName"}), "orgs": frozenset({"sourcedId", "parentSourcedId"})}
    with providing() as server:
        fetched(server, tmp_path, Wish(needed))
    asked = {q["collection"]: set(q["fields"].split(",")) for q in server.questions}
    assert asked == {
        "orgs": {"sourcedId", "status", "dateLastModified", "parent"},
        "users": {"sourcedId", "status", "dateLastModified", "givenName"},
    }
    assert server.scope == "https://purl.imsglobal.org/spec/or/v1p2/scope/roster-core.readonly"
    text = (tmp_path / "fetching" / PACKAGE / "users.csv").read_text()
    assert text.splitlines()[0] == "sourcedId,givenName"
    assert "Bos" not in text


def test_what_a_server_sends_unasked_is_not_written(tmp_path):
    with providing() as server:
        server.unknown = {"fields", "sort"}
        fetched(server, tmp_path, Wish({"users": frozenset({"sourcedId", "givenName"})}))
    assert "Bos" not in "".join(p.read_text() for p in (tmp_path / "fetching").rglob("*") if p.is_file())
    assert landed(tmp_path, {"users": frozenset({"sourcedId", "givenName"})}).rows == {"users": 23}


def test_without_a_need_nothing_is_asked(tmp_path):
    with providing() as server:
        with pytest.raises(SchakelError) as refused:
            fetched(server, tmp_path, Wish({}))
        assert refused.value.code == "no-need"
        assert server.server.asked == []


def test_a_password_is_never_asked_for(tmp_path):
    with providing() as server:
        fetched(server, tmp_path, Wish({"users": frozenset({"sourcedId", "password"})}))
    assert "password" not in str(server.questions)


def test_what_is_deleted_is_not_in_a_whole(tmp_path):
    with providing() as server:
        server.deleted = {("users", "u9"), ("demographics", "u9"), ("enrollments", "e9")}
        fetched(server, tmp_path)
        done = landed(tmp_path)
    assert (done.rows["users"], done.rows["roles"], done.rows["enrollments"]) == (22, 22, 22)


@pytest.mark.parametrize(("version", "method"), WAYS[:2])
def test_changes_alone_are_asked_for_and_applied(tmp_path, version, method):
    """Added, changed and deleted, with the roles that are gone: then all equals a whole reading."""
    with providing(version, method) as server:
        first = fetched(server, tmp_path)
        before = landed(tmp_path)
        _shelved(tmp_path)
        users = server.files["users"]
        users.append(users[0] | {"sourcedId": "u99", "givenName": "Nieuw"})
        users[1]["givenName"] = "Anders"
        server.deleted |= {("users", "u3"), ("enrollments", "e3"), ("demographics", "u3"), ("results", "x3")}
        for key in [("users", "u99"), ("users", "u2"), *server.deleted]:
            server.modified[key] = "2099-01-01T00:00:00.000Z"
        if version == "1.2":
            server.files["roles"][1]["role"] = "teacher"  # of u2: the role of before is gone
            server.files["roles"].append(server.files["roles"][0] | {"userSourcedId": "u99"})
        server.questions.clear()
        again = fetched(server, tmp_path, Wish(NEEDED, first.until, before.folder))
        assert again.changed
        assert all(q["filter"] == f"dateLastModified>'{first.until}'" for q in server.questions)
        after = landed(tmp_path)
        assert sum(after.report.rows.values()) < 12  # read, not kept
        assert after.report.usable, after.report.findings
        fetched(server, tmp_path / "whole")
        whole = landed(tmp_path / "whole")
    assert tables(after) == tables(whole)
    assert ("Anders" in str(tables(after)["users"]), "u3" in str(tables(after)["users"])) == (True, False)


def _shelved(folder: Path) -> None:
    """What who takes a delivery in does with it afterwards."""
    import shutil

    shutil.rmtree(folder / "fetching")


def test_no_changes_are_no_delivery(tmp_path):
    with providing() as server:
        first = fetched(server, tmp_path)
        before = landed(tmp_path)
        _shelved(tmp_path)
        again = fetched(server, tmp_path, Wish(NEEDED, first.until, before.folder))
    assert not again.changed
    assert again.until >= first.until
    assert not (tmp_path / "fetching" / PACKAGE).exists()


def test_a_server_that_cannot_filter_is_read_whole(tmp_path):
    with providing() as server:
        server.unknown = {"filter"}
        fetched(server, tmp_path, Wish(NEEDED, OLD))
        assert tables(landed(tmp_path)) == tables(by_file(server, tmp_path / "csv"))


def test_a_part_that_a_server_never_had_is_missing_and_told(tmp_path):
    with providing() as server:
        server.lacks = {"demographics"}
        fetched(server, tmp_path)
        done = landed(tmp_path)
    assert ("demographics", "birthDate") in done.columns_missing
    assert done.rows["demographics"] == 0


@pytest.mark.parametrize(("lacks", "had"), [({"users"}, frozenset()), ({"demographics"}, frozenset({"demographics"}))])
def test_a_part_that_it_must_have_is_a_refusal(tmp_path, lacks, had):
    with providing() as server:
        server.lacks = lacks
        with pytest.raises(SchakelError) as refused:
            fetched(server, tmp_path, Wish(NEEDED, had=had))
    assert "er niet op deze server" in str(refused.value)
    assert sum(1 for q in server.questions if q["collection"] in lacks) == 1  # 404 is never asked again


def test_a_server_that_is_suddenly_empty_is_not_believed(tmp_path):
    with providing() as server:
        server.files["users"] = []
        with pytest.raises(SchakelError) as refused:
            fetched(server, tmp_path, Wish(NEEDED, had=frozenset({"users"})))
    assert refused.value.code == "emptied"


def test_looking_keeps_nothing_and_says_what_is_there(tmp_path):
    with providing() as server:
        server.lacks = {"results"}
        offers = {offer.file: offer for offer in provider("oneroster-rest").probe(server.access, WAY, Wish(NEEDED))}
    assert offers["users"].rows == 23
    assert "givenName" in offers["users"].there
    assert offers["roles"].lacking == ("endDate",)
    assert "niet op deze server" in offers["results"].refused
    assert len(server.questions) == len(offers) - 1  # users and roles are one question
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("version", "given", "expected"),
    [
        ("1.1", "https://l.example", "https://l.example/ims/oneroster/v1p1/users"),
        ("1.1", "https://l.example/x/ims/oneroster/v1p1/", "https://l.example/x/ims/oneroster/v1p1/users"),
        ("1.2", "https://l.example/", "https://l.example/ims/oneroster/rostering/v1p2/users"),
        ("1.2", "https://l.example/ims/oneroster", "https://l.example/ims/oneroster/rostering/v1p2/users"),
        (
            "1.2",
            "https://l.example/ims/oneroster/rostering/v1p2",
            "https://l.example/ims/oneroster/rostering/v1p2/users",
        ),
        (
            "1.2",
            "https://l.example/ims/oneroster/gradebook/v1p2",
            "https://l.example/ims/oneroster/rostering/v1p2/users",
        ),
    ],
)
def test_the_address_may_be_given_short_or_long(version, given, expected):
    assert address_of(Access(given, version, "oauth2", "c", "s"), "users") == expected


def test_scopes_are_the_least():
    prefix = "https://purl.imsglobal.org/spec/or/v1p2/scope/"
    assert scopes("1.2", ["users", "orgs"]) == (f"{prefix}roster-core.readonly",)
    assert scopes("1.2", ["orgs", "demographics", "results", "resources"]) == tuple(
        f"{prefix}{name}.readonly" for name in ("roster-core", "roster-demographics", "gradebook-core", "resource-core")
    )
    assert scopes("1.1", ["users"])[0].endswith("/v1p1/scope/roster-core.readonly")


def test_another_kind_of_server_is_unknown():
    with pytest.raises(Unknown):
        provider("iets-anders")
