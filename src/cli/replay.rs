//! `aside replay`: recorded turns through other rules, and which of them change.
//!
//! It asks nobody, and shows no private value: what a detector finds, or what was hidden when the
//! turn was recorded, shows as `‹CARD›`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use serde::{Serialize, Serializer};

use super::paint::Paint;
use super::setup::environment;
use super::setup::{Files, Setup, Shown};
use super::{CommandOutcome, show};
use crate::config::Key;
use crate::files::Problem;
use crate::record::{Again, Difference, LineReading, Seal, Unknown, difference, play, unknown};
use crate::ruleset::Ruleset;

/// The environment variable with the key of an encrypted recording.
const KEY: &str = "ASIDE_RECORD_KEY";

/// Run recorded turns through other rules; show which change, and how
#[derive(Debug, Args)]
pub(super) struct Replay {
    /// The recording, as `[record]` in the config makes it. ASIDE_RECORD_KEY, or the config, has the
    /// key of an encrypted one
    #[arg(value_name = "RECORDING")]
    recording: PathBuf,
    #[command(flatten)]
    files: Files,
    /// End with 1 if any turn changes, or may
    #[arg(long)]
    fail_on_change: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// What came of a recording.
#[derive(Debug, Default, Serialize)]
struct Summary {
    turns: usize,
    /// None: of no turn is it known that it changes, and of some it is not known.
    changed: Option<usize>,
    /// Of so many turns it is not known whether they change.
    unknown: usize,
    /// Why, with the rules: of how many turns.
    #[serde(serialize_with = "as_list")]
    not_shown: BTreeMap<Unknown, usize>,
    /// Of so many turns the recording does not have all that was known.
    incomplete: usize,
    unreadable: usize,
    changes: Vec<Difference>,
}

impl Replay {
    pub(super) fn run(self) -> anyhow::Result<CommandOutcome> {
        match self.replay() {
            Ok(summary) => {
                let may_change = !summary.changes.is_empty() || summary.unknown > 0;
                let is_failure = summary.turns == 0 || (self.fail_on_change && may_change);
                match self.json {
                    true => println!("{}", serde_json::to_string(&summary)?),
                    false => print_summary(&summary),
                }
                Ok(match is_failure {
                    true => CommandOutcome::Problems,
                    false => CommandOutcome::Good,
                })
            }
            Err(problems) => {
                show(&problems);
                Ok(CommandOutcome::Problems)
            }
        }
    }

    /// The rules of a route; of one that there is no more, those of the usual one.
    fn rules_of(&self, route: &str, usual: &Setup) -> Result<Arc<Ruleset>, Vec<Problem>> {
        if route == usual.route || !self.files.has_route(route) {
            return Ok(usual.ruleset.clone());
        }
        let shown = Shown {
            route: Some(route),
            ..Shown::default()
        };
        Ok(Setup::read(&self.files, shown)?.ruleset)
    }

