"""Runs the tests of a student's imports on each supported Anki, from the oldest to the newest.

`python -m tests.matrix` runs every test that drives the real Anki, at its default size, once for each version, and
prints a line for each. `--anki 23.10` picks a version, and can be repeated. The versions are installed into virtual
environments under `.matrix`, which later runs use again.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock

ROOT = Path(__file__).parent.parent
ENVIRONMENTS = ROOT / ".matrix"
NEWEST = "newest"
# The oldest, the newest, and each version whose imports behave differently from the one before it.
VERSIONS = ("23.10", "24.11", "25.2", "25.9", NEWEST)
_installing = Lock()


def environment(name: str, *requirements: str, python: str = sys.executable) -> Path:
    """The interpreter of a virtual environment with some requirements, written as for pip.

    The environment is created if there's none with these requirements yet. Raises subprocess.CalledProcessError if that
    fails.
    """
    folder = ENVIRONMENTS / name
    interpreter = folder / "bin" / "python"
    stamp = folder / "requirements"
    wanted = "\n".join([python, *requirements, (ROOT / "setup.cfg").read_text("utf-8")])
    # Two installations at once would write the same metadata of hipdeck.
    with _installing:
        if stamp.exists() and stamp.read_text("utf-8") == wanted and "--upgrade" not in requirements:
            return interpreter
        for command in (
            [python, "-m", "venv", "--clear", str(folder)],
            [str(interpreter), "-m", "pip", "--disable-pip-version-check", "install", "-q", *requirements],
        ):
            subprocess.run(command, check=True, cwd=ROOT, capture_output=True, text=True)
        stamp.write_text(wanted, "utf-8")
    return interpreter


def import_tests() -> list[str]:
    """The test files that use the real Anki."""
    imports = r"^from (anki\b|tests import .*\banki\b|tests\.editions\.stories import .*\bstudent\b)"
    uses = re.compile(imports, re.MULTILINE)
    return [str(path) for path in sorted((ROOT / "tests").rglob("test_*.py")) if uses.search(path.read_text("utf-8"))]


def run(version: str) -> tuple[bool, str]:
    """Run the tests on a version of Anki. Returns whether all passed, and the text to print."""
    requirements = ["--upgrade", "anki"] if version == NEWEST else [f"anki=={version}"]
    try:
        python = environment(f"anki-{version}", "-e", ".[test]", *requirements)
    except subprocess.CalledProcessError as problem:
        return False, f"Anki {version}: can't be installed\n{problem.stderr}"
    query = [str(python), "-c", "from anki.buildinfo import version; print(version)"]
    installed = subprocess.run(query, capture_output=True, text=True, check=True).stdout.strip()
    command = [str(python), "-m", "pytest", "-q", "-p", "no:cacheprovider", *import_tests()]
    process = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    summary = process.stdout.strip().splitlines()[-1:] or ["no summary"]
    line = f"Anki {installed}: {summary[0]}"
    return process.returncode == 0, line if process.returncode == 0 else f"{process.stdout}{process.stderr}\n{line}"


def main() -> int:
    """Run the tests on the requested versions. Returns 1 if any of them failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.matrix", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--anki", action="append", metavar="VERSION", help=f"one of {', '.join(VERSIONS)}, or another")
    versions = parser.parse_args().anki or VERSIONS
    failed = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for version, (passed, text) in zip(versions, pool.map(run, versions), strict=True):
            print(text, flush=True)
            if not passed:
                failed.append(version)
    if failed:
        print(f"FAILED on Anki {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
