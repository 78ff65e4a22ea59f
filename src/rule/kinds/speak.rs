//! `speak`: shapes a reply for the ear, while it streams.
//!
//! `strip` takes out what a page shows and a voice can't say; all of it, if the rule does not name
//! parts:
//!
//! - `markdown`: the marks of emphasis, headings, quotes, tables, links and HTML go, and what they
//!   stand around is said. `*laughs*` goes as a whole; `3 * 4` and `snake_case` stay.
//! - `emoji`, with skin tones and joiners.
//! - `urls`: of `https://example.com/a?b` the host is said, `example.com`.
//! - `lists`: the marks and numbers of items. A line that was a heading or an item ends in a pause.
//! - `code`: a block goes, also one that is never closed; `` `A1` `` is said. Blocks that call
//!   themselves `text` or `markdown` are said.
//! - `latex`: `\(x^2\)` is said "x squared"; `$5 and $6` are prices.
//! - `thinking`: `<think>…</think>` and its like of any length, channels of harmony, the tokens of
//!   templates. Where the server's template writes the first `<think>` itself, so that only
//!   `</think>` comes, say `thinking_opened = true`: all before it goes, and a reply without it is
//!   said when it is over.
//! - `tool_syntax`: tool calls that a model writes as text: `<tool_call>{…}</tool_call>`,
//!   `<function=…>`, `[TOOL_CALLS]`, `<|python_tag|>`, JSON with a name and arguments.
//!
//! `numbers = true` says numbers as one does in English: `$5.50` "five dollars and fifty cents",
//! `3:30 pm` "three thirty p.m.", `3/4/2025` "March fourth, twenty twenty-five" (the month first),
//! `415-555-0123` in groups, `50%`, `1st`, `1986`, `5 kg`. For callers in other languages leave it
//! out, or give the rule a condition. `replace = { SQL = "sequel" }` says words in other words:
//! whole words, in any case, before numbers are said.
//!
//! `after_tool_call = "drop"` ends what is said where a tool call begins. `empty` is said where
//! nothing is left of a reply that calls no tool, since nobody may meet silence.
//!
//! Tags for voices (`<flush />`, `<break time="1s"/>`, `<spell>…</spell>`, those of emotions) and
//! placeholders stay as they are and leave in one piece. A reply is held only while its last letters
//! may become something of the above; what can't be told within a bound is said as it came. JSON,
//! arguments of tools and reasoning are never touched. Replies pass the rules in reverse order: to
//! say values that a `redact` rule restores, the file must come before that of `redact`.

mod code;
mod emoji;
mod inline;
mod latex;
mod lines;
mod links;
mod numbers;
mod said;
mod state;
mod strip;
mod thoughts;
mod tool_calls;

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use said::{InOtherWords, Pronunciations};
use strip::{Strip, StripPart, StripParts};

use super::Kind;
use crate::chat::ChatRequest;
use crate::files::Faults;
use crate::rule::{
    About, Change, Doubted, Lane, LaneKind, Rule, RuleError, Speech, TextFilter, Turn,
};
use crate::stream::sweep::{Sweep, SweepUntil};

/// The kind's entry in the list.
pub const KIND: Kind = Kind {
    starter: STARTER,
    of_replies: &[
        "strip",
        "numbers",
        "replace",
        "after_tool_call",
        "thinking_opened",
        "empty",
    ],
    ..Kind::new::<SpeakFields, SpeakRule>("speak", include_str!("speak.rs"), EXAMPLE)
};

/// A rule file that shows the kind.
const EXAMPLE: &str = r##"about = "What the model writes is said as people say it."

[then.speak]
numbers = true
replace = { SQL = "sequel", ACME = "ack me" }

[[test]]
name = "marks and emoji are not read aloud"
model_says = "# Your order\n- 😀 **Two** lamps\n- see [our page](https://example.com/x)"
caller_hears = "Your order.\nTwo lamps.\nsee our page"

[[test]]
name = "thoughts are not spoken"
model_says = "<think>They want the price.</think>\n\nIt is $5.50."
caller_hears = "It is five dollars and fifty cents."

[[test]]
name = "tags for the voice stay"
model_says = "One moment <break time=\"1s\"/> the code is <spell>A1</spell>."
caller_hears = "One moment <break time=\"1s\"/> the code is <spell>A1</spell>."

