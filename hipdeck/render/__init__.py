"""Notes to what Anki shows: field values, pictures and note types; `templates/` is how cards look."""
