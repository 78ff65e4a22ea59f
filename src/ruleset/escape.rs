//! Literal placeholders that the caller speaks or a tool echoes.
//!
//! They are escaped once, before the first rule (`[CARD_1]` becomes `[CARD_~1]`), so that they
//! are never taken for one of ours, and what the caller hears has the escape undone.

use std::sync::{Arc, LazyLock};

use memchr::memmem::Finder;

use crate::chat::{ChatRequest, Role};
use crate::rule::{Lane, TextFilter};
use crate::stream::placeholder::{
    Labels, Looking, Marks, PlaceholderPart, Scan, WantedPlaceholders,
};

/// How placeholders of a ruleset's labels are escaped.
#[derive(Debug)]
pub(super) struct Escapes {
    labels: Arc<Labels>,
}

impl Escapes {
    /// None where no rule gives out placeholders.
    pub(super) fn of(labels: &[&str]) -> Option<Escapes> {
        (!labels.is_empty()).then(|| Escapes {
            labels: Arc::new(Labels::new(labels)),
        })
    }

    /// Escapes what callers and tools said; says whether there was anything.
    pub(super) fn escape(&self, request: &mut ChatRequest) -> bool {
        request.edit_messages(|_, message| {
            let is_foreign = matches!(message.role(), Role::User | Role::Tool | Role::Function);
            is_foreign
                && message.texts_source().is_none_or(may_hold_one)
                && message.edit_texts(&mut |_, _, text| self.escaped(text))
        })
    }

    /// A text with a mark before the number of each placeholder; none where there is none.
    fn escaped(&self, text: &str) -> Option<String> {
        let numbers = self.labels.numbers(text, LITERAL);
        if numbers.is_empty() {
            return None;
        }
        let mut out = String::with_capacity(text.len() + numbers.len());
        let mut copied = 0;
        for number in numbers {
            out.push_str(text.get(copied..number).unwrap_or(""));
            out.push('~');
            copied = number;
        }
        out.push_str(text.get(copied..).unwrap_or(""));
        Some(out)
    }

    /// Undoes the escapes in a lane.
    pub(super) fn filter(&self, lane: &Lane) -> Box<dyn TextFilter> {
        Box::new(Undo {
            labels: self.labels.clone(),
            scan: if lane.is_json {
                Scan::json()
            } else {
                Scan::plain()
            },
        })
    }
}

/// All that the filters of a reply would take for a placeholder.
const LITERAL: Looking<'_> = Looking {
    wanted: WantedPlaceholders::Shapes,
    marks: Marks::Any,
    others: &[],
};

/// The same, escaped.
const ESCAPED: Looking<'_> = Looking {
    marks: Marks::Some,
    ..LITERAL
};

/// Whether JSON may hold a literal placeholder: a bracket, an underscore with a number
/// behind it, or an escape that may be either. Of a name in which underscores part words none is one.
fn may_hold_one(source: &str) -> bool {
    let bytes = source.as_bytes();
    // A percent sign may begin "%5B"; beyond ASCII there are brackets and underscores too.
    if memchr::memchr3(b'%', 0xE3, 0xEF, bytes).is_some() {
        return true;
    }
    // A quote within a string is the one escape that most JSON is full of.
    let is_escaped = ESCAPED_SIGNS.iter().any(|sign| sign.find(bytes).is_some());
    is_escaped
        || memchr::memchr2_iter(b'[', b'_', bytes).any(|at| match bytes[at] {
            // What begins a list is no label.
            b'[' => !matches!(
                bytes.get(at + 1..at + 4),
                Some([b'\\' | b'{', b'"', _] | [b'{', b'\\', b'"'])
            ),
            _ => !bytes.get(at + 1).is_some_and(u8::is_ascii_alphabetic),
        })
}

