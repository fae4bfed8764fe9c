"""The deck as a page for the browser."""
