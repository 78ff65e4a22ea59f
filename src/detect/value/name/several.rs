//! Several who are named together: "my mates Baz and Kez", "the kids are Otis and Juniper".
//!
//! Two must stand there, so that what they are or do is none.

use std::ops::Range;

use super::evidence::is_other;
use super::grade::NameGrade;
use super::reader::NameReader;
use crate::detect::english::Class;

/// The names that begin at a place where more than one of some people are named.
pub(super) fn several(names: &NameReader, at: usize) -> Vec<Range<usize>> {
    const MOST: usize = 8;
    let mut found = Vec::new();
    if !may_be(names, at) || !is_behind_people(names, at) {
        return found;
    }
    let (mut next, mut has_and) = (at, false);
    while found.len() < MOST && may_be(names, next) {
        found.push(next..next + 1);
        let end = next + 1;
        let is_comma = names.reader.is_mark(end, b',');
        let and = end + usize::from(is_comma);
        let is_and = names.reader.says(and, "and") || names.reader.is_mark(and, b'&');
        if !is_comma && !is_and {
            break;
        }
        has_and |= is_and;
        next = and + usize::from(is_and);
        if is_and && !may_be(names, next) {
            return Vec::new();
        }
    }
    match has_and && found.len() > 1 {
        true => found,
        false => Vec::new(),
    }
}

// "My mates", "the kids are", "our twins, ".
fn is_behind_people(names: &NameReader, at: usize) -> bool {
    const PEOPLE: [&str; 22] = [
        "mates",
        "kids",
        "children",
        "twins",
        "brothers",
        "sisters",
        "sons",
        "daughters",
        "friends",
        "parents",
        "grandparents",
        "grandkids",
        "grandchildren",
        "neighbours",
        "neighbors",
        "cousins",
        "flatmates",
        "housemates",
        "roommates",
        "lodgers",
        "boys",
        "girls",
    ];
    let reader = &names.reader;
    let is_between = |at: usize| {
        let is_mark = reader.is_mark(at, b',') || reader.is_mark(at, b':');
        is_mark || reader.says_any(at, &["are", "called", "named", "were"])
    };
    let before = (0..3).filter_map(|back| at.checked_sub(back + 1));
    let people = before
        .filter(|at| names.has(*at))
        .find(|at| !is_between(*at));
    people.is_some_and(|people| reader.says_any(people, &PEOPLE))
}

// A name, or a word that the table does not have and that is not what somebody is: "knackered".
fn may_be(names: &NameReader, at: usize) -> bool {
    const KINDS: [&str; 9] = [
        "ed", "ing", "ic", "ous", "ish", "able", "ful", "less", "ans",
    ];
    let grade = names.grade(at);
    if grade < NameGrade::Either || grade == NameGrade::Either && !names.sense(at).is_given() {
        return false;
    }
    let token = names.reader.token(at);
    let is_closed = token.is_none_or(|token| token.has(Class::POSSESSIVE) || token.len() < 3);
    let word = names.reader.word(at);
    let is_kind = || KINDS.iter().any(|end| word.ends_with(end));
    let is_kind = grade == NameGrade::Unknown && is_kind();
    !(is_closed || is_kind || is_other(names, at))
}

#[cfg(test)]
mod tests {
    use crate::detect::Detector::Name;
    use crate::detect::testing::check;

    #[test]
    fn people_who_are_named_together_are_names() {
        for (text, first, second) in [
            ("my mates baz and kez are coming too", "baz", "kez"),
            ("the kids are otis and hyacinth", "otis", "hyacinth"),
            (
                "our twins, Fiadh & Odhran, start in June",
                "Fiadh",
                "Odhran",
            ),
        ] {
            check(text, &[(Name, first), (Name, second)]);
        }
        for text in [
            "the kids are hungry and tired",
            "my parents are vegan and celiac",
            "my mates are knackered and hungover",
            "the kids are asleep",
            "my brothers and sisters are coming",
            "kids and adults are welcome",
        ] {
            check(text, &[]);
        }
    }
}
