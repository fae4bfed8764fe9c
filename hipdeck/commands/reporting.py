"""What commands print about problems, and the exit code 1 that says the cards have errors."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

import click

from hipdeck.commands.formats import count_problems, to_text
from hipdeck.diagnostics import Diagnostic

if TYPE_CHECKING:
    from hipdeck.commands.building import Built


def print_problems(diagnostics: Sequence[Diagnostic]) -> None:
    """Print diagnostics on standard error."""
    if diagnostics:
        click.echo(to_text(diagnostics), err=True)


def print_problems_of_build(built: Built) -> None:
    """Print what is wrong with a deck. If that kept a package from being written, say so and exit."""
    checked = built.checked
    print_problems(checked.diagnostics)
    if not built.written:
        outcome = f"{built.package} is unchanged" if built.package.exists() else "no package was written"
        fail(f"{count_problems(checked.diagnostics, checked.files)}; {outcome}")


def fail(message: str) -> NoReturn:
    """Print a last line on standard error and exit."""
    click.echo(message, err=True)
    sys.exit(1)
