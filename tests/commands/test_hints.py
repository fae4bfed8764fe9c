"""Doing what a hint says, word for word, leads to a deck without that mistake and without a new one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from hipdeck.commands.shared.checking import check
from hipdeck.diagnostics import Diagnostic
from tests import cases, hints
from tests.conftest import NOW, ROOT

ALL = {path.stem: cases.read(path) for path in sorted(cases.CASES.glob("*.case"))}

# Warnings about the note as a whole. While it has an error they're held back, so correcting that may bring them out.
HELD_BACK = {
    *("few-choices", "telling-length", "duplicate-question", "cloze-too-much", "missing-source"),
    *("unused-source", "unused-media", "unneeded-allow"),
}

# By code, why no program can do what some hints say, and how those hints begin.
BY_HAND: dict[str, tuple[str, str]] = {
    "answer-in-question": ("only an author can reword it", "reword"),
    "bad-language": ("the author knows the language", "write its code"),
    "bad-tag": ("leaves a choice of names", "rename the file|write at most"),
    "cloze-crosses": ("leaves a choice of what to hide", "put the whole cloze|put a space after"),
    "cloze-marks": ("leaves a choice of what to hide", "put it around the link|split it"),
    "cloze-too-little": ("only an author can reword it", "hide the word|shorten it"),
    "cloze-too-much": ("only an author can reword it", "hide the one thing"),
    "duplicate-choice": ("the author knows which one to change", "delete one"),
    "duplicate-question": ("the author knows which one to delete", "delete one"),
    "duplicate-key": ("the author knows whether it's one section", "a file holds one section|delete this line if"),
    "empty": ("asks for the author's text, or for a command", "write the text|write something|delete 'id'"),
    "empty-file": ("asks for a card", "write a card"),
    "encoding": ("done in another program", "copy its text"),
    "few-choices": ("asks for another choice", "add another"),
    "file-ending": ("the author merges the two files", "move what it holds"),
    "joined-lines": ("the author decides what a column is", "write '\\|'.* as \\| a"),
    "large-picture": ("done in another program", "make it smaller"),
    "limit": ("the author knows what to leave out", "delete some|shorten it"),
    "link-target": ("the author knows the address", "link to an address"),
    "long-answer": ("only an author can reword it", "keep what"),
    "long-list": ("only an author can reword it", "ask for each"),
    "lost-text": ("the author knows what the table or the code is to show", "give the table|write ```"),
    "mathematics": ("the author knows where the formula's part ends", "close each '{'"),
    "media-clash": ("leaves a choice of names", "rename one"),
    "media-missing": ("the author has the picture", "check the name"),
    "media-outside": ("the author has the picture", "copy it into"),
    "misplaced-cloze": ("the author turns the question into a sentence", "write 'cloze: …'"),
    "missing-id": ("a command, which has its own tests", "run `hipdeck ids`"),
    "missing-key": ("asks for notes, or for a question", "add 'notes|write a 'question'"),
    "nesting": ("asks for the author's text", "write one text"),
    "no-notes": ("asks for a note or a file", "write a note|name a section"),
    "no-question": ("only an author can reword it", "say what"),
    "no-reason": ("asks for the author's reason", "write why"),
    "no-section": ("the author knows whether a file is missing", "add the file"),
    "notation": (
        "leaves a choice of words or lines",
        r"write (?:in words|!\[|\*\*|'key|\[words|\\text|a table|mathematics (?:as \\\(…|between)|one back|the address"
        r"|the picture's|the small|the words)|delete what|for a new line|put (?:a comment|an empty|it)",
    ),
    "picture-content": ("done in another program", "export it|save it|write <svg"),
    "picture-type": ("the author knows what to say instead", "delete it; link|export it"),
    "reserved-name": ("leaves a choice of names", "rename it"),
    "section-tag": ("leaves a choice of names", "rename one"),
    "similar-question": ("only an author can reword it", "reword one|delete one of the two notes"),
    "tag-case": ("the author knows the right spelling", "spell both"),
    "telling-length": ("only an author can reword it", "shorten it"),
    "too-few": ("asks for another choice", "add wrong"),
    "two-forms": ("the author knows which form is meant", "delete 'cloze'|write what the card hides"),
    "unknown-key": ("the author knows what the key was for", "write one of|write it into"),
    "unknown-tex": ("the author knows what it means", "write"),
    "unsafe-svg": ("done in another program", "remove|embed|turn|export"),
    "unused-media": ("the author knows whether it's wanted", "use it|delete it, or move"),
    "unused-source": ("the author knows whether it's wanted", "name it"),
    "wrong-type": (
        "asks for the author's text",
        "write (?:'section|an id|its keys|the rule)|begin it|to show a list|start each note",
    ),
    "yaml": ("the author knows what the lines mean", "compare|close it at the end|indent all|write 'key: text'"),
    "yaml-feature": ("the author knows what the lines mean", "move its notes|write (?:'key|the keys)"),
    "yes-no": ("only an author can reword it", "ask for"),
}

# Codes without a case, since a case holds only text files in folders.
WITHOUT_CASE = {
    *("too-large", "too-many", "unreadable", "link", "file-name", "no-deck", "no-words"),
}


def said(files: dict[str, str], folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[Diagnostic]:
    """What hipdeck says about a deck."""
    cases.write(files, folder / "cards")
    monkeypatch.chdir(folder)
    return list(check(Path("cards"), NOW).diagnostics)


def count(diagnostics: Iterable[Diagnostic]) -> Counter[tuple[str, str]]:
    """How often each mistake is there, wherever it is: an edit may move the others."""
    return Counter((diagnostic.code, diagnostic.message) for diagnostic in diagnostics)


@pytest.mark.parametrize("name", [name for name, case in ALL.items() if case.expected])
def test_doing_what_a_hint_says_ends_the_mistake(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = said(ALL[name].files, tmp_path / "before", monkeypatch)
    for index, diagnostic in enumerate(before):
        edited = hints.apply(ALL[name].files, diagnostic)
        if edited is None:
            _, beginnings = BY_HAND.get(diagnostic.code, ("", "nothing is done by hand"))
            assert re.match(beginnings, diagnostic.hint), f"nothing does what this says: {diagnostic.hint}"
            continue
        after = count(said(edited, tmp_path / str(index), monkeypatch))
        mistake = (diagnostic.code, diagnostic.message)
        assert after[mistake] < count(before)[mistake], f"{diagnostic.hint} didn't help"
        new = {code: message for code, message in after - count(before) if code not in HELD_BACK}
        assert not new, f"{diagnostic.hint} led to {new}"


def test_every_code_has_a_hint_that_was_followed() -> None:
    page = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    before, _, rest = page.partition("\n## Editions")  # those have tests of their own, with an edition before
    codes = set(re.findall(r"^\| `([a-z-]+)`", before + rest.partition("\n## ")[2], re.MULTILINE))
    followed = {code for case in ALL.values() for code in re.findall(r" \[([a-z-]+)\]$", case.expected, re.MULTILINE)}
    assert codes - followed == WITHOUT_CASE
    assert set(BY_HAND) <= followed
