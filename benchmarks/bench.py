"""The measurements: every contender in turn, in rounds, so that a machine's slow minute meets them all alike."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import decks
from benchmarks.contenders import HIPDECK, SCRIPTS, Contender, count_notes, install_hipdeck, install_peer
from benchmarks.measure import RunError, Sample, run

STARTS = {
    "python -c pass": ("python", "-c", "pass"),
    "import click": ("python", "-c", "import click"),
    "import yaml": ("python", "-c", "import yaml"),
    "import jsonschema_rs": ("python", "-c", "import jsonschema_rs"),
    "import cmarkgfm": ("python", "-c", "import cmarkgfm"),
    "import genanki": ("python", "-c", "import genanki"),
    "hipdeck --help": ("hipdeck", "--help"),
}

Samples = dict[str, list[Sample]]


@dataclass
class Result:
    """What came of one contender with one deck: a sample a round, bytes of the package, notes in Anki."""

    samples: list[Sample] = field(default_factory=list)
    size: int = 0
    notes: str = ""


class Bench:
    """The measurements, in a folder of their own."""

    def __init__(self, home: Path, rounds: int) -> None:
        self.home = home
        self.rounds = rounds
        self.log = home / "log"
        home.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(home / "decks", ignore_errors=True)
        self.hipdeck = install_hipdeck(home)
        self.peers: dict[str, Path] = {}

    def install(self, peers: Sequence[Contender]) -> list[Contender]:
        """Install the peers; those that cannot be are left out, and named with the reason."""
        for peer in peers:
            try:
                self.peers[peer.key] = install_peer(self.home, peer)
            except RunError as problem:
                print(f"{peer.name}: {problem}")
        return [peer for peer in peers if peer.key in self.peers]

    def compare(self, count: int, everyone: Sequence[Contender]) -> dict[str, Result]:
        """Each contender's package of a deck of so many notes, in rounds. By name; who fails is left out, and named."""
        for one in [one for one in everyone if count > one.largest]:
            print(f"{one.name}: left out with {count:,} notes")
        results = {one.name: Result() for one in everyone if count <= one.largest}
        for round_ in range(self.rounds):
            for one in [one for one in everyone if one.name in results]:
                if round_ and count > one.once:
                    continue
                try:
                    results[one.name].samples.append(self._make(one, count))
                except RunError as problem:
                    print(f"{one.name}, {count:,} notes: {problem}")
                    del results[one.name]
        for one in [one for one in everyone if one.name in results]:
            package = self._output(one, count) / one.package
            results[one.name].size = package.stat().st_size
            results[one.name].notes = count_notes(one, package)
        return results

    def release(self, count: int) -> Samples:
        """`build` and `release` of one deck in turn; the release reads a lock and writes the next."""
        cards = self._input(HIPDECK, count)
        lock = cards / "deck.lock"
        before = lock.read_bytes()
        samples: Samples = {}
        for _ in range(self.rounds):
            for command in ("build", "release"):
                samples.setdefault(command, []).append(self._hipdeck(command, cards))
                if command == "release" and lock.read_bytes() == before:
                    raise RunError("the release has not written the lock")
                lock.write_bytes(before)
        return samples

    def preview(self, count: int) -> Samples:
        """`build` and `preview` of one deck in turn; nothing where there is no such command."""
        command: list[str | Path] = [self.hipdeck / "hipdeck", "preview", "--help"]
        if subprocess.run(command, capture_output=True, check=False).returncode:
            return {}
        cards = self._input(HIPDECK, count)
        samples: Samples = {}
        for _ in range(self.rounds):
            for name in ("build", "preview"):
                samples.setdefault(name, []).append(self._hipdeck(name, cards))
        return samples

    def starts(self) -> Samples:
        """Python and the libraries alone, and the command that does nothing."""
        samples: Samples = {}
        for _ in range(max(10, self.rounds)):
            for name, (program, *arguments) in STARTS.items():
                samples.setdefault(name, []).append(run([self.hipdeck / program, *arguments], self.log))
        return samples

    def _make(self, one: Contender, count: int) -> Sample:
        output = self._output(one, count)
        output.mkdir(parents=True, exist_ok=True)
        programs = self.peers.get(one.key, self.hipdeck)
        return run(one.command(programs, self._input(one, count), output), self.log)

    def _hipdeck(self, command: str, cards: Path) -> Sample:
        return run([self.hipdeck / "hipdeck", command, cards, "-o", cards.parent / command], self.log)

    def _output(self, one: Contender, count: int) -> Path:
        return self.home / "decks" / str(count) / "output" / one.key

    def _input(self, one: Contender, count: int) -> Path:
        """The folder with a contender's input, made where it is not there yet."""
        folder = self.home / "decks" / str(count) / one.write.__name__
        if not folder.exists():
            if one.write in decks.WRITERS:
                self._write(one.write.__name__, folder, count)
            else:
                one.write(folder, count)
            if one.write is decks.write_cards:
                self._write_lock(folder, count)
        return folder

    def _write(self, writer: str, folder: Path, *numbers: int) -> None:
        run([sys.executable, "-m", "benchmarks.decks", writer, folder, *map(str, numbers)], self.log)

    def _write_lock(self, cards: Path, count: int) -> None:
        """Give a deck the lock of its first edition."""
        first = cards.parent / "first-edition"
        self._write(decks.write_cards.__name__, first, count, 1)
        run([self.hipdeck / "python", SCRIPTS / "first_edition.py", first, first / "output"], self.log)
        shutil.copy(first / "deck.lock", cards)
        shutil.rmtree(first)
