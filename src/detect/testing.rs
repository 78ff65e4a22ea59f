//! What the detectors' tests share: one text of a caller, and what is found in it.

use std::ops::Range;

use super::{Cues, Detector, Scanned, Speaker, scan};

/// Scans a text as the first of a call.
pub(crate) fn scanned(text: &str) -> Scanned {
    let all = Detector::ALL.iter().copied().collect();
    scan(text, Speaker::Caller, &Cues::at_start("US"), all)
}

/// Checks what is found in a text, in order.
pub(crate) fn check(text: &str, expected: &[(Detector, &str)]) {
    let scan = scanned(text);
    let found: Vec<_> = scan
        .findings
        .iter()
        .map(|found| (found.detector, &text[found.start..found.end]))
        .collect();
    assert_eq!(found, expected, "{text}");
}

/// Checks that the only value in a text is of this kind.
pub(crate) fn check_one(detector: Detector, text: &str, value: &str) {
    check(text, &[(detector, value)]);
}

/// Checks what is found in a text by its form.
pub(crate) fn check_written(written: fn(&str) -> Vec<Range<usize>>, text: &str, expected: &[&str]) {
    let found: Vec<_> = written(text)
        .into_iter()
        .map(|range| &text[range])
        .collect();
    assert_eq!(found, expected, "{text}");
}
