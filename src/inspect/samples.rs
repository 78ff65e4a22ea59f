//! Made-up values in place of those that are hidden, so that a test can be run: the same one for
//! each placeholder, wherever it stands.

use std::collections::{BTreeMap, BTreeSet};

use crate::detect::Detector;
use crate::lang::sample::sample;
use crate::record::Line;
use crate::ruleset::Ruleset;

/// What is made up, by label.
#[derive(Debug, Default)]
pub(super) struct Samples {
    labels: BTreeSet<String>,
    /// The expressions of rules that hide what they match.
    patterns: BTreeMap<String, String>,
}

impl Samples {
    /// For the placeholders of a line; `ruleset`: the rules that gave them out.
    pub(super) fn of(line: &Line, ruleset: Option<&Ruleset>) -> Samples {
        // What was known may have values that stand nowhere in the talk.
        let of_detectors = Detector::ALL.iter().map(|it| it.label().to_owned());
        let labels = line.hidden.keys().chain(line.labels.keys()).cloned();
        let rules = ruleset.into_iter().flat_map(Ruleset::rules);
        let patterns = rules.filter(|rule| rule.hides()).flat_map(|rule| {
            let own = rule.does.patterns.iter();
            own.filter_map(|(field, source)| {
                let label = field.strip_prefix("patterns.")?;
                Some((label.to_owned(), source.clone()))
            })
        });
        Samples {
            labels: labels.chain(of_detectors).collect(),
            patterns: patterns.collect(),
        }
    }

    /// A text with made-up values for its placeholders, `[CARD_1]` and `‹CARD_1›`. Those that
    /// nothing finds by itself become a word, as `ORDER-1`.
    pub(super) fn filled_in(&self, text: &str) -> String {
        self.filled(text, &[('[', ']'), ('‹', '›')])
    }

    /// The same for what the caller heard alone, `‹CARD_1›`: other placeholders came as they are.
    pub(super) fn heard(&self, text: &str) -> String {
        self.filled(text, &[('‹', '›')])
    }

    fn filled(&self, text: &str, signs: &[(char, char)]) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find(|sign| signs.iter().any(|(open, _)| *open == sign)) {
            let (before, from) = rest.split_at(at);
            out.push_str(before);
            let found = signs.iter().find_map(|(open, close)| {
                let (name, behind) = from.strip_prefix(*open)?.split_once(*close)?;
                Some((self.value(name)?, behind))
            });
            match found {
                Some((value, behind)) => {
                    out.push_str(&value);
                    rest = behind;
                }
                None => {
                    let first = from.chars().next().map_or(0, char::len_utf8);
                    out.push_str(&from[..first]);
                    rest = &from[first..];
                }
            }
        }
        out + rest
    }

    /// The value that a placeholder's name stands for: `CARD_1`.
    fn value(&self, name: &str) -> Option<String> {
        let (label, number) = name.rsplit_once('_')?;
        let number = number.parse().ok().filter(|number| *number > 0)?;
        if !self.labels.contains(label) {
            return None;
        }
        let own = self.patterns.get(label);
        let own = own.and_then(|source| sample(source, number));
        Some(own.unwrap_or_else(|| made_up(label, number)))
    }

    /// A text without the escapes of what only looks like a placeholder.
    pub(super) fn unescaped(&self, text: &str) -> String {
        self.labels.iter().fold(text.to_owned(), |text, label| {
            text.replace(&format!("{label}_~"), &format!("{label}_"))
        })
    }
}

