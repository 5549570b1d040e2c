"""Loading modules without tidying the memory meanwhile: nothing that loads is garbage, and looking for it takes time.

Measured: a third of the processor time of a command that opens the register (`bench/README.md`).
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """While this lasts memory is not tidied."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
