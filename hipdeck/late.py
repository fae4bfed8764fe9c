"""Modules that are loaded when something of them is first used, by Python's own means for that."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from types import ModuleType


def load_when_used(*names: str) -> None:
    """From now on, the first import of one of these modules binds it without running it.

    It runs when one of its attributes is asked for, or when it is imported again. What everybody gets is the module
    itself and no stand-in: this is what Python's `importlib.util.LazyLoader` is for. For a program's own `main` alone:
    where a submodule is what is imported first it is loaded twice, and LazyLoader knows nothing of threads before
    Python 3.12.
    """
    sys.meta_path.insert(0, _Finder(names))


class _Finder:
    """Finds some modules where Python would, and has them loaded late."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = names

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(name, path, target) if name in self.names else None
        if spec and spec.loader:
            spec.loader = LazyLoader(spec.loader)
        return spec
