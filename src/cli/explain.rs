//! `aside explain`: what happens to one recorded request, rule by rule; or a manual.
//!
//! It asks nobody: no upstream, no store, no fetch. What they would say is given in a file.

mod recorded;
mod report;

use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;
use serde_json::Value;

use super::setup::{Files, Setup, Shown, missing_upstream};
use super::{CommandOutcome, WrongUsage, show};
use crate::chat::ChatRequest;
use crate::chat::call_from::FieldSource;
use crate::chat::vapi::VapiFields;
use crate::files::Problem;
use crate::files::problem::nearest;
use crate::lang::condition;
use crate::lang::facts::{FETCH, Facts, ROOTS};
use crate::rule::{KINDS, Kind, Note};
use crate::ruleset::explain::TurnToExplain;
use crate::ruleset::{Ending, TurnInput, case, facts_of_turn};
use crate::upstream::form::{AttemptOf, RequestForm};
use crate::upstream::profiles::upstream_manual;
use crate::{context, fetch};
use report::ExplainReport;

/// A name, and the text of its manual.
type Manual = (&'static str, fn() -> String);

/// What there is a manual of, beside the kinds.
const MANUALS: &[Manual] = &[
    ("context", context::manual::manual),
    ("fetch", fetch::manual::manual),
    ("test", case::manual),
    ("upstream", upstream_manual),
    ("when", condition::manual),
];

/// The names of all manuals.
fn manuals() -> impl Iterator<Item = &'static str> + Clone {
    let kinds = KINDS.iter().map(|kind| kind.name);
    kinds.chain(MANUALS.iter().map(|(name, _)| *name))
}

fn what() -> String {
    format!(
        "The body of a request as Vapi sent it (`-` reads standard input); a recording, with `--turn`; \
         or what to show the manual of: {}",
        manuals().collect::<Vec<_>>().join(", ")
    )
}

