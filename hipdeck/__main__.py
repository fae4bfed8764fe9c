"""The process: how Python is set up before a command runs. `hipdeck` and `python -m hipdeck` start here."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from io import TextIOWrapper
from types import ModuleType
from typing import NoReturn

from hipdeck.cli import cli


def main() -> NoReturn:
    """Run the command that the process was started with, and exit."""
    # These two make up most of the time that genanki takes to import, and it uses nothing of them here: it would read
    # fields that are given as YAML, and a library of its own would look for coroutines.
    load_when_used("asyncio", "yaml")
    # A command makes hardly any cycles and ends soon; looking for them among a large deck's notes takes a tenth of it.
    gc.disable()
    for stream in (sys.stdout, sys.stderr):
        # A package is written before its summary: a terminal that lacks a character must not make that a failure.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    cli(prog_name="hipdeck")
    sys.exit(0)


def load_when_used(*names: str) -> None:
    """From now on, the first import of one of these modules binds it without running it.

    It runs when one of its attributes is asked for, or when it's imported again. What everybody gets is the module
    itself and no stand-in: this is what Python's `importlib.util.LazyLoader` is for. Only for a program's own `main`:
    a module of which a submodule is imported first is loaded twice, and before Python 3.12 LazyLoader isn't safe with
    threads.
    """
    sys.meta_path.insert(0, _LazyFinder(names))


class _LazyFinder:
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


if __name__ == "__main__":
    main()
