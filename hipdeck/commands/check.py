"""`hipdeck check`: find what is wrong with a deck."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click

from hipdeck.commands.checking import check
from hipdeck.commands.formats import FORMATS, count_problems
from hipdeck.commands.options import cards_argument, quiet_option, strict_option
from hipdeck.commands.reporting import fail
from hipdeck.console import plural
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
@quiet_option
def command(cards: Path, format_: str, strict: bool, quiet: bool) -> None:
    """Look for every error and warning in CARDS; write nothing.

    CARDS is the folder that holds deck.yaml ('cards' by default).

    \b
    Examples:
      hipdeck check
      hipdeck check my-deck --strict
      hipdeck check --format github   for a workflow on GitHub
    """
    checked = check(cards, int(time.time()), strict)
    problems = FORMATS[format_](checked.diagnostics)
    if problems:
        click.echo(problems, err=format_ == "text")
    failed = bool(errors(checked.diagnostics))
    if format_ == "json":
        sys.exit(1 if failed else 0)
    count = count_problems(checked.diagnostics, checked.files)
    if failed:
        fail(count)
    if not quiet:
        click.echo(f"{plural(len(checked.fields), 'note')}: {count}")
