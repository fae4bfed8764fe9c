"""The command line: arguments in, text and exit codes out.

The code is 0 where all is well, 1 for errors in the cards, 2 for a wrong call or an environment that does not serve.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import click

from hipdeck import __version__
from hipdeck.diagnostics import Diagnostic, HipdeckError, errors, printable, to_json, to_text

CONTEXT = {"help_option_names": ["-h", "--help"]}

cards_argument = click.argument("cards", type=click.Path(path_type=Path), default="cards")
strict_option = click.option("--strict", is_flag=True, help="Take warnings for errors.")
quiet_option = click.option("-q", "--quiet", is_flag=True, help="Print errors and warnings alone.")


class Commands(click.Group):
    """A group that says what to do about a missing folder or a full disk, and exits with 2."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a HipdeckError becomes one line and a hint on standard error."""
        try:
            return super().invoke(ctx)
        except HipdeckError as problem:
            click.echo(printable(f"error: {problem.message}"), err=True)
            if problem.hint:
                click.echo(printable(f"  hint: {problem.hint}"), err=True)
            ctx.exit(2)


@click.group(cls=Commands, context_settings=CONTEXT)
@click.version_option(__version__, "--version", message="hipdeck %(version)s")
def cli() -> None:
    """Compile a folder of YAML question/answer pairs into an Anki package.

    \b
    Examples:
      hipdeck build                 compile cards/ into output/
      hipdeck check                 only look for mistakes
    """


@cli.command()
@cards_argument
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default="output",
    show_default=True,
    help="Folder of the package.",
)
@strict_option
@quiet_option
def build(cards: Path, output: Path, strict: bool, quiet: bool) -> None:
    """Check the deck in CARDS and compile it into an Anki package.

    CARDS is the folder that holds deck.yaml; 'cards' where none is named. A deck with errors leaves the package of an
    earlier build as it is.

    \b
    Examples:
      hipdeck build
      hipdeck build my-deck -o packages
    """
    from hipdeck import build as pipeline

    built = pipeline.build(cards, output, int(time.time()), strict)
    checked = built.checked
    _report(checked.diagnostics)
    if not built.written:
        kept = f"; {built.package} is unchanged" if built.package.exists() else "; no package was written"
        _fail(_count(checked.diagnostics, checked.files) + kept)
    if quiet:
        return
    click.echo(_table(built.rows))
    rows = built.rows
    parts = [
        _plural(sum(row.notes for row in rows), "note"),
        _plural(sum(row.cards for row in rows), "card"),
        _plural(len(checked.pictures), "picture"),
        f"{max(1, round(built.size / 1000)):,} kB",
    ]
    click.echo(f"{built.package}: {', '.join(parts)}")


@cli.command()
@cards_argument
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to print what was found: text on standard error, json on standard output.",
)
@strict_option
@quiet_option
def check(cards: Path, format_: str, strict: bool, quiet: bool) -> None:
    """Look for every error and warning in CARDS; write nothing.

    CARDS is the folder that holds deck.yaml; 'cards' where none is named.

    \b
    Examples:
      hipdeck check
      hipdeck check my-deck --strict
      hipdeck check --format json
    """
    from hipdeck import build as pipeline

    checked = pipeline.check(cards, strict)
    if format_ == "json":
        click.echo(to_json(checked.diagnostics))
        sys.exit(1 if errors(checked.diagnostics) else 0)
    _report(checked.diagnostics)
    if errors(checked.diagnostics):
        _fail(_count(checked.diagnostics, checked.files))
    if not quiet:
        count = _count(checked.diagnostics, checked.files)
        click.echo(f"{_plural(len(checked.fields), 'note')}: {count}")


def main() -> NoReturn:
    """The `hipdeck` command."""
    cli(prog_name="hipdeck")
    sys.exit(0)


def _report(diagnostics: Sequence[Diagnostic]) -> None:
    if diagnostics:
        click.echo(to_text(diagnostics), err=True)


def _fail(message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(1)


def _count(diagnostics: Sequence[Diagnostic], files: int) -> str:
    wrong = len(errors(diagnostics))
    warnings = len(diagnostics) - wrong
    parts = [_plural(wrong, "error")] if wrong or not warnings else []
    if warnings:
        parts.append(_plural(warnings, "warning"))
    text = " and ".join(parts) if wrong or warnings else "no errors"
    return f"{text} in {_plural(files, 'file')}"


def _plural(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _table(rows: Sequence[Any]) -> str:
    """The summary as columns: the section, then numbers, right-aligned."""
    from hipdeck.notes import KINDS

    header = ["section", "notes", "cards", *KINDS]
    lines = [[row.section, row.notes, row.cards, *row.kinds.values()] for row in rows]
    total = ["", *(sum(line[column] for line in lines) for column in range(1, len(header)))]
    table = [[str(cell) for cell in line] for line in (header, *lines, total)]
    widths = [max(len(line[column]) for line in table) for column in range(len(header))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if column else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in table
    )
