"""How many random inputs a test tries: few in the normal run, the same ones each time; all of them in the soak."""

import os
from collections.abc import Iterable
from itertools import groupby


def inputs(many: int, few: int) -> int:
    """`many` with `make soak`, `few` without."""
    return many if os.environ.get("SCHAKEL_SOAK") else few


def tenth(tests: Iterable[str]) -> set[str]:
    """One in ten of each test that is counted out in many parts, by their names; of a test in few parts none."""
    wanted = set[str]()
    for _name, parts in groupby(tests, lambda test: test.partition("[")[0]):
        whole = list(parts)
        wanted.update(whole[::10] if len(whole) >= 10 else [])
    return wanted
