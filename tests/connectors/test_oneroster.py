"""OneRoster packages as they come: manifests, versions, modes, names, folders."""

from pathlib import Path

import pytest

from schakel.collect.checks import check
from schakel.collect.connectors import open_package
from schakel.collect.findings import CheckReport
from schakel.connectors.oneroster_layout import VERSIONS, layout
from tests.collect.small_roster import delta, manifest_text, package, roster, texts, zipped


def report(path: Path) -> CheckReport:
    return check(open_package(path))


def rules(path: Path) -> list[tuple[str, str, str]]:
    return [(f.file, f.column, f.rule) for f in report(path).findings]


@pytest.mark.parametrize("version", ["1.1", "1.2.1"])
def test_a_good_package_has_no_findings(tmp_path: Path, version: str) -> None:
    told = report(package(tmp_path, version=version))
    assert (told.layout, told.version, told.conformant, told.usable, told.findings) == (
        "oneroster",
        version,
        True,
        True,
        [],
    )
    assert told.rows["users.csv"] == 6


@pytest.mark.parametrize(("version", "files"), [("1.1", 13), ("1.2.0", 21), ("1.2.1", 21)])
def test_every_file_of_the_standard_is_known(version: str, files: int) -> None:
    assert len(layout(version).files) == files
    assert version in VERSIONS


def test_a_folder_is_as_good_as_a_zip(tmp_path: Path) -> None:
    for name, text in texts(roster()).items():
        (tmp_path / name).write_bytes(text.encode())
    assert report(tmp_path).findings == []


def test_1_2_0_has_a_column_that_1_2_1_lost(tmp_path: Path) -> None:
    files = texts(roster())
    head, *rest = files["users.csv"].splitlines()
    columns = head.split(",")
    columns.insert(17, "resourceSourcedIds")
    lines = [",".join(columns), *(",".join([*row.split(",")[:17], "", *row.split(",")[17:]]) for row in rest)]
    told = report(zipped(tmp_path / "x.zip", files | {"users.csv": "\n".join(lines)}))
    assert told.version == "1.2.0"
    assert told.findings == []


def test_without_a_manifest_the_version_follows_from_the_files(tmp_path: Path) -> None:
    for version in ("1.1", "1.2.1"):
        files = texts(roster(version), version)
        del files["manifest.csv"]
        told = report(zipped(tmp_path / f"{version}.zip", files))
        assert told.version == version
        assert [(f.file, f.rule) for f in told.findings] == [("manifest.csv", "manifest-missing")]
        assert told.usable


def test_a_manifest_alone_means_no_changes(tmp_path: Path) -> None:
    told = report(zipped(tmp_path / "x.zip", {"manifest.csv": manifest_text({})}))
    assert [f.rule for f in told.findings] == ["no-changes"]
    assert told.conformant
    assert told.rows == {}


def test_properties_that_are_missing_unknown_double_or_wrong(tmp_path: Path) -> None:
    text = manifest_text(dict.fromkeys(roster(), "bulk"))
    text = text.replace("file.resources,absent\r\n", "").replace("file.roles,bulk", "file.roles,volledig")
    text += "file.leerlingen,bulk\r\nfile.users,bulk\r\nsource.systemName,LAS\r\n"
    assert rules(zipped(tmp_path / "x.zip", texts(roster()) | {"manifest.csv": text})) == [
        ("manifest.csv", "file.resources", "manifest-property-missing"),
        ("manifest.csv", "file.roles", "manifest-value"),
        ("manifest.csv", "file.leerlingen", "manifest-property-unknown"),
        ("manifest.csv", "file.users", "manifest-property-duplicate"),
    ]


def test_findings_in_the_manifest_have_their_line(tmp_path: Path) -> None:
    text = manifest_text(dict.fromkeys(roster(), "bulk")) + "file.leerlingen,bulk\r\n"
    found = report(zipped(tmp_path / "x.zip", texts(roster()) | {"manifest.csv": text})).findings
    assert [(f.row, f.column) for f in found] == [(len(text.splitlines()), "file.leerlingen")]


def test_a_manifest_with_another_header(tmp_path: Path) -> None:
    text = manifest_text(dict.fromkeys(roster(), "bulk")).replace("propertyName,value", "property,value")
    assert ("manifest.csv", "", "manifest-header") in rules(
        zipped(tmp_path / "x.zip", texts(roster()) | {"manifest.csv": text})
    )


def test_a_file_that_the_manifest_says_is_absent_is_read_and_told(tmp_path: Path) -> None:
    told = report(package(tmp_path, categories="absent"))
    assert [(f.file, f.rule) for f in told.findings] == [("categories.csv", "manifest-disagrees")]
    assert told.rows["categories.csv"] == 1


