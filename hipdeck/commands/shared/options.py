"""Options and arguments that several commands share."""

from __future__ import annotations

import os
from pathlib import Path

import click

from hipdeck.console import printable


class PathType(click.Path):
    """A path that the system accepts, as a pathlib.Path."""

    def coerce_path_result(self, value: str | os.PathLike[str]) -> Path:
        """The path as commands take it. Raises click.BadParameter if the system refuses even to look for it."""
        path = Path(value)
        try:
            path.exists()
        except OSError as problem:  # a name that is too long, or a folder that nobody may look into
            raise click.BadParameter(f"'{printable(str(path))}': {problem.strerror}") from None
        return path


PATH = PathType()

cards_argument = click.argument("cards", type=PATH, default="cards")
output_option = click.option(
    "-o",
    "--output",
    type=PATH,
    default="output",
    show_default=True,
    help="Folder for the package.",
)
strict_option = click.option("--strict", is_flag=True, help="Treat warnings as errors.")
quiet_option = click.option("-q", "--quiet", is_flag=True, help="Print only errors and warnings.")
