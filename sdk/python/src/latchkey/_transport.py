"""The network, which an app can replace: one request, one answer."""

from __future__ import annotations

import functools
import http.client
import io
import socket
import ssl
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from typing import Any, Callable, List, Mapping, Optional

MAX_ANSWER = 4_194_304
"""An answer of more bytes than this is none of the server's."""

_BLOCK = 65_536
_MOST_REDIRECTS = 5


@dataclass(frozen=True)
class Request:
    """A request to the license server."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: Optional[bytes]
    timeout: float
    """Seconds until the request has to be ended."""


@dataclass(frozen=True)
class Response:
    """An answer, whatever its status is."""

    status: int
    headers: Mapping[str, str]
    """Compared without case by the library."""
    body: bytes


Transport = Callable[[Request], Response]
"""Sends a request; raises an exception, such as OSError, when the server was not reached."""


class HttpTransport:
    """
    HTTP by the standard library.

    Proxies are those of the environment (``https_proxy``, ``no_proxy``) or of the system. Certificates are verified.
    Redirects are followed within the server only, so that no other one gets the API key. The time limit is that of the
    whole request, however slowly bytes come in.

    :param context: for certificates of your own; the system's by default
    """

    def __init__(self, context: Optional[ssl.SSLContext] = None) -> None:
        self._context = context

    def __call__(self, request: Request) -> Response:
        deadline = time.monotonic() + request.timeout
        opener = self._opener(request.url, deadline)
        url = request.url
        for _ in range(_MOST_REDIRECTS):
            answer = _open(opener, request, url, deadline)
            target = _target_within(url, request.method, answer)
            if target is None:
                return answer
            url = target
        raise OSError("The server redirects too often.")

    def _opener(self, url: str, deadline: float) -> urllib.request.OpenerDirector:
        # Not build_opener, which would read files, and follow redirects to anywhere.
        opener = urllib.request.OpenerDirector()
        opener.addheaders = [("User-Agent", "latchkey-python")]
        opener.add_handler(urllib.request.ProxyHandler())
        opener.add_handler(urllib.request.UnknownHandler())
        opener.add_handler(_Http(deadline))
        if urllib.parse.urlsplit(url).scheme == "https":
            # It reads all certificates of the system, so it is made once, and where it is needed.
            if self._context is None:
                self._context = ssl.create_default_context()
            opener.add_handler(_Https(deadline, self._context))
        return opener


def _open(opener: urllib.request.OpenerDirector, request: Request, url: str, deadline: float) -> Response:
    sent = urllib.request.Request(url, request.body, dict(request.headers), method=request.method)
    try:
        opened = opener.open(sent, timeout=_rest(deadline))
    except urllib.error.URLError as error:
        # Its reason says what has failed.
        raise error.reason if isinstance(error.reason, Exception) else error from None
    with opened as answer:
        blocks: List[bytes] = []
        size = 0
        while True:
            block = answer.read(_BLOCK)
            if not block:
                if answer.length:
                    raise http.client.IncompleteRead(b"".join(blocks), answer.length)
                return Response(answer.status, dict(answer.headers.items()), b"".join(blocks))
            size += len(block)
            if size > MAX_ANSWER:
                raise OSError("The answer is too large.")
            blocks.append(block)


def _target_within(url: str, method: str, answer: Response) -> Optional[str]:
    """Where an answer redirects to, within the same scheme, name and port; None: it is the answer."""
    keeps_method = answer.status in (307, 308) or answer.status in (301, 302, 303) and method == "GET"
    location = next((value for name, value in answer.headers.items() if name.lower() == "location"), None)
    if not keeps_method or location is None:
        return None
    target = urllib.parse.urljoin(url, location)
    here, there = urllib.parse.urlsplit(url), urllib.parse.urlsplit(target)
    return target if (here.scheme, here.netloc) == (there.scheme, there.netloc) else None


class _Http(urllib.request.HTTPHandler):
    def __init__(self, deadline: float) -> None:
        super().__init__()
        self._deadline = deadline

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        made: Any = functools.partial(_connect, http.client.HTTPConnection, self._deadline)
        return self.do_open(made, req)


class _Https(urllib.request.HTTPSHandler):
    def __init__(self, deadline: float, context: ssl.SSLContext) -> None:
        super().__init__(context=context)
        self._deadline = deadline
        self._verifying = context

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        made: Any = functools.partial(
            _connect, http.client.HTTPSConnection, self._deadline, context=self._verifying
        )
        return self.do_open(made, req)


def _connect(kind: Callable[..., Any], deadline: float, host: str, **options: Any) -> Any:
    """A connection whose answers have to be there at the deadline."""
    options["timeout"] = _rest(deadline)
    connection = kind(host, **options)
    connection.response_class = functools.partial(_Answer, deadline)
    return connection


class _Answer(http.client.HTTPResponse):
    def __init__(self, deadline: float, sock: socket.socket, *args: Any, **options: Any) -> None:
        super().__init__(sock, *args, **options)
        buffered: Any = self.fp
        self.fp = io.BufferedReader(_UntilDeadline(sock, buffered.detach(), deadline))


class _UntilDeadline(io.RawIOBase):
    """A socket's bytes; each wait for more of them ends at the deadline."""

    def __init__(self, sock: socket.socket, raw: Any, deadline: float) -> None:
        super().__init__()
        self._sock = sock
        self._raw = raw
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> Optional[int]:
        self._sock.settimeout(_rest(self._deadline))
        found: Optional[int] = self._raw.readinto(buffer)
        return found

    def close(self) -> None:
        if not self.closed:
            self._raw.close()
        super().close()


def _rest(deadline: float) -> float:
    rest = deadline - time.monotonic()
    if rest <= 0:
        raise TimeoutError("The request took too long.")
    return rest