/// Show, rule by rule, what happens to a recorded request; or a manual
#[derive(Debug, Args)]
pub(super) struct Explain {
    #[arg(value_name = "FILE.json|RECORDING|KIND|context|fetch|test|upstream|when", help = what())]
    what: String,
    /// The turn of a recording to explain, as it was: the id that `x-aside-turn` and the log name
    #[arg(long, value_name = "ID")]
    turn: Option<String>,
    #[command(flatten)]
    files: Files,
    /// A recorded reply: the events of a stream, or a whole completion
    #[arg(long, value_name = "FILE.sse", conflicts_with = "turn")]
    reply: Option<PathBuf>,
    /// What is known beside the request, as {"context": …, "fetch": …, "now": …}: explain reads no
    /// store and fetches nothing
    #[arg(long, value_name = "FILE.json", conflicts_with = "turn")]
    given: Option<PathBuf>,
    /// The upstream in whose form the request is shown [default: the route's first]
    #[arg(long, value_name = "NAME", conflicts_with = "turn")]
    upstream: Option<String>,
    /// The route whose rules and upstreams count [default: `default`, else the first by name]
    #[arg(long, value_name = "NAME", conflicts_with = "turn")]
    route: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Explain {
    pub(super) fn run(self) -> anyhow::Result<CommandOutcome> {
        if let Some(kind) = Kind::named(&self.what) {
            println!(
                "{}\n\nA rule of this kind:\n\n{}",
                kind.manual(),
                kind.example.trim_end()
            );
            return Ok(CommandOutcome::Good);
        }
        if let Some((_, manual)) = MANUALS.iter().find(|(name, _)| *name == self.what) {
            println!("{}", manual().trim_end());
            return Ok(CommandOutcome::Good);
        }
        let asked = self.upstream.as_deref();
        if let Some(told) = asked.and_then(|asked| missing_upstream(&self.files, asked)) {
            return Err(WrongUsage(told).into());
        }
        let explained = match &self.turn {
            Some(turn) => recorded::explain(Path::new(&self.what), turn, &self.files, self.json),
            None => self.explain(),
        };
        match explained {
            Ok(outcome) => Ok(outcome),
            Err(problems) => {
                show(&problems);
                Ok(CommandOutcome::Problems)
            }
        }
    }

    fn explain(&self) -> Result<CommandOutcome, Vec<Problem>> {
        let request = self.request().map_err(|problem| vec![*problem])?;
        let shown = Shown {
            upstream: self.upstream.as_deref(),
            route: self.route.as_deref(),
        };
        let setup = Setup::read(&self.files, shown)?;
        let given = self.given(&setup).map_err(|problem| vec![*problem])?;
        let reply = self.reply().map_err(|problem| vec![*problem])?;
        let given = GivenFacts {
            setup: &setup,
            roots: given,
        };
        let now = jiff::Timestamp::now();
        // A text that speaks of the time differs from the turn before.
        let earlier =
            |request: &ChatRequest| given.facts(request, now - jiff::SignedDuration::from_secs(20));
        let told = given.told(&request);
        let (assistant, call) = (told.assistant_id(), told.call_id);
        let facts = given.facts(&request, now);
        let turn = TurnToExplain {
            ruleset: &setup.ruleset,
            input: TurnInput {
                notes: given.notes(&request),
                call: call.map(|id| id.to_string()),
                most_injected: setup.most_injected,
                ..TurnInput::new(request, facts)
            },
            takes: &setup.takes,
        };
        let began = Instant::now();
        let mut elapsed = || began.elapsed();
        // First, as in a call: what is remembered of it makes this turn as quick as it is there.
        let before = turn.before(earlier);
        let before = before.map(|before| before.explain(&mut elapsed));
        let explained = turn.explain(&mut elapsed);
        let (preset, form) = &setup.form;
        let whose = AttemptOf {
            upstream: &setup.upstream,
            assistant: assistant.as_deref(),
        };
        let formed = explained.sent_request().map(|request| {
            let form = RequestForm::of(preset.0, form, &form.model_of(request));
            let formed = form.apply(request, whose);
            (formed.request.write(&form.takes), formed.notes)
        });
        let report = ExplainReport {
            formed,
            prefix: before.and_then(|before| explained.prefix(&before)),
            back: reply.map(|reply| explained.way_back(&reply, Ending::Cut(&setup.apology))),
            upstream: &setup.upstream,
            explained: &explained,
        };
        match self.json {
            true => println!("{}", report.json()),
            false => print!("{}", report.text()),
        }
        Ok(match explained.refused {
            Some(_) => CommandOutcome::Problems,
            None => CommandOutcome::Good,
        })
    }

    fn request(&self) -> Result<ChatRequest, Box<Problem>> {
        let looks_like_a_kind = !self.what.contains(['.', '/']) && self.what != "-";
        if looks_like_a_kind && !Path::new(&self.what).exists() {
            let names = manuals();
            let problem = Problem::of_flag(&self.what, "there is no such manual and no such file");
            let help = match nearest(&self.what, names.clone()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!(
                    "there are manuals of {}; a file is the body of a request as Vapi sent it",
                    names.collect::<Vec<_>>().join(", ")
                ),
            };
            return Err(Box::new(problem.with_help(help)));
        }
        let (name, body) = read(
            Path::new(&self.what),
            "the body of a request as Vapi sent it",
        )?;
        if recorded::is_recording(&body) {
            let problem = Problem::of_flag(&name, "this is a recording, of more than one turn");
            let help =
                "name the turn with `--turn ID`: the id that `x-aside-turn` and the log name";
            return Err(Box::new(problem.with_help(help)));
        }
        let is_webhook = serde_json::from_str(&body).is_ok_and(|body: Value| {
            body["message"]["type"].is_string() && body["messages"].is_null()
        });
        ChatRequest::parse(body.into()).map_err(|error| {
            let help = match is_webhook {
                true => "this is a server message (webhook); `explain` takes what Vapi posts to /chat/completions",
                false => "`explain` takes the JSON that Vapi posts to /chat/completions, as it came",
            };
            Box::new(Problem::of_flag(&name, error.to_string()).with_help(help))
        })
    }

    fn reply(&self) -> Result<Option<String>, Box<Problem>> {
        let Some(path) = &self.reply else {
            return Ok(None);
        };
        let what = "the events of a reply, as the upstream sent them";
        let (name, text) = read(path, what)?;
        if crate::ruleset::said(&text).is_empty() {
            let problem = Problem::of_flag(&name, "nothing is said in this reply");
            let help =
                "a reply is lines of `data: {…}` as `curl -N` shows them, or a whole completion";
            return Err(Box::new(problem.with_help(help)));
        }
        Ok(Some(text))
    }

    fn given(&self, setup: &Setup) -> Result<Vec<(&'static str, Value)>, Box<Problem>> {
        let Some(path) = &self.given else {
            return Ok(Vec::new());
        };
        let (name, text) = read(path, "JSON such as {\"context\": {\"customer\": {}}}")?;
        let wrong = |message: String, help: String| {
            Box::new(Problem::of_flag(&name, message).with_help(help))
        };
        let names = ROOTS.join(", ");
        let given: serde_json::Map<String, Value> =
            serde_json::from_str(&text).map_err(|error| {
                wrong(
                    format!("the file is no JSON object: {error}"),
                    format!("its keys may be {names}"),
                )
            })?;
        let known = |(key, value)| match ROOTS.iter().find(|root| **root == key) {
            Some(root) => match case::wrong_in_given(root, &value) {
                Some((message, help)) => Err(wrong(message, help)),
                None => Ok((*root, value)),
            },
            None => Err(wrong(
                format!("unknown name `{key}`"),
                format!("the names are {names}"),
            )),
        };
        let names = setup.ruleset.fetch_names();
        let answered = given.get(FETCH).and_then(Value::as_object);
        for name in answered.into_iter().flat_map(|answered| answered.keys()) {
            if !names.contains(name) {
                let help = match nearest(name, names.iter().map(String::as_str)) {
                    Some(near) => format!("did you mean `fetch.{near}`?"),
                    None => "drop it, or add the fetch to a rule".to_owned(),
                };
                return Err(wrong(format!("no rule has `[fetch.{name}]`"), help));
            }
        }
        given.into_iter().map(known).collect()
    }
}

/// What is known beside the request.
struct GivenFacts<'h> {
    setup: &'h Setup,
    roots: Vec<(&'static str, Value)>,
}

impl GivenFacts<'_> {
    /// What the body says of its call.
    fn told(&self, request: &ChatRequest) -> VapiFields {
        self.setup.from.read(request, &|_| None)
    }

