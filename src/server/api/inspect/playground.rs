//! A rule that is tried on turns that are kept, and a turn written as a `[[test]]`.
//!
//! Nothing is saved, nobody is asked, and one is tried at a time, off the worker and in bounded time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::{Method, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::rule_text::{sources, stem};
use super::screen::shown_problem;
use super::{InspectAsk, json as answer, not_kept, off_worker};
use crate::chat::call_from::CallFrom;
use crate::files::Source;
use crate::inspect::{TestExtent, TrialOfTurns, written_test};
use crate::record::LineReading;
use crate::ruleset::{Ruleset, read_chain};
use crate::server::api::error::ApiError;
use crate::server::state::rule_time::clock_of;

/// A test is run at every cut of its reply: one that is longer, in bytes, takes too long for a page.
const LONGEST_RUN: usize = 8 << 10;
/// The longest text of a rule, in bytes.
const LONGEST: usize = 128 << 10;
/// On so many turns at most a rule is tried.
const MOST_TURNS: usize = 100;
/// So long at most.
const LONGEST_TRIAL: Duration = Duration::from_secs(3);

/// Whether a rule is tried now. One is enough: a person waits for it.
static IS_TRYING: AtomicBool = AtomicBool::new(false);

/// What the page sends.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlaygroundBody {
    /// The route whose rules these are.
    route: String,
    /// The rule's name; one that the route does not have comes by its name among the others.
    rule: String,
    /// The text of its file.
    text: String,
    /// The turn that is looked at.
    turn: Option<String>,
}

/// Holds the place of who tries a rule.
struct TryingPlace;

impl TryingPlace {
    fn take() -> Result<TryingPlace, ApiError> {
        match IS_TRYING.swap(true, Ordering::AcqRel) {
            false => Ok(TryingPlace),
            true => {
                let message = "another rule is tried now: try again in a moment";
                Err(ApiError::limit("trying", message))
            }
        }
    }
}

impl Drop for TryingPlace {
    fn drop(&mut self) {
        IS_TRYING.store(false, Ordering::Release);
    }
}

/// Answers `POST /inspect/api/playground`.
pub(super) async fn playground(asked: InspectAsk<'_>) -> Result<HttpResponse, ApiError> {
    let tried: PlaygroundBody = asked.posted().await?;
    let inspector = asked.inspector()?.clone();
    if tried.text.len() > LONGEST {
        let message = format!("the rule is longer than {} KiB", LONGEST >> 10);
        let status = StatusCode::PAYLOAD_TOO_LARGE;
        return Err(ApiError::client(status, "rule_too_large", message));
    }
    let (sources, _) = sources(asked, &tried.route).await?;
    let served = asked.snapshot.route(&tried.route);
    let served = served.and_then(|route| asked.snapshot.rules.get(&route.folders));
    let names = served.and_then(|rules| rules.ruleset.names().cloned());
    let place = TryingPlace::take()?;
    let result = off_worker(move || {
        let _place = place;
        let (sources, file) = with_rule(sources, &tried);
        let (ruleset, problems) = Ruleset::read(sources, &is_set);
        let told: Vec<Value> = problems.iter().map(shown_problem).collect();
        let Some(ruleset) = ruleset else {
            return json!({ "problems": told, "report": null });
        };
        let ruleset = Arc::new(ruleset.with_names(names.as_ref()));
        let mut turns = inspector.newest();
        turns.retain(|turn| turn.head.route == tried.route && turn.line.is_some());
        let this = tried.turn.as_deref();
        let mut place = 0;
        turns.retain(|turn| {
            place += 1;
            place <= MOST_TURNS || Some(&*turn.head.turn) == this
        });
        let report = TrialOfTurns {
            ruleset: &ruleset,
            rule: stem(&file),
            turns: &turns,
            this,
            clock: &clock_of(LONGEST_TRIAL),
        };
        json!({ "problems": told, "report": report.run() })
    });
    Ok(answer(&result.await?))
}

