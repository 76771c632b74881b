"""JSON of RFC 8259, as strict as the format demands: no NaN, no deep nesting, and numbers of any length."""

from __future__ import annotations

import json
import re
from typing import Any, Dict, Optional, Union

from ._encoding import decode_bytes, text_of
from ._errors import InvalidTextError

MAX_DEPTH = 32
"""Objects and lists in each other."""
MAX_INTEGER = 2**53 - 1
LAST_SECOND = 253_402_300_799
"""The end of the year 9999; seconds since 1970."""

# Text that is nested deeper is not even parsed, as the parser would need the stack of the app.
_MAX_PARSED_DEPTH = 200
_NO_BRACKETS = re.compile(r"[^\[\]{}]+")
_ROUND = str.maketrans("[]{}", "()()")
# Python refuses to read longer integers, or takes long for it.
_LONG_INTEGER = re.compile("[0-9]{100}")
_SURROGATE = re.compile("[\ud800-\udfff]")


def read_json(text: str) -> Any:
    """
    The value of a JSON text.

    :raises ValueError: when it is no JSON, or nested too deep
    """
    depth = _depth_of_text(text)
    if depth is None:
        raise ValueError("The text is no JSON, or nested too deep.")
    parse_int = _integer if _LONG_INTEGER.search(text) else None
    try:
        value = json.loads(text, parse_constant=_refuse, parse_int=parse_int)
        # A member that is there twice may be less deep than the text.
        if depth > MAX_DEPTH and _is_deep(value, MAX_DEPTH):
            raise ValueError("The JSON is nested too deep.")
    except RecursionError:
        raise ValueError("The JSON is nested too deep.") from None
    return value


def read_object(text: str) -> Dict[str, Any]:
    """:raises ValueError: when the text is no JSON object"""
    value = read_json(text)
    if not isinstance(value, dict):
        raise ValueError("The JSON is not an object.")
    return value


def decode_object(part: str) -> Dict[str, Any]:
    """The JSON object in base64url. :raises InvalidTextError:"""
    text = text_of(decode_bytes(part))
    try:
        return read_object(text)
    except ValueError as error:
        raise InvalidTextError("malformed", str(error)) from None


def write_json(value: Any) -> str:
    """
    JSON in one line, with characters as they are and lone surrogates escaped.

    :raises TypeError: for values that JSON has not
    :raises ValueError: for NaN, infinity and values in themselves
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def is_integer(value: object) -> bool:
    """Whether a value is a whole number from 0 to 2^53 - 1; 1.0 is one, True is none."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return 0 <= value <= MAX_INTEGER and value == int(value)


def is_time(value: object) -> bool:
    """Whether a value is a time in seconds since 1970, until the end of 9999."""
    return is_integer(value) and isinstance(value, (int, float)) and value <= LAST_SECOND


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON.")


def _integer(text: str) -> Union[int, float]:
    return int(text) if len(text) < 100 else float(text)


def _depth_of_text(text: str) -> Optional[int]:
    """How deep objects and lists are in each other; None: too deep, or not balanced. Fast for any text."""
    outside_of_texts = text.replace("\\\\", "").replace('\\"', "").split('"')[::2]
    rest = _NO_BRACKETS.sub("", "".join(outside_of_texts)).translate(_ROUND)
    for depth in range(_MAX_PARSED_DEPTH + 1):
        if rest == "":
            return depth
        before, rest = rest, rest.replace("()", "")
        if len(rest) == len(before):
            break
    return None


def _is_deep(value: object, allowed: int) -> bool:
    if isinstance(value, dict):
        return allowed == 0 or any(_is_deep(member, allowed - 1) for member in value.values())
    if isinstance(value, list):
        return allowed == 0 or any(_is_deep(member, allowed - 1) for member in value)
    return False
