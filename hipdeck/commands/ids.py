"""`hipdeck ids`: give an id to every note that has none."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path

import click

from hipdeck.commands.shared.formats import count_problems
from hipdeck.commands.shared.options import cards_argument, quiet_option
from hipdeck.commands.shared.reporting import fail, print_problems, say
from hipdeck.console import plural, printable
from hipdeck.deck.ids import Change, make_ids, write


@click.command("ids")
@cards_argument
@click.option("--dry-run", is_flag=True, help="Show what would be written, and write nothing.")
@quiet_option
def command(cards: Path, dry_run: bool, quiet: bool) -> None:
    """Give an id to every note that has none.

    The id is made from the note's question, in any script, and written into its file; nothing else in the file changes.
    Once students have the note, keep its id; its question can change freely. Notes that are written wrongly get an
    error instead, and the exit code is 1.

    \b
    Examples:
      hipdeck ids
      hipdeck ids --dry-run         show the change first
    """
    new_ids = make_ids(cards)
    print_problems(new_ids.diagnostics)
    if not dry_run:
        write(new_ids.changes)
    if dry_run or not quiet:
        for change in new_ids.changes:
            lines = _unified_diff(change) if dry_run else [f"{printable(change.path)}: {id_}" for id_ in change.ids]
            say("\n".join(lines))
        if new_ids.changes or not new_ids.diagnostics:
            say(_outcome(new_ids.changes, dry_run))
    if new_ids.diagnostics:
        fail(f"{count_problems(new_ids.diagnostics, new_ids.files)}; what is named above got no id")


def _outcome(changes: Sequence[Change], dry_run: bool) -> str:
    if not changes:
        return "every note has an id"
    notes, files = plural(sum(len(change.ids) for change in changes), "note"), plural(len(changes), "file")
    return f"{notes} in {files} {'would get an id; nothing was written' if dry_run else 'got an id'}"


def _unified_diff(change: Change) -> list[str]:
    before, after = (text.removeprefix("\ufeff").splitlines() for text in (change.before, change.after))
    return list(difflib.unified_diff(before, after, change.path, change.path, lineterm=""))
