//! Whether a condition is deeper than may be parsed. Reads its signs only, as the language does.

use std::ops::Range;

use super::ConditionError;
use crate::lang::depth::{Depth, Mark};

/// The deepest that a condition may be: its evaluation takes up to 30 KB of stack a level without
/// optimisation, and a worker has 2 MiB. Those of people stay below 20.
const DEEPEST: usize = 40;
/// The longest condition, in bytes.
const LONGEST: usize = 32 << 10;

/// Refuses a condition that is too deep or too long to be parsed.
pub(super) fn check(source: &str) -> Result<(), ConditionError> {
    if source.len() > LONGEST {
        return Err(ConditionError {
            message: format!("the condition is longer than {LONGEST} bytes"),
            range: Some(0..0),
            help: Some("put what it compares with into the context".to_owned()),
        });
    }
    match too_deep(source) {
        None => Ok(()),
        Some(range) => Err(ConditionError {
            message: "the condition is nested too deeply here".to_owned(),
            range: Some(range),
            help: Some(
                "write a list, as in `turn.user in [\"yes\", \"no\"]`, or several rules".to_owned(),
            ),
        }),
    }
}

fn too_deep(source: &str) -> Option<Range<usize>> {
    let mut depth = Depth::up_to(DEEPEST);
    let (mut at, mut is_behind_value) = (0, false);
    while let Some(rest) = source.get(at..)
        && let Some(first) = rest.chars().next()
    {
        let (length, mark) = match first {
            '"' | '\'' => (text_length(rest, is_raw(source, at)), None),
            '/' if rest.starts_with("//") => (rest.find('\n').unwrap_or(rest.len()), None),
            '(' | '[' if is_behind_value => (1, Some(Mark::OpenBehind)),
            '(' | '[' | '{' => (1, Some(Mark::Open)),
            ')' | ']' | '}' => (1, Some(Mark::Close)),
            // The parser makes a balanced tree of these: a thousand of them are ten levels.
            _ if rest.starts_with("&&") || rest.starts_with("||") => (2, Some(Mark::Next)),
            ',' => (1, Some(Mark::Next)),
            '?' | ':' => (1, Some(Mark::Loose)),
            _ if first.is_alphanumeric() || first == '_' => {
                let is_part = |c: char| c.is_alphanumeric() || c == '_';
                let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
                (length, (&rest[..length] == "in").then_some(Mark::Tight))
            }
            _ if first.is_whitespace() => (first.len_utf8(), None),
            _ => (first.len_utf8(), Some(Mark::Tight)),
        };
        if mark.is_some_and(|mark| depth.is_beyond(mark)) {
            return Some(at..at + length);
        }
        if !first.is_whitespace() {
            is_behind_value = first.is_alphanumeric() || "_)]}\"'".contains(first);
        }
        at += length;
    }
    None
}

/// Whether the quote at a place begins a text in which a backslash is one.
fn is_raw(source: &str, at: usize) -> bool {
    let before = source.as_bytes().get(..at).unwrap_or_default();
    let letters = before.iter().rev().take(2);
    let prefix: Vec<u8> = letters
        .copied()
        .take_while(u8::is_ascii_alphabetic)
        .collect();
    prefix
        .iter()
        .any(|letter| letter.eq_ignore_ascii_case(&b'r'))
        && prefix.iter().all(|letter| b"rRbB".contains(letter))
}

