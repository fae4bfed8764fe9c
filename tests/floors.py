"""Runs the default tests on the edges of what hipdeck allows.

`python -m tests.floors` runs them with the oldest libraries that setup.cfg allows, on the oldest Python that it allows,
and once more with the newest libraries on the newest Python found here, unless that's the Python that runs this: then
`pytest` alone does it. What isn't found is said. The virtual environments are under `.matrix`, as those of
`tests.matrix`.
"""

from __future__ import annotations

import argparse
import configparser
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.matrix import ROOT, environment

VERSIONS = ("3.10", "3.11", "3.12", "3.13", "3.14")
RUNNING = f"{sys.version_info.major}.{sys.version_info.minor}"


def interpreters() -> dict[str, str]:
    """The CPython interpreters that are found here, by version, oldest first."""
    pythons: dict[str, str] = {}
    for version in VERSIONS:
        managed = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))
        on_path = shutil.which(f"python{version}")
        for python in [*([on_path] if on_path else []), *map(str, managed)]:
            # What's on the path may be a stand-in for a Python that isn't installed.
            query = [python, "-c", "import ensurepip, venv, sys; print(*sys.version_info[:2], sep='.')"]
            process = subprocess.run(query, capture_output=True, text=True, check=False)
            if process.stdout.strip() == version:
                pythons.setdefault(version, python)
    pythons.setdefault(RUNNING, sys.executable)
    return dict(sorted(pythons.items(), key=lambda item: [int(part) for part in item[0].split(".")]))


def oldest_libraries() -> list[str]:
    """What setup.cfg requires, each at the oldest version that it allows."""
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    lines = config["options"]["install_requires"].split()
    return [re.sub(r">=", "==", line) for line in lines]


def run(name: str, python: str, *requirements: str) -> bool:
    """Run the default tests in an environment; whether they passed."""
    installed = environment(name, "-e", ".[test]", *requirements, python=python)
    command = [str(installed), "-m", "pytest", "-q", "-n", "auto", "-p", "no:cacheprovider"]
    # The browser's tests depend on no library of hipdeck's, and run elsewhere.
    unrelated = [f"--ignore={path}" for path in ROOT.glob("tests/**/test_*browser*.py")]
    process = subprocess.run([*command, *unrelated], cwd=ROOT, capture_output=True, text=True, check=False)
    summary = process.stdout.strip().splitlines()[-1:] or ["no summary"]
    if process.returncode:
        print(process.stdout, process.stderr, sep="\n")
    print(f"{name}: {summary[0]}", flush=True)
    return process.returncode == 0


def main() -> int:
    """Run both, or the one that is asked for; 1 if one failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.floors", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("edge", nargs="?", choices=("oldest", "newest"), help="only this one")
    edge = parser.parse_args().edge
    pythons = interpreters()
    oldest, newest = VERSIONS[0], list(pythons)[-1]
    passed = []
    if edge == "newest":
        pass
    elif oldest in pythons:
        passed.append(run(f"oldest-{oldest}", pythons[oldest], *oldest_libraries()))
    else:
        # Other Pythons may have no wheels of libraries that old.
        print(f"no Python {oldest} was found here: the oldest libraries aren't tested")
    if newest != RUNNING and edge != "oldest":
        passed.append(run(f"newest-{newest}", pythons[newest]))
    return int(not all(passed))


if __name__ == "__main__":
    sys.exit(main())
