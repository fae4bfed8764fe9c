"""One process, measured: its processor time, its wall time and its peak memory."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

_MEMORY_UNIT = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss, in bytes


class Sample(NamedTuple):
    """What a process took: seconds of processor (user and system), seconds by the clock, MB at its peak."""

    cpu: float
    wall: float
    memory: float


class RunError(Exception):
    """A process did not do what it was started for; holds the end of what it said."""


def run(command: Sequence[str | Path], log: Path, env: dict[str, str] | None = None) -> Sample:
    """Run a process to its end. Raises RunError where it fails; what it prints goes into the file `log`.

    A process begins with the peak memory of the one that started it, so this one has to stay small.
    """
    where = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    actions = [(os.POSIX_SPAWN_DUP2, where, 1), (os.POSIX_SPAWN_DUP2, where, 2)]
    argv = [str(part) for part in command]
    start = time.perf_counter()
    process = os.posix_spawnp(argv[0], argv, env or os.environ, file_actions=actions)
    _, status, usage = os.wait4(process, 0)
    wall = time.perf_counter() - start
    os.close(where)
    if status:
        said = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        raise RunError(said[-1] if said else f"status {status}")
    return Sample(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * _MEMORY_UNIT / 1e6)
