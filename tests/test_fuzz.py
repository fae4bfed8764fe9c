"""Promise 8: a fixed number of random inputs for each thing that a stranger's files reach."""

from __future__ import annotations

import pytest

from tests import fuzz


@pytest.mark.slow
@pytest.mark.parametrize("name", fuzz.TARGETS)
def test_random_input_never_crashes_hipdeck(name: str) -> None:
    fuzz.run(name, 300, 1)
