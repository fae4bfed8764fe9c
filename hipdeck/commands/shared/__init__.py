"""What several commands share: options, checking and building a deck, and what they print."""
