"""License keys: what is typed or pasted, as it is sent to the server, and whether it can be a key at all."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Optional

from ._encoding import has_lone_surrogate, utf16_length
from ._pasted_key import MAX_PASTED_LENGTH, clean_key

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# The value of each well-formed key at the generator of GF(32), as a polynomial.
_CHECKSUM = 15


@dataclass(frozen=True)
class TypedKey:
    """A license key as it was typed."""

    text: str
    """Without what pasting added; this is sent."""
    canonical: str
    """Equal for keys that count as the same in any case."""
    checksum_mismatch: bool
    """Whether it has the form of a generated key but a wrong check character: mistyped, or imported by the vendor."""


def read_license_key(typed: str) -> Optional[TypedKey]:
    """Reads a license key that was typed or pasted; None when it can be none."""
    if len(typed) > MAX_PASTED_LENGTH or utf16_length(typed) > MAX_PASTED_LENGTH or has_lone_surrogate(typed):
        return None
    text = clean_key(typed)
    key = text.replace(" ", "")
    length = utf16_length(text)
    if length < 6 or length > 255 or any(unicodedata.category(one) == "Cc" for one in key):
        return None
    upper = key.upper()
    undashed = re.sub(r"\AURN:UUID:\{?", "", upper).replace("-", "")
    if re.fullmatch("[0-9A-F]{32}", undashed):
        return TypedKey(text, undashed, False)
    compact = undashed.replace("O", "0").replace("I", "1").replace("L", "1")
    if not re.fullmatch("[0-9A-Z]{16}", compact):
        return TypedKey(text, upper, False)
    # U is the only other letter that base 32 lacks.
    return TypedKey(text, compact, "U" in compact or _checksum_of(compact) != _CHECKSUM)


def _checksum_of(key: str) -> int:
    value = 0
    for character in key:
        doubled = value << 1
        value = (doubled ^ 0b100101 if doubled & 32 else doubled) ^ _ALPHABET.index(character)
    return value
