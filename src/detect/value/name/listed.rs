//! Names in a list of people: "guests: Pippa, Jonty and the Aldermans".
//!
//! A word for those who come stands before the first of them; a list of anything else has no names.

use std::ops::Range;

use super::evidence::is_other;
use super::frame::is_titled;
use super::grade::NameGrade;
use super::reader::NameReader;

/// What those are who are listed.
const LISTS: [&str; 16] = [
    "guests",
    "guest",
    "attendees",
    "attending",
    "passengers",
    "travellers",
    "travelers",
    "names",
    "present",
    "apologies",
    "invitees",
    "kids",
    "children",
    "players",
    "staff",
    "witnesses",
];

/// The name behind the comma that ends one, in a list of people.
pub(super) fn listed(names: &NameReader, last: &Range<usize>) -> Option<Range<usize>> {
    let reader = &names.reader;
    let is_mark = reader.is_mark(last.end, b',') || reader.is_mark(last.end, b'&');
    let is_and = reader.says(last.end, "and");
    let at = last.end + 1;
    let is_known = match names.grade(at) {
        NameGrade::Unknown | NameGrade::Clear => true,
        NameGrade::Either => names.sense(at).is_given(),
        _ => false,
    };
    // "…, Col. Gill".
    if is_titled(names, at)
        || !(is_mark || is_and)
        || !names.is_capital(at)
        || !is_known
        || is_other(names, at)
    {
        return None;
    }
    let name = at..names.end(at);
    let is_short = names.words(name.clone()).count() <= 3;
    let is_over = names.ends(name.end) || reader.says(name.end, "and");
    let fits = is_short && is_over && is_list(names, last.start);
    (fits && !names.names_thing(name.clone())).then_some(name)
}

// Whether a list of people begins before a place in the same sentence.
fn is_list(names: &NameReader, at: usize) -> bool {
    const REACH: usize = 30;
    let reader = &names.reader;
    let mut before = (at.saturating_sub(REACH)..at)
        .rev()
        .take_while(|at| names.has(*at) && !reader.ends_sentence(*at));
    before.any(|at| reader.says_any(at, &LISTS))
}

#[cfg(test)]
mod tests {
    use crate::detect::Detector::Name;
    use crate::detect::testing::check;

    #[test]
    fn people_are_listed() {
        check(
            "Guest list so far: Pippa, Jonty, Wrenna and Obinze, table of ten",
            &[
                (Name, "Pippa"),
                (Name, "Jonty"),
                (Name, "Wrenna"),
                (Name, "Obinze"),
            ],
        );
    }

    #[test]
    fn lists_of_other_things_have_none() {
        for text in [
            "Stops: Leeds, Zwolle and Utrecht",
            "Guests may order Lasagne, Tiramisu or Gelato",
            "Pippa, can you order Zantac, Nurofen",
        ] {
            let found = crate::detect::testing::scanned(text).findings;
            assert!(found.len() < 2, "{text}: {found:?}");
        }
    }
}
