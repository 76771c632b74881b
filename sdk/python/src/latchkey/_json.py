"""JSON of RFC 8259, as strict as the format demands: no NaN, no deep nesting, and numbers of any length."""

from __future__ import annotations

import json
import re
from typing import Any, Dict, Union

from ._encoding import decode_bytes, text_of
from ._errors import InvalidTextError

MAX_DEPTH = 32
"""Objects and lists in each other."""
MAX_INTEGER = 2**53 - 1
LAST_SECOND = 253_402_300_799
"""The end of the year 9999; seconds since 1970."""

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)
# Deeper text is not even parsed, as the parser would need the stack of the app.
_MAX_PARSED_DEPTH = 200
_SURROGATE = re.compile("[\ud800-\udfff]")


def read_json(text: str) -> Any:
    """
    The value of a JSON text.

    :raises ValueError: when it is no JSON, or nested too deep
    """
    if _depth_of_text(text) > _MAX_PARSED_DEPTH:
        raise ValueError("The JSON is nested too deep.")
    try:
        value = json.loads(text, parse_constant=_refuse, parse_int=_integer)
        if _is_deep(value, MAX_DEPTH):
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
    # Python refuses to read long integers, or takes long for it.
    return int(text) if len(text) < 100 else float(text)


def _depth_of_text(text: str) -> int:
    depth = deepest = 0
    for token in _TOKEN.finditer(text):
        mark = token[0]
        if mark in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif mark in "]}":
            depth -= 1
    return deepest


def _is_deep(value: object, allowed: int) -> bool:
    if isinstance(value, dict):
        return allowed == 0 or any(_is_deep(member, allowed - 1) for member in value.values())
    if isinstance(value, list):
        return allowed == 0 or any(_is_deep(member, allowed - 1) for member in value)
    return False
