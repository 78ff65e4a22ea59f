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
        if let Some(cue) = of_birth(passage, range.clone()) {
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

// Whether a birth was spoken of, and the phrase that did.
fn of_birth(passage: &Passage, range: Range<usize>) -> Option<Option<usize>> {
    let run = Run {
        pieces: Vec::new(),
        digits: String::new(),
        first: range.start,
        end: range.end,
        is_quantity: false,
    };
    let place = passage.place(&run, &[]);
    let is_tied = place.cue.is_some() || place.tie >= Tie::Near;
    (place.topic == Some(Topic::Birth) && is_tied).then_some(place.cue)
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
    fn other_numbers_stay() {
        for text in [
            "my appointment is on march third at two fifteen",
            "I was born to run",
        ] {
            check(text, &[]);
        }
    }
}
