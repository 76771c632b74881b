"""The record of the license in its storage: read each time, changed step by step, and held in memory where nothing can be
kept."""

from __future__ import annotations

import threading
from typing import Callable, Optional

from ._forks import follow_forks
from ._record import Record, read_record, write_record
from ._storage import Storage


class KeptRecord:
    """Changes of this process take turns; reading never waits for them."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._record = Record()
        self._changes = 0
        self._error: Optional[Exception] = None
        self.after_fork()
        follow_forks(self)

    def after_fork(self) -> None:
        """Takes locks that no thread of another process holds."""
        self._is_writing = False
        self._turn = threading.Lock()
        self._lock = threading.Lock()

    @property
    def error(self) -> Optional[Exception]:
        """Why the last change is in memory alone: a full disk, a folder that cannot be written to; None: it was kept."""
        return self._error

    def read(self) -> Record:
        """The record, with what another process has written."""
        while True:
            with self._lock:
                # What is in memory is newer than the file, or there is none.
                if self._error is not None or self._is_writing:
                    return self._record
                changes = self._changes
            kept: Optional[Record] = None
            error: Optional[Exception] = None
            try:
                kept = self._read_storage()
            except Exception as cause:
                error = cause
            with self._lock:
                # What was read meanwhile may be older than a change of another thread.
                if self._changes == changes:
                    self._error = error
                    # What was seen is never forgotten while the app runs, even if its file is put back.
                    if kept is not None:
                        seen = self._record
                        self._record = kept.with_seen(
                            seen.trusted, seq=seen.seq, lists=seen.lists, removed=seen.removed
                        )
                    return self._record

    def change(self, change: Callable[[Record], Record]) -> Record:
        """Changes the record. Never fails because of the storage."""
        with self._turn:
            is_changed = False
            try:
                with self._storage.exclusively():
                    before = self.read()
                    after = change(before)
                    is_changed = True
                    had_error = self._error is not None
                    if after is before and not had_error:
                        return after
                    self._set(after, is_writing=True)
                    self._storage.write(write_record(after))
                    self._error = None
            except Exception as error:
                if not is_changed:
                    self._set(change(self._record))
                self._error = error
            finally:
                self._is_writing = False
            return self._record

    def _set(self, record: Record, is_writing: bool = False) -> None:
        with self._lock:
            self._record = record
            self._is_writing = is_writing
            self._changes += 1

    def _read_storage(self) -> Optional[Record]:
        """None for a text that is cut, or none: what is in memory is the newest."""
        text = self._storage.read()
        try:
            return None if text is None else read_record(text)
        except ValueError:
            return None
