//! The reply's way through the pairs: what one gives out goes to the next.
//!
//! Each holds back only what its own expression may still find, so that all of them together make of
//! the pieces what they make of the whole.

use std::borrow::Cow;
use std::sync::Arc;

use regex::Captures;

use crate::rule::TextFilter;
use crate::stream::{Segment, StreamPattern, Undecided};

/// The pairs of a rule, on their way through one text.
#[derive(Debug)]
pub(super) struct RewriteFilter(Vec<PairOnItsWay>);

#[derive(Debug)]
struct PairOnItsWay {
    pattern: Arc<StreamPattern>,
    replace: Arc<str>,
    held: Undecided,
}

impl RewriteFilter {
    pub(super) fn new(pairs: &[(Arc<StreamPattern>, Cow<'_, str>)]) -> RewriteFilter {
        let pairs = pairs.iter().map(|(pattern, replace)| PairOnItsWay {
            pattern: pattern.clone(),
            replace: (&**replace).into(),
            held: Undecided::default(),
        });
        RewriteFilter(pairs.collect())
    }
}

impl TextFilter for RewriteFilter {
    fn push(&mut self, piece: &str, out: &mut String) {
        push(&mut self.0, piece, out);
    }

    fn finish(&mut self, out: &mut String) {
        finish(&mut self.0, out);
    }
}

fn push(pairs: &mut [PairOnItsWay], piece: &str, out: &mut String) {
    match pairs {
        [] => out.push_str(piece),
        [last] => last.push(piece, out),
        [first, behind @ ..] => {
            let mut made = String::with_capacity(piece.len());
            first.push(piece, &mut made);
            if !made.is_empty() {
                push(behind, &made, out);
            }
        }
    }
}

fn finish(pairs: &mut [PairOnItsWay], out: &mut String) {
    let Some((first, behind)) = pairs.split_first_mut() else {
        return;
    };
    let mut made = String::new();
    first.finish(&mut made);
    if !made.is_empty() {
        push(behind, &made, out);
    }
    finish(behind, out);
}

impl PairOnItsWay {
    fn push(&mut self, piece: &str, out: &mut String) {
        let replace = &self.replace;
        self.pattern.advance(&mut self.held, piece, &mut |segment| {
            write(segment, replace, out)
        });
    }

    fn finish(&mut self, out: &mut String) {
        let replace = &self.replace;
        self.pattern
            .finish(&mut self.held, &mut |segment| write(segment, replace, out));
    }
}

fn write(segment: Segment<'_>, replace: &str, out: &mut String) {
    match segment {
        Segment::Text(text) => out.push_str(text),
        Segment::Match(found) => Captures::expand(&found, replace, out),
    }
}
