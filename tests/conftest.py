"""Fixtures: the shipped deck, built once, and a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from hipdeck.commands.build import build
from hipdeck.commands.shared.building import Built
from hipdeck.editions.lock_reader import read_lock

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parent.parent
NOW = read_lock(ROOT / "cards")[0].newest + 1
"""A second after the shipped deck's last edition. On any day, later edits are a draft of that time."""

# Machines differ in speed; what a test finds must not.
settings.register_profile("hipdeck", deadline=None, derandomize=True)
settings.load_profile("hipdeck")


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The deck in cards/, built."""
    return build(ROOT / "cards", tmp_path_factory.mktemp("shipped"), NOW, strict=True)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, if it's installed."""
    from tests.browser import chromium

    with chromium() as running:
        yield running
