"""The command line: arguments in, text and exit codes out.

The code is 0 where all is well, 1 for errors in the cards, 2 for a wrong call or an environment that does not serve.
"""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Sequence
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any, NoReturn

import click

from hipdeck import __version__, console
from hipdeck.diagnostics import Diagnostic, HipdeckError, errors, printable, suggestion, to_github, to_json
from hipdeck.late import load_when_used

if TYPE_CHECKING:
    from pathlib import Path

    from hipdeck.commands.steps import Built, Previewed

CONTEXT = {"help_option_names": ["-h", "--help"]}


class PathType(click.Path):
    """A path that may be asked for. pathlib is imported where there is one to make: help needs none."""

    def coerce_path_result(self, value: str | os.PathLike[str]) -> Path:
        """The path as commands take it; raises click.BadParameter for one that the system does not take."""
        from pathlib import Path

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
    help="Folder of the package.",
)
strict_option = click.option("--strict", is_flag=True, help="Take warnings for errors.")
quiet_option = click.option("-q", "--quiet", is_flag=True, help="Print errors and warnings alone.")


class Commands(click.Group):
    """A group that says what to do about a misspelt command, a missing folder or a full disk, and exits with 2."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; a name that is none gets the one that was probably meant."""
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            ctx.fail(f"No such command '{args[0]}'. {suggestion(args[0], self.commands).capitalize()}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a HipdeckError becomes one line and a hint on standard error."""
        try:
            return super().invoke(ctx)
        except HipdeckError as problem:
            click.echo(console.failure(problem), err=True)
            ctx.exit(2)


@click.group(cls=Commands, context_settings=CONTEXT)
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


@cli.command()
@cards_argument
@output_option
@click.option("--locked", is_flag=True, help="Fail where anything has changed since the last edition.")
@strict_option
@quiet_option
def build(cards: Path, output: Path, locked: bool, strict: bool, quiet: bool) -> None:
    """Check the deck in CARDS and compile it into an Anki package.

    CARDS is the folder that holds deck.yaml; 'cards' where none is named. A deck with errors leaves the package of an
    earlier build as it is. The package is for looking and trying; `hipdeck release` makes the one for students.

    \b
    Examples:
      hipdeck build
      hipdeck build my-deck -o packages
      hipdeck build --locked        fail unless all of it is released
    """
    from hipdeck.commands import steps as pipeline

    built = pipeline.build(cards, output, int(time.time()), strict, locked)
    _written(built)
    if quiet:
        return
    click.echo(console.table(built.rows))
    click.echo(console.summary(built))
    if built.checked.plan.is_draft:
        click.echo(f"draft: {console.draft(built.checked)}; `hipdeck release` makes an edition for students")


@cli.command()
@cards_argument
@output_option
@click.option(
    "--accept",
    metavar="CODE:ID",
    multiple=True,
    help="Let a guard pass, knowing what it means for students. May be given several times.",
)
@click.option(
    "--reissue",
    metavar="ID",
    multiple=True,
    help="Give a note a new time, for students whose own touch hid its last correction.",
)
@quiet_option
def release(cards: Path, output: Path, accept: tuple[str, ...], reissue: tuple[str, ...], quiet: bool) -> None:
    """Make an edition for students: package, release notes and lock.

    The same build, with one difference: what would hurt students who have an earlier edition is an error. Then
    CARDS/deck.lock remembers what they have; put it under version control.

    \b
    Examples:
      hipdeck release
      hipdeck release --accept gone:hamstring-origin-old
      hipdeck release --reissue glute-bridge-finish
    """
    from hipdeck.commands import steps as pipeline
    from hipdeck.editions.dates import day

    built = pipeline.release(cards, output, int(time.time()), accept, reissue)
    _written(built)
    if quiet:
        return
    if not built.release_notes:
        click.echo(f"nothing has changed since the edition of {day(built.checked.last_edition)}")
    else:
        click.echo(built.release_notes)
    click.echo(console.summary(built))
    if built.release_notes:
        click.echo(f"{cards / 'deck.lock'}: commit it; the next edition is measured by it")


@cli.command()
@cards_argument
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="How to print what was found: text on standard error; json, or github's annotations, on standard output.",
)
@strict_option
@quiet_option
def check(cards: Path, format_: str, strict: bool, quiet: bool) -> None:
    """Look for every error and warning in CARDS; write nothing.

    CARDS is the folder that holds deck.yaml; 'cards' where none is named.

    \b
    Examples:
      hipdeck check
      hipdeck check my-deck --strict
      hipdeck check --format github   for a workflow on GitHub
    """
    from hipdeck.commands import steps as pipeline

    checked = pipeline.check(cards, int(time.time()), strict)
    if format_ == "json":
        click.echo(to_json(checked.diagnostics))
        sys.exit(1 if errors(checked.diagnostics) else 0)
    if format_ == "github":
        if checked.diagnostics:
            click.echo(to_github(checked.diagnostics))
    else:
        _report(checked.diagnostics)
    if errors(checked.diagnostics):
        _fail(console.count(checked.diagnostics, checked.files))
    if not quiet:
        count = console.count(checked.diagnostics, checked.files)
        click.echo(f"{console.plural(len(checked.fields), 'note')}: {count}")


