"""Turns samples into Markdown tables for docs/performance.md."""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from statistics import median

from benchmarks.bench import Result, Samples
from benchmarks.contenders import C_LOADER, HIPDECK, JSON, SAFE_LOAD
from benchmarks.measure import Sample


def machine() -> str:
    """The Python and the machine that the figures come from."""
    return f"{platform.python_implementation()} {platform.python_version()}, {platform.system()} {platform.machine()}"


def comparison(count: int, results: Mapping[str, Result]) -> str:
    """Every contender with one deck, and hipdeck's time divided by each contender's."""
    ours = results[HIPDECK.name].samples
    rows = []
    for name, result in results.items():
        samples = result.samples
        cells = [
            name,
            spread([sample.cpu for sample in samples]),
            spread([sample.wall for sample in samples]),
            f"{max(sample.memory for sample in samples):.0f}",
            f"{result.size / 1e6:.2f}",
            result.notes,
        ]
        ratios = [spread(_ratios(ours, samples, time)) if samples is not ours else "" for time in (_cpu, _wall)]
        rows.append([*cells, *ratios])
    head = ["", "CPU, s", "wall, s", "peak, MB", "package, MB", "notes in Anki", "CPU ratio", "wall ratio"]
    return _section(f"{count:,} notes", head, rows)


def growth(results: Mapping[int, Mapping[str, Result]]) -> str:
    """What each additional note costs hipdeck, between one size of deck and the next."""
    counts = sorted(results)
    rows = []
    for small, large in pairwise(counts):
        few, many = (results[count][HIPDECK.name].samples for count in (small, large))
        notes = large - small
        cpu = (median(map(_cpu, many)) - median(map(_cpu, few))) / notes * 1e6
        memory = (median(map(_memory, many)) - median(map(_memory, few))) / notes * 1e3
        rows.append([f"{small:,} to {large:,}", f"{cpu:.0f}", f"{memory:.2f}"])
    return _section("What each additional note costs hipdeck", ["notes", "CPU, microseconds", "memory, kB"], rows)


def pairs(title: str, samples: Samples) -> str:
    """A few commands, and the time of each divided by the first one's."""
    if not samples:
        return f"## {title}\n\nThis hipdeck has no such command.\n"
    base = next(iter(samples.values()))
    rows = [
        [
            name,
            spread([sample.cpu for sample in members], 3),
            spread([sample.wall for sample in members], 3),
            f"{max(sample.memory for sample in members):.0f}",
            *(spread(_ratios(members, base, time)) if members is not base else "" for time in (_cpu, _wall)),
        ]
        for name, members in samples.items()
    ]
    first = next(iter(samples))
    head = ["", "CPU, s", "wall, s", "peak, MB", f"CPU ratio to {first}", f"wall ratio to {first}"]
    return _section(title, head, rows)


def targets(results: Mapping[int, Mapping[str, Result]], release: Samples, preview: Samples, starts: Samples) -> str:
    """hipdeck's targets, and whether it meets them: medians of the ratios within each round."""
    rows: list[list[str]] = []

    def row(name: str, measured: float, most: float, unit: str = "") -> None:
        rows.append([name, f"{measured:.2f}{unit}", f"{most:g}{unit}", "yes" if measured <= most else "**no**"])

    def against(count: int, other: str, most: float) -> None:
        if other in results.get(count, {}):
            ratios = _ratios(results[count][HIPDECK.name].samples, results[count][other].samples, _cpu)
            row(f"{count:,} notes: CPU ratio to {other}", median(ratios), most)

    against(100_000, SAFE_LOAD.name, 0.12)
    against(100_000, JSON.name, 1)
    if 100_000 in results:
        row("100,000 notes: peak memory", max(map(_memory, results[100_000][HIPDECK.name].samples)), 300, " MB")
    against(10_000, SAFE_LOAD.name, 0.12)
    against(10_000, C_LOADER.name, 0.9)
    against(200, C_LOADER.name, 1.3)
    for name in results.get(200, {}):
        if name.startswith("(d)"):
            against(200, name, 1)
    row("`release` of 10,000 notes: CPU ratio to `build`", _median(release, "release", "build"), 1.4)
    if {1_000, 100_000} <= set(results):
        few, many = (results[count][HIPDECK.name].samples for count in (1_000, 100_000))
        row("CPU per note: 100,000 notes to 1,000", median(map(_cpu, many)) / median(map(_cpu, few)) / 100, 1.3)
        memory = median(map(_memory, many)) / median(map(_memory, few)) / 100
        row("memory per note: 100,000 notes to 1,000", memory, 1.3)
    row("`hipdeck --help`: CPU ratio to `import click`", _median(starts, "hipdeck --help", "import click"), 1.3)
    if preview:
        row("`preview` of 2,000 notes: CPU ratio to `build`", _median(preview, "preview", "build"), 2)
    return _section("Targets", ["", "measured", "at most", "met"], rows)


def check_bounds(results: Mapping[str, Result], bounds: Mapping[str, float]) -> int:
    """Check hipdeck's share of each contender's CPU time against a bound, and print each share that's too large.

    Returns 1 if any is, else 0.
    """
    code = 0
    for other, most in bounds.items():
        share = median(_ratios(results[HIPDECK.name].samples, results[other].samples, _cpu))
        if share > most:
            print(f"hipdeck takes {share:.2f} of the CPU time of {other}; at most {most} is allowed")
            code = 1
    return code


def spread(values: Sequence[float], digits: int = 2) -> str:
    """The median of some values, and their range if there's more than one: `1.23 (1.20 to 1.31)`."""
    middle = f"{median(values):.{digits}f}"
    if len(values) == 1:
        return middle
    return f"{middle} ({min(values):.{digits}f} to {max(values):.{digits}f})"


def _cpu(sample: Sample) -> float:
    return sample.cpu


def _wall(sample: Sample) -> float:
    return sample.wall


def _memory(sample: Sample) -> float:
    return sample.memory


def _ratios(ours: Sequence[Sample], theirs: Sequence[Sample], time: Callable[[Sample], float]) -> list[float]:
    """Our time divided by theirs, round by round; if one side ran only in the first round, just for that round."""
    return [time(our) / time(their) for our, their in zip(ours, theirs, strict=False)]


def _median(samples: Samples, name: str, base: str) -> float:
    return median(_ratios(samples[name], samples[base], _cpu))


def _section(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows)]
    return "\n".join([f"## {title}", "", *lines, ""])
