//! The example of a CRM, played: what it tells is in the turns of a call, also what changes in it.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::DEADLINE;
use crate::aside::{Aside, Setup};
use crate::events::{EVENTS, JSON, event, is_taken};
use crate::upstream::Upstream;
use crate::wire::{CHAT, Reply, saying, turn_of, whole, with};

const DANA: &str = "+14155550123";
const OTHER: &str = "+14155550199";
const SECRET: &[(&str, &str)] = &[("x-vapi-secret", "a-secret")];
/// Much more than the example lets a turn wait.
const QUICK: Duration = Duration::from_secs(8);

/// The CRM; dropping it ends it.
struct Crm {
    process: Child,
    address: String,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/crm")
}

fn python() -> Command {
    let mut command = Command::new("python3");
    command.arg(folder().join("crm.py")).stdin(Stdio::null());
    command
}

impl Crm {
    fn start() -> Crm {
        let mut command = python();
        command.args(["serve", "127.0.0.1:0"]);
        let mut process = command
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 is installed");
        let mut line = String::new();
        let stdout = process.stdout.take().expect("a pipe");
        BufReader::new(stdout)
            .read_line(&mut line)
            .expect("it says where it listens");
        let address = line.trim().rsplit(' ').next().expect("an address");
        Crm {
            address: address.to_owned(),
            process,
        }
    }

    /// Sends a signal, by its name without SIG.
    fn signal(&self, name: &str) {
        let id = self.process.id().to_string();
        let status = Command::new("kill").args(["-s", name, &id]).status();
        assert!(status.expect("`kill` is installed").success());
    }

    /// Somebody changes a customer.
    fn change(&self, aside: &Aside, number: &str, field: &str, value: &str) {
        let mut command = python();
        command
            .args(["change", number, field, value])
            .env("CRM_URL", format!("http://{}", self.address))
            .env("ASIDE_URL", format!("http://{}", aside.address))
            .env("CONTEXT_KEY", "a-context-key");
        assert!(command.status().expect("it runs").success());
    }
}

impl Drop for Crm {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// aside as the example configures it, but for the ports.
fn serving(crm: &Crm, model: &Upstream) -> Aside {
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(path).expect("a file of the example");
        text.replace("127.0.0.1:8090", &crm.address)
    };
    let mut setup = Setup::with_config(&read(folder().join("aside.toml")))
        .env("MODEL_URL", &model.url())
        .env("CONTEXT_KEY", "a-context-key")
        .env("VAPI_SECRET", SECRET[0].1)
        .env("ASIDE_LOG", "debug");
    for entry in std::fs::read_dir(folder().join("rules")).expect("the example has rules") {
        let path = entry.expect("an entry").path();
        let name = path.file_stem().expect("a name").to_string_lossy();
        setup = setup.rule(&name, &read(path.clone()));
    }
    Aside::serve(&setup)
}

fn model() -> Upstream {
    Upstream::start(|request, _| match request.body.is_empty() {
        true => whole("200 OK", JSON, "{\"data\":[]}"),
        false => saying(&["I have [EMAIL", "_1]."]),
    })
}

/// One turn; what the caller heard, and what the model got.
fn turn(aside: &Aside, model: &Upstream, call: &str, number: &str) -> (String, String) {
    let text = format!("Hello, number {}.", model.count());
    let customer = json!({ "customer": { "number": number } });
    let body = with(&turn_of(call, &text), customer);
    let answer = aside.client().post(CHAT, &[], &body);
    let heard = Reply::read(&answer.text()).heard();
    let mut requests = (0..model.count()).map(|number| model.request(number).text());
    let got = requests.find(|request| request.contains(&text));
    (heard, got.expect("the model was asked"))
}

/// Plays turns until the model gets this; what the caller heard then, and what the model got.
fn turn_until(aside: &Aside, model: &Upstream, number: &str, text: &str) -> (String, String) {
    let deadline = Instant::now() + DEADLINE;
    loop {
        let (heard, got) = turn(aside, model, "call-1", number);
        if got.contains(text) {
            return (heard, got);
        }
        assert!(Instant::now() < deadline, "never `{text}`: {got}");
    }
}

#[test]
fn a_call_knows_the_customer_and_what_changes_in_it() {
    let (crm, model) = (Crm::start(), model());
    let aside = serving(&crm, &model);
    let customer = json!({ "status": "in-progress", "customer": { "number": DANA } });
    let began = event("status-update", "call-1", customer);
    is_taken(&aside.client().post(EVENTS, SECRET, &began));
    let known = "The caller is Dana Whitfield, mail [EMAIL_1], with the plan silver.";
    let (heard, got) = turn_until(&aside, &model, DANA, known);
    assert_eq!(heard, "I have dana@example.com.");
    assert!(!got.contains("dana@example.com"), "{got}");

    crm.change(&aside, DANA, "plan", "gold");
    let (_, got) = turn(&aside, &model, "call-1", DANA);
    assert!(got.contains("with the plan gold."), "the next turn: {got}");

    let over = event("end-of-call-report", "call-1", json!({}));
    is_taken(&aside.client().post(EVENTS, SECRET, &over));
    let (_, got) = turn(&aside, &model, "call-2", DANA);
    assert!(got.contains("with the plan gold."), "the next call: {got}");
    let (_, got) = turn_until(&aside, &model, OTHER, "with the plan basic.");
    assert!(!got.contains("gold"), "{got}");
}

#[test]
fn a_crm_that_is_stopped_holds_no_turn() {
    let (crm, model) = (Crm::start(), model());
    let aside = serving(&crm, &model);
    turn_until(&aside, &model, DANA, "with the plan silver.");
    crm.signal("STOP");
    let began = Instant::now();
    let (_, got) = turn(&aside, &model, "call-2", OTHER);
    assert!(began.elapsed() < QUICK, "{:?}", began.elapsed());
    assert!(!got.contains("The caller is"), "{got}");
    aside.wait_for("`fetch.crm` did not answer within 200 ms, so it is null");
    let (_, got) = turn(&aside, &model, "call-1", DANA);
    assert!(got.contains("with the plan silver."), "{got}");
    crm.signal("CONT");
    turn_until(&aside, &model, OTHER, "with the plan basic.");
}
