//! `script`: statements in Rhai (https://rhai.rs), over the request or over the reply.
//!
//! In `request` the variable `messages` is an array of maps and `request` a map of all other fields.
//! What they hold at the end is sent; what the script leaves alone goes as it came, byte by byte.
//!
//!     for i in 0..messages.len() {
//!         if messages[i].role == "tool" && messages[i].content.len() > 2000 {
//!             messages[i].content = messages[i].content.shortened(2000);
//!         }
//!     }
//!     messages.insert(-1, #{ role: "system", content: `It is turn ${turn.number}.` });
//!     if turn.number > 20 { request.temperature = 0.2; }
//!
//! `for m in messages` gives copies: to change a message, name it by its place. A message needs a
//! role and a content, a tool call and its result stay or go together, and `stream` and `n` stay as
//! they are; a script that leaves anything else fails, and nothing of it counts. To keep the
//! provider's prompt cache, do the same to a message in each turn, and put new ones before the last.
//!
//! In `reply` the variable `text` is one sentence of what the model says; the script runs for each as
//! it streams by, and what it leaves in `text` is heard. A sentence is held until it is over, or has
//! 400 characters; tags for voices and placeholders stay in one piece. JSON, arguments of tools and
//! reasoning are never touched. Where nothing is left of a reply, the caller hears "Sorry, could you
//! say that again?".
//!
//!     if text.says(["as an AI"]) { text = ""; }
//!     text = text.replace_all(`(?i)\bacme\b`, "ACME");
//!
//! Instead of one of the two, `file = "tidy.rhai"` names a file beside the rule, or in a folder below;
//! it is read again when it changes. One that speaks of `text` is for the reply, any other for the
//! request.
//!
//! Both see what conditions see, to read: `call`, `customer`, `phoneNumber`, `assistant`, `metadata`,
//! `variables`, `context`, `fetch.NAME`, `turn`, `route`, `now` (a text), and in `reply`
//! `request.model`. What is not there is `()`; `customer?.address?.city ?? "unknown"` asks on. A `fn`
//! sees its arguments alone. Beside what Rhai has (but `eval`, `sleep`, modules, blobs and clocks)
//! there are
//!
//! - `TEXT.says([WORDS])`: whether any of these words or phrases is said, whole, in any case
//! - `TEXT.matches(PATTERN)`, `.find_all(PATTERN)`, `.replace_all(PATTERN, NEW)`: regular expressions;
//!   a pattern stands in the script as a text, `$1` in NEW is a group
//! - `TEXT.spoken()`: digits and symbols as words; `TEXT.digits()`: the digits alone;
//!   `TEXT.shortened(LENGTH)`; `ARRAY.join(", ")`; `parse_json(TEXT)`; `exit()`
//! - `date(now, "%H:%M", "Europe/Berlin")`, and `now.within("Mon-Fri 9-17", "Europe/Berlin")`
//!
//! A script may take 100,000 operations (20,000 for a sentence, 100,000 for a whole reply), 16 calls
//! deep, and add 256 KiB of text and a thousand items; what it adds to the messages counts for
//! `limits.injected`. What a function reads and writes counts too: one operation for 32 bytes of a
//! text, for 8 where a pattern is looked for, for each where it is made `spoken`. No run takes longer
//! than 50 ms. `print` and `debug` say nothing. Where it fails, the step says why and at which line; the request stays as it
//! was and the sentence is heard as it came, unless the rule has `on_error = "fail"`. Behind a
//! `redact` rule a script sees placeholders in the messages, in `turn.user` and in `turn.assistant`;
//! what else is known, as `customer`, is as it is, and `aside check` warns where it may reach the
//! model. Replies pass the rules in reverse order: to see values, a script's file comes before that
//! of `redact`.

mod asked;
mod compiled;
mod doubts;
mod functions;
mod messages;
mod metered;
mod names;
mod part;
mod patterns;
mod reply;
mod request;
mod sandbox;
mod sentences;
mod sound;
mod text;
mod values;
mod words;
mod work;

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use compiled::ReadScript;
use doubts::doubts_of;
use names::ScriptFault;
use part::ScriptPart;
use reply::ScriptFilter;
use text::ScriptText;

use super::Kind;
use crate::chat::ChatRequest;
use crate::files::{Beside, Document, Faults, Problem, Source};
use crate::lang::facts::FETCH;
use crate::rule::{About, Change, Lane, Rule, RuleError, Speech, SpokenNames, TextFilter, Turn};

/// The kind's entry in the list.
pub const KIND: Kind = Kind {
    starter: STARTER,
    files: &["file"],
    of_replies: &["reply"],
    ..Kind::read_with::<ScriptFields>("script", include_str!("script.rs"), EXAMPLE, read)
};

/// A rule file that shows the kind.
const EXAMPLE: &str = r##"about = "Long answers of tools are shortened, and the model's filler is not said."

