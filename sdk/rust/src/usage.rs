//! Updates of the app, sessions of concurrent users, and metered use.

use crate::client::{call, seconds};
use crate::status::time_of;
use crate::{ffi, Client, Error};
use std::ffi::c_int;
use std::ptr;
use std::time::{Duration, SystemTime};

/// Whether there is a newer release.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Update {
    /// Whether there is one.
    pub available: bool,
    /// Whether the vendor asks that every user takes it.
    pub is_mandatory: bool,
    /// None: no release is published.
    pub latest_version: Option<String>,
    /// Where it is.
    pub download_url: Option<String>,
    /// What is new.
    pub release_notes: Option<String>,
}

impl Update {
    /// # Safety
    /// The C library made it, and it is not used afterwards; so below.
    pub(crate) unsafe fn take(update: *mut ffi::Update) -> Update {
        let copied = Update {
            available: (*update).available == 1,
            is_mandatory: (*update).is_mandatory == 1,
            latest_version: ffi::text_of((*update).latest_version),
            download_url: ffi::text_of((*update).download_url),
            release_notes: ffi::text_of((*update).release_notes),
        };
        ffi::latchkey_update_free(update);
        copied
    }
}

/// A session of a concurrent user.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Session {
    /// Its id.
    pub id: String,
    /// When it ends unless it is renewed; None when the server does not say.
    pub expires_at: Option<SystemTime>,
    /// Sessions of the license, this one included.
    pub active_sessions: u64,
    /// Concurrent users that the license allows.
    pub max_users: u64,
}

impl Session {
    unsafe fn take(session: *mut ffi::Session) -> Session {
        let copied = Session {
            id: ffi::text_of((*session).id).unwrap_or_default(),
            expires_at: time_of((*session).expires_at, Duration::from_millis),
            active_sessions: u64::try_from((*session).active_sessions).unwrap_or(0),
            max_users: u64::try_from((*session).max_users).unwrap_or(0),
        };
        ffi::latchkey_session_free(session);
        copied
    }
}

/// Sessions of concurrent users, see [`Client::seats`].
#[derive(Clone, Copy, Debug)]
pub struct Seats<'a> {
    pub(crate) client: &'a Client,
}

impl Seats<'_> {
    /// Starts a session, and renews it at each third of its time until it is ended or the client is stopped.
    ///
    /// # Errors
    /// SESSION_LIMIT_REACHED when all are in use; other refusals, and a server that is not reached.
    pub fn start(&self) -> Result<Session, Error> {
        // SAFETY: the client lives as long as it is borrowed; so in the calls below.
        call(|error, session| unsafe { ffi::latchkey_client_seats_start(self.client.as_ptr(), session, error) })
            .map(|session| unsafe { Session::take(session) })
    }

    /// The session that was started; None when there is none, or it was lost.
    pub fn session(&self) -> Option<Session> {
        let session = unsafe { ffi::latchkey_client_seats_session(self.client.as_ptr()) };
        (!session.is_null()).then(|| unsafe { Session::take(session) })
    }

    /// Ends the session; without one nothing happens.
    ///
    /// # Errors
    /// A refusal, and a server that is not reached.
    pub fn end(&self) -> Result<(), Error> {
        let mut error = ptr::null_mut();
        match unsafe { ffi::latchkey_client_seats_end(self.client.as_ptr(), &mut error) } {
            ffi::OK => Ok(()),
            result => Err(unsafe { Error::take(result, error) }),
        }
    }
}

/// A meter after a call.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Meter {
    /// Two answers with the same id are one count.
    pub id: String,
    /// Units that were counted.
    pub used: f64,
    /// Units that are reserved.
    pub reserved: f64,
    /// None: there is no limit.
    pub limit: Option<f64>,
    /// Units that are left; None: there is no limit.
    pub remaining: Option<f64>,
    /// The reservation that was made.
    pub reservation: Option<String>,
    /// When the reservation ends.
    pub expires_at: Option<SystemTime>,
}

impl Meter {
    unsafe fn take(meter: *mut ffi::Meter) -> Meter {
        let has_limit = (*meter).has_limit == 1;
        let copied = Meter {
            id: ffi::text_of((*meter).id).unwrap_or_default(),
            used: (*meter).used,
            reserved: (*meter).reserved,
            limit: has_limit.then_some((*meter).limit),
            remaining: has_limit.then_some((*meter).remaining),
            reservation: ffi::text_of((*meter).reservation),
            expires_at: time_of((*meter).expires_at, Duration::from_millis),
        };
        ffi::latchkey_meter_free(meter);
        copied
    }
}

/// Metered use, see [`Client::usage`].
#[derive(Clone, Copy, Debug)]
pub struct Usage<'a> {
    pub(crate) client: &'a Client,
}

impl Usage<'_> {
    /// Counts units: all of them or none.
    ///
    /// # Errors
    /// USAGE_LIMIT_REACHED and other refusals, and a server that is not reached; so in the calls below.
    pub fn increment(&self, meter: &str, amount: u64) -> Result<Meter, Error> {
        let (meter, amount) = (ffi::c_text(meter), count(amount)?);
        self.meter_of(|client, after, error| unsafe {
            ffi::latchkey_client_usage_increment(client, meter.as_ptr(), amount, after, error)
        })
    }

    /// Holds units for so long; [`Meter::reservation`] is what to commit or release.
    ///
    /// # Errors
    /// As [`Usage::increment`].
    pub fn reserve(&self, meter: &str, amount: u64, ttl: Duration) -> Result<Meter, Error> {
        let (meter, amount, ttl) = (ffi::c_text(meter), count(amount)?, seconds(ttl)?);
        self.meter_of(|client, after, error| unsafe {
            ffi::latchkey_client_usage_reserve(client, meter.as_ptr(), amount, ttl, after, error)
        })
    }

    /// Counts what was reserved, or less.
    ///
    /// # Errors
    /// As [`Usage::increment`].
    pub fn commit(&self, reservation: &str, amount: Option<u64>) -> Result<Meter, Error> {
        let reservation = ffi::c_text(reservation);
        let amount = amount.map_or(Ok(ffi::ALL), count)?;
        self.meter_of(|client, after, error| unsafe {
            ffi::latchkey_client_usage_commit(client, reservation.as_ptr(), amount, after, error)
        })
    }

    /// Gives back what was reserved.
    ///
    /// # Errors
    /// As [`Usage::increment`].
    pub fn release(&self, reservation: &str) -> Result<Meter, Error> {
        let reservation = ffi::c_text(reservation);
        self.meter_of(|client, after, error| unsafe {
            ffi::latchkey_client_usage_release(client, reservation.as_ptr(), after, error)
        })
    }

    fn meter_of(
        &self,
        ask: impl FnOnce(*mut ffi::Client, *mut *mut ffi::Meter, *mut *mut ffi::Failure) -> c_int,
    ) -> Result<Meter, Error> {
        // SAFETY: the call made the meter.
        call(|error, after| ask(self.client.as_ptr(), after, error)).map(|meter| unsafe { Meter::take(meter) })
    }
}

fn count(amount: u64) -> Result<i64, Error> {
    i64::try_from(amount).map_err(|_| Error::invalid_argument(format!("{amount} units are too many.")))
}
