"""What hipdeck costs, measured against everything a user could pick instead: `python -m benchmarks`."""
