"""License keys as people paste them: from mail, PDF, chat and word processors, which change dashes, wrap lines, and add
quotes and characters that cannot be seen."""

from __future__ import annotations

import re
import unicodedata

from ._text import SPACES, with_single_blanks

MAX_PASTED_LENGTH = 1000
"""How long text that holds a key may be; the key itself has at most 255 characters. UTF-16 units."""

# What apps send nearly always, and what cleaning would not change.
_ORDINARY = re.compile("[0-9A-Za-z-]*")

# Unicode's Default_Ignorable_Code_Point that are no format characters, a blank of Braille, and Word's U+001F.
_IGNORABLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    "\u2800\u001f]"
)
# A line break, with the marks of quotation that mail programs put before the next line.
_LINE_BREAK = re.compile("[\r\n\v\f\u0085\u2028\u2029]+[\t \u00a0]*(?:[>|][\t \u00a0]*)*")
_FULL_WIDTH = re.compile("[\uff01-\uff5e]")
# Digits of Arabic and Persian keyboards.
_ARABIC_DIGITS = re.compile("[\u0660-\u0669\u06f0-\u06f9]")
_DOTTED_I = re.compile("([Ii])\u0307+")
# Beside Unicode's Dash_Punctuation what else is typed or printed for a dash: hyphen bullet, minus signs, box drawings,
# the long vowel mark of Japanese keyboards, and U+001E, the non-breaking hyphen of Word in plain text.
_OTHER_DASHES = frozenset("\u02d7\u2043\u207b\u208b\u2212\u2500\u2501\u2796\u30fc\uff70\u001e")
# Quotes, brackets, bullets and the marks for quoted lines and bold text before a key.
_OPENING = frozenset("\"'`\u00b4<>|*\u2022\u00b7" + SPACES)
# The same after a key, and the punctuation of the sentence it was in.
_CLOSING = frozenset("\"'`\u00b4>*.,;:\u3001\u3002" + SPACES)


def clean_key(text: str) -> str:
    """
    A key without what pasting added.

    Dashes are "-", full-width characters ordinary ones; invisible characters and line breaks are removed, other white
    space is one blank; quotes, brackets and punctuation around it are removed. Case and all other characters stay.
    """
    if _ORDINARY.fullmatch(text):
        return text
    text = _IGNORABLE.sub("", text)
    text = "".join(one for one in text if unicodedata.category(one) != "Cf")
    text = _LINE_BREAK.sub("", text)
    text = _FULL_WIDTH.sub(lambda found: chr(ord(found[0]) - 0xFEE0), text)
    text = _ARABIC_DIGITS.sub(lambda found: str(ord(found[0]) & 15), text)
    # Programs that change case by Turkish rules make dotted capital and dotless small I. Decomposed, a dot is U+0307.
    text = unicodedata.normalize("NFD", text).replace("\u0131", "i")
    text = unicodedata.normalize("NFC", _DOTTED_I.sub(r"\1", text))
    text = "".join("-" if one in _OTHER_DASHES or unicodedata.category(one) == "Pd" else one for one in text)
    return _without_marks(with_single_blanks(text))


def _without_marks(text: str) -> str:
    start, end = 0, len(text)
    while start < end and (text[start] in _OPENING or unicodedata.category(text[start]) in ("Pi", "Pf", "Ps")):
        start += 1
    while end > start and (text[end - 1] in _CLOSING or unicodedata.category(text[end - 1]) in ("Pi", "Pf", "Ps", "Pe")):
        end -= 1
    return text[start:end]
