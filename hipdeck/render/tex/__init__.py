"""Formulas, and whether all they hold is TeX that only draws in Anki's MathJax."""

from hipdeck.render.tex.formulas import check

__all__ = ["check"]
