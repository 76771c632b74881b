//! What the conformance program writes: the members of statuses, errors and others, in snake_case as in all languages.

use latchkey::{Error, Meter, Session, Status, Update, Value};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

fn number(number: u64) -> Value {
    (number as f64).into()
}

fn since_1970(time: SystemTime) -> Duration {
    time.duration_since(UNIX_EPOCH).unwrap_or_default()
}

fn seconds(time: Option<SystemTime>) -> Value {
    time.map(|time| since_1970(time).as_secs_f64()).into()
}

fn milliseconds(time: SystemTime) -> Value {
    number(since_1970(time).as_millis() as u64)
}

pub fn status_form(status: &Status) -> Value {
    Value::from([
        ("state", status.state.name().into()),
        ("usable", status.usable.into()),
        ("reason", status.reason.as_str().into()),
        ("code", status.code.clone().into()),
        ("entitlements", Value::Object(status.entitlements.clone())),
        ("max_users", status.max_users.map(number).into()),
        ("license_ends", status.license_ends.clone().into()),
        ("grace_ends", status.grace_ends.clone().into()),
        ("file_ends", seconds(status.file_ends)),
        ("checked_at", seconds(status.checked_at)),
        ("file", status.file.clone().into()),
        ("error", status.error.as_ref().map(|error| error_form(error, error.code())).into()),
        ("storage_error", status.storage_error.clone().into()),
    ])
}

pub fn error_form(error: &Error, code: &str) -> Value {
    Value::from([
        ("code", code.into()),
        ("message", error.message().into()),
        ("status", number(error.status().into())),
        ("request_id", error.request_id().into()),
        ("details", error.details().clone()),
        ("retry_after", error.retry_after().map(|time| time.as_secs_f64()).into()),
    ])
}

pub fn update_form(update: &Update) -> Value {
    Value::from([
        ("available", update.available.into()),
        ("latest_version", update.latest_version.clone().into()),
        ("download_url", update.download_url.clone().into()),
        ("release_notes", update.release_notes.clone().into()),
        ("is_mandatory", update.is_mandatory.into()),
    ])
}

pub fn session_form(session: &Session) -> Value {
    Value::from([
        ("id", session.id.as_str().into()),
        ("expires_at", session.expires_at.map(milliseconds).into()),
        ("active_sessions", number(session.active_sessions)),
        ("max_users", number(session.max_users)),
    ])
}

pub fn meter_form(meter: &Meter) -> Value {
    let mut form = vec![
        ("id", meter.id.as_str().into()),
        ("used", meter.used.into()),
        ("reserved", meter.reserved.into()),
        ("limit", meter.limit.into()),
        ("remaining", meter.remaining.into()),
    ];
    if let Some(reservation) = &meter.reservation {
        form.push(("reservation", reservation.as_str().into()));
    }
    if let Some(time) = meter.expires_at {
        form.push(("expires_at", milliseconds(time)));
    }
    Value::Object(form.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}