/// The length of a text with its quotes. One that is not closed in its line ends there: what the
/// parser makes of the rest counts.
fn text_length(quoted: &str, is_raw: bool) -> usize {
    let (quote, three) = quoted.split_at(1);
    let is_long = three.starts_with(&quote.repeat(2));
    let end = match is_long {
        true => quote.repeat(3),
        false => quote.to_owned(),
    };
    let mut at = end.len();
    while let Some(rest) = quoted.get(at..)
        && let Some(first) = rest.chars().next()
    {
        if rest.starts_with(&end) {
            return at + end.len();
        }
        at += match first {
            '\n' | '\r' if !is_long => return at,
            '\\' if !is_raw => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
            _ => first.len_utf8(),
        };
    }
    // Never closed: all of it counts, so that nothing is hidden in it.
    1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::condition::{Condition, Verdict};
    use crate::lang::facts::Facts;

    /// Does something on a thread with so many MiB of stack.
    fn on_a_stack<T: Send>(size: usize, work: impl FnOnce() -> T + Send) -> T {
        let builder = std::thread::Builder::new().stack_size(size << 20);
        std::thread::scope(|scope| {
            let thread = builder.spawn_scoped(scope, work).expect("a thread");
            thread.join().expect("it ends well")
        })
    }

    /// What stands in each other, so many times.
    fn chains(count: usize) -> Vec<(String, &'static str)> {
        let many = |text: &str| text.repeat(count);
        vec![
            (format!("1{} > 0", many(" + 1")), "sums"),
            (format!("1{} > 0", many("-1")), "differences"),
            (format!("1{} > 0", many("*1")), "products"),
            (format!("call{} == 1", many(".a")), "paths"),
            (format!("call{} == 1", many("[0]")), "places"),
            (format!("call{} == 1", many(".a()")), "methods"),
            (format!("call{} == 1", many(".trim()")), "known methods"),
            (format!("{}true", many("!")), "negations"),
            (format!("{}1 < 0", many("-")), "signs"),
            (format!("{}1{} > 0", many("("), many(")")), "brackets"),
            (format!("{}1{} == 1", many("["), many("]")), "lists"),
            (format!("{}1{} == 1", many("{1:"), many("}")), "maps"),
            (format!("{}true", many("true ? true : ")), "choices"),
            (
                format!("{}true{}", many("(true ? "), many(" : true)")),
                "choices in brackets",
            ),
            (
                format!("{}true{}", many("[1].all(x, "), many(")")),
                "macros",
            ),
            (
                format!("{}true{}", many("has(call.a) && ("), many(")")),
                "conditions in conditions",
            ),
            (format!("1{} == true", many(" < 1")), "comparisons"),
            (format!("call{}", many(" in [call")), "lists not closed"),
            (format!("{}call", many("size(")), "functions not closed"),
            (format!("'{}", many("+1")), "a text not closed"),
            (format!("'a\n{} > 0", many("+1")), "a text that breaks off"),
            (format!("r'\\' == 'a' || 1{} > 0", many("+1")), "a raw text"),
            (
                format!("\"\"\"a\"b\"\"\" == 'a' || 1{} > 0", many("+1")),
                "a long text",
            ),
        ]
    }

    #[test]
    fn expressions_too_deep_for_the_stack_are_refused_with_their_place() {
        for count in [DEEPEST + 2, 1220, 8000, 40_000] {
            for (source, what) in chains(count) {
                let error = match Condition::parse(&source) {
                    Err(error) => error,
                    Ok(_) => panic!("{what} {count}"),
                };
                let told = error.message.contains("nested") || error.message.contains("longer");
                assert!(told, "{what} {count}: {error}");
                assert!(error.range.is_some() && error.help.is_some(), "{what}");
            }
        }
    }

    #[test]
    fn what_is_just_not_too_deep_is_parsed_and_evaluated_on_a_small_stack() {
        for count in (1..=DEEPEST).step_by(3) {
            for (source, what) in chains(count) {
                let compiled = on_a_stack(8, move || Condition::parse(&source));
                if let Ok(condition) = compiled {
                    assert!(count <= DEEPEST, "{what}");
                    // As large as that of a worker, where it is dropped as well.
                    on_a_stack(2, move || condition.evaluate(&Facts::default()));
                }
            }
        }
    }

    #[test]
    fn long_and_flat_conditions_are_fine() {
        let words: Vec<String> = (0..1000).map(|n| format!("\"word {n}\"")).collect();
        let list = format!("call.id in [{}]", words.join(", "));
        let terms: Vec<String> = (0..600).map(|n| format!("call.id == {n}")).collect();
        for source in [list, terms.join(" || "), terms.join(" && ")] {
            let condition = Condition::parse(&source).unwrap_or_else(|error| panic!("{error}"));
            let verdict = condition.evaluate(&Facts::default());
            assert!(!matches!(verdict, Verdict::Holds), "{verdict:?}");
        }
    }
}
