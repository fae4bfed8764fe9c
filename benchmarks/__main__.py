"""`python -m benchmarks`: make the decks and venvs, measure everything in turn, and print the tables in Markdown.

All output goes to build/benchmarks. Needs the `test` extra (the real Anki counts what it imports) and, for the peers, a
network.
"""

from __future__ import annotations

import argparse
import sys

from benchmarks import report
from benchmarks.bench import Bench
from benchmarks.contenders import C_LOADER, CHECKOUT, HIPDECK, JSON, LIMIT, PEERS, SAFE_LOAD

BOUNDS = {SAFE_LOAD.name: 0.45, C_LOADER.name: 1.8}
"""The largest share of a script's CPU time at 1,000 notes that `--quick` accepts. Generous, for noisy machines."""


def main() -> int:
    """Measure and print. Returns 1 if `--quick` finds hipdeck beyond the bounds."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Compare hipdeck with the alternatives.")
    parser.add_argument("--notes", type=int, nargs="+", default=[200, 1_000, 10_000, 100_000], metavar="N")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-peers", action="store_true", help="leave out the tools from PyPI")
    parser.add_argument("--quick", action="store_true", help="only 1,000 notes against (a) and (b); fail beyond bounds")
    arguments = parser.parse_args()
    bench = Bench(CHECKOUT / "build" / "benchmarks", arguments.rounds)
    if arguments.quick:
        result = bench.compare(1_000, [HIPDECK, SAFE_LOAD, C_LOADER])
        print(report.comparison(1_000, result))
        return report.check_bounds(result, BOUNDS)
    peers = [] if arguments.no_peers else bench.install(PEERS)
    contenders = [HIPDECK, SAFE_LOAD, C_LOADER, JSON, *peers, LIMIT]
    print(report.machine(), flush=True)
    results = {}
    for count in arguments.notes:
        results[count] = bench.compare(count, contenders)
        print(report.comparison(count, results[count]), flush=True)
    print(report.growth(results))
    release, preview, starts = bench.release(10_000), bench.preview(2_000), bench.starts()
    print(report.pairs("Releasing 10,000 notes", release))
    print(report.pairs("Previewing 2,000 notes", preview))
    print(report.pairs("Start-up", starts))
    print(report.targets(results, release, preview, starts))
    return 0


if __name__ == "__main__":
    sys.exit(main())