[[test]]
name = "words have their pronunciation"
model_says = "acme uses SQL."
caller_hears = "ack me uses sequel."
"##;

/// What `aside new` writes.
const STARTER: &str = r#"about = "The voice reads no marks, emoji or thoughts aloud."

[then.speak]
strip = ["markdown", "emoji", "urls", "lists", "code", "latex", "thinking", "tool_syntax"]

[[test]]
name = "marks, emoji and thoughts are not read aloud"
model_says = "<think>They want the price.</think>**Ten** dollars 😀 each."
caller_hears = "Ten dollars each."
"#;

/// What is said where nothing is left of a reply.
const EMPTY: &str = "Sorry, could you say that again?";
/// No word of the table is longer.
const LONGEST_WORD: usize = 80;

/// The rule.
#[derive(Debug)]
pub struct SpeakRule {
    strip: Option<Arc<Strip>>,
    words: Option<Arc<InOtherWords>>,
    thinking_opened: bool,
    has_numbers: bool,
    drops: bool,
    empty: String,
    doubts: Vec<Doubted>,
}

/// Shapes a reply for the ear, while it streams.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SpeakFields {
    /// What is taken out. Default: all of it.
    #[serde(default = "all_parts")]
    strip: Vec<StripPart>,
    /// Whether numbers are said in English words. Default: false.
    #[serde(default)]
    numbers: bool,
    /// Words, and how they are said instead; whole words, in any case. Default: none.
    #[serde(default)]
    replace: BTreeMap<String, String>,
    /// What becomes of text behind a tool call. Default: `keep`.
    #[serde(default)]
    after_tool_call: AfterToolCall,
    /// Whether replies begin within thoughts, since the server's template writes `<think>`. Default: false.
    #[serde(default)]
    thinking_opened: bool,
    /// What is said where nothing is left of a reply. Default: "Sorry, could you say that again?"
    #[serde(default = "say_again")]
    empty: String,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum AfterToolCall {
    /// It is said.
    #[default]
    Keep,
    /// Nobody hears it.
    Drop,
}

impl TryFrom<SpeakFields> for SpeakRule {
    type Error = Faults;

    fn try_from(fields: SpeakFields) -> Result<SpeakRule, Faults> {
        let mut faults = Faults::default();
        if fields.thinking_opened && !fields.strip.contains(&StripPart::Thinking) {
            let message =
                "`thinking_opened` needs `thinking` in `strip`: without it thoughts are spoken";
            faults.add(&["thinking_opened", "strip"], message);
        }
        check_words(&fields.replace, &mut faults);
        if !faults.is_empty() {
            return Err(faults);
        }
        let parts = StripParts::of(&fields.strip);
        let strip = (!parts.is_empty()).then(|| Arc::new(Strip::new(parts)));
        let table = fields.replace.iter();
        let words = Pronunciations::new(table.map(|(word, said)| (&**word, &**said)));
        let has_words = !words.is_empty() || fields.numbers;
        let mut rule = SpeakRule {
            strip,
            words: has_words.then(|| Arc::new(InOtherWords::new(words, fields.numbers))),
            thinking_opened: fields.thinking_opened,
            has_numbers: fields.numbers,
            drops: fields.after_tool_call == AfterToolCall::Drop,
            empty: fields.empty,
            doubts: Vec::new(),
        };
        rule.doubts = rule.doubts_of(&fields.replace);
        Ok(rule)
    }
}

fn check_words(table: &BTreeMap<String, String>, faults: &mut Faults) {
    let mut known: Vec<String> = Vec::new();
    for word in table.keys() {
        let field = format!("replace.{word}");
        let small = word.to_lowercase();
        let message = match word.trim() {
            "" => "a word of `replace` is empty".to_owned(),
            trimmed if trimmed != word => {
                format!(
                    "`{word}` of `replace` begins or ends with a blank, and words are found without"
                )
            }
            _ if word.len() > LONGEST_WORD => {
                format!(
                    "a word of `replace` has more than {LONGEST_WORD} bytes; a reply can't wait for so many"
                )
            }
            _ if known.contains(&small) => {
                format!("`{word}` stands twice in `replace`, which finds words in any case")
            }
            _ => {
                known.push(small);
                continue;
            }
        };
        faults.add(&[&field, "replace"], message);
    }
}

