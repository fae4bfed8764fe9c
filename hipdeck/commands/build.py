"""`hipdeck build`: check a deck and write its package."""

from __future__ import annotations

import time
from pathlib import Path

import click

from hipdeck.commands.shared.building import Built, write_package
from hipdeck.commands.shared.checking import Checked, check
from hipdeck.commands.shared.options import cards_argument, output_option, quiet_option, strict_option
from hipdeck.commands.shared.reporting import print_problems_of_build, say
from hipdeck.commands.shared.summary import describe_draft, describe_package, section_rows, table
from hipdeck.diagnostics import Diagnostic, error, in_order


def build(cards: Path, output: Path, now: int, strict: bool = False, locked: bool = False) -> Built:
    """Compile a deck's folder into `output/<deck id>-draft.apkg`, unless it has errors.

    If nothing has changed since the last edition, the package is that edition: `output/<deck id>.apkg`.

    Notes that are new or changed since the last edition get the time `now`, in seconds since 1970; with `locked`, each
    of them is an error. `strict` turns warnings into errors. Raises HipdeckError if the folder is missing or the
    output can't be written.
    """
    checked = check(cards, now, strict)
    if locked:
        checked = checked._replace(diagnostics=in_order([*checked.diagnostics, *_unreleased(checked)]))
    return write_package(checked, output)


def _unreleased(checked: Checked) -> list[Diagnostic]:
    """An error for each note that isn't as it was in the last edition."""
    plan = checked.plan
    hint = "`hipdeck release` makes an edition"
    place = checked.deck.document.at("deck") if checked.deck.document else None
    if place is None or not plan.has_changes:
        return []
    if not checked.last.last:
        return [error("unreleased", place, "no edition of this deck has been released yet", hint)]
    notes = {note.id: note for note in checked.deck.notes}
    since = f"since {checked.last.last.label}"
    problems = [
        error("unreleased", notes[id_].at(), f"note '{id_}' is {change} {since}", hint)
        for change, ids in (("new", plan.new), ("changed", plan.changed), ("retired", plan.retired))
        for id_ in ids
    ]
    problems += [error("unreleased", place, f"the note type '{role}' has changed {since}", hint) for role in plan.types]
    problems += [error("unreleased", place, f"note '{id_}' is gone {since}", hint) for id_ in plan.gone]
    if plan.rearranged and not problems:
        message = f"the study order, or the deck's name, id or description, has changed {since}"
        problems.append(error("unreleased", place, message, hint))
    if plan.merged and not problems:
        message = f"branches were merged {since}, and no edition has what all of them have"
        problems.append(error("unreleased", place, message, hint))
    return problems


@click.command("build")
@cards_argument
@output_option
@click.option("--locked", is_flag=True, help="Fail if anything has changed since the last edition.")
@strict_option
@quiet_option
def command(cards: Path, output: Path, locked: bool, strict: bool, quiet: bool) -> None:
    """Check the deck in CARDS and compile it into an Anki package.

    CARDS is the folder that holds deck.yaml; by default it's found from anywhere below the deck. The package is a
    draft, OUTPUT/ID-draft.apkg, to look at and try out; `hipdeck release` makes an edition for students. If nothing has
    changed since the last edition, the package is that edition again, OUTPUT/ID.apkg. If the deck has errors, the
    package of an earlier build stays as it is.

    \b
    Examples:
      hipdeck build
      hipdeck build my-deck -o packages
      hipdeck build --locked        fail unless everything is released
    """
    built = build(cards, output, int(time.time()), strict, locked)
    print_problems_of_build(built)
    if quiet:
        return
    say(table(section_rows(built.checked)))
    say(describe_package(built))
    if built.checked.plan.has_changes:
        say(f"draft: {describe_draft(built.checked)}; `hipdeck release` makes an edition for students")
