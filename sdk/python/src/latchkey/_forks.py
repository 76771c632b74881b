"""Processes that fork: a lock that another thread holds at that moment would never be released in the new process."""

from __future__ import annotations

import os
import weakref
from typing import Protocol


class Forked(Protocol):
    def after_fork(self) -> None:
        """In a new process: other threads, and what they wait for, are not in it."""


_known: "weakref.WeakSet[Forked]" = weakref.WeakSet()


def follow_forks(part: Forked) -> None:
    """Tells it of each fork, as long as it is in use."""
    _known.add(part)


def _after_fork() -> None:
    for part in list(_known):
        part.after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
