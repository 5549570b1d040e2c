"""Files that wait in a folder: taken when they are whole, once, and only when their names lead nowhere else."""

import os
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from schakel.collect.providers import PACKAGE, Access, Wish
from schakel.connectors import watched
from schakel.connectors.waiting_files import STILL, TRIES, Waiting, WaitingFiles, safe_name
from schakel.lib.addresses import Allowed, Closed
from schakel.lib.errors import SchakelError
from schakel.lib.outgoing import Broken, Outgoing

PATTERN = "verzuim_*.csv"
WISH = Wish({}, pattern=PATTERN)


class Place:
    """A watched folder, and how long would have been waited."""

    def __init__(self, base: Path) -> None:
        self.base, self.folder, self.fetched = base, base / "uit", base / "fetching"
        self.folder.mkdir()
        self.way = Outgoing(Allowed(folders=(str(base),)))
        self.details: dict[str, object] = {}
        self.waits: list[float] = []
        self.meanwhile = lambda: None

    @property
    def access(self) -> Access:
        return Access(f"file://{self.folder}", "", "none", "", "", "", self.details)

    def put(self, name: str, text: str = "Leerlingnummer;Datum\n1;01-09-2026\n", age: int = 0) -> Path:
        path = self.folder / name
        path.write_text(text)
        os.utime(path, (1_800_000_000 - age, 1_800_000_000 - age))
        return path

    def fetch(self, last: str = "", *, since: str = "", standing: bool = False):
        def pause(seconds: float) -> None:
            self.waits.append(seconds)
            self.meanwhile()

        files = WaitingFiles(watched.opened, watched.SCHEMES, ("none",), pause)
        wish = replace(WISH, last=last, since=since, standing=self.base if standing else None)
        return files.fetch(self.access, self.way, wish, self.fetched, lambda _name, _size: None)

    def again(self, got):
        """The next fetching, after what was got came in."""
        return self.fetch(got.until, since=got.until, standing=True)


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path)


def test_the_last_name_is_taken_after_two_looks_and_left_where_it_is(place):
    place.put("verzuim_1.csv", "oud")
    newest = place.put("verzuim_2.csv", "nieuw")
    place.put("iets_anders.csv")
    got = place.fetch()
    assert (got.changed, got.file) == (True, "verzuim_2.csv")
    assert (place.fetched / PACKAGE / got.file).read_text() == "nieuw"
    assert newest.read_text() == "nieuw"
    assert place.waits == [STILL]


def test_the_same_file_is_not_fetched_twice(place):
    place.put("verzuim_1.csv")
    got = place.fetch()
    again = place.again(got)
    assert (again.changed, again.until) == (False, got.until)
    assert not (place.fetched / PACKAGE).exists()
    place.put("verzuim_1.csv", "hersteld")
    assert place.again(got).changed


def test_when_needs_change_the_file_is_fetched_anew(place):
    place.put("verzuim_1.csv")
    got = place.fetch()
    assert place.fetch(got.until, since="", standing=True).changed


@pytest.mark.parametrize("change", ["grows", "touched", "gone"])
def test_a_file_that_does_not_stand_still_is_not_taken(place, change):
    path = place.put("verzuim_1.csv", "half")

    def meanwhile():
        if change == "grows":
            with path.open("a") as file:
                file.write(" en meer")
        elif change == "touched":
            os.utime(path, (1_900_000_000, 1_900_000_000))
        else:
            path.unlink()

    place.meanwhile = meanwhile
    with pytest.raises(SchakelError) as refused:
        place.fetch()
    assert "nog geschreven" in str(refused.value)
    assert refused.value.retry
    assert not (place.fetched / PACKAGE).exists()


def test_with_something_standing_a_half_file_is_simply_for_later(place):
    path = place.put("verzuim_1.csv", "half")
    place.meanwhile = lambda: path.write_text("langer dan half")
    got = place.fetch("wat er was", since="wat er was", standing=True)
    assert (got.changed, got.more, got.until) == (False, True, "wat er was")


