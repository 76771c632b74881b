//! The client of an app: its license on this device.

use crate::callbacks::{hear, is_called_by_library, Environment, Heard, Listener};
use crate::{ffi, Builder, Error, Seats, Status, Update, Usage};
use std::collections::HashMap;
use std::ffi::{c_char, c_int};
use std::fmt;
use std::mem::ManuallyDrop;
use std::ptr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The license of an app on this device. All calls may be made by several threads at once.
///
/// Dropping it stops it: requests and delays end, and its threads are waited for.
pub struct Client {
    native: Option<Native>,
    listeners: Mutex<HashMap<u64, Arc<Heard>>>,
}

/// What has to live as long as the C library may call it.
struct Native {
    client: *mut ffi::Client,
    _environment: Box<Environment>,
    heard: Mutex<Vec<Arc<Heard>>>,
}

// SAFETY: all functions of one client may be called by several threads, and what it calls is Send and Sync.
unsafe impl Send for Native {}
unsafe impl Sync for Native {}

impl Drop for Native {
    fn drop(&mut self) {
        // SAFETY: no other call is running, as calls borrow the client.
        unsafe { ffi::latchkey_client_free(self.client) }
    }
}

/// A listener, by which it is removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ListenerId(u64);

type Failure = *mut *mut ffi::Failure;

impl Client {
    /// Begins with the options of a client.
    pub fn builder() -> Builder {
        Builder::default()
    }

    pub(crate) fn of(options: &ffi::Options, environment: Box<Environment>) -> Result<Client, Error> {
        // SAFETY: the texts of the options live until the call has returned, the environment as long as the client.
        let client = call(|error, client| unsafe { ffi::latchkey_client_new(options, client, error) })?;
        let native = Native { client, _environment: environment, heard: Mutex::default() };
        Ok(Client { native: Some(native), listeners: Mutex::default() })
    }

    /// The address of the client in C; it is there until the client is dropped.
    pub(crate) fn as_ptr(&self) -> *mut ffi::Client {
        self.native.as_ref().map_or(ptr::null_mut(), |native| native.client)
    }

    /// The state by what is kept on the device. Refreshing begins in a thread; the network is not waited for.
    ///
    /// # Errors
    /// There is no memory.
    pub fn start(&self) -> Result<Status, Error> {
        // SAFETY: the client lives as long as it is borrowed, and texts until the call has returned; so in all calls.
        self.status_of(|error, status| unsafe { ffi::latchkey_client_start(self.as_ptr(), status, error) })
    }

    /// Ends refreshing and renewing, and requests and delays that other threads wait for. [`Client::start`] begins
    /// again.
    pub fn stop(&self) {
        unsafe { ffi::latchkey_client_stop(self.as_ptr()) }
    }

    /// The state by what is kept on the device, at this moment, without the network.
    ///
    /// # Errors
    /// There is no memory.
    pub fn status(&self) -> Result<Status, Error> {
        self.status_of(|error, status| unsafe { ffi::latchkey_client_status(self.as_ptr(), status, error) })
    }

    /// Asks the server. Calls at the same time are one request. It succeeds also when the server is not reached or not
    /// believed: [`Status::error`] says so.
    ///
    /// # Errors
    /// There is no memory.
    pub fn refresh(&self) -> Result<Status, Error> {
        self.status_of(|error, status| unsafe { ffi::latchkey_client_refresh(self.as_ptr(), status, error) })
    }

    /// Activates the license on this device. The license key may be as it was typed or pasted. A refusal about the license
    /// is the state: limit reached, invalid, expired or disabled.
    ///
    /// # Errors
    /// Other refusals, and a server that is not reached.
    pub fn activate(&self, typed: &str) -> Result<Status, Error> {
        let typed = ffi::c_text(typed);
        self.status_of(|error, status| unsafe {
            ffi::latchkey_client_activate(self.as_ptr(), typed.as_ptr(), status, error)
        })
    }

    /// Frees the activation and forgets the license.
    ///
    /// # Errors
    /// The license stays: the server was not reached, or refuses it.
    pub fn deactivate(&self) -> Result<Status, Error> {
        self.status_of(|error, status| unsafe { ffi::latchkey_client_deactivate(self.as_ptr(), status, error) })
    }

    /// Gives the device back without a network: deletes license file and license, and makes the removal code that the user
    /// enters in the vendor's panel. Called again it returns the same code.
    ///
    /// # Errors
    /// There is no license file that a code could be made of.
    pub fn deactivate_offline(&self) -> Result<String, Error> {
        text_of(|error, code| unsafe { ffi::latchkey_client_deactivate_offline(self.as_ptr(), code, error) })
    }

    /// Gets a license file for the time without a network: for so many seconds at most, or as long as the license allows.
    /// `encrypt`: only this device can read it.
    ///
    /// # Errors
    /// A refusal, a server that is not reached, and a time of less than a second.
    pub fn check_out(&self, ttl: Option<Duration>, encrypt: bool) -> Result<Status, Error> {
        let ttl = ttl.map_or(Ok(0), seconds)?;
        self.status_of(|error, status| unsafe {
            ffi::latchkey_client_check_out(self.as_ptr(), ttl, c_int::from(encrypt), status, error)
        })
    }

    /// Gives the license file back; the device stays activated.
    ///
    /// # Errors
    /// A refusal, and a server that is not reached.
    pub fn check_in(&self) -> Result<Status, Error> {
        self.status_of(|error, status| unsafe { ffi::latchkey_client_check_in(self.as_ptr(), status, error) })
    }

