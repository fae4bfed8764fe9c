"""What students have, what the next edition changes for them, and what they're told."""
