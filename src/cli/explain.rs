//! `aside explain`: what happens to one recorded request, rule by rule; or the manual of a kind.
//!
//! It asks nobody: no upstream, no store, no fetch. What they would say is given in a file.

mod report;

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use clap::Args;
use serde_json::Value;

use super::check::{config_path, environment, read_ruleset};
use super::{Outcome, show};
use crate::chat::ChatRequest;
use crate::chat::request::Takes;
use crate::chat::vapi::VapiFields;
use crate::config::{Config, Key, Overrides, RouteConfig, UpstreamConfig};
use crate::rule::{KINDS, Note};
use crate::ruleset::explain::Turned;
use crate::ruleset::{Ruleset, facts_of_turn};
use crate::server::{read_config, takes_of};
use crate::text::Problem;
use crate::text::facts::{FETCH, Facts, ROOTS};
use crate::text::problem::nearest;
use report::Report;

/// Stands for environment variables that are not set: nothing is sent anywhere, so no key is
/// needed. It passes for a key of any kind.
const UNSET: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Show, rule by rule, what happens to a recorded request; or a kind's manual
#[derive(Debug, Args)]
pub(super) struct Explain {
    /// The body of a request as Vapi sent it (`-` reads standard input); or a kind: inject, redact,
    /// rewrite
    #[arg(value_name = "FILE.json|KIND")]
    what: String,
    /// The folder of rule files [default: the config's, else ./rules]
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
    /// The config file [default: ./aside.toml where that exists]
    #[arg(long, env = "ASIDE_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    /// A recorded reply: the events of a stream, or a whole completion
    #[arg(long, value_name = "FILE.sse")]
    reply: Option<PathBuf>,
    /// What is known beside the request, as {"context": …, "fetch": …, "now": …}: explain reads no
    /// store and fetches nothing
    #[arg(long, value_name = "FILE.json")]
    given: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// The rules and what surrounds them, from files.
pub(super) struct House {
    /// The rules.
    pub(super) ruleset: Arc<Ruleset>,
    /// The route's name.
    pub(super) route: String,
    /// The name of its first upstream.
    pub(super) upstream: String,
    /// What that takes.
    pub(super) takes: Takes,
    /// What the caller hears when it fails.
    pub(super) apology: String,
    /// The most bytes that rules may inject.
    pub(super) most_injected: usize,
    /// The key of an encrypted recording.
    pub(super) record_key: Option<Key>,
}

impl Explain {
    pub(super) fn run(self) -> anyhow::Result<Outcome> {
        if let Some(kind) = KINDS.iter().find(|kind| kind.name == self.what) {
            println!(
                "{}\n\nA rule of this kind:\n\n{}",
                kind.manual(),
                kind.example.trim_end()
            );
            return Ok(Outcome::Good);
        }
        match self.explain() {
            Ok(outcome) => Ok(outcome),
            Err(problems) => {
                show(&problems);
                Ok(Outcome::Problems)
            }
        }
    }

    fn explain(&self) -> Result<Outcome, Vec<Problem>> {
        let request = self.request().map_err(|problem| vec![*problem])?;
        let house = House::read(self.config.as_deref(), self.rules.as_deref())?;
        let given = self.given().map_err(|problem| vec![*problem])?;
        let reply = self.reply().map_err(|problem| vec![*problem])?;
        let given = Given {
            house: &house,
            roots: given,
        };
        let now = jiff::Timestamp::now();
        let facts = |request: &ChatRequest| given.facts(request, now);
        // A text that speaks of the time differs from the turn before.
        let earlier =
            |request: &ChatRequest| given.facts(request, now - jiff::SignedDuration::from_secs(20));
        let call = VapiFields::of(&request).call_id;
        let turned = Turned {
            ruleset: &house.ruleset,
            request,
            facts: &facts,
            notes: given.notes(),
            call: call.as_deref(),
            takes: &house.takes,
            most_injected: house.most_injected,
        };
        let began = Instant::now();
        let mut elapsed = || began.elapsed();
        // First, as in a call: what is remembered of it makes this turn as quick as it is there.
        let before = turned
            .before(&earlier)
            .map(|before| before.explain(&mut elapsed));
        let explained = turned.explain(&mut elapsed);
        let report = Report {
            prefix: before.and_then(|before| explained.prefix(&before)),
            back: reply.map(|reply| explained.way_back(&reply, &house.apology)),
            upstream: &house.upstream,
            explained: &explained,
        };
        match self.json {
            true => println!("{}", report.json()),
            false => print!("{}", report.text()),
        }
        Ok(match explained.refused {
            Some(_) => Outcome::Problems,
            None => Outcome::Good,
        })
    }

