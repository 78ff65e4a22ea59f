//! What came of a probe, for people and for machines.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::time::Duration;

use serde_json::{Value, json};

use crate::cli::paint::Paint;
use crate::config::UpstreamConfig;
use crate::files::Problem;
use crate::upstream::{Probe, ProbeOutcome, ProbedModel, ProbedTurn, ProbedUpstream, toml_key};

/// How wide the names of turns are.
const NAMES: usize = 34;
/// How wide what came of them is.
const OUTCOMES: usize = 22;

/// What is said of one upstream.
pub(super) struct ProbeReport {
    name: String,
    preset: &'static str,
    /// The preset that knows the server, where that is another.
    known_preset: Option<&'static str>,
    url: String,
    model: String,
    why: &'static str,
    paint: Paint,
    /// The table that the config's lines need before them; empty: it is there.
    table: String,
    /// The header of the table that is there.
    header: String,
    /// What was said of the turn before that failed, which need not be said twice.
    last_failure: String,
    /// What was changed so far.
    told: BTreeSet<String>,
    /// Whether turns are mended.
    mends: bool,
}

impl ProbeReport {
    /// Of an upstream of the config.
    pub(super) fn of(name: &str, table: Option<&UpstreamConfig>, probe: &Probe) -> ProbeReport {
        ProbeReport {
            name: name.to_owned(),
            preset: table.map_or("custom", |table| table.preset.0.name),
            known_preset: probe.known_preset(),
            url: probe.shown_url(),
            model: String::new(),
            why: "",
            paint: Paint::for_output(),
            table: String::new(),
            header: header_of(name),
            last_failure: String::new(),
            told: BTreeSet::new(),
            mends: true,
        }
    }

    /// The model that it is asked for.
    pub(super) fn ask_for(&mut self, model: &ProbedModel) {
        model.name.clone_into(&mut self.model);
        self.why = model.why;
    }

    /// It is in no config yet: its lines begin with its table. `url`: as it was given.
    pub(super) fn begins_config(&mut self, url: &str, has_key: bool) {
        // A query and what stands before an `@` may be secret.
        let url = match url.contains(['?', '@', '"', '\\']) || url.chars().any(char::is_control) {
            true => "${UPSTREAM_URL}",
            false => url,
        };
        let key = match has_key {
            true => "key = \"${ASIDE_UPSTREAM_KEY}\"\n",
            false => "",
        };
        self.table = format!("{}\nurl = \"{url}\"\n{key}\n", self.header);
    }

    /// The lines for the config.
    fn config(&self, probed: &ProbedUpstream) -> Option<String> {
        Some(in_one_table(&self.table, probed.config.as_ref()?))
    }

    /// The config says that aside mends nothing, so only its lines can.
    pub(super) fn is_unmended(&mut self) {
        self.mends = false;
    }

    /// Who is asked.
    pub(super) fn head(&self) -> String {
        let (bold, dim) = (self.paint.bold, self.paint.dim);
        let why = match self.why {
            "" => String::new(),
            why => format!("{} ({why}){}", dim.0, dim.1),
        };
        let known = self.known_preset.map_or(String::new(), |known| {
            format!("; the preset `{known}` knows this server")
        });
        let (name, url, preset, model) = (&self.name, &self.url, self.preset, &self.model);
        let model = shown(model);
        format!(
            "{}{name}{}: {url}, preset {preset}{known}\nmodel: {model}{why}\n\n",
            bold.0, bold.1
        )
    }

    /// One turn, when it is over.
    pub(super) fn turn(&mut self, turn: &ProbedTurn) -> String {
        let mut out = String::new();
        let outcome = in_words(turn.outcome);
        let mut rest = Vec::new();
        rest.extend(
            turn.first_word
                .map(|time| format!("first word {}", seconds(time))),
        );
        rest.extend(turn.whole.map(|time| format!("all {}", seconds(time))));
        rest.extend((!turn.said.is_empty()).then(|| turn.said.clone()));
        let line = format!(
            "  {:<NAMES$}{outcome:<OUTCOMES$}{}",
            turn.turn.about,
            rest.join(", ")
        );
        let _ = writeln!(out, "{}", line.trim_end());
        let mut below = |text: &str| {
            let _ = writeln!(out, "      {text}");
        };
        for (status, words) in &turn.refusals {
            let how = match status {
                Some(status) if *status >= 400 => format!("refused at first: {status}"),
                _ => "refused at first, within its answer:".to_owned(),
            };
            below(&format!("{how} {words}"));
        }
        // What is changed in all turns is told once.
        let new = turn
            .notes
            .iter()
            .filter(|note| self.told.insert((*note).clone()));
        new.for_each(|note| below(note));
        turn.doubts
            .iter()
            .for_each(|doubt| below(&format!("doubt: {doubt}")));
        if let Some(failure) = &turn.failure {
            let said = format!("{} {} {}", failure.error, failure.words, failure.help);
            if self.last_failure == said {
                below("as the one before");
                return out;
            }
            below(&format!("failed to {}", failure.error));
            if !failure.words.is_empty() {
                below(&format!("it says: {}", failure.words));
            }
            if !failure.help.is_empty() {
                below(&format!("help: {}", failure.help));
            }
            self.last_failure = said;
        }
        out
    }

