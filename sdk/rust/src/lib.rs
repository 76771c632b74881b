#![doc = include_str!("../README.md")]
#![deny(missing_docs)]

mod builder;
mod callbacks;
mod client;
mod device;
mod environment;
mod error;
mod ffi;
mod license_key;
mod state;
mod status;
mod usage;
mod value;
mod value_reader;
#[cfg(test)]
mod vectors;

pub use builder::{Builder, Retries};
pub use client::{Client, ListenerId};
pub use device::Device;
pub use environment::{Request, Response, Storage, Transport};
pub use error::{Error, ErrorKind};
pub use license_key::LicenseKey;
pub use state::State;
pub use status::Status;
pub use usage::{Meter, Seats, Session, Update, Usage};
pub use value::{InvalidJson, Value};

/// The version of the C library that is linked, such as "0.9.0".
pub fn library_version() -> String {
    // SAFETY: the text is a constant of the library.
    unsafe { ffi::text_of(ffi::latchkey_version()) }.unwrap_or_default()
}

/// What threads may share, as a compiler error where it is not so.
const _: () = {
    const fn is_send_and_sync<T: Send + Sync>() {}
    is_send_and_sync::<Client>();
    is_send_and_sync::<Device>();
    is_send_and_sync::<Status>();
    is_send_and_sync::<Error>();
};
