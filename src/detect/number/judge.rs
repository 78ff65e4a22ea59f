//! What kind of value a number is, from its place, its length and its form.

use super::kinds::{NumberKind, is_whole};
use super::place::{NumberPlace, Tie};
use super::{card, phone, ssn};
use crate::detect::Detector;
use crate::detect::english::Topic;
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
    /// Whether a unit, a currency or a per cent sign stands beside it.
    pub(crate) is_counted: bool,
    /// Whether a caller said nothing else.
    pub(crate) is_bare: bool,
    /// Whether it is JSON's value of a key that says to whom or from whom.
    pub(crate) is_addressed: bool,
    /// The caller's region.
    pub(crate) region: &'a str,
}

impl NumberCase<'_> {
    /// The kind of value, or nothing where the number is not private.
    pub(crate) fn verdict(&self) -> Option<Detector> {
        if self.is_addressed && phone::is_american(&self.run.digits) {
            return Some(Detector::Phone);
        }
        match self.place.topic {
            None => self.by_form(),
            Some(Topic::Reference) => self.by_unmistakable_form(),
            Some(Topic::Expiry) if self.length() <= 8 => None,
            Some(Topic::Number) => self.by_unmistakable_form().or_else(|| self.as_number()),
            Some(topic) => self.as_topic(topic).or_else(|| self.by_form()),
        }
    }

    fn length(&self) -> usize {
        self.run.digits.len()
    }

    fn is_quantity(&self) -> bool {
        self.run.is_quantity || self.is_counted
    }

    // Lines and bare commas part the cells of a table as well.
    fn is_tabular(&self) -> bool {
        let mut pairs = self.written.as_bytes().windows(2);
        self.written.contains('\n') || pairs.any(|two| two[0] == b',' && two[1].is_ascii_digit())
    }

    // The number is what was spoken of: by its length where it only stands near, and whatever
    // its length where it is tied to the words, since people stop, stumble and go on.
    fn as_topic(&self, topic: Topic) -> Option<Detector> {
        let kind = match topic {
            Topic::LastFour => NumberKind::of(Topic::Card),
            topic => NumberKind::of(topic),
        }?;
        let fits = kind.is_whole(self.length());
        if let Some(other) = self.of_another_form(topic) {
            return Some(other);
        }
        let accepted = match self.place.tie {
            _ if self.is_quantity() && !(fits && self.length() >= 7) => false,
            _ if self.place.is_ending => (2..=6).contains(&self.length()) || fits,
            Tie::Answer => self.length() <= kind.most,
            Tie::Linked if self.is_first_piece(kind) => true,
            Tie::Linked => {
                fits || ((kind.fewest..=kind.most).contains(&self.length())
                    && !self.is_no_beginning(topic))
            }
            Tie::Near if topic == Topic::Birth && self.is_date() => true,
            Tie::Near => fits && (self.length() >= 5 || !self.may_be_a_year()),
        };
        // India's pin code is of a place and has six digits.
        let is_pin = topic == Topic::PinCode && self.length() <= 5;
        let detector = if is_pin { Detector::Pin } else { kind.detector };
        accepted.then_some(detector)
    }

    // With its country's code.
    fn is_international(&self) -> bool {
        let length = self.length();
        let dialed = ["00", "011"]
            .iter()
            .any(|code| self.run.digits.starts_with(code));
        self.written.starts_with('+') || (dialed && (11..=17).contains(&length))
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
        let year: usize = self
            .run
            .groups
            .iter()
            .skip(2)
            .map(|group| group.length)
            .sum();
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

    // A number that is written as only another kind is.
    fn of_another_form(&self, topic: Topic) -> Option<Detector> {
        let is_card = card::is_valid(&self.run.digits) && self.length() >= 14;
        if is_card && topic != Topic::Card && topic != Topic::Account {
            return Some(Detector::Card);
        }
        if self.length() >= 13
            && !matches!(
                topic,
                Topic::Card | Topic::Account | Topic::Iban | Topic::Id
            )
            && !(topic == Topic::Phone
                && (self.is_international() || is_whole(Topic::Phone, self.length())))
        {
            return self.by_form();
        }
        if self.run.is_spoken() || self.is_glued {
            return None;
        }
        let shape = self.run.shape();
        let telephone = phone::is_its_form(self.written, &shape, self.region) && shape.len() > 2;
        match topic {
            Topic::Card | Topic::Pin | Topic::Cvv | Topic::Zip | Topic::Birth | Topic::Account
                if ssn::is_its_form(&shape) =>
            {
                Some(Detector::Ssn)
            }
            Topic::Card | Topic::Pin | Topic::Cvv | Topic::Ssn | Topic::Zip | Topic::Birth
                if telephone && !is_whole(Topic::Card, self.length()) =>
            {
                Some(Detector::Phone)
            }
            // "Customer's number: +61 …".
            Topic::Id if telephone && self.written.starts_with(['+', '(']) => Some(Detector::Phone),
            _ => None,
        }
    }

    fn by_unmistakable_form(&self) -> Option<Detector> {
        if self.is_glued || self.is_quantity() {
            return None;
        }
        let shape = self.run.shape();
        let opened = self.written.starts_with(['+', '(']);
        if opened && !self.run.is_spoken() && phone::is_its_form(self.written, &shape, self.region)
        {
            return Some(Detector::Phone);
        }
        (card::is_valid(&self.run.digits) && self.length() >= 15).then_some(Detector::Card)
    }

    fn by_form(&self) -> Option<Detector> {
        if self.is_glued || self.is_quantity() || self.run.is_counting() {
            return None;
        }
        if card::is_valid(&self.run.digits) {
            return Some(Detector::Card);
        }
        if self.is_tabular() && !self.is_bare {
            return None;
        }
        let shape = self.run.shape();
        if !self.run.is_spoken() {
            if ssn::is_its_form(&shape) {
                return Some(Detector::Ssn);
            }
            if phone::is_its_form(self.written, &shape, self.region) {
                return Some(Detector::Phone);
            }
            if card::is_its_form(&self.run.digits, &shape) {
                return Some(Detector::Card);
            }
            let is_whole = self.is_bare || self.run.is_dictated() || self.is_of_india(&shape);
            return (is_whole && self.length() >= 7).then(|| self.by_length());
        }
        (self.length() >= 7 || self.run.is_dictated()).then(|| self.by_length())
    }

    // "My number is …" says a number, and its length must say which.
    fn as_number(&self) -> Option<Detector> {
        if self.is_quantity() || self.is_glued {
            return None;
        }
        if self.place.tie == Tie::Answer && self.length() <= 6 {
            return self.piece_of_something();
        }
        if let Some(detector) = self.by_form() {
            return Some(detector);
        }
        let linked = self.place.tie >= Tie::Linked;
        // "My number is 4 1 5": the area code first.
        let one_by_one = self.run.groups.iter().all(|group| group.length == 1);
        if linked && one_by_one && (3..=6).contains(&self.length()) {
            let service = self.run.digits.ends_with("11") || self.run.is_counting();
            return (!service).then_some(Detector::Phone);
        }
        let known = phone::is_national_length(&self.run.digits)
            || self.length() >= 12
            || self.length() == 9;
        (linked && known).then(|| self.by_length())
    }

    // Only a few digits were said where a number was asked for: the first piece of a long one.
    fn piece_of_something(&self) -> Option<Detector> {
        let begins_abroad =
            self.run.digits.starts_with('0') || self.written.starts_with(['+', 'p', 'P']);
        match self.length() {
            0..=2 => begins_abroad.then_some(Detector::Phone),
            3 => Some(Detector::Phone),
            4 if !begins_abroad => Some(Detector::Card),
            4..=6 if begins_abroad => Some(Detector::Phone),
            4..=6 => Some(Detector::Account),
            _ => None,
        }
    }

    fn by_length(&self) -> Detector {
        match self.length() {
            _ if self.written.starts_with(['+', 'p', 'P'])
                && is_whole(Topic::Phone, self.length()) =>
            {
                Detector::Phone
            }
            _ if self.is_international() && !card::is_valid(&self.run.digits) => Detector::Phone,
            9 => Detector::Ssn,
            13..=19 => Detector::Card,
            _ if phone::is_national_length(&self.run.digits) => Detector::Phone,
            _ => Detector::Account,
        }
    }

    // "98113 40027": a mobile number as India writes it.
    fn is_of_india(&self, shape: &[usize]) -> bool {
        shape == [5, 5] && self.run.digits.starts_with(['6', '7', '8', '9']) && !self.is_tabular()
    }

    fn may_be_a_year(&self) -> bool {
        self.length() == 4
            && (self.run.digits.starts_with("19") || self.run.digits.starts_with("20"))
    }

    // 911 and its like, and the short numbers that texts are sent to, are everybody's; and "call
    // me at five thirty" says when.
    fn is_no_beginning(&self, topic: Topic) -> bool {
        let digits = self.run.digits.as_bytes();
        let service = digits.len() == 3 && digits.ends_with(b"11");
        let time = digits.len() <= 4 && self.run.groups.len() < digits.len()
            || digits.len() == 3 && digits.get(1) == Some(&b'0');
        match topic {
            Topic::Phone => {
                !is_whole(Topic::Phone, digits.len()) && (service || time || !self.run.is_spoken())
            }
            Topic::Zip => time && self.run.is_spoken(),
            _ => false,
        }
    }
}
