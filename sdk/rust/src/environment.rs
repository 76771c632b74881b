//! What an app can replace: network and storage. Clock and random bytes are closures of the [`Builder`](crate::Builder).

use crate::ffi;
use std::ffi::CStr;
use std::io;
use std::marker::PhantomData;
use std::time::Duration;

/// A request that a [`Transport`] sends.
pub struct Request<'a> {
    pub(crate) request: *const ffi::Request,
    pub(crate) lives: PhantomData<&'a ()>,
}

impl Request<'_> {
    /// "GET" or "POST".
    pub fn method(&self) -> &str {
        // SAFETY: texts of a request live as long as it; so in the calls below.
        unsafe { borrow(ffi::latchkey_request_method(self.request)) }
    }

    /// The whole address.
    pub fn url(&self) -> &str {
        unsafe { borrow(ffi::latchkey_request_url(self.request)) }
    }

    /// Names and values of the headers, without line ends.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        let count = unsafe { ffi::latchkey_request_header_count(self.request) };
        (0..count).map(|index| unsafe {
            let pair = ffi::latchkey_request_header(self.request, index);
            (borrow(pair.name), borrow(pair.value))
        })
    }

    /// The body; None for a GET.
    pub fn body(&self) -> Option<&[u8]> {
        unsafe {
            let body = ffi::latchkey_request_body(self.request);
            if body.is_null() {
                return None;
            }
            let length = ffi::latchkey_request_body_length(self.request);
            Some(std::slice::from_raw_parts(body.cast(), length))
        }
    }

    /// After which time the transport fails.
    pub fn timeout(&self) -> Duration {
        let seconds = unsafe { ffi::latchkey_request_timeout(self.request) };
        Duration::try_from_secs_f64(seconds).unwrap_or_default()
    }

    /// Whether the client was stopped: the transport ends the request and fails. To be asked several times a second.
    pub fn is_cancelled(&self) -> bool {
        unsafe { ffi::latchkey_request_is_cancelled(self.request) != 0 }
    }
}

unsafe fn borrow<'a>(text: *const std::ffi::c_char) -> &'a str {
    if text.is_null() {
        return "";
    }
    CStr::from_ptr(text).to_str().unwrap_or("")
}

/// What a [`Transport`] received.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// Names and values; only Retry-After and X-Request-Id are used, in any case.
    pub headers: Vec<(String, String)>,
    /// The body. One that is too large counts as a failure.
    pub body: Vec<u8>,
}

/// Sends requests: for proxies, other HTTP libraries and tests.
pub trait Transport: Send + Sync {
    /// Sends a request and waits for its answer, whatever its status is. It verifies certificates, does not follow
    /// redirects, and is called by several threads at once.
    ///
    /// # Errors
    /// The server was not reached; the text is in the message of the error.
    fn send(&self, request: &Request<'_>) -> Result<Response, Box<dyn std::error::Error + Send + Sync>>;
}

/// Keeps the license: a keychain, a database, a file of the app's own.
pub trait Storage: Send + Sync {
    /// The text that was written last; None when there is none.
    ///
    /// # Errors
    /// It cannot be read.
    fn read(&self) -> io::Result<Option<String>>;

    /// Replaces the text as a whole: a reader finds the old text or the new one.
    ///
    /// # Errors
    /// It cannot be kept: the license is held in memory, and
    /// [`Status::storage_error`](crate::Status::storage_error) says why.
    fn write(&self, text: &str) -> io::Result<()>;

    /// Waits until no other process writes. Without it, changes of two processes at once may be lost.
    ///
    /// # Errors
    /// There is nothing to unlock.
    fn lock(&self) -> io::Result<()> {
        Ok(())
    }

    /// Ends what [`Storage::lock`] began.
    fn unlock(&self) {}
}
