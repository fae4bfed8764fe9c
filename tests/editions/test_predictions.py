"""What hipdeck diff says an import would do is what Anki then does, note by note, over random histories.

A script is made of edits of all kinds, with drafts and editions between them. Each is imported over earlier ones, by
students who start with that one and by a student who has imported every edition.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection

from hipdeck.commands.build import build
from hipdeck.commands.diff import diff
from hipdeck.commands.release import release
from hipdeck.editions.difference_formats import to_json
from hipdeck.package.reader import read, text_of
from tests import anki, decks
from tests.editions.releases import FIRST
from tests.editions.stories import tell

HOUR = 3_600
Prediction = dict[str, Any]


class Script:
    """A deck, and what its author does with it."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder, self.chance = folder, random.Random(seed)
        self.cards, self.output = folder / "cards", folder / "output"
        self.now, self.marks = FIRST, 9
        self.steps: list[str] = []
        makers = [decks.question, decks.cloze, decks.choice, decks.question, decks.cloze]
        self.notes = [make(number) for number, make in enumerate(makers, 1)]
        self.last = self.notes
        """The notes of the last edition."""
        self.released: set[str] = set()
        self.homes = 0
        self.times: dict[Path, int] = {}
        """When the packages came out."""

    def mark(self) -> int:
        self.marks += 1
        return self.marks

    def note(self) -> decks.Note:
        return self.chance.choice(self.notes)

    def edit(self) -> None:
        note = self.note()
        if "cloze" in note:
            note["cloze"] = note["cloze"].replace("the ", f"{self.mark()} the ", 1)
        else:
            note["question"] = f"Another {note['question']}"

    def explain(self) -> None:
        self.note()["why"] = f"Since **{self.mark()}** is a number."

    def edit_unseen(self) -> None:
        note = self.note()
        key = "cloze" if "cloze" in note else "question"
        note[key] = f"{note[key]}  \n"

    def tag(self) -> None:
        self.note()["tags"] = [f"tag-{self.mark()}"]

    def choose(self) -> None:
        """Edit, reorder, add or remove choices."""
        for note in self.notes:
            if "choices" in note:
                wrong = [choice for choice in note["choices"] if choice != note["answer"]]
                wrong = [wrong[0], *([f"worse {self.mark()}"] if self.chance.random() < 0.7 else wrong[1:])]
                note["choices"] = self.chance.sample([note["answer"], *wrong], len(wrong) + 1)

    def add(self) -> None:
        make = self.chance.choice([decks.question, decks.cloze, decks.choice])
        self.notes.insert(self.chance.randrange(len(self.notes)), make(self.mark()))

    def turn(self) -> None:
        """A question becomes a cloze, or a cloze a question, under the same id."""
        note = self.note()
        ways = {key: note[key] for key in ("id", "was", "retired") if key in note}
        other = decks.question(self.mark()) if "cloze" in note else decks.cloze(self.mark())
        note.clear()
        note |= other | ways

    def hide_more(self) -> None:
        """Add a cloze, or a reverse card."""
        note = self.note()
        if "cloze" in note:
            note["cloze"] += f" And {{{{c3::that {self.mark()}}}}}."
        elif "choices" not in note:
            note["reverse"] = not note.get("reverse", False)

    def rename(self) -> None:
        note = self.note()
        if note["id"] in self.released:
            note.setdefault("was", note["id"])
        note["id"] = f"renamed{self.mark()}"

    def retire(self) -> None:
        if sum("retired" not in note for note in self.notes) > 2:
            self.note()["retired"] = "a doubt"

    def bring_back(self) -> None:
        for note in self.notes:
            if "retired" in note and self.chance.random() < 0.7:
                del note["retired"]

    def delete(self) -> None:
        if len(self.notes) > 4 and sum("retired" not in note for note in self.notes[1:]) > 2:
            del self.notes[0]

    def undo(self) -> None:
        """Put everything back as the last edition has it."""
        self.notes = [dict(note) for note in self.last]

    def move(self) -> None:
        self.chance.shuffle(self.notes)

    def write(self) -> None:
        decks.write(self.cards, {"one": self.notes})

    def diff(self, old: Path, accepted: Sequence[str] = (), reissued: Sequence[str] = ()) -> Prediction:
        """What diff says, as a program reads it."""
        checked, difference = diff(old, self.cards, self.now, accepted, reissued)
        assert difference, checked.diagnostics
        prediction: Prediction = json.loads(to_json(difference))
        return prediction

    def guards(self) -> list[str]:
        """What has to be accepted."""
        plan = build(self.cards, self.output, self.now).checked.plan
        return [guard.key for guard in plan.guards]

    def active(self) -> set[str]:
        return {note["id"] for note in self.notes if "retired" not in note}

    def keep(self, package: Path) -> Path:
        """A copy of a package, which is replaced by the next one."""
        copy = self.folder / f"{self.mark()}-{package.name}"
        copy.write_bytes(package.read_bytes())
        self.times[copy] = self.now
        return copy

    @contextmanager
    def student(self, packages: list[Path]) -> Iterator[Collection]:
        """Somebody who has imported some packages, each when it came out."""
        self.homes += 1
        home = self.folder / f"student{self.homes}"
        home.mkdir()
        with anki.collection(home) as col:
            for package in packages:
                anki.imported(col, package)
                anki.age(col, self.times[package])
            yield col


EDITS: tuple[Callable[[Script], None], ...] = (
    *(Script.edit, Script.explain, Script.edit_unseen, Script.tag, Script.choose, Script.add, Script.turn),
    *(Script.hide_more, Script.rename, Script.delete, Script.move, Script.undo),
    # These two count when one comes some editions after the other.
    *(Script.retire, Script.retire, Script.retire, Script.bring_back, Script.bring_back, Script.bring_back),
)


