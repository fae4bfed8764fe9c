"""The times in the lock as dates, in UTC wherever hipdeck runs."""

from __future__ import annotations

from datetime import datetime, timezone


def utc(seconds: int) -> datetime:
    """A time in seconds since 1970 as a date and time in UTC."""
    return datetime.fromtimestamp(seconds, tz=timezone.utc)


def day(seconds: int) -> str:
    """A time in seconds since 1970 as a day in UTC: `2025-06-15`."""
    return f"{utc(seconds):%Y-%m-%d}"


def month(seconds: int) -> str:
    """A time in seconds since 1970 as a month in UTC: `2025-06`."""
    return f"{utc(seconds):%Y-%m}"