    fn request(&self) -> Result<ChatRequest, Box<Problem>> {
        let looks_like_a_kind = !self.what.contains(['.', '/']) && self.what != "-";
        if looks_like_a_kind && !Path::new(&self.what).exists() {
            let names = KINDS.iter().map(|kind| kind.name);
            let problem = Problem::of_flag(&self.what, "there is no such kind and no such file");
            let help = match nearest(&self.what, names.clone()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!(
                    "the kinds are {}; a file is the body of a request as Vapi sent it",
                    names.collect::<Vec<_>>().join(", ")
                ),
            };
            return Err(Box::new(problem.with_help(help)));
        }
        let (name, body) = read(
            Path::new(&self.what),
            "the body of a request as Vapi sent it",
        )?;
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

    fn given(&self) -> Result<Vec<(&'static str, Value)>, Box<Problem>> {
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
            Some(root) => Ok((*root, value)),
            None => Err(wrong(
                format!("unknown name `{key}`"),
                format!("the names are {names}"),
            )),
        };
        given.into_iter().map(known).collect()
    }
}

impl House {
    /// Reads the config and the rules.
    pub(super) fn read(config: Option<&Path>, rules: Option<&Path>) -> Result<House, Vec<Problem>> {
        let lenient = |name: &str| Some(environment(name).unwrap_or_else(|| UNSET.to_owned()));
        let mut problems = Vec::new();
        let source = config_path(config).map(|path| read_config(&path));
        let source = source.transpose().map_err(|problem| vec![*problem])?;
        let read = source.map(|source| Config::read(&source, &Overrides::default(), &lenient));
        let config = read.and_then(|(config, found)| {
            problems.extend(found.into_iter().filter(Problem::is_error));
            config
        });
        let config = config.unwrap_or_default();
        let folder = rules.unwrap_or(&config.rules);
        let ruleset = read_ruleset(folder, &lenient, None, &mut problems);
        problems.retain(Problem::is_error);
        let Some(ruleset) = ruleset.filter(|_| problems.is_empty()) else {
            return Err(problems);
        };
        if ruleset.is_empty() {
            let problem = Problem::of_flag(
                &folder.display().to_string(),
                "there are no rules in this folder",
            );
            return Err(vec![problem.with_help(
                "name another with `--rules DIR`, or write one: `aside explain inject` shows how",
            )]);
        }
        let route = config
            .routes
            .get_key_value("default")
            .or(config.routes.first_key_value());
        let (name, route) = match route {
            Some((name, route)) => (name.clone(), route.get_ref().clone()),
            None => ("default".to_owned(), RouteConfig::default()),
        };
        let first = route.upstreams.first().map(|name| name.get_ref().clone());
        let upstream = first.as_ref().and_then(|name| config.upstreams.get(name));
        let upstream = upstream.map_or_else(UpstreamConfig::default, |upstream| {
            upstream.get_ref().clone()
        });
        Ok(House {
            ruleset: Arc::new(ruleset),
            route: name,
            upstream: first.unwrap_or_else(|| "default".to_owned()),
            takes: takes_of(&upstream),
            apology: route.apology,
            most_injected: config.limits.injected,
            record_key: config
                .record
                .and_then(|record| Some(record.key?.into_inner())),
        })
    }
}

/// What is known beside the request.
struct Given<'h> {
    house: &'h House,
    roots: Vec<(&'static str, Value)>,
}

impl Given<'_> {
    fn facts(&self, request: &ChatRequest, now: jiff::Timestamp) -> Facts {
        let vapi = VapiFields::of(request);
        let mut facts = facts_of_turn(request, vapi, &self.house.route, now.to_string());
        facts.set_json(FETCH, self.house.ruleset.fetch_facts([]).into());
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
        for name in self.house.ruleset.fetch_names() {
            all.entry(name).or_insert(Value::Null);
        }
        Value::Object(all)
    }

    /// What is said of that which is not known.
    fn notes(&self) -> Vec<Note> {
        let is_given = |root: &str, name: Option<&str>| {
            let found = self.roots.iter().find(|(known, _)| *known == root);
            found.is_some_and(|(_, value)| name.is_none_or(|name| value.get(name).is_some()))
        };
        let ruleset = &self.house.ruleset;
        let mut notes = Vec::new();
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
