//! The functions of `latchkey.h` as they are, and what turns their texts into Rust's. All `unsafe` meets C here,
//! in `callbacks.rs` or right at the call.

use std::ffi::{c_char, c_double, c_int, c_uchar, c_void, CStr, CString};

/// An object that the C library keeps to itself.
macro_rules! opaque {
    ($($name:ident),+) => { $(
        #[repr(C)]
        pub struct $name {
            _private: [u8; 0],
        }
    )+ };
}
opaque!(Client, Device, Status, Failure, Request, Response, Buffer);

#[repr(C)]
pub struct Pair {
    pub name: *const c_char,
    pub value: *const c_char,
}

#[repr(C)]
pub struct PublicKey {
    pub kid: *const c_char,
    pub x: *const c_char,
}

pub type TransportFn = unsafe extern "C" fn(*mut c_void, *const Request, *mut Response) -> c_int;
pub type ReadFn = unsafe extern "C" fn(*mut c_void, *mut Buffer, *mut Buffer) -> c_int;
pub type WriteFn = unsafe extern "C" fn(*mut c_void, *const c_char, usize, *mut Buffer) -> c_int;
pub type LockFn = unsafe extern "C" fn(*mut c_void) -> c_int;
pub type UnlockFn = unsafe extern "C" fn(*mut c_void);
pub type ClockFn = unsafe extern "C" fn(*mut c_void) -> c_double;
pub type RandomFn = unsafe extern "C" fn(*mut c_void, *mut c_uchar, usize) -> c_int;
pub type ListenerFn = unsafe extern "C" fn(*mut c_void, *const Status);

#[repr(C)]
pub struct Options {
    pub size: usize,
    pub url: *const c_char,
    pub api_key: *const c_char,
    pub product: *const c_char,
    pub version: *const c_char,
    pub released: *const c_char,
    pub public_keys: *const PublicKey,
    pub public_key_count: usize,
    pub public_keys_json: *const c_char,
    pub device: *const Device,
    pub device_name: *const c_char,
    pub storage_path: *const c_char,
    pub storage_read: Option<ReadFn>,
    pub storage_write: Option<WriteFn>,
    pub storage_lock: Option<LockFn>,
    pub storage_unlock: Option<UnlockFn>,
    pub storage_context: *mut c_void,
    pub refresh_interval: c_double,
    pub fresh_for: c_double,
    pub offline_grace: c_double,
    pub timeout: c_double,
    pub retry_attempts: i32,
    pub retry_first_delay: c_double,
    pub retry_longest_delay: c_double,
    pub retry_longest_wait: c_double,
    pub transport: Option<TransportFn>,
    pub transport_context: *mut c_void,
    pub clock: Option<ClockFn>,
    pub clock_context: *mut c_void,
    pub random: Option<RandomFn>,
    pub random_context: *mut c_void,
}

#[repr(C)]
pub struct Update {
    pub available: i32,
    pub is_mandatory: i32,
    pub latest_version: *const c_char,
    pub download_url: *const c_char,
    pub release_notes: *const c_char,
}

#[repr(C)]
pub struct Session {
    pub id: *const c_char,
    pub expires_at: i64,
    pub active_sessions: i64,
    pub max_users: i64,
}

#[repr(C)]
pub struct Meter {
    pub id: *const c_char,
    pub used: c_double,
    pub reserved: c_double,
    pub has_limit: i32,
    pub limit: c_double,
    pub remaining: c_double,
    pub reservation: *const c_char,
    pub expires_at: i64,
}

pub const OK: c_int = 0;
/// `LATCHKEY_ALL`: all that was reserved.
pub const ALL: i64 = -1;

type Out<T> = *mut *mut T;

