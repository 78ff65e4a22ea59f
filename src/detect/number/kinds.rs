//! The kinds of numbers, a row each: how long one is, how it is dictated, and when a part of one
//! is told.
//!
//! What else tells a kind, as a card's check digit, is in its own file.

use std::ops::RangeInclusive;

use crate::detect::Detector;
use crate::detect::english::Topic;

/// The kinds of numbers that have no letters and no other form.
pub(crate) const NUMBERS_ONLY: [Detector; 6] = [
    Detector::Card,
    Detector::Cvv,
    Detector::Pin,
    Detector::Ssn,
    Detector::Phone,
    Detector::Account,
];

/// What is known of a kind of number.
#[derive(Debug)]
pub(crate) struct NumberKind {
    /// What speaks of one.
    pub(crate) topic: Topic,
    /// What finds one.
    pub(crate) detector: Detector,
    /// How many digits, or letters and digits, a whole one has.
    whole: &'static [RangeInclusive<usize>],
    /// The fewest that are one, or its beginning, where they are tied to its words.
    pub(crate) fewest: usize,
    /// What is longer is something else, even in its place.
    pub(crate) most: usize,
    /// So many end a dictation.
    pub(crate) full: usize,
    /// Fewer than so many are only a first part; none where it is not dictated in parts.
    pub(crate) in_parts: usize,
    /// Whether it is a short code: it may be named right behind it without "is".
    pub(crate) is_short: bool,
    /// Whether most have exactly as many digits as end a dictation.
    pub(crate) is_exact: bool,
    /// Whether it may have letters, so that it is read as a code.
    pub(crate) has_letters: bool,
    /// Whether a phrase without its number waits for one.
    pub(crate) is_awaited: bool,
}

// A number of no kind, and what a row leaves out.
const ROW: NumberKind = NumberKind {
    topic: Topic::Number,
    detector: Detector::Account,
    whole: &[],
    fewest: 3,
    most: 40,
    full: 17,
    in_parts: 0,
    is_short: false,
    is_exact: false,
    has_letters: false,
    is_awaited: true,
};

/// All kinds.
pub(crate) const KINDS: &[NumberKind] = &[
    NumberKind {
        topic: Topic::Card,
        detector: Detector::Card,
        whole: &[12..=19],
        full: 15,
        has_letters: true,
        in_parts: usize::MAX,
        ..ROW
    },
    NumberKind {
        topic: Topic::Cvv,
        detector: Detector::Cvv,
        whole: &[3..=4],
        fewest: 2,
        most: 5,
        full: 3,
        is_short: true,
        is_exact: true,
        ..ROW
    },
    NumberKind {
        topic: Topic::Pin,
        detector: Detector::Pin,
        whole: &[4..=8],
        most: 9,
        full: 4,
        in_parts: 4,
        is_short: true,
        is_exact: true,
        has_letters: true,
        ..ROW
    },
    NumberKind {
        topic: Topic::Ssn,
        detector: Detector::Ssn,
        whole: &[9..=9],
        fewest: 2,
        most: 12,
        full: 9,
        in_parts: usize::MAX,
        is_exact: true,
        ..ROW
    },
    NumberKind {
        topic: Topic::Phone,
        detector: Detector::Phone,
        whole: &[7..=15],
        most: 15,
        full: 10,
        in_parts: usize::MAX,
        ..ROW
    },
    NumberKind {
        topic: Topic::Account,
        detector: Detector::Account,
        whole: &[6..=17],
        in_parts: 6,
        has_letters: true,
        ..ROW
    },
    NumberKind {
        topic: Topic::Birth,
        detector: Detector::Birthdate,
        whole: &[6..=8],
        fewest: 4,
        most: 11,
        full: 6,
        is_awaited: false,
        ..ROW
    },
    NumberKind {
        topic: Topic::Zip,
        detector: Detector::Zip,
        whole: &[5..=5, 9..=9],
        most: 11,
        full: 5,
        in_parts: 5,
        is_short: true,
        is_exact: true,
        has_letters: true,
        ..ROW
    },
    NumberKind {
        topic: Topic::PinCode,
        detector: Detector::Zip,
        whole: &[4..=4, 6..=6],
        most: 8,
        full: 6,
        in_parts: 4,
        is_short: true,
        is_exact: true,
        ..ROW
    },
    NumberKind {
        topic: Topic::Id,
        detector: Detector::Id,
        whole: &[5..=20],
        fewest: 4,
        in_parts: 6,
        is_awaited: false,
        has_letters: true,
        ..ROW
    },
    NumberKind {
        topic: Topic::Code,
        detector: Detector::Id,
        fewest: usize::MAX,
        most: 0,
        in_parts: 4,
        is_awaited: false,
        has_letters: true,
        ..ROW
    },
    NumberKind {
        topic: Topic::Iban,
        detector: Detector::Iban,
        whole: &[10..=usize::MAX],
        fewest: 6,
        full: 22,
        in_parts: 15,
        is_awaited: false,
        has_letters: true,
        ..ROW
    },
];

impl NumberKind {
    /// The kind that a topic speaks of.
    pub(crate) fn of(topic: Topic) -> Option<&'static Self> {
        KINDS.iter().find(|kind| kind.topic == topic)
    }

    /// How a number of a topic is dictated: one of no kind in one go.
    pub(crate) fn dictated(topic: Topic) -> &'static Self {
        Self::of(topic).unwrap_or(&ROW)
    }

    /// The kind that a detector finds.
    pub(crate) fn found_by(detector: Detector) -> Option<&'static Self> {
        KINDS.iter().find(|kind| kind.detector == detector)
    }

    /// Whether so many digits end a dictation of several parts: as many as most have.
    pub(crate) fn is_last_piece(&self, length: usize) -> bool {
        let more = usize::from(!self.is_exact);
        (self.full..=self.full + more).contains(&length)
    }

    /// Whether so many digits are a whole one where it was spoken of.
    pub(crate) fn is_whole(&self, length: usize) -> bool {
        self.whole.iter().any(|lengths| lengths.contains(&length))
    }
}

/// Whether so many digits are a whole number of a topic.
pub(crate) fn is_whole(topic: Topic, length: usize) -> bool {
    NumberKind::of(topic).is_some_and(|kind| kind.is_whole(length))
}
