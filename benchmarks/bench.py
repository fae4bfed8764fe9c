"""The measurements: every contender in turn, in rounds, so a slow minute of the machine hits them all alike."""

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
    """One contender's result with one deck: a sample per round, the package's size in bytes, and its notes in Anki."""

    samples: list[Sample] = field(default_factory=list)
    size: int = 0
    notes: str = ""


class Bench:
    """The measurements. Everything they write goes into the folder `home`."""

    def __init__(self, home: Path, rounds: int) -> None:
        self.home = home
        self.rounds = rounds
        self.log = home / "log"
        home.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(home / "decks", ignore_errors=True)
        self.hipdeck = install_hipdeck(home)
        self.peers: dict[str, Path] = {}

    def install(self, peers: Sequence[Contender]) -> list[Contender]:
        """Install the peers. Returns those that were installed; prints why the others weren't."""
        for peer in peers:
            try:
                self.peers[peer.key] = install_peer(self.home, peer)
            except RunError as problem:
                print(f"{peer.name}: {problem}")
        return [peer for peer in peers if peer.key in self.peers]

    def compare(self, count: int, contenders: Sequence[Contender]) -> dict[str, Result]:
        """Have each contender package a deck of `count` notes, in rounds.

        Returns the results by the contender's name. A contender that fails is left out, and its error is printed.
        """
        for contender in contenders:
            if count > contender.largest:
                print(f"{contender.name}: left out with {count:,} notes")
        running = [contender for contender in contenders if count <= contender.largest]
        results = {contender.name: Result() for contender in running}
        for round_ in range(self.rounds):
            for contender in [contender for contender in running if contender.name in results]:
                if round_ and count > contender.largest_repeated:
                    continue
                try:
                    results[contender.name].samples.append(self._run(contender, count))
                except RunError as problem:
                    print(f"{contender.name}, {count:,} notes: {problem}")
                    del results[contender.name]
        for contender in [contender for contender in running if contender.name in results]:
            package = self._output(contender, count) / contender.package
            results[contender.name].size = package.stat().st_size
            results[contender.name].notes = count_notes(contender, package)
        return results

    def release(self, count: int) -> Samples:
        """`build` and `release` one deck in turn. The release reads a lock and writes the next one."""
        cards = self._input(HIPDECK, count)
        lock = cards / "deck.lock"
        before = lock.read_bytes()
        samples: Samples = {}
        for _ in range(self.rounds):
            for command in ("build", "release"):
                samples.setdefault(command, []).append(self._hipdeck(command, cards))
                if command == "release" and lock.read_bytes() == before:
                    raise RunError("the release didn't write the lock")
                # As if there had been no release: hipdeck notices a lock that lacks an edition which was kept.
                lock.write_bytes(before)
                shutil.rmtree(cards.parent / command / "editions", ignore_errors=True)
        return samples

    def preview(self, count: int) -> Samples:
        """`build` and `preview` one deck in turn. Returns nothing if this hipdeck has no such command."""
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
        """Start Python alone, with each library, and with a hipdeck command that does nothing."""
        samples: Samples = {}
        for _ in range(max(10, self.rounds)):
            for name, (program, *arguments) in STARTS.items():
                samples.setdefault(name, []).append(run([self.hipdeck / program, *arguments], self.log))
        return samples

    def _run(self, contender: Contender, count: int) -> Sample:
        output = self._output(contender, count)
        output.mkdir(parents=True, exist_ok=True)
        programs = self.peers.get(contender.key, self.hipdeck)
        return run(contender.command(programs, self._input(contender, count), output), self.log)

    def _hipdeck(self, command: str, cards: Path) -> Sample:
        return run([self.hipdeck / "hipdeck", command, cards, "-o", cards.parent / command], self.log)

    def _output(self, contender: Contender, count: int) -> Path:
        return self.home / "decks" / str(count) / "output" / contender.key

    def _input(self, contender: Contender, count: int) -> Path:
        """The folder with a contender's input, which is written if it isn't there yet."""
        folder = self.home / "decks" / str(count) / contender.write.__name__
        if not folder.exists():
            if contender.write in decks.WRITERS:
                self._write(contender.write.__name__, folder, count)
            else:
                contender.write(folder, count)
            if contender.write is decks.write_cards:
                self._write_lock(folder, count)
        return folder

    def _write(self, writer: str, folder: Path, *numbers: int) -> None:
        run([sys.executable, "-m", "benchmarks.decks", writer, folder, *map(str, numbers)], self.log)

    def _write_lock(self, cards: Path, count: int) -> None:
        """Put the lock of the deck's first edition into its folder."""
        first = cards.parent / "first-edition"
        self._write(decks.write_cards.__name__, first, count, 1)
        run([self.hipdeck / "python", SCRIPTS / "first_edition.py", first, first / "output"], self.log)
        shutil.copy(first / "deck.lock", cards)
        shutil.rmtree(first)