    /// Takes a license file that was carried in, without a network. `license_key` is for an encrypted file, if the device
    /// has no license yet. A file that is refused is the state: invalid, wrong machine or not activated; the license stays
    /// as it was then.
    ///
    /// # Errors
    /// What cannot be a license key.
    pub fn install_file(&self, text: &str, license_key: Option<&str>) -> Result<Status, Error> {
        let text = ffi::c_text(text);
        let key = license_key.map(ffi::c_text);
        let key = key.as_ref().map_or(ptr::null(), |key| key.as_ptr());
        self.status_of(|error, status| unsafe {
            ffi::latchkey_client_install_file(self.as_ptr(), text.as_ptr(), key, status, error)
        })
    }

    /// Takes a status list that was carried in.
    ///
    /// # Errors
    /// [`UntrustedAnswer`](crate::ErrorKind::UntrustedAnswer) for one that is not the vendor's.
    pub fn install_status_list(&self, list: &str) -> Result<Status, Error> {
        let list = ffi::c_text(list);
        self.status_of(|error, status| unsafe {
            ffi::latchkey_client_install_status_list(self.as_ptr(), list.as_ptr(), status, error)
        })
    }

    /// The text of a request for a license file, for a device that never has a network. [`Client::install_file`] takes the
    /// answer. `encrypt` asks for a file that only this device can read.
    ///
    /// # Errors
    /// What cannot be a license key.
    pub fn offline_request(&self, typed: &str, encrypt: bool) -> Result<String, Error> {
        let typed = ffi::c_text(typed);
        text_of(|error, text| unsafe {
            ffi::latchkey_client_offline_request(self.as_ptr(), typed.as_ptr(), c_int::from(encrypt), text, error)
        })
    }

    /// Whether there is a newer release.
    ///
    /// # Errors
    /// A refusal, and a server that is not reached.
    pub fn check_for_update(&self) -> Result<Update, Error> {
        call(|error, update| unsafe { ffi::latchkey_client_check_for_update(self.as_ptr(), update, error) })
            .map(|update| unsafe { Update::take(update) })
    }

    /// Sessions of concurrent users.
    pub fn seats(&self) -> Seats<'_> {
        Seats { client: self }
    }

    /// Metered use.
    pub fn usage(&self) -> Usage<'_> {
        Usage { client: self }
    }

    /// Calls a closure with each new state, in the thread whose call brought it. It may call the client. A panic in it is
    /// caught and has no effect.
    pub fn on_change(&self, listener: impl Fn(&Status) + Send + Sync + 'static) -> ListenerId {
        let listener: Arc<Listener> = Arc::new(listener);
        let heard = Arc::new(Heard(Mutex::new(Some(listener))));
        let context = Arc::as_ptr(&heard).cast_mut().cast();
        if let Some(native) = &self.native {
            native.heard.lock().unwrap_or_else(PoisonError::into_inner).push(heard.clone());
        }
        let number = unsafe { ffi::latchkey_client_on_change(self.as_ptr(), hear, context) };
        if number == 0 {
            std::alloc::handle_alloc_error(std::alloc::Layout::new::<Heard>());
        }
        self.listeners.lock().unwrap_or_else(PoisonError::into_inner).insert(number, heard);
        ListenerId(number)
    }

    /// Removes a listener. Unless a listener calls it, it waits until no listener is running. Unknown ones are ignored.
    pub fn remove_listener(&self, ListenerId(number): ListenerId) {
        let removed = self.listeners.lock().unwrap_or_else(PoisonError::into_inner).remove(&number);
        unsafe { ffi::latchkey_client_remove_listener(self.as_ptr(), number) };
        if let Some(heard) = removed {
            let closure = heard.0.lock().unwrap_or_else(PoisonError::into_inner).take();
            drop(closure);
        }
    }

    fn status_of(&self, ask: impl FnOnce(Failure, *mut *mut ffi::Status) -> c_int) -> Result<Status, Error> {
        let status = call(ask)?;
        // SAFETY: the call made the status, and it is freed after it was copied.
        unsafe {
            let copied = Status::copy(status);
            ffi::latchkey_status_free(status);
            Ok(copied)
        }
    }
}

/// What a function of C made, or the error that it failed with.
pub(crate) fn call<T>(ask: impl FnOnce(Failure, *mut *mut T) -> c_int) -> Result<*mut T, Error> {
    let (mut error, mut made) = (ptr::null_mut(), ptr::null_mut());
    match ask(&mut error, &mut made) {
        ffi::OK => Ok(made),
        // SAFETY: a call that failed has made an error, or NULL.
        result => Err(unsafe { Error::take(result, error) }),
    }
}

pub(crate) fn text_of(ask: impl FnOnce(Failure, *mut *mut c_char) -> c_int) -> Result<String, Error> {
    // SAFETY: the call made the text.
    call(ask).map(|text| unsafe { ffi::take_text(text) })
}

/// Whole seconds, rounded up, at least one.
pub(crate) fn seconds(time: Duration) -> Result<i64, Error> {
    let whole = time.as_secs().checked_add(u64::from(time.subsec_nanos() > 0));
    match whole.and_then(|whole| i64::try_from(whole).ok()) {
        Some(whole) if whole > 0 => Ok(whole),
        _ => Err(Error::invalid_argument(format!("{time:?} is no time that can be asked for."))),
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Client").finish_non_exhaustive()
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        if is_called_by_library() {
            // Freeing waits for the thread that this is. Without another thread it is left as it is.
            let native = ManuallyDrop::new(self.native.take());
            let free = move || drop(ManuallyDrop::into_inner(native));
            let _ = std::thread::Builder::new().name("latchkey stop".to_owned()).spawn(free);
        }
    }
}
