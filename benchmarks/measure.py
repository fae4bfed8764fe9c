"""Measures a process: its CPU time, wall time, and peak memory."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

_MEMORY_UNIT = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss, in bytes


class Sample(NamedTuple):
    """What a process took: CPU time (user and system) and wall time in seconds, and peak memory in MB."""

    cpu: float
    wall: float
    memory: float


class RunError(Exception):
    """A process failed. The message is the last line that it printed."""


def run(command: Sequence[str | Path], log: Path, env: dict[str, str] | None = None) -> Sample:
    """Run a process to its end. What it prints goes into the file `log`. Raises RunError if it fails.

    A process starts with the peak memory of its parent, so this one has to stay small.
    """
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    actions = [(os.POSIX_SPAWN_DUP2, output, 1), (os.POSIX_SPAWN_DUP2, output, 2)]
    argv = [str(part) for part in command]
    start = time.perf_counter()
    process = os.posix_spawnp(argv[0], argv, env or os.environ, file_actions=actions)
    _, status, usage = os.wait4(process, 0)
    wall = time.perf_counter() - start
    os.close(output)
    if status:
        lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        raise RunError(lines[-1] if lines else f"status {status}")
    return Sample(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * _MEMORY_UNIT / 1e6)
