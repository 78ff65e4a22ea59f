//! Keys as words, and what is known of them.

use std::collections::HashMap;
use std::sync::LazyLock;

use foldhash::fast::FixedState;

use crate::detect::english::{self, Class, LOOKED_UP, RECORD_KEYS, RecordKey};
use crate::detect::read::Lexicon;

/// No key is longer.
const LONGEST: usize = 40;

// Not handed in: it is a table of constants, the same for every text.
static KEYS: LazyLock<HashMap<&'static str, RecordKey, FixedState>> = LazyLock::new(|| {
    english::phrases(RECORD_KEYS)
        .map(|(kind, key)| (key, kind))
        .collect()
});

/// A key as small words: `callerName`, `caller_name` and `Caller name` are the same.
pub(super) fn words_of(key: &str) -> String {
    let mut words = String::with_capacity(key.len() + 4);
    let mut last = ' ';
    for letter in key.trim().chars().take(LONGEST) {
        let is_sign = letter.is_alphanumeric();
        let begins = letter.is_uppercase() && last.is_lowercase()
            || letter.is_ascii_digit() && last.is_alphabetic()
            || letter.is_alphabetic() && last.is_ascii_digit();
        if (begins || !is_sign) && !words.is_empty() && !words.ends_with(' ') && letter != '\'' {
            words.push(' ');
        }
        if is_sign {
            words.extend(letter.to_lowercase());
        }
        last = letter;
    }
    words.truncate(words.trim_end().len());
    words
}

/// What is known of a key, in words: as it is, or without whose it is and how it is kept.
pub(super) fn kind_of(words: &str) -> Option<RecordKey> {
    const FEW: usize = 5;
    if words.is_empty() || words.len() > LONGEST + FEW || words.split(' ').count() > FEW {
        return None;
    }
    if let Some(kind) = KEYS.get(words) {
        return Some(*kind);
    }
    let is_whose = |head: &str| {
        let kind = KEYS.get(head);
        matches!(
            kind,
            Some(RecordKey::Owner | RecordKey::Person | RecordKey::User)
        )
    };
    let is_form = |tail: &str| KEYS.get(tail) == Some(&RecordKey::Form);
    let places = || words.match_indices(' ').map(|(at, _)| at);
    let behind = places().find_map(|at| {
        let (head, tail) = (words.get(..at)?, words.get(at + 1..)?);
        let is_own = is_whose(head);
        is_own
            .then(|| kind_of(tail))
            .flatten()
            .map(|kind| match kind {
                // "Customer name" is a person's.
                RecordKey::AnyName => RecordKey::Of(crate::detect::Detector::Name),
                kind => kind,
            })
    });
    let before = || {
        places().find_map(|at| {
            let (head, tail) = (words.get(..at)?, words.get(at + 1..)?);
            is_form(tail).then(|| KEYS.get(head).copied()).flatten()
        })
    };
    let case = || is_case(words).then_some(RecordKey::Case);
    behind.or_else(before).or_else(case)
}

// "Policy ref", "complaint id", "claim".
fn is_case(words: &str) -> bool {
    const MARKERS: [&str; 9] = [
        "id",
        "no",
        "number",
        "num",
        "nr",
        "ref",
        "reference",
        "code",
        "serial",
    ];
    let is_noun = |word: &str| {
        !LOOKED_UP.contains(&word) && Lexicon::get().entry(word).classes.contains(Class::CASE)
    };
    let mut back = words.rsplit(' ');
    let last = back.next().unwrap_or("");
    match MARKERS.contains(&last) {
        true => back.next().is_some_and(is_noun),
        false => is_noun(last),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::Detector;

    #[test]
    fn keys_are_words_however_they_are_written() {
        for key in [
            "callerFirstName",
            "caller_first_name",
            "Caller first-name",
            "CALLER FIRST NAME",
        ] {
            assert_eq!(words_of(key), "caller first name", "{key}");
        }
        assert_eq!(words_of("ssn_last4"), "ssn last 4");
        assert_eq!(words_of("DOB"), "dob");
    }

    #[test]
    fn a_key_of_a_case_has_its_noun_last_or_before_what_says_number() {
        let of = |key: &str| kind_of(&words_of(key));
        for key in ["complaintId", "policy_ref", "Patient Reference", "claim"] {
            assert_eq!(of(key), Some(RecordKey::Case), "{key}");
        }
        for key in ["policyStatus", "order_ref", "ticketId"] {
            assert_eq!(of(key), None, "{key}");
        }
        assert_eq!(of("modelNo"), None);
    }

    #[test]
    fn owners_and_forms_change_nothing() {
        let of = |key: &str| kind_of(&words_of(key));
        assert_eq!(
            of("billingAddressLine1"),
            Some(RecordKey::Of(Detector::Address))
        );
        assert_eq!(
            of("customer_phone_number"),
            Some(RecordKey::Of(Detector::Phone))
        );
        assert_eq!(of("email_value"), Some(RecordKey::Of(Detector::Email)));
        assert_eq!(of("customer.name"), Some(RecordKey::Of(Detector::Name)));
        assert_eq!(of("product_name"), None);
        assert_eq!(of("phone_model"), None);
    }
}
