"""Versions of apps as they report them: semantic, or with "v", fewer or more parts, build metadata and words after them."""

from __future__ import annotations

import re
import unicodedata
from typing import Optional

from ._text import SPACES, trim
from ._version_order import Version, identifiers_of, version_of
from ._version_range import is_in_range, parse_version_range

# Numbers of up to 15 digits are exact.
_NUMBER = "[0-9]{1,15}(?![0-9])"
_IDENTIFIERS = r"[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*"
_REPORTED = re.compile(rf"v?\.?[{SPACES}]*({_NUMBER}(?:\.{_NUMBER})*)(?![.0-9]*[0-9])(.*)", re.IGNORECASE | re.DOTALL)
_SEMANTIC = re.compile(rf"-({_IDENTIFIERS})(?:\+[^\n\r\u2028\u2029]*)?")
# A pre-release in words: " beta", " (Beta 3)", "rc1", "b4"; "a" and "b" count with a number only.
_WORDS = re.compile(
    rf"[{SPACES}._,-]*(?:\([{SPACES}]*)?(?:"
    r"(alpha|beta|rc|release candidate|preview|pre|dev|nightly|canary|snapshot)|(a|b)(?=[0-9]))"
    rf"[{SPACES}._-]*([0-9]{{1,15}})?(?![a-z0-9])",
    re.IGNORECASE,
)
_LONG_FORMS = {"a": "alpha", "b": "beta", "release candidate": "rc"}


def parse_version(text: str) -> Optional[Version]:
    """A version; None when the text does not begin with a number."""
    found = _REPORTED.fullmatch(trim(unicodedata.normalize("NFKC", text)))
    if found is None:
        return None
    numbers = [int(part) for part in found[1].split(".")]
    semantic = _SEMANTIC.fullmatch(found[2])
    if semantic is not None:
        return version_of(numbers, identifiers_of(semantic[1]))
    words = _WORDS.match(found[2])
    if words is None:
        return version_of(numbers)
    name = (words[1] or words[2]).lower()
    count = () if words[3] is None else (int(words[3]),)
    return version_of(numbers, (_LONG_FORMS.get(name, name), *count))


def is_version_in_range(version: str, versions: str) -> bool:
    """
    Whether a range such as ">=2.0.0 <3.0.0" has a version.

    A version that cannot be read is in each range; in a range that cannot be read is none.
    """
    alternatives = parse_version_range(versions)
    parsed = parse_version(version)
    return alternatives is not None and (parsed is None or is_in_range(alternatives, parsed))
