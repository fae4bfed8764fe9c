"""`hipdeck ids`: give an id to every note that has none."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal

import click

from hipdeck.commands.shared.formats import count_problems
from hipdeck.commands.shared.options import cards_argument, quiet_option
from hipdeck.commands.shared.reporting import fail, print_problems, say
from hipdeck.console import plural, printable
from hipdeck.deck.ids import Change, make_ids, write
from hipdeck.diagnostics import in_order
from hipdeck.editions.lock_reader import read_lock

_Opcode = tuple[Literal["replace", "delete", "insert", "equal"], int, int, int, int]


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
    lock, lock_problems = read_lock(cards)
    new_ids = make_ids(cards, lock.notes.keys())
    problems = in_order([*lock_problems, *new_ids.diagnostics])
    print_problems(problems)
    if lock_problems:
        # Without the lock, nobody can tell which ids were given up.
        fail(f"{count_problems(problems, new_ids.files)}; no file was changed")
    if not dry_run:
        write(new_ids.changes)
    if dry_run or not quiet:
        for change in new_ids.changes:
            lines = unified_diff(change) if dry_run else [f"{printable(change.path)}: {id_}" for id_ in change.ids]
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


def unified_diff(change: Change) -> Iterator[str]:
    """The change as `diff -u` shows it.

    Which lines are new is known. difflib would have to find out, and take the square of their number for it.
    """
    before, after = (text.removeprefix("\ufeff").splitlines() for text in (change.before, change.after))
    yield from (f"--- {change.path}", f"+++ {change.path}")
    for hunk in _Matcher(_opcodes(change.edits, before, after)).get_grouped_opcodes():
        _, start, _, new_start, _ = hunk[0]
        _, _, end, _, new_end = hunk[-1]
        yield f"@@ -{_range(start, end)} +{_range(new_start, new_end)} @@"
        for op, start, end, new_start, new_end in hunk:
            if op == "equal":
                yield from (f" {line}" for line in before[start:end])
            else:
                yield from (f"-{line}" for line in before[start:end])
                yield from (f"+{line}" for line in after[new_start:new_end])


class _Matcher(difflib.SequenceMatcher):  # type: ignore[type-arg]  # of nothing, since the opcodes are known
    """What difflib makes of opcodes that it doesn't work out."""

    def __init__(self, opcodes: Iterable[_Opcode]) -> None:
        super().__init__()
        self.known = [*opcodes]

    def get_opcodes(self) -> list[_Opcode]:
        """The opcodes."""
        return self.known


def _opcodes(edits: Mapping[int, int], before: Sequence[str], after: Sequence[str]) -> Iterator[_Opcode]:
    """The edits as difflib has them: what becomes of some lines before, from and to, and which lines after they are."""
    line = new_line = 0
    for edited, added in edits.items():
        if edited > line:
            yield "equal", line, edited, new_line, (new_line := new_line + edited - line)
        end = new_line + 1 + added
        # A line that stays as it is, below the new ones, hasn't changed.
        stays = after[end - 1] == before[edited]
        yield "insert" if stays else "replace", edited, edited + (not stays), new_line, end - stays
        line, new_line = edited + (not stays), end - stays
    if line < len(before):
        yield "equal", line, len(before), new_line, len(after)


def _range(start: int, end: int) -> str:
    """Lines from 0 as a hunk's header counts them, from 1: the first, and how many if it isn't one."""
    if end == start + 1:
        return str(end)
    return f"{start + (end > start)},{end - start}"
