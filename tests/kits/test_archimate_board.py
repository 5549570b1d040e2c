"""What of the demo board goes into a model depends on who takes it out."""

import pytest

from schakel.kits.archimate.writing import model
from tests.kits.models import concepts, problems

pytestmark = pytest.mark.django_db


def test_who_may_not_read_sources_and_products_gets_the_rest(board, db):
    for who, there in (("teacher", False), ("information_manager", True)):
        content = model(board.people[who], "x")
        kinds = {kind for _tag, kind, _source, _target in concepts(content).values()}
        assert ("ApplicationService" in kinds) == there
        assert ("ApplicationInterface" in kinds) == there
        assert "Goal" in kinds
        assert problems(content) == []
