//! What is known of the license at one moment.

use crate::ffi;
use crate::{Error, State, Value};
use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// What is known of the license at one moment: its state, and facts of it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Status {
    /// What an app decides by.
    pub state: State,
    /// Whether the app may run: the state is valid, grace or offline grace.
    pub usable: bool,
    /// Why, a sentence for logs.
    pub reason: String,
    /// The server's code of the last validation or refusal.
    pub code: Option<String>,
    /// Entitlements by their names: true, a number or a text. Empty unless the license is usable.
    pub entitlements: BTreeMap<String, Value>,
    /// Concurrent users; None when that is not known.
    pub max_users: Option<u64>,
    /// Last day of the license in UTC, inclusive, `YYYY-MM-DD`; None: it never expires, or that is not known.
    pub license_ends: Option<String>,
    /// Last day of grace in UTC, inclusive, `YYYY-MM-DD`; None: there is none.
    pub grace_ends: Option<String>,
    /// When the license file ends; None: there is none.
    pub file_ends: Option<SystemTime>,
    /// When the server said so; None: never.
    pub checked_at: Option<SystemTime>,
    /// Claims of the license file, an object: customer, public metadata and more; None: there is none.
    pub file: Option<Value>,
    /// Why the server's answer is not known, or what it refused last.
    pub error: Option<Error>,
    /// Why the license is kept in memory alone, such as a full disk; None: it is kept.
    pub storage_error: Option<String>,
}

impl Status {
    /// Whether the license is usable and has the entitlement, whatever its value is.
    pub fn has_entitlement(&self, name: &str) -> bool {
        self.entitlements.contains_key(name)
    }

    /// The number of an entitlement; None when it is none, or the license is not usable.
    pub fn entitlement_number(&self, name: &str) -> Option<f64> {
        self.entitlements.get(name)?.as_f64()
    }

    /// The text of an entitlement; None when it is none, or the license is not usable.
    pub fn entitlement_text(&self, name: &str) -> Option<&str> {
        self.entitlements.get(name)?.as_str()
    }

    /// # Safety
    /// `status` is a status of the C library.
    pub(crate) unsafe fn copy(status: *const ffi::Status) -> Status {
        let json = ffi::text_of(ffi::latchkey_status_json(status)).unwrap_or_default();
        let all: Value = json.parse().unwrap_or_default();
        let entitlements = all.get("entitlements").and_then(Value::as_object);
        Status {
            state: State::of(ffi::latchkey_status_state(status)),
            usable: ffi::latchkey_status_usable(status) == 1,
            reason: ffi::text_of(ffi::latchkey_status_reason(status)).unwrap_or_default(),
            code: ffi::text_of(ffi::latchkey_status_code(status)),
            entitlements: entitlements.cloned().unwrap_or_default(),
            max_users: u64::try_from(ffi::latchkey_status_max_users(status)).ok(),
            license_ends: ffi::text_of(ffi::latchkey_status_license_ends(status)),
            grace_ends: ffi::text_of(ffi::latchkey_status_grace_ends(status)),
            file_ends: time_of(ffi::latchkey_status_file_ends(status), Duration::from_secs),
            checked_at: time_of(ffi::latchkey_status_checked_at(status), Duration::from_secs),
            file: ffi::text_of(ffi::latchkey_status_file(status)).and_then(|text| text.parse().ok()),
            error: Error::copy(ffi::latchkey_status_error(status)),
            storage_error: ffi::text_of(ffi::latchkey_status_storage_error(status)),
        }
    }
}

/// A time since 1970 in the unit of `duration`; None for `LATCHKEY_NONE`.
pub(crate) fn time_of(number: i64, duration: fn(u64) -> Duration) -> Option<SystemTime> {
    UNIX_EPOCH.checked_add(duration(u64::try_from(number).ok()?))
}
