"""Samples to tables in Markdown, ready for docs/performance.md."""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from statistics import median

from benchmarks.bench import Result, Samples
from benchmarks.contenders import C_LOADER, HIPDECK, JSON, SAFE_LOAD
from benchmarks.measure import Sample


def machine() -> str:
    """What the figures come from."""
    return f"{platform.python_implementation()} {platform.python_version()}, {platform.system()} {platform.machine()}"


def comparison(count: int, results: Mapping[str, Result]) -> str:
    """Every contender with one deck, and hipdeck's share of the time that each takes."""
    ours = results[HIPDECK.name].samples
    rows = []
    for name, result in results.items():
        samples = result.samples
        cells = [
            name,
            spread([one.cpu for one in samples]),
            spread([one.wall for one in samples]),
            f"{max(one.memory for one in samples):.0f}",
            f"{result.size / 1e6:.2f}",
            result.notes,
        ]
        ratios = [spread(_ratios(ours, samples, what)) if samples is not ours else "" for what in (_cpu, _wall)]
        rows.append([*cells, *ratios])
    head = ["", "CPU, s", "clock, s", "peak, MB", "package, MB", "notes in Anki", "hipdeck's CPU", "hipdeck's clock"]
    return _section(f"{count:,} notes", head, rows)


def growth(results: Mapping[int, Mapping[str, Result]]) -> str:
    """What a further note costs hipdeck, between decks of neighbouring sizes."""
    counts = sorted(results)
    rows = []
    for small, large in pairwise(counts):
        few, many = (results[count][HIPDECK.name].samples for count in (small, large))
        notes = large - small
        cpu = (median(map(_cpu, many)) - median(map(_cpu, few))) / notes * 1e6
        memory = (median(one.memory for one in many) - median(one.memory for one in few)) / notes * 1e3
        rows.append([f"{small:,} to {large:,}", f"{cpu:.0f}", f"{memory:.2f}"])
    return _section("What a further note costs hipdeck", ["notes", "CPU, microseconds", "memory, kB"], rows)


def pairs(title: str, samples: Samples) -> str:
    """A few commands, and the share of each in the first one's time."""
    if not samples:
        return f"## {title}\n\nThere is no such command yet.\n"
    base = next(iter(samples.values()))
    rows = [
        [
            name,
            spread([one.cpu for one in members], 3),
            spread([one.wall for one in members], 3),
            f"{max(one.memory for one in members):.0f}",
            *(spread(_ratios(members, base, what)) if members is not base else "" for what in (_cpu, _wall)),
        ]
        for name, members in samples.items()
    ]
    first = next(iter(samples))
    return _section(title, ["", "CPU, s", "clock, s", "peak, MB", f"CPU of {first}", f"clock of {first}"], rows)


def reach(results: Mapping[int, Mapping[str, Result]], release: Samples, preview: Samples, starts: Samples) -> str:
    """What hipdeck is meant to reach, and whether it did: medians of the ratios within each round."""
    rows: list[list[str]] = []

    def row(what: str, found: float, most: float, unit: str = "") -> None:
        rows.append([what, f"{found:.2f}{unit}", f"{most:g}{unit}", "yes" if found <= most else "**no**"])

    def against(count: int, other: str, most: float) -> None:
        if other in results.get(count, {}):
            ratios = _ratios(results[count][HIPDECK.name].samples, results[count][other].samples, _cpu)
            row(f"{count:,} notes: CPU of {other}", median(ratios), most)

    against(100_000, SAFE_LOAD.name, 0.10)
    against(100_000, JSON.name, 1)
    if 100_000 in results:
        row("100,000 notes: peak memory", max(one.memory for one in results[100_000][HIPDECK.name].samples), 300, " MB")
    against(10_000, SAFE_LOAD.name, 0.15)
    against(10_000, C_LOADER.name, 1)
    against(200, C_LOADER.name, 1.3)
    for name in results.get(200, {}):
        if name.startswith("(d)"):
            against(200, name, 1)
    row("`release` of 10,000 notes: CPU of `build`", _median(release, "release", "build"), 1.4)
    if {1_000, 100_000} <= set(results):
        few, many = (results[count][HIPDECK.name].samples for count in (1_000, 100_000))
        row("a note of 100,000: CPU of one of 1,000", median(map(_cpu, many)) / median(map(_cpu, few)) / 100, 1.3)
        memory = median(one.memory for one in many) / median(one.memory for one in few) / 100
        row("a note of 100,000: memory of one of 1,000", memory, 1.3)
    row("`hipdeck --help`: CPU of `import click`", _median(starts, "hipdeck --help", "import click"), 1.3)
    if preview:
        row("`preview` of 2,000 notes: CPU of `build`", _median(preview, "preview", "build"), 2)
    return _section("Reach", ["", "measured", "at most", "reached"], rows)


def beyond(results: Mapping[str, Result], bounds: Mapping[str, float]) -> int:
    """1 where hipdeck takes more than the given share of another's processor time, 0 otherwise; says which."""
    code = 0
    for other, most in bounds.items():
        share = median(_ratios(results[HIPDECK.name].samples, results[other].samples, _cpu))
        if share > most:
            print(f"hipdeck takes {share:.2f} of the processor time of {other}; at most {most} is allowed")
            code = 1
    return code


def spread(values: Sequence[float], digits: int = 2) -> str:
    """The median of some values, and their range where there are several: `1.23 (1.20 to 1.31)`."""
    middle = f"{median(values):.{digits}f}"
    if len(values) == 1:
        return middle
    return f"{middle} ({min(values):.{digits}f} to {max(values):.{digits}f})"


def _cpu(sample: Sample) -> float:
    return sample.cpu


def _wall(sample: Sample) -> float:
    return sample.wall


def _ratios(ours: Sequence[Sample], theirs: Sequence[Sample], what: Callable[[Sample], float]) -> list[float]:
    """Ours over theirs, round by round; who ran in one round alone is compared within that."""
    return [what(one) / what(other) for one, other in zip(ours, theirs, strict=False)]


def _median(samples: Samples, name: str, base: str) -> float:
    return median(_ratios(samples[name], samples[base], _cpu))


def _section(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows)]
    return "\n".join([f"## {title}", "", *lines, ""])
