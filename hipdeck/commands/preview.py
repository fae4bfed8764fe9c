"""`hipdeck preview`: every card of a deck as a page for the browser."""

from __future__ import annotations

import gc
import sys
import time
from pathlib import Path
from typing import NamedTuple

import click

from hipdeck.commands.shared.checking import Checked, check
from hipdeck.commands.shared.formats import count_problems
from hipdeck.commands.shared.options import cards_argument, output_option, quiet_option
from hipdeck.commands.shared.reporting import print_problems, say
from hipdeck.console import plural
from hipdeck.diagnostics import errors
from hipdeck.preview.page import render_page, write_page


class Previewed(NamedTuple):
    """A deck that was checked, and the file with the page that shows it."""

    checked: Checked
    page: Path

    def html(self, version: str = "") -> str:
        """The page; with a version, it loads itself again when its server announces another."""
        return render_page(self.checked.deck, self.checked.fields, self.checked.diagnostics, version)


def preview(cards: Path, output: Path, now: int) -> Previewed:
    """Show every card of a deck's folder in `output/preview/index.html`, with errors and warnings.

    The page is written even if there are errors. `now` is the present in seconds since 1970. Raises HipdeckError if
    the folder is missing or the output can't be written.
    """
    previewed = Previewed(check(cards, now), output / "preview" / "index.html")
    write_page(previewed.html(), previewed.page)
    return previewed


@click.command("preview")
@cards_argument
@output_option
@click.option("--watch", is_flag=True, help="Serve the page on this computer, and refresh it whenever a file is saved.")
@quiet_option
def command(cards: Path, output: Path, watch: bool, quiet: bool) -> None:
    """Show every card as Anki shows it, in the browser.

    CARDS is the folder that holds deck.yaml; by default it's found from anywhere below the deck. The page is
    output/preview/index.html: questions and answers, with errors and warnings beside them, and filters by section,
    kind, tag, and text. It's written even if there are errors. `--watch` runs until you press Ctrl-C.

    \b
    Examples:
      hipdeck preview               then open output/preview/index.html
      hipdeck preview --watch       write cards and see them
    """
    if watch:
        # Imported late: only this way of calling the command needs the server and the file watcher.
        from hipdeck.preview.server import serve

        gc.enable()  # `__main__` switches it off, but this run doesn't end soon
        serve(
            cards,
            output,
            lambda version: _write_and_report(cards, output, quiet).html(version),
            lambda line: say(line, err=True),
        )
    elif errors(_write_and_report(cards, output, quiet).checked.diagnostics):
        sys.exit(1)


def _write_and_report(cards: Path, output: Path, quiet: bool) -> Previewed:
    """Write the page, and print what is wrong and what was written."""
    previewed = preview(cards, output, int(time.time()))
    checked = previewed.checked
    print_problems(checked.diagnostics)
    count = count_problems(checked.diagnostics, checked.files)
    if not quiet:
        say(f"{previewed.page}: {plural(checked.cards, 'card')}, {count}")
    elif errors(checked.diagnostics):
        say(count, err=True)
    return previewed
