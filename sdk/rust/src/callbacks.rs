//! What the C library calls: closures and traits of the app. A panic ends here, as a failure: it must not pass C.

use crate::environment::{Request, Storage, Transport};
use crate::{ffi, Status};
use std::cell::Cell;
use std::ffi::{c_char, c_double, c_int, c_uchar, c_void};
use std::io;
use std::marker::PhantomData;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

pub(crate) type Clock = dyn Fn() -> SystemTime + Send + Sync;
pub(crate) type Random = dyn Fn(&mut [u8]) -> io::Result<()> + Send + Sync;
pub(crate) type Listener = dyn Fn(&Status) + Send + Sync;

/// What the app has replaced. The C library has its address.
#[derive(Default)]
pub(crate) struct Environment {
    pub(crate) transport: Option<Box<dyn Transport>>,
    pub(crate) storage: Option<Box<dyn Storage>>,
    pub(crate) clock: Option<Box<Clock>>,
    pub(crate) random: Option<Box<Random>>,
}

/// A listener that the C library has the address of. It stays until the client is freed, as another thread may be about
/// to call it when it is removed; its closure goes at once.
pub(crate) struct Heard(pub(crate) Mutex<Option<Arc<Listener>>>);

thread_local! {
    /// How many calls of the C library this thread is in.
    static DEPTH: Cell<usize> = const { Cell::new(0) };
}

/// Whether the C library has called this thread: it must not wait for the library's threads then.
pub(crate) fn is_called_by_library() -> bool {
    DEPTH.with(Cell::get) > 0
}

/// Runs code of the app; None when it panics.
fn guarded<R>(call: impl FnOnce() -> R) -> Option<R> {
    DEPTH.with(|depth| depth.set(depth.get() + 1));
    let result = catch_unwind(AssertUnwindSafe(call));
    DEPTH.with(|depth| depth.set(depth.get() - 1));
    match result {
        Ok(value) => Some(value),
        Err(payload) => {
            // Dropping what a panic carries may panic again.
            std::mem::forget(payload);
            None
        }
    }
}

/// # Safety
/// `context` is the address of an [`Environment`], for all functions below.
unsafe fn environment<'a>(context: *mut c_void) -> &'a Environment {
    &*context.cast::<Environment>()
}

fn code(is_done: bool) -> c_int {
    if is_done {
        0
    } else {
        -1
    }
}

pub(crate) unsafe extern "C" fn send(
    context: *mut c_void,
    request: *const ffi::Request,
    response: *mut ffi::Response,
) -> c_int {
    let answer = guarded(|| match &environment(context).transport {
        Some(transport) => {
            let request = Request { request, lives: PhantomData };
            transport.send(&request).map_err(|error| error.to_string())
        }
        None => Err("There is no transport.".to_owned()),
    });
    let answer = match answer.unwrap_or_else(|| Err("The transport panicked.".to_owned())) {
        Ok(answer) => answer,
        Err(message) => {
            ffi::latchkey_response_set_failure(response, ffi::c_text(&message).as_ptr());
            return -1;
        }
    };
    ffi::latchkey_response_set_status(response, c_int::from(answer.status));
    for (name, value) in &answer.headers {
        ffi::latchkey_response_add_header(response, ffi::c_text(name).as_ptr(), ffi::c_text(value).as_ptr());
    }
    ffi::latchkey_response_append(response, answer.body.as_ptr().cast(), answer.body.len())
}

pub(crate) unsafe extern "C" fn read(context: *mut c_void, text: *mut ffi::Buffer, failure: *mut ffi::Buffer) -> c_int {
    let found = guarded(|| match &environment(context).storage {
        Some(storage) => storage.read().map_err(|error| error.to_string()),
        None => Ok(None),
    });
    match found.unwrap_or_else(|| Err("The storage panicked.".to_owned())) {
        Ok(None) => 0,
        Ok(Some(found)) => ffi::latchkey_buffer_set(text, found.as_ptr().cast(), found.len()),
        Err(message) => fail(failure, &message),
    }
}

pub(crate) unsafe extern "C" fn write(
    context: *mut c_void,
    text: *const c_char,
    length: usize,
    failure: *mut ffi::Buffer,
) -> c_int {
    let written = guarded(|| {
        let bytes = std::slice::from_raw_parts(text.cast(), length);
        match &environment(context).storage {
            Some(storage) => storage.write(&String::from_utf8_lossy(bytes)).map_err(|error| error.to_string()),
            None => Err("There is no storage.".to_owned()),
        }
    });
    match written.unwrap_or_else(|| Err("The storage panicked.".to_owned())) {
        Ok(()) => 0,
        Err(message) => fail(failure, &message),
    }
}

unsafe fn fail(failure: *mut ffi::Buffer, message: &str) -> c_int {
    ffi::latchkey_buffer_set(failure, message.as_ptr().cast(), message.len());
    -1
}

pub(crate) unsafe extern "C" fn lock(context: *mut c_void) -> c_int {
    code(guarded(|| environment(context).storage.as_ref().is_some_and(|storage| storage.lock().is_ok())) == Some(true))
}

pub(crate) unsafe extern "C" fn unlock(context: *mut c_void) {
    guarded(|| environment(context).storage.as_ref().map(|storage| storage.unlock()));
}

/// The system's time where the app's clock panics.
pub(crate) unsafe extern "C" fn now(context: *mut c_void) -> c_double {
    let now = guarded(|| environment(context).clock.as_ref().map(|clock| clock()));
    seconds(now.flatten().unwrap_or_else(SystemTime::now))
}

fn seconds(time: SystemTime) -> c_double {
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => after.as_secs_f64(),
        Err(before) => -before.duration().as_secs_f64(),
    }
}

pub(crate) unsafe extern "C" fn random(context: *mut c_void, bytes: *mut c_uchar, length: usize) -> c_int {
    // The closure is given bytes that are set: a slice must not have others.
    std::ptr::write_bytes(bytes, 0, length);
    let filled = guarded(|| {
        let bytes = std::slice::from_raw_parts_mut(bytes, length);
        environment(context).random.as_ref().is_some_and(|random| random(bytes).is_ok())
    });
    code(filled == Some(true))
}

/// `context` is the address of a [`Heard`].
pub(crate) unsafe extern "C" fn hear(context: *mut c_void, status: *const ffi::Status) {
    let heard = &*context.cast::<Heard>();
    guarded(|| {
        let listener = heard.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(listener) = listener {
            listener(&Status::copy(status));
        }
    });
}
