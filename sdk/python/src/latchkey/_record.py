"""What the library keeps between runs, in the same form in all languages. All of it that decides is signed, so that an
edited record is worth nothing."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, Mapping, NamedTuple, Optional

from ._json import is_integer, is_time, read_object
from ._license_file import Seen


class Removed(NamedTuple):
    """An activation that was given back without a network."""

    seq: int
    """That of the license file."""
    code: str
    """The removal code."""


@dataclass(frozen=True)
class Record:
    license_key: Optional[str] = None
    """As it is sent to the server; None: not activated."""
    file: Optional[str] = None
    """The license file."""
    validation: Optional[str] = None
    """The last signed validation."""
    refusal: Optional[str] = None
    """The code by which the server refused the license last, unsigned; None: it did not."""
    trusted: int = 0
    """The latest trusted time; seconds since 1970."""
    seq: Mapping[str, int] = field(default_factory=dict)
    """The greatest ``seq`` by activation."""
    lists: Mapping[str, int] = field(default_factory=dict)
    """The latest ``iat`` by address of a status list."""
    removed: Mapping[str, Removed] = field(default_factory=dict)
    """By activation."""
    list: Optional[str] = None
    """The latest status list of the file."""

    @property
    def seen(self) -> Seen:
        removed = {activation: one.seq for activation, one in self.removed.items()}
        return Seen(self.trusted, self.seq, self.lists, removed)

    def with_seen(
        self,
        trusted: int = 0,
        *,
        seq: Optional[Mapping[str, int]] = None,
        lists: Optional[Mapping[str, int]] = None,
        removed: Optional[Mapping[str, Removed]] = None,
    ) -> Record:
        """With what was seen as well: the later time, and the greater of each number."""
        return dataclasses.replace(
            self,
            trusted=max(self.trusted, trusted),
            seq=_greatest(self.seq, seq or {}),
            lists=_greatest(self.lists, lists or {}),
            removed=_greatest(self.removed, removed or {}),
        )

    def forgetting(self, **members: Any) -> Record:
        """A new record that keeps only what was seen, with these members."""
        return Record(**members).with_seen(self.trusted, seq=self.seq, lists=self.lists, removed=self.removed)


def _greatest(one: Mapping[str, Any], other: Mapping[str, Any]) -> Dict[str, Any]:
    found = dict(one)
    for name, value in other.items():
        found[name] = max(found[name], value) if name in found else value
    return found


def read_record(text: str) -> Record:
    """Reads a record; members of wrong types count as not there. :raises ValueError: when the text is no JSON object"""
    given = read_object(text)

    def text_of(name: str) -> Optional[str]:
        value = given.get(name)
        return value if isinstance(value, str) else None

    def members_of(name: str) -> Dict[str, Any]:
        value = given.get(name)
        return value if isinstance(value, dict) else {}

    def numbers_of(name: str, is_one: Callable[[object], bool]) -> Dict[str, int]:
        return {member: int(value) for member, value in members_of(name).items() if is_one(value)}

    removed = {
        activation: Removed(int(one["seq"]), one["code"])
        for activation, one in members_of("removed").items()
        if isinstance(one, dict) and is_integer(one.get("seq")) and isinstance(one.get("code"), str)
    }
    trusted = given.get("trusted")
    return Record(
        license_key=text_of("license_key"),
        file=text_of("file"),
        validation=text_of("validation"),
        refusal=text_of("refusal"),
        trusted=int(trusted) if trusted is not None and is_time(trusted) else 0,
        seq=numbers_of("seq", is_integer),
        lists=numbers_of("lists", is_time),
        removed=removed,
        list=text_of("list"),
    )


def write_record(record: Record) -> str:
    members = {
        "format": 1,
        "license_key": record.license_key,
        "file": record.file,
        "validation": record.validation,
        "refusal": record.refusal,
        "trusted": record.trusted,
        "seq": dict(record.seq),
        "lists": dict(record.lists),
        "removed": {activation: one._asdict() for activation, one in record.removed.items()},
        "list": record.list,
    }
    return f"{json.dumps(members, indent=2)}\n"
