"""White space as the server knows it, which differs from Python's in a few characters."""

from __future__ import annotations

import re

SPACES = (
    "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)

_RUN_OF_SPACES = re.compile(f"[{SPACES}]+")


def trim(text: str) -> str:
    """The text without white space around it."""
    return text.strip(SPACES)


def with_single_blanks(text: str) -> str:
    """The text with each run of white space as one blank."""
    return _RUN_OF_SPACES.sub(" ", text)
