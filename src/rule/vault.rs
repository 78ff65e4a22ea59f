//! The private values of one turn, and the placeholders that stand for them upstream.
//!
//! The vault is made anew for each turn and dies with it. Since the whole history comes each
//! time, the same values get the same numbers. Values that are never restored are not kept.

mod identity;
mod values;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::chat::{Message, json};
use crate::stream::placeholder::for_people;
pub use identity::{Identity, Seeds};
use values::KeptSpelling;
pub use values::{NumberedValues, Retention, ValuePlace, WithinMessage};

/// Values and placeholders of one turn.
#[derive(Clone, Default)]
pub struct Vault {
    /// One for each redact rule that ran; a label belongs to one of them.
    layers: Vec<VaultLayer>,
    /// Messages as they came, in which values stand that were found in an earlier turn.
    originals: Vec<Message>,
}

#[derive(Clone, Default)]
struct VaultLayer {
    /// What an earlier turn found in messages that came again, and the first of those messages
    /// among the originals.
    past: Option<(Arc<NumberedValues>, usize)>,
    own: NumberedValues,
}

impl Vault {
    /// Another redact rule begins.
    pub fn begin(&mut self) {
        self.layers.push(VaultLayer::default());
    }

    /// The rule that began takes up what it found in an earlier turn; the messages in which the
    /// values stand come by [`Vault::keep_original`], before anybody asks for a value.
    pub fn resume(&mut self, past: Arc<NumberedValues>) {
        let first = self.originals.len();
        if let Some(layer) = self.layers.last_mut() {
            layer.past = Some((past, first));
        }
    }

    /// Keeps a message as it came, until the turn ends.
    pub fn keep_original(&mut self, message: Message) {
        self.originals.push(message);
    }

    /// The number of a value, the same for every spelling of it, and whether it is new.
    pub fn number(
        &mut self,
        label: &str,
        identity: Identity,
        spelling: &str,
        retention: Retention,
    ) -> (u32, bool) {
        if self.layers.is_empty() {
            self.begin();
        }
        let at = self.layers.len() - 1;
        let layer = &mut self.layers[at];
        // One value may be hidden under two labels.
        if let Some(number) = layer
            .all()
            .find_map(|values| values.number(label, identity))
        {
            return (number, false);
        }
        let number = 1 + layer.count(label);
        let spelling =
            (retention == Retention::Value).then(|| KeptSpelling::Text(spelling.to_owned()));
        layer.own.add(label, number, identity, spelling);
        (number, true)
    }

    /// The value behind a placeholder, in its first spelling.
    pub fn value(&self, label: &str, number: u32) -> Option<Cow<'_, str>> {
        let (first, entry) = self.layers.iter().find_map(|layer| {
            let own = layer.own.entry(label, number).map(|entry| (0, entry));
            own.or_else(|| {
                let (past, first) = layer.past.as_ref()?;
                Some((*first, past.entry(label, number)?))
            })
        })?;
        match entry.spelling.as_ref()? {
            KeptSpelling::Text(text) => Some(Cow::Borrowed(text)),
            KeptSpelling::At(place) => {
                let original = self.originals.get(first + place.message)?;
                let text = match place.within {
                    WithinMessage::Text(at) => original.text_at(at),
                    WithinMessage::Mark(at) => original.mark_at(at),
                }?;
                let spelling = text.get(place.range.clone())?;
                Some(Cow::Owned(match place.is_json {
                    true => json::unescaped(spelling),
                    false => spelling.to_owned(),
                }))
            }
        }
    }

    /// As [`Vault::counts`], of the labels whose values may come back.
    pub fn kept(&self) -> Vec<(String, u32)> {
        let mut counts = self.counts();
        counts.retain(|(label, _)| self.value(label, 1).is_some());
        counts
    }

    /// The values that may come back, by placeholder.
    pub fn kept_values(&self) -> BTreeMap<String, String> {
        let mut values = BTreeMap::new();
        for (label, count) in self.kept() {
            for number in 1..=count {
                if let Some(value) = self.value(&label, number) {
                    values.insert(format!("{label}_{number}"), value.into_owned());
                }
            }
        }
        values
    }

    /// A vault for people who look at a turn: what may come back is `‹CARD_1›`, not the value.
    pub fn veiled(&self) -> Vault {
        let kept = self.kept();
        Vault::standing(kept.iter().map(|(label, count)| (label.as_str(), *count)))
    }

    /// A vault of so many values of each label, of which nothing is known: `‹CARD_1›` stands for the
    /// first card.
    pub fn standing<'l>(labels: impl IntoIterator<Item = (&'l str, u32)>) -> Vault {
        let (mut vault, seeds) = (Vault::default(), Seeds::default());
        for (label, count) in labels {
            for number in 1..=count {
                let text = for_people(label, number);
                vault.number(label, seeds.identity(&text), &text, Retention::Value);
            }
        }
        vault
    }

    /// Whether nothing was hidden.
    pub fn is_empty(&self) -> bool {
        self.layers
            .iter()
            .flat_map(VaultLayer::all)
            .all(NumberedValues::is_empty)
    }

    /// The labels with how many values each has, for people.
    pub fn counts(&self) -> Vec<(String, u32)> {
        let labels = self
            .layers
            .iter()
            .flat_map(VaultLayer::all)
            .flat_map(NumberedValues::counts);
        let mut counts = BTreeMap::new();
        for (label, count) in labels {
            let known = counts.entry(label.clone()).or_default();
            *known = (*count).max(*known);
        }
        counts.into_iter().collect()
    }
}

