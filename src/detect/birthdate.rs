//! Dates of birth: dates where a birth was spoken of.
//!
//! Other dates are nobody's secret, but their words are no other numbers either.

use std::ops::Range;

use super::Detector;
use super::claims::Claims;
use super::date;
use super::govern::{Passage, Tie};
use super::resolve::Given;
use super::spoken::Run;
use super::topics::Topic;

/// Phrases that speak of one.
pub(super) const CUES: &[(Topic, &str)] = &[(
    Topic::Birth,
    "birthday, birth day, birthdate, birth date, date of birth, dob, d o b, d.o.b, born, born on, i was born on, were born on, born in, birth, dateofbirth, \
     birthdays, birth dates, day of birth, year of birth, birth year, birth month, month and day of birth, date of my birth, \
     month day and year, b day, bday, geburtsdatum, geb datum, geb, geboren, geboren am, né le, née le, ne le, date de naissance, fecha de nacimiento, nacido, nato il, birthdt, i was born, was born, was born on, were born, were you born",
)];

// Before days on which something began or ended.
const OTHER_DAYS: &[&str] = &[
    "from", "until", "till", "by", "between", "before", "after", "dated", "founded",
];

/// Claims the dates of birth of a passage and takes the words of all dates.
///
/// The phrases that spoke of one are used then.
pub(super) fn claim(passage: &Passage, claims: &mut Claims, given: &mut Given, used: &mut [bool]) {
    let mut at = passage.first;
    while at < passage.end {
        let date = (!claims.is_taken(at))
            .then(|| date::at(claims.text, passage.tokens, at, passage.end))
            .flatten();
        let Some((range, value)) = date.filter(|(range, _)| !claims.is_any_taken(range.clone()))
        else {
            at += 1;
            continue;
        };
        at = range.end;
        let cue = of_birth(claims.text, passage, range.clone(), &value);
        if let Some(cue) = cue {
            if let Some(used) = cue.and_then(|cue| used.get_mut(cue)) {
                *used = true;
            }
            // Without its year the date is half an answer.
            let digits = if value.matches('-').count() > 1 { 8 } else { 4 };
            claims.claim(range, Detector::Birthdate, value);
            given.push((Topic::Birth, digits));
        } else {
            claims.take(range);
        }
    }
}

// Whether a birth was spoken of, and the phrase that did; or a day of which nothing else is said
// and on which only people were born who are grown up now.
fn of_birth(
    text: &str,
    passage: &Passage,
    range: Range<usize>,
    value: &str,
) -> Option<Option<usize>> {
    let run = Run {
        pieces: Vec::new(),
        digits: String::new(),
        first: range.start,
        end: range.end,
        is_quantity: false,
    };
    let place = passage.place(&run, &[]);
    let is_tied = place.cue.is_some() || place.tie >= Tie::Near;
    let is_told = place.topic == Some(Topic::Birth) && is_tied;
    let before = range.start.checked_sub(1).filter(|at| *at >= passage.first);
    let is_since = before.is_some_and(|at| {
        let word = passage.tokens[at].of(text);
        OTHER_DAYS
            .iter()
            .any(|other| word.eq_ignore_ascii_case(other))
    });
    let is_free = place.topic.is_none() && !is_since && is_long_ago(value);
    (is_told || is_free).then_some(place.cue)
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
    use super::super::Detector;
    use super::super::testing::{check, check_one};

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
