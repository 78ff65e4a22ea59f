//! Dates of birth: dates where a birth was spoken of.
//!
//! Other dates are nobody's secret, but their words are no other numbers either.

use std::ops::Range;

use crate::detect::Detector;
use crate::detect::english::{Class, Topic};
use crate::detect::growing::{NOWHERE, TextSoFar, ValueReach};
use crate::detect::hearing::Hearing;
use crate::detect::number::{NumberKind, NumberPlace, Tie};
use crate::detect::read::{Run, SpokenPassage, date_at};

/// Claims the dates of birth of a passage and takes the words of all dates.
///
/// The phrases that spoke of one are used then.
pub(crate) fn claim(hearing: &mut Hearing) {
    let reader = hearing.passage.reader();
    let mut at = hearing.passage.first;
    while at < hearing.passage.end {
        let is_free = !hearing.claims.is_taken(at);
        let date = is_free.then(|| date_at(reader, at)).flatten();
        let Some((range, value)) =
            date.filter(|(range, _)| !hearing.claims.is_any_taken(range.clone()))
        else {
            at += 1;
            continue;
        };
        at = range.end;
        let Some(cue) = of_birth(&hearing.passage, range.clone(), &value) else {
            if !is_named_otherwise(&hearing.passage, range.clone()) {
                hearing.claims.take(range);
            }
            continue;
        };
        if let Some(used) = cue.and_then(|cue| hearing.used.get_mut(cue)) {
            *used = true;
        }
        // Without its year the date is half an answer.
        let digits = if value.matches('-').count() > 1 { 8 } else { 4 };
        hearing.claims.claim(range, Detector::Birthdate, value);
        hearing.given.push((Topic::Birth, digits));
    }
}

/// How far back a date may still reach while a text grows.
pub(crate) const REACH: ValueReach = ValueReach { crosses, ..NOWHERE };

// "The third of may", "in august".
fn crosses(growing: &TextSoFar, at: usize) -> bool {
    let is_of_date = growing.reader.says_any(at, &["the", "of", "in"]);
    is_of_date
        && (growing.number_before(at).is_some()
            || !growing.is_whole(at + 1)
            || growing.reader.says_number(at + 1))
}

// Whether a birth was spoken of, and the phrase that did; or a day of which nothing else is said
// and on which only people were born who are grown up now.
fn of_birth(passage: &SpokenPassage, range: Range<usize>, value: &str) -> Option<Option<usize>> {
    let place = place(passage, range.clone());
    let is_tied = place.cue.is_some() || place.tie >= Tie::Near;
    let is_asked = place.cue.is_none() && passage.asks(Topic::Birth);
    let is_told = place.topic == Some(Topic::Birth) && is_tied || is_asked;
    let before = range.start.checked_sub(1).filter(|at| *at >= passage.first);
    let is_since = before.is_some_and(|at| passage.tokens[at].has(Class::OTHER_DAY));
    let is_free = place.topic.is_none() && !is_since && is_long_ago(value);
    (is_told || is_free).then_some(place.cue)
}

// "My sort code is 11-05-27", "november four one juliet": what is named outweighs the look of a
// date.
fn is_named_otherwise(passage: &SpokenPassage, range: Range<usize>) -> bool {
    let is_written = passage.tokens[range.clone()]
        .iter()
        .all(|token| !token.is_word());
    let place = place(passage, range);
    let kind = place.topic.and_then(NumberKind::of);
    let is_named = place.cue.is_some() && is_written;
    let fits =
        kind.is_some_and(|kind| kind.topic != Topic::Birth && (is_named || kind.has_letters));
    fits && place.tie >= Tie::Linked
}

fn place(passage: &SpokenPassage, range: Range<usize>) -> NumberPlace {
    let run = Run {
        groups: Vec::new(),
        digits: String::new(),
        first: range.start,
        end: range.end,
        is_quantity: false,
    };
    passage.place(&run, &[])
}

// A whole date of a living person's birth, who may speak on a phone.
fn is_long_ago(value: &str) -> bool {
    const YEARS: std::ops::RangeInclusive<u16> = 1920..=2006;
    let parts = value.split('-').count();
    let mut numbers = value.split('-').filter(|part| part.len() == 4);
    parts == 3 && numbers.any(|year| year.parse().is_ok_and(|year| YEARS.contains(&year)))
}

#[cfg(test)]
mod tests {
    use crate::detect::Detector;
    use crate::detect::testing::{check, check_one};

    #[test]
    fn values_are_found_beside_their_words() {
        for (text, value) in [
            (
                "i was born april seventeen nineteen ninety seven",
                "april seventeen nineteen ninety seven",
            ),
            ("DOB: 18.07.1965", "18.07.1965"),
            (
                "my date of birth is oh three twelve eighty five",
                "oh three twelve eighty five",
            ),
        ] {
            check_one(Detector::Birthdate, text, value);
        }
    }

    #[test]
    fn a_day_long_ago_needs_no_words() {
        check_one(
            Detector::Birthdate,
            "Verified: full name, 11/04/1958",
            "11/04/1958",
        );
        check_one(
            Detector::Birthdate,
            "it's john november fourth nineteen fifty eight",
            "november fourth nineteen fifty eight",
        );
    }

    #[test]
    fn other_numbers_stay() {
        for text in [
            "my appointment is on march third at two fifteen",
            "I was born to run",
            "the order of 11/04/1998 and the policy expires on 04/05/2001",
            "see you on 11/04/2026",
        ] {
            check(text, &[]);
        }
    }
}