def test_with_a_marker_the_file_is_taken_at_once_and_never_without(place):
    place.details["marker"] = ".ok"
    place.put("verzuim_1.csv")
    place.put("verzuim_2.csv", "half")
    with pytest.raises(SchakelError, match=r"nog geen bestand klaar dat heet als verzuim_\*\.csv"):
        place.fetch()
    place.put("verzuim_2.csv.ok", "")
    assert place.fetch().file == "verzuim_2.csv"
    assert place.waits == []


def test_every_file_in_order_when_each_of_them_counts(place):
    place.details["each"] = True
    for number in (8, 9, 10):
        place.put(f"verzuim_{number}.csv", f"deel {number}")
    taken, got = [], place.fetch()
    while got.changed:
        taken.append((got.file, got.more))
        got = place.again(got)
    assert taken == [("verzuim_8.csv", True), ("verzuim_9.csv", True), ("verzuim_10.csv", False)]
    place.put("verzuim_11.csv", "deel 11")
    assert place.again(got).file == "verzuim_11.csv"
    # other needs: the last one again, and not the ones before it
    assert place.fetch(got.until, standing=True).file == "verzuim_10.csv"


def test_the_last_name_is_that_of_the_last_week_or_day(place):
    for name in ("verzuim_week 9.csv", "verzuim_week 10.csv"):
        place.put(name, name)
    assert place.fetch().file == "verzuim_week 10.csv"
    offers = WaitingFiles(watched.opened, watched.SCHEMES, ("none",)).probe(place.access, place.way, WISH)
    assert [offer.file for offer in offers] == ["verzuim_week 10.csv", "verzuim_week 9.csv"]


def test_what_is_in_moves_aside_with_its_marker_when_that_is_asked(place):
    place.details |= {"archive": "verwerkt", "marker": ".ok"}
    place.put("verzuim_1.csv")
    place.put("verzuim_1.csv.ok", "")
    got = place.fetch()
    assert (place.folder / "verzuim_1.csv").exists()  # it is not in yet
    files = WaitingFiles(watched.opened, watched.SCHEMES, ("none",))
    files.settle(place.access, place.way, got.until)
    assert sorted(path.name for path in (place.folder / "verwerkt").iterdir()) == [
        "1800000000-verzuim_1.csv", "1800000000-verzuim_1.csv.ok",
    ]  # fmt: skip
    assert not place.again(got).changed


def test_what_a_crash_left_is_moved_at_the_next_fetching_and_a_new_file_of_that_name_is_not(place):
    place.details["archive"] = "verwerkt"
    place.put("verzuim_1.csv")
    got = place.fetch()
    place.again(got)
    assert not (place.folder / "verzuim_1.csv").exists()
    place.put("verzuim_1.csv", "een ander")
    fresh = place.again(got)
    assert fresh.changed
    assert (place.folder / "verzuim_1.csv").exists()


@pytest.mark.parametrize(
    "name",
    ["", "..", "../verzuim_1.csv", "map/verzuim_1.csv", "a\\b.csv", "con", "NUL.csv", "lpt1.verzuim.csv", "a\x00.csv",
     "a\n.csv", "a\u202ecsv.exe", "\udcffa.csv", " a.csv", "a.csv.", "c:a.csv", "x" * 201],
)  # fmt: skip
def test_names_that_are_no_name_of_a_file_are_known(name):
    assert not safe_name(name)


@pytest.mark.parametrize("name", ["verzuim_1.csv", "Leerlingen café (2).xlsx", "console.csv", "a.b.c", "ÅÆ-ñ.zip"])
def test_usual_names_are_fine(name):
    assert safe_name(name)


@pytest.mark.parametrize("name", ["verzuim_\n.csv", "verzuim_\u202e.csv", "verzuim_\\.csv"])
def test_a_name_that_is_unsafe_is_refused_with_a_sentence(place, name):
    place.put(name)
    with pytest.raises(SchakelError) as refused:
        place.fetch()
    assert "bestandsnaam kan hier niet" in str(refused.value)
    assert refused.value.where.isprintable()
    assert not refused.value.retry


