"""Times: when an edition is made, and the times in the lock as dates, in UTC wherever hipdeck runs."""

from __future__ import annotations

from datetime import datetime, timezone

EARLIEST = 1_577_836_800
"""The beginning of 2020: a clock that says less was never set. Anki can't do with times near 0."""


def edition_time(now: int, newest: int) -> int:
    """The time of an edition that's made now: later than all times in the lock, the newest of which is `newest`.

    All are in seconds since 1970. Anki takes only what's newer than what it has.
    """
    return max(now, newest + 1, EARLIEST)


def utc(seconds: int) -> datetime:
    """A time in seconds since 1970 as a date and time in UTC."""
    return datetime.fromtimestamp(seconds, tz=timezone.utc)


def day(seconds: int) -> str:
    """A time in seconds since 1970 as a day in UTC: `2025-06-15`."""
    return f"{utc(seconds):%Y-%m-%d}"


def month(seconds: int) -> str:
    """A time in seconds since 1970 as a month in UTC: `2025-06`."""
    return f"{utc(seconds):%Y-%m}"
