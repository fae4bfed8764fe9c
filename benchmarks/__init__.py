"""What hipdeck costs, compared with everything a user could use instead: `python -m benchmarks`."""
