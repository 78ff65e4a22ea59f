//! The manual of `[[test]]`, as `aside explain test` shows it. Its fields are those of the schema.

use schemars::JsonSchema;
use serde_json::Value;

use super::CaseFields;
use crate::files::schema;

const ABOUT: &str = "\
`[[test]]`: what goes into a rule, and what must come out.

In a rule file a test runs that rule alone, as if it were not switched off, in the shadow or for a
share of calls. In a file of `tests/` beside the rules it runs all of them as they are served, and
`request` may name a recorded request. `aside test` runs them all; `aside check` shows what is wrong
with them as they are written.";

const RULES: &str = "\
A test fails where what comes is not what it says, and also

- where a rule fails, or its condition can't be decided for what is given: `fails = true` says that
  this is meant;
- where the rule does not run for want of what its condition speaks of (`call.type` is absent), and
  runs in no other test of its file either: give what it asks for.

A rule whose condition does not hold is skipped, and that is no failure: the test then shows that
nothing changes, and its line says why the rule did nothing.

A reply arrives the same in whatever way it comes, so it is run in one piece, as a completion that is
not streamed, cut in two at every place (within the arguments of tools too), and letter by letter.
JSON is compared as JSON: the order of keys and blanks do not count, and 1 is 1.0.

What is given is what Vapi sent, what is stored (`context`) and what was fetched (`fetch.NAME`);
nobody is asked. `now` is a time with its offset, `\"2026-11-22T10:00:00Z\"`. A fetch that no rule
speaks of, and a name that is nearly one that the rule looks for in vain, are problems with a place.";

/// A rule with tests of each kind.
pub(in crate::ruleset) const EXAMPLE: &str = r#"about = "Card numbers stay here; only the booking system gets them."
when = 'call.type == "inboundPhoneCall"'

[then.redact]
find = ["card"]
restore_tools = ["book.card"]

[[test]]
name = "a card number is hidden and comes back"
given = { call = { type = "inboundPhoneCall" } }
caller = "Use 4111 1111 1111 1111, please."
model_gets = "Use [CARD_1], please."
model_says = "Charging [CARD_1] now."
caller_hears = "Charging 4111 1111 1111 1111 now."

[[test]]
name = "the booking system gets the number, and its note does not"
given = { call = { type = "inboundPhoneCall" } }
caller = "Use 4111 1111 1111 1111, please."
model_calls = [{ name = "book", arguments = { card = "[CARD_1]", note = "paid with [CARD_1]" } }]
tool_gets = [{ name = "book", arguments = { card = "4111 1111 1111 1111", note = "paid with [CARD_1]" } }]

[[test]]
name = "a call that goes out is left alone"
given = { call = { type = "outboundPhoneCall" } }
caller = "Use 4111 1111 1111 1111, please."
model_gets = "Use 4111 1111 1111 1111, please."
"#;

/// What a test is, its fields, and a rule with tests.
pub fn manual() -> String {
    let schema: Value = CaseFields::json_schema(&mut schema::generator()).into();
    let fields = schema["properties"].as_object().into_iter().flatten();
    let fields = fields.map(|(name, field)| {
        let about = field["description"].as_str().unwrap_or_default();
        let about = about.replace('\n', " ");
        format!("- `{name}`: {}", wrapped(&about, name.len() + 6))
    });
    let fields = fields.collect::<Vec<_>>().join("\n");
    format!("{ABOUT}\n\n{fields}\n\n{RULES}\n\nA rule with tests:\n\n{EXAMPLE}")
}

/// A text in lines of a page's width, the first of which begins behind so many letters.
fn wrapped(text: &str, from: usize) -> String {
    let mut out = String::new();
    let mut column = from;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if column + length > 100 {
            out.push_str("\n  ");
            column = 2;
        } else if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
        column += length + 1;
    }
    out
}
