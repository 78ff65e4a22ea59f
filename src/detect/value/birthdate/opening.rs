//! A whole date with which a caller answers what nobody here heard, and what is said behind it: "it's
//! 1/17/63 and the last name is …", "third of may two thousand and one, i'm old enough".
//!
//! An appointment is not so long ago, and no name of a caller stands right behind it.

use crate::detect::english::{Class, Topic};
use crate::detect::read::{SaidDate, SpokenPassage, Token};

/// Whether a date opens an answer, and is one of a birth by its year or by what follows.
pub(super) fn is_told(passage: &SpokenPassage, date: &SaidDate) -> bool {
    let is_whole = date.value.matches('-').count() == 2;
    let is_counted = passage
        .tokens
        .get(date.range.end)
        .is_some_and(|next| next.has(Class::UNIT));
    if is_whole && is_behind_age(passage, date.range.start) {
        return true;
    }
    if !is_whole || is_counted || !opens(passage, date) {
        return false;
    }
    date.is_certain && is_of_another_century(&date.value)
        || speaks_of_age(passage, date.range.end)
        || date.is_certain && goes_on_with_person(passage, date.range.end)
}

// Behind nothing but what one says before an answer.
fn opens(passage: &SpokenPassage, date: &SaidDate) -> bool {
    let before = passage.tokens.get(passage.first..date.range.start);
    let leads = Class::LEAD | Class::FILLER | Class::COPULA;
    let is_lead = |token: &Token| {
        let is_yes = token.has(leads) && !token.says_digits() && !token.has(Class::OTHER_DAY);
        !token.is_word() && !token.says_digits() || is_yes
    };
    before.is_some_and(|before| before.iter().all(is_lead))
}

// "I'm twenty three, fourth of july …", "he's 19, …".
fn is_behind_age(passage: &SpokenPassage, date: usize) -> bool {
    const MOST: usize = 5;
    const WHO: [&str; 5] = ["i'm", "he's", "she's", "am", "aged"];
    let reader = passage.reader();
    let lowest = passage.first.max(date.saturating_sub(MOST));
    let is_mark = |at: &usize| reader.is_mark(*at, b',') || reader.is_mark(*at, b'.');
    let end = (lowest..date).rev().find(|at| !is_mark(at));
    let Some(end) = end.filter(|end| reader.says_digits(*end) && end + 1 < date) else {
        return false;
    };
    let says_number = |at: &usize| reader.says_digits(*at);
    let first = (lowest..=end).rev().take_while(says_number).last();
    first.is_some_and(|first| first > passage.first && reader.says_any(first - 1, &WHO))
}

// "63": nobody makes an appointment so far ahead.
fn is_of_another_century(value: &str) -> bool {
    let year = value.rsplit('-').next().unwrap_or("");
    year.len() == 2 && year >= "40"
}

// "I'm old enough", "I turned eighteen last week".
fn speaks_of_age(passage: &SpokenPassage, from: usize) -> bool {
    const NEAR: usize = 8;
    let reader = passage.reader();
    let turns = ["turned", "turn", "turning"];
    let over = ["over", "nearly", "almost", "me"];
    (from..passage.end.min(from + NEAR)).any(|at| {
        let is_enough = reader.says(at, "old") && reader.says(at + 1, "enough");
        let is_number = reader.says_digits(at + 1);
        is_enough || is_number && (reader.says_any(at, &turns) || reader.says_any(at, &over))
    })
}

// "… and the last name is", ", postcode's": what is asked for beside a birth.
fn goes_on_with_person(passage: &SpokenPassage, from: usize) -> bool {
    const NEAR: usize = 3;
    let reader = passage.reader();
    let is_joint = |at: &usize| {
        let token = reader.token(*at);
        token.is_some_and(|token| {
            !token.is_word() && !token.says_digits()
                || token.has(Class::JOIN | Class::DETERMINER | Class::FILLER)
        })
    };
    let behind = from + (from..from + NEAR).take_while(is_joint).count();
    let which = ["last", "full", "first", "family", "sur", "second"];
    let is_name = reader.says_any(behind, &["surname", "surname's"])
        || reader.says_any(behind, &which) && reader.says_any(behind + 1, &["name", "name's"]);
    let next = passage.cues.partition_point(|cue| cue.first < behind);
    let is_of_person = |topic| matches!(topic, Topic::Zip | Topic::Ssn);
    let cue = passage.cues.get(next).filter(|cue| cue.first == behind);
    let names = cue.is_some_and(|cue| is_of_person(cue.topic));
    behind < passage.end && (is_name || names)
}

#[cfg(test)]
mod tests {
    use crate::detect::Detector::Birthdate;
    use crate::detect::testing::{check, scanned};

    #[test]
    fn a_date_that_opens_an_answer_is_of_a_birth_by_its_year_or_what_follows() {
        for (text, value) in [
            ("Sure, it's 4/12/71, thanks.", "4/12/71"),
            ("May 9th, 2006. I'm old enough.", "May 9th, 2006"),
            (
                "ninth of may two thousand and six i turned eighteen last week",
                "ninth of may two thousand and six",
            ),
            (
                "October 3rd, 2001, and the surname's Lindqvist",
                "October 3rd, 2001",
            ),
            ("it's 8/8/2003. Postcode's EH4 2JQ.", "8/8/2003"),
            (
                "i'm twenty three, fourth of july two thousand and two",
                "fourth of july two thousand and two",
            ),
            (
                "agent: date of birth?\ncaller: she's a leap year baby, 29 February 2004",
                "29 February 2004",
            ),
        ] {
            let found = scanned(text).findings;
            let own = found.iter().find(|found| found.detector == Birthdate);
            let own = own.map(|found| &text[found.start..found.end]);
            assert_eq!(own, Some(value), "{text}");
        }
    }

    #[test]
    fn days_of_other_things_stay() {
        for text in [
            "it's 11/04/26 for two nights please",
            "the first of july is fine, i'm old enough to decide",
            "March 3rd 2027, two adults",
            "we've been here since 1/17/63",
            "third of june sixty people",
            "i'm on row three, fourth of july two thousand and twenty seven",
        ] {
            check(text, &[]);
        }
    }
}
