"""Where a node's span is: spans lie in one flat list, in the order in which a file's values are written.

Two offsets for each node, its start and its end in characters: for a list its own start (twice) and then its entries;
for a mapping its own start (twice) and then each key and its value. An index counts nodes from 0.
"""

from __future__ import annotations

from typing import Any


def count_nodes(value: Any) -> int:
    """How many nodes a value is made of: itself, and the keys and values in it."""
    if isinstance(value, dict):
        return 1 + len(value) + sum(map(count_nodes, value.values()))
    if isinstance(value, list):
        return 1 + sum(map(count_nodes, value))
    return 1


def key_index(mapping: dict[str, Any], index: int, key: str) -> int:
    """The index of a mapping's key; `index` is the mapping's own. The key's value comes next. Raises KeyError."""
    index += 1
    for name, value in mapping.items():
        if name == key:
            return index
        index += 1 + count_nodes(value)
    raise KeyError(key)
