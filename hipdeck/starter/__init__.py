"""The deck that `hipdeck new` writes."""
