"""The client of an app: its license on this device, known at once without a network, and refreshed in the background."""

from __future__ import annotations

import dataclasses
import os
import threading
import time
from types import TracebackType
from typing import Any, Callable, Mapping, Optional, Type, TypeVar

from ._actions import Actions
from ._api import Api
from ._changes import Changes, Listener
from ._device import Device
from ._errors import LatchkeyError
from ._forks import follow_forks
from ._kept_record import KeptRecord
from ._license_file import App
from ._local_state import LicenseStatus, local_state
from ._options import Options, PublicKeys, read_device, read_duration, read_keys, read_retries, whole_seconds
from ._refresh import keep_list
from ._refreshing import Refreshing
from ._retry import RetryPolicy
from ._seats import LicenseCall, Seats
from ._sharing import Shared
from ._storage import Storage
from ._transport import HttpTransport, Transport
from ._updates import Update, check_for_update
from ._usage import Usage

_T = TypeVar("_T")


class LicenseClient:
    """
    The license of an app on this device. All methods may be called by several threads.

    As a context manager it is started, and stopped at the end::

        with LicenseClient(...) as license:
            print(license.status().state)

    :param url: address of the license server
    :param api_key: an API key of the product
    :param product: the product's code
    :param version: of this release of the app
    :param released: the day of this release, ``YYYY-MM-DD``; None: not known
    :param public_keys: the keys of ``/.well-known/jwks/{product}.json``, compiled into the app. Never read them from a
        file that its user can write to, or from the network
    :param device: the device, as :func:`latchkey.machine_device` finds it or the app itself
    :param storage: where it is kept, such as :class:`latchkey.FileStorage`
    :param device_name: the device's name that the customer sees
    :param refresh_interval: seconds between refreshes; at least 60 are waited
    :param fresh_for: how long a validation counts as fresh; seconds
    :param offline_grace: how long a license without a license file may be used while the server is not reached; seconds
    :param timeout: seconds until a request is ended
    :param retries: how often and how long calls are repeated
    :param transport: for tests, and networks of your own
    :param clock: seconds since 1970
    :param random: so many random bytes
    :raises InvalidOptionsError: for an option that cannot be used
    """

    seats: Seats
    """Sessions of concurrent users."""
    usage: Usage
    """Metered use."""

    def __init__(
        self,
        *,
        url: str,
        api_key: str,
        product: str,
        version: str,
        released: Optional[str],
        public_keys: PublicKeys,
        device: Device,
        storage: Storage,
        device_name: Optional[str] = None,
        refresh_interval: float = 3600,
        fresh_for: float = 86_400,
        offline_grace: float = 259_200,
        timeout: float = 20,
        retries: RetryPolicy = RetryPolicy(),
        transport: Optional[Transport] = None,
        clock: Callable[[], float] = time.time,
        random: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self._options = options = Options(
            url=url,
            api_key=api_key,
            app=App(product, version, released),
            public_keys=read_keys(public_keys),
            device=read_device(device),
            storage=storage,
            device_name=device_name,
            refresh_interval=read_duration("refresh_interval", refresh_interval),
            fresh_for=read_duration("fresh_for", fresh_for),
            offline_grace=read_duration("offline_grace", offline_grace),
            timeout=read_duration("timeout", timeout),
            retries=read_retries(retries),
            transport=transport or HttpTransport(),
            clock=clock,
            random=random,
        )
        self._api = Api(
            url,
            api_key,
            transport=options.transport,
            clock=clock,
            random=random,
            timeout=options.timeout,
            retries=options.retries,
        )
        self._kept = KeptRecord(storage)
        self._actions = Actions(self._api, self._kept, options)
        self._changes = Changes()
        self._turn = threading.Lock()
        self._shared = Shared(self._refresh_in_turn)
        self._refreshing = Refreshing(options, self.refresh)
        call = LicenseCall(self._api, options.device, self._actions.license_key)
        self.seats = Seats(call, clock)
        self.usage = Usage(call, version)
        follow_forks(self)

    def __enter__(self) -> LicenseClient:
        self.start()
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        self.stop()

    def start(self) -> LicenseStatus:
        """The state by what is kept on the device. Refreshing begins in the background; the network is not waited for."""
        self._api.open()
        status = self.status()
        self._refreshing.start()
        return status

    def stop(self) -> None:
        """Ends refreshing and waiting calls. Calls to the server fail until it is started again."""
        self._refreshing.stop()
        self.seats.stop()
        self._api.close()

    def status(self) -> LicenseStatus:
        """The state by what is kept on the device, at this moment, without the network."""
        self._refreshing.resume()
        local = local_state(self._kept.read(), self._options, whole_seconds(self._options.clock()))
        return dataclasses.replace(local, error=self._refreshing.error, storage_error=self._kept.error)

    def on_change(self, listener: Listener) -> Callable[[], None]:
        """
        Calls a listener with the status at each new state, in the thread that has found it.

        :returns: a function that removes it
        """
        return self._changes.add(listener)

    def refresh(self) -> LicenseStatus:
        """Asks the server. Calls at the same time are one request. Never fails because of the network."""
        status = self._shared.run()
        self._changes.tell()
        return status

    def activate(self, typed: str, metadata: Optional[Mapping[str, Any]] = None) -> LicenseStatus:
        """
        Activates the license on this device.

        :param typed: the license key as it was typed or pasted
        :param metadata: about the device, for the vendor
        :returns: the status, also when the server refuses: ``limit_reached``, ``invalid``, ``expired``, ``disabled``
        :raises LatchkeyError: when the server was not reached, or refuses for another reason
        """

        def work() -> LicenseStatus:
            error = self._actions.activate(typed, metadata)
            return self._refresh() if error is None else self._refused(error)

        return self._in_turn(work)

    def deactivate(self) -> LicenseStatus:
        """Frees the activation and forgets the license. :raises LatchkeyError: and the license stays"""

        return self._done(self._actions.deactivate, self._refreshing.forget)

    def deactivate_offline(self) -> str:
        """
        Gives the device back without a network: deletes its license file and license, and refuses the file from now on.

        :returns: the removal code, which an administrator enters on the server; the same one when it is called again
        :raises LatchkeyError: ``NOT_ACTIVATED`` without a license file
        """

        def work() -> str:
            code = self._actions.deactivate_offline()
            self._refreshing.forget()
            self._noted()
            return code

        return self._in_turn(work)

    def check_out(self, *, ttl: Optional[int] = None, encrypt: Optional[bool] = None) -> LicenseStatus:
        """
        Gets a license file for the time without a network.

        :param ttl: seconds; as long as the license allows by default
        :param encrypt: whether only this device can read it
        :raises LatchkeyError:
        """
        return self._done(lambda: self._actions.check_out(ttl, encrypt))

    def check_in(self) -> LicenseStatus:
        """Gives the license file back; the device stays activated. :raises LatchkeyError:"""
        return self._done(self._actions.check_in)

    def install_file(self, text: str, license_key: Optional[str] = None) -> LicenseStatus:
        """
        Takes a license file that was carried in, without a network.

        :param license_key: for an encrypted file, if the device has no license yet
        :returns: ``invalid``, ``wrong_machine`` or ``not_activated`` (it was given back) for a file that is refused; the
            license stays as it was then
        """

        def work() -> LicenseStatus:
            refused = self._actions.install_file(text, license_key)
            if refused is None:
                return self._noted()
            return dataclasses.replace(
                self.status(), state=refused.state, usable=False, reason=refused.message, entitlements={}
            )

        return self._in_turn(work)

    def install_status_list(self, jws: str) -> LicenseStatus:
        """Takes a status list that was carried in. :raises InvalidTextError: for one that is not the vendor's"""
        return self._done(lambda: keep_list(jws, self._kept, self._options))

    def offline_request(self, typed: str, *, encrypt: Optional[bool] = None) -> str:
        """
        A request for a license file, as text, for a device that never has a network. :meth:`install_file` takes the answer.

        :param typed: the license key as it was typed or pasted
        :param encrypt: whether only this device can read the license file
        """
        return self._actions.offline_request(typed, encrypt)

    def check_for_update(self) -> Update:
        """Whether there is a newer release. :raises LatchkeyError:"""
        return check_for_update(self._api, self._actions.license_key(), self._options.app.version)

    def after_fork(self) -> None:
        self._turn = threading.Lock()

    def _in_turn(self, work: Callable[[], _T]) -> _T:
        """Requests about the license follow one another. Listeners are called afterwards."""
        try:
            with self._turn:
                return work()
        finally:
            self._changes.tell()

    def _done(self, *actions: Callable[[], object]) -> LicenseStatus:
        """The status after what is done."""

        def work() -> LicenseStatus:
            for action in actions:
                action()
            return self._noted()

        return self._in_turn(work)

    def _refresh_in_turn(self) -> LicenseStatus:
        with self._turn:
            return self._refresh()

    def _refresh(self) -> LicenseStatus:
        self._refreshing.note(self._actions.refresh())
        return self._noted()

    def _refused(self, error: LatchkeyError) -> LicenseStatus:
        """The status of a refusal that is about the license. A license that the device has already stays."""
        self._refreshing.error = error
        status = self.status()
        state = self._actions.state_of_refusal(error)
        if status.usable or state is None:
            return status
        return dataclasses.replace(status, state=state, usable=False, reason=error.message, code=error.code)

    def _noted(self) -> LicenseStatus:
        status = self.status()
        self._changes.note(status)
        return status