    fn facts(&self, request: &ChatRequest, now: jiff::Timestamp) -> Facts {
        let vapi = self.told(request);
        let mut facts = facts_of_turn(request, vapi, &self.setup.route, now.to_string());
        facts.set_json(FETCH, self.setup.ruleset.fetch_facts([]).into());
        for (root, value) in &self.roots {
            let value = match (*root, value) {
                (FETCH, Value::Object(answered)) => self.fetched(answered),
                _ => value.clone(),
            };
            facts.set(root, value);
        }
        facts
    }

    /// What was answered, null where nothing is given.
    fn fetched(&self, answered: &serde_json::Map<String, Value>) -> Value {
        let mut all = answered.clone();
        for name in self.setup.ruleset.fetch_names() {
            all.entry(name).or_insert(Value::Null);
        }
        Value::Object(all)
    }

    /// What is said of that which is not known.
    fn notes(&self, request: &ChatRequest) -> Vec<Note> {
        let is_given = |root: &str, name: Option<&str>| {
            let found = self.roots.iter().find(|(known, _)| *known == root);
            found.is_some_and(|(_, value)| name.is_none_or(|name| value.get(name).is_some()))
        };
        let ruleset = &self.setup.ruleset;
        let mut notes = self.not_told(request);
        let asks_store = ruleset.speaks_of("context") || ruleset.shadows_speak_of("context");
        if asks_store && !is_given("context", None) {
            let text = "explain reads no store: `--given` says what is in `context`".to_owned();
            notes.push(Note {
                about: "context".to_owned(),
                text,
            });
        }
        for name in ruleset.fetch_names() {
            if !is_given(FETCH, Some(&name)) {
                let text =
                    format!("explain asks nobody: `--given` says what `fetch.{name}` answers");
                notes.push(Note {
                    about: format!("fetch.{name}"),
                    text,
                });
            }
        }
        notes
    }
}

impl GivenFacts<'_> {
    /// What is said of the places that the route names, and at which nothing of use stands.
    fn not_told(&self, request: &ChatRequest) -> Vec<Note> {
        let missing = self.setup.from.missing(request, &|_| None);
        let note = |(field, source): (&str, &FieldSource)| {
            let why = match source.is_beside() {
                true => "explain sees the body alone: `--given` says what is known",
                false => "nothing stands there that can be one",
            };
            // Told beside the rules that speak of it.
            let root = if field == "call_id" { "call" } else { field };
            Note {
                about: root.to_owned(),
                text: format!("`from.{field}` is `{source}`: {why}"),
            }
        };
        missing.into_iter().map(note).collect()
    }
}

/// The name and the text of a file; `-` is standard input. `what` it should hold.
fn read(path: &Path, what: &str) -> Result<(String, String), Box<Problem>> {
    let (name, bytes) = if path == Path::new("-") {
        let mut bytes = Vec::new();
        let read = std::io::stdin().read_to_end(&mut bytes);
        ("standard input".to_owned(), read.map(|_| bytes))
    } else {
        (path.display().to_string(), std::fs::read(path))
    };
    let wrong = |message: String| {
        Box::new(Problem::of_flag(&name, message).with_help(format!("give a file with {what}")))
    };
    let bytes = bytes.map_err(|error| wrong(format!("the file can't be read: {error}")))?;
    match String::from_utf8(bytes) {
        Ok(text) => Ok((name, text)),
        Err(_) => Err(wrong("the file is not valid UTF-8".to_owned())),
    }
}

#[cfg(test)]
mod tests;
