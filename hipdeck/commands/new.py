"""`hipdeck new`: make a small deck to start from."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from hipdeck.commands.shared.options import PATH, quiet_option
from hipdeck.commands.shared.reporting import say
from hipdeck.starter.new_deck import create_deck


@click.command("new")
@click.argument("folder", metavar="DIR", type=PATH)
@quiet_option
def command(folder: Path, quiet: bool) -> None:
    """Make a small working deck in DIR, to start from.

    The deck's name and id are made from DIR's name. DIR must be empty or not exist yet; a new git repository is fine.

    \b
    Examples:
      hipdeck new knee-basics
      hipdeck new .
    """
    deck = create_deck(folder)
    if quiet:
        return
    lines = [f"{folder}: the new deck '{deck.name}', with a few example notes"]
    if folder.resolve() != Path.cwd():
        lines.append(f"  cd {shlex.quote(str(folder))}")
    lines += [
        f"  hipdeck build   makes output/{deck.id}-draft.apkg; import it into Anki",
        "  hipdeck ids     gives an id to each note that you add to the files in cards/",
        "  hipdeck check   looks for mistakes",
    ]
    say("\n".join(lines))
