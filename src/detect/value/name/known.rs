//! Names that are no caller's: brands, what an assistant suggests, what one has some or a new one of,
//! and whoever is known to everyone in talk of films.
//!
//! Where a phrase says that somebody is called so, it is not asked.

use std::ops::Range;

use super::frame::{is_kin, is_titled};
use super::reader::NameReader;
use crate::detect::Speaker;
use crate::detect::english::{BRANDS, Class};
use crate::detect::hearing::Hearing;

/// Whether a name without a phrase is of something that everybody knows.
pub(super) fn is_known(hearing: &Hearing, names: &NameReader, name: &Range<usize>) -> bool {
    let at = name.start;
    // "For pete's sake".
    if names.reader.says(name.end, "sake") {
        return true;
    }
    // "My charles schwab account".
    if names.reader.says(name.end, "account") && is_brand(hearing, names, name) {
        return true;
    }
    // "Dr. Strangelove".
    let is_dot = at > 0 && names.reader.is_mark(at - 1, b'.');
    let Some(before) = at.checked_sub(1 + usize::from(is_dot)) else {
        return false;
    };
    let title = names.reader.token(before);
    let is_titled = title.is_some_and(|title| title.has(Class::TITLE))
        || is_kin(names, before)
        || is_titled(names, before);
    let first = if is_titled { before } else { at };
    let is_where = || first > 0 && names.reader.says(first - 1, "to");
    let is_going = hearing.themes.is_of_rides(at) || hearing.themes.is_of_money(at);
    let is_story = || hearing.themes.is_of_works(at) || is_suggested(hearing, names, first);
    is_titled && (is_story() || is_brand(hearing, names, name)) || is_going && is_where()
}

/// Whether a name that no phrase gives is a thing's.
pub(super) fn is_of_thing(hearing: &Hearing, names: &NameReader, name: &Range<usize>) -> bool {
    is_one_of_many(names, name.start)
        || is_owners_place(names, name)
        || is_brand(hearing, names, name)
        || is_suggested(hearing, names, name.start)
}

/// Whether words at or around a name are a brand.
pub(super) fn is_brand(hearing: &Hearing, names: &NameReader, name: &Range<usize>) -> bool {
    const BEFORE: usize = 3;
    // What an assistant says grows: what follows may still come.
    let end = match hearing.speaker {
        Speaker::Assistant => name.end,
        _ => names.reader.tokens.len(),
    };
    let covers = |from: usize, brand: &str| {
        let mut at = from;
        let fits = brand.split(' ').all(|word| {
            at += 1;
            at <= end && names.has(at - 1) && names.reader.says(at - 1, word)
        });
        fits && at > name.start
    };
    (name.start.saturating_sub(BEFORE)..name.end).any(|from| {
        let first = names.reader.word(from).to_ascii_lowercase();
        let begun = BRANDS.partition_point(|brand| *brand < first.as_str());
        let own = BRANDS.get(begun..).unwrap_or(&[]);
        let mut own = own.iter().take_while(|brand| brand.starts_with(&first));
        own.any(|brand| covers(from, brand))
    })
}

// "The latest …", "any …": whoever has some of it speaks of what somebody made.
fn is_one_of_many(names: &NameReader, at: usize) -> bool {
    const MANY: [&str; 10] = [
        "any", "some", "new", "latest", "another", "classic", "original", "vintage", "signed", "no",
    ];
    let before = at.checked_sub(1).filter(|before| names.has(*before));
    before.is_some_and(|before| {
        // "No, Dana": a sentence's own word.
        names.reader.says_any(before, &MANY) && !names.starts_sentence(before)
    })
}

// "At Luigi's", "Bea's of Bloomsbury", "a place called Gail's".
fn is_owners_place(names: &NameReader, name: &Range<usize>) -> bool {
    const NAMED: [&str; 3] = ["called", "named", "name"];
    const WHERE: [&str; 3] = ["at", "from", "to"];
    let last = name.end.saturating_sub(1);
    let is_owner = (names.reader.token(last)).is_some_and(|last| last.has(Class::POSSESSIVE));
    let before = name.start.checked_sub(1);
    let says = |words: &[&str]| before.is_some_and(|at| names.reader.says_any(at, words));
    // "The restaurant named Prince Albert": the name begins with another word.
    let named = (1..=2).filter_map(|back| name.start.checked_sub(back));
    let mut named = named.filter(|at| names.reader.says_any(*at, &NAMED));
    let is_named = named.any(|named| {
        (named.saturating_sub(3)..named).any(|at| {
            let token = names.reader.token(at).filter(|_| names.has(at));
            token.is_some_and(|token| token.has(Class::THING | Class::WORK))
        })
    });
    is_owner && (names.reader.says(name.end, "of") || says(&WHERE) && names.ends(name.end))
        || is_named
}

// "How about …", "maybe …?", "you could try …": an assistant offers no callers.
fn is_suggested(hearing: &Hearing, names: &NameReader, at: usize) -> bool {
    const REACH: usize = 12;
    const SUGGESTS: [&[&str]; 12] = [
        &["how", "about"],
        &["what", "about"],
        &["maybe"],
        &["you", "could", "try"],
        &["you", "could", "watch"],
        &["you", "like"],
        &["you", "enjoy"],
        &["you'll", "love"],
        &["you'll", "like"],
        &["you'll", "enjoy"],
        &["you", "might"],
        &["there's"],
    ];
    if hearing.speaker != Speaker::Assistant {
        return false;
    }
    let begins = |from: usize| {
        SUGGESTS.iter().any(|words| {
            let mut words = words.iter().enumerate();
            words.all(|(step, word)| names.has(from + step) && names.reader.says(from + step, word))
        })
    };
    (at.saturating_sub(REACH)..at)
        .rev()
        .take_while(|from| names.has(*from) && !names.reader.ends_sentence(*from))
        .any(begins)
}

#[cfg(test)]
mod tests {
    use crate::detect::Detector;
    use crate::detect::english::BRANDS;
    use crate::detect::testing::{check, check_one};

    #[test]
    fn brands_are_in_order_and_of_several_words() {
        assert!(BRANDS.is_sorted());
        assert!(BRANDS.iter().all(|brand| brand.contains(' ')));
    }

    #[test]
    fn what_everybody_knows_is_no_caller() {
        for text in [
            "is the iphone sixteen pro max in stock",
            "any tom dick or harry can ring",
            "my charles schwab account",
            "for pete's sake answer me",
            "i drive a lotus elise",
            "the franklin branch is closed",
            "we were in the nick of time",
            "i'm using claude for it",
            "a biography of henry the eighth",
            "a mango lassi and one tom yum please",
            "do you have any ben and jerry's",
            "do you stock dr martens",
            "have you got the latest Ines Keane in paperback",
            "i'm looking for a restaurant named Gail's",
            "i want dinner at Luigi's",
            "agent: how about Gloria Bell or Auntie Mame?",
        ] {
            check(text, &[]);
        }
    }

    #[test]
    fn whoever_is_called_like_a_brand_is_found() {
        for (text, name) in [
            ("my name is Jack Daniels", "Jack Daniels"),
            ("a booking for Sarah Jones at Luigi's", "Sarah Jones"),
            ("no, Gloria Keane", "Gloria Keane"),
            ("i'm calling about Sarah's account", "Sarah"),
        ] {
            check_one(Detector::Name, text, name);
        }
    }

    #[test]
    fn the_assistants_own_name_is_no_callers() {
        check(
            "agent: hi, I'm Deepika, how can I help?\ncaller: hi Deepika, my name is Deepika Rao",
            &[(Detector::Name, "Deepika Rao")],
        );
    }
}