/// Answers `GET /inspect/api/turns/ID/test`: the turn as a test, and what comes when it is run.
pub(super) async fn test(asked: InspectAsk<'_>, turn: &str) -> Result<HttpResponse, ApiError> {
    asked.only(&[Method::GET, Method::HEAD])?;
    let kept = asked.inspector()?.turn(turn);
    let kept = kept.ok_or_else(|| not_kept("turn"))?;
    let line = kept.line.as_deref().ok_or_else(|| not_kept("turn"))?;
    let line = LineReading(None)
        .line(line)
        .map_err(|_| ApiError::broken())?;
    let served = asked.snapshot.route(&line.route);
    let (from, served) = match served {
        Some(route) => {
            let rules = asked.snapshot.rules.get(&route.folders);
            (route.from.clone(), rules.map(|rules| rules.ruleset.clone()))
        }
        None => (CallFrom::default(), None),
    };
    let most_injected = asked.snapshot.most_injected;
    let place = TryingPlace::take()?;
    let result = off_worker(move || {
        let _place = place;
        let said: usize = line.said.iter().map(|(_, text)| text.len()).sum();
        let written = |extent| written_test(&line, served.as_deref(), extent);
        let short = written(TestExtent::Newest);
        let (text, ran, why_not) = match &served {
            None => (short, None, Some("its route is gone")),
            Some(_) if said > LONGEST_RUN => (
                short,
                None,
                Some("its reply is long, and it would be run at every cut of it"),
            ),
            Some(ruleset) => {
                let run = |text: &str| ran(text, ruleset, most_injected, &from);
                let whole = written(TestExtent::Request);
                // What is made up may print otherwise in what a rule writes: the rest is a test too.
                let (text, result) = match run(&whole) {
                    result if result["passes"] == true || whole == short => (whole, result),
                    result => match run(&short) {
                        of_short if of_short["passes"] == true => (short, of_short),
                        _ => (whole, result),
                    },
                };
                (text, Some(result), None)
            }
        };
        json!({
            "file": format!("tests/{}.toml", line.turn), "text": text, "ran": ran, "why_not_run": why_not,
        })
    });
    Ok(answer(&result.await?))
}

/// What comes of a test, for people.
fn ran(text: &str, ruleset: &Arc<Ruleset>, most_injected: usize, from: &CallFrom) -> Value {
    let source = Source::new("tests/turn.toml", text);
    let (cases, problems) = read_chain(&source, &|_| Err("it has no files beside it".into()));
    let Some(cases) = cases else {
        let told: Vec<Value> = problems.iter().map(shown_problem).collect();
        return json!({ "passes": false, "problems": told, "failures": [] });
    };
    let failures = cases.into_iter().flat_map(|case| {
        let ran = case.asked_from(from).run(ruleset, most_injected);
        ran.failures
    });
    let failures = failures.map(|failure| {
        json!({
            "field": failure.field, "expected": failure.expected, "actual": failure.actual,
        })
    });
    let failures: Vec<Value> = failures.collect();
    json!({ "passes": failures.is_empty(), "problems": [], "failures": failures })
}

/// The files of the rules, one of which has another text, and its name.
fn with_rule(mut sources: Vec<Source>, tried: &PlaygroundBody) -> (Vec<Source>, String) {
    let known = sources.iter_mut().find(|it| stem(&it.name) == tried.rule);
    if let Some(source) = known {
        source.text = Source::new("", &*tried.text).text;
        let name = source.name.clone();
        return (sources, name);
    }
    let name = format!("{}.toml", tried.rule);
    let place = sources.partition_point(|it| stem(&it.name) < tried.rule.as_str());
    sources.insert(place, Source::new(&*name, &*tried.text));
    (sources, name)
}

/// Stands for an environment variable: nobody is asked here, so none is told to the rule.
fn is_set(name: &str) -> Option<String> {
    std::env::var_os(name).map(|_| "set".to_owned())
}
