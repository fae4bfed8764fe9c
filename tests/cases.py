"""Case files: what an author wrote, and exactly what hipdeck must say about it.

A case file begins with what `hipdeck check -v` prints to standard error. Then come the files of the deck's folder, each
under a line `=== path`. A case without `=== deck.yaml` gets a typical one.

`python -m tests.cases FILE…` prints what hipdeck says about the files of a case, which helps you write a new case.
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
    """The expected diagnostics, and the files that should get them."""

    expected: str
    files: dict[str, str]

    @property
    def fails(self) -> bool:
        """Whether the diagnostics include an error, so that no package may be written."""
        return ": error: " in self.expected


class Result(NamedTuple):
    """A command's exit code, and what it printed."""

    code: int
    stdout: str
    stderr: str


def read(path: Path) -> Case:
    """Read a case file."""
    expected, *parts = re.split(r"^=== (.*)\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    files = dict(zip(parts[::2], parts[1::2], strict=True))
    return Case(expected, {"deck.yaml": DECK, **files})


def write(files: dict[str, str], folder: Path) -> None:
    """Write the files of a case into a folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode())


def hipdeck(*arguments: str, cwd: Path, **environment: str) -> Result:
    """Run the hipdeck command in its own process."""
    process = subprocess.run(
        [sys.executable, "-m", "hipdeck", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
        check=False,
    )
    return Result(process.returncode, process.stdout, process.stderr)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        with tempfile.TemporaryDirectory() as folder:
            write(read(Path(name)).files, Path(folder, "cards"))
            print(hipdeck("check", "-v", cwd=Path(folder)).stderr, end="")
