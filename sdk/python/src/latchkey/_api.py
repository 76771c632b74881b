"""Calls to the License API: repeated where that helps, one idempotency key for each action, refusals as errors."""

from __future__ import annotations

import threading
from typing import Any, Callable, Dict, List, Mapping, Optional, Set

from ._encoding import well_formed
from ._errors import LatchkeyError
from ._forks import follow_forks
from ._json import read_object, write_json
from ._retry import RetryPolicy, delay_before_retry, read_retry_after
from ._transport import MAX_ANSWER, Request, Response, Transport

Body = Dict[str, Any]

_LONGEST_WAIT = 1e6


def fraction_of(random: Callable[[int], bytes]) -> float:
    """A random number from 0 to 1."""
    return int.from_bytes(random(2), "big") / 65_535


class Api:
    """Calls of one client. Calls of several threads are independent of each other."""

    def __init__(
        self,
        url: str,
        api_key: str,
        *,
        transport: Transport,
        clock: Callable[[], float],
        random: Callable[[int], bytes],
        timeout: float,
        retries: RetryPolicy,
    ) -> None:
        self._url = url.rstrip("/")
        self._api_key = api_key
        self._transport = transport
        self._clock = clock
        self._random = random
        self._timeout = timeout
        self._retries = retries
        self._is_closed = False
        self.after_fork()
        follow_forks(self)

    def after_fork(self) -> None:
        """Forgets what other threads wait for, which are not in this process."""
        self._lock = threading.Lock()
        self._waiting: Set[threading.Event] = set()

    def open(self) -> None:
        self._is_closed = False

    def close(self) -> None:
        """Ends waiting calls; later ones fail until it is opened again."""
        with self._lock:
            self._is_closed = True
            for waiting in self._waiting:
                waiting.set()

    def post(self, path: str, body: Mapping[str, Any], *, changes: bool = True) -> Body:
        """
        Posts JSON and returns the answer's. Members that are None are not sent.

        :param changes: whether the call changes something, so that it is sent with an idempotency key
        :raises LatchkeyError:
        """
        sent = write_json({name: value for name, value in body.items() if value is not None})
        headers = {"Content-Type": "application/json", "Accept": "application/json", "X-API-Key": self._api_key}
        if changes:
            headers["Idempotency-Key"] = self._random(16).hex()
        request = Request("POST", self._url + path, headers, sent.encode("utf-8"), self._timeout)
        answer = self._send(request, self._retries)
        try:
            return read_object(answer.body.decode("utf-8"))
        except ValueError:
            message = "The answer is not a license server's; a proxy or a sign-in page of the network may be between."
            raise LatchkeyError("UNTRUSTED_ANSWER", message, status=answer.status) from None

    def get_text(self, url: str) -> str:
        """Gets a text of the server, without the API key and without repeating. :raises LatchkeyError:"""
        if not url.startswith(("http://", "https://")):
            raise LatchkeyError("NETWORK_ERROR", "The address is not one of HTTP.")
        answer = self._send(Request("GET", url, {}, None, self._timeout), RetryPolicy(attempts=1))
        return answer.body.decode("utf-8", "replace")

    def _send(self, request: Request, policy: RetryPolicy) -> Response:
        attempt = 0
        while True:
            attempt += 1
            answer: Optional[Response] = None
            try:
                answer = self._attempt(request)
            except Exception as cause:
                error = LatchkeyError("NETWORK_ERROR", f"The license server was not reached: {cause}")
                error.__cause__ = cause
            else:
                if 200 <= answer.status < 300:
                    return answer
                error = _refusal_of(answer, self._clock())
            status = 0 if answer is None else answer.status
            retry_after = None if answer is None else _header(answer, "retry-after")
            delay = delay_before_retry(
                status, retry_after, attempt, fraction_of(self._random), self._clock(), policy
            )
            if delay is None or self._is_closed or self._wait(delay):
                raise error

    def _attempt(self, request: Request) -> Response:
        """Sends a request in a thread of its own, which is left alone when it takes too long."""
        ended = threading.Event()
        answers: List[Response] = []
        errors: List[BaseException] = []

        def send() -> None:
            try:
                answers.append(self._transport(request))
            except BaseException as error:
                errors.append(error)
            ended.set()

        def begin() -> None:
            threading.Thread(target=send, name="latchkey-request", daemon=True).start()

        if self._wait(request.timeout, ended, begin):
            raise ConnectionAbortedError("The client was stopped.")
        if errors:
            raise errors[0]
        if not answers:
            raise TimeoutError("The request took too long.")
        if len(answers[0].body) > MAX_ANSWER:
            raise OSError("The answer is too large.")
        return answers[0]

    def _wait(
        self,
        seconds: float,
        event: Optional[threading.Event] = None,
        begin: Optional[Callable[[], None]] = None,
    ) -> bool:
        """Waits so long, or until the event. Whether the client was stopped."""
        event = event or threading.Event()
        with self._lock:
            if self._is_closed:
                return True
            self._waiting.add(event)
        try:
            if begin is not None:
                begin()
            event.wait(min(seconds, _LONGEST_WAIT))
            return self._is_closed
        finally:
            with self._lock:
                self._waiting.discard(event)


def _header(answer: Response, name: str) -> Optional[str]:
    return next((value for known, value in answer.headers.items() if known.lower() == name), None)


def _refusal_of(answer: Response, now: float) -> LatchkeyError:
    """The error of a refusal; of an answer that is no error of the server, such as that of a proxy, by its status."""
    try:
        body = read_object(answer.body.decode("utf-8"))
    except ValueError:
        body = {}
    error = body.get("error")
    facts = error if isinstance(error, dict) else {}
    code, message, details = facts.get("code"), facts.get("message"), facts.get("details")
    signature = body.get("signature")
    return LatchkeyError(
        well_formed(code) if isinstance(code, str) else f"HTTP_{answer.status}",
        well_formed(message)
        if isinstance(message, str) and message
        else f"The server answered with the status {answer.status}.",
        details=details if isinstance(details, dict) else {},
        request_id=_header(answer, "x-request-id"),
        status=answer.status,
        retry_after=read_retry_after(_header(answer, "retry-after"), now),
        signature=signature if isinstance(signature, str) else None,
    )
