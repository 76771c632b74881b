"""The text form of a license file, which survives e-mail and clipboards: base64url in lines between two markers."""

from __future__ import annotations

import re

from ._encoding import utf8
from ._errors import InvalidTextError
from ._jws import MAX_LENGTH

BEGIN = "-----BEGIN LATCHKEY LICENSE-----"
END = "-----END LATCHKEY LICENSE-----"


def content_of_file(text: str) -> str:
    """The JWS or JWE in the text of a license file. :raises InvalidTextError:"""
    if len(text) > MAX_LENGTH or len(utf8(text)) > MAX_LENGTH:
        raise InvalidTextError("malformed", "The text is too long for a license file.")
    begin = text.find(BEGIN)
    end = -1 if begin < 0 else text.find(END, begin + len(BEGIN))
    if end < 0:
        raise InvalidTextError("malformed", "The text has no license file, or not all of it.")
    return re.sub("[ \t\r\n]", "", text[begin + len(BEGIN) : end])
