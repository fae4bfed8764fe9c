"""An author and a student with whom stories of editions begin."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.editions.releases import a_deck
from tests.editions.stories import Author, Student, student


@pytest.fixture
def author(tmp_path: Path) -> Author:
    """An author who has released a first edition."""
    author = Author(tmp_path)
    author.write(a_deck())
    author.release()
    return author


@pytest.fixture
def reader(author: Author) -> Iterator[Student]:
    """A student who has imported the first edition."""
    with student(author.folder) as reader:
        reader.imports(author)
        yield reader
