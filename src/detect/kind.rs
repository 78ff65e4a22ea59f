//! The kinds of private values, and sets of them.

/// One kind of private value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Detector {
    /// A payment card's number.
    Card,
    /// The three or four digits that secure a card.
    Cvv,
    /// A PIN, passcode or one-time code.
    Pin,
    /// A US social security number.
    Ssn,
    /// A telephone number.
    Phone,
    /// An e-mail address.
    Email,
    /// An international bank account number.
    Iban,
    /// A bank account or routing number.
    Account,
    /// An IP address.
    Ip,
    /// A web address.
    Url,
    /// A date of birth.
    Birthdate,
    /// A postal code.
    Zip,
    /// A passport, licence, insurance, member or patient number.
    Id,
    /// A postal address.
    Address,
    /// A person's name.
    Name,
    /// An API key, token or password.
    Secret,
}

impl Detector {
    /// All detectors that are built, in the order of their documentation.
    pub const ALL: &'static [Self] = &[
        Self::Card,
        Self::Cvv,
        Self::Pin,
        Self::Ssn,
        Self::Phone,
        Self::Email,
        Self::Iban,
        Self::Account,
        Self::Ip,
        Self::Url,
        Self::Birthdate,
        Self::Zip,
        Self::Id,
        Self::Address,
        Self::Name,
        Self::Secret,
    ];

    /// The detector of a name as rule files write it.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|detector| detector.name() == name)
    }

    /// The name as rule files write it.
    pub fn name(self) -> &'static str {
        self.names().0
    }

    /// The label of its placeholders.
    pub fn label(self) -> &'static str {
        self.names().1
    }

    /// The type that `aside redact --json` prints.
    pub fn reported_type(self) -> &'static str {
        self.names().2
    }

    /// Whether the caller may hear the value again.
    pub fn is_restored(self) -> bool {
        !matches!(self, Self::Cvv | Self::Pin | Self::Secret)
    }

    fn names(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Card => ("card", "CARD", "CREDIT_CARD"),
            Self::Cvv => ("cvv", "CVV", "PIN"),
            Self::Pin => ("pin", "PIN", "PIN"),
            Self::Ssn => ("ssn", "SSN", "SSN"),
            Self::Phone => ("phone", "PHONE", "PHONE"),
            Self::Email => ("email", "EMAIL", "EMAIL"),
            Self::Iban => ("iban", "IBAN", "IBAN"),
            Self::Account => ("account", "ACCOUNT", "ACCOUNT"),
            Self::Ip => ("ip", "IP", "IP"),
            Self::Url => ("url", "URL", "URL"),
            Self::Birthdate => ("birthdate", "BIRTHDATE", "DATE_OF_BIRTH"),
            Self::Zip => ("zip", "ZIP", "ZIP"),
            Self::Id => ("id", "ID", "ID"),
            Self::Address => ("address", "ADDRESS", "ADDRESS"),
            Self::Name => ("name", "NAME", "PERSON"),
            Self::Secret => ("secret", "SECRET", "SECRET"),
        }
    }
}

/// A set of detectors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Detectors(u32);

impl Detectors {
    /// Adds a detector.
    pub fn insert(&mut self, detector: Detector) {
        self.0 |= 1 << detector as u32;
    }

    /// Whether the detector is in the set.
    pub fn contains(self, detector: Detector) -> bool {
        self.0 & (1 << detector as u32) != 0
    }

    /// Whether the set has no detector.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl FromIterator<Detector> for Detectors {
    fn from_iter<I: IntoIterator<Item = Detector>>(detectors: I) -> Self {
        let mut set = Self::default();
        for detector in detectors {
            set.insert(detector);
        }
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_their_detector() {
        for &detector in Detector::ALL {
            assert_eq!(Detector::from_name(detector.name()), Some(detector));
            assert_eq!(detector.label(), detector.name().to_uppercase());
        }
    }

    #[test]
    fn a_set_holds_what_was_put_in() {
        let set: Detectors = [Detector::Card, Detector::Ip].into_iter().collect();
        assert!(set.contains(Detector::Card) && set.contains(Detector::Ip));
        assert!(!set.contains(Detector::Email));
        assert!(!set.is_empty() && Detectors::default().is_empty());
    }
}
