//! What an app replaces and listens to: it is called, panics end there, and a client may be dropped anywhere.

use latchkey::{
    Builder, Client, Device, Error, ErrorKind, Request, Response, Retries, State, Storage, Transport, Value,
};
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{mpsc, Arc, Mutex};
use std::time::{Duration, Instant, UNIX_EPOCH};

type Answer = Result<Response, Box<dyn std::error::Error + Send + Sync>>;

/// A transport that is a closure.
struct Answering<F>(F);

impl<F: Fn(&Request<'_>) -> Answer + Send + Sync> Transport for Answering<F> {
    fn send(&self, request: &Request<'_>) -> Answer {
        (self.0)(request)
    }
}

fn builder() -> Builder {
    let device = Device::new("9f86d081884c7d65", [("board", "b-71")]).unwrap();
    Client::builder()
        .url("https://licenses.example.com")
        .api_key("key")
        .product("painter")
        .version("2.1.0")
        .released("2026-02-15")
        .public_key("UDDReOZl1ipXAfp9wYsm13sDBMK5og--QWdBjzuf6o4", "iojj3XQJ8ZX9UtstPLpdcspnCb8dlBIb83SIAbQPb1w")
        .device(device)
        .retries(Retries { attempts: 1, ..Retries::default() })
}

fn client(answer: impl Fn(&Request<'_>) -> Answer + Send + Sync + 'static) -> Client {
    builder().transport(Answering(answer)).build().unwrap()
}

fn activated(client: &Client) -> Error {
    client.activate("TEST-TEST-TEST-TEST").unwrap_err()
}

#[test]
fn a_refusal_has_the_facts_of_the_server() {
    let license = client(|request| {
        assert_eq!(request.method(), "POST");
        assert_eq!(request.url(), "https://licenses.example.com/api/license/activate");
        assert_eq!(request.timeout(), Duration::from_secs(20));
        assert!(request.headers().any(|(name, value)| name.eq_ignore_ascii_case("x-api-key") && value == "key"));
        let body: Value = std::str::from_utf8(request.body().unwrap()).unwrap().parse().unwrap();
        assert_eq!(body.get("hardware_hash").and_then(Value::as_str), Some("9f86d081884c7d65"));
        Ok(Response {
            status: 409,
            headers: vec![("x-request-id".into(), "request-1".into()), ("Retry-After".into(), "90".into())],
            body: r#"{"error":{"code":"SOMETHING_ELSE","message":"É no.","details":{"a":[1,null]}}}"#.into(),
        })
    });
    let error = activated(&license);
    assert_eq!(error.kind(), ErrorKind::Refused);
    assert_eq!(error.code(), "SOMETHING_ELSE");
    assert_eq!(error.to_string(), "SOMETHING_ELSE: É no.");
    assert_eq!(error.status(), 409);
    assert_eq!(error.request_id(), Some("request-1"));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(90)));
    assert_eq!(error.details().to_string(), r#"{"a":[1,null]}"#);
}

#[test]
fn a_transport_that_fails_or_panics_is_a_network_that_fails() {
    let failing = client(|_| Err("The cable is out.".into()));
    let error = activated(&failing);
    assert_eq!((error.kind(), error.code()), (ErrorKind::Network, "NETWORK_ERROR"));
    assert!(error.message().contains("The cable is out."), "{error}");
    let panicking = client(|_| panic!("of a transport"));
    assert_eq!(activated(&panicking).code(), "NETWORK_ERROR");
}

/// A storage that panics, fails or keeps.
#[derive(Clone, Default)]
struct Memory {
    text: Arc<Mutex<Option<String>>>,
    locks: Arc<AtomicUsize>,
}

impl Storage for Memory {
    fn read(&self) -> io::Result<Option<String>> {
        Ok(self.text.lock().unwrap().clone())
    }

    fn write(&self, text: &str) -> io::Result<()> {
        *self.text.lock().unwrap() = Some(text.to_owned());
        Ok(())
    }

    fn lock(&self) -> io::Result<()> {
        self.locks.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    fn unlock(&self) {
        self.locks.fetch_sub(1, Ordering::SeqCst);
    }
}

struct Panicking;

impl Storage for Panicking {
    fn read(&self) -> io::Result<Option<String>> {
        panic!("of a storage")
    }

