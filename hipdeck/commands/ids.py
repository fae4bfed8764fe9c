"""`hipdeck ids`: give an id to every note that has none."""

from __future__ import annotations

import difflib
from pathlib import Path

import click

from hipdeck.commands.shared.formats import count_problems
from hipdeck.commands.shared.options import cards_argument, quiet_option
from hipdeck.commands.shared.reporting import fail, print_problems, say
from hipdeck.console import plural, printable
from hipdeck.deck.ids import Change, make_ids, write
from hipdeck.diagnostics import in_order
from hipdeck.editions.lock_reader import read_lock


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
    lock, problems = read_lock(cards)
    new_ids = make_ids(cards, lock.notes.keys())
    problems = in_order([*problems, *new_ids.diagnostics])
    print_problems(problems)
    if problems:
        fail(f"{count_problems(problems, new_ids.files)}; no file was changed")
    if not dry_run:
        write(new_ids.changes)
    if quiet and not dry_run:
        return
    for change in new_ids.changes:
        lines = _unified_diff(change) if dry_run else [f"{printable(change.path)}: {id_}" for id_ in change.ids]
        say("\n".join(lines))
    notes = plural(sum(len(change.ids) for change in new_ids.changes), "note")
    files = plural(len(new_ids.changes), "file")
    if not new_ids.changes:
        say("every note has an id")
    elif dry_run:
        say(f"{notes} in {files} would get an id; nothing was written")
    else:
        say(f"{notes} in {files} got an id")


def _unified_diff(change: Change) -> list[str]:
    before, after = (text.removeprefix("\ufeff").splitlines() for text in (change.before, change.after))
    return list(difflib.unified_diff(before, after, change.path, change.path, lineterm=""))
