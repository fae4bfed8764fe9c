"""`hipdeck diff`: what the next import would change for students."""

from __future__ import annotations

import time
from collections.abc import Collection
from pathlib import Path

import click

from hipdeck.commands.shared.checking import Checked, check
from hipdeck.commands.shared.formats import count_problems
from hipdeck.commands.shared.options import PATH, accept_option, beside, cards_argument, reissue_option
from hipdeck.commands.shared.reporting import fail, print_problems, say
from hipdeck.diagnostics import errors
from hipdeck.editions.difference_formats import counts, to_json, to_markdown, to_text
from hipdeck.editions.differences import Difference, compare
from hipdeck.editions.packages import require_own
from hipdeck.editions.packing import pack
from hipdeck.editions.recovery import recover
from hipdeck.package.reader import read

FORMATS = {"text": to_text, "markdown": to_markdown, "json": to_json}


def diff(
    old: Path, cards: Path, now: int, accepted: Collection[str] = (), reissued: Collection[str] = ()
) -> tuple[Checked, Difference | None]:
    """What the next edition would change for a student who has the package `old`; None if the deck has errors.

    `now` is the present in seconds since 1970. `accepted` and `reissued` are as `release` takes them; like it, this
    puts back what the lock has lost, though nothing is written. Raises HipdeckError if the folder or the package can't
    be read, or the package is another deck's.
    """
    package = read(old)
    checked = check(
        cards,
        now,
        accepted=accepted,
        reissued=reissued,
        recover=lambda lock, deck: recover(lock, deck.id, cards, beside(cards), accepted),
    )
    if errors(checked.diagnostics):
        return checked, None
    # If the deck's id has changed, students have packages with the old one.
    require_own(package, old, checked.deck.id, checked.last.deck_id)
    lock = checked.plan.lock
    retired = {note.guid: note.retired for note in lock.notes.values() if note.retired}
    return checked, compare(package, pack(checked.deck, checked.fields, lock, draft=False), retired)


@click.command("diff")
@click.argument("old", type=PATH)
@cards_argument
@click.option(
    "--format",
    "format_",
    type=click.Choice([*FORMATS]),
    default="text",
    show_default=True,
    help="text to read, markdown for an announcement, json for a program.",
)
@accept_option
@reissue_option
@click.option("-q", "--quiet", is_flag=True, help="Print only how many notes change.")
def command(
    old: Path, cards: Path, format_: str, accept: tuple[str, ...], reissue: tuple[str, ...], quiet: bool
) -> None:
    """Show what the next import would change for students.

    Compares the package OLD, which students have, with the edition that `hipdeck release` would make of CARDS now. Note
    by note and field by field, it says what is new, what changes (and loses a student's own edits), what Anki can't
    update, and what is left behind.

    \b
    Examples:
      hipdeck diff last-edition.apkg
      hipdeck diff last-edition.apkg --format markdown
      hipdeck diff last-edition.apkg --reissue glute-bridge-finish
    """
    checked, difference = diff(old, cards, int(time.time()), accept, reissue)
    print_problems(checked.diagnostics)
    if difference is None:
        fail(count_problems(checked.diagnostics, checked.files))
    say(counts(difference) if quiet else FORMATS[format_](difference))
