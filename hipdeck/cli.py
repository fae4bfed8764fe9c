"""The command group: it finds the command that is called and loads only that one.

The exit code is 0 if all is well, 1 for errors in the cards, 2 if the command was used wrongly or something on the
computer got in the way.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any

import click

from hipdeck import __version__, console
from hipdeck.diagnostics import HipdeckError

COMMANDS = {
    "build": "Check the deck in CARDS and compile it into an Anki package.",
    "release": "Make an edition for students: package, release notes, and lock.",
    "check": "Look for every error and warning in CARDS; write nothing.",
    "diff": "Show what the next import would change for students.",
    "preview": "Show every card as Anki shows it, in the browser.",
    "ids": "Give an id to every note that has none.",
    "new": "Make a small working deck in DIR, to start from.",
    "schema": "Print the JSON Schema of deck.yaml or of a section, for editors.",
}
"""Each command and the first line of its help, which is here too so that `hipdeck --help` loads no command."""


class Commands(click.Group):
    """A group that imports a command's module, `hipdeck.commands.<name>`, when that command is called.

    It suggests a near miss for a misspelled command, and turns a HipdeckError into a message and exit code 2.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands, sorted."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, if there is one."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"hipdeck.commands.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands' part of the help."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name]) for name in self.list_commands(ctx)])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is called; an unknown name fails with the one that was probably meant."""
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            # Imported late: it's needed only if something is wrong.
            from hipdeck.names import suggestion

            ctx.fail(f"No such command '{args[0]}'. {suggestion(args[0], COMMANDS).capitalize()}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a HipdeckError becomes a line and a hint on standard error."""
        try:
            _require_current_folder()
            return super().invoke(ctx)
        except HipdeckError as problem:
            click.echo(console.harmless(console.failure(problem)), err=True)
            ctx.exit(2)


def _require_current_folder() -> None:
    try:
        os.getcwd()  # noqa: PTH109 - help needs no pathlib
    except OSError:
        raise HipdeckError("the folder you're in no longer exists", "go to another one: cd ~") from None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "--version", message="hipdeck %(version)s")
def cli() -> None:
    """Compile a folder of YAML question/answer pairs into an Anki package.

    \b
    Examples:
      hipdeck new my-deck           make a small deck to start from
      hipdeck build                 compile cards/ into output/
      hipdeck check                 only look for mistakes
      hipdeck preview --watch       see the cards while you write them
      hipdeck release               make an edition for students
    """
