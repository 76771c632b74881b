"""A file in which the license is kept. It is replaced as a whole, and two processes take turns."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
import time
from typing import Iterator, Optional, Union

from ._json import read_object
from ._storage import Storage

# A lock that is older was left by a process that ended; seconds.
_LOCK_AGE = 10.0
# How long another process is waited for; seconds.
_LOCK_WAIT = 3.0
_RENAMES = 10
# A file of more bytes is no record.
_MAX_SIZE = 1_048_576


class FileStorage(Storage):
    """
    Keeps the license in a file that only its user can read. Beside it are the record before, as ``.previous``, and
    while it is changed ``.lock``.

    :param path: of the file; its folder is created
    """

    def __init__(self, path: Union[str, "os.PathLike[str]"]) -> None:
        self.path = os.path.abspath(os.fspath(path))
        self._previous = f"{self.path}.previous"

    def read(self) -> Optional[str]:
        text = _read_text(self.path)
        if text is not None and _is_whole(text):
            return text
        # The file was cut or removed: the one before it is whole.
        previous = _read_text(self._previous)
        return text if previous is None else previous

    def write(self, text: str) -> None:
        folder = os.path.dirname(self.path)
        os.makedirs(folder, exist_ok=True)
        temporary = f"{self.path}.{secrets.token_hex(8)}"
        try:
            with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(text.encode("utf-8"))
                file.flush()
                os.fsync(file.fileno())
            kept = _read_text(self.path)
            if kept is not None and _is_whole(kept):
                self._keep_previous(f"{temporary}.previous")
            _replace(temporary, self.path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.remove(temporary)
            raise
        _sync_folder(folder)

    def _keep_previous(self, spare: str) -> None:
        """Gives the file a second name, so that a reader always finds one under the first; where there are links."""
        try:
            os.link(self.path, spare)
        except (AttributeError, NotImplementedError, OSError):
            _replace(self.path, self._previous)
        else:
            _replace(spare, self._previous)

    @contextlib.contextmanager
    def exclusively(self) -> Iterator[None]:
        lock = f"{self.path}.lock"
        identity = _lock(lock)
        try:
            yield
        finally:
            # A process that was held up for long may have lost its lock to another one.
            if identity is not None and _identity(lock) == identity:
                with contextlib.suppress(OSError):
                    os.remove(lock)


def _read_text(path: str) -> Optional[str]:
    """The text of a file; None when there is none. What is no record is an empty text."""
    try:
        # A pipe in the place of the file would be waited for.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(f"{path} is not a file.")
    with open(descriptor, "rb") as file:
        data = file.read(_MAX_SIZE + 1)
    try:
        return data.decode("utf-8") if len(data) <= _MAX_SIZE else ""
    except UnicodeDecodeError:
        return ""


def _replace(source: str, target: str) -> None:
    """Renames; under Windows that has to wait for a process that is reading the target."""
    for _ in range(_RENAMES):
        try:
            return os.replace(source, target)
        except PermissionError:
            time.sleep(0.02)
    os.replace(source, target)


def _is_whole(text: str) -> bool:
    try:
        read_object(text)
    except ValueError:
        return False
    return True


def _sync_folder(folder: str) -> None:
    """Makes the new name last, where the system can."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _identity(path: str) -> Optional[int]:
    try:
        return os.stat(path).st_ino
    except OSError:
        return None


def _lock(path: str) -> Optional[int]:
    """Locks by a file that only one process can create. None: another process has held it for too long."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    deadline = time.monotonic() + _LOCK_WAIT
    while True:
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            try:
                return os.fstat(descriptor).st_ino
            finally:
                os.close(descriptor)
        except FileExistsError:
            pass
        try:
            age = time.time() - os.stat(path).st_mtime
        except OSError:
            age = 0.0
        if age > _LOCK_AGE:
            with contextlib.suppress(FileNotFoundError):
                os.remove(path)
        elif time.monotonic() > deadline:
            return None
        else:
            time.sleep(0.01)
