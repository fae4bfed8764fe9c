"""The catalog of rules: each has its cases, and a note can waive what a rule for good cards warns about."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from hipdeck.cli import cli
from hipdeck.deck.loader import load
from hipdeck.rules import catalog, correctness, giveaways, legibility, likeness, quality
from tests import cases, decks


def case(name: str) -> cases.Case:
    return cases.read(cases.CASES / f"{name}.case")


def check(files: dict[str, str], folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """What `hipdeck check` says about the files of a deck."""
    cases.write(files, folder / "cards")
    monkeypatch.chdir(folder)
    return CliRunner().invoke(cli, ["check"]).stderr


def test_every_rule_is_in_the_catalog() -> None:
    entered: set[object] = {*catalog.CORRECTNESS, *catalog.WAIVABLE.values(), correctness.unused_sources}
    written: set[object] = {
        function
        for module in (correctness, giveaways, legibility, likeness, quality)
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    }
    assert entered == written


@pytest.mark.parametrize("code", catalog.WAIVABLE)
def test_a_rule_of_good_cards_has_a_failing_and_a_passing_case(code: str) -> None:
    assert f"[{code}]" in case(code).expected
    assert case(f"{code}-passes").expected == ""


@pytest.mark.parametrize("code", catalog.WAIVABLE)
def test_a_note_can_waive_a_warning(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = case(code).files
    allow = rf"\g<0>\n    allow: {{{code}: so}}"
    sections = [name for name in files if name.endswith(".yaml") and name != "deck.yaml"]
    waived = {name: re.sub(r"^  - id: .*", allow, files[name], flags=re.MULTILINE) for name in sections}
    assert f"[{code}]" in check(files, tmp_path, monkeypatch)
    assert f"[{code}]" not in check({**files, **waived}, tmp_path, monkeypatch)


def said(folder: Path, *notes: decks.Note) -> list[tuple[str, str, int]]:
    """What the rules say about notes: severity, code, and the number of the note from 0."""
    decks.write(folder, {"section": [*notes]})
    lines = (folder / "section.yaml").read_text(encoding="utf-8").split("\n")
    first = next(number for number, line in enumerate(lines, 1) if line.startswith("  - "))
    diagnostics = catalog.check(load(folder).deck)
    return [(diagnostic.severity, diagnostic.code, diagnostic.place.line - first) for diagnostic in diagnostics]


def test_a_waiver_is_only_for_its_own_note_and_its_own_rule(tmp_path: Path) -> None:
    bare = {"question": "The hip", "answer": "A joint."}
    notes: list[decks.Note] = [
        {"id": "a", **bare, "allow": {"no-question": "so"}},
        {"id": "b", "question": "The knee", "answer": "A joint."},
        {"id": "c", "question": "The foot", "answer": "No joint.", "allow": {"long-list": "so"}},
        {"id": "d", "question": "What is it?", "answer": "A joint.", "allow": {"no-question": "so"}},
    ]
    assert said(tmp_path, *notes) == [
        ("warning", "no-question", 1),
        ("warning", "no-question", 2),
        ("warning", "unneeded-allow", 2),
        ("warning", "unneeded-allow", 3),
    ]


def test_an_unknown_rule_is_an_error_even_in_a_retired_note(tmp_path: Path) -> None:
    notes: list[decks.Note] = [{**decks.question(1), "allow": {"nope": "so"}, "retired": "gone"}]
    assert said(tmp_path, *notes) == [("error", "unknown-rule", 0)]


def test_retired_notes_get_no_warnings_and_need_no_waivers(tmp_path: Path) -> None:
    notes: list[decks.Note] = [
        {"id": "old", "question": "The hip", "answer": "A joint.", "retired": "new one", "allow": {"long-list": "so"}},
        {"id": "new", "question": "The hip", "answer": "A joint.", "allow": {"no-question": "so"}},
    ]
    assert said(tmp_path, *notes) == []


def rewrite(folder: Path, file: str, **changes: str) -> list[tuple[str, str]]:
    """What the rules say after a key was put above others in a file: the code and the file of each diagnostic."""
    path = folder / file
    lines = "".join(f"{key}: {value}\n" for key, value in changes.items())
    path.write_text(lines + path.read_text(encoding="utf-8"), encoding="utf-8")
    loaded = load(folder)
    assert loaded.diagnostics == []
    diagnostics = catalog.check(loaded.deck)
    return [(diagnostic.code, Path(diagnostic.place.path).name) for diagnostic in diagnostics]


@pytest.mark.parametrize("file", ["one.yaml", "deck.yaml"])
def test_a_waiver_above_is_for_all_the_notes_below_it(file: str, tmp_path: Path) -> None:
    bare = [{"id": name, "question": f"The {name}", "answer": "A joint."} for name in ("hip", "knee", "elbow")]
    decks.write(tmp_path, {"one": bare[:2], "two": bare[2:]})
    other = [("no-question", "two.yaml")] if file == "one.yaml" else []
    assert rewrite(tmp_path, file, allow="{no-question: so}") == other


def test_a_waiver_above_is_unneeded_if_no_note_below_it_is_warned_about(tmp_path: Path) -> None:
    bare = {"id": "hip", "question": "The hip", "answer": "A joint."}
    decks.write(tmp_path, {"one": [decks.question(1)], "two": [{**bare, "allow": {"no-question": "so"}}]})
    assert rewrite(tmp_path, "deck.yaml", allow="{no-question: so}") == []
    assert rewrite(tmp_path, "two.yaml", allow="{no-question: so}") == []
    assert rewrite(tmp_path, "one.yaml", allow="{no-question: so}") == [("unneeded-allow", "one.yaml")]


def test_an_unneeded_waiver_is_not_reported_while_notes_are_left_out(tmp_path: Path) -> None:
    notes: list[decks.Note] = [{**decks.question(1), "allow": {"no-question": "so", "nope": "so"}}]
    decks.write(tmp_path, {"section": notes})
    codes = [diagnostic.code for diagnostic in catalog.check(load(tmp_path).deck, is_whole=False)]
    assert codes == ["unknown-rule"]


@pytest.mark.parametrize(("language", "count"), [("en", 1), ("EN-gb", 1), ("de", 0), ("enm", 0)])
def test_rules_that_know_english_words_only_check_english(language: str, count: int, tmp_path: Path) -> None:
    decks.write(tmp_path, {"section": [{"id": "hip", "question": "Die Hüfte", "answer": "Ein Gelenk."}]})
    assert len(rewrite(tmp_path, "deck.yaml", language=language)) == count


def test_sources_are_asked_for_only_if_the_deck_declares_any(tmp_path: Path) -> None:
    decks.write(tmp_path, {"section": [decks.question(1)]})
    section, deck = tmp_path / "section.yaml", tmp_path / "deck.yaml"
    section.write_text(section.read_text(encoding="utf-8").replace("source: guide\n", ""), encoding="utf-8")
    assert [diagnostic.code for diagnostic in catalog.check(load(tmp_path).deck)] == ["missing-source"]
    text = deck.read_text(encoding="utf-8").replace("sources:\n  guide: {title: A guide}\n", "")
    deck.write_text(text, encoding="utf-8")
    assert catalog.check(load(tmp_path).deck) == []


def test_english_small_words_are_words_like_others_in_another_language(tmp_path: Path) -> None:
    notes: list[decks.Note] = [
        {"id": "gap", "cloze": "Man hebt das Becken {{c1::an}}."},
        {"id": "one", "question": "Wie war die Was?", "answer": "Lang."},
        {"id": "two", "question": "Wie war die?", "answer": "Kurz."},
        {"id": "three", "question": "Die Was war wie?", "answer": "Lang."},
    ]
    decks.write(tmp_path, {"section": notes})
    in_english = [code for code, _ in rewrite(tmp_path, "deck.yaml")]
    assert in_english == ["similar-question", "similar-question", "cloze-too-little"]
    assert [code for code, _ in rewrite(tmp_path, "deck.yaml", language="de")] == ["similar-question"]


def test_a_deck_whose_language_is_unknown_gets_no_warnings_about_english_words(tmp_path: Path) -> None:
    decks.write(tmp_path, {"section": [{"id": "hip", "question": "Die Hüfte", "answer": "Ein Gelenk."}]})
    (tmp_path / "deck.yaml").write_text("deck: Hüfte\nlanguage: de\n", encoding="utf-8")
    assert catalog.check(load(tmp_path).deck) == []
