//! The cells of records with their keys, and what each cell is by them.

use std::ops::Range;

use super::key::{kind_of, words_of};
use super::shape;
use crate::detect::Detector;
use crate::detect::english::RecordKey;

/// A value under a key.
#[derive(Debug)]
pub(crate) struct RecordCell {
    /// What is known of its key.
    pub(crate) key: Option<RecordKey>,
    /// What is known of the key around it.
    pub(crate) around: Option<RecordKey>,
    /// Its bytes, without quotes.
    pub(crate) place: Range<usize>,
    /// Which record it is in.
    pub(crate) record: usize,
    /// Whether it stands in a line of a text that may as well be prose.
    pub(crate) is_line: bool,
}

/// The cells of a text.
#[derive(Debug, Default)]
pub(crate) struct RecordCells {
    cells: Vec<RecordCell>,
    records: usize,
}

/// What is known of a whole record.
#[derive(Debug, Clone, Copy, Default)]
struct RecordNature {
    is_of_person: bool,
    is_of_people: bool,
    is_of_thing: bool,
    has_street: bool,
    has_area: bool,
    /// What the cell with a key's name says of the cell with its value.
    named: Option<RecordKey>,
}

impl RecordCells {
    /// Begins another record.
    pub(super) fn record(&mut self) -> usize {
        self.records += 1;
        self.records - 1
    }

    /// Adds a cell.
    pub(super) fn add(&mut self, cell: RecordCell) {
        if !cell.place.is_empty() {
            self.cells.push(cell);
        }
    }

    /// The names of things: no person's, whatever stands before them.
    pub(super) fn names_of_things(&self, text: &str) -> Vec<Range<usize>> {
        let natures = self.natures(text);
        let is_thing = |cell: &&RecordCell| {
            let nature = natures.get(cell.record).copied().unwrap_or_default();
            cell.key == Some(RecordKey::AnyName) && nature.is_of_thing && !nature.is_of_person
        };
        let places = self.cells.iter().filter(is_thing);
        places.map(|cell| cell.place.clone()).collect()
    }

    /// Leaves out the codes of cases: what a tool tells of a claim is for the one who asked it.
    pub(super) fn without_cases(mut self) -> Self {
        self.cells.retain(|cell| cell.key != Some(RecordKey::Case));
        self
    }

    /// What is private of the cells, in order.
    pub(super) fn values(self, text: &str) -> Vec<(Range<usize>, Detector)> {
        let natures = self.natures(text);
        let mut values: Vec<(Range<usize>, Detector)> = Vec::new();
        for cell in &self.cells {
            let nature = natures.get(cell.record).copied().unwrap_or_default();
            let place = trimmed(text, cell.place.clone());
            let value = text.get(place.clone()).unwrap_or("");
            if let Some(detector) = kind(cell, nature, value) {
                values.push((place, detector));
            }
        }
        values.sort_by_key(|(place, _)| place.start);
        values
    }

    fn natures(&self, text: &str) -> Vec<RecordNature> {
        let mut natures = vec![RecordNature::default(); self.records];
        for cell in &self.cells {
            let Some(nature) = natures.get_mut(cell.record) else {
                continue;
            };
            let is_person_around = matches!(
                cell.around,
                Some(around) if is_whose(around) || around == RecordKey::Of(Detector::Name)
            );
            nature.is_of_person |= is_person_around;
            match cell.key {
                Some(RecordKey::Of(kind)) => {
                    nature.has_street |= kind == Detector::Address;
                    nature.is_of_person |= !matches!(
                        kind,
                        Detector::Address | Detector::Secret | Detector::Ip | Detector::Zip
                    );
                }
                Some(RecordKey::OfPeople) => nature.is_of_people = true,
                Some(RecordKey::Thing) => nature.is_of_thing = true,
                Some(RecordKey::KeyName | RecordKey::AnyName) if nature.named.is_none() => {
                    let name = text.get(cell.place.clone()).unwrap_or("");
                    nature.named = kind_of(&words_of(name));
                }
                Some(RecordKey::Area) => nature.has_area |= cell.is_short(text),
                _ => {}
            }
        }
        natures
    }
}