/// What an escape that may be a bracket or an underscore begins with: `\u`, and a backslash.
static ESCAPED_SIGNS: LazyLock<[Finder<'static>; 2]> =
    LazyLock::new(|| [Finder::new(br"\u"), Finder::new(br"\\")]);

struct Undo {
    labels: Arc<Labels>,
    scan: Scan,
}

impl TextFilter for Undo {
    fn push(&mut self, piece: &str, out: &mut String) {
        let undo = &mut |part: PlaceholderPart<'_>| undo(part, out);
        self.scan.push(&self.labels, ESCAPED, piece, undo);
    }

    fn finish(&mut self, out: &mut String) {
        let undo = &mut |part: PlaceholderPart<'_>| undo(part, out);
        self.scan.finish(&self.labels, ESCAPED, undo);
    }

    fn pause(&mut self, out: &mut String) {
        let undo = &mut |part: PlaceholderPart<'_>| undo(part, out);
        self.scan.pause(&self.labels, ESCAPED, undo);
    }

    fn held(&self) -> usize {
        self.scan.held()
    }
}

fn undo(part: PlaceholderPart<'_>, out: &mut String) {
    match part {
        PlaceholderPart::Text(text) => out.push_str(text),
        PlaceholderPart::Placeholder { halves, .. } => {
            let (start, length) = mark_in(halves.0);
            out.push_str(&halves.0[..start]);
            out.push_str(&halves.0[start + length..]);
            out.push_str(halves.1);
        }
    }
}

/// Where the last mark stands in what comes before a number, and its bytes: in JSON it may be
/// escaped.
fn mark_in(text: &str) -> (usize, usize) {
    const ESCAPE: &[u8] = b"\\u007e";
    let bytes = text.as_bytes();
    let is_escape = |at: &usize| {
        let here = bytes.get(*at..*at + ESCAPE.len());
        here.is_some_and(|here| here.eq_ignore_ascii_case(ESCAPE))
    };
    let escaped = (0..bytes.len()).rev().find(is_escape);
    let plain = memchr::memrchr(b'~', bytes);
    match (plain, escaped) {
        (Some(plain), escaped) if escaped.is_none_or(|escaped| escaped < plain) => (plain, 1),
        (_, Some(escaped)) => (escaped, ESCAPE.len()),
        _ => (text.len(), 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::LaneKind;
    use proptest::prelude::*;

    fn escapes() -> Escapes {
        Escapes::of(&["CARD", "ORDER", "ORDER_ID"]).expect("there are labels")
    }

    fn escaped(text: &str) -> String {
        let body = serde_json::json!({"messages": [{"role": "user", "content": text}]}).to_string();
        let mut request = ChatRequest::parse(body.into()).expect("a request");
        escapes().escape(&mut request);
        request.messages()[0].text().into_owned()
    }

    /// What the filter makes of a text, the same for every cut.
    fn undone(text: &str, is_json: bool) -> String {
        let lane = Lane {
            choice: 0,
            kind: LaneKind::Content,
            is_json,
        };
        let run = |pieces: &[&str]| {
            let mut filter = escapes().filter(&lane);
            let mut back = String::new();
            pieces
                .iter()
                .for_each(|piece| filter.push(piece, &mut back));
            filter.finish(&mut back);
            back
        };
        let whole = run(&[text]);
        for cut in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
            assert_eq!(run(&[&text[..cut], &text[cut..]]), whole, "cut at {cut}");
        }
        whole
    }

    #[test]
    fn s08_a_spoken_placeholder_is_escaped_and_comes_back() {
        for (text, marked) in [
            ("say [CARD_1]", "say [CARD_~1]"),
            ("say [card 12 ] and ORDER_7", "say [card ~12 ] and ORDER_~7"),
            ("say [CARD_~1]", "say [CARD_~~1]"),
            ("card 1 and [CARD]", "card 1 and [CARD]"),
            ("[CARD #1] [CARD_ONE]", "[CARD #~1] [CARD_~ONE]"),
            ("Card_1, card_1, _card_1_", "Card_~1, card_~1, _card_~1_"),
            ("%5BCARD_1%5d ［CARD_１］", "%5BCARD_~1%5d ［CARD_~１］"),
            ("[CARDS_1] [CREDIT_CARD_1]", "[CARDS_~1] [CREDIT_CARD_~1]"),
            (
                "[CARD_\n1] [CA\u{200b}RD_1]",
                "[CARD_\n~1] [CA\u{200b}RD_~1]",
            ),
            ("[TARJETA_1] [CARD_1_2]", "[TARJETA_~1] [CARD_1_~2]"),
            (
                "{\"a\":\"\\u005bCARD_1\\u005d\"}",
                "{\"a\":\"\\u005bCARD_~1\\u005d\"}",
            ),
            ("[laughs] [1] [1,2] [a](b)", "[laughs] [1] [1,2] [a](b)"),
        ] {
            assert_eq!(escaped(text), marked);
            assert_eq!(undone(marked, false), text);
        }
        assert_eq!(
            undone(r#"{"a":"[CARD_\n~1]"}"#, true),
            r#"{"a":"[CARD_\n1]"}"#
        );
        assert_eq!(undone(r#"["[CARD_\u007e1]"]"#, true), r#"["[CARD_1]"]"#);
    }

    #[test]
    fn a_long_text_is_searched_in_one_walk() {
        for part in [
            "_", "[", "\\", "~", "%", "CARD_", "[CARD_", "[a ", "\u{200b}", "é_", "\\u005b",
        ] {
            let text = part.repeat(200_000 / part.len());
            assert_eq!(escaped(&text), text);
        }
    }

    proptest! {
        #[test]
        fn a_message_that_is_not_opened_holds_none(
            text in "(\\[|\\]|\\{|\"|CARD|ORDER_ID|card|x|_|~|[0-9]| |-|#|one|\n|\u{200b}|\\\\|\\\\u005b|%5B|［|１){0,16}",
        ) {
            let source = serde_json::json!({"role": "user", "content": text}).to_string();
            let numbers = escapes().labels.numbers(&text, LITERAL);
            prop_assert!(may_hold_one(&source) || numbers.is_empty(), "{}", source);
        }

        #[test]
        fn any_text_comes_back_and_no_placeholder_is_left_in_it(
            text in "(\\[|\\[CARD|CARD_|card|ORDER|ORDER_ID_|_|~|[0-9]|\\]|%5B|%5D| |x|X_|-|#|one|s_1|\"|\\{\"|\u{200b}|\\\\|\\\\u005b){0,24}",
        ) {
            let marked = escaped(&text);
            let looking = Looking { marks: Marks::None, ..LITERAL };
            prop_assert_eq!(escapes().labels.numbers(&marked, looking), Vec::<usize>::new(), "{}", marked);
            prop_assert_eq!(undone(&marked, false), text);
        }
    }
}
