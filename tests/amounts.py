"""How many random inputs a test tries: few in the normal run, the same ones each time; all of them in the soak."""

import os


def inputs(many: int, few: int) -> int:
    """`many` with `make soak`, `few` without."""
    return many if os.environ.get("SCHAKEL_SOAK") else few
