"""What commands print, and the exit code 1 that says the cards have errors."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

import click

from hipdeck.commands.shared.formats import count_problems, first_warnings, to_text
from hipdeck.console import harmless, plural
from hipdeck.diagnostics import Diagnostic, HipdeckError

if TYPE_CHECKING:
    from hipdeck.commands.shared.building import Built


def say(text: str, err: bool = False) -> None:
    """Print text on standard output, or on standard error. Whatever comes from a file goes through here.

    Raises HipdeckError if it can't be printed: the disk behind the output is full, say.
    """
    print_raw(harmless(text), err)


def print_raw(text: str, err: bool = False) -> None:
    """Print a text of hipdeck's own, such as commands for GitHub, as it is. Raises HipdeckError as `say` does."""
    try:
        click.echo(text, err=err)
    except BrokenPipeError:
        raise  # the reader has seen enough; click ends quietly
    except OSError as problem:
        # What is left in the buffer can't be printed either, and Python would try once more when it ends.
        with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - a Path isn't needed for it
            os.dup2(nowhere.fileno(), (sys.stderr if err else sys.stdout).fileno())
        raise HipdeckError(f"can't print: {problem.strerror}", "make room, or send the output elsewhere") from None


def print_problems(diagnostics: Sequence[Diagnostic]) -> None:
    """Print diagnostics on standard error: all errors, and the first warnings of each code."""
    shown = first_warnings(diagnostics)
    if shown:
        say(to_text(shown), err=True)
    say_more(len(diagnostics) - len(shown))


def say_more(warnings: int) -> None:
    """Say how many warnings weren't printed, if any."""
    if warnings:
        say(f"{plural(warnings, 'more warning')}: `hipdeck check -v` shows all", err=True)


def print_problems_of_build(built: Built) -> None:
    """Print what is wrong with a deck. If that kept a package from being written, say so and exit."""
    checked = built.checked
    print_problems(checked.diagnostics)
    if not built.written:
        outcome = f"{built.package} is unchanged" if built.package.exists() else "no package was written"
        fail(f"{count_problems(checked.diagnostics, checked.files)}; {outcome}")


def fail(message: str) -> NoReturn:
    """Print a last line on standard error and exit."""
    say(message, err=True)
    sys.exit(1)
