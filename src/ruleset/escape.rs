//! Literal placeholders that the caller speaks or a tool echoes.
//!
//! They are escaped once, before the first rule (`[CARD_1]` becomes `[CARD_~1]`), so that they
//! are never taken for one of ours, and what the caller hears has the escape undone.

use std::sync::Arc;

use regex::Regex;

use crate::chat::{ChatRequest, Role};
use crate::rule::TextFilter;
use crate::text::placeholder;
use crate::text::stream::{Held, Segment, StreamPattern};

/// How placeholders of a ruleset's labels are escaped.
#[derive(Debug)]
pub(super) struct Escapes {
    literal: Regex,
    escaped: Arc<StreamPattern>,
}

impl Escapes {
    /// None where no rule gives out placeholders.
    pub(super) fn of(labels: &[&str]) -> Option<Escapes> {
        if labels.is_empty() {
            return None;
        }
        let literal = Regex::new(&placeholder::pattern(labels, "~{0,8}")).ok()?;
        let escaped = StreamPattern::new(&placeholder::pattern(labels, "~{1,9}")).ok()?;
        Some(Escapes {
            literal,
            escaped: Arc::new(escaped),
        })
    }

    /// Escapes what callers and tools said; says whether there was anything.
    pub(super) fn escape(&self, request: &mut ChatRequest) -> bool {
        request.edit_messages(|_, message| {
            let is_foreign = matches!(message.role(), Role::User | Role::Tool | Role::Function);
            is_foreign
                && message.source().is_none_or(|source| may_hold_one(source))
                && message.edit_texts(&mut |_, _, text| {
                    memchr::memchr2(b'[', b'_', text.as_bytes())?;
                    if !self.literal.is_match(text) {
                        return None;
                    }
                    let mark = |found: &regex::Captures<'_>| {
                        let mut text = found.get_match().as_str().to_owned();
                        text.insert(placeholder::number_at(found), '~');
                        text
                    };
                    Some(self.literal.replace_all(text, mark).into_owned())
                })
        })
    }

    /// Undoes the escapes in a lane.
    pub(super) fn filter(&self) -> Box<dyn TextFilter> {
        Box::new(Undo {
            escaped: self.escaped.clone(),
            held: Held::default(),
        })
    }
}

/// Whether a message as it came may hold a literal placeholder: a bracket, an underscore that is
/// none of a field's name, or an escape that may be either.
fn may_hold_one(source: &str) -> bool {
    let bytes = source.as_bytes();
    memchr::memchr3_iter(b'[', b'_', b'\\', bytes).any(|at| match bytes[at] {
        b'[' => true,
        b'_' => !["\"tool", "\"tool_call"]
            .iter()
            .any(|name| bytes[..at].ends_with(name.as_bytes())),
        _ => bytes.get(at + 1) == Some(&b'u'),
    })
}

struct Undo {
    escaped: Arc<StreamPattern>,
    held: Held,
}

impl TextFilter for Undo {
    fn push(&mut self, piece: &str, out: &mut String) {
        self.escaped
            .advance(&mut self.held, piece, &mut |segment| undo(segment, out));
    }

    fn finish(&mut self, out: &mut String) {
        self.escaped
            .finish(&mut self.held, &mut |segment| undo(segment, out));
    }
}

fn undo(segment: Segment<'_>, out: &mut String) {
    match segment {
        Segment::Text(text) => out.push_str(text),
        Segment::Match(found) => {
            let text = found.get_match().as_str();
            let mark = placeholder::number_at(&found) - 1;
            out.push_str(&text[..mark]);
            out.push_str(&text[mark + 1..]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn there_and_back(text: &str) -> (String, String) {
        let escapes = Escapes::of(&["CARD", "ORDER"]).expect("there are labels");
        let body = serde_json::json!({"messages": [{"role": "user", "content": text}]}).to_string();
        let mut request = ChatRequest::parse(body.into()).expect("a request");
        escapes.escape(&mut request);
        let there = request.messages()[0].text().into_owned();
        let mut filter = escapes.filter();
        let mut back = String::new();
        filter.push(&there, &mut back);
        filter.finish(&mut back);
        (there, back)
    }

    #[test]
    fn s08_a_spoken_placeholder_is_escaped_and_comes_back() {
        for (text, escaped) in [
            ("say [CARD_1]", "say [CARD_~1]"),
            ("say [card 12 ] and ORDER_7", "say [card ~12 ] and ORDER_~7"),
            ("say [CARD_~1]", "say [CARD_~~1]"),
            ("card 1 and [CARD]", "card 1 and [CARD]"),
        ] {
            assert_eq!(there_and_back(text), (escaped.to_owned(), text.to_owned()));
        }
    }

    proptest! {
        #[test]
        fn any_text_comes_back(text in "(\\[|CARD|card|ORDER|_|~|[0-9]|\\]| |x|-){0,24}") {
            let (_, back) = there_and_back(&text);
            prop_assert_eq!(back, text);
        }
    }
}
