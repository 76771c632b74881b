//! An app with a license: cargo run --example app -- [license key]. Its settings are environment variables, which a
//! real app compiles in.

use latchkey::{Client, Device, Error, State, Status};
use std::env;
use std::path::PathBuf;
use std::process::ExitCode;

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_default()
}

fn run() -> Result<Status, Error> {
    let product = variable("LATCHKEY_PRODUCT");
    let file = env::var_os("LATCHKEY_FILE").map(PathBuf::from);
    let license = Client::builder()
        .url(variable("LATCHKEY_URL"))
        .api_key(variable("LATCHKEY_API_KEY"))
        .product(&product)
        .version("2.1.0")
        .released("2026-02-15")
        .public_keys_json(variable("LATCHKEY_KEYS"))
        .device(Device::machine(&product)?)
        .storage_path(file.unwrap_or_else(|| env::temp_dir().join("latchkey-example/license.json")))
        .build()?;
    let mut status = license.start()?;
    if let (State::NotActivated, Some(key)) = (status.state, env::args().nth(1)) {
        status = license.activate(&key)?;
    }
    Ok(status)
}

fn main() -> ExitCode {
    match run() {
        Ok(status) => {
            println!("{}", status.state);
            if let Some(error) = &status.error {
                eprintln!("{error}");
            }
            if status.usable {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            }
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
