//! What kind of value a number is: all that speaks for a kind is weighed, and the strongest wins.
//!
//! It looks at one number and its place, never at the numbers around it.

mod form;
mod words;

use super::phone;
use super::place::NumberPlace;
use crate::detect::Detector;
use crate::detect::read::Run;

/// A number as the judge sees it.
pub(crate) struct NumberCase<'a> {
    /// The number.
    pub(crate) run: &'a Run,
    /// What governs it.
    pub(crate) place: NumberPlace,
    /// As it is written, with an opening plus or bracket.
    pub(crate) written: &'a str,
    /// Whether letters touch it, as in a code.
    pub(crate) is_glued: bool,
    /// Whether a time or a count was asked for.
    pub(crate) is_time: bool,
    /// Whether nothing touches it but what stands around a value.
    pub(crate) is_apart: bool,
    /// Whether it stands by itself between two marks.
    pub(crate) is_clause: bool,
    /// Whether the sign follows that ends what is keyed in.
    pub(crate) is_keyed: bool,
    /// Whether a unit, a currency or a per cent sign stands beside it.
    pub(crate) is_counted: bool,
    /// Whether a caller said nothing else.
    pub(crate) is_bare: bool,
    /// Whether it is JSON's value of a key that says to whom or from whom.
    pub(crate) is_addressed: bool,
    /// Whether a business says it as its own.
    pub(crate) is_of_business: bool,
    /// Whether it is of an affair or goods of one customer: an order, a parcel, a meter.
    pub(crate) is_issued: bool,
    /// The caller's region.
    pub(crate) region: &'a str,
}

/// What speaks for a kind, or for nothing private.
#[derive(Debug, Clone, Copy)]
struct Evidence {
    strength: Strength,
    verdict: Option<Detector>,
}

/// How strong a piece of evidence is, the weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    /// Most numbers of the kind have so many digits.
    Length,
    /// The kind was spoken of, and some words lie between.
    Mention,
    /// Behind its name stands what is no whole one: people stop, stumble and go on.
    Piece,
    /// It is grouped as the kind is: a dashed social security number.
    Groups,
    /// Its name stands beside it.
    Name,
    /// A sign that only one kind has: a plus before a country's code.
    Sign,
    /// Its check digit is right.
    Check,
}

impl NumberCase<'_> {
    /// The kind of value, or nothing where the number is not private.
    pub(crate) fn verdict(&self) -> Option<Detector> {
        if self.is_of_business {
            return None;
        }
        let addressed = (self.is_addressed && phone::is_american(&self.run.digits))
            .then_some(Evidence::new(Strength::Name, Detector::Phone));
        let all = [
            addressed,
            self.by_words(),
            self.by_check(),
            self.by_sign(),
            self.by_groups(),
            self.by_length(),
        ];
        let heaviest = all.into_iter().flatten().reduce(Evidence::heavier);
        heaviest.and_then(|evidence| evidence.verdict)
    }

    /// Whether nothing touches or counts it.
    pub(super) fn is_free(&self) -> bool {
        !self.is_glued && !self.is_counted
    }

    fn length(&self) -> usize {
        self.run.digits.len()
    }

    fn is_quantity(&self) -> bool {
        self.run.is_quantity || self.is_counted
    }
}

impl Evidence {
    fn new(strength: Strength, detector: Detector) -> Self {
        Self {
            strength,
            verdict: Some(detector),
        }
    }

    fn harmless(strength: Strength) -> Self {
        Self {
            strength,
            verdict: None,
        }
    }

    // Of two that are as strong the first.
    fn heavier(self, other: Self) -> Self {
        if other.strength > self.strength {
            other
        } else {
            self
        }
    }
}
