"""What is measured: hipdeck, the scripts that a user would write, and the peers on PyPI, each in its own venv."""

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
    """A way to turn a deck into a package.

    `write(folder, count)` writes its input. `command(programs, folder, output)` is the command that's measured, and
    `package` is the file that it leaves in the folder `output`. pip installs a peer as `key`. With more than
    `largest_repeated` notes, it runs only in the first round; with more than `largest`, it doesn't run at all.
    """

    key: str
    name: str
    write: Callable[[Path, int], None]
    command: Command
    largest_repeated: int = sys.maxsize
    largest: int = sys.maxsize
    package: str = "benchmark.apkg"
    unfit: str = ""
    """What the output is, if Anki can't import it."""


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
    package="benchmark-draft.apkg",
)
SAFE_LOAD = Contender(
    "safe_load",
    "(a) yaml.safe_load and genanki",
    decks.write_cards,
    _script("yaml_genanki.py", "safe_load"),
    largest_repeated=10_000,
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
        largest_repeated=10_000,
    ),
    Contender(
        "brain-brew",
        "(d) brain-brew",
        decks.write_brain_brew,
        lambda bin_, folder, output: [bin_ / "brainbrew", "run", folder / "recipe.yaml"],
        largest_repeated=10_000,
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
        largest_repeated=10_000,
    ),
    Contender(
        "ankcompiler",
        "(d) AnkCompiler",
        decks.write_ankcompiler,
        lambda bin_, folder, output: [bin_ / "ankc", "build", "--all", "--path", folder, "--output", output],
        largest_repeated=1_000,
        largest=10_000,  # 100,000 would take ten minutes
    ),
)


def install_hipdeck(home: Path) -> Path:
    """Install this checkout's hipdeck into a venv, as a user would. The scripts run there too.

    Returns the folder of the venv's programs.
    """
    bin_ = _venv(home, "hipdeck")
    # A copy, so the build leaves nothing in the checkout and picks up nothing stale from it.
    source = home / "source"
    shutil.rmtree(source, ignore_errors=True)
    shutil.copytree(CHECKOUT / "hipdeck", source / "hipdeck", ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("pyproject.toml", "setup.cfg", "README.md", "LICENSE"):
        shutil.copy(CHECKOUT / file, source)
    _pip(bin_, source)
    _pip(bin_, "--force-reinstall", "--no-deps", source)
    return bin_


def install_peer(home: Path, peer: Contender) -> Path:
    """Install a peer into a venv. Raises RunError if pip can't do it.

    Returns the folder of the venv's programs.
    """
    bin_ = _venv(home, peer.key)
    _pip(bin_, peer.key)
    return bin_


def count_notes(contender: Contender, package: Path) -> str:
    """How many notes a package has after the real Anki imports it, or by the file itself if Anki can't read it.

    This runs in its own process: the peak memory of this one would count as that of every later process.
    """
    script = "count_in_file.py" if contender.unfit else "count_in_anki.py"
    command: list[str | Path] = [sys.executable, SCRIPTS / script, package]
    process = subprocess.run(command, capture_output=True, text=True, check=False)
    if process.returncode:
        return f"not imported: {process.stderr.strip().splitlines()[-1]}"
    return f"{int(process.stdout):,}" + (f" ({contender.unfit})" if contender.unfit else "")


def _venv(home: Path, name: str) -> Path:
    folder = home / "venvs" / name
    if not (folder / "bin" / "pip").exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    return folder / "bin"


def _pip(bin_: Path, *requirements: str | Path) -> None:
    command = [bin_ / "pip", "install", "-q", "--disable-pip-version-check", *requirements]
    process = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)
    if process.returncode:
        raise RunError(f"can't be installed: {process.stderr.strip().splitlines()[-1]}")