[then.script]
request = '''
for i in 0..messages.len() {
    if messages[i].role == "tool" {
        messages[i].content = messages[i].content.shortened(40);
    }
}
'''
reply = '''
if text.says(["as an AI"]) {
    text = "";
}
'''

[[test]]
name = "an answer of a tool is shortened"
messages = [
  { role = "user", content = "Where is my order?" },
  { role = "assistant", content = "", tool_calls = [
    { id = "c1", type = "function", function = { name = "order", arguments = "{}" } },
  ] },
  { role = "tool", tool_call_id = "c1", content = "It left Berlin on Monday and is on a ship to Boston now." },
]
upstream_gets = { messages = [
  { role = "user", content = "Where is my order?" },
  { role = "assistant", content = "", tool_calls = [
    { id = "c1", type = "function", function = { name = "order", arguments = "{}" } },
  ] },
  { role = "tool", tool_call_id = "c1", content = "It left Berlin on Monday and is on a…" },
] }

[[test]]
name = "filler is not said"
model_says = "As an AI, I have no eyes. Your order is on a ship. Anything else?"
caller_hears = "Your order is on a ship. Anything else?"
"##;

/// What `aside new` writes.
const STARTER: &str = r##"about = "The model is told to be brief once a call is long."

[then.script]
request = '''
if turn.number > 2 {
    messages.insert(-1, #{ role: "system", content: "Answer in one sentence." });
}
'''

[[test]]
name = "a long call is kept brief"
messages = [
  { role = "user", content = "Hi." },
  { role = "user", content = "Hello?" },
  { role = "user", content = "Are you there?" },
]
upstream_gets = { messages = [
  { role = "user", content = "Hi." },
  { role = "user", content = "Hello?" },
  { role = "system", content = "Answer in one sentence." },
  { role = "user", content = "Are you there?" },
] }
"##;

/// What is said where nothing is left of a reply.
const EMPTY: &str = "Sorry, could you say that again?";

/// The rule.
#[derive(Debug)]
pub struct ScriptRule {
    request: Option<ReadScript>,
    reply: Option<Arc<ReadScript>>,
    /// The fields of the two.
    fields: [&'static str; 2],
}

/// Runs statements in Rhai over the request, or over each sentence of the reply.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ScriptFields {
    /// Statements over `messages` and `request`.
    request: Option<String>,
    /// Statements over `text`, one sentence of the reply.
    reply: Option<String>,
    /// A file with one of them, beside the rule. Default: none.
    file: Option<String>,
}

/// Reads the table; the file that it names was handed in beside the rule's.
fn read(document: Document<'_>) -> (Option<Box<dyn Rule>>, Vec<Problem>) {
    let source = document.source();
    let written = ["request", "reply"].map(|field| document.string(field));
    let (rule, problems) = document.read_with(|fields| ScriptRule::new(fields, written, source));
    (rule.map(|rule| Box::new(rule) as Box<dyn Rule>), problems)
}

impl ScriptRule {
    fn new(
        fields: ScriptFields,
        written: [Option<Spanned<String>>; 2],
        source: &Source,
    ) -> Result<ScriptRule, Faults> {
        let mut faults = Faults::default();
        let [request, reply] =
            written.map(|string| string.map(|it| ScriptText::within(source, it)));
        let mut rule = ScriptRule {
            request: None,
            reply: None,
            fields: ["request", "reply"],
        };
        if fields.request.is_none() && fields.reply.is_none() && fields.file.is_none() {
            let message = "a script rule does nothing: give it a `request`, a `reply` or a `file`";
            faults.add(&["request", "reply", "file"], message);
        }
        let take = |text: Option<ScriptText>, part, faults: &mut Faults| match ReadScript::read(
            text?, part,
        ) {
            Ok(script) => Some(script),
            Err(unread) => {
                let (text, found) = *unread;
                tell(&text, part, found, faults);
                None
            }
        };
        rule.request = take(request, ScriptPart::Request, &mut faults);
        rule.reply = take(reply, ScriptPart::Reply, &mut faults).map(Arc::new);
        if let Some(name) = &fields.file {
            let both = (fields.request.is_some(), fields.reply.is_some());
            rule.take_file(name, both, &source.beside, &mut faults);
        }
        match faults.is_empty() {
            true => Ok(rule),
            false => Err(faults),
        }
    }

