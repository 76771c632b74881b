//! What an app tells the library.

use crate::callbacks::{self, Environment};
use crate::{ffi, Client, Device, Error, Storage, Transport};
use std::ffi::{c_char, c_void, CString};
use std::io;
use std::mem::MaybeUninit;
use std::path::PathBuf;
use std::ptr;
use std::time::{Duration, SystemTime};

/// What is repeated after network errors, 429 and 503, and how long is waited. Retry-After is honoured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retries {
    /// Calls in all.
    pub attempts: u32,
    /// The first delay. Each further one is twice the one before.
    pub first_delay: Duration,
    /// The longest delay.
    pub longest_delay: Duration,
    /// The longest Retry-After that is waited for.
    pub longest_wait: Duration,
}

impl Default for Retries {
    /// 5 attempts, delays of 1 to 30 seconds, and 60 seconds for Retry-After.
    fn default() -> Retries {
        Retries {
            attempts: 5,
            first_delay: Duration::from_secs(1),
            longest_delay: Duration::from_secs(30),
            longest_wait: Duration::from_secs(60),
        }
    }
}

/// Makes a [`Client`]. Address, API key, product, version, public keys and device are needed; all else has defaults.
///
/// Without a storage the license is held in memory.
#[derive(Default)]
pub struct Builder {
    url: String,
    api_key: String,
    product: String,
    version: String,
    released: Option<String>,
    public_keys: Vec<(String, String)>,
    public_keys_json: Option<String>,
    device: Option<Device>,
    device_name: Option<String>,
    storage_path: Option<PathBuf>,
    refresh_interval: Option<Duration>,
    fresh_for: Option<Duration>,
    offline_grace: Option<Duration>,
    timeout: Option<Duration>,
    retries: Option<Retries>,
    environment: Environment,
}

impl Builder {
    /// Address of the license server, http or https.
    pub fn url(mut self, url: impl Into<String>) -> Builder {
        self.url = url.into();
        self
    }

    /// An API key of the product.
    pub fn api_key(mut self, api_key: impl Into<String>) -> Builder {
        self.api_key = api_key.into();
        self
    }

    /// The product's code.
    pub fn product(mut self, product: impl Into<String>) -> Builder {
        self.product = product.into();
        self
    }

    /// The version of the app, such as "2.1.0".
    pub fn version(mut self, version: impl Into<String>) -> Builder {
        self.version = version.into();
        self
    }

    /// The day of this release, `YYYY-MM-DD`.
    pub fn released(mut self, day: impl Into<String>) -> Builder {
        self.released = Some(day.into());
        self
    }

    /// Adds a key of the product, compiled into the app: its id, and its 32 bytes in base64url, as
    /// `/.well-known/jwks/{product}.json` has them. Never read keys from a file or the network.
    pub fn public_key(mut self, kid: impl Into<String>, x: impl Into<String>) -> Builder {
        self.public_keys.push((kid.into(), x.into()));
        self
    }

    /// The keys as JSON, a JWK set or a list of JWKs, beside or instead of [`Builder::public_key`].
    pub fn public_keys_json(mut self, json: impl Into<String>) -> Builder {
        self.public_keys_json = Some(json.into());
        self
    }

    /// The device.
    pub fn device(mut self, device: Device) -> Builder {
        self.device = Some(device);
        self
    }

    /// The device's name that the customer sees.
    pub fn device_name(mut self, name: impl Into<String>) -> Builder {
        self.device_name = Some(name.into());
        self
    }

    /// The file in which the license is kept, such as license.json in the folder of the user's settings; its folders are
    /// created.
    pub fn storage_path(mut self, path: impl Into<PathBuf>) -> Builder {
        self.storage_path = Some(path.into());
        self
    }

    /// A storage of the app's own, such as a keychain.
    pub fn storage(mut self, storage: impl Storage + 'static) -> Builder {
        self.environment.storage = Some(Box::new(storage));
        self
    }

    /// The time between refreshes; an hour, and never less than a minute.
    pub fn refresh_interval(mut self, interval: Duration) -> Builder {
        self.refresh_interval = Some(interval);
        self
    }

    /// How long a validation counts as fresh; a day.
    pub fn fresh_for(mut self, time: Duration) -> Builder {
        self.fresh_for = Some(time);
        self
    }

    /// How long a license without a license file may be used while the server is not reached; three days.
    pub fn offline_grace(mut self, time: Duration) -> Builder {
        self.offline_grace = Some(time);
        self
    }

    /// The time until a request is ended; 20 seconds.
    pub fn timeout(mut self, time: Duration) -> Builder {
        self.timeout = Some(time);
        self
    }

    /// What is repeated, and when.
    pub fn retries(mut self, retries: Retries) -> Builder {
        self.retries = Some(retries);
        self
    }

    /// Sends requests in place of libcurl.
    pub fn transport(mut self, transport: impl Transport + 'static) -> Builder {
        self.environment.transport = Some(Box::new(transport));
        self
    }

    /// The time in place of the system's.
    pub fn clock(mut self, clock: impl Fn() -> SystemTime + Send + Sync + 'static) -> Builder {
        self.environment.clock = Some(Box::new(clock));
        self
    }

