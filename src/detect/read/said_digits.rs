//! Digits that were told, kept small, to know them where they are said again.
//!
//! What they are of, who keeps them knows.

/// The last digits of a number that was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) struct SaidDigits {
    // Four bits a digit, the last of them the lowest.
    packed: u64,
    count: u8,
}

/// So many digits are kept.
const MOST: usize = 16;

impl SaidDigits {
    /// Those of a number.
    pub(crate) fn of(digits: &str) -> Self {
        let kept = digits.len().min(MOST);
        let last = digits.bytes().skip(digits.len() - kept);
        Self {
            packed: last.fold(0, |all, digit| all << 4 | u64::from(digit & 0xf)),
            count: kept as u8,
        }
    }

    /// Whether digits are these said again, be it a part of them, or so few that they can only be a
    /// part that was misheard.
    pub(crate) fn are_said_by(self, digits: &str) -> bool {
        const FEW: usize = 6;
        let count = usize::from(self.count);
        if digits.len() > count {
            return false;
        }
        let again = Self::of(digits).packed;
        let mask = u64::MAX >> (64 - 4 * digits.len().max(1));
        let mut places = 0..=count - digits.len();
        digits.len() <= FEW || places.any(|back| self.packed >> (4 * back) & mask == again)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_told_is_known_again() {
        let told = SaidDigits::of("44829173");
        for again in ["44829173", "4482917", "8291", "829", "991"] {
            assert!(told.are_said_by(again), "{again}");
        }
        for other in ["44829174", "4155550132", "4482 9173 1"] {
            assert!(!told.are_said_by(other), "{other}");
        }
        let long = SaidDigits::of("99999994111111111111111");
        assert!(long.are_said_by("4111111111111111"));
        assert!(!SaidDigits::default().are_said_by("1"));
    }
}
