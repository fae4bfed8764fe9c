"""Notes to what Anki shows: field values, note types, templates and pictures."""