def test_a_link_or_a_pipe_is_not_followed(place):
    secret = place.base / "geheim"
    secret.write_text("niet voor ons")
    (place.folder / "verzuim_1.csv").symlink_to(secret)
    with pytest.raises(SchakelError, match="geen gewoon bestand"):
        place.fetch()
    (place.folder / "verzuim_1.csv").unlink()
    os.mkfifo(place.folder / "verzuim_1.csv")
    with pytest.raises(SchakelError, match="geen gewoon bestand"):
        place.fetch()


@pytest.mark.parametrize("how", ["elsewhere", "link", "nothing allowed"])
def test_only_folders_that_the_administrator_allows(place, how):
    place.put("verzuim_1.csv")
    if how == "elsewhere":
        place.folder = Path("/etc")
    elif how == "link":
        place.way = Outgoing(Allowed(folders=(str(place.base / "mag"),)))
        (place.base / "mag").mkdir()
        (place.base / "mag" / "uit").symlink_to(place.folder)
        place.folder = place.base / "mag" / "uit"
    else:
        place.way = Outgoing()
    with pytest.raises(Closed, match="SCHAKEL_FOLDERS"):
        place.fetch()


def test_a_folder_that_is_gone_may_come_back(place):
    place.folder.rmdir()
    with pytest.raises(Broken) as broken:
        place.fetch()
    assert broken.value.retry
    assert len(place.waits) == TRIES - 1


class Shelf:
    """A folder whose content goes wrong halfway."""

    def __init__(self, size: int, *pieces: bytes) -> None:
        self.size, self.pieces, self.reads = size, pieces, 0

    def files(self):
        yield Waiting("verzuim_1.csv", self.size, 1.0)

    @contextmanager
    def read(self, _name):
        self.reads += 1
        yield BytesIO(self.pieces[min(self.reads, len(self.pieces)) - 1])

    def move(self, *_told) -> None:
        raise AssertionError("nobody asked")


def fetched(shelf, tmp_path):
    @contextmanager
    def opened(_access, _way):
        yield shelf

    files = WaitingFiles(opened, ("sftp",), ("key",), lambda _seconds: None)
    access = Access("sftp://x/uit", "", "key", "", "")
    return files.fetch(access, Outgoing(), WISH, tmp_path / "f", lambda _name, _size: None)


def test_half_a_file_is_fetched_again_and_comes_whole(tmp_path):
    shelf = Shelf(4, b"he", b"heel")
    got = fetched(shelf, tmp_path)
    assert (tmp_path / "f" / PACKAGE / got.file).read_bytes() == b"heel"
    assert shelf.reads == 2


@pytest.mark.parametrize("content", [b"he", b"veel meer dan gezegd"])
def test_a_file_that_is_never_what_it_says_is_not_taken(tmp_path, content):
    with pytest.raises(Broken, match="niet heel"):
        fetched(Shelf(4, content), tmp_path)


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path):
    shelf = Shelf(2**40, b"")
    with pytest.raises(SchakelError, match="4 GB"):
        fetched(shelf, tmp_path)
    assert shelf.reads == 0


def test_a_try_tells_what_lies_there_and_reads_nothing(place):
    place.put("verzuim_1.csv", "abc")
    place.put("verzuim_2.csv", "abcd")
    place.details["marker"] = ".ok"
    place.put("verzuim_1.csv.ok", "")
    offers = WaitingFiles(watched.opened, watched.SCHEMES, ("none",)).probe(place.access, place.way, WISH)
    assert [(each.file, each.rows, bool(each.lacking)) for each in offers] == [
        ("verzuim_2.csv", 4, True), ("verzuim_1.csv", 3, False),
    ]  # fmt: skip
    assert not place.fetched.exists()
