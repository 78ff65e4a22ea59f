//! How an explained turn is shown: to people, and as JSON.

use std::collections::BTreeMap;
use std::fmt::Write;

use bytestring::ByteString;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::chat::json;
use crate::cli::check::count;
use crate::cli::paint::Paint;
use crate::ruleset::explain::{Explained, Heard, Prefix, ShownAnswer, ShownChange, WayBack};
use crate::ruleset::{StepOutcome, Texts};

/// All that is shown of one turn.
pub(super) struct ExplainReport<'r> {
    /// What the rules did.
    pub(super) explained: &'r Explained<'r>,
    /// What it shares with the turn before; none: there was none.
    pub(super) prefix: Option<Prefix>,
    /// The way back, where a reply was given.
    pub(super) back: Option<WayBack>,
    /// Who gets the request.
    pub(super) upstream: &'r str,
    /// The request in its form, and what was changed for that; none: nothing goes there.
    pub(super) formed: Option<(Vec<u8>, Vec<String>)>,
}

#[derive(Serialize)]
struct ExplainedJson<'r> {
    steps: Vec<JsonStep<'r>>,
    /// Why nothing goes upstream.
    refused: Option<&'r str>,
    /// What a rule answers in the model's place.
    answered: Option<ShownAnswer>,
    upstream: &'r str,
    /// What was changed for it behind the rules.
    shaped: &'r [String],
    /// As it goes upstream, byte by byte.
    request: Option<Box<RawValue>>,
    /// The fields that stay here.
    not_taken: Vec<&'r str>,
    /// How many values were hidden, by label.
    labels: BTreeMap<String, u32>,
    prefix: Option<&'r Prefix>,
    reply: Option<&'r WayBack>,
}

#[derive(Serialize)]
struct JsonStep<'r> {
    rule: &'r str,
    kind: &'r str,
    outcome: StepOutcome,
    why: Option<&'r str>,
    micros: u64,
    /// Whether it is only tried.
    shadow: bool,
    changes: Vec<ShownChange>,
}

impl ExplainReport<'_> {
    /// As one line of JSON.
    pub(super) fn json(&self) -> String {
        let explained = self.explained;
        let steps = explained
            .steps
            .iter()
            .enumerate()
            .map(|(at, step)| JsonStep {
                rule: &step.rule,
                kind: step.kind,
                outcome: step.outcome,
                why: step.why.as_deref(),
                micros: step.micros,
                shadow: explained.is_shadow(at),
                changes: explained.changes(at),
            });
        let formed = self.formed.as_ref();
        let sent = formed.and_then(|(sent, _)| String::from_utf8(sent.clone()).ok());
        let json = ExplainedJson {
            steps: steps.collect(),
            refused: explained.refused.as_deref(),
            answered: explained.answer(),
            upstream: self.upstream,
            shaped: formed.map_or(&[], |(_, notes)| notes),
            request: sent.and_then(|sent| RawValue::from_string(sent).ok()),
            not_taken: explained.not_taken(),
            labels: explained.labels().into_iter().collect(),
            prefix: self.prefix.as_ref(),
            reply: self.back.as_ref(),
        };
        serde_json::to_string(&json).expect("all keys are texts")
    }

    /// For people.
    pub(super) fn text(&self) -> String {
        let paint = Paint::for_output();
        let mut out = String::new();
        // Writing to a string does not fail.
        let _ = self.write_text(&paint, &mut out);
        out
    }

    fn write_text(&self, paint: &Paint, out: &mut String) -> std::fmt::Result {
        let explained = self.explained;
        let (bold, end) = paint.bold;
        let longest = explained
            .steps
            .iter()
            .map(|step| step.rule.chars().count())
            .max();
        let width = longest.unwrap_or_default();
        for (at, step) in explained.steps.iter().enumerate() {
            let shown = ShownStep {
                rule: &step.rule,
                kind: step.kind,
                outcome: step.outcome,
                is_shadow: explained.is_shadow(at),
                why: step.why.as_deref(),
                micros: step.micros,
                changes: &explained.changes(at),
            };
            shown.write(width, paint, out)?;
        }
        if let Some(refused) = &explained.refused {
            return writeln!(out, "\n{bold}Nothing goes upstream{end}: {refused}");
        }
        if let Some(answered) = explained.answer() {
            return write_answered(&answered, paint, out);
        }
        let labels = explained.labels();
        let labels = hidden(labels.iter().map(|(label, count)| (label, count)));
        writeln!(out, "\n{bold}Hidden{end}: {labels}")?;
        match &self.prefix {
            Some(prefix) => writeln!(
                out,
                "{bold}Same as in the turn before{end}: the first {} of its {}, the first {} of its {}",
                prefix.messages,
                count(prefix.of_messages, "message"),
                prefix.bytes,
                count(prefix.of_bytes, "byte")
            )?,
            None => writeln!(out, "{bold}Same as in the turn before{end}: there was none")?,
        }
        let not_taken = explained.not_taken();
        if !not_taken.is_empty() {
            writeln!(out, "{bold}Stay here{end}: {}", not_taken.join(", "))?;
        }
        let (sent, shaped) = self.formed.clone().unwrap_or_default();
        write_shaped(self.upstream, &shaped, paint, out)?;
        writeln!(out, "{bold}The upstream {} gets{end}:", self.upstream)?;
        write_request(&ByteString::try_from(sent).unwrap_or_default(), out)?;
        let Some(back) = &self.back else {
            return Ok(());
        };
        write_way_back((&back.said, &back.steps, &back.heard), width, paint, out)
    }
}

