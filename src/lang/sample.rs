//! Texts that a regular expression matches, made up: for tests that need one.
//!
//! Never a text that anybody said, and nothing random: the same number gives the same text.

use regex::Regex;
use regex_syntax::hir::{Class, Hir, HirKind};

/// The longest text that is made, in bytes.
const LONGEST: usize = 400;

/// A text that an expression matches from end to end; other numbers give others, where it has some.
/// None: none was found, as where the text around it matters.
pub fn sample(source: &str, number: usize) -> Option<String> {
    let parsed = regex_syntax::Parser::new().parse(source).ok()?;
    let mut text = String::new();
    add(&parsed, number, &mut text);
    let regex = Regex::new(source).ok()?;
    let found = regex.find(&text)?;
    (!text.is_empty() && found.range() == (0..text.len())).then_some(text)
}

fn add(part: &Hir, number: usize, text: &mut String) {
    if text.len() > LONGEST {
        return;
    }
    match part.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(&String::from_utf8_lossy(&literal.0)),
        HirKind::Class(class) => text.extend(sign(class, number + 3 * text.chars().count())),
        HirKind::Repetition(repeated) => {
            (0..repeated.min).for_each(|_| add(&repeated.sub, number, text));
        }
        HirKind::Capture(group) => add(&group.sub, number, text),
        HirKind::Concat(parts) => parts.iter().for_each(|part| add(part, number, text)),
        HirKind::Alternation(parts) => {
            if let Some(part) = parts.first() {
                add(part, number, text);
            }
        }
    }
}

/// A letter or digit of a class, where it has one that can be typed; else what it has.
fn sign(class: &Class, number: usize) -> Option<char> {
    let Class::Unicode(class) = class else {
        return None;
    };
    let has = |sign: &char| {
        let mut ranges = class.ranges().iter();
        ranges.any(|range| (range.start()..=range.end()).contains(sign))
    };
    let typed = ('0'..='9').chain('a'..='z').chain('A'..='Z').filter(has);
    let typed: Vec<char> = typed.collect();
    let first = class.ranges().first().map(|range| range.start());
    let picked = number.checked_rem(typed.len());
    picked.and_then(|at| typed.get(at).copied()).or(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_matches_from_end_to_end_and_differs_by_number() {
        for source in [
            r"ORD-\d{8}",
            r"\bREF-[A-Z]{2}\d{6}\b",
            r"(?i)policy (?:no\. )?[a-f0-9]{4,}",
            r"[^\s]+@shop",
            r"(\p{Lu}{3})-(\d+)",
        ] {
            let made: Vec<_> = (1..=4)
                .filter_map(|number| sample(source, number))
                .collect();
            assert_eq!(made.len(), 4, "{source}");
            let regex = Regex::new(source).expect("an expression");
            for (at, text) in made.iter().enumerate() {
                assert!(regex.is_match(text), "{source}: {text}");
                assert!(!made[..at].contains(text), "{source}: {made:?}");
            }
        }
        assert_eq!(sample("yes|no", 1).as_deref(), Some("yes"));
        assert_eq!(sample("(", 1), None);
        assert_eq!(sample(r"x\by", 1), None);
        assert_eq!(sample(r"\d{9999}", 1), None);
    }
}