/// A made-up value of a label.
fn made_up(label: &str, number: usize) -> String {
    let detector = Detector::ALL.iter().find(|it| it.label() == label);
    let samples: &[&str] = match detector {
        Some(Detector::Card) => &[
            "4111 1111 1111 1111",
            "5555 5555 5555 4444",
            "6011 1111 1111 1117",
        ],
        Some(Detector::Cvv) => &["412", "905", "638"],
        Some(Detector::Pin) => &["4826", "9173", "6052"],
        Some(Detector::Ssn) => &["219-09-9999", "457-55-5462", "212-09-7694"],
        Some(Detector::Phone) => &["+1 415 555 2671", "+1 212 555 3490", "+1 312 555 7734"],
        Some(Detector::Email) => &["ann@example.com", "bob@example.org", "cleo@example.net"],
        Some(Detector::Iban) => &[
            "DE89 3704 0044 0532 0130 00",
            "GB29 NWBK 6016 1331 9268 19",
            "FR14 2004 1010 0505 0001 3M02 606",
        ],
        Some(Detector::Account) => &["000123456789", "000987654321", "000555666777"],
        Some(Detector::Ip) => &["203.0.113.7", "198.51.100.23", "192.0.2.44"],
        Some(Detector::Url) => &[
            "https://example.com/a",
            "https://example.org/b",
            "https://example.net/c",
        ],
        Some(Detector::Birthdate) => &["May 4, 1980", "June 5, 1971", "July 6, 1992"],
        Some(Detector::Zip) => &["94107", "10001", "60614"],
        Some(Detector::Id) => &["X1234567", "Y7654321", "Z2468135"],
        Some(Detector::Address) => &["12 Main Street", "34 Oak Avenue", "56 Pine Road"],
        Some(Detector::Name) => &["Ann Miller", "Bob Carter", "Cleo Turner"],
        Some(Detector::Secret) | None => &[],
    };
    match (samples.get(number - 1), detector) {
        (Some(sample), _) => (*sample).to_owned(),
        (None, Some(Detector::Card)) => card(number),
        (None, Some(Detector::Email)) => format!("ann{number}@example.com"),
        (None, Some(Detector::Phone)) => format!("+1 415 555 {}", 2600 + number % 99),
        (None, _) => format!("{label}-{number}"),
    }
}

/// A card's number that adds up, as one has.
fn card(number: usize) -> String {
    let first = format!("400000000000{:03}", number % 1000);
    let digits = first.bytes().rev().map(|digit| usize::from(digit - b'0'));
    let sum: usize = digits
        .enumerate()
        .map(|(at, digit)| match at % 2 {
            0 => digit * 2 / 10 + digit * 2 % 10,
            _ => digit,
        })
        .sum();
    let last = (10 - sum % 10) % 10;
    format!("4000 0000 0000 {:03}{last}", number % 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples() -> Samples {
        let labels = ["CARD", "ORDER", "NAME", "EMAIL", "REF"];
        Samples {
            labels: labels.map(str::to_owned).into(),
            patterns: [("REF".to_owned(), r"\bREF-\d{4}\b".to_owned())].into(),
        }
    }

    #[test]
    fn a_placeholder_becomes_the_same_value_wherever_it_stands() {
        let text = "[NAME_1]: [CARD_2], ‹CARD_2›, [[CARD_1], [ORDER_1], [OTHER_1], NAME_1 [";
        assert_eq!(
            samples().filled_in(text),
            "Ann Miller: 5555 5555 5555 4444, 5555 5555 5555 4444, [4111 1111 1111 1111, ORDER-1, [OTHER_1], NAME_1 ["
        );
        assert_eq!(
            samples().heard("‹CARD_1› [CARD_1]"),
            "4111 1111 1111 1111 [CARD_1]"
        );
    }

    #[test]
    fn there_are_as_many_values_as_placeholders_and_detectors_find_them() {
        let made: Vec<String> = (1..=12)
            .map(|number| samples().filled_in(&format!("[CARD_{number}]")))
            .collect();
        assert_eq!(made[3], "4000 0000 0000 0044");
        let many: BTreeSet<_> = made.iter().collect();
        assert_eq!(many.len(), made.len());
        assert_eq!(samples().filled_in("[EMAIL_10]"), "ann10@example.com");
        let regex = regex::Regex::new("^REF-[0-9]{4}$").expect("an expression");
        assert!(regex.is_match(&samples().filled_in("[REF_1]")));
    }
}
