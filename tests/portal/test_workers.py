"""Several workers count attempts together: guessing on all of them at once brings nobody more tries."""

import re
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

from tests.portal.real_board import COLLEAGUE, RealBoard, served


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealBoard]:
    """A board served by two workers."""
    with served(Path(tmp_path_factory.mktemp("real"))) as board:
        yield board


def attempt(base: str, email: str) -> str:
    """One wrong password from a browser of its own; what the page says."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    page = opener.open(f"{base}/aanmelden", timeout=60).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token
    form = {"csrfmiddlewaretoken": token.group(1), "login": email, "password": "fout"}
    answer = opener.open(f"{base}/aanmelden", urllib.parse.urlencode(form).encode(), timeout=60).read().decode()
    said = re.search(r"horen niet bij elkaar|Te veel pogingen", answer)
    return said.group() if said else answer


def test_two_workers_give_no_more_tries_than_one(real: RealBoard) -> None:
    with ThreadPoolExecutor(6) as crowd:
        said = Counter(crowd.map(lambda _n: attempt(real.base, COLLEAGUE), range(18)))
    assert set(said) == {"horen niet bij elkaar", "Te veel pogingen"}
    assert said["horen niet bij elkaar"] <= 5
    assert attempt(real.base, COLLEAGUE) == "Te veel pogingen"
    assert attempt(real.base, "iemand.anders@board.example") == "horen niet bij elkaar"
