"""Case files: what an author wrote, and exactly what hipdeck must say to it.

A case file begins with what `hipdeck check` prints to standard error. Then come the files of the deck's folder, each
below a line `=== path`; where there is no `=== deck.yaml`, a usual one is there.

`python -m tests.cases FILE…` prints what hipdeck says to the files of a case, for writing a new one.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

CASES = Path(__file__).parent / "cases"

DECK = """\
deck: Bridges
id: bridges
sources:
  guide: {title: A guide to bridges}
sections: [section]
"""


class Case(NamedTuple):
    """The diagnostics that are expected, and the files that get them."""

    expected: str
    files: dict[str, str]

    @property
    def fails(self) -> bool:
        """Whether an error is among the diagnostics, so that no package may be written."""
        return ": error: " in self.expected


class Result(NamedTuple):
    """What a command printed, and its exit code."""

    code: int
    stdout: str
    stderr: str


def read(path: Path) -> Case:
    """A case file."""
    expected, *parts = re.split(r"^=== (.*)\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    files = dict(zip(parts[::2], parts[1::2], strict=True))
    return Case(expected, {"deck.yaml": DECK, **files})


def write(files: dict[str, str], folder: Path) -> None:
    """The files of a case, in a folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode())


def hipdeck(*arguments: str, cwd: Path, **environment: str) -> Result:
    """Run the hipdeck command as a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "hipdeck", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
        check=False,
    )
    return Result(done.returncode, done.stdout, done.stderr)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        with tempfile.TemporaryDirectory() as folder:
            write(read(Path(name)).files, Path(folder, "cards"))
            print(hipdeck("check", cwd=Path(folder)).stderr, end="")
