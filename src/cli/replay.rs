//! `aside replay`: recorded turns through other rules, and which of them change.
//!
//! It asks nobody, and shows no private value: what a detector finds, or what was hidden when the
//! turn was recorded, shows as `‹CARD›`.

mod difference;

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::check::environment;
use super::explain::House;
use super::paint::Paint;
use super::{Outcome, show};
use crate::record::{Again, Reading, Seal, play};
use crate::text::Problem;
use difference::{Difference, between};

/// The environment variable with the key of an encrypted recording.
const KEY: &str = "ASIDE_RECORD_KEY";

/// Run recorded turns through other rules; show which change, and how
#[derive(Debug, Args)]
pub(super) struct Replay {
    /// The recording, as `[record]` in the config makes it. ASIDE_RECORD_KEY, or the config, has the
    /// key of an encrypted one
    #[arg(value_name = "RECORDING")]
    recording: PathBuf,
    /// The folder of rule files
    #[arg(long, value_name = "DIR")]
    rules: PathBuf,
    /// The config file [default: ./aside.toml where that exists]
    #[arg(long, env = "ASIDE_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    /// End with 1 if any turn changes
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
    changed: usize,
    /// Of so many turns the recording does not have all that was known.
    incomplete: usize,
    unreadable: usize,
    changes: Vec<Difference>,
}

impl Replay {
    pub(super) fn run(self) -> anyhow::Result<Outcome> {
        match self.replay() {
            Ok(summary) => {
                let is_failure = summary.turns == 0 || (self.fail_on_change && summary.changed > 0);
                match self.json {
                    true => println!("{}", serde_json::to_string(&summary)?),
                    false => print_summary(&summary),
                }
                Ok(match is_failure {
                    true => Outcome::Problems,
                    false => Outcome::Good,
                })
            }
            Err(problems) => {
                show(&problems);
                Ok(Outcome::Problems)
            }
        }
    }

    fn replay(&self) -> Result<Summary, Vec<Problem>> {
        let name = self.recording.display().to_string();
        let wrong =
            |message: String, help: &str| vec![Problem::of_flag(&name, message).with_help(help)];
        let house = House::read(self.config.as_deref(), Some(&self.rules))?;
        let reading = Reading(self.seal(&house)?);
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
            let played = play(&house.ruleset, &line);
            summary.changes.extend(between(&line, &played));
        }
        summary.changed = summary.changes.len();
        if summary.turns == 0 {
            show(&wrong(
                "there is no turn in it that can be read".to_owned(),
                help,
            ));
        }
        Ok(summary)
    }

    fn seal(&self, house: &House) -> Result<Option<Seal>, Vec<Problem>> {
        let from_config = || house.record_key.as_ref().map(|key| key.expose().to_owned());
        let Some(key) = environment(KEY).or_else(from_config) else {
            return Ok(None);
        };
        let Some(seal) = Seal::with_key(&key) else {
            let message = "the key must have 32 bytes, as 64 hex digits or base64";
            return Err(vec![Problem::of_flag(KEY, message)]);
        };
        Ok(Some(seal))
    }
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
    let turns = if summary.turns == 1 { "turn" } else { "turns" };
    let change = if summary.changed == 1 {
        "changes"
    } else {
        "change"
    };
    println!("{} {turns}, {} {change}", summary.turns, summary.changed);
}