@cli.command()
@click.argument("old", type=PATH)
@cards_argument
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    show_default=True,
    help="text for a look, markdown for an announcement, json for a program.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print only how many notes change.")
def diff(old: Path, cards: Path, format_: str, quiet: bool) -> None:
    """Show what the next import would change for students.

    A student who has the package OLD imports what CARDS would be now. Note by note and field by field: what is new,
    what changes (and loses a student's own edits), what is left behind.

    \b
    Examples:
      hipdeck diff last-edition.apkg
      hipdeck diff last-edition.apkg --format markdown
    """
    from hipdeck.commands import steps as pipeline

    checked, difference = pipeline.diff(old, cards, int(time.time()))
    _report(checked.diagnostics)
    if difference is None:
        _fail(console.count(checked.diagnostics, checked.files))
    from hipdeck.editions import differences

    formats = {"text": differences.to_text, "markdown": differences.to_markdown, "json": differences.to_json}
    click.echo(differences.counts(difference) if quiet else formats[format_](difference))


@cli.command()
@cards_argument
@click.option(
    "-o",
    "--output",
    type=PATH,
    default="output",
    show_default=True,
    help="Folder that gets preview/index.html.",
)
@click.option("--watch", is_flag=True, help="Serve the page on this computer, and renew it whenever a file is saved.")
@quiet_option
def preview(cards: Path, output: Path, watch: bool, quiet: bool) -> None:
    """Show every card as Anki shows it, in the browser.

    CARDS is the folder that holds deck.yaml; 'cards' where none is named. The page is output/preview/index.html:
    questions and answers, errors and warnings beside them, with filters by section, kind, tag and text. It is written
    in spite of errors. `--watch` goes on until Ctrl-C.

    \b
    Examples:
      hipdeck preview               then open output/preview/index.html
      hipdeck preview --watch       write cards and see them
    """
    from hipdeck.commands import steps as pipeline

    def make() -> Previewed:
        previewed = pipeline.preview(cards, output, int(time.time()))
        checked = previewed.checked
        _report(checked.diagnostics)
        count = console.count(checked.diagnostics, checked.files)
        number = sum(len(fields.ordinals) for fields in checked.fields)
        if not quiet:
            click.echo(f"{previewed.page}: {console.plural(number, 'card')}, {count}")
        elif errors(checked.diagnostics):
            click.echo(count, err=True)
        return previewed

    if watch:
        from hipdeck.preview.server import serve

        gc.enable()
        serve(cards, output, lambda version: make().html(version), lambda line: click.echo(line, err=True))
    elif errors(make().checked.diagnostics):
        sys.exit(1)


