"""Where the library keeps what it knows: one text. An app may bring its own storage, such as a keychain."""

from __future__ import annotations

import abc
import contextlib
from typing import ContextManager, Optional


class Storage(abc.ABC):
    """Keeps one text. Its methods may be called by several threads, :meth:`write` by one at a time."""

    @abc.abstractmethod
    def read(self) -> Optional[str]:
        """The text that was written last; None when there is none. Raises when it cannot be read."""

    @abc.abstractmethod
    def write(self, text: str) -> None:
        """Replaces the text as a whole: a reader finds the old text or the new one. Raises when it cannot be kept."""

    def exclusively(self) -> ContextManager[object]:
        """While it is entered, no other process writes; without it, changes of two processes at once may be lost."""
        return contextlib.nullcontext()


class MemoryStorage(Storage):
    """Keeps it as long as the program runs."""

    def __init__(self) -> None:
        self._text: Optional[str] = None

    def read(self) -> Optional[str]:
        return self._text

    def write(self, text: str) -> None:
        self._text = text
