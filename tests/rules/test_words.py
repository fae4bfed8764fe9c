"""Words as the rules compare them."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hipdeck.rules.words import _PUNCTUATION, words


@given(st.text(st.sampled_from("aB 0(-\\`*_[]<>&\n\"ü'.,;:!?{}\u00ad"), max_size=6))
@example("ẞ-ß")
def test_ascii_is_split_like_any_other_text(text: str) -> None:
    assert words(text) == text.casefold().translate(_PUNCTUATION).split()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The hip's joint, (again)!", ["the", "hip", "s", "joint", "again"]),
        ("2^3 + 2-3", ["2^3", "+", "2-3"]),
        ("„Hüfte“ – so", ["hüfte", "so"]),
        ("**bold** and `code`", ["bold", "and", "code"]),
        ("", []),
    ],
)
def test_words_have_no_capital_letters_and_no_punctuation(text: str, expected: list[str]) -> None:
    assert words(text) == expected
