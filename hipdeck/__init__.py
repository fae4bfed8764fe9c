"""Compile a folder of YAML question/answer pairs into an Anki package that is safe to update."""

__version__ = "0.1.0"
