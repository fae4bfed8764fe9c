"""One module a command: its options and the steps it runs."""
