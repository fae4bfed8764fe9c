"""How long the preview of a large deck takes: `python -m tests.preview_speed [NOTES]` prints it.

It compares the CPU time of `hipdeck preview` with that of `hipdeck build`. In Chromium, it measures the time from a
letter typed into the text filter (or a change of another filter) until the page has its new layout.
"""

from __future__ import annotations

import resource
import statistics
import sys
import tempfile
from pathlib import Path

from tests import cases, decks
from tests.browser import Visit, chromium

LIMIT = 50  # milliseconds
TIMED = """([name, value]) => {
  const control = document.querySelector(".filters").elements[name];
  const start = performance.now();
  control.value = value;
  control.dispatchEvent(new Event("input", {bubbles: true}));
  document.documentElement.offsetHeight;
  return performance.now() - start;
}"""
FILTERS = [
    *(("text", "question 12"[:length]) for length in range(1, 12)),
    ("text", ""),
    ("text", "xyz"),
    ("text", ""),
    ("kind", "cue"),
    ("kind", ""),
    ("tag", "t3"),
    ("tag", ""),
    ("section", "s1"),
    ("section", ""),
]


def deck(notes: int) -> dict[str, list[decks.Note]]:
    """Ten sections of questions, choices, and clozes of typical length."""
    kinds = ("fact", "cue", "mistake")
    why = "The **reason** behind the answer, in a sentence of some twenty words, as an author would write it down. "
    members = [
        (decks.question, decks.choice, decks.cloze)[number % 3](
            number, kind=kinds[number % 7 % 3], tags=[f"t{number % 11}"], why=why + str(number)
        )
        for number in range(notes)
    ]
    return {f"s{number}": members[number::10] for number in range(10)}


def seconds(command: str, folder: Path) -> float:
    """The CPU time of a hipdeck command in seconds, the best of five runs."""
    times = []
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        result = cases.hipdeck(command, cwd=folder)
        assert result.code == 0, result.stderr
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(times)


def main(notes: int) -> None:
    """Print the figures for a deck of this many notes."""
    with tempfile.TemporaryDirectory() as name, chromium() as browser:
        folder = Path(name)
        decks.write(folder / "cards", deck(notes))
        build, preview = seconds("build", folder), seconds("preview", folder)
        print(f"{notes} notes: build {build:.2f} s, preview {preview:.2f} s of CPU, {preview / build:.2f} times")
        page = folder / "output" / "preview" / "index.html"
        visit = Visit(browser, page.as_uri(), color_scheme="light")
        load = visit.page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
        times = [visit.page.evaluate(TIMED, list(change)) for _ in range(5) for change in FILTERS]
        visit.close()
        print(f"page {page.stat().st_size / 1e6:.1f} MB, loaded in {load:.0f} ms")
        print(f"filter: median {statistics.median(times):.1f} ms, slowest {max(times):.1f} ms (target: {LIMIT} ms)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
