//! Before a worker serves, it passes a made-up turn through the rules: tables and caches that are
//! built when they are first used are there when the first caller speaks.
//!
//! Nothing of that turn goes anywhere.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use crate::chat::ChatRequest;
use crate::chat::reader::EventReader;
use crate::chat::vapi::VapiFields;
use crate::ruleset::{self, Ending, Passage, Ruleset, TurnInput};
use crate::server::state::rule_time::clock_of;
use crate::server::turn::request::now;

/// A turn as Vapi posts it, in which every detector has something to look at.
const TURN: &str = r#"{"model":"m","stream":true,"messages":[
{"role":"system","content":"You book visits. Today is Monday."},
{"role":"assistant","content":"What is your name, and how can we reach you?"},
{"role":"user","content":"Ann Lee, A double N, call me on 020 7946 0018, 0044 20 7946 0018, 31 20 794 6001 or four one five five five five oh one nine nine, or ann dot lee at example dot com."},
{"role":"assistant","content":"","tool_calls":[{"id":"call_1","type":"function","function":{"name":"find","arguments":"{\"email\":\"ann@example.com\",\"zip\":\"90210\"}"}}]},
{"role":"tool","tool_call_id":"call_1","content":"{\"found\":true,\"account\":\"GB82 WEST 1234 5698 7654 32\"}"},
{"role":"assistant","content":"And your card, its code and your date of birth?"},
{"role":"user","content":"4111 1111 1111 1111, one two three, born on the third of May 1980. I live at 22 Hill Street, Springfield, IL 62704. See www.example.com, 192.0.2.7, token sk-abcdefghijklmnop1234, member id AB-123456, ssn 078-05-1120, password is Blue42Horse."}],
"tools":[{"type":"function","function":{"name":"find","description":"Finds a caller.","parameters":{"type":"object","properties":{"email":{"type":"string"}}}}}],
"call":{"id":"warm-up","type":"inboundPhoneCall"},"customer":{"number":"+442079460018","name":"Ann Lee"}}"#;

/// The longest that it may take.
const LONGEST: Duration = Duration::from_secs(1);

/// What its model says.
const REPLY: &str = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Thank you [NAME_1], at **noon**, 4111 1111\"},\"finish_reason\":null}]}\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"c\",\"function\":{\"name\":\"find\",\"arguments\":\"{\\\"email\\\":\\\"[EMAIL_1]\\\"}\"}}]},\"finish_reason\":\"stop\"}]}\n\n";

/// Passes the turn on this thread. What breaks in it will be told when a real turn meets it.
pub(super) fn warm(ruleset: &Arc<Ruleset>) {
    let _ = catch_unwind(AssertUnwindSafe(|| pass(ruleset)));
}

fn pass(ruleset: &Arc<Ruleset>) -> Option<()> {
    let request = ChatRequest::parse(TURN.into()).ok()?;
    let vapi = VapiFields::of(&request);
    let facts = ruleset::facts_of_turn(&request, vapi, "default", now());
    let input = TurnInput {
        clock: clock_of(LONGEST),
        ..TurnInput::new(request, facts)
    };
    let passage = Passage::begin(ruleset, input).out(&mut || Duration::ZERO);
    let (_, mut reply) = passage.ok()?.back();
    let mut reader = EventReader::new();
    reader.push(REPLY.as_bytes());
    let mut out = Vec::new();
    while let Ok(Some(event)) = reader.next_event() {
        reply.event(&event, &mut out);
    }
    reply.end(Ending::Whole, &mut out);
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::Source;

    #[test]
    fn the_turn_that_warms_passes_all_kinds_both_ways() {
        let rules = [
            "about = \"x\"\n[then.redact]\nfind = [\"card\", \"email\", \"phone\"]\nknown = [\"customer.name\"]",
            "about = \"x\"\n[then.inject]\ntext = \"{{ now | date('%A') }}\"",
        ];
        let sources = rules.iter().enumerate();
        let sources = sources.map(|(at, text)| Source::new(format!("{at}.toml"), *text));
        let (ruleset, problems) = Ruleset::read(sources.collect(), &|_| None);
        let ruleset = Arc::new(ruleset.unwrap_or_else(|| panic!("{problems:?}")));
        assert!(pass(&ruleset).is_some());
    }
}
