"""Times as the server writes them: "2026-01-31T10:35:00Z"."""

from __future__ import annotations

import datetime
import re
from typing import Optional

_FORM = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(\.[0-9]{1,9})?Z")


def read_time(value: object) -> Optional[float]:
    """Seconds since 1970; None for what is no time."""
    found = _FORM.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return None
    try:
        year, month, day, hour, minute, second = (int(part) for part in found.groups()[:6])
        time = datetime.datetime(year, month, day, hour, minute, second, tzinfo=datetime.timezone.utc)
    except ValueError:
        return None
    return time.timestamp() + float(found[7] or 0)
