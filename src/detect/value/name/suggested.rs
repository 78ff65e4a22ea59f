//! Names that something else than the table suggests, such as a model: those that hold.
//!
//! It only adds to what the finders claimed. A common word, a place or a brand that the table knows
//! stays, whatever was suggested.

use std::ops::Range;

use super::claim_name;
use super::grade::NameGrade;
use super::reader::NameReader;
use super::spelled::spelled_behind;
use crate::detect::claims::Claims;
use crate::detect::read::{TokenReader, View};

/// Claims the suggested names of a text; `suggested`: their words in the source, in order.
pub(crate) fn claim_suggested(
    reader: TokenReader,
    view: &View,
    suggested: &[Range<usize>],
    claims: &mut Claims,
) {
    let names = NameReader::new(reader, 0);
    let is_name = |at: usize| {
        names.grade(at) >= NameGrade::Either
            && reader.token(at).is_some_and(|token| {
                let place = view.source_range(token.start..token.end);
                let next = suggested.partition_point(|name| name.end <= place.start);
                let next = suggested.get(next);
                next.is_some_and(|name| name.start < place.end)
            })
    };
    let mut at = 0;
    while at < reader.tokens.len() {
        if claims.is_taken(at) || !is_name(at) {
            at += 1;
            continue;
        }
        // Over particles, hyphens and initials as far as the reader of names goes.
        let rest = (at + 1..names.end(at)).take_while(|at| !claims.is_taken(*at));
        let last = rest.filter(|at| is_name(*at)).last().unwrap_or(at);
        let mut end = last + 1;
        if holds(&names, at..end) {
            claim_name(claims, reader, at..end);
            if let Some(letters) = spelled_behind(&names, end) {
                end = letters.end;
                claim_name(claims, reader, letters);
            }
        }
        at = end;
    }
}

// Whether the table has nothing against it: one word that is something else too is not enough.
fn holds(names: &NameReader, name: Range<usize>) -> bool {
    let is_clear = |at: usize| names.grade(at) >= NameGrade::Unknown;
    let is_several = names.full_words(name.clone()).count() > 1;
    (is_several || names.words(name.clone()).any(is_clear)) && !names.names_thing(name)
}

#[cfg(test)]
mod tests {
    use crate::detect::{Cues, Detector, Speaker, scan_with_names};

    fn check(text: &str, suggested: &[&str], expected: &[&str]) {
        let place = |word: &&str| {
            let start = text.find(word).expect("a word of the text");
            start..start + word.len()
        };
        let suggested: Vec<_> = suggested.iter().map(place).collect();
        let wanted = [Detector::Name, Detector::Email].into_iter().collect();
        let before = Cues::at_start("US");
        let scan = scan_with_names(text, Speaker::Caller, &before, wanted, &suggested);
        let found = scan.findings.iter();
        let found: Vec<_> = found.map(|found| &text[found.start..found.end]).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn suggested_words_are_names_with_what_belongs_to_them() {
        check("so ask vrenka at noon", &["vrenka"], &["vrenka"]);
        check(
            "so ask vrenka van der strunk at noon",
            &["vrenka", "strunk"],
            &["vrenka van der strunk"],
        );
        check(
            "it went to vrenka v r e n k a",
            &["vrenka"],
            &["vrenka", "v r e n k a"],
        );
        check("so ask\u{a0}vrenka's\u{a0}aunt", &["vrenka"], &["vrenka"]);
    }

    #[test]
    fn common_words_places_and_what_is_claimed_stay() {
        check("see you on monday", &["monday"], &[]);
        check("a table for the reservation", &["reservation"], &[]);
        check("i live on vrenka street", &["vrenka"], &[]);
        check(
            "write to vrenka@example.com",
            &["vrenka"],
            &["vrenka@example.com"],
        );
        check("so ask vrenka at noon", &[], &[]);
    }
}