    /// Fills bytes by chance in place of OpenSSL, for nonces, idempotency keys and delays.
    pub fn random(mut self, random: impl Fn(&mut [u8]) -> io::Result<()> + Send + Sync + 'static) -> Builder {
        self.environment.random = Some(Box::new(random));
        self
    }

    /// Makes the client. Neither disk nor network are touched.
    ///
    /// # Errors
    /// [`InvalidArgument`](crate::ErrorKind::InvalidArgument) for options that cannot be.
    pub fn build(self) -> Result<Client, Error> {
        let texts = Texts::of(&self)?;
        let keys: Vec<_> =
            (texts.public_keys.iter()).map(|(kid, x)| ffi::PublicKey { kid: kid.as_ptr(), x: x.as_ptr() }).collect();
        let mut options = MaybeUninit::<ffi::Options>::zeroed();
        // SAFETY: the function sets every member; zeros are right for all before, and NULL for those that it leaves.
        let mut options = unsafe {
            ffi::latchkey_options_init(options.as_mut_ptr(), size_of::<ffi::Options>());
            options.assume_init()
        };
        options.url = texts.url.as_ptr();
        options.api_key = texts.api_key.as_ptr();
        options.product = texts.product.as_ptr();
        options.version = texts.version.as_ptr();
        options.released = pointer(&texts.released);
        options.public_keys = keys.as_ptr();
        options.public_key_count = keys.len();
        options.public_keys_json = pointer(&texts.public_keys_json);
        options.device = self.device.as_ref().map_or(ptr::null(), Device::as_ptr);
        options.device_name = pointer(&texts.device_name);
        options.storage_path = pointer(&texts.storage_path);
        set_seconds(&mut options.refresh_interval, self.refresh_interval);
        set_seconds(&mut options.fresh_for, self.fresh_for);
        set_seconds(&mut options.offline_grace, self.offline_grace);
        set_seconds(&mut options.timeout, self.timeout);
        if let Some(retries) = self.retries {
            options.retry_attempts = i32::try_from(retries.attempts).unwrap_or(i32::MAX);
            options.retry_first_delay = retries.first_delay.as_secs_f64();
            options.retry_longest_delay = retries.longest_delay.as_secs_f64();
            options.retry_longest_wait = retries.longest_wait.as_secs_f64();
        }
        let environment = Box::new(self.environment);
        set_environment(&mut options, &environment);
        Client::of(&options, environment)
    }
}

fn pointer(text: &Option<CString>) -> *const c_char {
    text.as_ref().map_or(ptr::null(), |text| text.as_ptr())
}

fn set_seconds(member: &mut f64, time: Option<Duration>) {
    if let Some(time) = time {
        *member = time.as_secs_f64();
    }
}

fn set_environment(options: &mut ffi::Options, environment: &Environment) {
    let context: *mut c_void = ptr::from_ref(environment).cast_mut().cast();
    if environment.transport.is_some() {
        options.transport = Some(callbacks::send);
        options.transport_context = context;
    }
    if environment.storage.is_some() {
        options.storage_read = Some(callbacks::read);
        options.storage_write = Some(callbacks::write);
        options.storage_lock = Some(callbacks::lock);
        options.storage_unlock = Some(callbacks::unlock);
        options.storage_context = context;
    }
    if environment.clock.is_some() {
        options.clock = Some(callbacks::now);
        options.clock_context = context;
    }
    if environment.random.is_some() {
        options.random = Some(callbacks::random);
        options.random_context = context;
    }
}

/// The texts of the options for the C library, which copies them.
struct Texts {
    url: CString,
    api_key: CString,
    product: CString,
    version: CString,
    released: Option<CString>,
    public_keys: Vec<(CString, CString)>,
    public_keys_json: Option<CString>,
    device_name: Option<CString>,
    storage_path: Option<CString>,
}

impl Texts {
    fn of(builder: &Builder) -> Result<Texts, Error> {
        let keys = builder.public_keys.iter().map(|(kid, x)| (ffi::c_text(kid), ffi::c_text(x)));
        Ok(Texts {
            url: ffi::c_text(&builder.url),
            api_key: ffi::c_text(&builder.api_key),
            product: ffi::c_text(&builder.product),
            version: ffi::c_text(&builder.version),
            released: builder.released.as_deref().map(ffi::c_text),
            public_keys: keys.collect(),
            public_keys_json: builder.public_keys_json.as_deref().map(ffi::c_text),
            device_name: builder.device_name.as_deref().map(ffi::c_text),
            storage_path: builder.storage_path.as_ref().map(path_text).transpose()?,
        })
    }
}

/// Under Unix the bytes of the path as they are, elsewhere its text in UTF-8.
fn path_text(path: &PathBuf) -> Result<CString, Error> {
    #[cfg(unix)]
    let bytes = Some(std::os::unix::ffi::OsStrExt::as_bytes(path.as_os_str()));
    #[cfg(not(unix))]
    let bytes = path.to_str().map(str::as_bytes);
    bytes
        .and_then(|bytes| CString::new(bytes).ok())
        .ok_or_else(|| Error::invalid_argument(format!("The storage path {path:?} is none of this system.")))
}
