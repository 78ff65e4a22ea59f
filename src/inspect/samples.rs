//! Made-up values in place of those that are hidden, so that a test can be run: the same one for
//! each placeholder, wherever it stands.

use crate::detect::Detector;

/// A text with made-up values for its placeholders, `[CARD_1]` and `‹CARD_1›`. Those that no
/// detector finds by itself become a word, as `ORDER-1`.
pub(super) fn filled_in(text: &str, labels: &[String]) -> String {
    let mut out = text.to_owned();
    for label in labels {
        for number in 1..=9 {
            let name = format!("{label}_{number}");
            if !out.contains(&name) {
                continue;
            }
            let sample = sample(label, number);
            out = out.replace(&format!("[{name}]"), &sample);
            out = out.replace(&format!("‹{name}›"), &sample);
        }
    }
    out
}

/// A made-up value of a label.
fn sample(label: &str, number: usize) -> String {
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
    match samples.get(number - 1) {
        Some(sample) => (*sample).to_owned(),
        None => format!("{label}-{number}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_placeholder_becomes_the_same_value_wherever_it_stands() {
        let labels = ["CARD".to_owned(), "ORDER".to_owned(), "NAME".to_owned()];
        assert_eq!(
            filled_in(
                "[NAME_1]: [CARD_2], ‹CARD_2›, [CARD_1], [ORDER_1], [OTHER_1], NAME_1",
                &labels
            ),
            "Ann Miller: 5555 5555 5555 4444, 5555 5555 5555 4444, 4111 1111 1111 1111, ORDER-1, [OTHER_1], NAME_1"
        );
    }
}