def test_a_file_that_the_manifest_promises_and_that_is_not_there(tmp_path: Path) -> None:
    files = texts(roster())
    del files["demographics.csv"]
    assert rules(zipped(tmp_path / "x.zip", files)) == [("demographics.csv", "", "manifest-disagrees")]


def test_a_delta_needs_no_parents(tmp_path: Path) -> None:
    told = report(package(tmp_path, {"enrollments": delta(roster()["enrollments"])}, mode="delta"))
    assert told.findings == []
    assert told.conformant


def test_a_delta_row_without_status(tmp_path: Path) -> None:
    rows = delta(roster()["enrollments"])
    rows[2]["status"] = rows[3]["dateLastModified"] = ""
    found = report(package(tmp_path, {"enrollments": rows}, mode="delta")).findings
    assert [(f.row, f.column, f.rule, f.action) for f in found] == [
        (4, "status", "delta-status", "drop row"),
        (5, "dateLastModified", "delta-moment", "accept"),
    ]


def test_the_content_wins_over_the_manifest(tmp_path: Path) -> None:
    files = roster() | {"categories": delta(roster()["categories"])}
    assert rules(package(tmp_path, files)) == [("categories.csv", "", "manifest-disagrees")]
    assert rules(package(tmp_path, mode="bulk", categories="delta")) == [("categories.csv", "", "manifest-disagrees")]


def test_bulk_and_delta_may_be_mixed_per_file(tmp_path: Path) -> None:
    files = roster() | {"categories": delta(roster()["categories"])}
    assert rules(package(tmp_path, files, categories="delta")) == []


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("Users.csv", "file-case"),
        ("USERS.CSV", "file-case"),
        ("export/users.csv", "file-folder"),
        ("user.csv", "file-misspelt"),
    ],
)
def test_a_file_under_another_name_is_read_and_told(tmp_path: Path, name: str, rule: str) -> None:
    files = texts(roster())
    files[name] = files.pop("users.csv")
    told = report(zipped(tmp_path / "x.zip", files))
    assert [(f.file, f.rule) for f in told.findings] == [("users.csv", rule)]
    assert told.rows["users.csv"] == 6


def test_a_whole_package_in_a_folder(tmp_path: Path) -> None:
    told = report(zipped(tmp_path / "x.zip", {f"export/{name}": text for name, text in texts(roster()).items()}))
    assert {f.rule for f in told.findings} == {"file-folder"}
    assert len(told.findings) == len(roster()) + 1


def test_the_standard_itself_misspells_one_name(tmp_path: Path) -> None:
    files = texts(roster())
    files["courseRescources.csv"] = "sourcedId,status,dateLastModified,title,courseSourcedId,resourceSourcedId\n"
    found = rules(zipped(tmp_path / "x.zip", files))
    assert ("courseResources.csv", "", "file-misspelt") in found


def test_what_does_not_belong_is_told_and_what_packing_leaves_behind_too(tmp_path: Path) -> None:
    extra = {"lees-mij.txt": "hallo", "verzuim.csv": "a\n", "__MACOSX/._users.csv": "x", ".DS_Store": "x"}
    told = report(zipped(tmp_path / "x.zip", texts(roster()) | extra))
    assert [(f.file, f.rule) for f in told.findings] == [
        (".DS_Store", "file-ignored"),
        ("__MACOSX/._users.csv", "file-ignored"),
        ("lees-mij.txt", "file-unknown"),
        ("verzuim.csv", "file-unknown"),
    ]


def test_the_same_file_twice_counts_once(tmp_path: Path) -> None:
    files = texts(roster())
    told = report(zipped(tmp_path / "x.zip", files | {"oud/users.csv": files["users.csv"]}))
    assert [(f.file, f.rule) for f in told.findings] == [("oud/users.csv", "file-duplicate")]


def test_a_file_of_a_later_version_is_unknown_to_an_older_one(tmp_path: Path) -> None:
    files = texts(roster("1.1"), "1.1") | {"roles.csv": "sourcedId\n"}
    assert rules(zipped(tmp_path / "x.zip", files)) == [("roles.csv", "", "file-unknown")]


def test_references_in_one_one_may_be_lists(tmp_path: Path) -> None:
    files = roster("1.1")
    files["users"][0]["orgSourcedIds"] = "s1,s2"
    assert report(package(tmp_path, files, "1.1")).findings == []
    files["users"][0]["orgSourcedIds"] = "s1,s9"
    assert rules(package(tmp_path, files, "1.1")) == [("users.csv", "orgSourcedIds", "reference")]


def test_own_values_came_with_one_two(tmp_path: Path) -> None:
    files = roster("1.1")
    files["enrollments"][5]["role"] = "ext:mentor"
    assert rules(package(tmp_path, files, "1.1")) == [("enrollments.csv", "role", "vocabulary")]
