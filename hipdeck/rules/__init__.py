"""What can't be right in a deck, and what makes a poor card; `catalog` lists all rules."""
