"""Modules that are loaded when something of them is first used, by Python's own means for that."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from types import ModuleType


@contextmanager
def loaded_when_used(name: str) -> Iterator[None]:
    """While this lasts, the import of a module binds it without running it.

    It runs when one of its attributes is asked for, or when it is imported again. What everybody gets is the module
    itself and no stand-in: this is what Python's `importlib.util.LazyLoader` is for. A module that is loaded already
    stays as it is.
    """
    finder = _Finder(name)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


class _Finder:
    """Finds one module where Python would, and has it loaded late."""

    def __init__(self, name: str) -> None:
        self.name = name

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(name, path, target) if name == self.name else None
        if spec and spec.loader:
            spec.loader = LazyLoader(spec.loader)
        return spec
