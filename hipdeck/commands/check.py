"""`hipdeck check`: find what is wrong with a deck."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click

from hipdeck.commands.shared.checking import check
from hipdeck.commands.shared.formats import FORMATS, count_codes, count_problems, first_warnings
from hipdeck.commands.shared.options import cards_argument, quiet_option, strict_option
from hipdeck.commands.shared.reporting import fail, print_raw, say, say_more
from hipdeck.console import plural, success
from hipdeck.diagnostics import errors


@click.command("check")
@cards_argument
@click.option(
    "--format",
    "format_",
    type=click.Choice([*FORMATS]),
    default="text",
    show_default=True,
    help="How to print problems: text goes to standard error; json, and github's annotations, to standard output.",
)
@strict_option
@click.option("-v", "--verbose", is_flag=True, help="Print every warning, not just the first 20 of each code.")
@quiet_option
def command(cards: Path, format_: str, strict: bool, verbose: bool, quiet: bool) -> None:
    """Look for every error and warning in CARDS; write nothing.

    CARDS is the folder that holds deck.yaml; by default it's found from anywhere below the deck. The last line counts
    the errors and warnings of each code.

    \b
    Examples:
      hipdeck check
      hipdeck check my-deck --strict
      hipdeck check --format github   for a workflow on GitHub
    """
    checked = check(cards, int(time.time()), strict)
    output = FORMATS[format_]
    shown = checked.diagnostics if verbose or output.is_complete else first_warnings(checked.diagnostics)
    problems = output.write(shown)
    if problems:
        (print_raw if output.is_raw else say)(problems, err=output.on_standard_error)
    failed = bool(errors(checked.diagnostics))
    if not output.with_count:
        sys.exit(1 if failed else 0)
    say_more(len(checked.diagnostics) - len(shown))
    count = count_problems(checked.diagnostics, checked.files)
    if checked.diagnostics:
        count += f": {count_codes(checked.diagnostics)}"
    if failed:
        fail(count)
    if not quiet:
        line = f"{plural(len(checked.fields), 'note')}: {count}"
        say(line if checked.diagnostics else success(line))