impl RecordCell {
    // A few digits, and nothing else.
    fn is_short(&self, text: &str) -> bool {
        let value = text.get(self.place.clone()).unwrap_or("");
        (2..=5).contains(&value.len()) && value.bytes().all(|c| c.is_ascii_digit())
    }
}

fn is_whose(key: RecordKey) -> bool {
    matches!(key, RecordKey::Person | RecordKey::User | RecordKey::Owner)
}

fn kind(cell: &RecordCell, nature: RecordNature, value: &str) -> Option<Detector> {
    if shape::is_no_value(value) {
        return None;
    }
    let whole = |kind: Detector| shape::fits(kind, value, cell.is_line).then_some(kind);
    let part = |kind: Detector| shape::is_part(kind, value).then_some(kind);
    match (cell.key, cell.around) {
        (
            Some(RecordKey::PartOf | RecordKey::Place | RecordKey::Area),
            Some(RecordKey::Of(kind)),
        ) => part(kind),
        (Some(RecordKey::Of(kind)), Some(RecordKey::Of(around)))
            if kind == around || around == Detector::Address =>
        {
            whole(kind).or_else(|| part(kind))
        }
        (Some(RecordKey::Of(kind)), _) => {
            let is_split = nature.has_area && kind == Detector::Phone;
            whole(kind).or_else(|| part(kind).filter(|_| is_split))
        }
        (Some(RecordKey::Person), _) => shape::person(value, cell.is_line),
        (Some(RecordKey::AnyName), _)
            if (nature.is_of_person || nature.is_of_people) && !nature.is_of_thing =>
        {
            whole(Detector::Name)
        }
        (Some(RecordKey::User), _) => shape::user(value, cell.is_line),
        (Some(RecordKey::AnyName), Some(around)) if is_whose(around) => whole(Detector::Name),
        (Some(RecordKey::Party), _) if !cell.is_line && shape::is_coded_account(value) => {
            Some(Detector::Account)
        }
        (Some(RecordKey::Place), _) if nature.has_street => part(Detector::Address),
        (Some(RecordKey::PartOf | RecordKey::Area), _) if nature.has_area => {
            part(Detector::Phone).filter(|_| value.len() >= 3)
        }
        (Some(RecordKey::Form), Some(RecordKey::Of(kind))) => whole(kind).or_else(|| part(kind)),
        (Some(RecordKey::PartOf), None) => match nature.named? {
            // {"prompt":"enter_pin","digits":"4471"}
            RecordKey::Of(kind) => whole(kind),
            _ => None,
        },
        (Some(RecordKey::KeyValue | RecordKey::Form), _) => match nature.named? {
            RecordKey::Of(kind) => whole(kind),
            RecordKey::Person | RecordKey::User => shape::person(value, cell.is_line),
            _ => None,
        },
        (Some(RecordKey::Case), _) => {
            (!cell.is_line && shape::is_code(value)).then_some(Detector::Id)
        }
        // What else is told of a person is no name: a title, a seat, a state.
        (None, Some(RecordKey::Of(kind))) if kind != Detector::Name => {
            whole(kind).filter(|_| is_long_enough(kind, value))
        }
        (Some(RecordKey::UserName), _) => shape::is_user_name(value).then_some(Detector::Id),
        _ => None,
    }
}

// Under a key that says nothing of it, in the object of a card or an account: a number as long as
// theirs, and no year, amount or time.
fn is_long_enough(kind: Detector, value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    match kind {
        Detector::Card => digits >= 12,
        Detector::Account => digits >= 6,
        _ => true,
    }
}

// Without blanks and marks around it.
fn trimmed(text: &str, place: Range<usize>) -> Range<usize> {
    let own = text.get(place.clone()).unwrap_or("");
    let is_around = |c: char| c.is_whitespace() || "\"'`,*".contains(c);
    let start = place.start + (own.len() - own.trim_start_matches(is_around).len());
    let length = own
        .trim_matches(is_around)
        .trim_end_matches(['.', ';'])
        .len();
    start..start + length
}
