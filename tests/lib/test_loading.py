"""While modules load nothing is tidied, and afterwards all is as it was."""

import gc
import weakref

import pytest

from schakel.lib.loading import loading


class Ring:
    """Something that only tidying lets go of."""

    def __init__(self) -> None:
        self.me = self


def test_nothing_is_tidied_meanwhile_and_again_afterwards():
    gc.collect()
    with loading():
        assert not gc.isenabled()
        rings = [weakref.ref(Ring()) for _number in range(5000)]
        assert all(ring() for ring in rings)
    assert gc.isenabled()
    gc.collect()
    assert not any(ring() for ring in rings)


def test_also_when_loading_fails():
    with pytest.raises(ImportError), loading():
        raise ImportError
    assert gc.isenabled()