/// What a rule answers in the model's place.
fn write_answered(answered: &ShownAnswer, paint: &Paint, out: &mut String) -> std::fmt::Result {
    let (bold, end) = paint.bold;
    let rule = &answered.rule;
    writeln!(out, "\n{bold}No model is asked{end}: `{rule}` answers")?;
    for (name, text) in &answered.heard {
        let what = match name.as_str() {
            "content" => "The caller hears".to_owned(),
            _ => "The tool is called".to_owned(),
        };
        writeln!(out, "{bold}{what}{end}:\n        {text}")?;
    }
    Ok(())
}

/// What was changed for an upstream, where anything was.
pub(super) fn write_shaped(
    upstream: &str,
    shaped: &[String],
    paint: &Paint,
    out: &mut String,
) -> std::fmt::Result {
    let (bold, end) = paint.bold;
    if shaped.is_empty() {
        return Ok(());
    }
    writeln!(out, "{bold}In the form that {upstream} takes{end}:")?;
    shaped
        .iter()
        .try_for_each(|note| writeln!(out, "    {note}"))
}

/// What one rule did, as it is shown.
pub(super) struct ShownStep<'s> {
    pub(super) rule: &'s str,
    pub(super) kind: &'s str,
    pub(super) outcome: StepOutcome,
    /// Whether the rule is only tried.
    pub(super) is_shadow: bool,
    pub(super) why: Option<&'s str>,
    pub(super) micros: u64,
    pub(super) changes: &'s [ShownChange],
}

impl ShownStep<'_> {
    /// Its line, then why, then what changed. `width`: of the longest rule's name.
    pub(super) fn write(&self, width: usize, paint: &Paint, out: &mut String) -> std::fmt::Result {
        let (bold, end) = paint.bold;
        let outcome = match self.outcome {
            StepOutcome::Changed if self.is_shadow => "would change",
            StepOutcome::Answered if self.is_shadow => "would answer",
            StepOutcome::Skipped => "skipped",
            StepOutcome::Unchanged => "unchanged",
            StepOutcome::Changed => "changed",
            StepOutcome::Answered => "answered",
            StepOutcome::Failed => "failed",
        };
        writeln!(
            out,
            "{bold}{:width$}{end}  {:8} {outcome:9} {:>6} µs",
            self.rule, self.kind, self.micros
        )?;
        if let Some(why) = self.why {
            writeln!(out, "    {why}")?;
        }
        let mut changes = self.changes.iter();
        changes.try_for_each(|change| writeln!(out, "{}", paint.change(change)))
    }
}

/// How many values were hidden, by label.
pub(super) fn hidden<'l>(labels: impl IntoIterator<Item = (&'l String, &'l u32)>) -> String {
    let labels = labels.into_iter();
    let labels = labels.map(|(label, count)| format!("{label} {count}"));
    let labels = labels.collect::<Vec<_>>().join(", ");
    match labels.is_empty() {
        true => "nothing".to_owned(),
        false => labels,
    }
}

/// The way back: what the model says, what each rule makes of it, and what the caller hears.
pub(super) fn write_way_back(
    (said, steps, heard): (&Texts, &[Heard], &Texts),
    width: usize,
    paint: &Paint,
    out: &mut String,
) -> std::fmt::Result {
    let (bold, end) = paint.bold;
    for (name, text) in said {
        writeln!(out, "\n{bold}The model says{end} ({name}):\n        {text}")?;
    }
    for step in steps {
        let rule = step
            .rule
            .as_deref()
            .unwrap_or("(what only looks like a placeholder)");
        let outcome = match (step.changes.is_empty(), step.shadow) {
            (true, _) => "unchanged",
            (false, true) => "would change",
            (false, false) => "changed",
        };
        writeln!(out, "{bold}{rule:width$}{end}  {outcome}")?;
        for change in &step.changes {
            writeln!(out, "{}", paint.change(change))?;
        }
    }
    for (name, text) in heard {
        writeln!(
            out,
            "{bold}The caller hears{end} ({name}; ‹CARD_1› stands for the value):\n        {text}"
        )?;
    }
    Ok(())
}

/// A request with a line for each field and message, as they are.
pub(super) fn write_request(sent: &ByteString, out: &mut String) -> std::fmt::Result {
    let fields = json::entries(sent).unwrap_or_default();
    writeln!(out, "{{")?;
    for (at, (name, value)) in fields.iter().enumerate() {
        let comma = if at + 1 < fields.len() { "," } else { "" };
        match json::items(value) {
            Ok(items) if name == "messages" => {
                writeln!(out, "  {}: [", json::encode(name))?;
                for (at, item) in items.iter().enumerate() {
                    let comma = if at + 1 < items.len() { "," } else { "" };
                    writeln!(out, "    {}{comma}", item.trim())?;
                }
                writeln!(out, "  ]{comma}")?;
            }
            _ => writeln!(out, "  {}: {}{comma}", json::encode(name), value.trim())?,
        }
    }
    writeln!(out, "}}")
}
