"""Text to located values: which files there are, their text, and what YAML says in it."""