impl VaultLayer {
    fn all(&self) -> impl Iterator<Item = &NumberedValues> {
        let past = self.past.as_ref().map(|(past, _)| &**past);
        past.into_iter().chain([&self.own])
    }

    fn count(&self, label: &str) -> u32 {
        let counts = self.all().filter_map(|values| values.count(label));
        counts.max().unwrap_or(0)
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Vault").field(&self.counts()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_value_has_one_number_in_every_spelling() {
        let (mut vault, seeds) = (Vault::default(), Seeds::default());
        for (label, value, spelling, expected) in [
            ("CARD", "4111", "41 11", (1, true)),
            ("CARD", "4112", "4112", (2, true)),
            ("PHONE", "4111", "4111", (1, true)),
            ("CARD", "4111", "4-1-1-1", (1, false)),
        ] {
            let identity = seeds.identity(value);
            let numbered = vault.number(label, identity, spelling, Retention::Value);
            assert_eq!(numbered, expected, "{label} {value}");
        }
        assert_eq!(vault.value("CARD", 1).as_deref(), Some("41 11"));
        assert_eq!(vault.value("CARD", 3), None);
    }

    #[test]
    fn a_value_of_an_earlier_turn_is_read_where_it_stands() {
        let (mut vault, seeds) = (Vault::default(), Seeds::default());
        let place = ValuePlace {
            message: 0,
            within: WithinMessage::Text(0),
            range: 5..9,
            is_json: false,
        };
        let mut past = NumberedValues::default();
        past.add_at("NAME", 1, seeds.identity("Ä"), place, Retention::Value);
        vault.begin();
        vault.resume(Arc::new(past));
        vault.keep_original(Message::new("user", "I am \"Ä\"."));
        let numbered = vault.number("NAME", seeds.identity("O"), "O", Retention::Value);
        assert_eq!(numbered, (2, true));
        assert_eq!(vault.value("NAME", 1).as_deref(), Some("\"Ä\""));
    }

    #[test]
    fn a_veiled_vault_gives_back_no_value() {
        let (mut vault, seeds) = (Vault::default(), Seeds::default());
        vault.number("CARD", seeds.identity("4111"), "4111", Retention::Value);
        vault.begin();
        vault.number("CVV", seeds.identity("123"), "123", Retention::Nothing);
        let veiled = vault.veiled();
        assert_eq!(veiled.value("CARD", 1).as_deref(), Some("‹CARD_1›"));
        assert_eq!(
            (veiled.value("CARD", 2), veiled.value("CVV", 1)),
            (None, None)
        );
    }

    #[test]
    fn what_is_never_restored_is_not_kept() {
        let (mut vault, seeds) = (Vault::default(), Seeds::default());
        let numbered = vault.number("CVV", seeds.identity("123"), "123", Retention::Nothing);
        assert_eq!(numbered, (1, true));
        assert_eq!(vault.value("CVV", 1), None);
        assert!(!format!("{vault:?}").contains("123"));
    }
}
