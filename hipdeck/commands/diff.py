"""`hipdeck diff`: what the next import would change for students."""

from __future__ import annotations

import time
from pathlib import Path

import click

from hipdeck.commands.shared.checking import Checked, check
from hipdeck.commands.shared.formats import count_problems
from hipdeck.commands.shared.options import PATH, cards_argument
from hipdeck.commands.shared.reporting import fail, print_problems, say
from hipdeck.diagnostics import errors
from hipdeck.editions.difference_formats import counts, to_json, to_markdown, to_text
from hipdeck.editions.differences import Difference, compare
from hipdeck.editions.packing import pack
from hipdeck.package.reader import read

FORMATS = {"text": to_text, "markdown": to_markdown, "json": to_json}


def diff(old: Path, cards: Path, now: int) -> tuple[Checked, Difference | None]:
    """What importing the deck would change for a student who has the package `old`; None if the deck has errors.

    `now` is the present in seconds since 1970. Raises HipdeckError if the folder or the package can't be read.
    """
    package = read(old)
    checked = check(cards, now)
    if errors(checked.diagnostics):
        return checked, None
    retired = {note.guid: note.retired for note in checked.plan.lock.notes.values() if note.retired}
    return checked, compare(package, pack(checked.deck, checked.fields, checked.plan.lock, draft=False), retired)


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
@click.option("-q", "--quiet", is_flag=True, help="Print only how many notes change.")
def command(old: Path, cards: Path, format_: str, quiet: bool) -> None:
    """Show what the next import would change for students.

    Compares the package OLD, which students have, with what they would import from CARDS now. Note by note and field by
    field, it says what is new, what changes (and loses a student's own edits), and what is left behind.

    \b
    Examples:
      hipdeck diff last-edition.apkg
      hipdeck diff last-edition.apkg --format markdown
    """
    checked, difference = diff(old, cards, int(time.time()))
    print_problems(checked.diagnostics)
    if difference is None:
        fail(count_problems(checked.diagnostics, checked.files))
    say(counts(difference) if quiet else FORMATS[format_](difference))