def play(script: Script) -> None:
    """Make some editions, and compare each of them, and its draft, with what diff said before."""
    script.write()
    packages = [script.keep(release(script.cards, script.output, script.now).package)]
    script.released = script.active()
    script.last = [dict(note) for note in script.notes]
    drafts: list[Path] = []
    for _ in range(4):
        for edit in script.chance.choices(EDITS, k=script.chance.randrange(1, 6)):
            script.steps.append(edit.__name__)
            edit(script)
        script.write()
        if draft := try_draft(script, packages):
            drafts.append(draft)
        if script.chance.random() < 0.8:
            packages.append(make_edition(script, packages, drafts))


def try_draft(script: Script, packages: list[Path]) -> Path:
    """Build, and import that over an edition."""
    script.now += HOUR
    old = script.chance.choice(packages)
    script.steps.append(f"draft over {old.name}")
    prediction = script.diff(old)
    draft = script.keep(build(script.cards, script.output, script.now).package)
    compare(script, prediction, [old], draft)
    return draft


def make_edition(script: Script, packages: list[Path], drafts: list[Path]) -> Path:
    """Release, and import that over an edition or a draft; over an edition, also as one who has all those before."""
    accepted = script.guards()
    reissued = script.chance.sample(sorted(script.released & script.active()), script.chance.randrange(2))
    script.now += HOUR
    old = script.chance.choice([*packages, *drafts])
    script.steps.append(f"release over {old.name}, accept {accepted}, reissue {reissued}")
    prediction = script.diff(old, accepted, reissued)
    built = release(script.cards, script.output, script.now, accepted, reissued)
    assert built.written, built.checked.diagnostics
    new = script.keep(built.package)
    compare(script, prediction, [old], new)
    if old in packages:
        compare(script, prediction, packages[: packages.index(old) + 1], new)
    for note in script.notes:
        note.pop("was", None)
    script.released |= script.active()
    script.last = [dict(note) for note in script.notes]
    return new


def compare(script: Script, prediction: Prediction, had: list[Path], package: Path) -> None:
    """Import a package over others, and compare what Anki reports and what is then in the notes with a prediction."""
    with script.student(had) as col:
        own = edit_one(script, col)
        anki.age(col, script.times[had[-1]])
        before = notes(col)
        guids = {note.fields["Id"]: guid for guid, note in read(package).notes.items()}
        changes = {guids[change["id"]]: change for change in prediction["changed"]}
        unseen = {change["id"] for guid, change in changes.items() if change["is_back"] and guid not in before}
        expected = {
            "new": ids(prediction, "new") | unseen,
            "updated": ids(prediction, "changed") - unseen,
            "conflicting": ids(prediction, "conflicting"),
        }
        expected["duplicate"] = guids.keys() - set().union(*expected.values())
        assert log(col, package) == expected
        assert len(expected["duplicate"]) == prediction["unchanged"] + len(prediction["not_delivered"])

        after = notes(col)
        assert after.keys() - before.keys() == {guids[id_] for id_ in expected["new"]}
        for guid, (fields, tags) in before.items():
            new_fields, new_tags = after[guid]
            change = changes.get(guid)
            if not change:
                assert (new_fields, new_tags) == (fields, tags)
            elif not change["is_back"]:
                assert changed_fields(fields, new_fields) == {
                    name: {when: sorted_if_choices(name, text) for when, text in texts.items()}
                    for name, texts in change["fields"].items()
                }
                assert new_tags == {*tags, *change["tags_in"]} - {*change["tags_out"], "mine"}
        assert ("mine" in after[own][1]) == (own not in changes)


def edit_one(script: Script, col: Collection) -> str:
    """Give a tag to a note of a student; its GUID."""
    note = col.get_note(script.chance.choice(col.find_notes("")))
    note.tags.append("mine")
    col.update_note(note)
    return note.guid


def ids(prediction: Prediction, what: str) -> set[str]:
    return {change["id"] for change in prediction[what]}


def log(col: Collection, package: Path) -> dict[str, set[str]]:
    """Import a package: the ids of its notes by what Anki reports about them."""
    report = anki.import_log(col, package)
    return {what: {note.fields[0] for note in getattr(report, what)} for what in anki.COUNTS}


def notes(col: Collection) -> dict[str, tuple[dict[str, str], set[str]]]:
    """The fields and tags of all notes by their GUIDs."""
    all_notes = [col.get_note(number) for number in col.find_notes("")]
    return {note.guid: (dict(note.items()), {*note.tags}) for note in all_notes}


def changed_fields(before: dict[str, str], after: dict[str, str]) -> dict[str, dict[str, str]]:
    """The fields that have changed, as diff tells them."""
    texts = {
        name: {
            "before": sorted_if_choices(name, text_of(before[name])),
            "after": sorted_if_choices(name, text_of(after[name])),
        }
        for name in after
    }
    return {name: text for name, text in texts.items() if text["before"] != text["after"]}


def sorted_if_choices(name: str, text: str) -> str:
    """A field's text; that of choices without their order, which Anki doesn't know."""
    return "\n".join(sorted(text.split("\n"))) if name == "Choices" else text


@pytest.mark.parametrize(
    "seeds",
    [range(4), *(pytest.param(range(seed, seed + 50), marks=pytest.mark.slow) for seed in range(4, 204, 50))],
    ids=lambda seeds: f"{seeds[0]}-{seeds[-1]}",
)
def test_anki_does_with_each_note_what_diff_says(seeds: range, tmp_path: Path) -> None:
    tell(seeds, tmp_path, Script, play)
