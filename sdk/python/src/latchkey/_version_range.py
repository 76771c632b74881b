"""Ranges of versions as npm writes them: comparators (">=2.0.0 <3.0.0"), "^", "~", parts that may be anything ("2.x"),
hyphens ("1.0 - 2.5") and alternatives ("||"). A pre-release counts as the version that it leads to, unless the range
names a pre-release: 3.0.0-beta is not in "<3.0.0", and 2.0.0-beta is in ">=2.0.0"."""

from __future__ import annotations

import re
from typing import List, NamedTuple, Optional, Tuple

from ._text import SPACES, trim
from ._version_order import Version, compare_versions, identifiers_of, version_of


class Bound(NamedTuple):
    version: Version
    is_included: bool


class Bounds(NamedTuple):
    """The bounds of one alternative; None: any version."""

    low: Optional[Bound] = None
    high: Optional[Bound] = None


class _Partial(NamedTuple):
    """A version whose last parts may be left out or "x"."""

    numbers: Tuple[int, ...]
    is_open: bool
    pre_release: Optional[str]


_FORM = re.compile(
    r"v?(?:[0-9]{1,15}|[xX*])(?:\.(?:[0-9]{1,15}|[xX*])){0,3}"
    r"(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?"
)
_HYPHENATED = re.compile(f"([^{SPACES}]+)[{SPACES}]+-[{SPACES}]+([^{SPACES}]+)")
_OPERATOR = re.compile(r"(<=|>=|<|>|=|\^|~>?)")
_APART = re.compile(rf"(<=|>=|<|>|=|\^|~>?)[{SPACES}]+")
_SPACE = re.compile(f"[{SPACES}]+")


def parse_version_range(text: str) -> Optional[List[Bounds]]:
    """Alternatives, of which one has to contain a version; None for a text that is no range or contains no version."""
    alternatives = []
    for alternative in text.split("||"):
        bounds = _parse_alternative(trim(alternative))
        if bounds is None:
            return None
        if not _is_empty(bounds):
            alternatives.append(bounds)
    return alternatives or None


def is_in_range(alternatives: List[Bounds], version: Version) -> bool:
    """Whether a range contains a version."""
    return any(
        (low is None or _is_within(_compare_to(version, low), low))
        and (high is None or _is_within(-_compare_to(version, high), high))
        for low, high in alternatives
    )


def _is_within(difference: int, bound: Bound) -> bool:
    return difference >= 0 if bound.is_included else difference > 0


def _compare_to(version: Version, bound: Bound) -> int:
    """A bound without a pre-release is compared with the version that a pre-release leads to."""
    compared = version if bound.version.pre_release else Version(version.numbers, ())
    return compare_versions(compared, bound.version)


def _is_empty(bounds: Bounds) -> bool:
    if bounds.low is None or bounds.high is None:
        return False
    difference = compare_versions(bounds.low.version, bounds.high.version)
    return difference > 0 or difference == 0 and not (bounds.low.is_included and bounds.high.is_included)


def _parse_alternative(text: str) -> Optional[Bounds]:
    hyphenated = _HYPHENATED.fullmatch(text)
    if hyphenated is not None:
        return _both(_parse_comparator(f">={hyphenated[1]}"), _parse_comparator(f"<={hyphenated[2]}"))
    # An operator may stand apart from its version: ">= 2.0.0".
    comparators = [part for part in _SPACE.split(_APART.sub(r"\1", text)) if part != ""]
    found: Optional[Bounds] = Bounds() if comparators else None
    for comparator in comparators:
        found = _both(found, _parse_comparator(comparator))
    return found


def _both(one: Optional[Bounds], other: Optional[Bounds]) -> Optional[Bounds]:
    """The bounds of both; None when one is none."""
    if one is None or other is None:
        return None
    return Bounds(_stricter(one.low, other.low, 1), _stricter(one.high, other.high, -1))


def _stricter(one: Optional[Bound], other: Optional[Bound], direction: int) -> Optional[Bound]:
    if one is None or other is None:
        return one or other
    difference = compare_versions(one.version, other.version) * direction
    if difference == 0:
        return other if one.is_included else one
    return one if difference > 0 else other


def _parse_comparator(text: str) -> Optional[Bounds]:
    found = _OPERATOR.match(text)
    operator = found[1] if found is not None else "="
    partial = _parse_partial(text[found.end() :] if found is not None else text)
    if partial is None:
        return None
    # "any version" with an operator: "<*" would contain none.
    if not partial.numbers:
        return None if operator in ("<", ">") else Bounds()
    at = _bound(partial)
    after = _next(partial, len(partial.numbers) - 1)
    if operator == ">=":
        return Bounds(low=Bound(at, True))
    if operator == ">":
        return Bounds(low=Bound(after, True) if partial.is_open else Bound(at, False))
    if operator == "<":
        return Bounds(high=Bound(at, False))
    if operator == "<=":
        return Bounds(high=Bound(after, False) if partial.is_open else Bound(at, True))
    if operator == "=":
        return Bounds(Bound(at, True), Bound(after, False) if partial.is_open else Bound(at, True))
    kept = _significant(partial) if operator == "^" else min(1, len(partial.numbers) - 1)
    return Bounds(Bound(at, True), Bound(_next(partial, kept), False))


def _parse_partial(text: str) -> Optional[_Partial]:
    found = _FORM.fullmatch(text)
    if found is None:
        return None
    parts = re.split("[-+]", text[1:] if text.startswith("v") else text, maxsplit=1)[0].split(".")
    given = [part.isdigit() for part in parts]
    count = given.index(False) if False in given else len(parts)
    # In "1.x.3" and "1.x-beta" nothing tells what is meant.
    if any(given[count:]):
        return None
    is_open = count < len(parts) or count < 3
    if is_open and found[1] is not None:
        return None
    return _Partial(tuple(int(part) for part in parts[:count]), is_open, found[1])


def _significant(partial: _Partial) -> int:
    """The part that "^" keeps: the first that is not 0, or the last that is given."""
    for place, number in enumerate(partial.numbers):
        if number > 0:
            return place
    return len(partial.numbers) - 1


def _next(partial: _Partial, place: int) -> Version:
    """The first version in which the part of that place is one higher."""
    return version_of((*partial.numbers[:place], partial.numbers[place] + 1))


def _bound(partial: _Partial) -> Version:
    pre_release = () if partial.pre_release is None else identifiers_of(partial.pre_release)
    return version_of(partial.numbers, pre_release)
