"""`python -m hipdeck` is `hipdeck`."""

from hipdeck.cli import main

main()
