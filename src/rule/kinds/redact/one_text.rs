//! Private values of one text alone, found as a rule with all detectors finds them in a call: also
//! those that stand at one place of the text under their name, and at others without it.
//!
//! It keeps nothing from one text to the next.

use std::ops::Range;

use super::known::KnownValues;
use super::memo::SearchContext;
use super::repeated::RepeatedValues;
use super::search::Search;
use crate::detect::{Cues, Detector, SharedNameFinder, Speaker};
use crate::rule::{Clock, Identity};

/// Finds the private values of texts that belong to no call.
#[derive(Debug)]
pub struct OneTextSearch {
    search: Search,
}

/// A private value of a text.
#[derive(Debug, Clone)]
pub struct OneTextValue {
    /// Its bytes.
    pub place: Range<usize>,
    /// What kind of value it is.
    pub detector: Detector,
    /// What tells it from other values of the text, however they are written.
    pub identity: Identity,
}

impl Default for OneTextSearch {
    fn default() -> OneTextSearch {
        let mut search = Search::new(&[]);
        for detector in Detector::ALL {
            search.add_detector(*detector);
        }
        OneTextSearch { search }
    }
}

impl OneTextSearch {
    /// Has something else than the table find names as well.
    pub fn with_names(mut self, finder: &SharedNameFinder) -> OneTextSearch {
        self.search.use_names(finder);
        self
    }

    /// The values of a text that a caller says, in order, none overlapping another. Lines that
    /// begin with `agent:` or `caller:` are said by those.
    pub fn find(&self, text: &str) -> Vec<OneTextValue> {
        let context = SearchContext {
            speaker: Speaker::Caller,
            before: &Cues::at_start("US"),
            known: &KnownValues::default(),
            repeated: &RepeatedValues::default(),
            clock: &Clock::default(),
        };
        let found = self.search.find_all(text, context);
        let values = found.hits.into_iter().filter_map(|hit| {
            let (label, _) = self.search.labels().at(hit.label);
            let mut detectors = Detector::ALL.iter();
            Some(OneTextValue {
                place: hit.start..hit.end,
                detector: *detectors.find(|detector| detector.label() == label)?,
                identity: hit.identity,
            })
        });
        values.collect()
    }
}
