"""`hipdeck release`: make an edition for students."""

from __future__ import annotations

import time
from collections.abc import Collection
from pathlib import Path

import click

from hipdeck.commands.shared.building import Built, write_edition
from hipdeck.commands.shared.checking import check
from hipdeck.commands.shared.options import (
    PATH,
    accept_option,
    cards_argument,
    check_message,
    output_option,
    quiet_option,
    reissue_option,
)
from hipdeck.commands.shared.reporting import print_problems_of_build, say
from hipdeck.commands.shared.summary import describe_likeness, describe_package, describe_unseen
from hipdeck.deck.notes import Deck
from hipdeck.diagnostics import HipdeckError, as_errors, errors, in_order
from hipdeck.editions.dates import EARLIEST, day
from hipdeck.editions.lock import NAME, Lock
from hipdeck.editions.plan import restyle
from hipdeck.editions.recovery import Recovery, recover


def release(
    cards: Path,
    output: Path,
    now: int,
    accepted: Collection[str] = (),
    reissued: Collection[str] = (),
    last_package: Path | None = None,
    message: str = "",
) -> Built:
    """Make an edition: the package and its release notes in `output`, and the lock beside the deck.

    Every guard that `accepted` ('code:id') doesn't name is an error. `reissued` are ids of notes that get a new time
    without a change. `last_package` is the last edition's, to take in place of a lock that was lost. `now` is the time
    of the edition in seconds since 1970. `message` is for the release notes, as Markdown. If nothing has changed since
    the last edition, the same package comes out, and at most hashes in the lock are brought up to date. Raises
    HipdeckError as `build` does, and if the lock can't be written.
    """

    def put_back(lock: Lock, deck: Deck) -> Recovery:
        return recover(lock, deck.id, cards, output, accepted, last_package)

    checked = check(cards, now, accepted=accepted, reissued=reissued, recover=put_back)
    plan = checked.plan if errors(checked.diagnostics) else restyle(checked.plan, checked.fields)
    if plan.has_changes and now < EARLIEST:
        raise HipdeckError(f"the clock says {day(now)}", "set the clock: the edition gets its time")
    guards = {guard.diagnostic for guard in plan.guards}
    others = [diagnostic for diagnostic in checked.diagnostics if diagnostic not in guards]
    if plan.has_changes:
        guards |= {guard.diagnostic for guard in plan.release_guards}
    checked = checked._replace(plan=plan, diagnostics=in_order([*others, *as_errors(guards)]))
    return write_edition(checked, cards, output, message)


@click.command("release")
@cards_argument
@output_option
@accept_option
@reissue_option
@click.option(
    "--from",
    "last_package",
    metavar="APKG",
    type=PATH,
    help="The package of the last edition, to take in place of a lock that was lost.",
)
@click.option(
    "-m",
    "--message",
    metavar="TEXT",
    default="",
    callback=check_message,
    help="What you want to say to students: it opens the release notes. Markdown.",
)
@quiet_option
def command(
    cards: Path,
    output: Path,
    accept: tuple[str, ...],
    reissue: tuple[str, ...],
    last_package: Path | None,
    message: str,
    quiet: bool,
) -> None:
    """Make an edition for students: package, release notes, and lock.

    Whatever would hurt students who have an earlier edition is an error. The package is OUTPUT/ID.apkg, where ID is the
    deck's id; OUTPUT/editions keeps each edition. Afterwards CARDS/deck.lock remembers what students have; put it under
    version control.

    \b
    Examples:
      hipdeck release --message "Thanks to Ada, who found two mistakes."
      hipdeck release --accept gone:hamstring-origin-old
      hipdeck release --reissue glute-bridge-finish
      hipdeck release --from last-edition.apkg   if deck.lock is lost
    """
    built = release(cards, output, int(time.time()), accept, reissue, last_package, message)
    print_problems_of_build(built)
    for notice in built.checked.notices:
        say(notice, err=True)
    if quiet:
        return
    plan, last = built.checked.plan, built.checked.last
    if plan.has_changes:
        say(built.release_notes)
    elif last.last:
        say(f"nothing has changed since {last.last.label}{'; the message is not used' if message else ''}")
    if not built.shows_changes:
        say(describe_unseen(built, output))
    for line in describe_likeness(plan):
        say(line)
    say(describe_package(built))
    if plan.lock != built.checked.stored:
        say(f"{cards / NAME}: commit this file; the next release is compared with it")
