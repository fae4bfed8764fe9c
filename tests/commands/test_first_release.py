"""From an empty folder to a released deck: notes in several scripts, none with an id, in files that nothing lists."""

from __future__ import annotations

from pathlib import Path

from tests import cases

NOTES = {
    "anatomy/english": ("Which muscle extends the hip most strongly?", "The gluteus maximus"),
    "anatomy/deutsch": ("Welcher Muskel streckt die Hüfte am stärksten?", "Der große Gesäßmuskel"),
    "русский": ("Какая мышца сильнее всего разгибает бедро?", "Большая ягодичная мышца"),
    "العربية": ("ما هي أقوى عضلة باسطة للورك؟", "العضلة الألوية الكبرى"),
    "日本語": ("股関節を最も強く伸展させる筋肉は何ですか。", "大殿筋"),
}


def test_notes_in_any_script_become_a_released_deck_from_a_folder_below(tmp_path: Path) -> None:
    files = {"deck.yaml": "deck: Hüfte\nid: hip\n"}
    for name, (question, answer) in NOTES.items():
        files[f"{name}.yaml"] = f"section: {name}\nnotes:\n  - question: {question}\n    answer: {answer}\n"
    cases.write(files, tmp_path / "cards")
    below = tmp_path / "cards" / "anatomy"
    assert cases.hipdeck("check", cwd=below).stderr.count("[missing-id]") == len(NOTES)
    ids = cases.hipdeck("ids", cwd=below)
    assert (ids.code, ids.stderr) == (0, "")
    assert ids.stdout.endswith("5 notes in 5 files got an id\n")
    assert "deutsch.yaml: welcher-muskel-streckt-die-hufte-am-starksten\n" in ids.stdout
    assert "../русский.yaml: kakaya-myshtsa-silnee-vsego-razgibaet-bedro\n" in ids.stdout
    check = cases.hipdeck("check", cwd=below)
    assert (check.code, check.stdout, check.stderr) == (0, "5 notes: no errors in 6 files\n", "")
    release = cases.hipdeck("release", cwd=below)
    assert (release.code, release.stderr) == (0, "")
    assert (tmp_path / "output" / "hip.apkg").is_file()
    assert (tmp_path / "cards" / "deck.lock").is_file()
