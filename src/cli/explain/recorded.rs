//! One turn of a recording, as it was: what each rule did, what went upstream, and the way back.
//!
//! Nothing is run again, so other rules in the folder change nothing of what is shown.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use bytestring::ByteString;
use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::report::{ShownStep, hidden, write_request, write_shaped, write_way_back};
use crate::cli::paint::Paint;
use crate::cli::replay::seal;
use crate::cli::setup::Files;
use crate::cli::{CommandOutcome, show};
use crate::files::Problem;
use crate::record::{Line, LineReading, RecordedStep};
use crate::ruleset::Texts;
use crate::ruleset::explain::Heard;

/// So many turns are named where one is not found.
const NAMED: usize = 5;

/// Whether a text is a recording, not one request.
pub(super) fn is_recording(text: &str) -> bool {
    let first = text.lines().find(|line| !line.trim().is_empty());
    let first: Option<Value> = first.and_then(|line| serde_json::from_str(line).ok());
    first.is_some_and(|line| line["turn"].is_string() && !line["came"].is_null())
}

/// Shows a turn of a recording.
pub(super) fn explain(
    recording: &Path,
    turn: &str,
    files: &Files,
    as_json: bool,
) -> Result<CommandOutcome, Vec<Problem>> {
    let line = find(recording, turn, files)?;
    if line.steps.is_empty() && !line.rules.is_empty() {
        let name = recording.display().to_string();
        show(&[Problem::of_flag(
            &name,
            "this turn was recorded without its steps",
        )]);
    }
    match as_json {
        true => println!("{}", json(&line)),
        false => {
            let mut out = String::new();
            // Writing to a string does not fail.
            let _ = write_text(&line, &Paint::for_output(), &mut out);
            print!("{out}");
        }
    }
    Ok(CommandOutcome::Good)
}

fn find(recording: &Path, turn: &str, files: &Files) -> Result<Line, Vec<Problem>> {
    let name = recording.display().to_string();
    let wrong =
        |message: String, help: String| vec![Problem::of_flag(&name, message).with_help(help)];
    let unreadable = |error: std::io::Error| {
        let help = "give the file that `[record]` in the config names".to_owned();
        wrong(format!("the recording can't be read: {error}"), help)
    };
    // Of the config only the key matters here, whatever else is wrong with it.
    let config = files.read_leniently(None).config;
    let record = config.and_then(|config| config.record);
    let key = record.and_then(|record| record.key);
    let reading = LineReading(seal(key.as_ref().map(|key| key.get_ref()))?);
    let file = File::open(recording).map_err(unreadable)?;
    let (mut turns, mut unread) = (Vec::new(), None);
    for bytes in BufReader::new(file).split(b'\n') {
        let bytes = bytes.map_err(unreadable)?;
        let text = String::from_utf8_lossy(&bytes);
        if text.trim().is_empty() {
            continue;
        }
        match reading.line(&text) {
            Ok(line) if line.turn == turn => return Ok(line),
            Ok(line) => turns.push(line.turn),
            Err(error) => unread = Some(error),
        }
    }
    if let (Some(error), true) = (&unread, turns.is_empty()) {
        let help = error.help();
        let help = help.unwrap_or_else(|| "give the file that `[record]` names".to_owned());
        return Err(wrong(error.to_string(), help));
    }
    let newest: Vec<&str> = turns.iter().rev().take(NAMED).map(String::as_str).collect();
    let mut help = match newest.as_slice() {
        [] => "there is no turn in it".to_owned(),
        newest => format!("the newest are {}", newest.join(", ")),
    };
    let mut older = recording.as_os_str().to_owned();
    older.push(".1");
    if Path::new(&older).exists() {
        help += &format!("; older ones are in {}", Path::new(&older).display());
    }
    Err(wrong(format!("there is no turn `{turn}` in it"), help))
}

#[derive(Serialize)]
struct RecordedJson<'l> {
    turn: &'l str,
    call: Option<&'l str>,
    at: &'l str,
    route: &'l str,
    rules: &'l str,
    ended: &'l str,
    steps: &'l [RecordedStep],
    /// A turn that a rule refused is not recorded.
    refused: Option<&'l str>,
    upstream: &'l str,
    shaped: &'l [String],
    request: &'l RawValue,
    not_taken: &'l [String],
    labels: &'l BTreeMap<String, u32>,
    reply: JsonReply<'l>,
}

#[derive(Serialize)]
struct JsonReply<'l> {
    said: BTreeMap<&'l str, &'l str>,
    steps: &'l [Heard],
    heard: BTreeMap<&'l str, &'l str>,
}

fn json(line: &Line) -> String {
    fn map(texts: &Texts) -> BTreeMap<&str, &str> {
        let texts = texts.iter();
        texts.map(|(name, text)| (&**name, &**text)).collect()
    }
    let json = RecordedJson {
        turn: &line.turn,
        call: line.call.as_deref(),
        at: &line.at,
        route: &line.route,
        rules: &line.rules,
        ended: &line.ended,
        steps: &line.steps,
        refused: None,
        upstream: &line.upstream,
        shaped: &line.shaped,
        request: line.got.as_ref().unwrap_or(&line.sent),
        not_taken: &line.not_taken,
        labels: &line.hidden,
        reply: JsonReply {
            said: map(&line.said),
            steps: &line.back,
            heard: map(&line.heard),
        },
    };
    serde_json::to_string(&json).expect("all keys are texts")
}

fn write_text(line: &Line, paint: &Paint, out: &mut String) -> std::fmt::Result {
    let (bold, end) = paint.bold;
    let call = line.call.as_deref().unwrap_or("(no call id)");
    writeln!(
        out,
        "{bold}Turn {}{end} of {call}, {}, route {}, rules {}: {}\n",
        line.turn, line.at, line.route, line.rules, line.ended
    )?;
    let longest = line.steps.iter().map(|step| step.rule.chars().count());
    let width = longest.max().unwrap_or_default();
    for step in &line.steps {
        let shown = ShownStep {
            rule: &step.rule,
            kind: &step.kind,
            outcome: step.outcome,
            is_shadow: false,
            why: step.why.as_deref(),
            micros: step.micros,
            changes: &step.changes,
        };
        shown.write(width, paint, out)?;
    }
    writeln!(out, "\n{bold}Hidden{end}: {}", hidden(&line.hidden))?;
    if !line.not_taken.is_empty() {
        writeln!(out, "{bold}Stayed here{end}: {}", line.not_taken.join(", "))?;
    }
    write_shaped(&line.upstream, &line.shaped, paint, out)?;
    writeln!(out, "{bold}The upstream {} got{end}:", line.upstream)?;
    let got = line.got.as_ref().unwrap_or(&line.sent);
    write_request(&ByteString::from(got.get()), out)?;
    if line.said.is_empty() && line.heard.is_empty() {
        return writeln!(out, "\n{bold}The model said nothing{end}");
    }
    write_way_back((&line.said, &line.back, &line.heard), width, paint, out)
}