impl SpeakRule {
    /// What it makes of a text.
    fn filter(&self) -> Option<Box<dyn TextFilter>> {
        let until = SweepUntil::Behind(thoughts::OPENED_ENDS);
        let strip = self.strip.clone().map(|strip| match self.thinking_opened {
            true => Sweep::new(strip).within(until),
            false => Sweep::new(strip),
        });
        let words = self.words.clone().map(Sweep::new);
        Some(match (strip, words) {
            (Some(first), Some(second)) => Box::new(BothSweeps { first, second }),
            (Some(strip), None) => Box::new(strip),
            (None, Some(words)) => Box::new(words),
            (None, None) => return None,
        })
    }

    /// What can't be meant in its table.
    fn doubts_of(&self, table: &BTreeMap<String, String>) -> Vec<Doubted> {
        let mut doubts = Vec::new();
        for (word, said) in table {
            let field = format!("replace.{word}");
            if word == said {
                let message = format!("`{word}` is said as it is written");
                doubts.push(Doubted::new(
                    &field,
                    message,
                    "write it as it sounds, or take it out",
                ));
                continue;
            }
            let Some(strip) = self.strip.clone() else {
                continue;
            };
            let mut heard = String::new();
            // Within a sentence, since what begins a line may be of a list.
            let mut sweep = Sweep::new(strip);
            sweep.push("so ", &mut heard);
            sweep.push(word, &mut heard);
            sweep.finish(&mut heard);
            if heard != format!("so {word}") {
                let message = format!(
                    "`{word}` is never found: `strip` takes its signs out before words are looked for"
                );
                doubts.push(Doubted::new(
                    &field,
                    message,
                    "write it as it reads without marks",
                ));
            }
        }
        if self.empty.trim().is_empty() {
            let message = "where nothing is left of a reply, the caller hears nothing".to_owned();
            doubts.push(Doubted::new(
                "empty",
                message,
                "write what is said then, or leave it out",
            ));
        }
        doubts
    }
}

impl Rule for SpeakRule {
    fn on_request(
        &self,
        _request: &mut ChatRequest,
        _turn: &mut Turn,
    ) -> Result<Change, RuleError> {
        Ok(Change::Unchanged)
    }

    fn on_reply(&self, _turn: &Turn, lane: &Lane) -> Option<Box<dyn TextFilter>> {
        if lane.is_json || !lane.kind.is_heard() {
            return None;
        }
        match lane.kind {
            LaneKind::Content => self.filter(),
            // Nobody thinks in a refusal.
            _ => self.filter().filter(|_| !self.thinking_opened),
        }
    }

    fn about(&self) -> About {
        let is_idle = self.strip.is_none() && self.words.is_none() && !self.drops;
        About {
            idle: is_idle.then_some("strip"),
            is_blind: true,
            doubts: self.doubts.clone(),
            speech: Some(Speech {
                ends_at_calls: self.drops,
                empty: self.empty.clone(),
                says: self.has_numbers.then_some("numbers"),
            }),
            ..About::default()
        }
    }
}

/// One pass behind the other.
struct BothSweeps {
    first: Sweep<Arc<Strip>>,
    second: Sweep<Arc<InOtherWords>>,
}

impl TextFilter for BothSweeps {
    fn push(&mut self, piece: &str, out: &mut String) {
        let mut stripped = String::with_capacity(piece.len());
        self.first.push(piece, &mut stripped);
        self.second.push(&stripped, out);
    }

    fn finish(&mut self, out: &mut String) {
        let mut stripped = String::new();
        self.first.finish(&mut stripped);
        self.second.push(&stripped, out);
        self.second.finish(out);
    }

    fn pause(&mut self, out: &mut String) {
        let mut stripped = String::new();
        self.first.pause(&mut stripped);
        self.second.push(&stripped, out);
        self.second.pause(out);
    }

    fn held(&self) -> usize {
        self.first.held() + self.second.held()
    }
}

fn all_parts() -> Vec<StripPart> {
    StripPart::ALL.to_vec()
}

fn say_again() -> String {
    EMPTY.to_owned()
}

#[cfg(test)]
mod tests;