#[rustfmt::skip]
extern "C" {
    pub fn latchkey_version() -> *const c_char;
    pub fn latchkey_free(text: *mut c_char);

    pub fn latchkey_error_result(error: *const Failure) -> c_int;
    pub fn latchkey_error_code(error: *const Failure) -> *const c_char;
    pub fn latchkey_error_message(error: *const Failure) -> *const c_char;
    pub fn latchkey_error_details(error: *const Failure) -> *const c_char;
    pub fn latchkey_error_status(error: *const Failure) -> c_int;
    pub fn latchkey_error_request_id(error: *const Failure) -> *const c_char;
    pub fn latchkey_error_retry_after(error: *const Failure) -> c_double;
    pub fn latchkey_error_free(error: *mut Failure);

    pub fn latchkey_machine_device(product: *const c_char, device: Out<Device>, error: Out<Failure>) -> c_int;
    pub fn latchkey_device_of(product: *const c_char, parts: *const Pair, count: usize, device: Out<Device>, error: Out<Failure>) -> c_int;
    pub fn latchkey_device_new(fingerprint: *const c_char, components: *const Pair, count: usize, device: Out<Device>, error: Out<Failure>) -> c_int;
    pub fn latchkey_device_fingerprint(device: *const Device) -> *const c_char;
    pub fn latchkey_device_component_count(device: *const Device) -> usize;
    pub fn latchkey_device_component(device: *const Device, index: usize) -> Pair;
    pub fn latchkey_device_free(device: *mut Device);

    pub fn latchkey_request_method(request: *const Request) -> *const c_char;
    pub fn latchkey_request_url(request: *const Request) -> *const c_char;
    pub fn latchkey_request_header_count(request: *const Request) -> usize;
    pub fn latchkey_request_header(request: *const Request, index: usize) -> Pair;
    pub fn latchkey_request_body(request: *const Request) -> *const c_char;
    pub fn latchkey_request_body_length(request: *const Request) -> usize;
    pub fn latchkey_request_timeout(request: *const Request) -> c_double;
    pub fn latchkey_request_is_cancelled(request: *const Request) -> c_int;
    pub fn latchkey_response_set_status(response: *mut Response, status: c_int);
    pub fn latchkey_response_add_header(response: *mut Response, name: *const c_char, value: *const c_char);
    pub fn latchkey_response_append(response: *mut Response, bytes: *const c_char, length: usize) -> c_int;
    pub fn latchkey_response_set_failure(response: *mut Response, message: *const c_char);
    pub fn latchkey_buffer_set(buffer: *mut Buffer, text: *const c_char, length: usize) -> c_int;

    pub fn latchkey_options_init(options: *mut Options, size: usize);
    pub fn latchkey_client_new(options: *const Options, client: Out<Client>, error: Out<Failure>) -> c_int;
    pub fn latchkey_client_free(client: *mut Client);
    pub fn latchkey_client_start(client: *mut Client, status: Out<Status>, error: Out<Failure>) -> c_int;
    pub fn latchkey_client_stop(client: *mut Client);
    pub fn latchkey_client_status(client: *mut Client, status: Out<Status>, error: Out<Failure>) -> c_int;
    pub fn latchkey_client_refresh(client: *mut Client, status: Out<Status>, error: Out<Failure>) -> c_int;
    pub fn latchkey_client_activate(client: *mut Client, typed: *const c_char, status: Out<Status>, error: Out<Failure>) -> c_int;
    pub fn latchkey_client_deactivate(client: *mut Client, status: Out<Status>, error: Out<Failure>) -> c_int;
    pub fn latchkey_client_deactivate_offline(client: *mut Client, code: Out<c_char>, error: Out<Failure>) -> c_int;
    pub fn latchkey_client_check_out(client: *mut Client, ttl: i64, encrypt: c_int, status: Out<Status>, error: Out<Failure>) -> c_int;
    pub fn latchkey_client_check_in(client: *mut Client, status: Out<Status>, error: Out<Failure>) -> c_int;
    pub fn latchkey_client_install_file(client: *mut Client, text: *const c_char, license_key: *const c_char, status: Out<Status>, error: Out<Failure>) -> c_int;
    pub fn latchkey_client_install_status_list(client: *mut Client, list: *const c_char, status: Out<Status>, error: Out<Failure>) -> c_int;
    pub fn latchkey_client_offline_request(client: *mut Client, typed: *const c_char, encrypt: c_int, text: Out<c_char>, error: Out<Failure>) -> c_int;
    pub fn latchkey_client_on_change(client: *mut Client, listener: ListenerFn, context: *mut c_void) -> u64;
    pub fn latchkey_client_remove_listener(client: *mut Client, number: u64);
    pub fn latchkey_read_license_key(typed: *const c_char, text: Out<c_char>, canonical: Out<c_char>, checksum_mismatch: *mut c_int, error: Out<Failure>) -> c_int;

    pub fn latchkey_state_meaning(state: c_int) -> *const c_char;
    pub fn latchkey_status_state(status: *const Status) -> c_int;
    pub fn latchkey_status_usable(status: *const Status) -> c_int;
    pub fn latchkey_status_reason(status: *const Status) -> *const c_char;
    pub fn latchkey_status_code(status: *const Status) -> *const c_char;
    pub fn latchkey_status_max_users(status: *const Status) -> i64;
    pub fn latchkey_status_license_ends(status: *const Status) -> *const c_char;
    pub fn latchkey_status_grace_ends(status: *const Status) -> *const c_char;
    pub fn latchkey_status_file_ends(status: *const Status) -> i64;
    pub fn latchkey_status_checked_at(status: *const Status) -> i64;
    pub fn latchkey_status_file(status: *const Status) -> *const c_char;
    pub fn latchkey_status_error(status: *const Status) -> *const Failure;
    pub fn latchkey_status_storage_error(status: *const Status) -> *const c_char;
    pub fn latchkey_status_json(status: *const Status) -> *const c_char;
    pub fn latchkey_status_free(status: *mut Status);

    pub fn latchkey_client_check_for_update(client: *mut Client, update: Out<Update>, error: Out<Failure>) -> c_int;
    pub fn latchkey_update_free(update: *mut Update);
    pub fn latchkey_client_seats_start(client: *mut Client, session: Out<Session>, error: Out<Failure>) -> c_int;
    pub fn latchkey_client_seats_session(client: *mut Client) -> *mut Session;
    pub fn latchkey_client_seats_end(client: *mut Client, error: Out<Failure>) -> c_int;
    pub fn latchkey_session_free(session: *mut Session);
    pub fn latchkey_client_usage_increment(client: *mut Client, meter: *const c_char, amount: i64, after: Out<Meter>, error: Out<Failure>) -> c_int;
    pub fn latchkey_client_usage_reserve(client: *mut Client, meter: *const c_char, amount: i64, ttl: i64, after: Out<Meter>, error: Out<Failure>) -> c_int;
    pub fn latchkey_client_usage_commit(client: *mut Client, reservation: *const c_char, amount: i64, after: Out<Meter>, error: Out<Failure>) -> c_int;
    pub fn latchkey_client_usage_release(client: *mut Client, reservation: *const c_char, after: Out<Meter>, error: Out<Failure>) -> c_int;
    pub fn latchkey_meter_free(meter: *mut Meter);

    #[cfg(test)]
    pub fn latchkey_check_vector(kind: *const c_char, given: *const c_char, result: Out<c_char>, error: Out<Failure>) -> c_int;
}

/// A text of the C library, copied; None for NULL.
///
/// # Safety
/// `text` is NULL, or a text that ends with a zero byte.
pub unsafe fn text_of(text: *const c_char) -> Option<String> {
    if text.is_null() {
        return None;
    }
    Some(CStr::from_ptr(text).to_string_lossy().into_owned())
}

/// A text that the caller of the C library has to free, copied and freed.
///
/// # Safety
/// `text` is NULL, or was made by the C library and is not used afterwards.
pub unsafe fn take_text(text: *mut c_char) -> String {
    let copied = text_of(text).unwrap_or_default();
    latchkey_free(text);
    copied
}

/// A text for the C library. A zero byte, which would end it there, becomes another control character: neither is
/// part of a license key, and both are ignored or refused alike in a file.
pub fn c_text(text: &str) -> CString {
    let bytes = text.bytes().map(|byte| byte.max(1)).collect::<Vec<u8>>();
    CString::new(bytes).unwrap_or_default()
}