    /// What all comes to.
    pub(super) fn end(&self, probed: &ProbedUpstream) -> String {
        let (taken, all) = counted(probed);
        let mut out = format!("\n{taken} of {all} turns are taken");
        match self.config(probed) {
            Some(config) => {
                let why = match self.mends {
                    true => {
                        "What aside mended it learns anew whenever it starts; with these lines in \
                         the config it need not"
                    }
                    false => {
                        "Turns fail that had to be mended, since the config says `mend = false`, \
                         until it has these lines"
                    }
                };
                // A table that stands there already cannot stand there twice.
                let (config, place) = match config.strip_prefix(&format!("{}\n", self.header)) {
                    Some(lines) if self.table.is_empty() => (
                        lines,
                        format!(
                            " (at the end of the table `{}`, in place of those of the same names)",
                            self.header
                        ),
                    ),
                    _ => (&*config, String::new()),
                };
                let _ = write!(out, ". {why}{place}:\n\n{config}");
            }
            None if taken > 0 => out.push_str("; the config needs no more lines for them\n"),
            None => out.push('\n'),
        }
        if taken > 0 && !probed.works() {
            out.push_str(
                "\nIt takes no turn that is streamed, and Vapi's all are: callers would hear the apology \
                 alone\n",
            );
        }
        out
    }

    /// The same for machines.
    pub(super) fn json(&self, probed: &ProbedUpstream) -> Value {
        let (taken, all) = counted(probed);
        json!({
            "name": self.name,
            "preset": self.preset,
            "known_preset": self.known_preset,
            "url": self.url,
            "model": self.model,
            "works": probed.works(),
            "taken": taken,
            "asked": all,
            "turns": probed.turns.iter().map(json_of).collect::<Vec<_>>(),
            "config": self.config(probed),
        })
    }
}

/// Lines behind the table that they need; those that begin with the same one go on with it.
fn in_one_table(table: &str, lines: &str) -> String {
    let header = table.lines().next().filter(|header| !header.is_empty());
    let rest = header.and_then(|header| lines.strip_prefix(header)?.strip_prefix('\n'));
    match rest {
        Some(rest) => format!("{}\n{rest}", table.trim_end()),
        None => format!("{table}{lines}"),
    }
}

/// The header of an upstream's table.
fn header_of(name: &str) -> String {
    format!("[upstream.{}]", toml_key(name))
}

/// How many turns were taken, of how many.
fn counted(probed: &ProbedUpstream) -> (usize, usize) {
    let taken = probed.turns.iter().filter(|turn| turn.is_taken());
    (taken.count(), probed.turns.len())
}

/// An upstream that was asked nothing, for machines.
pub(super) fn json_of_unasked(name: &str, problem: &Problem) -> Value {
    json!({
        "name": name,
        "works": false,
        "taken": 0,
        "asked": 0,
        "turns": [],
        "config": null,
        "error": problem.message,
        "help": problem.help,
    })
}

fn json_of(turn: &ProbedTurn) -> Value {
    let millis =
        |time: Option<Duration>| time.map(|time| (time.as_secs_f64() * 1e3).round() as u64);
    let refusals = turn.refusals.iter();
    let refusals = refusals.map(|(status, words)| json!({ "status": status, "says": words }));
    let failure = turn.failure.as_ref().map(|failure| {
        json!({
            "error": format!("failed to {}", failure.error),
            "status": failure.status,
            "code": failure.refusal.code,
            "type": failure.refusal.kind,
            "param": failure.refusal.param,
            "says": failure.words,
            "help": failure.help,
        })
    });
    json!({
        "turn": turn.turn.name,
        "outcome": name_of(turn.outcome),
        "first_word_ms": millis(turn.first_word),
        "whole_ms": millis(turn.whole),
        "answer": turn.said,
        "changes": turn.notes,
        "refusals": refusals.collect::<Vec<_>>(),
        "doubts": turn.doubts,
        "failure": failure,
    })
}

fn name_of(outcome: ProbeOutcome) -> &'static str {
    match outcome {
        ProbeOutcome::Taken => "taken",
        ProbeOutcome::Changed => "changed",
        ProbeOutcome::Mended => "mended",
        ProbeOutcome::Failed => "failed",
        ProbeOutcome::NotAsked => "not_asked",
    }
}

fn in_words(outcome: ProbeOutcome) -> &'static str {
    match outcome {
        ProbeOutcome::Taken => "taken as it is",
        ProbeOutcome::Changed => "taken, changed",
        ProbeOutcome::Mended => "taken, mended",
        ProbeOutcome::Failed => "NOT TAKEN",
        ProbeOutcome::NotAsked => "not asked",
    }
}

fn seconds(time: Duration) -> String {
    format!("{:.2} s", time.as_secs_f64())
}

/// A name as it can be shown.
fn shown(name: &str) -> String {
    name.chars().filter(|char| !char.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use super::in_one_table;

    #[test]
    fn a_table_stands_once() {
        let table = "[upstream.default]\nurl = \"http://a/v1\"\n\n";
        let row = "[[upstream.default.model]]\nmatch = \"m\"\ndrop = [\"seed\"]\n";
        let preset = "[upstream.default]\npreset = \"deepseek\"\n";
        for (lines, expected) in [
            (row.to_owned(), format!("{table}{row}")),
            (
                format!("{preset}\n{row}"),
                format!(
                    "[upstream.default]\nurl = \"http://a/v1\"\npreset = \"deepseek\"\n\n{row}"
                ),
            ),
        ] {
            let whole = in_one_table(table, &lines);
            assert_eq!(whole, expected);
            toml::from_str::<toml::Table>(&whole).expect("TOML");
            assert_eq!(in_one_table("", &lines), lines);
        }
    }
}