    /// Takes a file for the part that it speaks of; `taken`: which of the two stand in the rule.
    fn take_file(
        &mut self,
        name: &str,
        taken: (bool, bool),
        beside: &[Beside],
        faults: &mut Faults,
    ) {
        let file = match beside.iter().find(|file| file.name == *name) {
            Some(Beside { read: Ok(file), .. }) => file,
            found => {
                let why = match found.map(|file| &file.read) {
                    Some(Err(why)) => format!("`{name}`: {why}"),
                    _ => format!("`{name}` was not read"),
                };
                let help = "name a file in the folder of the rule, as in `file = \"tidy.rhai\"`";
                return faults.add_within("file", None, why, Some(help.to_owned()));
            }
        };
        match read_file(file) {
            Ok(script) => {
                let (is_taken, field) = match script.part {
                    ScriptPart::Request => (taken.0, "request"),
                    ScriptPart::Reply => (taken.1, "reply"),
                };
                if is_taken {
                    let message = format!("`{name}` is a script for the {field} too; keep one");
                    return faults.add(&["file", field], message);
                }
                match script.part {
                    ScriptPart::Request => {
                        self.fields[0] = "file";
                        self.request = Some(script);
                    }
                    ScriptPart::Reply => {
                        self.fields[1] = "file";
                        self.reply = Some(Arc::new(script));
                    }
                }
            }
            Err(unread) => {
                let (text, part, found) = *unread;
                tell(&text, part, found, faults);
            }
        }
    }

    fn scripts(&self) -> impl Iterator<Item = (&ReadScript, &'static str)> {
        let reply = self.reply.as_deref();
        let both = self.request.iter().chain(reply);
        both.map(|script| match script.part {
            ScriptPart::Request => (script, self.fields[0]),
            ScriptPart::Reply => (script, self.fields[1]),
        })
    }
}

/// A script that stands in a file. It is for the reply where it speaks of `text` and makes no
/// variable of that name.
fn read_file(file: &Source) -> Result<ReadScript, Box<(ScriptText, ScriptPart, Vec<ScriptFault>)>> {
    let of_request = match ReadScript::read(ScriptText::of_file(file), ScriptPart::Request) {
        Ok(script) => return Ok(script),
        Err(found) => found,
    };
    let of_reply = match ReadScript::read(ScriptText::of_file(file), ScriptPart::Reply) {
        Ok(script) => return Ok(script),
        Err(found) => found,
    };
    let has = |name: &str| {
        let mut words = file
            .text
            .split(|sign: char| !sign.is_alphanumeric() && sign != '_');
        words.any(|word| word == name)
    };
    let is_of_reply = has("text") && !has("messages");
    let (unread, part) = match is_of_reply {
        true => (of_reply, ScriptPart::Reply),
        false => (of_request, ScriptPart::Request),
    };
    let (text, found) = *unread;
    Err(Box::new((text, part, found)))
}

/// Tells what is wrong with a script, where it stands.
fn tell(text: &ScriptText, part: ScriptPart, found: Vec<ScriptFault>, faults: &mut Faults) {
    let field = match part {
        ScriptPart::Request => "request",
        ScriptPart::Reply => "reply",
    };
    for fault in found {
        let range = Some(text.range(fault.position));
        match text.own_file() {
            Some(file) => faults.add_in(file, range, fault.message, fault.help),
            None => faults.add_within(field, range, fault.message, fault.help),
        }
    }
}

impl Rule for ScriptRule {
    fn on_request(&self, request: &mut ChatRequest, turn: &mut Turn) -> Result<Change, RuleError> {
        match &self.request {
            Some(script) => request::run(script, request, turn),
            None => Ok(Change::Unchanged),
        }
    }

    fn on_reply(&self, turn: &Turn, lane: &Lane) -> Option<Box<dyn TextFilter>> {
        let script = self.reply.as_ref()?;
        let is_said = lane.kind.is_heard() && !lane.is_json;
        is_said.then(|| Box::new(ScriptFilter::new(script, turn)) as Box<dyn TextFilter>)
    }

    fn about(&self) -> About {
        let mut names = SpokenNames::default();
        let (mut patterns, mut doubts, mut carries) = (Vec::new(), Vec::new(), Vec::new());
        for (script, field) in self.scripts() {
            for path in &script.names.paths {
                names.roots.extend(path.first().cloned());
                if let [root, fetch, ..] = path.as_slice()
                    && root == FETCH
                {
                    names.fetches.insert(fetch.clone());
                }
                names.paths.push(path.clone());
                names.deciding.push(path.clone());
            }
            if script.part == ScriptPart::Request {
                let brought = script.names.brought.iter().filter(|path| {
                    // What was said is as the rules before left it.
                    path.first().is_some_and(|root| root != "turn")
                });
                carries.extend(brought.map(|path| (field.to_owned(), path.clone())));
            }
            let own = script.names.patterns.iter();
            patterns.extend(own.map(|(source, _)| (field.to_owned(), source.clone())));
            doubts.extend(doubts_of(script, field));
        }
        About {
            names,
            patterns,
            doubts,
            carries,
            is_blind: self.request.is_none(),
            speech: self.reply.is_some().then(|| Speech {
                empty: EMPTY.to_owned(),
                ..Speech::default()
            }),
            ..About::default()
        }
    }
}

#[cfg(test)]
mod tests;