    fn write(&self, _: &str) -> io::Result<()> {
        Err(io::Error::other("The keychain is locked."))
    }
}

#[test]
fn a_storage_of_the_apps_own_is_used_and_its_panic_is_a_failure() {
    let memory = Memory::default();
    let license = builder().storage(memory.clone()).build().unwrap();
    assert_eq!(license.status().unwrap().state, State::NotActivated);
    assert_eq!(license.install_file("a\0b", None).unwrap().state, State::Invalid);
    drop(license);
    assert_eq!(memory.locks.load(Ordering::SeqCst), 0);

    let license = builder().storage(Panicking).build().unwrap();
    let status = license.status().unwrap();
    assert_eq!(status.state, State::NotActivated);
    assert!(!status.usable && status.entitlements.is_empty());
}

#[test]
fn clock_and_random_bytes_may_panic() {
    let license = builder()
        .clock(|| panic!("of a clock"))
        .random(|_| panic!("of random bytes"))
        .transport(Answering(|_: &Request<'_>| Err("no".into())))
        .build()
        .unwrap();
    assert_eq!(license.status().unwrap().state, State::NotActivated);
    assert!(license.activate("TEST-TEST-TEST-TEST").is_err());
    let before_1970 = builder().clock(|| UNIX_EPOCH - Duration::from_secs(10)).build().unwrap();
    assert_eq!(before_1970.status().unwrap().state, State::NotActivated);
}

#[test]
fn options_that_cannot_be_are_refused() {
    let missing = Client::builder().build().unwrap_err();
    assert_eq!((missing.kind(), missing.code()), (ErrorKind::InvalidArgument, "INVALID_OPTIONS"));
    assert_eq!(builder().url("ftp://licenses.example.com").build().unwrap_err().code(), "INVALID_OPTIONS");
    assert_eq!(builder().timeout(Duration::MAX).build().unwrap_err().kind(), ErrorKind::InvalidArgument);
    assert_eq!(Device::new("", []).unwrap_err().kind(), ErrorKind::InvalidArgument);
    assert_eq!(builder().storage_path("a\0b").build().unwrap_err().kind(), ErrorKind::InvalidArgument);
    let license = builder().build().unwrap();
    assert_eq!(license.check_out(Some(Duration::ZERO), false).unwrap_err().kind(), ErrorKind::InvalidArgument);
    assert_eq!(license.usage().increment("exports", u64::MAX).unwrap_err().kind(), ErrorKind::InvalidArgument);
}

#[test]
fn stop_ends_calls_that_wait() {
    let (sent, is_sent) = mpsc::channel();
    let license = client(move |request| {
        sent.send(()).unwrap();
        while !request.is_cancelled() {
            std::thread::sleep(Duration::from_millis(10));
        }
        Err("It was stopped.".into())
    });
    let began = Instant::now();
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| activated(&license));
        is_sent.recv_timeout(Duration::from_secs(5)).unwrap();
        license.stop();
        assert_eq!(waiting.join().unwrap().kind(), ErrorKind::Network);
    });
    assert!(began.elapsed() < Duration::from_secs(5));
}

#[test]
fn a_client_may_be_dropped_by_what_it_calls() {
    let shared: Arc<Mutex<Option<Arc<Client>>>> = Arc::default();
    let (dropped, is_dropped) = mpsc::channel();
    let in_transport = shared.clone();
    let license = client(move |_| {
        drop(in_transport.lock().unwrap().take());
        let _ = dropped.send(());
        Err("no".into())
    });
    license.on_change(|_| panic!("of a listener"));
    let id = license.on_change(|_| {});
    license.remove_listener(id);
    license.remove_listener(id);
    let license = Arc::new(license);
    *shared.lock().unwrap() = Some(license.clone());
    // The last call returns after the transport has dropped what it had; this thread drops the rest.
    assert_eq!(activated(&license).kind(), ErrorKind::Network);
    drop(license);
    is_dropped.recv_timeout(Duration::from_secs(5)).unwrap();
}

#[test]
fn keys_devices_and_versions_are_those_of_the_library() {
    assert_eq!(latchkey::library_version(), env!("CARGO_PKG_VERSION"));
    let device = Device::of("painter", [("board", Some("b-71")), ("disk", None)]).unwrap();
    assert_eq!(device.components().map(|(name, _)| name).collect::<Vec<_>>(), ["board"]);
    assert!(latchkey::LicenseKey::read("\0").is_err());
}