    fn replay(&self) -> Result<Summary, Vec<Problem>> {
        let name = self.recording.display().to_string();
        let wrong =
            |message: String, help: &str| vec![Problem::of_flag(&name, message).with_help(help)];
        let setup = Setup::read(&self.files, Shown::default())?;
        // Each turn passes the rules of its route, where there is such a route now.
        let mut routes: BTreeMap<String, Arc<Ruleset>> = BTreeMap::new();
        let reading = LineReading(seal(setup.record_key.as_ref())?);
        let help = "give the file that `[record]` in the config names";
        let file = File::open(&self.recording)
            .map_err(|error| wrong(format!("the recording can't be read: {error}"), help))?;
        let mut summary = Summary::default();
        let lines = BufReader::new(file).split(b'\n');
        for (at, bytes) in lines.enumerate() {
            let bytes = bytes
                .map_err(|error| wrong(format!("the recording can't be read: {error}"), help))?;
            let text = String::from_utf8_lossy(&bytes);
            if text.trim().is_empty() {
                continue;
            }
            let line = match reading.line(&text) {
                Ok(line) => line,
                Err(error) => {
                    summary.unreadable += 1;
                    let place = format!("{name}:{}", at + 1);
                    show(&[Problem::of_flag(&place, error.to_string()).with_help_if(error.help())]);
                    continue;
                }
            };
            summary.turns += 1;
            summary.incomplete += usize::from(!matches!(line.again, Again::Same));
            let ruleset = match routes.get(&line.route) {
                Some(ruleset) => ruleset,
                None => {
                    let ruleset = self.rules_of(&line.route, &setup)?;
                    routes.entry(line.route.clone()).or_insert(ruleset)
                }
            };
            let played = play(ruleset, &line);
            let change = difference(&line, &played);
            let unknown = unknown(ruleset, &line);
            summary.unknown += usize::from(change.is_none() && !unknown.is_empty());
            for one in BTreeSet::from_iter(unknown) {
                *summary.not_shown.entry(one).or_default() += 1;
            }
            summary.changes.extend(change);
        }
        let changed = summary.changes.len();
        summary.changed = (changed > 0 || summary.unknown == 0).then_some(changed);
        if summary.turns == 0 {
            show(&wrong(
                "there is no turn in it that can be read".to_owned(),
                help,
            ));
        }
        Ok(summary)
    }
}

/// The seal of an encrypted recording: with the key of the environment, or of the config.
pub(super) fn seal(of_config: Option<&Key>) -> Result<Option<Seal>, Vec<Problem>> {
    let from_config = || of_config.map(|key| key.expose().to_owned());
    let Some(key) = environment(KEY).or_else(from_config) else {
        return Ok(None);
    };
    let Some(seal) = Seal::with_key(&key) else {
        let message = "the key must have 32 bytes, as 64 hex digits or base64";
        return Err(vec![Problem::of_flag(KEY, message)]);
    };
    Ok(Some(seal))
}

fn as_list<S: Serializer>(
    unknown: &BTreeMap<Unknown, usize>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let entries = unknown.iter().map(
        |(one, turns)| serde_json::json!({ "rule": one.rule, "why": one.why, "turns": turns }),
    );
    serializer.collect_seq(entries)
}

fn print_summary(summary: &Summary) {
    let paint = Paint::for_output();
    let (bold, end) = paint.bold;
    for change in &summary.changes {
        let call = change.call.as_deref().unwrap_or("(no call id)");
        println!("{bold}{}{end}  {call}  {}", change.turn, change.at);
        if let Some(what) = &change.refused {
            println!("    {what}");
        }
        if !change.upstream.is_empty() {
            println!("  what goes upstream:");
        }
        for one in &change.upstream {
            println!("{}", paint.change(one));
        }
        if !change.heard.is_empty() {
            println!("  what the caller hears:");
        }
        for one in &change.heard {
            println!("{}", paint.change(one));
        }
        println!();
    }
    if summary.incomplete > 0 {
        println!(
            "{} of the turns depended on what a redacted recording leaves out; they are compared with what their \
             own rules make of the recording",
            summary.incomplete
        );
    }
    if !summary.not_shown.is_empty() {
        println!("what the recording can't show:");
        for (one, turns) in &summary.not_shown {
            println!("  {}: {} ({})", one.rule, one.why, turns_of(*turns));
        }
        println!("  record with `raw = true` to know all of it\n");
    }
    let mut last = vec![turns_of(summary.turns)];
    last.extend(summary.changed.map(|changed| match changed {
        1 => "1 changes".to_owned(),
        _ => format!("{changed} change"),
    }));
    if summary.unknown > 0 {
        last.push(format!("{} can't be told", summary.unknown));
    }
    println!("{}", last.join(", "));
}

fn turns_of(number: usize) -> String {
    format!("{number} turn{}", if number == 1 { "" } else { "s" })
}
