"""The pipeline: one function a command. Each takes what it needs, the clock among it, and prints nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from hipdeck import disk
from hipdeck.deck.loader import load
from hipdeck.deck.notes import KINDS, Deck
from hipdeck.diagnostics import Diagnostic, HipdeckError, as_errors, error, errors, in_order
from hipdeck.editions import lock
from hipdeck.editions import plan as editions
from hipdeck.editions.plan import Plan, plan
from hipdeck.editions.release_notes import release_notes
from hipdeck.render.fields import Fields, render
from hipdeck.render.media import Media, Picture
from hipdeck.render.note_types import note_types
from hipdeck.rules import checks

if TYPE_CHECKING:
    from hipdeck.deck.ids import Given
    from hipdeck.editions.differences import Difference
    from hipdeck.package.writer import Contents
    from hipdeck.starter.new_deck import NewDeck


class Checked(NamedTuple):
    """A deck that was looked through: its notes' fields, what has changed since the last edition, and what was found.

    `fields` leaves out the notes that are retired. `files` is how many YAML files were read.
    """

    deck: Deck
    fields: Sequence[Fields]
    plan: Plan
    last_edition: int
    """The time of the last edition in seconds since 1970; 0 where there was none."""
    diagnostics: Sequence[Diagnostic]
    files: int

    @property
    def pictures(self) -> list[Picture]:
        """The pictures that the notes use, by packaged name, each once."""
        used = {picture.name: picture for one in self.fields for picture in one.pictures}
        return [used[name] for name in sorted(used)]


class Row(NamedTuple):
    """A line of the summary: a section, its notes and cards, and its notes by kind."""

    section: str
    notes: int
    cards: int
    kinds: dict[str, int]


class Built(NamedTuple):
    """What a build came to. Where nothing was written the diagnostics say why. `size` is in bytes."""

    checked: Checked
    package: Path
    written: bool
    size: int = 0
    release_notes: str = ""

    @property
    def rows(self) -> list[Row]:
        """The summary: a line for each section in study order."""
        return _rows(self.checked)


class Previewed(NamedTuple):
    """A deck that was looked through, and the page that shows it."""

    checked: Checked
    page: Path

    def html(self, version: str = "") -> str:
        """The page; one with a version loads itself again when its server tells of another."""
        from hipdeck.preview.page import page

        return page(self.checked.deck, self.checked.fields, self.checked.diagnostics, version)


def check(cards: Path, now: int, strict: bool = False) -> Checked:
    """Look through a deck's folder: every error and warning of all its files. `strict` makes warnings errors.

    `now` is the present in seconds since 1970. Raises HipdeckError where there is no such folder.
    """
    return _check(cards, now, strict)


def build(cards: Path, output: Path, now: int, strict: bool = False, locked: bool = False) -> Built:
    """Compile a deck's folder into `output/<deck id>.apkg`; where it has an error, write nothing.

    Notes that are new or changed since the last edition carry `now`, in seconds since 1970; with `locked` each of them
    is an error. Raises HipdeckError where the folder is missing or the output cannot be written.
    """
    checked = _check(cards, now, strict)
    if locked:
        checked = checked._replace(diagnostics=in_order([*checked.diagnostics, *_unreleased(checked)]))
    return _write(checked, output, now)


def release(
    cards: Path,
    output: Path,
    now: int,
    accepted: Collection[str] = (),
    reissued: Collection[str] = (),
) -> Built:
    """Make an edition: the package and its release notes in `output`, and then the lock beside the deck.

    Every guard that `accepted` ('code:id') does not name is an error. `reissued` are ids of notes that get a new time
    without a change. `now` is the time of the edition in seconds since 1970. Without a change since the last edition
    the same package comes out, and the lock stays. Raises HipdeckError as `build` does, and where the lock cannot be
    written.
    """
    checked = _check(cards, now, False, accepted, reissued)
    guards = {guard.diagnostic for guard in checked.plan.guards}
    found = [one for one in checked.diagnostics if one not in guards]
    checked = checked._replace(diagnostics=in_order([*found, *as_errors(guards)]))
    built = _write(checked, output, now)
    if not built.written or not checked.plan.is_draft:
        return built
    notes = release_notes(checked.plan, checked.deck, now)
    path = built.package.with_name(f"{checked.deck.id}-release-notes.md")
    with disk.replacing("release again") as drafts:
        drafts.draft(path, like=built.package).write_text(notes, encoding="utf-8", newline="\n")
    # The lock is last: as long as it is not written, the edition was never made, and a release makes it anew.
    lock.write(cards, checked.plan.lock)
    return built._replace(release_notes=notes)


def preview(cards: Path, output: Path, now: int) -> Previewed:
    """Show every card of a deck's folder in `output/preview/index.html`, errors and warnings among them.

    The page is written in spite of errors. `now` is the present in seconds since 1970. Raises HipdeckError where the
    folder is missing or the output cannot be written.
    """
    from hipdeck.preview.page import write

    previewed = Previewed(_check(cards, now, False), output / "preview" / "index.html")
    write(previewed.html(), previewed.page)
    return previewed


def diff(old: Path, cards: Path, now: int) -> tuple[Checked, Difference | None]:
    """What importing the deck would change for a student who has the package `old`; None where the deck has errors.

    `now` is the present in seconds since 1970. Raises HipdeckError where the folder or the package cannot be read.
    """
    from hipdeck.editions.differences import compare
    from hipdeck.package.reader import read

    package = read(old)
    checked = _check(cards, now, False)
    if errors(checked.diagnostics):
        return checked, None
    if now <= checked.last_edition:
        # What has changed would come later than the last edition, whatever this machine's clock says.
        checked = _check(cards, checked.last_edition + 1, False)
    retired = {note.guid: note.retired for note in checked.plan.lock.notes.values() if note.retired}
    return checked, compare(package, _contents(checked), retired)


def ids(cards: Path, dry_run: bool = False) -> Given:
    """Give an id to every note of a deck's folder that has none; with `dry_run`, only say what would be written.

    Nothing is written where there is an error. Raises HipdeckError where the folder is missing or cannot be written.
    """
    from hipdeck.deck.ids import give, write

    given = give(cards)
    if not dry_run:
        write(given.changes)
    return given


def new(where: Path) -> NewDeck:
    """Write a small deck that builds into a folder that is empty or not there yet. Raises HipdeckError otherwise."""
    from hipdeck.starter.new_deck import make

    return make(where)


def schema(name: str) -> str:
    """The JSON Schema of a document, 'deck' or 'section', as text."""
    from hipdeck.deck.validation import schema_text

    return schema_text(name)


def write_schemas(where: Path) -> None:
    """Write both schema files into a folder, for editors. Raises HipdeckError where it cannot be written."""
    from hipdeck.starter.new_deck import write_schemas

    write_schemas(where)


def _check(
    cards: Path, now: int, strict: bool, accepted: Collection[str] = (), reissued: Collection[str] = ()
) -> Checked:
    deck, problems, files = load(cards)
    fields: list[Fields] = []
    media = Media(cards)
    for note in deck.notes:
        rendered, found = render(note, deck, media.find)
        fields.append(rendered)
        problems += found
    problems += checks.check(deck)
    problems += media.clashes()
    last, lock_problems = lock.read(cards)
    problems += lock_problems
    made = Plan(last)
    if not errors(problems):
        # Otherwise what is wrong elsewhere may be the reason why a file or source is not used, or a note is gone.
        problems += media.unused()
        problems += checks.unused_sources(deck)
        types = note_types(deck.id, deck.name)
        made = plan(last, deck, fields, types, cards, now, accepted, reissued)
        problems += [*(guard.diagnostic for guard in made.guards), *made.problems]
    problems = in_order(as_errors(problems) if strict else problems)
    active = [one for one in fields if not one.note.retired]
    return Checked(deck, active, made, last.newest, problems, files)


def _write(checked: Checked, output: Path, now: int) -> Built:
    package = output / f"{checked.deck.id}.apkg"
    if errors(checked.diagnostics):
        return Built(checked, package, written=False)
    if checked.plan.is_draft and now <= checked.last_edition:
        times = [f"{editions.utc(time):%Y-%m-%d %H:%M:%S}" for time in (now, checked.last_edition)]
        message = f"the clock says {times[0]} (UTC), but the last edition is of {times[1]}"
        raise HipdeckError(message, "wait a second where it is the same; otherwise set the clock")
    # Imported late: genanki takes longer to import than a small deck to check.
    from hipdeck.package.reader import refuse_foreign
    from hipdeck.package.writer import write

    contents = _contents(checked)
    refuse_foreign(package, contents)
    return Built(checked, package, written=True, size=write(contents, package))


def _contents(checked: Checked) -> Contents:
    """What goes into the package: every note with the times that the lock has for it, or would have."""
    from hipdeck.package.writer import Contents, PackagedNote, PackagedType

    deck, made = checked.deck, checked.plan.lock
    types = note_types(deck.id, deck.name)
    notes = []
    for fields in checked.fields:
        known = made.notes[fields.note.id]
        tags = [*fields.tags, *editions.updated_tag(deck, known)]
        notes.append(PackagedNote(fields, known.guid, tags, known.added, known.modified))
    return Contents(
        deck_id=deck.id,
        deck_name=deck.name,
        description=deck.description,
        types=[PackagedType(types[role], made.types[role].modified) for role in sorted(types)],
        notes=notes,
        pictures=checked.pictures,
    )


def _unreleased(checked: Checked) -> list[Diagnostic]:
    """An error for each note that is not as the last edition has it."""
    made = checked.plan
    hint = "`hipdeck release` makes an edition"
    place = checked.deck.document.at("deck") if checked.deck.document else None
    if place is None or not made.is_draft:
        return []
    if not checked.last_edition:
        return [error("unreleased", place, "no edition of this deck was released yet", hint)]
    by_id = {note.id: note for note in checked.deck.notes}
    since = f"since the edition of {editions.day(checked.last_edition)}"
    found = [
        error("unreleased", by_id[id_].at(), f"note '{id_}' is {what} {since}", hint)
        for what, ids in (("new", made.new), ("changed", made.changed), ("retired", made.retired))
        for id_ in ids
    ]
    found += [error("unreleased", place, f"the note type '{role}' has changed {since}", hint) for role in made.types]
    found += [error("unreleased", place, f"note '{id_}' is gone {since}", hint) for id_ in made.gone]
    if made.rearranged and not found:
        message = f"the study order, or the deck's name, id or description, has changed {since}"
        found.append(error("unreleased", place, message, hint))
    return found


def _rows(checked: Checked) -> list[Row]:
    by_section: dict[str, list[Fields]] = {}
    for fields in checked.fields:
        by_section.setdefault(fields.note.section.path, []).append(fields)
    rows = []
    for section, members in by_section.items():
        kinds = Counter(fields.note.kind for fields in members)
        cards = sum(len(fields.ordinals) for fields in members)
        rows.append(Row(section, len(members), cards, {kind: kinds[kind] for kind in KINDS}))
    return rows
