"""The known name that a word was probably meant to be: did you mean 'anatomy'?

A stranger's file can hold any number of misspelled words, and its deck any number of names. So the time that a word
takes hardly depends on the number of names, and only the first words are looked up.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property, lru_cache

from hipdeck.diagnostics import MOST_MISTAKES

LONGEST = 80
"""Characters of the longest word that's looked up; no id is longer."""
MOST_LISTED = 30
"""Names that a hint lists."""
MOST_CHARACTERS = 500
"""Characters of the names that a hint lists: the hint comes with each of any number of misspelled words."""

_CUTOFF = 0.6  # of 1; a misspelled word of ten letters scores 0.9
_LEAST = 0.2  # of what two words have in common, by their letters and pairs of letters
_MOST_COMPARED = 4
_BITS = 512


def suggestion(word: str, known: Iterable[str]) -> str:
    """A hint that names the near miss or, without one, what there is to choose from."""
    return Names(known).suggestion(word)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint that names the near miss; empty if there is none."""
    return Names(known).did_you_mean(word)


def near_miss(word: str, known: Iterable[str]) -> str:
    """The known name that a word was probably meant to be; empty if it's like none of them."""
    return _near_miss(word, tuple(known))


@lru_cache(1000)
def _near_miss(word: str, known: tuple[str, ...]) -> str:
    """The same, remembered: one misspelled key has several consequences, and may be in every file."""
    return Names(known).near_miss(word)


class Names:
    """The names that are known somewhere, for looking up words that are none of them."""

    def __init__(self, known: Iterable[str]) -> None:
        self._known = dict.fromkeys(known)
        self._looked_up = 0

    def suggestion(self, word: str) -> str:
        """A hint that names the near miss or, without one, what there is to choose from."""
        return self.did_you_mean(word) or self.choice

    def did_you_mean(self, word: str) -> str:
        """A hint that names the near miss; empty if there is none."""
        near = self.near_miss(word)
        return f"did you mean '{near}'?" if near else ""

    def near_miss(self, word: str) -> str:
        """The name that a word was probably meant to be; empty if it's like none of them.

        It's also empty if the word is longer than any name, or if too many have been looked up already.
        """
        if len(word) > LONGEST or self._looked_up >= MOST_MISTAKES:
            return ""
        self._looked_up += 1
        # Imported late: it's needed only if something is wrong.
        import difflib

        word = word.casefold()
        features = _features(word)
        # Comparing letter by letter takes long, and the names that have most in common with the word come first here.
        likeness = {name: _likeness(features, self._folded[name][0]) for name in self._folded}
        near = sorted((name for name in likeness if likeness[name] > _LEAST), key=likeness.__getitem__, reverse=True)
        best = difflib.get_close_matches(word, near[:_MOST_COMPARED], n=1, cutoff=_CUTOFF)
        return self._folded[best[0]][1] if best else ""

    @cached_property
    def _folded(self) -> dict[str, tuple[int, str]]:
        """The names by how they're compared, each with its features."""
        folded = {name.casefold(): name for name in self._known if len(name) <= LONGEST}
        return {word: (_features(word), name) for word, name in folded.items()}

    @cached_property
    def choice(self) -> str:
        """A hint that lists what there is to choose from."""
        if not self._known:
            return ""
        listed = list(self._known)[:MOST_LISTED]
        while len(listed) > 1 and len(", ".join(listed)) > MOST_CHARACTERS:
            listed.pop()
        more = ", …" if len(listed) < len(self._known) else ""
        return f"write one of: {', '.join(listed)}{more}"


@lru_cache(1000)
def _features(word: str) -> int:
    """The letters of a word, and the pairs of letters next to one another, as bits."""
    features = 0
    for first, second in zip(word, f"{word[1:]} ", strict=False):
        features |= 1 << (ord(first) * 7 % _BITS) | 1 << ((ord(first) * 31 + ord(second)) % _BITS)
    return features


def _likeness(features: int, others: int) -> float:
    """How much of the features of two words is in both, from 0 to 1."""
    either = (features | others).bit_count()
    return (features & others).bit_count() / either if either else 0
