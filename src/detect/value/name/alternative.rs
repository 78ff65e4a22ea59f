//! One of two names between which a caller is not sure, or which he sets against each other: "could be
//! desjardins could be bouchard", "fraser not frazer".
//!
//! Only what a caller says is read so: of a text that grows, what follows is not known.

use std::ops::Range;

use super::grade::NameGrade;
use super::reader::NameReader;
use crate::detect::english::Class;

/// "Could be desjardins could be bouchard", "try kowalski or maybe kowalska": one of two.
pub(super) fn is_guessed(names: &NameReader, at: usize, last: Option<&Range<usize>>) -> bool {
    const FIRST: [&str; 9] = [
        "be", "try", "maybe", "either", "under", "perhaps", "it's", "is", "probably",
    ];
    if names.grade(at) < NameGrade::Unknown {
        return false;
    }
    if last.is_some_and(|last| last.end < at && is_alternative(names, last.end, at)) {
        return names.ends(names.end(at)) || names.grade(at) == NameGrade::Clear;
    }
    let end = names.end(at);
    let is_first = at > 0 && names.has(at - 1) && names.reader.says_any(at - 1, &FIRST);
    if !is_first {
        return false;
    }
    let second = (end + 1..end + 5)
        .find(|next| names.grade(*next) >= NameGrade::Unknown || names.is_head(*next));
    let Some(second) = second.filter(|second| is_alternative(names, end, *second)) else {
        return false;
    };
    let is_clear = |at: usize| names.grade(at) == NameGrade::Clear;
    is_clear(at) || is_clear(second) || is_alike(names, at, second)
}

/// "Fraser not frazer": a word like the name before it.
pub(super) fn is_contrasted(names: &NameReader, last: &Range<usize>, at: usize) -> bool {
    let is_not = names.reader.says(at - 1, "not") && at <= last.end + 2;
    is_not && is_alike(names, last.end - 1, at)
}

// Two ways to write one name.
fn is_alike(names: &NameReader, first: usize, second: usize) -> bool {
    const ALIKE: usize = 3;
    let (first, second) = (names.reader.word(first), names.reader.word(second));
    let same = first.bytes().zip(second.bytes());
    let same = same.take_while(|(one, other)| one.eq_ignore_ascii_case(other));
    same.count() >= ALIKE && first.len().abs_diff(second.len()) <= 2
}

/// Whether nothing but "or", "or maybe under", "could be" stands between two places.
pub(super) fn is_alternative(names: &NameReader, from: usize, to: usize) -> bool {
    const JOINS: [&str; 9] = [
        "or", "maybe", "could", "might", "be", "under", "perhaps", "possibly", "else",
    ];
    let mut between = from..to;
    let is_join = |at: usize| {
        let token = names.reader.token(at);
        names.reader.says_any(at, &JOINS)
            || token.is_some_and(|token| token.is_mark(b',') || token.has(Class::FILLER))
    };
    let is_or = |at: usize| {
        names
            .reader
            .says_any(at, &["or", "could", "might", "maybe"])
    };
    from < to && between.clone().any(is_or) && between.all(is_join)
}

#[cfg(test)]
mod tests {
    use crate::detect::Detector::Name;
    use crate::detect::testing::check;

    #[test]
    fn one_of_two_names_tells_of_the_other() {
        for (text, first, second) in [
            (
                "might be ravindran or maybe raveendran",
                "ravindran",
                "raveendran",
            ),
            ("it's fraser not frazer", "fraser", "frazer"),
            ("try under reyes or de la cruz", "reyes", "de la cruz"),
        ] {
            check(text, &[(Name, first), (Name, second)]);
        }
        for text in [
            "it could be vodafone or maybe virgin",
            "it's marked not marketed",
            "could be covid could be flu",
        ] {
            check(text, &[]);
        }
    }
}
