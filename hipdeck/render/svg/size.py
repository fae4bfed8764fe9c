"""How much a browser draws of an SVG picture: `<use>` repeats parts, and parts of parts."""

from __future__ import annotations

from hipdeck.render.svg.refusal import Refusal

MOST_ELEMENTS = 50_000
DEEPEST = 256
"""Elements within one another; the XML parsers of most programs stop there."""

_SIMPLER = "make it simpler, or export it as PNG"
TOO_LARGE = Refusal(f"it has more than {MOST_ELEMENTS:,} elements, counting what <use> repeats", _SIMPLER)
ENDLESS = Refusal("it has a <use> that repeats itself", "remove it, or export the picture as PNG")
TOO_DEEP = Refusal(f"its elements are nested more than {DEEPEST} deep, counting what <use> repeats", _SIMPLER)

_DROPPED = str.maketrans("", "", "\t\n\r")


class _EndlessError(Exception):
    """A part repeats itself."""


class _Part:
    """An element with an id: what is in it, down to the next such elements."""

    def __init__(self, depth: int) -> None:
        self.depth = depth
        self.elements = 0
        self.levels = 0
        self.parts: list[tuple[int, _Part]] = []
        self.uses: list[tuple[int, str]] = []
        self.measured: tuple[int, int] | None = None
        self.being_measured = False


class Size:
    """The size of a picture, from its elements in the order of the file."""

    def __init__(self) -> None:
        self._whole = _Part(0)
        self._open = [self._whole]
        self._ids: dict[str, _Part] = {}
        self._elements = 0

    def start(self, element_id: str | None, uses: list[str]) -> Refusal | None:
        """An element begins: its id, and the addresses of what it repeats. Returns what is too much, or None."""
        depth = len(self._open)
        self._elements += 1
        if self._elements > MOST_ELEMENTS:
            return TOO_LARGE
        if depth > DEEPEST:
            return TOO_DEEP
        part = self._open[-1]
        if element_id is not None:
            child = _Part(depth)
            part.parts.append((depth - part.depth, child))
            self._ids.setdefault(element_id, child)
            part = child
        part.elements += 1
        part.levels = max(part.levels, depth - part.depth)
        part.uses += [(depth - part.depth + 1, _decode(address)) for address in uses]
        self._open.append(part)
        return None

    def end(self) -> None:
        """An element ends."""
        self._open.pop()

    def measure(self) -> Refusal | None:
        """What is too much in the whole picture, or None."""
        try:
            elements, levels = self._measure(self._whole, 0)
        except _EndlessError:
            return ENDLESS
        if levels > DEEPEST:
            return TOO_DEEP
        return TOO_LARGE if elements > MOST_ELEMENTS else None

    def _measure(self, part: _Part, depth: int) -> tuple[int, int]:
        """The elements that a part draws, and the levels below it."""
        if depth > DEEPEST:
            return 0, DEEPEST + 1
        if part.being_measured:
            raise _EndlessError
        if part.measured is None:
            part.being_measured = True
            elements, levels = part.elements, part.levels
            uses = [(offset, self._ids[target]) for offset, target in part.uses if target in self._ids]
            for offset, child in part.parts + uses:
                more, lower = self._measure(child, depth + offset)
                elements, levels = elements + more, max(levels, offset + lower)
            part.being_measured = False
            part.measured = min(elements, MOST_ELEMENTS + 1), min(levels, DEEPEST + 1)
        return part.measured


def _decode(address: str) -> str:
    """The id in an address such as `#a`, as browsers read it."""
    text = address.strip(" \t\n\r").translate(_DROPPED)[1:]
    if "%" not in text:
        return text
    # Imported late: it's large, and hardly any address needs it.
    from urllib.parse import unquote

    return unquote(text)
