//! The cases of sdk/vectors, through the C library that is linked.

use crate::client::text_of;
use crate::{ffi, Value};
use std::fs;
use std::path::PathBuf;

fn folder() -> PathBuf {
    match std::env::var_os("LATCHKEY_VECTORS") {
        Some(folder) => folder.into(),
        None => PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../vectors"),
    }
}

/// The kind of case that the C library calls those of a file.
fn kind_of(file: &str) -> Option<&'static str> {
    if file.starts_with("file_") {
        return Some("file");
    }
    Some(match file {
        "validations.json" => "validation",
        "license_keys.json" => "license_key",
        "versions.json" => "version",
        "offline_requests.json" => "offline_request",
        "retries.json" => "retry",
        "removal_codes.json" => "removal_code",
        "devices.json" => "device",
        _ => return None,
    })
}

/// The JSON of `given`. Members of a request are written in an order, which objects here do not keep.
fn text_of_given(kind: &str, given: &Value) -> String {
    if kind != "offline_request" {
        return given.to_string();
    }
    const MEMBERS: [&str; 8] = [
        "license_key",
        "hardware_hash",
        "components",
        "machine_name",
        "app_version",
        "metadata",
        "encrypt",
        "created_at",
    ];
    let written = MEMBERS.iter().filter_map(|name| given.get(name).map(|value| format!("\"{name}\":{value}")));
    format!("{{{}}}", written.collect::<Vec<_>>().join(","))
}

fn found(kind: &str, given: &Value) -> Value {
    let (kind, given) = (ffi::c_text(kind), ffi::c_text(&text_of_given(kind, given)));
    let text = text_of(|error, result| unsafe {
        // SAFETY: the texts live until the call has returned.
        ffi::latchkey_check_vector(kind.as_ptr(), given.as_ptr(), result, error)
    });
    match text {
        Ok(text) => text.parse().unwrap_or_else(|error| panic!("{text}: {error}")),
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn every_vector_has_its_result() {
    let folder = folder();
    let Ok(entries) = fs::read_dir(&folder) else {
        eprintln!("There are no vectors in {}: set LATCHKEY_VECTORS.", folder.display());
        return;
    };
    let mut count = 0;
    let mut failures = Vec::new();
    for entry in entries {
        let path = entry.expect("a file").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let Some(kind) = kind_of(&name) else { continue };
        let text = fs::read_to_string(&path).expect("a text");
        let vectors: Value = text.parse().unwrap_or_else(|error| panic!("{name}: {error}"));
        for case in vectors.get("cases").and_then(Value::as_list).expect("cases") {
            let (given, expected) = (case.get("given").expect("given"), case.get("expected").expect("expected"));
            let found = found(kind, given);
            count += 1;
            if found != *expected {
                let case = case.get("name").and_then(Value::as_str).unwrap_or("");
                failures.push(format!("{name}, {case}: expected {expected}, got {found}"));
            }
        }
    }
    assert!(failures.is_empty(), "{} of {count} differ:\n{}", failures.len(), failures.join("\n"));
    assert!(count >= 150, "{count} cases");
}
