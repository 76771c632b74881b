//! The call `open`: options from JSON, and the clock that the driver sets.

use crate::{duration, text, Failed};
use latchkey::{Client, Device, Retries, Value};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The time at which the clock stands, or how far it is ahead of the system's; seconds.
pub enum Clock {
    At(f64),
    Ahead(f64),
}

impl Default for Clock {
    fn default() -> Clock {
        Clock::Ahead(0.0)
    }
}

impl Clock {
    pub fn of(call: &Value) -> Clock {
        let member = |name| call.get(name).and_then(Value::as_f64);
        member("now").map_or_else(|| Clock::Ahead(member("offset").unwrap_or(0.0)), Clock::At)
    }

    fn now(&self) -> SystemTime {
        match *self {
            Clock::At(seconds) => moved(UNIX_EPOCH, seconds),
            Clock::Ahead(seconds) => moved(SystemTime::now(), seconds),
        }
    }
}

fn moved(time: SystemTime, seconds: f64) -> SystemTime {
    let distance = Duration::from_secs_f64(seconds.abs());
    if seconds < 0.0 {
        time - distance
    } else {
        time + distance
    }
}

/// Only members that are given: the library's defaults are tried as well.
pub fn opened(call: &Value, clock: Arc<Mutex<Clock>>) -> Result<Client, Failed> {
    let components = call.get("components").and_then(Value::as_object).into_iter().flatten();
    let components = components.map(|(name, value)| (name.as_str(), value.as_str().unwrap_or("")));
    let mut builder = Client::builder()
        .url(text(call, "url"))
        .api_key(text(call, "api_key"))
        .product(text(call, "product"))
        .version(text(call, "version"))
        .device(Device::new(text(call, "fingerprint"), components)?)
        .clock(move || clock.lock().unwrap().now());
    if let Some(released) = call.get("released").and_then(Value::as_str) {
        builder = builder.released(released);
    }
    for key in call.get("public_keys").and_then(Value::as_list).unwrap_or_default() {
        builder = builder.public_key(text(key, "kid"), text(key, "x"));
    }
    if let Some(name) = call.get("device_name").and_then(Value::as_str) {
        builder = builder.device_name(name);
    }
    if let Some(file) = call.get("file").and_then(Value::as_str) {
        builder = builder.storage_path(file);
    }
    if let Some(time) = duration(call, "refresh_interval")? {
        builder = builder.refresh_interval(time);
    }
    if let Some(time) = duration(call, "fresh_for")? {
        builder = builder.fresh_for(time);
    }
    if let Some(time) = duration(call, "offline_grace")? {
        builder = builder.offline_grace(time);
    }
    if let Some(time) = duration(call, "timeout")? {
        builder = builder.timeout(time);
    }
    if text(call, "random") == "ones" {
        builder = builder.random(|bytes| {
            bytes.fill(1);
            Ok(())
        });
    }
    let mut retries = Retries::default();
    if let Some(attempts) = call.get("attempts").and_then(Value::as_f64) {
        if !(0.0..=1e9).contains(&attempts) || attempts.fract() != 0.0 {
            return Err(Failed::Argument("attempts"));
        }
        retries.attempts = attempts as u32;
    }
    if let Some(delay) = duration(call, "first_delay")? {
        retries.first_delay = delay;
    }
    Ok(builder.retries(retries).build()?)
}
