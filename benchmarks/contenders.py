"""Who is measured: hipdeck, the scripts that a user would write, and the peers on PyPI, each in a venv of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks import decks
from benchmarks.measure import RunError

SCRIPTS = Path(__file__).parent / "scripts"
CHECKOUT = Path(__file__).parents[1]

Command = Callable[[Path, Path, Path], list[str | Path]]


@dataclass(frozen=True)
class Contender:
    """A way to make a package of a deck.

    `write(folder, count)` lays out its input; `command(programs, folder, output)` is what is measured, and `package` is
    what it leaves in the folder `output`. A peer is what pip installs as `key`. With more than `once` notes it runs in
    the first round alone, with more than `largest` not at all.
    """

    key: str
    name: str
    write: Callable[[Path, int], None]
    command: Command
    once: int = sys.maxsize
    largest: int = sys.maxsize
    package: str = "benchmark.apkg"
    unfit: str = ""
    """What comes out, where it is nothing that Anki imports."""


def _script(name: str, *arguments: str) -> Command:
    return lambda bin_, folder, output: [bin_ / "python", SCRIPTS / name, *arguments, folder, output / "benchmark.apkg"]


def _write_rows(folder: Path, count: int) -> None:
    folder.mkdir()
    package = folder.parent / "output" / HIPDECK.key / HIPDECK.package
    subprocess.run([sys.executable, SCRIPTS / "rows.py", package, folder], check=True)


HIPDECK = Contender(
    "hipdeck",
    "hipdeck build",
    decks.write_cards,
    lambda bin_, folder, output: [bin_ / "hipdeck", "build", folder, "-o", output],
)
SAFE_LOAD = Contender(
    "safe_load",
    "(a) yaml.safe_load and genanki",
    decks.write_cards,
    _script("yaml_genanki.py", "safe_load"),
    once=10_000,
)
C_LOADER = Contender(
    "c_loader",
    "(b) CSafeLoader and genanki",
    decks.write_cards,
    _script("yaml_genanki.py", "CSafeLoader"),
)
JSON = Contender(
    "json",
    "(c) JSON and genanki",
    decks.write_json,
    _script("json_genanki.py"),
)
LIMIT = Contender(
    "limit",
    "(e) sqlite and zlib alone",
    _write_rows,
    _script("limit.py"),
)
PEERS = (
    Contender(
        "ankdown",
        "(d) ankdown",
        decks.write_ankdown,
        lambda bin_, folder, output: [bin_ / "ankdown", "-r", folder, "-p", output / "benchmark.apkg"],
        once=10_000,
    ),
    Contender(
        "brain-brew",
        "(d) brain-brew",
        decks.write_brain_brew,
        lambda bin_, folder, output: [bin_ / "brainbrew", "run", folder / "recipe.yaml"],
        once=10_000,
        package="deck.json",
        unfit="for the CrowdAnki add-on",
    ),
    Contender(
        "anki-yaml-tool",
        "(d) anki-yaml-tool",
        decks.write_anki_yaml_tool,
        lambda bin_, folder, output: [
            *(bin_ / "anki-yaml-tool", "build", "--file", folder / "deck.yaml"),
            *("--output", output / "benchmark.apkg"),
        ],
        once=10_000,
    ),
    Contender(
        "ankcompiler",
        "(d) AnkCompiler",
        decks.write_ankcompiler,
        lambda bin_, folder, output: [bin_ / "ankc", "build", "--all", "--path", folder, "--output", output],
        once=1_000,
        largest=10_000,  # 100,000 take it ten minutes
    ),
)


def install_hipdeck(home: Path) -> Path:
    """The programs of a venv with this checkout's hipdeck, as a user would install it; the scripts run there too."""
    bin_ = _venv(home, "hipdeck")
    # A copy, so that the build leaves nothing in the checkout and takes nothing stale from it.
    source = home / "source"
    shutil.rmtree(source, ignore_errors=True)
    shutil.copytree(CHECKOUT / "hipdeck", source / "hipdeck", ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("pyproject.toml", "setup.cfg", "README.md", "LICENSE"):
        shutil.copy(CHECKOUT / file, source)
    _pip(bin_, source)
    _pip(bin_, "--force-reinstall", "--no-deps", source)
    return bin_


def install_peer(home: Path, peer: Contender) -> Path:
    """The programs of a peer's venv. Raises RunError where pip cannot install it."""
    bin_ = _venv(home, peer.key)
    _pip(bin_, peer.key)
    return bin_


def count_notes(contender: Contender, package: Path) -> str:
    """How many notes came out: as real Anki imports them, or as the file says where Anki does not read it.

    In a process of its own: what this one holds at its peak would be counted as every later process's.
    """
    script = "counted.py" if contender.unfit else "imported.py"
    command: list[str | Path] = [sys.executable, SCRIPTS / script, package]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return f"not imported: {done.stderr.strip().splitlines()[-1]}"
    return f"{int(done.stdout):,}" + (f" ({contender.unfit})" if contender.unfit else "")


def _venv(home: Path, name: str) -> Path:
    folder = home / "venvs" / name
    if not (folder / "bin" / "pip").exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    return folder / "bin"


def _pip(bin_: Path, *what: str | Path) -> None:
    command = [bin_ / "pip", "install", "-q", "--disable-pip-version-check", *what]
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise RunError(f"does not install: {done.stderr.strip().splitlines()[-1]}")
