//! What the words around a number say of its kind: its name, a mention, or that it is nobody's.

use super::super::kinds::{NumberKind, is_whole};
use super::super::place::Tie;
use super::{Evidence, NumberCase, Strength};
use crate::detect::Detector;
use crate::detect::english::Topic;
use crate::detect::read::DigitGroup;

impl NumberCase<'_> {
    /// What was spoken of: a kind, an order, or only a number.
    pub(super) fn by_words(&self) -> Option<Evidence> {
        const LONGEST_EXPIRY: usize = 8;
        // An order's number is nobody's secret; of a parcel or a meter one dictates more digits.
        const LONG: usize = 8;
        let is_dictated = self.run.is_spoken() && self.run.is_dictated() && !self.is_quantity();
        // "Double one four dash nine oh three three".
        let signs = [" dash ", " hyphen ", " slash "];
        let is_parted = signs.iter().any(|sign| self.written.contains(sign));
        let is_long = self.length() + usize::from(is_parted) >= LONG;
        match self.place.topic? {
            Topic::Reference if self.is_issued && is_dictated && is_long => {
                Some(Evidence::new(self.strength(true), Detector::Id))
            }
            Topic::Reference => Some(Evidence::harmless(self.strength(true))),
            Topic::Expiry if self.length() <= LONGEST_EXPIRY => {
                Some(Evidence::harmless(Strength::Check))
            }
            Topic::Number => self.piece_of_a_number(),
            topic => self.by_topic(topic),
        }
    }

    // The number is what was spoken of: by its length where it only stands near, and whatever its
    // length where it is tied to the words.
    fn by_topic(&self, topic: Topic) -> Option<Evidence> {
        const LONG: usize = 7;
        let kind = match topic {
            Topic::LastFour => NumberKind::of(Topic::Card),
            topic => NumberKind::of(topic),
        }?;
        // A tax number of the Philippines has twelve digits.
        let is_tax = kind.topic == Topic::Ssn && self.length() == 12;
        let is_whole = kind.is_whole(self.length()) || is_tax;
        let accepted = match self.place.tie {
            _ if self.is_quantity()
                && !(is_whole && self.length() >= LONG)
                && !self.is_australian(topic) =>
            {
                false
            }
            _ if self.place.is_ending => (2..=6).contains(&self.length()) || is_whole,
            // "Ending 4 4 1?", "no, it's 0 7 2, 3 1 8, …": no card begins so.
            _ if kind.topic == Topic::Card && self.is_no_card() => false,
            Tie::Answer => self.length() <= kind.most,
            Tie::Linked if self.is_first_piece(kind) => true,
            Tie::Linked => {
                let is_piece = (kind.fewest..=kind.most).contains(&self.length());
                is_whole || is_piece && !self.is_no_beginning(topic)
            }
            Tie::Near if topic == Topic::Birth && self.is_date() => true,
            // "My pin's the year i got married, nineteen eighty eight".
            Tie::Near if topic == Topic::Pin && self.is_clause => is_whole,
            Tie::Near => is_whole && (self.length() >= 5 || !self.may_be_a_year()),
        };
        // India's pin code is of a place and has six digits.
        let detector = match topic {
            Topic::PinCode if self.length() <= 5 => Detector::Pin,
            Topic::Ssn if self.is_of_employer() => Detector::Id,
            _ if is_tax => Detector::Id,
            _ => kind.detector,
        };
        accepted.then(|| Evidence::new(self.strength(is_whole), detector))
    }

    // "One two dash three four five six seven eight nine": two digits and seven, as a firm's number.
    fn is_of_employer(&self) -> bool {
        const PLACE: usize = 2;
        const LENGTH: usize = 9;
        if self.length() != LENGTH {
            return false;
        }
        let marks = [" dash ", " hyphen ", "-"];
        let halves = marks.iter().find_map(|mark| self.written.split_once(mark));
        let Some((state, rest)) = halves else {
            return false;
        };
        let is_one = !marks.iter().any(|mark| rest.contains(mark));
        let said = |group: &&DigitGroup| group.at < PLACE;
        let words = state
            .split([' ', ','])
            .filter(|word| !word.is_empty())
            .count();
        let groups = self.run.groups.iter();
        let before = groups.clone().take_while(said).count();
        let begins = groups.clone().any(|group| group.at == PLACE);
        is_one && begins && before == words
    }

    fn is_no_card(&self) -> bool {
        const LENGTHS: [usize; 2] = [10, 11];
        self.run.digits.starts_with('0') && LENGTHS.contains(&self.length())
    }

    // "My postcode is three thousand".
    fn is_australian(&self, topic: Topic) -> bool {
        const DIGITS: usize = 4;
        let is_said = self.run.is_spoken() && self.length() == DIGITS && !self.is_counted;
        topic == Topic::Zip && is_said && self.place.tie >= Tie::Linked
    }

    fn strength(&self, is_whole: bool) -> Strength {
        match self.place.tie {
            Tie::Near => Strength::Mention,
            _ if is_whole => Strength::Name,
            _ => Strength::Piece,
        }
    }

    // Only a few digits were said where a number was asked for: the first piece of a long one.
    fn piece_of_a_number(&self) -> Option<Evidence> {
        const MOST: usize = 6;
        if self.is_quantity() || self.is_glued || self.length() > MOST {
            return None;
        }
        let detector = match self.place.tie {
            Tie::Answer => self.piece_of_something(),
            // "My number is 4 1 5": the area code first.
            Tie::Linked => {
                let one_by_one = self.run.groups.iter().all(|group| group.length == 1);
                let service = self.run.digits.ends_with("11") || self.run.is_counting();
                (one_by_one && self.length() >= 3 && !service).then_some(Detector::Phone)
            }
            Tie::Near => None,
        };
        detector.map(|detector| Evidence::new(Strength::Piece, detector))
    }

    fn piece_of_something(&self) -> Option<Detector> {
        let begins_abroad =
            self.run.digits.starts_with('0') || self.written.starts_with(['+', 'p', 'P']);
        match self.length() {
            0..=2 => begins_abroad.then_some(Detector::Phone),
            3 => Some(Detector::Phone),
            4 if self.run.digits.starts_with(['3', '4', '5']) => Some(Detector::Card),
            _ => Some(Detector::Phone),
        }
    }

    // "Eleven four fifty eight": month, day and year.
    fn is_date(&self) -> bool {
        let part = |at: usize| {
            let group = self.run.groups.get(at)?;
            self.run
                .digits
                .get(group.at..group.at + group.length)?
                .parse::<u16>()
                .ok()
        };
        let is_small = |at: usize| part(at).is_some_and(|part| (1..=31).contains(&part));
        let year = self.run.groups.iter().skip(2).map(|group| group.length);
        let year: usize = year.sum();
        self.run.groups.len() <= 4 && is_small(0) && is_small(1) && matches!(year, 2 | 4)
    }

    // "My pin is four eight", and the rest in the next breath.
    fn is_first_piece(&self, kind: &NumberKind) -> bool {
        let one_by_one = self.run.groups.iter().all(|group| group.length <= 1);
        kind.is_short
            && self.run.is_spoken()
            && one_by_one
            && (2..=kind.most).contains(&self.length())
    }

    fn may_be_a_year(&self) -> bool {
        self.length() == 4
            && !self.is_keyed
            && (self.run.digits.starts_with("19") || self.run.digits.starts_with("20"))
    }

    // 911 and its like, and the short numbers that texts are sent to, are everybody's; "call me
    // at five thirty" says when, and "registration 2024" which.
    fn is_no_beginning(&self, topic: Topic) -> bool {
        let digits = self.run.digits.as_bytes();
        let service = digits.len() == 3 && digits.ends_with(b"11");
        let time = digits.len() <= 4 && self.run.groups.len() < digits.len()
            || digits.len() == 3 && digits.get(1) == Some(&b'0');
        match topic {
            Topic::Phone => {
                !is_whole(Topic::Phone, digits.len()) && (service || time || !self.run.is_spoken())
            }
            Topic::Zip => time && self.run.is_spoken() && !self.is_australian(topic),
            Topic::Id => self.may_be_a_year() && !self.run.is_spoken(),
            _ => false,
        }
    }
}
