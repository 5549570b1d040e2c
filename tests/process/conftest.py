"""One full build of the tiny board, shared by the tests that only look at it."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from schakel.engine import duck
from schakel.process import snapshots
from schakel.process.model import school_model
from tests.process import boards

EVERYTHING = frozenset(
    column.element for table in school_model().values() if table.origin == "source" for column in table.columns.values()
)


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> snapshots.Snapshot:
    """The tiny board with every layout and every element."""
    data: Path = tmp_path_factory.mktemp("board")
    return snapshots.build(data, boards.everything(data), EVERYTHING)


@pytest.fixture(scope="session")
def con(published: snapshots.Snapshot) -> Iterator[duckdb.DuckDBPyConnection]:
    """A reader of that snapshot."""
    with duck.reader(published.model) as reader:
        yield reader
