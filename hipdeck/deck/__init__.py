"""Located values to a deck: sections and notes with their defaults, and ids."""
