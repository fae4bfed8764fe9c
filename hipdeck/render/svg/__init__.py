"""SVG files to the answer whether each is only a picture."""

from hipdeck.render.svg.reading import check

__all__ = ["check"]
