"""`hipdeck ids`: give an id to every note that has none."""

from __future__ import annotations

import difflib
from pathlib import Path

import click

from hipdeck.commands.formats import count_problems
from hipdeck.commands.options import cards_argument, quiet_option
from hipdeck.commands.reporting import fail, print_problems
from hipdeck.console import plural, printable
from hipdeck.deck.ids import Change, give, write


@click.command("ids")
@cards_argument
@click.option("--dry-run", is_flag=True, help="Show what would be written, and write nothing.")
@quiet_option
def command(cards: Path, dry_run: bool, quiet: bool) -> None:
    """Give an id to every note that has none.

    The id is made from the note's question and written into its file; nothing else in the file changes. Once students
    have the note, keep its id; its question can change freely.

    \b
    Examples:
      hipdeck ids
      hipdeck ids --dry-run         show the change first
    """
    plan = give(cards)
    print_problems(plan.diagnostics)
    if plan.diagnostics:
        fail(f"{count_problems(plan.diagnostics, plan.files)}; no file was changed")
    if not dry_run:
        write(plan.changes)
    if quiet and not dry_run:
        return
    for change in plan.changes:
        lines = _unified_diff(change) if dry_run else [f"{change.path}: {id_}" for id_ in change.ids]
        click.echo("\n".join(printable(line) for line in lines))
    notes = plural(sum(len(change.ids) for change in plan.changes), "note")
    files = plural(len(plan.changes), "file")
    if not plan.changes:
        click.echo("every note has an id")
    elif dry_run:
        click.echo(f"{notes} in {files} would get an id; nothing was written")
    else:
        click.echo(f"{notes} in {files} got an id")


def _unified_diff(change: Change) -> list[str]:
    before, after = (text.removeprefix("\ufeff").splitlines() for text in (change.before, change.after))
    return list(difflib.unified_diff(before, after, change.path, change.path, lineterm=""))
