"""Options and arguments that several commands share."""

from __future__ import annotations

import os
from pathlib import Path

import click

from hipdeck.console import printable
from hipdeck.source.folder import DECK


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


def check_accepted(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """The values of `--accept` as they are: each a guard's code and what it's about, such as `gone:hamstring-origin`.

    Raises click.BadParameter if one has another form.
    """
    for value in values:
        code, _, about = value.partition(":")
        if not code or not about:
            example = f"{code or 'gone'}:hamstring-origin"
            raise click.BadParameter(f"write the error's code and the id that it names, for example --accept {example}")
    return values


def check_message(ctx: click.Context, param: click.Parameter, value: str) -> str:
    """A text as it is. Raises click.BadParameter if it has bytes that are no characters."""
    try:
        value.encode()
    except UnicodeEncodeError:
        raise click.BadParameter("this has bytes that are no characters in UTF-8") from None
    return value


PATH = PathType()


def find_cards() -> str:
    """The deck's folder if none was named, relative to the current one, which may be anywhere below the deck.

    That's the nearest `cards` with a deck.yaml, or the nearest folder that holds one itself, looking here and then
    upwards, as git looks for its repository. If there's no such folder, it's 'cards'.
    """
    for steps in range(len(Path.cwd().parts)):
        above = os.path.join("", *[os.pardir] * steps)  # noqa: PTH118 - a Path has no way up
        for cards in (os.path.join(above, "cards"), above or "."):  # noqa: PTH118
            if os.path.isfile(os.path.join(cards, DECK)):  # noqa: PTH113, PTH118
                return cards
    return "cards"


def _beside_cards(ctx: click.Context, _: click.Parameter, output: Path | None) -> Path:
    """The folder for what's made of a deck: `output` beside the deck's own folder, wherever the command runs."""
    # CARDS is known by now: click takes what isn't given last, in the order in which it's declared.
    return output or beside(ctx.params["cards"])


def beside(cards: Path) -> Path:
    """The output folder of the deck in a folder, if no other one is named."""
    return Path(os.path.normpath(cards / os.pardir)) / "output"


cards_argument = click.argument("cards", type=PATH, default=find_cards)
output_option = click.option(
    "-o",
    "--output",
    type=PATH,
    callback=_beside_cards,
    help="Folder for what is written.  [default: 'output' beside CARDS]",
)
accept_option = click.option(
    "--accept",
    metavar="CODE:ID",
    callback=check_accepted,
    multiple=True,
    help="Accept a change that would hurt students; its error says what to type. Can be given several times.",
)
reissue_option = click.option(
    "--reissue",
    metavar="ID",
    multiple=True,
    help="Deliver a note again, for students whose own edits kept them from getting it. Can be given several times.",
)
strict_option = click.option("--strict", is_flag=True, help="Treat warnings as errors.")
quiet_option = click.option("-q", "--quiet", is_flag=True, help="Print only errors and warnings.")
