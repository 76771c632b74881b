"""When a call is repeated: after network errors, 429 and 503, with growing delays; never after a refusal."""

from __future__ import annotations

import email.utils
import re
from dataclasses import dataclass
from typing import Optional


@dataclass(frozen=True)
class RetryPolicy:
    """How often and how long calls are repeated. Durations are seconds."""

    attempts: int = 5
    """Calls in all."""
    first_delay: float = 1
    longest_delay: float = 30
    longest_wait: float = 60
    """The longest Retry-After that is waited for; after a longer one the call fails at once."""


def delay_before_retry(
    status: int,
    retry_after: Optional[str],
    attempt: int,
    random: float,
    now: float,
    policy: RetryPolicy,
) -> Optional[float]:
    """
    The seconds before the next attempt; None when there is none.

    The delay doubles with each attempt, up to the longest. Of it a random share between a half and the whole is waited,
    so that many apps do not call at the same moment; and never less than the server asks for.

    :param status: the HTTP status; 0 when the server was not reached
    :param retry_after: the header Retry-After; None when there is none
    :param attempt: how many calls were made
    :param random: from 0 to 1
    :param now: seconds since 1970, for a Retry-After that is a date
    """
    if status not in (0, 429, 503) or attempt >= policy.attempts:
        return None
    asked = read_retry_after(retry_after, now) or 0
    if asked > policy.longest_wait:
        return None
    longest = min(policy.longest_delay, policy.first_delay * 2.0 ** min(attempt - 1, 60))
    return max(asked, longest * (0.5 + random / 2))


def read_retry_after(header: Optional[str], now: float) -> Optional[float]:
    """The seconds of a Retry-After, which is a number or a date; None when it is neither."""
    if header is None:
        return None
    if re.fullmatch("[0-9]{1,10}", header.strip()):
        return int(header)
    if not header.rstrip().endswith("GMT"):
        return None
    try:
        return max(0.0, email.utils.parsedate_to_datetime(header).timestamp() - now)
    except (ArithmeticError, IndexError, TypeError, ValueError):
        return None
