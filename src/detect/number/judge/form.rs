//! What the form of a number says of its kind: its check digit, a sign, its groups, its length.

use super::super::kinds::{NumberKind, is_whole};
use super::super::place::Tie;
use super::super::{card, identity, phone, ssn};
use super::{Evidence, NumberCase, Strength};
use crate::detect::Detector;
use crate::detect::english::Topic;

impl NumberCase<'_> {
    /// A card's issuer and check digit: one number in a hundred has both by chance, fewer where
    /// it is long. Or a national number's birth date and check digit.
    pub(super) fn by_check(&self) -> Option<Evidence> {
        const LONG: usize = 15;
        if self.is_formless() || self.is_counting() {
            return None;
        }
        if !card::is_valid(&self.run.digits) {
            let shape = self.run.shape();
            return match () {
                () if self.run.is_spoken() || self.is_cells() => None,
                () if identity::is_told(&self.run.digits, &shape) => {
                    Some(Evidence::new(Strength::Groups, Detector::Id))
                }
                () if identity::is_in_threes(&self.run.digits, &shape) => {
                    Some(Evidence::new(Strength::Length, Detector::Id))
                }
                () => None,
            };
        }
        let is_long = self.length() >= LONG;
        let strength = if is_long {
            Strength::Check
        } else {
            Strength::Groups
        };
        Some(Evidence::new(strength, Detector::Card))
    }

    /// A country's code or a bracket round the area code, where the rest is a telephone's.
    pub(super) fn by_sign(&self) -> Option<Evidence> {
        let opened = self.written.starts_with(['+', '(']);
        let is_telephone = opened
            && !self.is_formless()
            && !self.run.is_spoken()
            && phone::is_its_form(self.written, &self.run.shape(), self.region);
        is_telephone.then_some(Evidence::new(Strength::Sign, Detector::Phone))
    }

    /// The groups in which only one kind is written.
    pub(super) fn by_groups(&self) -> Option<Evidence> {
        if self.is_formless() || self.is_counting() || self.run.is_spoken() || self.is_cells() {
            return None;
        }
        let shape = self.run.shape();
        let detector = if ssn::is_its_form(&shape) {
            Detector::Ssn
        } else if phone::is_its_form(self.written, &shape, self.region) {
            Detector::Phone
        } else if card::is_its_form(&self.run.digits, &shape) {
            Detector::Card
        } else {
            return None;
        };
        Some(Evidence::new(Strength::Groups, detector))
    }

    /// The number of digits, where something tells that it is one private number: it is dictated,
    /// or long and said in one breath, or all that was said, or called a number.
    pub(super) fn by_length(&self) -> Option<Evidence> {
        const LONG: usize = 7;
        let is_long = self.length() >= LONG;
        // "When do you feed him?", "one, four, seven, ten".
        if self.is_formless() || self.is_time && !is_long {
            return None;
        }
        let is_told = if self.run.is_spoken() {
            is_long || self.run.is_dictated()
        } else {
            let is_whole = self.is_trunk_number()
                || self.is_bare
                || self.run.is_dictated()
                || self.is_of_india()
                || self.is_local();
            is_long && is_whole && !self.is_cells()
        };
        let is_named = self.is_called_a_number();
        let fits = is_told && !self.is_counting() || is_named;
        // "It's been thirty years, oh one two two five …": as long as a telephone's with its area.
        let is_telephone = self.run.is_dictated() && phone::is_american(&self.run.digits)
            || self.run.is_dictated() && self.has_trunk_zero();
        let is_another = self.is_of_named_kind();
        let strength = if is_telephone && self.run.is_spoken() && !is_another {
            Strength::Groups
        } else {
            Strength::Length
        };
        fits.then(|| Evidence::new(strength, self.kind_by_length()))
    }

    // "My NHS number, i've got it here, six eight seven …": a kind with so many digits was named.
    fn is_of_named_kind(&self) -> bool {
        let kind = self.place.topic.and_then(NumberKind::of);
        let is_named = self.place.cue.is_some() && !self.place.is_ending;
        is_named && kind.is_some_and(|kind| kind.is_whole(self.length()))
    }

    // "0874419208": no count begins with a zero, and nothing says what it is of.
    fn is_trunk_number(&self) -> bool {
        let is_one = self.run.groups.len() == 1 && matches!(self.length(), 10 | 11);
        let is_trunk = self.run.digits.starts_with('0') && !self.run.digits.starts_with("00");
        // "0123456789" is no number of anybody.
        let steps = self.run.digits.as_bytes().windows(2);
        let ups = steps.filter(|two| two[1] == two[0] + 1).count();
        let is_told = self.is_apart && ups + 3 < self.length();
        is_one && is_trunk && is_told && self.place.topic.is_none()
    }

    fn has_trunk_zero(&self) -> bool {
        self.length() == 11 && self.run.digits.starts_with("0")
    }

    fn kind_by_length(&self) -> Detector {
        match self.length() {
            _ if self.written.starts_with(['+', 'p', 'P'])
                && is_whole(Topic::Phone, self.length()) =>
            {
                Detector::Phone
            }
            _ if self.is_international() && !card::is_valid(&self.run.digits) => Detector::Phone,
            // "Oh two one, four oh eight, double seven three".
            9 if self.run.digits.starts_with('0')
                && self.run.is_spoken()
                && self.is_in_threes() =>
            {
                Detector::Phone
            }
            9..=12 if self.is_begun_in_fours() => Detector::Card,
            8 if self.is_in_fours() => Detector::Phone,
            9 => Detector::Ssn,
            13..=19 => Detector::Card,
            _ if phone::is_national_length(&self.run.digits) || self.is_trunk_number() => {
                Detector::Phone
            }
            _ => Detector::Account,
        }
    }

    // "My old number was 8123 4567": as Singapore and Hong Kong part a telephone's, and begin it:
    // "0900 1700" are hours, "2023 2024" years.
    fn is_in_fours(&self) -> bool {
        let groups = &self.run.groups;
        let is_half = groups.len() == 2 && groups.iter().all(|group| group.length == 4);
        is_half
            && !self.run.is_counting()
            && self.run.digits.starts_with(['2', '3', '5', '6', '8', '9'])
            && !groups_are_years(&self.run.digits)
            && self.place.topic == Some(Topic::Number)
    }

    // "4539 1102 77": a card's number that is not whole yet.
    fn is_begun_in_fours(&self) -> bool {
        let groups = &self.run.groups;
        groups.len() > 2
            && groups.iter().take(2).all(|group| group.length == 4)
            && self.run.digits.starts_with(['3', '4', '5', '6'])
    }

    // Whether commas part a number as no social security number is.
    fn is_in_threes(&self) -> bool {
        let parts = || self.written.split([',', '.']).map(str::split_whitespace);
        parts().count() == 3
    }

    // "My number is …" says a number, and its length must say which.
    fn is_called_a_number(&self) -> bool {
        let is_known = phone::is_national_length(&self.run.digits)
            || self.length() >= 12
            || self.length() == 9
            || self.is_in_fours();
        let is_linked = self.place.tie >= Tie::Linked;
        self.place.topic == Some(Topic::Number) && is_linked && is_known
    }

    // Its form says nothing: it is a part of a code, or counts something.
    fn is_formless(&self) -> bool {
        self.is_glued || self.is_quantity()
    }

    fn is_counting(&self) -> bool {
        self.run.is_counting()
    }

    // Lines, bars and bare commas part the cells of a table as well.
    fn is_cells(&self) -> bool {
        let mut pairs = self.written.as_bytes().windows(2);
        let bare =
            |two: &[u8]| two.first() == Some(&b',') && two.last().is_some_and(u8::is_ascii_digit);
        !self.is_bare && (self.written.contains(['\n', '|', '"']) || pairs.any(bare))
    }

    // With its country's code.
    fn is_international(&self) -> bool {
        let dialed = ["00", "011"]
            .iter()
            .any(|code| self.run.digits.starts_with(code));
        self.written.starts_with('+') || (dialed && (11..=17).contains(&self.length()))
    }

    // "555 0148": a number of North America without its area, and no count and year.
    fn is_local(&self) -> bool {
        let rest = self.run.digits.get(3..5);
        let is_year = matches!(rest, Some("19" | "20"));
        self.run.shape() == [3, 4] && !self.run.digits.starts_with(['0', '1']) && !is_year
    }

    // "98113 40027": a mobile number as India writes it.
    fn is_of_india(&self) -> bool {
        self.run.shape() == [5, 5] && self.run.digits.starts_with(['6', '7', '8', '9'])
    }
}

// Whether both fours of eight digits are years of this century.
fn groups_are_years(digits: &str) -> bool {
    digits.starts_with("20") && digits.get(4..).is_some_and(|half| half.starts_with("20"))
}
