//! How far back a name may still reach while a text grows.
//!
//! It finds no name; it only says what may yet become a part of one.

use super::frame::is_awaited;
use super::reader::NameReader;
use crate::detect::Detector;
use crate::detect::growing::{TextSoFar, ValueReach};

/// Of names, and of the phrases and letters behind them.
pub(crate) const REACH: ValueReach = ValueReach {
    crosses,
    is_begun: |growing, _| {
        let names = last_names(growing);
        names.is_some_and(|names| growing.last_tokens().any(|at| is_awaited(&names, at)))
    },
    begins,
};

fn last_names<'a>(growing: &TextSoFar<'a>) -> Option<NameReader<'a>> {
    let is_wanted = growing.wants(Detector::Name);
    is_wanted.then(|| NameReader::new(growing.reader, growing.last_tokens().start))
}

// "Ines Carvalho is …": what comes may say that it is her name, or go on with it.
fn crosses(growing: &TextSoFar, at: usize) -> bool {
    const LONGEST_PHRASE: usize = 5;
    let is_near = at + LONGEST_PHRASE >= growing.reader.tokens.len();
    let names = last_names(growing).filter(|_| is_near);
    names.is_some_and(|names| {
        let is_letter = at > 0 && names.reader.is_letter(at - 1);
        is_letter || names.start(at) < at
    })
}

// The words at the end of which a name may be made.
fn begins(growing: &TextSoFar) -> usize {
    let Some(names) = last_names(growing) else {
        return growing.reader.text.len();
    };
    let under_way = growing.under_way();
    let start = names.start(growing.whole_tokens());
    let word = growing.reader.token(start);
    word.map_or(under_way, |word| word.start.min(under_way))
}
