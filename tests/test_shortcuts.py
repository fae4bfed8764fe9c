"""The quick ways through the pipeline come out where the thorough ones do."""

from __future__ import annotations

from copy import copy
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from hipdeck.characters import UNPRINTABLE
from hipdeck.diagnostics import HipdeckError, Place
from hipdeck.markup import _render, _shielded, _unshielded, is_plain
from hipdeck.yaml_plain import UnusualError, plain
from hipdeck.yaml_reader import Reader
from hipdeck.yaml_source import parse

# What YAML is made of, so that a good part of the texts is YAML, and a part of that something that hipdeck refuses.
SCRAPS = [
    *("a: ", "b: ", "- ", "? ", "\n", "\n  ", "\n    ", "\n- ", "\n  - ", "\na: ", "\nb: ", "\n  c: "),
    *("word", "two words", "1", "12,5", "[1, 2]", "[a, b]", "[1,000 steps]", "[k: v]", "{a: b}", "{{c1::x}}", "{a}"),
    *('"quoted"', "'single'", '"\\x07"', '"\\n"', "|\n   block", ">\n   folded", "&anchor x", "*alias", "!tag x"),
    *(" # comment", "#no", "# yes\n", "<<: ", "---\n", "...\n", "no", "12:30", "ünïcode", "\t", ": ", ","),
]


@given(st.lists(st.sampled_from(SCRAPS), max_size=12).map("".join))
@example("a: [1,2]\n")
@example("a: 1\na: 2\n")
@example("a: " + "[" * 20 + "]" * 20)
@example("a: b # c\n")
@example("<<: b\n")
@example("a: &b c\n")
@example("a: !b c\n")
@example("&b a: c\n")
@example("a: b\n---\na: c\n")
@example('a: "\\x07"\n')
def test_what_is_read_without_places_is_read_the_same_with_them_and_nothing_is_said_of_it(text: str) -> None:
    try:
        value = plain(text)
    except (UnusualError, yaml.MarkedYAMLError):
        return
    reader = Reader("deck.yaml", text)
    reader.read()
    assert reader.root
    assert (reader.root[0], reader.problems, reader.comments, reader.refused) == (value, [], [], set())


TEXT = st.text(st.one_of(st.sampled_from("ab1.-+#>|~:;!\"'(){}=/ "), st.characters(codec="utf-8"))).map(str.strip)


@given(TEXT.filter(lambda text: text and not UNPRINTABLE.search(text) and is_plain(text)))
@example("1. first")
@example("# no heading")
@example("https://example.org and ~~this~~ | that")
def test_a_plain_text_is_what_the_renderer_makes_of_it(text: str) -> None:
    assert _unshielded(_render(_shielded(text))) == text.replace('"', "&quot;")


def test_a_file_that_changes_between_reading_and_reporting_is_no_guess_at_a_place(tmp_path: Path) -> None:
    file = tmp_path / "deck.yaml"
    file.write_bytes(b"a:\n  b: c\n")
    document = parse(str(file), file.read_bytes())[0]
    assert document
    document.let_go()
    again = copy(document)
    assert (document.value, document.at("a", "b")) == ({"a": {"b": "c"}}, Place(str(file), 2, 6, 1))
    file.write_bytes(b"a:\n\n  b: c\n")
    with pytest.raises(HipdeckError, match="has changed while it was read"):
        again.at("a", "b")
    file.unlink()
    with pytest.raises(HipdeckError, match="has changed while it was read"):
        again.at("a", "b")
