//! What the words before a number say about it, and what a text leaves behind for the next one.

/// What stands before a text, as far as it matters.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Cues {
    region: [u8; 2],
}

impl Cues {
    /// What stands before the first text of a call. The region is the ISO 3166 alpha-2 code of
    /// the caller's number; phone numbers without a country code are read as of there.
    pub fn at_start(region: &str) -> Self {
        let mut letters = region.bytes().map(|letter| letter.to_ascii_uppercase());
        match (letters.next(), letters.next(), letters.next()) {
            (Some(first), Some(second), None) => Self {
                region: [first, second],
            },
            _ => Self { region: *b"US" },
        }
    }

    /// The caller's region.
    pub(super) fn region(&self) -> &str {
        std::str::from_utf8(&self.region).unwrap_or("US")
    }
}

/// What a number's place asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Nothing was said.
    Anywhere,
    /// A card's number.
    Card,
    /// A social security number.
    Ssn,
    /// A telephone number.
    Phone,
    /// An order, a tracking number and the like: nothing private.
    Reference,
}

const WORDS: &[(&str, Place)] = &[
    ("card", Place::Card),
    ("visa", Place::Card),
    ("amex", Place::Card),
    ("mastercard", Place::Card),
    ("credit", Place::Card),
    ("debit", Place::Card),
    ("cc", Place::Card),
    ("pan", Place::Card),
    ("discover", Place::Card),
    ("ssn", Place::Ssn),
    ("social", Place::Ssn),
    ("tax id", Place::Ssn),
    ("phone", Place::Phone),
    ("call", Place::Phone),
    ("tel", Place::Phone),
    ("cell", Place::Phone),
    ("text", Place::Phone),
    ("mobile", Place::Phone),
    ("fax", Place::Phone),
    ("whatsapp", Place::Phone),
    ("reach", Place::Phone),
    ("landline", Place::Phone),
    ("desk", Place::Phone),
    ("callback", Place::Phone),
    ("dial", Place::Phone),
    ("contact", Place::Phone),
    ("reached", Place::Phone),
    ("telephone", Place::Phone),
    ("answering", Place::Phone),
    ("registered", Place::Phone),
    ("order", Place::Reference),
    ("tracking", Place::Reference),
    ("reference", Place::Reference),
    ("transaction", Place::Reference),
    ("isbn", Place::Reference),
    ("upc", Place::Reference),
    ("part", Place::Reference),
    ("case", Place::Reference),
    ("time", Place::Reference),
    ("version", Place::Reference),
    ("build", Place::Reference),
    ("request", Place::Reference),
    ("invoice", Place::Reference),
    ("serial", Place::Reference),
    ("ticket", Place::Reference),
    ("account", Place::Reference),
    ("routing", Place::Reference),
    ("coordinates", Place::Reference),
    ("order_id", Place::Reference),
    ("population", Place::Reference),
    ("ean", Place::Reference),
    ("flight", Place::Reference),
    ("sku", Place::Reference),
    ("confirmation", Place::Reference),
];

/// What the nearest of the words before a number says.
pub(super) fn place_at(text: &str, at: usize) -> Place {
    const REACH: usize = 48;
    let from = (at.saturating_sub(REACH)..=at)
        .find(|&from| text.is_char_boundary(from))
        .unwrap_or(at);
    let before = text.get(from..at).unwrap_or("").to_ascii_lowercase();
    before
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .rev()
        .find_map(|word| {
            WORDS
                .iter()
                .find(|(cue, _)| *cue == word)
                .map(|(_, place)| *place)
        })
        .unwrap_or(Place::Anywhere)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_decides() {
        let text = "the card for my order number 1";
        assert_eq!(place_at(text, text.len() - 1), Place::Reference);
        assert_eq!(place_at("my social is 1", 13), Place::Ssn);
        assert_eq!(place_at("I have 1", 7), Place::Anywhere);
    }
}
