//! What a call fails with.

use crate::ffi;
use crate::Value;
use std::ffi::c_int;
use std::fmt;
use std::time::Duration;

/// What kind of failure it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The server refused it: [`Error::code`] is the server's, or `HTTP_` and the status.
    Refused,
    /// The server was not reached.
    Network,
    /// What answered is not the vendor's server, or the text is not the vendor's.
    UntrustedAnswer,
    /// There is no license on this device yet.
    NotActivated,
    /// The program gave something that cannot be.
    InvalidArgument,
    /// There was no memory: the call changed nothing, or its change is known to the server alone.
    OutOfMemory,
}

/// A refusal of the server, a failure to reach it, or something that cannot be.
///
/// Refusals about the license are none: they are states of what a call returns.
#[derive(Clone, Debug, PartialEq)]
pub struct Error(Box<Facts>);

#[derive(Clone, Debug, PartialEq)]
struct Facts {
    kind: ErrorKind,
    code: String,
    message: String,
    details: Value,
    status: u16,
    request_id: Option<String>,
    retry_after: Option<Duration>,
}

impl Error {
    /// What kind of failure it was.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The server's code, such as "ACTIVATION_LIMIT_REACHED", or `HTTP_` and the status, or one of the library's:
    /// "NETWORK_ERROR", "UNTRUSTED_ANSWER", "NOT_ACTIVATED", "INVALID_OPTIONS", "INVALID_ARGUMENT", "OUT_OF_MEMORY".
    pub fn code(&self) -> &str {
        &self.0.code
    }

    /// A sentence for logs.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Facts of the code: limits, counts, the field it is about. An object.
    pub fn details(&self) -> &Value {
        &self.0.details
    }

    /// The HTTP status; 0 when the server was not reached or not asked.
    pub fn status(&self) -> u16 {
        self.0.status
    }

    /// The id by which the vendor finds the request in the server's log.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// After which time to try again, as the server says.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    pub(crate) fn invalid_argument(message: impl Into<String>) -> Error {
        Error(Box::new(Facts {
            kind: ErrorKind::InvalidArgument,
            code: "INVALID_ARGUMENT".to_owned(),
            message: message.into(),
            details: Value::Object(Default::default()),
            status: 0,
            request_id: None,
            retry_after: None,
        }))
    }

    /// # Safety
    /// `error` is NULL, or an error of the C library.
    pub(crate) unsafe fn copy(error: *const ffi::Failure) -> Option<Error> {
        if error.is_null() {
            return None;
        }
        let details = ffi::text_of(ffi::latchkey_error_details(error)).unwrap_or_default();
        let seconds = ffi::latchkey_error_retry_after(error);
        Some(Error(Box::new(Facts {
            kind: kind_of(ffi::latchkey_error_result(error)),
            code: ffi::text_of(ffi::latchkey_error_code(error)).unwrap_or_default(),
            message: ffi::text_of(ffi::latchkey_error_message(error)).unwrap_or_default(),
            details: details.parse().unwrap_or_else(|_| Value::Object(Default::default())),
            status: u16::try_from(ffi::latchkey_error_status(error)).unwrap_or(0),
            request_id: ffi::text_of(ffi::latchkey_error_request_id(error)),
            // A negative number of seconds is no duration: the server does not say when.
            retry_after: Duration::try_from_secs_f64(seconds).ok(),
        })))
    }

    /// The error of a call that returned `result`; its text is freed.
    ///
    /// # Safety
    /// `error` is NULL, or an error that the C library made and that is not used afterwards.
    pub(crate) unsafe fn take(result: c_int, error: *mut ffi::Failure) -> Error {
        let copied = Error::copy(error);
        ffi::latchkey_error_free(error);
        copied.unwrap_or_else(|| {
            // Without memory for the error itself there is its kind alone.
            let mut error = Error::invalid_argument("There is no memory for the reason.");
            error.0.kind = kind_of(result);
            error.0.code = "OUT_OF_MEMORY".to_owned();
            error
        })
    }
}

fn kind_of(result: c_int) -> ErrorKind {
    match result {
        1 => ErrorKind::Refused,
        2 => ErrorKind::Network,
        3 => ErrorKind::UntrustedAnswer,
        4 => ErrorKind::NotActivated,
        5 => ErrorKind::InvalidArgument,
        _ => ErrorKind::OutOfMemory,
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.code(), self.message())
    }
}

impl std::error::Error for Error {}
