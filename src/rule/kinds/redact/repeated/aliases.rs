//! By what a value is looked for again: its signs, and those of the parts of it that people say
//! alone.
//!
//! What could as well be an amount, a year or a common word is not looked for.

use super::super::labels::RuleLabels;
use super::super::names::{is_word_too, parts};
use super::SHORTEST;
use crate::detect::{Detector, SaidSigns, is_common_word};
use crate::rule::{Identity, Retention};
use crate::stream::placeholder::is_written;

/// A number of fewer digits is hidden only where something says what it is.
const FEWEST_DIGITS: usize = 5;
/// So many signs of a value that somebody broke off are told from other words.
pub(super) const FEWEST_OF_BEGINNING: usize = 4;
/// What is longer is said in parts, and not broken off.
const LONGEST_BROKEN: usize = 40;
/// A telephone number without its country's code, and without its area's.
const NATIONAL: usize = 10;
const LOCAL: usize = 7;

/// What an alias is of its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum AliasKind {
    /// The value.
    Whole,
    /// A part that is said alone: a name of a person, the street of an address.
    Part,
    /// The same, of words that are common: only with capitals.
    Capital,
    /// The last four, which count where only the end of something is spoken of.
    Ending,
    /// How it begins: all of it that was said.
    Beginning,
}

impl AliasKind {
    /// What tells signs of this kind from others.
    pub(super) fn key(self, labels: &RuleLabels, signs: &str) -> Identity {
        match self {
            AliasKind::Beginning | AliasKind::Ending => labels.identity(&(self, signs)),
            _ => labels.identity(signs),
        }
    }
}

/// What a value is looked for by.
#[derive(Debug)]
pub(super) struct Alias {
    pub(super) signs: String,
    pub(super) kind: AliasKind,
    /// Of a part: how it is spelled.
    pub(super) part: String,
}

/// All aliases of a value in the spelling in which it was found.
pub(super) fn aliases(labels: &RuleLabels, spelling: &str, label: usize) -> Vec<Alias> {
    let is_of = |detector: Detector| labels.position(detector.label()) == Some(label);
    let mut found = FoundAliases::default();
    // A placeholder of another turn is no value.
    if is_written(spelling) {
        return found.0;
    }
    let signs = SaidSigns::of(spelling);
    let text = signs.text();
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let is_number = digits == text.len();
    if is_of(Detector::Name) {
        found.add_name(&signs, spelling);
        return found.0;
    }
    let is_secret = labels.retention(label) == Some(Retention::Nothing);
    let is_long = match is_number {
        true => digits >= FEWEST_DIGITS || (is_secret && digits == FEWEST_DIGITS - 1),
        false => text.len() > SHORTEST && !is_common(&signs),
    };
    if !is_long || (is_of(Detector::Birthdate) && digits < FEWEST_DIGITS - 1) {
        return found.0;
    }
    found.add(text, AliasKind::Whole);
    if is_of(Detector::Phone) && is_number {
        for length in [NATIONAL, LOCAL] {
            let from = digits.checked_sub(length).filter(|_| digits >= NATIONAL);
            found.add(
                from.and_then(|from| text.get(from..)).unwrap_or(""),
                AliasKind::Whole,
            );
        }
    }
    if is_of(Detector::Address) {
        let street = SaidSigns::of(spelling.split([',', '\n']).next().unwrap_or(""));
        let is_street = street.words().first().is_some_and(|word| !word.is_word)
            && street.words().iter().any(|word| word.is_word);
        if is_street && street.text().len() < text.len() {
            found.add_part(
                spelling.split([',', '\n']).next().unwrap_or(""),
                AliasKind::Part,
            );
        }
    }
    if digits >= LOCAL {
        let end = text.len().saturating_sub(4);
        found.add(text.get(end..).unwrap_or(""), AliasKind::Ending);
    }
    if digits > FEWEST_OF_BEGINNING || is_of(Detector::Email) {
        found.add_beginnings(text);
    }
    found.0
}

#[derive(Default)]
struct FoundAliases(Vec<Alias>);

impl FoundAliases {
    fn add(&mut self, signs: &str, kind: AliasKind) {
        if signs.len() >= SHORTEST {
            self.0.push(Alias {
                signs: signs.to_owned(),
                kind,
                part: String::new(),
            });
        }
    }

    fn add_part(&mut self, part: &str, kind: AliasKind) {
        let count = self.0.len();
        self.add(SaidSigns::of(part).text(), kind);
        for alias in self.0.iter_mut().skip(count) {
            part.clone_into(&mut alias.part);
        }
    }

    // Each first or last name too, but for those that are words as well.
    fn add_name(&mut self, signs: &SaidSigns, spelling: &str) {
        let is_common = |word: &str| is_word_too(word) || is_common_word(word);
        let is_single = signs.words().len() == 1;
        // "Will Young" is a name, and "will young" may be the beginning of a question.
        let is_closed = signs.words().iter().any(|word| word.is_closed);
        if !is_single && is_closed && spelling.split_whitespace().all(is_common) {
            self.add(signs.text(), AliasKind::Capital);
            return;
        }
        if !is_single || !is_common(spelling) {
            self.add(signs.text(), AliasKind::Whole);
        }
        for part in parts(spelling) {
            if !is_common(part) {
                self.add_part(part, AliasKind::Part);
            }
        }
        if signs.words().len() > 1 {
            self.add_beginnings(signs.text());
        }
    }

    fn add_beginnings(&mut self, signs: &str) {
        let longest = signs.len().saturating_sub(1).min(LONGEST_BROKEN);
        for length in FEWEST_OF_BEGINNING..=longest {
            self.add(signs.get(..length).unwrap_or(""), AliasKind::Beginning);
        }
    }
}

// One word that many texts have.
fn is_common(signs: &SaidSigns) -> bool {
    match signs.words() {
        [word] => word.is_common || is_word_too(signs.text()) || is_common_word(signs.text()),
        words => words.iter().all(|word| word.is_common),
    }
}
