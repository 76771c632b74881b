"""A version as it is compared: Semantic Versioning 2.0.0 (section 11), extended to any number of parts."""

from __future__ import annotations

import re
from typing import List, NamedTuple, Sequence, Tuple, Union

Identifier = Union[int, str]


class Version(NamedTuple):
    """A version that was read."""

    numbers: Tuple[int, ...]
    """The numbers part by part, without zeros at the end: 1.2 is 1.2.0."""
    pre_release: Tuple[Identifier, ...]
    """What follows in a pre-release, in lower case: ("beta", 3) for "beta.3" and "beta3"; empty for others."""


def compare_versions(one: Version, other: Version) -> int:
    """Negative when the first is older, 0 for equal versions. A pre-release is before what it leads to."""
    if one.numbers != other.numbers:
        return 1 if one.numbers > other.numbers else -1
    if not one.pre_release or not other.pre_release:
        return len(other.pre_release) - len(one.pre_release)
    first, second = _keys(one.pre_release), _keys(other.pre_release)
    return (first > second) - (first < second)


def identifiers_of(text: str) -> Tuple[Identifier, ...]:
    """ "beta10" counts as "beta.10", because by its characters it would be older than "beta9"."""
    found: List[Identifier] = []
    for identifier in text.lower().split("."):
        counted = re.fullmatch("([a-z]+)([0-9]{1,15})", identifier)
        if counted is not None:
            found += [counted[1], int(counted[2])]
        else:
            found.append(int(identifier) if re.fullmatch("[0-9]{1,15}", identifier) else identifier)
    return tuple(found)


def version_of(numbers: Sequence[int], pre_release: Tuple[Identifier, ...] = ()) -> Version:
    """The version with these numbers."""
    kept = list(numbers)
    while len(kept) > 1 and kept[-1] == 0:
        kept.pop()
    return Version(tuple(kept), pre_release)


def _keys(identifiers: Sequence[Identifier]) -> List[Tuple[int, int, str]]:
    # Numbers come before words.
    return [(0, one, "") if isinstance(one, int) else (1, 0, one) for one in identifiers]
