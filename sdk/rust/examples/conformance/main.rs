//! The conformance program of this library: reads calls, one JSON object a line, and writes what came of each.
//! tests/sdk/conformance has the driver, which plays the same calls to the libraries of all languages.

mod forms;
mod open;

use forms::{error_form, meter_form, session_form, status_form, update_form};
use latchkey::{Client, Value};
use open::{opened, Clock};
use std::io::{self, BufRead, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// The client of the last `open`, and what its listener and its clock have.
#[derive(Default)]
struct Program {
    client: Option<Client>,
    clock: Arc<Mutex<Clock>>,
    states: Arc<Mutex<Vec<Value>>>,
}

/// What a call fails with.
enum Failed {
    Library(latchkey::Error),
    /// Something that the types of this library do not have, such as a negative amount.
    Argument(&'static str),
}

impl From<latchkey::Error> for Failed {
    fn from(error: latchkey::Error) -> Failed {
        Failed::Library(error)
    }
}

fn text<'a>(call: &'a Value, name: &str) -> &'a str {
    call.get(name).and_then(Value::as_str).unwrap_or("")
}

fn whole(call: &Value, name: &'static str) -> Result<Option<u64>, Failed> {
    match call.get(name).and_then(Value::as_f64) {
        None => Ok(None),
        Some(number) if number >= 0.0 && number.fract() == 0.0 => Ok(Some(number as u64)),
        Some(_) => Err(Failed::Argument(name)),
    }
}

fn duration(call: &Value, name: &'static str) -> Result<Option<Duration>, Failed> {
    let seconds = call.get(name).and_then(Value::as_f64);
    seconds.map(|seconds| Duration::try_from_secs_f64(seconds).map_err(|_| Failed::Argument(name))).transpose()
}

fn done() -> Value {
    Value::from([("ok", true.into())])
}

impl Program {
    fn open(&mut self, call: &Value) -> Value {
        self.client = None;
        self.clock = Arc::new(Mutex::new(Clock::of(call)));
        self.states = Arc::default();
        match opened(call, self.clock.clone()) {
            Ok(client) => {
                let states = self.states.clone();
                client.on_change(move |status| states.lock().unwrap().push(status.state.name().into()));
                self.client = Some(client);
                done()
            }
            Err(failed) => failed_form(failed, Some("INVALID_OPTIONS")),
        }
    }

    fn answer(&self, call: &Value) -> Value {
        self.result(call).unwrap_or_else(|failed| failed_form(failed, None))
    }

    fn result(&self, call: &Value) -> Result<Value, Failed> {
        let client = self.client.as_ref().ok_or(Failed::Argument("open"))?;
        let flag = |name| call.get(name).and_then(Value::as_bool).unwrap_or(false);
        let status = match text(call, "call") {
            "start" => client.start(),
            "status" => client.status(),
            "refresh" => client.refresh(),
            "activate" => client.activate(text(call, "license_key")),
            "deactivate" => client.deactivate(),
            "check_out" => client.check_out(duration(call, "ttl")?, flag("encrypt")),
            "check_in" => client.check_in(),
            "install_file" => client.install_file(text(call, "file"), call.get("license_key").and_then(Value::as_str)),
            "install_status_list" => client.install_status_list(text(call, "list")),
            _ => return self.other(client, call),
        };
        Ok(Value::from([("status", status_form(&status?))]))
    }

    /// Calls that do not return a status.
    fn other(&self, client: &Client, call: &Value) -> Result<Value, Failed> {
        let amount = || whole(call, "amount");
        let (meter, reservation) = (text(call, "meter"), text(call, "reservation"));
        let meter = match text(call, "call") {
            "usage_increment" => client.usage().increment(meter, amount()?.unwrap_or(1)),
            "usage_reserve" => {
                let ttl = duration(call, "ttl")?.unwrap_or(Duration::from_secs(300));
                client.usage().reserve(meter, amount()?.unwrap_or(1), ttl)
            }
            "usage_commit" => client.usage().commit(reservation, amount()?),
            "usage_release" => client.usage().release(reservation),
            name => return self.last(client, call, name),
        };
        Ok(Value::from([("meter", meter_form(&meter?))]))
    }

    fn last(&self, client: &Client, call: &Value, name: &str) -> Result<Value, Failed> {
        match name {
            "clock" => *self.clock.lock().unwrap() = Clock::of(call),
            "stop" => client.stop(),
            "seats_end" => client.seats().end()?,
            "deactivate_offline" => return Ok(Value::from([("code", client.deactivate_offline()?.into())])),
            "offline_request" => {
                let encrypt = call.get("encrypt").and_then(Value::as_bool).unwrap_or(false);
                let request = client.offline_request(text(call, "license_key"), encrypt)?;
                return Ok(Value::from([("text", request.into())]));
            }
            "check_for_update" => return Ok(Value::from([("update", update_form(&client.check_for_update()?))])),
            "seats_start" => return Ok(Value::from([("session", session_form(&client.seats().start()?))])),
            "changes" => {
                let heard = std::mem::take(&mut *self.states.lock().unwrap());
                return Ok(Value::from([("states", Value::List(heard))]));
            }
            "parallel" => return Ok(Value::from([("results", self.parallel(call))])),
            _ => return Err(Failed::Argument("call")),
        }
        Ok(done())
    }

    fn parallel(&self, call: &Value) -> Value {
        let calls = call.get("calls").and_then(Value::as_list).unwrap_or_default();
        std::thread::scope(|scope| {
            let threads: Vec<_> = calls.iter().map(|call| scope.spawn(|| self.answer(call))).collect();
            Value::List(threads.into_iter().map(|thread| thread.join().unwrap()).collect())
        })
    }
}

fn failed_form(failed: Failed, code: Option<&str>) -> Value {
    let form = match &failed {
        Failed::Library(error) => error_form(error, code.unwrap_or(error.code())),
        Failed::Argument(name) => Value::from([
            ("code", code.unwrap_or("INVALID_ARGUMENT").into()),
            ("message", format!("{name} cannot be that.").into()),
            ("status", 0.0.into()),
            ("request_id", Value::Null),
            ("details", Value::Object(Default::default())),
            ("retry_after", Value::Null),
        ]),
    };
    Value::from([("error", form)])
}

fn main() -> io::Result<()> {
    let mut program = Program::default();
    for line in io::stdin().lock().lines() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let call: Value = line.parse().map_err(io::Error::other)?;
        let answer = if text(&call, "call") == "open" { program.open(&call) } else { program.answer(&call) };
        println!("{answer}");
        io::stdout().flush()?;
    }
    Ok(())
}