@cli.command()
@cards_argument
@click.option("--dry-run", is_flag=True, help="Show what would be written, and write nothing.")
@quiet_option
def ids(cards: Path, dry_run: bool, quiet: bool) -> None:
    """Give an id to every note that has none.

    The id is made of the note's question and put into its file; nothing else in the file changes. Once students have
    the note, its id stays: the question may change freely.

    \b
    Examples:
      hipdeck ids
      hipdeck ids --dry-run         show the change first
    """
    from hipdeck.commands import steps as pipeline

    given = pipeline.ids(cards, dry_run)
    _report(given.diagnostics)
    if given.diagnostics:
        _fail(f"{console.count(given.diagnostics, given.files)}; no file was changed")
    if quiet and not dry_run:
        return
    for change in given.changes:
        shown = console.difference(change) if dry_run else [f"{change.path}: {id_}" for id_ in change.ids]
        click.echo("\n".join(printable(line) for line in shown))
    number = console.plural(sum(len(change.ids) for change in given.changes), "note")
    where = console.plural(len(given.changes), "file")
    if not given.changes:
        click.echo("every note has an id")
    elif dry_run:
        click.echo(f"{number} in {where} would get an id; nothing was written")
    else:
        click.echo(f"{number} in {where} got an id")


@cli.command()
@click.argument("folder", metavar="DIR", type=PATH)
@quiet_option
def new(folder: Path, quiet: bool) -> None:
    """Make a small deck in DIR that builds, to start from.

    Its name and id are made of DIR's. DIR must be empty, or not exist yet; a new git repository will do.

    \b
    Examples:
      hipdeck new knee-basics
      hipdeck new .
    """
    from hipdeck.commands import steps as pipeline

    made = pipeline.new(folder)
    if quiet:
        return
    import shlex
    from pathlib import Path

    lines = [f"{folder}: the deck '{made.name}', a small one to start from"]
    if folder.resolve() != Path.cwd():
        lines.append(f"  cd {shlex.quote(str(folder))}")
    lines += [
        f"  hipdeck build   makes output/{made.id}.apkg; import it into Anki",
        "  hipdeck ids     gives an id to each note that you add to the files in cards/",
        "  hipdeck check   looks for mistakes",
    ]
    click.echo("\n".join(printable(line) for line in lines))


@cli.command()
@click.argument("document", type=click.Choice(["deck", "section"]), default="section")
@click.option("-o", "--output", metavar="DIR", type=PATH, help="Write both into this folder.")
@click.option("-q", "--quiet", is_flag=True, help="With -o, print nothing.")
def schema(document: str, output: Path | None, quiet: bool) -> None:
    """Print the JSON Schema of deck.yaml or of a section, for editors.

    That of a section where none is named. With -o, both are written, as deck.json and section.json.

    \b
    Examples:
      hipdeck schema deck
      hipdeck schema -o cards/.schema     after an update of hipdeck
    """
    from hipdeck.commands import steps as pipeline

    if output is None:
        click.echo(pipeline.schema(document), nl=False)
    else:
        pipeline.write_schemas(output)
        if not quiet:
            click.echo(f"{output}: deck.json, section.json")


def main() -> NoReturn:
    """The `hipdeck` command."""
    # Most of what genanki takes to import goes into these two, of which it uses nothing here: it would read fields that
    # are given as YAML, and a dependency of it would look for coroutines.
    load_when_used("asyncio", "yaml")
    # A command makes hardly any cycles and ends soon; looking for them among a large deck's notes takes a tenth of it.
    # One that watches goes on, and turns it on again.
    gc.disable()
    for stream in (sys.stdout, sys.stderr):
        # A package is written before its summary: a terminal that lacks a character must not make that a failure.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    cli(prog_name="hipdeck")
    sys.exit(0)


def _written(built: Built) -> None:
    """Print what was found; where no package was written, say so and exit."""
    checked = built.checked
    _report(checked.diagnostics)
    if not built.written:
        kept = f"; {built.package} is unchanged" if built.package.exists() else "; no package was written"
        _fail(console.count(checked.diagnostics, checked.files) + kept)


def _report(diagnostics: Sequence[Diagnostic]) -> None:
    if diagnostics:
        click.echo(console.report(diagnostics), err=True)


def _fail(message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(1)
