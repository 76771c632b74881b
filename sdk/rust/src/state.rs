//! The states of a license on a device.

use crate::ffi;
use std::ffi::{c_int, CStr};
use std::fmt;

/// The state of a license on a device, which an app decides by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum State {
    /// The license may be used.
    Valid,
    /// It has expired and may be used until its grace period ends: ask for a renewal.
    Grace,
    /// It may be used, but the server was not reached for a while: ask for a connection.
    OfflineGrace,
    /// The license, its license file or the time without a connection has ended.
    Expired,
    /// The vendor has disabled it, or its first day has not come; [`Status::code`](crate::Status::code) tells which.
    Disabled,
    /// There is no license on this device yet: ask for a license key.
    NotActivated,
    /// It is used on as many devices as it allows.
    LimitReached,
    /// The license file was revoked by a status list.
    Revoked,
    /// The license file is for another device.
    WrongMachine,
    /// It does not include this version of the app.
    VersionNotEntitled,
    /// The clock is more than an hour behind what the server has signed.
    ClockTampered,
    /// There is no such license, or the file is damaged or not the vendor's.
    Invalid,
}

/// All states, at their numbers in C.
const STATES: [State; 12] = [
    State::Valid,
    State::Grace,
    State::OfflineGrace,
    State::Expired,
    State::Disabled,
    State::NotActivated,
    State::LimitReached,
    State::Revoked,
    State::WrongMachine,
    State::VersionNotEntitled,
    State::ClockTampered,
    State::Invalid,
];

impl State {
    /// A number that is not known is a state of a later version, and none that may be used.
    pub(crate) fn of(number: c_int) -> State {
        usize::try_from(number).ok().and_then(|number| STATES.get(number).copied()).unwrap_or(State::Invalid)
    }

    /// The name that it has in all languages, such as "offline_grace".
    pub fn name(self) -> &'static str {
        match self {
            State::Valid => "valid",
            State::Grace => "grace",
            State::OfflineGrace => "offline_grace",
            State::Expired => "expired",
            State::Disabled => "disabled",
            State::NotActivated => "not_activated",
            State::LimitReached => "limit_reached",
            State::Revoked => "revoked",
            State::WrongMachine => "wrong_machine",
            State::VersionNotEntitled => "version_not_entitled",
            State::ClockTampered => "clock_tampered",
            State::Invalid => "invalid",
        }
    }

    /// Whether the app may run.
    pub fn is_usable(self) -> bool {
        matches!(self, State::Valid | State::Grace | State::OfflineGrace)
    }

    /// What it means and what to do, a sentence in English.
    pub fn meaning(self) -> &'static str {
        // SAFETY: the texts of states are constants of the library.
        unsafe {
            let text = ffi::latchkey_state_meaning(self as c_int);
            if text.is_null() {
                return "";
            }
            CStr::from_ptr(text).to_str().unwrap_or("")
        }
    }
}

/// Its name.
impl fmt::Display for State {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_have_their_numbers_of_c() {
        for (number, state) in STATES.into_iter().enumerate() {
            assert_eq!(state as usize, number);
            assert_eq!(State::of(state as c_int), state);
            assert!(!state.meaning().is_empty(), "{state}");
        }
        assert_eq!(State::of(12), State::Invalid);
        assert_eq!(State::of(-1), State::Invalid);
    }
}
