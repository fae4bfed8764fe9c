"""Where a node's span is: spans lie in one flat list, in the order in which a file's values are written.

Two offsets for each node, its start and its end in characters: for a list its own start (twice) and then its entries;
for a mapping its own start (twice) and then each key and its value. An index counts nodes from 0.
"""

from __future__ import annotations

from itertools import accumulate
from typing import Any


def count_nodes(value: Any) -> int:
    """How many nodes a value is made of: itself, and the keys and values in it."""
    if isinstance(value, dict):
        return 1 + len(value) + sum(map(count_nodes, value.values()))
    if isinstance(value, list):
        return 1 + sum(map(count_nodes, value))
    return 1


def inner_indexes(value: dict[str, Any] | list[Any], index: int) -> list[int]:
    """The indexes of a list's entries or a mapping's keys, whose values come right after them; `index` is its own."""
    if isinstance(value, list):
        return list(accumulate(map(count_nodes, value[:-1]), initial=index + 1))
    return list(accumulate((1 + count_nodes(inner) for inner in list(value.values())[:-1]), initial=index + 1))
